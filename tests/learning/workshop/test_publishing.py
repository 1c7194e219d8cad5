"""Publishing: a second person approves, the checker finds no error, and learners see all files at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.content.hideable_parts import HideablePart
from lms.learning.accounts.account import Account
from lms.learning.errors import (
    CourseFileChanged,
    CourseFilesFaulty,
    NotAllowed,
    NotFound,
    NothingToPublish,
    ReviewerIsAuthor,
    RevisionNotReviewed,
)
from lms.learning.workshop import hiding, publishing, revision_review
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.publications import find_publications
from lms.learning.workshop.published_revisions import find_hidden_parts
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import find_history, find_unmerged, read_latest
from tests.content.course_folders import TODAY, make_courses
from tests.learning.sample_courses import NOW
from tests.learning.workshop.publication_worker import Worker
from tests.learning.workshop.workshop_actions import HIEU, Workshop

COURSE_PAGE = "course.md"


def test_a_file_goes_from_draft_over_a_second_person_to_the_learners(workshop: Workshop, lan: Account, minh: Account):
    number = workshop.retitle(lan, "Bài mới")
    assert workshop.state() == "draft"
    with pytest.raises(RevisionNotReviewed):
        workshop.publish(lan)
    revision_review.submit_for_review(workshop.session, "vneid", HIEU, number, note="xem giúp", by=lan, now=NOW)
    assert workshop.state() == "submitted"
    revision_review.return_revision(workshop.session, "vneid", HIEU, number, note="thiếu dấu", by=minh, now=NOW)
    assert workshop.state() == "returned"
    workshop.review(number, by=lan, second=minh)
    assert workshop.state() == "approved"
    workshop.publish(lan)
    assert workshop.state() == "published"
    with pytest.raises(NothingToPublish):
        workshop.publish(lan)
    said = [
        (each.verdict, each.account_name, each.note)
        for each in revision_review.find_reviews(workshop.session, "vneid", HIEU)
    ]
    assert said[:2] == [("submitted", "Lan Anh", "xem giúp"), ("returned", "Minh Tú", "thiếu dấu")]


def test_nobody_approves_what_she_wrote_a_part_of(workshop: Workshop, lan: Account, minh: Account):
    ha, of_ward = workshop.add_account("Thu Hà", "organiser"), workshop.add_account("Bình An", "organiser", "27316")
    number = workshop.retitle(lan, "Của Lan")
    revision_review.submit_for_review(workshop.session, "vneid", HIEU, number, note="", by=lan, now=NOW)
    with pytest.raises(ReviewerIsAuthor):
        revision_review.approve_revision(workshop.session, "vneid", HIEU, number, note="", by=lan, now=NOW)
    later = workshop.retitle(minh, "Của Minh")
    with pytest.raises(CourseFileChanged):
        revision_review.approve_revision(workshop.session, "vneid", HIEU, number, note="", by=ha, now=NOW)
    revision_review.submit_for_review(workshop.session, "vneid", HIEU, later, note="", by=minh, now=NOW)
    for author in (lan, minh):  # Lan wrote what Minh changed
        with pytest.raises(ReviewerIsAuthor):
            revision_review.approve_revision(workshop.session, "vneid", HIEU, later, note="", by=author, now=NOW)
    with pytest.raises(NotAllowed):
        revision_review.approve_revision(workshop.session, "vneid", HIEU, later, note="", by=of_ward, now=NOW)
    revision_review.approve_revision(workshop.session, "vneid", HIEU, later, note="", by=ha, now=NOW)
    workshop.publish(minh)
    newest = workshop.retitle(minh, "Minh lần nữa")  # what Lan wrote is published: she may look over what came after
    workshop.review(newest, by=minh, second=lan)


def test_an_approval_ends_with_the_next_change(workshop: Workshop, lan: Account, minh: Account):
    workshop.review(workshop.retitle(lan, "Một"), by=lan, second=minh)
    workshop.retitle(lan, "Hai")
    assert workshop.state() == "draft"
    with pytest.raises(RevisionNotReviewed):
        workshop.publish(minh)


def test_what_has_errors_is_not_published_and_says_the_line(workshop: Workshop, lan: Account, minh: Account):
    latest = read_latest(workshop.session, "vneid", HIEU, folder=workshop.folder)
    broken = latest.text + "\n[hình](khong-co.md)\n"
    number = save_revision(
        workshop.session, "vneid", HIEU, broken, parent=0, why="", by=lan, folder=workshop.folder, now=NOW
    ).number
    workshop.review(number, by=lan, second=minh)
    with pytest.raises(CourseFilesFaulty) as refused:
        workshop.publish(lan)
    [problem] = refused.value.problems
    assert (problem.path, problem.line) == (f"vneid/{HIEU}", broken.count("\n"))
    assert find_publications(workshop.session, "vneid") == []


def test_what_changed_after_the_check_is_not_published(workshop: Workshop, lan: Account, minh: Account):
    workshop.review(workshop.retitle(lan, "Một"), by=lan, second=minh)
    checked = check_changes(workshop.session, "vneid", [HIEU], folder=workshop.folder, today=TODAY)
    workshop.retitle(lan, "Hai")
    with pytest.raises(CourseFileChanged):
        publishing.publish_files(workshop.session, checked, why="", by=lan, now=NOW)


# What learners see.


@pytest.mark.slow
def test_every_worker_serves_it_and_a_new_one_starts_with_it(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account
):
    one, other = (Worker(engine, workshop.folder, tmp_path / name) for name in ("one", "other"))
    workshop.review(workshop.retitle(lan, "Bài mới"), by=lan, second=minh)
    workshop.publish(lan)
    workshop.session.commit()
    assert one.titles() == other.titles() == ["Bài mới"]
    assert one.titles() == ["Bài mới"]
    assert (one.reloads, other.reloads) == (1, 1)
    assert one.catalog.library.course("vssid")
    assert {each.files_digest for each in one.catalog.library} == {each.files_digest for each in other.catalog.library}
    assert Worker(engine, workshop.folder, tmp_path / "one").titles(poll=False) == ["Bài mới"]
    assert "tên: Bài\n" in (workshop.folder / "vneid" / HIEU).read_text("utf-8")


def test_without_a_publication_the_folder_is_read_as_ever(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account
):
    worker = Worker(engine, workshop.folder, tmp_path / "data")
    workshop.retitle(lan, "Chưa đăng")
    workshop.session.commit()
    assert worker.titles() == ["Bài"]
    assert worker.reloads == 0
    assert worker.updates.find_folder() == workshop.folder
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_a_hidden_lesson_is_gone_and_comes_back_as_it_was(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, folder: Path
):
    make_courses(folder, "hai-bai")
    (folder / "vneid" / "02-hai").mkdir()
    (folder / "vneid" / "02-hai" / "hieu.md").write_bytes((folder / "vneid" / HIEU).read_bytes())
    worker = Worker(engine, folder, tmp_path / "data")
    assert len(worker.titles()) == 2
    part, given = HideablePart("hai"), {"folder": folder, "today": TODAY}
    checked = hiding.check_hiding(workshop.session, "vneid", part, **given)
    hiding.hide_or_show(workshop.session, checked, by=lan, folder=folder, now=NOW)
    workshop.session.commit()
    assert worker.titles() == ["Bài"]
    assert find_hidden_parts(workshop.session) == {"vneid": [part]}
    with pytest.raises(CourseFilesFaulty):  # a course without a lesson is none
        hiding.check_hiding(workshop.session, "vneid", HideablePart("mot"), **given)
    for unknown in ("hai", "khac", ""):
        with pytest.raises(NotFound):
            hiding.check_hiding(workshop.session, "vneid", HideablePart(unknown), **given)
    checked = hiding.check_showing(workshop.session, "vneid", part, **given)
    hiding.hide_or_show(workshop.session, checked, by=lan, folder=folder, now=NOW)
    workshop.session.commit()
    assert len(worker.titles()) == 2


@pytest.mark.slow
def test_the_folder_changes_beneath_what_is_published(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, folder: Path
):
    worker = Worker(engine, folder, tmp_path / "data")
    workshop.review(workshop.retitle(lan, "Bài mới"), by=lan, second=minh)
    workshop.publish(lan)
    workshop.session.commit()
    worker.titles()
    page = folder / "vneid" / COURSE_PAGE
    page.write_text(page.read_text("utf-8").replace("VNEID", "Khóa VNeID"), "utf-8")
    make_courses(folder, "etax")
    worker.reload()
    assert worker.titles() == ["Bài mới"]
    assert worker.catalog.library.course("vneid").name == "Khóa VNeID"
    assert worker.catalog.library.course("etax")


# What changes in the folder.


def rewrite(folder: Path, title: str) -> None:
    file = folder / "vneid" / HIEU
    lines = [f"tên: {title}" if line.startswith("tên:") else line for line in file.read_text("utf-8").split("\n")]
    file.write_text("\n".join(lines), "utf-8")


@pytest.mark.slow
def test_a_changed_folder_becomes_the_latest_where_the_workshop_has_nothing_newer(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, folder: Path
):
    worker = Worker(engine, folder, tmp_path / "data")
    workshop.review(workshop.retitle(lan, "Bài mới"), by=lan, second=minh)
    workshop.publish(lan)
    workshop.session.commit()
    assert worker.titles() == ["Bài mới"]
    rewrite(folder, "Bài mới")  # as after a pull of what was exported
    worker.reload()
    rewrite(folder, "Từ git")
    worker.reload()
    assert worker.titles() == ["Từ git"]
    latest = read_latest(workshop.session, "vneid", HIEU, folder=folder)
    assert "tên: Từ git" in latest.text.split("\n")
    assert workshop.state() == "published"
    worker.reload()
    assert len(find_history(workshop.session, "vneid", HIEU)) == 4


@pytest.mark.slow
def test_a_changed_folder_never_overwrites_what_the_workshop_has_newer(
    engine: Engine, workshop: Workshop, tmp_path: Path, lan: Account, minh: Account, folder: Path
):
    worker = Worker(engine, folder, tmp_path / "data")
    number = workshop.retitle(lan, "Bài mới")
    workshop.review(number, by=lan, second=minh)
    workshop.publish(lan)
    workshop.session.commit()
    worker.titles()
    rewrite(folder, "Từ git")
    worker.reload()
    assert worker.titles() == ["Bài mới"]
    history = find_history(workshop.session, "vneid", HIEU)
    [beside] = find_unmerged(history, number)
    assert (beside.source, beside.parent) == ("folder", 1)
    (folder / "vneid" / HIEU).write_text("---\nhỏng", "utf-8")  # what does not pass the check is none
    worker.reload()
    assert len(find_history(workshop.session, "vneid", HIEU)) == len(history)
    assert worker.titles() == ["Bài mới"]
