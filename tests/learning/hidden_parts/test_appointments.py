"""Hiding takes scheduled publications off, and what is scheduled goes by what happens before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.learning.accounts.account import Account
from lms.learning.workshop import publishing
from tests.learning.hidden_parts.hidden_part_actions import (
    FILE,
    LATER,
    LESSON,
    find,
    hide,
    rewrite,
    schedule_new_file,
    show,
)
from tests.learning.publication_worker import Worker
from tests.learning.sample_courses import NOW
from tests.learning.workshop_desk import HIEU, Desk


def test_hiding_takes_the_appointment_of_a_lesson_off_and_leaves_that_of_another(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    for path, title in ((HIEU, "Bài một mới"), (FILE, "Bài hai mới")):
        desk.review(desk.retitle(lan, title, path=path), by=lan, second=minh, path=path)
    due_at = NOW + timedelta(days=3)
    desk.publish(lan, HIEU, FILE, due_at=due_at)
    assert (desk.state(HIEU), desk.state(FILE)) == ("published", "published")
    [scheduled] = publishing.find_publications(desk.session, "vneid", now=NOW)
    assert publishing.scheduled_moments([scheduled], LESSON, now=NOW) == [due_at]
    hide(desk, lan)
    [_, scheduled] = publishing.find_publications(desk.session, "vneid", now=NOW)
    assert (scheduled.coming, scheduled.superseded) == ([HIEU], {FILE})
    assert scheduled.is_scheduled(NOW)
    assert publishing.scheduled_moments([scheduled], LESSON, now=NOW) == []
    assert (desk.state(HIEU), desk.state(FILE)) == ("published", "approved")
    desk.session.commit()
    worker.now = due_at
    assert worker.titles() == ["Bài một mới"]
    desk.publish(minh, FILE, now=due_at)
    desk.session.commit()
    assert worker.titles() == ["Bài một mới", "Bài hai mới"]


def test_an_appointment_of_a_hidden_lesson_alone_is_no_more(desk: Desk, lan: Account, minh: Account):
    desk.review(desk.retitle(lan, "Bài hai mới", path=FILE), by=lan, second=minh, path=FILE)
    desk.publish(lan, FILE, due_at=NOW + timedelta(days=3))
    hide(desk, lan)
    [_, scheduled] = publishing.find_publications(desk.session, "vneid", now=NOW)
    assert (scheduled.is_scheduled(NOW), scheduled.coming) == (False, [])


@pytest.mark.parametrize("is_shown_before_the_moment", [True, False])
@pytest.mark.parametrize("beside", [(), (HIEU,)])
def test_hiding_takes_the_appointment_of_a_new_file_off_so_that_it_does_not_come_untold(
    engine: Engine,
    desk: Desk,
    tmp_path: Path,
    lan: Account,
    minh: Account,
    is_shown_before_the_moment: bool,
    beside: tuple[str, ...],
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    due_at = NOW + timedelta(days=1)
    if beside:
        desk.review(desk.retitle(lan, "Bài một mới"), by=lan, second=minh)
    new = schedule_new_file(desk, lan, minh, *beside, due_at=due_at)
    hide(desk, lan, now=LATER)
    publications = publishing.find_publications(desk.session, "vneid", now=NOW)
    assert publishing.scheduled_moments(publications, LESSON, now=LATER) == []
    assert [each.coming for each in publications if each.is_scheduled(LATER)] == [[*beside]] * len(beside)
    assert desk.state(new) == "approved"
    desk.session.commit()
    after = due_at + timedelta(hours=1)
    assert find(desk).is_as_it_was
    show(desk, lan, now=LATER if is_shown_before_the_moment else after)
    worker.now = after
    assert worker.titles() == ["Bài một mới" if beside else "Bài", "Bài hai"]
    assert len(worker.catalog.library.course("vneid").lessons[1].practices) == 1


@pytest.mark.parametrize("is_overtaken", [True, False])
def test_an_old_appointment_is_told_however_much_was_published_since(
    desk: Desk, lan: Account, minh: Account, is_overtaken: bool
):
    due_at = NOW + timedelta(days=9)
    desk.review(desk.retitle(lan, "Hẹn", path=FILE), by=lan, second=minh, path=FILE)
    desk.publish(lan, FILE, due_at=due_at)
    for title, path in (("Đăng trước", FILE if is_overtaken else HIEU), ("Bản sau", HIEU)):
        desk.review(desk.retitle(lan, title, path=path), by=lan, second=minh, path=path)
        desk.publish(lan, path)
    publications = publishing.find_publications(desk.session, "vneid", now=LATER, limit=1)
    assert [each.is_scheduled(LATER) for each in publications] == [False, not is_overtaken]
    assert publishing.scheduled_moments(publications, LESSON, now=LATER) == ([] if is_overtaken else [due_at])
    later = publishing.find_publications(desk.session, "vneid", now=due_at, limit=1)
    assert len(later) == 1


def test_what_the_folder_corrects_before_a_lesson_is_shown_at_its_moment_comes_with_it_and_later_changes_follow(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    path, due_at = "02-hai/lam.md", NOW + timedelta(days=1)
    desk.review(desk.retitle(lan, "Chữ mới", path=path), by=lan, second=minh, path=path)
    desk.publish(lan, path, due_at=due_at)
    desk.session.commit()
    worker.now = LATER
    rewrite(desk.folder, "Từ git")
    worker.reload()
    assert worker.titles() == ["Bài"]
    assert desk.state(FILE) == "published"
    desk.session.commit()
    worker.now = due_at
    assert worker.titles() == ["Bài", "Từ git"]
    rewrite(desk.folder, "Từ git lần nữa")
    worker.reload()
    assert worker.titles() == ["Bài", "Từ git lần nữa"]
    assert worker.catalog.library.course("vneid").lessons[1].practice.title == "Chữ mới"


def test_a_text_of_the_workshop_that_is_scheduled_stays_when_the_folder_changes(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    due_at = NOW + timedelta(days=1)
    desk.review(desk.retitle(lan, "Của Lan", path=FILE), by=lan, second=minh, path=FILE)
    desk.publish(lan, FILE, due_at=due_at)
    desk.session.commit()
    rewrite(desk.folder, "Từ git")
    worker.reload()
    worker.now = due_at
    assert worker.titles() == ["Bài", "Của Lan"]
