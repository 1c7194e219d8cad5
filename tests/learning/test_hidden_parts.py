"""A hidden lesson or translation stays hidden, whatever comes to it, and comes back as learners read it before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.content.hideable_parts import HideablePart
from lms.learning.accounts.account import Account
from lms.learning.errors import NotFound
from lms.learning.store.database import write_sessions
from lms.learning.workshop import hiding
from tests.content.course_folders import PNG, TODAY, make_courses, make_lesson
from tests.learning.publication_worker import Worker
from tests.learning.sample_courses import NOW
from tests.learning.workshop_desk import Desk
from tests.translated_lesson import ENGLISH, write_translated_course

LESSON, FILE = HideablePart("02-hai"), "02-hai/hieu.md"
ENGLISH_OF_LESSON = HideablePart("01-mo-may", "en")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Its commits are seen by the workers."""
    with write_sessions(engine)() as session:
        yield session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    courses = make_courses(tmp_path / "courses")
    make_lesson(courses / "vneid" / "02-hai", "Bài hai")
    return courses


@pytest.fixture
def desk(session: Session, folder: Path) -> Desk:
    return Desk(session, folder)


@pytest.fixture
def lan(desk: Desk) -> Account:
    return desk.add_account("Lan Anh")


@pytest.fixture
def minh(desk: Desk) -> Account:
    return desk.add_account("Minh Tú")


def hide(desk: Desk, by: Account, part: HideablePart = LESSON, course: str = "vneid", now=NOW) -> None:
    checked = hiding.check_hiding(desk.session, course, part, folder=desk.folder, today=TODAY, now=now)
    hiding.hide_part(desk.session, checked, part, by=by, folder=desk.folder, now=now)
    desk.session.commit()


def show(desk: Desk, by: Account, part: HideablePart = LESSON, course: str = "vneid", now=NOW) -> None:
    checked = hiding.check_showing(desk.session, course, part, folder=desk.folder, today=TODAY, now=now)
    hiding.show_part(desk.session, checked, part, by=by, now=now)
    desk.session.commit()


def rewrite(folder: Path, title: str) -> None:
    file = folder / "vneid" / FILE
    lines = [f"tên: {title}" if line.startswith("tên:") else line for line in file.read_text("utf-8").split("\n")]
    file.write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize("name", ["images/moi.png", "hieu.en.md", "dung-khac.md"])
def test_what_comes_to_the_folder_of_a_hidden_lesson_is_hidden_also_after_a_start(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, name: str
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    assert worker.titles() == ["Bài"]
    (desk.folder / "vneid" / "02-hai" / name).write_bytes(PNG)
    worker.reload()
    started = Worker(engine, desk.folder, tmp_path / "data")
    for each in (worker, started):
        assert each.titles() == ["Bài"]
        assert not each.catalog.held_back, "later changes of the course get through"


def test_a_start_with_a_faulty_course_has_its_last_good_copy_without_what_was_hidden(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    assert worker.titles() == ["Bài"]
    worker.last_good.keep(worker.catalog.library, worker.catalog.folder_names)
    first = desk.folder / "vneid" / "01-mot" / "hieu.md"
    first.write_text(first.read_text("utf-8") + "\n[bài hai](../02-hai/)\n", "utf-8")  # right in the folder alone
    started = Worker(engine, desk.folder, tmp_path / "data")
    assert started.catalog.held_back == ("vneid",)
    assert started.titles() == ["Bài"]


def test_a_file_that_comes_to_a_hidden_translation_is_hidden_with_it(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    write_translated_course(desk.folder / "may")
    new = desk.folder / "may" / "01-mo-may" / "lam.en.md"
    new.unlink()
    worker = Worker(engine, desk.folder, tmp_path / "data")

    def languages() -> list[str]:
        worker.reload()
        return [each.language for each in worker.catalog.library.course("may").lessons[0].translations]

    assert languages() == ["en"]
    hide(desk, lan, ENGLISH_OF_LESSON, "may")
    assert languages() == []
    new.write_text(ENGLISH["lam.en.md"], "utf-8")
    assert languages() == []
    with pytest.raises(NotFound):
        hide(desk, lan, ENGLISH_OF_LESSON, "may")
    show(desk, lan, ENGLISH_OF_LESSON, "may")
    assert languages() == ["en"]


def test_what_is_scheduled_is_not_put_on_the_air_by_showing_again(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    for title, due_at in (("Hôm nay", None), ("Ba hôm nữa", NOW + timedelta(days=3))):
        desk.review(desk.retitle(lan, title, path=FILE), by=lan, second=minh, path=FILE)
        desk.publish(lan, FILE, due_at=due_at)
    hide(desk, lan)
    assert worker.titles() == ["Bài"]
    show(desk, lan)
    assert worker.titles() == ["Bài", "Hôm nay"]


def test_what_was_scheduled_first_is_not_what_learners_read_before(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    desk.review(desk.retitle(lan, "Ba hôm nữa", path=FILE), by=lan, second=minh, path=FILE)
    desk.publish(lan, FILE, due_at=NOW + timedelta(days=3))
    hide(desk, lan)
    later = worker.now = NOW + timedelta(days=4)
    assert worker.titles() == ["Bài"]
    show(desk, lan, now=later)
    assert worker.titles() == ["Bài", "Bài hai"]


@pytest.mark.parametrize("is_noticed", [True, False])
def test_the_text_of_the_folder_that_learners_read_comes_back(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, is_noticed: bool
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    desk.retitle(lan, "Bản nháp", path=FILE)
    desk.session.commit()
    rewrite(desk.folder, "Từ git")
    if is_noticed:
        worker.reload()
        assert worker.titles() == ["Bài", "Từ git"]
    hide(desk, lan)
    later = worker.now = NOW + timedelta(minutes=1)
    assert worker.titles() == ["Bài"]
    show(desk, lan, now=later)
    assert worker.titles() == ["Bài", "Từ git"]
