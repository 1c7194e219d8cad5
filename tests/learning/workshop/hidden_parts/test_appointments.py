"""Hiding takes scheduled publications off, and what is scheduled goes by what happens before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.learning.accounts.account import Account
from lms.learning.workshop.publications import find_publications, scheduled_moments
from tests.learning.sample_courses import NOW
from tests.learning.workshop.hidden_parts.hidden_part_actions import (
    FILE,
    LATER,
    LESSON,
    find,
    hide,
    rewrite,
    schedule_new_file,
    show,
)
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import HIEU, Workshop

pytestmark = pytest.mark.slow


def test_hiding_takes_the_appointment_of_a_lesson_off_and_leaves_that_of_another(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    for path, title in ((HIEU, "Bài một mới"), (FILE, "Bài hai mới")):
        workshop.review(workshop.retitle(lan, title, path=path), by=lan, second=minh, path=path)
    due_at = NOW + timedelta(days=3)
    workshop.publish(lan, HIEU, FILE, due_at=due_at)
    assert (workshop.state(HIEU), workshop.state(FILE)) == ("published", "published")
    [scheduled] = find_publications(workshop.session, "vneid", now=NOW)
    assert scheduled_moments([scheduled], LESSON, now=NOW) == [due_at]
    hide(workshop, lan)
    [_, scheduled] = find_publications(workshop.session, "vneid", now=NOW)
    assert (scheduled.remaining_files, scheduled.superseded) == ([HIEU], {FILE})
    assert scheduled.is_scheduled(NOW)
    assert scheduled_moments([scheduled], LESSON, now=NOW) == []
    assert (workshop.state(HIEU), workshop.state(FILE)) == ("published", "approved")
    workshop.session.commit()
    worker.now = due_at
    assert worker.titles() == ["Bài một mới"]
    workshop.publish(minh, FILE, now=due_at)
    workshop.session.commit()
    assert worker.titles() == ["Bài một mới", "Bài hai mới"]


def test_an_appointment_of_a_hidden_lesson_alone_is_no_more(workshop: Workshop, lan: Account, minh: Account):
    workshop.review(workshop.retitle(lan, "Bài hai mới", path=FILE), by=lan, second=minh, path=FILE)
    workshop.publish(lan, FILE, due_at=NOW + timedelta(days=3))
    hide(workshop, lan)
    [_, scheduled] = find_publications(workshop.session, "vneid", now=NOW)
    assert (scheduled.is_scheduled(NOW), scheduled.remaining_files) == (False, [])


@pytest.mark.parametrize("is_shown_before_the_moment", [True, False])
@pytest.mark.parametrize("beside", [(), (HIEU,)])
def test_hiding_takes_the_appointment_of_a_new_file_off_so_that_it_does_not_come_untold(
    engine: Engine,
    workshop: Workshop,
    tmp_path: Path,
    lan: Account,
    minh: Account,
    is_shown_before_the_moment: bool,
    beside: tuple[str, ...],
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    due_at = NOW + timedelta(days=1)
    if beside:
        workshop.review(workshop.retitle(lan, "Bài một mới"), by=lan, second=minh)
    new = schedule_new_file(workshop, lan, minh, *beside, due_at=due_at)
    hide(workshop, lan, now=LATER)
    publications = find_publications(workshop.session, "vneid", now=NOW)
    assert scheduled_moments(publications, LESSON, now=LATER) == []
    assert [each.remaining_files for each in publications if each.is_scheduled(LATER)] == [[*beside]] * len(beside)
    assert workshop.state(new) == "approved"
    workshop.session.commit()
    after = due_at + timedelta(hours=1)
    assert find(workshop).is_as_it_was
    show(workshop, lan, now=LATER if is_shown_before_the_moment else after)
    worker.now = after
    assert worker.titles() == ["Bài một mới" if beside else "Bài", "Bài hai"]
    assert len(worker.catalog.library.course("vneid").lessons[1].practices) == 1


@pytest.mark.parametrize("is_overtaken", [True, False])
def test_an_old_appointment_is_told_however_much_was_published_since(
    workshop: Workshop, lan: Account, minh: Account, is_overtaken: bool
):
    due_at = NOW + timedelta(days=9)
    workshop.review(workshop.retitle(lan, "Hẹn", path=FILE), by=lan, second=minh, path=FILE)
    workshop.publish(lan, FILE, due_at=due_at)
    for title, path in (("Đăng trước", FILE if is_overtaken else HIEU), ("Bản sau", HIEU)):
        workshop.review(workshop.retitle(lan, title, path=path), by=lan, second=minh, path=path)
        workshop.publish(lan, path)
    publications = find_publications(workshop.session, "vneid", now=LATER, limit=1)
    assert [each.is_scheduled(LATER) for each in publications] == [False, not is_overtaken]
    assert scheduled_moments(publications, LESSON, now=LATER) == ([] if is_overtaken else [due_at])
    later = find_publications(workshop.session, "vneid", now=due_at, limit=1)
    assert len(later) == 1


def test_what_the_folder_corrects_before_a_lesson_is_shown_at_its_moment_comes_with_it_and_later_changes_follow(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    path, due_at = "02-hai/lam.md", NOW + timedelta(days=1)
    workshop.review(workshop.retitle(lan, "Chữ mới", path=path), by=lan, second=minh, path=path)
    workshop.publish(lan, path, due_at=due_at)
    workshop.session.commit()
    worker.now = LATER
    rewrite(workshop.folder, "Từ git")
    worker.reload()
    assert worker.titles() == ["Bài"]
    assert workshop.state(FILE) == "published"
    workshop.session.commit()
    worker.now = due_at
    assert worker.titles() == ["Bài", "Từ git"]
    rewrite(workshop.folder, "Từ git lần nữa")
    worker.reload()
    assert worker.titles() == ["Bài", "Từ git lần nữa"]
    assert worker.catalog.library.course("vneid").lessons[1].practice.title == "Chữ mới"


def test_a_text_of_the_workshop_that_is_scheduled_stays_when_the_folder_changes(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    due_at = NOW + timedelta(days=1)
    workshop.review(workshop.retitle(lan, "Của Lan", path=FILE), by=lan, second=minh, path=FILE)
    workshop.publish(lan, FILE, due_at=due_at)
    workshop.session.commit()
    rewrite(workshop.folder, "Từ git")
    worker.reload()
    worker.now = due_at
    assert worker.titles() == ["Bài", "Của Lan"]


@pytest.mark.parametrize("by_publishing", [True, False])
def test_showing_a_lesson_before_its_appointment_takes_all_of_it_off_and_leaves_no_half(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, by_publishing: bool
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    hide(workshop, lan)
    due_at, use = NOW + timedelta(days=1), "02-hai/dung.md"
    workshop.review(workshop.retitle(lan, "Chữ mới", path=FILE), by=lan, second=minh, path=FILE)
    new = schedule_new_file(workshop, lan, minh, FILE, due_at=due_at)
    if by_publishing:
        workshop.review(workshop.retitle(lan, "Dùng mới", path=use), by=lan, second=minh, path=use)
        workshop.publish(lan, use, now=LATER)
        workshop.session.commit()
    else:
        show(workshop, lan, now=LATER)
    publications = find_publications(workshop.session, "vneid", now=LATER)
    assert not any(each.is_scheduled(LATER) for each in publications)
    assert (workshop.state(FILE), workshop.state(new)) == ("approved", "approved"), "both can be published again"
    workshop.session.commit()
    worker.now = due_at
    assert worker.titles() == ["Bài", "Bài hai"]
    assert len(worker.catalog.library.course("vneid").lessons[1].practices) == 1
