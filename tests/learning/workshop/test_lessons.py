"""Lessons of the workshop: begun from a sample, copied, moved to another course, and deleted as drafts."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.content.course_reader import read_course_result
from lms.content.hideable_parts import HideablePart
from lms.content.overlay import overlaid_courses
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFilesFaulty, InvalidCourseFile, NotAllowed, NotFound
from lms.learning.store.models import FileContent
from lms.learning.workshop import hiding, pictures, publishing, revision_review
from lms.learning.workshop.courses import create_course
from lms.learning.workshop.draft_deletion import delete_draft_lesson
from lms.learning.workshop.lesson_copy import rewrite_for_copy
from lms.learning.workshop.lessons import copy_lesson, create_lesson, find_lessons
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import find_heads, latest_files, read_latest
from tests.content.course_folders import TODAY, make_lesson
from tests.learning.sample_courses import NOW
from tests.learning.workshop.workshop_actions import Workshop, picture

WARD = "27316"


@pytest.fixture
def of_ward(workshop: Workshop) -> Account:
    by = workshop.add_account("Của phường", ward=WARD)
    create_course(workshop.session, "phuong-ta", ward=WARD, taken=(), by=by, now=NOW)
    return by


def create(workshop: Workshop, by: Account, title: str, course: str = "vneid", slug: str = "") -> str:
    return create_lesson(workshop.session, course, title, slug=slug, by=by, folder=workshop.folder, now=NOW)


def copy(
    workshop: Workshop, by: Account, target: str, lesson: str = "01-mot", *, replaces_original: bool = False
) -> str:
    return copy_lesson(
        workshop.session, "vneid", lesson, target, replaces_original=replaces_original, by=by, folder=workshop.folder,
        now=NOW,
    )  # fmt: skip


def text(workshop: Workshop, path: str, course: str = "vneid") -> str:
    return read_latest(workshop.session, course, path, folder=workshop.folder).text


@pytest.mark.parametrize(
    "title", ["Đổi số điện thoại", "Một: hai # ba", '"Ngoặc" {kép}', "- gạch", "nháp: không", "  <b>Đậm</b> \n x"]
)
def test_a_new_lesson_is_a_draft_without_errors_behind_the_last(workshop, lan, title):
    lesson = create(workshop, lan, title, slug="doi-so")
    assert lesson == "02-doi-so"
    with overlaid_courses(workshop.folder, {"vneid": latest_files(workshop.session, "vneid")}) as root:
        found = read_course_result(root / "vneid", today=TODAY)
    assert found.course is not None and [problem for problem in found.problems if problem.level == "error"] == []
    assert [draft.slug for draft in found.course.drafts] == ["doi-so"]
    assert found.course.drafts[0].name == " ".join(title.split()).strip('"') or title.startswith('"')


def test_the_folder_is_named_after_the_title(workshop, lan):
    assert create(workshop, lan, "Đổi số điện thoại") == "02-doi-so-dien-thoai"
    assert create(workshop, lan, "Mở ví") == "03-mo-vi"


@pytest.mark.parametrize(
    ("title", "slug"),
    [("", ""), ("x" * 81, ""), ("图片", ""), ("Bài", "mot"), ("Bài", "../x"), ("Bài", "Hoa"), ("Bài", "a/b")],
)
def test_titles_and_names_that_no_lesson_can_have_are_refused(workshop, lan, title, slug):
    with pytest.raises(InvalidCourseFile):
        create(workshop, lan, title, slug=slug)
    assert find_heads(workshop.session, "vneid") == []


def test_a_ward_copies_a_lesson_of_the_city_as_its_own_draft(workshop, lan, of_ward):
    latest = read_latest(workshop.session, "vneid", "01-mot/hieu.md", folder=workshop.folder)
    more = f"{latest.text}\n[Khóa](../course.md), [hai](../02-hai/hieu.md), [khác](../../vssid/01-mot/hieu.md)\n"
    save_revision(
        workshop.session, "vneid", "01-mot/hieu.md", more, parent=0, why="", by=lan, folder=workshop.folder, now=NOW
    )  # fmt: skip
    lesson = copy(workshop, of_ward, "phuong-ta")
    copied = text(workshop, f"{lesson}/hieu.md", "phuong-ta")
    assert "nháp: có" in copied and "chuyển từ" not in copied
    assert "(../../vneid/course.md)" in copied and "(../../vneid/02-hai/hieu.md)" in copied
    assert "(../../vssid/01-mot/hieu.md)" in copied
    assert {head.path for head in find_heads(workshop.session, "phuong-ta")} >= {
        f"{lesson}/lam.md",
        f"{lesson}/dung.md",
    }
    assert copy(workshop, of_ward, "phuong-ta") == "02-mot-2"


def test_an_author_of_a_ward_changes_nothing_in_other_courses(workshop, of_ward):
    for attempt in (
        lambda: create(workshop, of_ward, "Bài"),
        lambda: copy(workshop, of_ward, "vssid"),
        lambda: copy(workshop, of_ward, "phuong-ta", replaces_original=True),
        lambda: delete_draft_lesson(workshop.session, "vneid", "01-mot", by=of_ward, folder=workshop.folder, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert find_heads(workshop.session, "vneid") == find_heads(workshop.session, "phuong-ta") == []


@pytest.mark.slow
def test_a_moved_lesson_takes_the_place_of_the_old_one_once_that_is_hidden(workshop, lan):
    second = workshop.add_account("Thu Hà", "organiser")
    make_lesson(workshop.folder / "vneid" / "02-hai", "Còn lại")
    lesson = copy(workshop, lan, "vssid", replaces_original=True)
    path = f"{lesson}/hieu.md"
    moved = text(workshop, path, "vssid").replace("nháp: có\n", "")
    assert "chuyển từ:\n  - vneid/mot\n" in moved
    save_revision(workshop.session, "vssid", path, moved, parent=1, why="", by=lan, folder=workshop.folder, now=NOW)
    paths = [head.path for head in find_heads(workshop.session, "vssid")]
    for each in paths:
        approve(workshop, "vssid", each, by=lan, second=second)
    with pytest.raises(CourseFilesFaulty):
        publish(workshop, "vssid", paths, second)
    given = {"folder": workshop.folder, "today": TODAY}
    checked = hiding.check_hiding(workshop.session, "vneid", HideablePart("mot"), **given)
    hiding.hide_or_show(workshop.session, checked, by=second, folder=workshop.folder, now=NOW)
    publish(workshop, "vssid", paths, second)


def approve(workshop: Workshop, course: str, path: str, *, by: Account, second: Account) -> None:
    number = revision_review.find_file_state(workshop.session, course, path).latest
    revision_review.submit_for_review(workshop.session, course, path, number, note="", by=by, now=NOW)
    revision_review.approve_revision(workshop.session, course, path, number, note="", by=second, now=NOW)


def publish(workshop: Workshop, course: str, paths: list[str], by: Account) -> None:
    checked = check_changes(workshop.session, course, paths, folder=workshop.folder, today=TODAY)
    publishing.publish_files(workshop.session, checked, why="", by=by, now=NOW)


def test_a_copy_keeps_to_the_limits_of_pictures_of_the_other_course(workshop, lan, of_ward, monkeypatch):
    images = workshop.folder / "vneid" / "01-mot" / "images"
    images.mkdir(exist_ok=True)
    for colour in ("red", "blue"):
        (images / f"man-{colour}.png").write_bytes(picture(colour).body)
    bodies = [path.read_bytes() for path in images.iterdir()]
    monkeypatch.setattr(pictures, "MAX_OF_LESSON", len(bodies) - 1)
    with pytest.raises(InvalidCourseFile, match=f"Bài có {len(bodies)} hình"):
        copy(workshop, of_ward, "phuong-ta")
    monkeypatch.undo()
    monkeypatch.setattr(pictures, "MAX_BYTES_OF_COURSE", sum(map(len, bodies)))
    copy(workshop, of_ward, "phuong-ta")
    assert copy(workshop, of_ward, "phuong-ta") == "02-mot-2"  # the same pictures weigh once
    monkeypatch.setattr(pictures, "MAX_BYTES_OF_COURSE", sum(map(len, bodies)) - 1)
    with pytest.raises(InvalidCourseFile, match="bớt hình trong bài"):
        copy(workshop, lan, "vneid")


def test_a_draft_that_was_never_published_is_deleted_with_all_its_revisions(workshop, lan):
    lesson = create(workshop, lan, "Bài nháp")
    path = f"{lesson}/hieu.md"
    save_revision(workshop.session, "vneid", path, "khác", parent=1, why="", by=lan, folder=workshop.folder, now=NOW)
    delete_draft_lesson(workshop.session, "vneid", lesson, by=lan, folder=workshop.folder, now=NOW)
    assert find_heads(workshop.session, "vneid") == []
    assert workshop.session.scalar(select(func.count()).select_from(FileContent)) == 0
    assert [each.folder for each in find_lessons(workshop.session, "vneid", folder=workshop.folder)] == ["01-mot"]
    with pytest.raises(NotFound):
        delete_draft_lesson(workshop.session, "vneid", lesson, by=lan, folder=workshop.folder, now=NOW)


def test_what_learners_may_have_seen_is_not_deleted(workshop, lan):
    second = workshop.add_account("Thu Hà", "organiser")
    number = workshop.retitle(lan, "Tên mới")
    workshop.review(number, by=lan, second=second)
    workshop.publish(second)
    with pytest.raises(InvalidCourseFile, match="ẩn bài"):
        delete_draft_lesson(workshop.session, "vneid", "01-mot", by=lan, folder=workshop.folder, now=NOW)
    assert text(workshop, "01-mot/hieu.md").count("Tên mới") == 1


def test_the_shared_text_of_another_lesson_stays(workshop, lan):
    first, second = create(workshop, lan, "Một bài"), create(workshop, lan, "Hai bài")
    delete_draft_lesson(workshop.session, "vneid", first, by=lan, folder=workshop.folder, now=NOW)
    assert "Số định danh" in text(workshop, f"{second}/lam.md")


@pytest.mark.parametrize(
    ("former", "written"),
    [
        ("", "---\ntên: A\nnháp: có\n---\nx"),
        ("vneid/mot", "---\ntên: A\nnháp: có\nchuyển từ:\n  - vneid/cu\n  - b/c\n  - vneid/mot\n---\nx"),
    ],
)
@pytest.mark.parametrize("typed", ["chuyển từ:\n  - cu\n  - b/c", 'chuyển từ: cu, "b/c"'])
def test_marks_of_the_original_stand_once(former, written, typed):
    original = f"---\n{typed}\nnháp: có\ntên: A\n---\nx"
    assert rewrite_for_copy("hieu.md", original.encode(), source="vneid", target="b", former=former).decode() == written
