"""Pictures of the workshop: kept in the database, looked over and published with the text that shows them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.learning.accounts.account import Account
from lms.learning.errors import (
    CourseFilesFaulty,
    InvalidCourseFile,
    NotAllowed,
    NotFound,
    ReviewerIsAuthor,
    RevisionNotReviewed,
)
from lms.learning.store.models import FileContent
from lms.learning.workshop import pictures
from lms.learning.workshop.history_exchange import LibraryChange, import_library_history, read_library_history
from lms.learning.workshop.pictures import add_picture, read_picture, remove_unused_pictures
from lms.learning.workshop.published_revisions import read_published_bodies
from lms.learning.workshop.revision_pictures import pictures_named_in
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import find_heads, read_latest
from tests.learning.sample_courses import NOW
from tests.learning.workshop.workshop_actions import HIEU, Workshop, picture

PICTURE_PATH = "01-mot/images/man-hinh.png"
LATER = NOW + pictures.KEPT_UNUSED + timedelta(minutes=1)


def add(
    workshop: Workshop, by: Account, colour: str = "white", *, lesson: str = "01-mot", name: str = "man-hinh.png"
) -> str:
    return add_picture(workshop.session, "vneid", lesson, picture(colour, name), by=by, folder=workshop.folder, now=NOW)


def write(workshop: Workshop, by: Account, words: str, path: str = HIEU) -> int:
    """Add words to the end of a text."""
    latest = read_latest(workshop.session, "vneid", path, folder=workshop.folder)
    return save_revision(
        workshop.session, "vneid", path, f"{latest.text}\n{words}\n", parent=latest.number, why="", by=by,
        folder=workshop.folder, now=NOW,
    ).number  # fmt: skip


def published_bodies(workshop: Workshop) -> dict[str, bytes]:
    return read_published_bodies(workshop.session, "vneid", at=NOW)


def test_a_picture_is_looked_over_and_published_with_the_text_that_shows_it(workshop, lan, minh):
    path = add(workshop, lan)
    assert path == PICTURE_PATH
    number = write(workshop, lan, f"## Hình\n\n![Màn hình chính](images/{Path(path).name})")
    with pytest.raises(RevisionNotReviewed):
        workshop.publish(lan)
    workshop.review(number, by=lan, second=minh)
    assert workshop.state(path) == "approved"
    workshop.publish(lan)
    assert published_bodies(workshop)[path] == picture().body and published_bodies(workshop).keys() == {HIEU, path}
    assert workshop.state(path) == workshop.state() == "published"


def test_a_text_without_its_picture_is_not_published(workshop, lan, minh):
    number = write(workshop, lan, "## Hình\n\n![Màn hình chính](images/man-hinh.png)")
    workshop.review(number, by=lan, second=minh)
    with pytest.raises(CourseFilesFaulty):
        workshop.publish(lan)


def test_nobody_approves_a_text_with_her_own_picture(workshop, lan, minh):
    path = add(workshop, minh)
    number = write(workshop, lan, f"## Hình\n\n![Màn hình](images/{Path(path).name})")
    with pytest.raises(ReviewerIsAuthor):
        workshop.review(number, by=lan, second=minh)
    workshop.review(number, by=lan, second=workshop.add_account("Thu Hà", "organiser"))
    assert workshop.state(path) == "approved"


def test_another_picture_of_the_same_name_leaves_the_published_one_as_it_is(workshop, lan, minh):
    first = add(workshop, lan)
    number = write(workshop, lan, f"## Hình\n\n![Màn hình](images/{Path(first).name})")
    workshop.review(number, by=lan, second=minh)
    workshop.publish(lan)
    second = add(workshop, lan, "red")
    assert second == "01-mot/images/man-hinh-2.png"
    latest = read_latest(workshop.session, "vneid", HIEU, folder=workshop.folder)
    save_revision(
        workshop.session, "vneid", HIEU, latest.text.replace("man-hinh.png", "man-hinh-2.png"), parent=latest.number,
        why="", by=lan, folder=workshop.folder, now=NOW,
    )  # fmt: skip
    assert published_bodies(workshop)[first] == picture().body and second not in published_bodies(workshop)
    assert read_picture(workshop.session, "vneid", first, folder=workshop.folder) == picture().body


def test_a_picture_that_git_replaced_waits_for_a_second_person_and_the_old_one_stays_published(workshop, lan, minh):
    path = add(workshop, lan)
    number = write(workshop, lan, f"## Hình\n\n![Màn hình](images/{Path(path).name})")
    workshop.review(number, by=lan, second=minh)
    workshop.publish(lan)
    history = read_library_history(workshop.session)
    of_picture = next(change for change in history if change.path == path)
    newer = LibraryChange("vneid", path, picture("blue").body, "Hoa", NOW, "hình mới")
    import_library_history(workshop.session, [of_picture, newer], folder=workshop.folder, now=NOW)
    assert read_picture(workshop.session, "vneid", path, folder=workshop.folder) == picture("blue").body
    assert published_bodies(workshop)[path] == picture().body
    with pytest.raises(RevisionNotReviewed) as refused:
        workshop.publish(lan, HIEU)
    assert list(refused.value.paths) == [path]
    workshop.review(2, by=lan, second=minh, path=path)
    workshop.publish(lan, path)
    assert published_bodies(workshop)[path] == picture("blue").body


def test_pictures_go_out_with_the_history_and_come_back(workshop, lan):
    path = add(workshop, lan)
    write(workshop, lan, f"## Hình\n\n![Màn hình](images/{Path(path).name})")
    out = read_library_history(workshop.session)
    assert {change.path: change.body for change in out}[path] == picture().body


def test_the_same_picture_twice_is_kept_once(workshop, lan):
    assert add(workshop, lan) == add(workshop, lan, name="ten-khac.png")
    assert add(workshop, lan, lesson="") == "images/man-hinh.png"
    contents = workshop.session.scalar(select(func.count()).select_from(FileContent))
    assert contents == 1


def test_a_name_that_the_folder_has_is_not_taken(workshop, lan):
    images = workshop.folder / "vneid" / "01-mot" / "images"
    images.mkdir(exist_ok=True)
    (images / "Man-Hinh.png").write_bytes(picture("green").body)
    assert add(workshop, lan) == "01-mot/images/man-hinh-2.png"


@pytest.mark.parametrize("lesson", ["..", "../01-mot", "01-mot/..", "/etc", "01_mot", "images"])
def test_a_folder_that_is_no_lesson_gets_no_picture(workshop, lan, lesson):
    with pytest.raises(InvalidCourseFile):
        add(workshop, lan, lesson=lesson)
    assert find_heads(workshop.session, "vneid") == []


def test_only_authors_of_the_course_add_pictures(workshop):
    with pytest.raises(NotAllowed):
        add(workshop, workshop.add_account("Của phường", ward="27316"))
    with pytest.raises(NotAllowed):
        add(workshop, workshop.add_account("Người đứng lớp", "facilitator"))


def test_a_lesson_and_a_course_hold_so_much(workshop, lan, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_OF_LESSON", 2)
    add(workshop, lan), add(workshop, lan, "red")
    with pytest.raises(InvalidCourseFile, match="2 hình"):
        add(workshop, lan, "blue")
    monkeypatch.setattr(pictures, "MAX_BYTES_OF_COURSE", len(picture().body))
    with pytest.raises(InvalidCourseFile, match="nặng"):
        add(workshop, lan, "blue", lesson="")


def test_pictures_that_no_text_ever_named_are_removed_after_a_month(workshop, lan):
    kept = add(workshop, lan)
    number = write(workshop, lan, f"## Hình\n\n![Màn hình](images/{Path(kept).name})")
    unused = add(workshop, lan, "red")
    latest = read_latest(workshop.session, "vneid", HIEU, folder=workshop.folder)
    without = latest.text.replace("man-hinh.png", "khac.png")  # the earlier revision still shows it
    save_revision(
        workshop.session, "vneid", HIEU, without, parent=number, why="", by=lan, folder=workshop.folder, now=NOW
    )  # fmt: skip
    assert remove_unused_pictures(workshop.session, "vneid", now=LATER - timedelta(days=1)) == []
    assert remove_unused_pictures(workshop.session, "vneid", now=LATER) == [unused]
    assert read_picture(workshop.session, "vneid", kept, folder=workshop.folder) == picture().body
    with pytest.raises(NotFound):
        read_picture(workshop.session, "vneid", unused, folder=workshop.folder)
    assert add(workshop, lan, "red") == unused


@pytest.mark.parametrize("path", ["../../etc/passwd", "01-mot/images/../../x.png", "course.md", "01-mot/hieu.md"])
def test_what_is_no_picture_of_the_course_is_not_read(workshop, lan, path):
    with pytest.raises((InvalidCourseFile, NotFound)):
        read_picture(workshop.session, "vneid", path, folder=workshop.folder)


def test_a_link_out_of_the_course_is_not_read(workshop, tmp_path):
    (tmp_path / "ngoai.png").write_bytes(picture().body)
    images = workshop.folder / "vneid" / "01-mot" / "images"
    images.mkdir(exist_ok=True)
    (images / "lien-ket.png").symlink_to(tmp_path / "ngoai.png")
    with pytest.raises(NotFound):
        read_picture(workshop.session, "vneid", "01-mot/images/lien-ket.png", folder=workshop.folder)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("![Hình](images/a-1.png)", {"01-mot/images/a-1.png"}),
        ("- [ảnh] Trang {src=images/zalo.png}", {"01-mot/images/zalo.png"}),
        ("- [ảnh] Trang {src=images/b.JPG}", {"01-mot/images/b.JPG"}),
        ("![Hình](./images/a-1.png)", {"01-mot/images/a-1.png"}),
        ("![x](../02-hai/images/c.png) và ../images/d.png", set()),
        ("images/ và .png", set()),
    ],
)
def test_the_pictures_of_a_text_are_found(text, named):
    assert pictures_named_in(text, HIEU) == named
