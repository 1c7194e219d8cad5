"""The workshop of a city, 200 courses with 50 revisions a file: first page, a check while typing, publishing."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, Table, insert

from bench.figures import Figure, at_most, percentile_ms
from bench.lighthouse import BARS, judge
from bench.sites import COURSES, ROOT, Site, clean_environment, our_site
from lms import vietnam_time
from lms.config import load_settings
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import find_by_login
from lms.learning.store.database import make_engine, read_sessions, write_sessions
from lms.learning.store.models import FileContent, FileRevision, WorkshopCourse, WorkshopFile
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.publishing import publish_files
from lms.learning.workshop.revision_review import approve_revision, submit_for_review
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_latest

COURSE_COUNT, REVISIONS = 200, 50
PAGES, CHECKS, PUBLICATIONS = 40, 40, 3
CHECKED_LINES = 400
PAGE_BAR, CHECK_BAR, PUBLICATION_BAR = 300.0, 300.0, 2.0  # milliseconds, milliseconds, seconds
LIGHTHOUSE_BARS = BARS | {"performance": 90}
EDITOR = "the editor"  # its preview runs no script, and the console tells of those that Lighthouse puts in
LIGHTHOUSE_PAGES = {
    f"/soan of {COURSE_COUNT} courses": "/soan",
    "/soan/<course>": "/soan/khoa-7",
    EDITOR: "/soan/khoa-7/01-bai/lam.md",
    "the drawing": "/soan/ve/khoa-7/01-bai/lam.md",
}
_ROWS_AT_ONCE = 5_000
_CSRF = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Author:
    """A signed-in browser."""

    cookie: str
    csrf_token: str


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as temporary:
        data, courses = Path(temporary) / "data", Path(temporary) / "courses"
        data.mkdir()
        texts = _write_courses(courses)
        slip = _add_account(data, "Khoa", "author")
        _add_account(data, "Minh", "organiser")
        engine = make_engine(load_settings({}, data_dir=data).database_url)
        rows = _fill(engine, texts)
        with our_site(data, courses) as site:
            author = _sign_in(site, slip)
            yield _first_page(site, author, rows)
            yield _checking(site, author)
            for name, address in LIGHTHOUSE_PAGES.items():
                bars = LIGHTHOUSE_BARS | ({"best-practices": 90} if name == EDITOR else {})
                yield from judge(site, name, address, author.cookie, data, bars)
            yield _publication_delay(site, engine, courses)
        engine.dispose()


def _write_courses(folder: Path) -> dict[tuple[str, str], bytes]:
    """Courses of one real lesson each; their files by course and path."""
    lessons = sorted(path.parent for path in COURSES.glob("*/*/dung.md") if (path.parent / "lam.md").exists())
    for number in range(COURSE_COUNT):
        lesson, course = lessons[number % len(lessons)], folder / f"khoa-{number}"
        course.mkdir(parents=True)
        shutil.copy(lesson.parent / "course.md", course)
        shutil.copytree(lesson, course / "01-bai")
    paths = sorted(folder.glob("*/course.md")) + sorted(folder.glob("*/01-bai/*.md"))
    parts = {path: path.relative_to(folder).as_posix().partition("/") for path in paths}
    return {(course, inside): path.read_bytes() for path, (course, _, inside) in parts.items()}


def _fill(engine: Engine, texts: dict[tuple[str, str], bytes]) -> int:
    """The revisions of all files, the first the folder's; of every tenth the latest is a draft. Returns the rows."""
    now, counted = datetime.now(UTC), 0
    contents: dict[str, bytes] = {}
    revisions: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    for place, ((course, path), text) in enumerate(texts.items()):
        files.append(
            {"course": course, "path": path, "last_number": REVISIONS, "latest": REVISIONS,
             "published": REVISIONS - (place % 10 == 0)}
        )  # fmt: skip
        for number in range(1, REVISIONS + 1):
            note = f"\n%% {course}, bản {number}\n".encode()
            body = text if number == 1 else (text if number == REVISIONS else text[:400]) + note
            digest = hashlib.sha256(body).hexdigest()
            contents[digest] = body
            revisions.append(
                {"course": course, "path": path, "number": number, "parent": number - 1 or None, "merged": None,
                 "digest": digest, "source": "folder" if number == 1 else "web", "author_id": None, "author_name": "",
                 "saved_at": now - timedelta(days=REVISIONS - number), "why": "sửa chữ"}
            )  # fmt: skip
    course_rows = [
        {"course": course, "ward": "", "created_by": None, "created_at": now, "publication_version": 0}
        for course in sorted({course for course, _ in texts})
    ]
    content_rows = [{"digest": digest, "body": body} for digest, body in contents.items()]
    tables: list[tuple[Any, list[dict[str, Any]]]] = [
        (WorkshopCourse, course_rows), (FileContent, content_rows), (WorkshopFile, files), (FileRevision, revisions),
    ]  # fmt: skip
    with engine.begin() as connection:
        for model, rows in tables:
            table: Table = model.__table__
            counted += len(rows)
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                connection.execute(insert(table), rows[start : start + _ROWS_AT_ONCE])
    return counted


def _add_account(data: Path, name: str, role: str) -> str:
    """Add an account of the city; returns the path of its sign-in slip."""
    command = [sys.executable, "-m", "lms", "user", "add", "--name", name, "--role", role, "--ward", "tp"]
    environment = clean_environment(LMS_DATA_DIR=str(data), LMS_PUBLIC_URL="http://127.0.0.1:8000")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found = re.search(r"/vao/\w+", done.stdout)
    if found is None:
        raise RuntimeError(f"no slip was printed:\n{done.stdout}")
    return found[0]


