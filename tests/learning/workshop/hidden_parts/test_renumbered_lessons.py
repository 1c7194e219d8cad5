"""A hidden lesson stays hidden when the courses folder gives it another number, and comes back at its own address."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.content.hideable_parts import HideablePart, hidden_parts
from lms.learning.accounts.account import Account
from lms.learning.workshop.lessons import find_lessons
from lms.learning.workshop.returning_parts import find_hidden_parts
from tests.learning.workshop.hidden_parts.hidden_part_actions import (
    ENGLISH_OF_LESSON,
    FILE,
    LATER,
    LESSON,
    find,
    hide,
    show,
)
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import Workshop
from tests.translated_lesson import write_translated_course

pytestmark = pytest.mark.slow

RENUMBERED = HideablePart("07-hai")


def renumber(
    worker: Worker, workshop: Workshop, former: str = "02-hai", folder: str = "07-hai", course: str = "vneid"
) -> Path:
    """Rename the folder of a lesson, as git does, and let the worker see it; returns the new folder."""
    worker.now = LATER
    there = workshop.folder / course / folder
    (workshop.folder / course / former).rename(there)
    worker.reload()
    return there


def test_a_hidden_lesson_that_gets_another_number_stays_hidden_and_comes_back_with_it(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    renumber(worker, workshop)
    assert worker.titles() == ["Bài"]
    assert find_hidden_parts(workshop.session, "vneid", now=LATER) == [LESSON]
    assert find(workshop).is_as_it_was
    show(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài", "Bài hai"]
    lesson = worker.catalog.library.course("vneid").lessons[1]
    assert (lesson.folder_name, lesson.slug) == ("07-hai", "hai")
    assert lesson.practice and lesson.use


def test_under_its_new_number_it_can_be_hidden_and_shown_again(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    renumber(worker, workshop)
    show(workshop, lan, now=LATER)
    hide(workshop, lan, RENUMBERED, now=LATER)
    assert worker.titles() == ["Bài"]
    assert find_hidden_parts(workshop.session, "vneid", now=LATER) == [RENUMBERED]
    workshop.session.commit()
    renumber(worker, workshop, "07-hai", "02-hai")
    assert worker.titles() == ["Bài"]
    show(workshop, lan, RENUMBERED, now=LATER)
    assert worker.titles() == ["Bài", "Bài hai"]
    assert find_hidden_parts(workshop.session, "vneid", now=LATER) == []


def test_the_workshop_lists_it_once_until_somebody_writes_on_at_its_former_number(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")

    def listed() -> list[str]:
        return [each.folder for each in find_lessons(workshop.session, "vneid", folder=workshop.folder)]

    hide(workshop, lan)
    workshop.retitle(lan, "Bài một mới")  # a text that waits, of another lesson
    workshop.session.commit()
    renumber(worker, workshop)
    assert listed() == ["01-mot", "07-hai"]
    workshop.session.commit()
    show(workshop, lan, now=LATER)
    assert listed() == ["01-mot", "07-hai"]
    workshop.retitle(lan, "Chữ nháp", path=FILE)
    assert listed() == ["01-mot", "02-hai", "07-hai"]


def test_a_published_lesson_that_gets_another_number_is_served_as_before_and_again_after_it_was_hidden_and_shown(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    workshop.review(workshop.retitle(lan, "Của Lan", path=FILE), by=lan, second=minh, path=FILE)
    workshop.publish(lan, FILE)
    workshop.session.commit()
    assert worker.titles() == ["Bài", "Của Lan"]
    renumber(worker, workshop)
    assert worker.titles() == ["Bài", "Của Lan"]
    assert worker.catalog.held_back == ("vneid",)
    assert [problem.rule for problem in worker.catalog.problems if problem.level == "error"] == ["lesson-twice"]
    hide(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài"]
    [part] = find_hidden_parts(workshop.session, "vneid", now=LATER)
    workshop.session.commit()
    show(workshop, lan, part, now=LATER)
    assert worker.titles() == ["Bài", "Bài hai"]
    assert not worker.catalog.held_back


def test_what_the_folder_changed_besides_the_number_is_told_before_it_comes_back(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    there = renumber(worker, workshop)
    first = there / "hieu.md"
    first.write_text(first.read_text("utf-8").replace("tên: Bài hai", "tên: Từ git"), "utf-8")
    (there / "dung.md").unlink()
    worker.reload()
    returning = find(workshop)
    assert (list(returning.changed), returning.added, returning.removed) == (["07-hai/hieu.md"], [], ["02-hai/dung.md"])
    show(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài", "Từ git"]


def test_a_hidden_translation_of_a_lesson_that_gets_another_number_stays_hidden_and_comes_back(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    write_translated_course(workshop.folder / "may")
    worker = Worker(engine, workshop.folder, tmp_path / "data")

    def languages() -> list[str]:
        worker.titles()
        return [each.language for each in worker.catalog.library.course("may").lessons[0].translations]

    hide(workshop, lan, ENGLISH_OF_LESSON, "may")
    renumber(worker, workshop, "01-mo-may", "05-mo-may", "may")
    assert languages() == []
    show(workshop, lan, ENGLISH_OF_LESSON, "may", now=LATER)
    assert languages() == ["en"]
    assert find_hidden_parts(workshop.session, "may", now=LATER) == []


def test_a_lesson_of_another_name_with_the_same_number_is_not_hidden_with_it(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    there = renumber(worker, workshop)
    shutil.copytree(there, workshop.folder / "vneid" / "02-ba")
    worker.reload()
    assert [lesson.folder_name for lesson in worker.catalog.library.course("vneid").lessons] == ["01-mot", "02-ba"]


def test_what_was_removed_under_a_number_counts_no_more_once_the_lesson_is_published_under_another():
    assert hidden_parts({"02-hai/hieu.md": None, "07-hai/lam.md": 1}) == [LESSON]
    assert hidden_parts({"02-hai/hieu.md": None, "07-hai/hieu.md": 1}) == []
    assert hidden_parts({"02-hai/hieu.md": None, "07-hai/hieu.md": None}) == [RENUMBERED]
    assert hidden_parts({"02-hai/hieu.en.md": None, "02-hai/lam.en.md": 1}) == [HideablePart("02-hai", "en")]
