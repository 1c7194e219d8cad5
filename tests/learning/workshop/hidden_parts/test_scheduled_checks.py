"""Nothing that is scheduled loses what it needs: hiding, cancelling and publishing before it are refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty
from lms.learning.workshop import publishing
from lms.learning.workshop.publication_check import CheckedCancellation, check_cancellation, check_changes
from lms.learning.workshop.revision_saving import save_revision
from tests.content.course_folders import TODAY
from tests.content.finished_files import understand_text, use_text
from tests.learning.sample_courses import NOW
from tests.learning.workshop.hidden_parts.hidden_part_actions import (
    FILE,
    LATER,
    add_link,
    change,
    hide,
    publish_of,
    schedule_new_file,
    show,
    take_over,
)
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import HIEU, Workshop

pytestmark = pytest.mark.slow

FIRST, SECOND = NOW + timedelta(days=1), NOW + timedelta(days=2)


def write(workshop: Workshop, lan: Account, minh: Account, path: str, text: str) -> None:
    """A new file that is approved."""
    saved = save_revision(
        workshop.session, "vneid", path, text, parent=0, why="", by=lan, folder=workshop.folder, now=NOW
    )
    workshop.review(saved.number, by=lan, second=minh, path=path)
    workshop.session.commit()


def schedule_lesson(workshop: Workshop, lan: Account, minh: Account) -> tuple[int, int]:
    """A new lesson, its text on the first day and its exercise on the second; returns the two publications."""
    ids: list[int] = []
    for name, text, due_at in (("hieu", understand_text("Bài ba"), FIRST), ("dung", use_text("Bài ba"), SECOND)):
        write(workshop, lan, minh, f"03-ba/{name}.md", text)
        ids.append(workshop.publish(lan, f"03-ba/{name}.md", due_at=due_at))
    workshop.session.commit()
    return ids[0], ids[1]


def check(workshop: Workshop, publication_id: int, now: datetime = NOW) -> CheckedCancellation:
    return check_cancellation(
        workshop.session, "vneid", publication_id, folder=workshop.folder, today=TODAY, now=now
    )  # fmt: skip


def test_an_appointment_that_a_later_one_needs_is_cancelled_after_that(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    first, second = schedule_lesson(workshop, lan, minh)
    with pytest.raises(CourseFilesFaulty) as refused:
        check(workshop, first)
    assert refused.value.due_at == SECOND
    for each in (second, first):
        publishing.cancel_publication(workshop.session, check(workshop, each), by=lan, now=NOW)
    workshop.session.commit()
    worker.now = SECOND
    assert worker.titles() == ["Bài", "Bài hai"]
    assert not worker.catalog.held_back


def test_an_appointment_is_not_cancelled_when_something_was_scheduled_during_the_check(
    workshop: Workshop, lan: Account, minh: Account
):
    first, second = schedule_lesson(workshop, lan, minh)
    checked = check(workshop, second)
    publishing.cancel_publication(workshop.session, checked, by=lan, now=NOW)
    checked = check(workshop, first)
    workshop.publish(lan, "03-ba/dung.md", due_at=SECOND)
    with pytest.raises(CourseFileChanged):
        publishing.cancel_publication(workshop.session, checked, by=lan, now=NOW)


@pytest.mark.parametrize("course", ["vneid", "vssid"])
def test_a_lesson_to_which_a_scheduled_text_links_is_not_hidden(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, course: str
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    add_link(workshop, lan, minh, "../../vneid/02-hai/hieu.md", course=course)
    given = {"folder": workshop.folder, "due_at": FIRST}
    checked = check_changes(workshop.session, course, [HIEU], today=TODAY, **given)
    publishing.publish_files(workshop.session, checked, why="", by=lan, now=NOW, **given)
    workshop.session.commit()
    with pytest.raises(CourseFilesFaulty) as refused:
        hide(workshop, lan, now=LATER)
    assert refused.value.due_at == FIRST
    assert [problem.path for problem in refused.value.problems] == [f"{course}/{HIEU}"]
    workshop.session.rollback()
    worker.now = FIRST
    assert worker.titles() == ["Bài", "Bài hai"]
    assert not worker.catalog.held_back


def test_a_lesson_is_not_hidden_that_another_course_needs_for_some_days_only(
    workshop: Workshop, lan: Account, minh: Account
):
    add_link(workshop, lan, minh, "../../vneid/02-hai/hieu.md", course="vssid")
    publish_of(workshop, lan, "vssid", due_at=FIRST)
    change(workshop, lan, minh, "vssid", "Xem [bài kia](../../vneid/02-hai/hieu.md). ", "")
    publish_of(workshop, lan, "vssid", due_at=SECOND)
    with pytest.raises(CourseFilesFaulty) as refused:
        hide(workshop, lan, now=LATER)
    assert refused.value.due_at == FIRST
    assert [problem.path for problem in refused.value.problems] == [f"vssid/{HIEU}"]


def test_a_hidden_lesson_is_not_shown_again_before_another_course_takes_its_place(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    take_over(workshop, lan, minh, "vneid/hai")
    publish_of(workshop, lan, "vssid", due_at=FIRST)
    with pytest.raises(CourseFilesFaulty) as refused:
        show(workshop, lan, now=LATER)
    assert refused.value.due_at == FIRST
    workshop.session.rollback()
    worker.now = FIRST
    assert worker.titles() == ["Bài"]
    assert not worker.catalog.held_back


@pytest.mark.parametrize("by_publishing", [True, False])
def test_a_lesson_is_not_shown_again_when_that_takes_off_what_a_scheduled_text_links_to(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, by_publishing: bool
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    new = schedule_new_file(workshop, lan, minh, due_at=FIRST)
    add_link(workshop, lan, minh, f"../{new}")
    workshop.publish(lan, due_at=SECOND)
    workshop.session.commit()
    with pytest.raises(CourseFilesFaulty) as refused:
        if by_publishing:
            workshop.review(workshop.retitle(lan, "Chữ mới", path=FILE), by=lan, second=minh, path=FILE)
            workshop.publish(lan, FILE, now=LATER)
        else:
            show(workshop, lan, now=LATER)
    assert refused.value.due_at == SECOND
    workshop.session.rollback()
    worker.now = SECOND
    assert worker.titles() == ["Bài", "Bài hai"]
    assert not worker.catalog.held_back


def test_a_lesson_is_not_published_before_a_scheduled_one_that_has_its_address(
    workshop: Workshop, lan: Account, minh: Account
):
    schedule_lesson(workshop, lan, minh)
    paths = [f"04-ba/{name}.md" for name in ("hieu", "dung")]
    for path, text in zip(paths, (understand_text("Bài bốn"), use_text("Bài bốn")), strict=True):
        write(workshop, lan, minh, path, text)
    with pytest.raises(CourseFilesFaulty) as refused:
        workshop.publish(lan, *paths)
    assert refused.value.due_at == FIRST
    workshop.session.rollback()
    workshop.review(workshop.retitle(lan, "Sửa gấp"), by=lan, second=minh)
    workshop.publish(lan, HIEU)
    assert workshop.state(HIEU) == "published"