def _sign_in(site: Site, slip: str) -> Author:
    page = site.request(slip)
    fields = [("csrf_token", _csrf(page.body))]
    signed_in = site.request(slip, fields=fields, Cookie=page.cookie)
    index = site.request("/soan", Cookie=signed_in.cookie)
    return Author(index.cookie, _csrf(index.body))  # the cookie has what the token belongs to


def _csrf(html: bytes) -> str:
    found = _CSRF.search(html)
    if found is None:
        raise RuntimeError("the page has no form")
    return found[1].decode()


def _first_page(site: Site, author: Author, rows: int) -> Figure:
    times, size = list[float](), 0
    for _ in range(PAGES):
        begun = time.perf_counter()
        answer = site.request("/soan", Cookie=author.cookie, Accept_Encoding="gzip")
        times.append(time.perf_counter() - begun)
        if answer.status != 200:
            raise RuntimeError(f"/soan answered {answer.status}")
        size = len(answer.body)
    note = f"median {median(times) * 1000:.0f} ms, {size / 1000:.0f} KB; {rows:,} rows"
    return at_most(f"/soan of {COURSE_COUNT} courses, p95", percentile_ms(times, 0.95), PAGE_BAR, "ms", note)


def long_practice(lines: int) -> str:
    """A lam.md of about so many lines: screens in a row, each with a field, its sub-lines and a way back."""
    screens: list[str] = []
    number = 1
    while sum(screen.count("\n") for screen in screens) < lines - 20:
        screens.append(
            f"## Màn số {number}\n> Việc: Gõ mã {number} rồi chạm “Tiếp”.\n> Gợi ý: Mã ở thẻ việc.\n\n"
            f"- [ô số] Mã lần {number} {{dài=6}} = {{{{otp}}}}\n  - sai: Bác so lại từng số.\n"
            f"- [nút] Tiếp tục lần {number} => Màn số {number + 1}\n\n"
        )
        number += 1
    front = '---\ntên: Bài dài\nbắt đầu: Màn số 1\ndữ liệu:\n  otp: "482915"\nthẻ việc: Mã là **{{otp}}**.\n---\n\n'
    return front + "".join(screens) + f"## Màn số {number} {{loại=kết}}\n\nXong.\n"


def _checking(site: Site, author: Author) -> Figure:
    text, times = long_practice(CHECKED_LINES), list[float]()
    for number in range(CHECKS):
        typed = text + "Thêm chữ." * (number + 1) + "\n"
        fields = [("csrf_token", author.csrf_token), ("parent", str(REVISIONS)), ("text", typed), ("do", "kiem-tra")]
        begun = time.perf_counter()
        answer = site.request(
            "/soan/khoa-7/01-bai/lam.md", fields=fields, Cookie=author.cookie, Accept="application/json"
        )
        times.append(time.perf_counter() - begun)
        if answer.status != 200:
            raise RuntimeError(f"the check answered {answer.status}")
    note = f"median {median(times) * 1000:.0f} ms, {text.count(chr(10))} lines"
    return at_most("the check while typing a long lam.md, p95", percentile_ms(times, 0.95), CHECK_BAR, "ms", note)


def _publication_delay(site: Site, engine: Engine, courses: Path) -> Figure:
    """From the commit of a publication until the page shows it."""
    times = list[float]()
    with read_sessions(engine)() as session:
        author, reviewer = find_by_login(session, "khoa"), find_by_login(session, "minh")
    if author is None or reviewer is None:
        raise RuntimeError("the accounts are missing")
    # Some lessons link to others that are not beside them here: these are on no page.
    served = [course for course in map("khoa-{}".format, range(60)) if site.request(f"/{course}/bai").status == 200]
    for number, course in enumerate(served[:PUBLICATIONS]):
        name = f"Tên mới {number}"
        _publish(engine, courses, course, name, author, reviewer)
        begun = time.perf_counter()
        while name.encode() not in site.request(f"/{course}/bai").body:
            if time.perf_counter() - begun > 30:
                raise RuntimeError("the publication did not reach learners")
            time.sleep(0.02)
        times.append(time.perf_counter() - begun)
    note = "; ".join(f"{seconds:.2f}" for seconds in times)
    return at_most("a publication on the air, slowest", max(times), PUBLICATION_BAR, "s", note)


def _publish(engine: Engine, courses: Path, course: str, name: str, author: Account, reviewer: Account) -> None:
    path, now = "01-bai/hieu.md", datetime.now(UTC)
    with write_sessions(engine).begin() as session:
        latest = read_latest(session, course, path, folder=courses)
        text = re.sub(r"(?m)^tên: .*$", f"tên: {name}", latest.text, count=1)
        number = save_revision(
            session, course, path, text, parent=latest.number, why="đổi tên", by=author, folder=courses, now=now
        ).number
        submit_for_review(session, course, path, number, note="", by=author, now=now)
        approve_revision(session, course, path, number, note="", by=reviewer, now=now)
    with read_sessions(engine)() as session:
        today = vietnam_time.today()
        checked = check_changes(session, course, [path], folder=courses, today=today)
    with write_sessions(engine).begin() as session:
        publish_files(session, checked, why="", by=reviewer, now=datetime.now(UTC))
