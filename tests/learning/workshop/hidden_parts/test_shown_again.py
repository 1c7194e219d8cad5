"""A hidden lesson comes back as learners would read it if it had never been hidden."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.content.hideable_parts import HideablePart
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty
from lms.learning.workshop import hiding, publishing
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.returning_parts import find_hidden_parts
from lms.learning.workshop.revisions import find_revision
from tests.content.course_folders import PNG, TODAY
from tests.learning.sample_courses import NOW
from tests.learning.workshop.hidden_parts.hidden_part_actions import (
    FILE,
    LATER,
    LESSON,
    find,
    hide,
    rewrite,
    show,
)
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import Workshop
from tests.translated_lesson import write_translated_course

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("is_noticed", [True, False])
def test_the_text_of_the_folder_that_learners_read_comes_back(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, is_noticed: bool
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    workshop.retitle(lan, "Bản nháp", path=FILE)
    workshop.session.commit()
    rewrite(workshop.folder, "Từ git")
    if is_noticed:
        worker.reload()
        assert worker.titles() == ["Bài", "Từ git"]
    hide(workshop, lan)
    later = worker.now = NOW + timedelta(minutes=1)
    assert worker.titles() == ["Bài"]
    show(workshop, lan, now=later)
    assert worker.titles() == ["Bài", "Từ git"]


def test_what_the_folder_changed_while_a_lesson_was_hidden_comes_with_it_and_later_changes_follow(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    worker.now = LATER
    rewrite(workshop.folder, "Từ git")
    (workshop.folder / "vneid" / "02-hai" / "dung.md").unlink()
    (workshop.folder / "vneid" / "02-hai" / "images" / "b.png").write_bytes(PNG)
    worker.reload()
    workshop.retitle(lan, "Bản nháp", path=FILE)
    workshop.session.commit()
    assert worker.titles() == ["Bài"]
    returning = find(workshop)
    assert (list(returning.changed), returning.added, returning.removed) == (
        [FILE], ["02-hai/images/b.png"], ["02-hai/dung.md"],
    )  # fmt: skip
    before, after = (find_revision(workshop.session, "vneid", FILE, number or 0) for number in returning.changed[FILE])
    assert (before.source, after.source) == ("folder", "folder") and before.digest != after.digest
    show(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài", "Từ git"]
    lesson = worker.catalog.library.course("vneid").lessons[1]
    assert (lesson.use, lesson.practice is not None) == (None, True)


def test_later_changes_of_the_folder_follow_what_was_shown_again(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    worker.now = LATER
    rewrite(workshop.folder, "Từ git")
    worker.reload()
    show(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài", "Từ git"]
    assert workshop.state(FILE) == "published"
    workshop.session.commit()
    rewrite(workshop.folder, "Từ git lần nữa")
    worker.reload()
    assert worker.titles() == ["Bài", "Từ git lần nữa"]


def test_what_the_folder_took_back_while_a_lesson_was_hidden_leaves_it_as_it_was(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    worker.now = LATER
    for title in ("Từ git", "Bài hai"):
        rewrite(workshop.folder, title)
        worker.reload()
    assert find(workshop).is_as_it_was
    show(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài", "Bài hai"]


@pytest.mark.parametrize(("pulled", "shown"), [(True, "Từ git"), (False, "Của Lan")])
def test_a_lesson_of_the_workshop_follows_the_folder_only_where_that_had_its_text(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, pulled: bool, shown: str
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    workshop.review(workshop.retitle(lan, "Của Lan", path=FILE), by=lan, second=minh, path=FILE)
    workshop.publish(lan, FILE)
    workshop.session.commit()
    if pulled:  # what was published here has come to the folder as well
        rewrite(workshop.folder, "Của Lan")
    worker.reload()
    hide(workshop, lan)
    worker.now = LATER
    rewrite(workshop.folder, "Từ git")
    for _ in ("not taken yet", "taken"):
        assert list(find(workshop).changed) == ([FILE] if pulled else [])
        worker.reload()
    show(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài", shown]


def test_of_a_folder_with_errors_nothing_comes_with_a_lesson_that_is_shown_again(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    worker.now = LATER
    rewrite(workshop.folder, "Từ git")
    (workshop.folder / "vneid" / "course.md").write_text("---\nhỏng", "utf-8")
    worker.reload()
    assert find(workshop, is_sound=False).is_as_it_was
    with pytest.raises(CourseFilesFaulty):
        show(workshop, lan, now=LATER)


@pytest.mark.parametrize("name", ["hieu.md", "lam.md"])
def test_publishing_a_file_of_a_hidden_lesson_shows_the_whole_lesson(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, name: str
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    path = f"02-hai/{name}"
    workshop.review(workshop.retitle(lan, "Chữ mới", path=path), by=lan, second=minh, path=path)
    workshop.publish(lan, path)
    workshop.session.commit()
    worker.titles()
    lesson = worker.catalog.library.course("vneid").lessons[1]
    assert lesson.practice and lesson.use
    assert "Chữ mới" in (lesson.name, lesson.practice.title)
    assert find_hidden_parts(workshop.session, "vneid", now=NOW) == []


def test_a_translation_that_is_published_does_not_show_its_hidden_lesson():
    lesson, english = HideablePart("02-hai"), HideablePart("02-hai", "en")
    assert lesson.is_shown_with("02-hai/lam.md") and not lesson.is_shown_with("02-hai/lam.en.md")
    assert english.is_shown_with("02-hai/lam.en.md") and not english.is_shown_with("02-hai/lam.md")
    assert not lesson.is_shown_with("01-mot/lam.md")


@pytest.mark.parametrize("name", ["dung.md", "images/b.png"])
def test_a_file_that_left_the_folder_of_a_hidden_lesson_and_comes_to_it_again_is_visible_again(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, name: str
):
    lesson = workshop.folder / "vneid" / "02-hai"
    (lesson / "images" / "b.png").write_bytes(PNG)
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    worker.now = LATER
    body = (lesson / name).read_bytes()
    (lesson / name).unlink()
    worker.reload()
    assert find(workshop).removed == [f"02-hai/{name}"]
    show(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài", "Bài hai"]
    (lesson / name).write_bytes(body)
    worker.reload()
    assert not worker.catalog.held_back
    served = worker.catalog.library.course("vneid").lessons[1]
    assert Path(served.folder, name).read_bytes() == body
    hide(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài"]
    assert find(workshop).is_as_it_was
    show(workshop, lan, now=LATER)
    worker.titles()
    assert Path(worker.catalog.library.course("vneid").lessons[1].folder, name).read_bytes() == body


def test_a_lesson_is_shown_again_while_its_translation_is_behind_and_a_translation_only_when_it_is_not(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    course = workshop.folder / "may"
    write_translated_course(course)
    shutil.copytree(course / "01-mo-may", course / "02-hai-may")
    worker = Worker(engine, workshop.folder, tmp_path / "data")

    def shown() -> list[str]:
        worker.titles()
        return [lesson.folder_name for lesson in worker.catalog.library.course("may").lessons]

    hide(workshop, lan, HideablePart("01-mo-may"), "may")
    hide(workshop, lan, HideablePart("02-hai-may", "en"), "may")
    assert shown() == ["02-hai-may"]
    worker.now = LATER
    for lesson in ("01-mo-may", "02-hai-may"):
        first = course / lesson / "hieu.md"
        first.write_text(
            first.read_text("utf-8").replace("- [ ] Bên trái", "- [ ] Bên trên\n  > Không.\n- [ ] Bên trái"), "utf-8"
        )
    worker.reload()
    show(workshop, lan, HideablePart("01-mo-may"), "may", now=LATER)
    assert shown() == ["01-mo-may", "02-hai-may"]
    with pytest.raises(CourseFilesFaulty):
        show(workshop, lan, HideablePart("02-hai-may", "en"), "may", now=LATER)


@pytest.mark.parametrize("by_publishing", [True, False])
def test_what_a_worker_takes_from_the_folder_between_the_check_and_the_showing_is_checked_first(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, by_publishing: bool
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    worker.now = LATER
    path, given = "02-hai/lam.md", {"folder": workshop.folder, "today": TODAY}
    if by_publishing:
        workshop.review(workshop.retitle(lan, "Chữ mới", path=path), by=lan, second=minh, path=path)
        checked = check_changes(workshop.session, "vneid", [path], now=LATER, **given)
    else:
        checked = hiding.check_showing(workshop.session, "vneid", LESSON, now=LATER, **given)
    workshop.session.commit()
    rewrite(workshop.folder, "Từ git")
    worker.reload()
    with pytest.raises(CourseFileChanged):
        if by_publishing:
            publishing.publish_files(workshop.session, checked, why="", by=lan, folder=workshop.folder, now=LATER)
        else:
            hiding.show_part(workshop.session, checked, LESSON, by=lan, folder=workshop.folder, now=LATER)
    workshop.session.rollback()
    show(workshop, lan, now=LATER)
    assert worker.titles() == ["Bài", "Từ git"]
