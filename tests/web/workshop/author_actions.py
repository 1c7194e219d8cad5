"""What authors do in the workshop, by its forms or by the services under them."""

from __future__ import annotations

from flask import Flask

from lms.learning.accounts.account import Account
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.workshop.published_revisions import find_published_revision_numbers
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_latest
from lms.web import clock
from tests.web.checking_client import CheckingClient
from tests.web.signed_in_clients import csrf_token, engine_of

NEW_LESSON = [f"01-bai-mot/{name}.md" for name in ("hieu", "lam", "dung")]


def post(client: CheckingClient, address: str, **form: object):
    return client.post(address, data={"csrf_token": csrf_token(client)} | form)


def save(app: Flask, by: Account, path: str, old: str, new: str) -> int:
    folder = app.extensions["settings"].courses_dir
    with write_sessions(engine_of(app)).begin() as session:
        latest = read_latest(session, "vneid", path, folder=folder)
        assert old in latest.text
        return save_revision(
            session, "vneid", path, latest.text.replace(old, new, 1), parent=latest.number, why="sửa tên", by=by,
            folder=folder, now=clock.now(),
        ).number  # fmt: skip


def rename(app: Flask, by: Account, path: str, name: str = "Tên vừa đổi") -> int:
    with read_sessions(engine_of(app))() as session:
        text = read_latest(session, "vneid", path, folder=app.extensions["settings"].courses_dir).text
    line = next(line for line in text.split("\n") if line.startswith("tên:"))
    return save(app, by, path, line, f"tên: {name}")


def published_numbers(app: Flask) -> dict[str, int]:
    with read_sessions(engine_of(app))() as session:
        return find_published_revision_numbers(session, "vneid")


def approve(author: CheckingClient, second: CheckingClient, path: str, number: int, *, course: str = "vneid") -> None:
    """The author submits this revision, and the second person approves it."""
    post(author, f"/soan/nop/{course}/{path}", ban=number)
    post(second, f"/soan/duyet/{course}/{path}", ban=number, viec="duyet")


def begin_course(author: CheckingClient) -> None:
    post(author, "/soan/khoa-moi", ten="Khóa mới", **{"thu-muc": "khoa-moi"})
    post(author, "/soan/bai-moi/khoa-moi", ten="Bài một", **{"thu-muc": "bai-mot"})


def begin_translation(author: CheckingClient, path: str, name: str, *, parent: int = 0):
    english = path.replace(".md", ".en.md")
    return post(author, f"/soan/vneid/{english}", text=f"---\ntên: {name}\n---\n", do="luu", parent=parent)
