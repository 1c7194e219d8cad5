"""The course "may", of two lessons: what is written in it, and what the workshop says of it."""

from __future__ import annotations

from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of
from tests.web.workshop import author_actions
from tests.web.workshop.author_actions import post

LESSON, SLUG, FILE = "02-khac", "khac", "02-khac/hieu.md"  # the second one, which is not translated
TEXT = "---\ntên: Bài khác\nphút: 3\n---\n\n## Một\n\nChữ.\n"


def lesson_row(client: CheckingClient, slug: str) -> str:
    """What the list of lessons says of this one."""
    [row] = client.page("/soan/may").xpath(f"//li[@id='{slug}']")
    return text_of(row)


def save_text(author: CheckingClient, path: str, text: str, parent: int = 0) -> None:
    assert post(author, f"/soan/may/{path}", text=text, do="luu", parent=parent).status_code == 303


def approve(author: CheckingClient, second: CheckingClient, path: str, number: int) -> None:
    author_actions.approve(author, second, path, number, course="may")


def told_before_showing(client: CheckingClient) -> str:
    [form] = client.page("/soan/dang/may").xpath("//form[.//button[@value='hien']]")
    return text_of(form)
