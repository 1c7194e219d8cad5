"""Checks read other courses as learners have them, not as the folder has them, and break none of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFilesFaulty
from lms.learning.workshop import publishing
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.revision_saving import save_revision
from tests.content.course_folders import TODAY
from tests.content.finished_files import understand_text, use_text
from tests.learning.sample_courses import NOW
from tests.learning.workshop.hidden_parts.hidden_part_actions import (
    LATER,
    add_link,
    change,
    hide,
    publish_of,
    show,
    take_over,
    write_lesson,
)
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import HIEU, Workshop


def publish_link(workshop: Workshop, lan: Account, minh: Account, target: str) -> None:
    """Let the course vssid link to another course, in a published text."""
    add_link(workshop, lan, minh, target, course="vssid")
    checked = check_changes(workshop.session, "vssid", [HIEU], folder=workshop.folder, today=TODAY)
    publishing.publish_files(workshop.session, checked, why="", by=lan, now=NOW)
    workshop.session.commit()


@pytest.mark.slow
def test_a_lesson_to_which_a_published_text_of_another_course_links_is_not_hidden(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    publish_link(workshop, lan, minh, "../../vneid/02-hai/hieu.md")
    with pytest.raises(CourseFilesFaulty) as refused:
        hide(workshop, lan, now=LATER)
    assert [problem.path for problem in refused.value.problems] == [f"vssid/{HIEU}"]
    workshop.session.rollback()
    worker.now = LATER
    assert worker.titles() == ["Bài", "Bài hai"]
    assert not worker.catalog.held_back


@pytest.mark.slow
def test_a_text_may_link_to_a_lesson_of_another_course_that_was_written_here_and_is_published(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    for name, text in (("hieu", understand_text("Bài ba")), ("dung", use_text("Bài ba"))):
        path, given = f"03-ba/{name}.md", {"folder": workshop.folder, "now": NOW}
        saved = save_revision(workshop.session, "vneid", path, text, parent=0, why="", by=lan, **given)
        workshop.review(saved.number, by=lan, second=minh, path=path)
    workshop.publish(lan, "03-ba/hieu.md", "03-ba/dung.md")
    workshop.session.commit()
    publish_link(workshop, lan, minh, "../../vneid/03-ba/hieu.md")
    worker.now = LATER
    assert worker.titles() == ["Bài", "Bài hai", "Bài ba"]
    assert not worker.catalog.held_back


@pytest.mark.slow
def test_a_hidden_lesson_whose_place_another_course_has_taken_is_not_shown_again(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    take_over(workshop, lan, minh, "vneid/hai")
    publish_of(workshop, lan, "vssid")
    with pytest.raises(CourseFilesFaulty) as refused:
        show(workshop, lan, now=LATER)
    assert [problem.path for problem in refused.value.problems] == [f"vssid/{HIEU}"]
    workshop.session.rollback()
    worker.now = LATER
    assert worker.titles() == ["Bài"]
    assert not worker.catalog.held_back


@pytest.mark.slow
def test_a_lesson_is_not_published_under_an_address_that_leads_to_another_course(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    take_over(workshop, lan, minh, "vneid/ba")
    publish_of(workshop, lan, "vssid")
    paths = write_lesson(workshop, lan, minh, "03-ba")
    with pytest.raises(CourseFilesFaulty) as refused:
        workshop.publish(lan, *paths)
    assert [problem.path for problem in refused.value.problems] == [f"vssid/{HIEU}"]
    workshop.session.rollback()
    worker.now = LATER
    assert worker.titles() == ["Bài", "Bài hai"]
    assert not worker.catalog.held_back


@pytest.mark.slow
def test_lessons_of_two_courses_do_not_take_the_same_place(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    for course in ("vneid", "vssid"):
        take_over(workshop, lan, minh, "cu/bai", course=course)
    publish_of(workshop, lan, "vneid")
    with pytest.raises(CourseFilesFaulty) as refused:
        publish_of(workshop, lan, "vssid")
    assert [problem.rule for problem in refused.value.problems] == ["moved-twice"]
    workshop.session.rollback()
    worker.now = LATER
    worker.titles()
    assert not worker.catalog.held_back


@pytest.mark.slow
def test_a_draft_course_is_not_published_when_its_lesson_takes_a_place_that_is_taken(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    page = workshop.folder / "vssid" / "course.md"
    page.write_text(page.read_text("utf-8").replace("---\n", "---\nnháp: có\n", 1), "utf-8")
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    for course in ("vneid", "vssid"):
        take_over(workshop, lan, minh, "cu/bai", course=course)
        publish_of(workshop, lan, course)
    change(workshop, lan, minh, "vssid", "nháp: có\n", "", path="course.md")
    with pytest.raises(CourseFilesFaulty) as refused:
        publish_of(workshop, lan, "vssid", "course.md")
    assert [problem.rule for problem in refused.value.problems] == ["moved-twice"]
    workshop.session.rollback()
    worker.now = LATER
    worker.titles()
    assert not worker.catalog.held_back


@pytest.mark.slow
def test_errors_of_a_draft_lesson_keep_nothing_from_being_published(workshop: Workshop, lan: Account, minh: Account):
    text = understand_text("Bài nháp").replace("phút: 5", "phút: 5\nnháp: có") + "\n[bài](khong-co.md)\n"
    given = {"parent": 0, "why": "", "by": lan, "folder": workshop.folder, "now": NOW}
    saved = save_revision(workshop.session, "vneid", "03-ba/hieu.md", text, **given)
    workshop.review(saved.number, by=lan, second=minh, path="03-ba/hieu.md")
    workshop.publish(lan, "03-ba/hieu.md")
    workshop.review(workshop.retitle(lan, "Sửa gấp"), by=lan, second=minh)
    workshop.publish(lan, HIEU)
    assert (workshop.state("03-ba/hieu.md"), workshop.state(HIEU)) == ("published", "published")
