"""Pictures of the workshop: kept in the database, looked over and published with the text that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from lms.learning.errors import (
    CourseFilesFaulty,
    InvalidCourseFile,
    NotAllowed,
    NotFound,
    ReviewerIsAuthor,
    RevisionNotReviewed,
)
from lms.learning.store.database import write_sessions
from lms.learning.store.models import FileContent
from lms.learning.workshop import pictures
from lms.learning.workshop.history_exchange import LibraryChange, import_library_history, read_library_history
from lms.learning.workshop.pictures import add_picture, read_picture, remove_unused_pictures
from lms.learning.workshop.published_revisions import read_published_bodies
from lms.learning.workshop.revision_pictures import pictures_named_in
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import find_heads, read_latest
from tests.content.course_folders import make_courses
from tests.learning.sample_courses import NOW
from tests.learning.workshop_desk import HIEU, Desk, picture

PICTURE_PATH = "01-mot/images/man-hinh.png"
LATER = NOW + pictures.KEPT_UNUSED + timedelta(minutes=1)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_sessions(engine)() as session:
        yield session


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return Desk(session, make_courses(tmp_path / "courses"))


@pytest.fixture
def lan(desk: Desk) -> Account:
    return desk.add_account("Lan Anh")


@pytest.fixture
def minh(desk: Desk) -> Account:
    return desk.add_account("Minh Tú")


def add(desk: Desk, by: Account, colour: str = "white", *, lesson: str = "01-mot", name: str = "man-hinh.png") -> str:
    return add_picture(desk.session, "vneid", lesson, picture(colour, name), by=by, folder=desk.folder, now=NOW)


def write(desk: Desk, by: Account, words: str, path: str = HIEU) -> int:
    """Add words to the end of a text."""
    latest = read_latest(desk.session, "vneid", path, folder=desk.folder)
    return save_revision(
        desk.session, "vneid", path, f"{latest.text}\n{words}\n", parent=latest.number, why="", by=by,
        folder=desk.folder, now=NOW,
    ).number  # fmt: skip


def on_air(desk: Desk) -> dict[str, bytes | None]:
    return read_published_bodies(desk.session, "vneid", at=NOW)


def test_a_picture_is_looked_over_and_published_with_the_text_that_shows_it(desk, lan, minh):
    path = add(desk, lan)
    assert path == PICTURE_PATH
    number = write(desk, lan, f"## Hình\n\n![Màn hình chính](images/{Path(path).name})")
    with pytest.raises(RevisionNotReviewed):
        desk.publish(lan)
    desk.review(number, by=lan, second=minh)
    assert desk.state(path) == "approved"
    desk.publish(lan)
    assert on_air(desk)[path] == picture().body and on_air(desk).keys() == {HIEU, path}
    assert desk.state(path) == desk.state() == "published"


def test_a_text_without_its_picture_is_not_published(desk, lan, minh):
    number = write(desk, lan, "## Hình\n\n![Màn hình chính](images/man-hinh.png)")
    desk.review(number, by=lan, second=minh)
    with pytest.raises(CourseFilesFaulty):
        desk.publish(lan)


def test_nobody_approves_a_text_with_her_own_picture(desk, lan, minh):
    path = add(desk, minh)
    number = write(desk, lan, f"## Hình\n\n![Màn hình](images/{Path(path).name})")
    with pytest.raises(ReviewerIsAuthor):
        desk.review(number, by=lan, second=minh)
    desk.review(number, by=lan, second=desk.add_account("Thu Hà", "organiser"))
    assert desk.state(path) == "approved"


def test_another_picture_of_the_same_name_leaves_the_one_on_the_air_as_it_is(desk, lan, minh):
    first = add(desk, lan)
    number = write(desk, lan, f"## Hình\n\n![Màn hình](images/{Path(first).name})")
    desk.review(number, by=lan, second=minh)
    desk.publish(lan)
    second = add(desk, lan, "red")
    assert second == "01-mot/images/man-hinh-2.png"
    latest = read_latest(desk.session, "vneid", HIEU, folder=desk.folder)
    save_revision(
        desk.session, "vneid", HIEU, latest.text.replace("man-hinh.png", "man-hinh-2.png"), parent=latest.number,
        why="", by=lan, folder=desk.folder, now=NOW,
    )  # fmt: skip
    assert on_air(desk)[first] == picture().body and second not in on_air(desk)
    assert read_picture(desk.session, "vneid", first, folder=desk.folder) == picture().body


def test_a_picture_that_git_replaced_waits_for_a_second_person_and_the_old_one_stays_on_the_air(desk, lan, minh):
    path = add(desk, lan)
    number = write(desk, lan, f"## Hình\n\n![Màn hình](images/{Path(path).name})")
    desk.review(number, by=lan, second=minh)
    desk.publish(lan)
    history = read_library_history(desk.session)
    of_picture = next(change for change in history if change.path == path)
    newer = LibraryChange("vneid", path, picture("blue").body, "Hoa", NOW, "hình mới")
    import_library_history(desk.session, [of_picture, newer], folder=desk.folder, now=NOW)
    assert read_picture(desk.session, "vneid", path, folder=desk.folder) == picture("blue").body
    assert on_air(desk)[path] == picture().body
    with pytest.raises(RevisionNotReviewed) as refused:
        desk.publish(lan, HIEU)
    assert list(refused.value.paths) == [path]
    desk.review(2, by=lan, second=minh, path=path)
    desk.publish(lan, path)
    assert on_air(desk)[path] == picture("blue").body


def test_pictures_go_out_with_the_history_and_come_back(desk, lan):
    path = add(desk, lan)
    write(desk, lan, f"## Hình\n\n![Màn hình](images/{Path(path).name})")
    out = read_library_history(desk.session)
    assert {change.path: change.body for change in out}[path] == picture().body


def test_the_same_picture_twice_is_kept_once(desk, lan):
    assert add(desk, lan) == add(desk, lan, name="ten-khac.png")
    assert add(desk, lan, lesson="") == "images/man-hinh.png"
    contents = desk.session.scalar(select(func.count()).select_from(FileContent))
    assert contents == 1


def test_a_name_that_the_folder_has_is_not_taken(desk, lan):
    images = desk.folder / "vneid" / "01-mot" / "images"
    images.mkdir(exist_ok=True)
    (images / "Man-Hinh.png").write_bytes(picture("green").body)
    assert add(desk, lan) == "01-mot/images/man-hinh-2.png"


@pytest.mark.parametrize("lesson", ["..", "../01-mot", "01-mot/..", "/etc", "01_mot", "images"])
def test_a_folder_that_is_no_lesson_gets_no_picture(desk, lan, lesson):
    with pytest.raises(InvalidCourseFile):
        add(desk, lan, lesson=lesson)
    assert find_heads(desk.session, "vneid") == []


def test_only_authors_of_the_course_add_pictures(desk):
    with pytest.raises(NotAllowed):
        add(desk, desk.add_account("Của phường", ward="27316"))
    with pytest.raises(NotAllowed):
        add(desk, desk.add_account("Người đứng lớp", "facilitator"))


def test_a_lesson_and_a_course_hold_so_much(desk, lan, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_OF_LESSON", 2)
    add(desk, lan), add(desk, lan, "red")
    with pytest.raises(InvalidCourseFile, match="2 hình"):
        add(desk, lan, "blue")
    monkeypatch.setattr(pictures, "MAX_BYTES_OF_COURSE", len(picture().body))
    with pytest.raises(InvalidCourseFile, match="nặng"):
        add(desk, lan, "blue", lesson="")


def test_pictures_that_no_text_ever_named_are_removed_after_a_month(desk, lan):
    kept = add(desk, lan)
    number = write(desk, lan, f"## Hình\n\n![Màn hình](images/{Path(kept).name})")
    unused = add(desk, lan, "red")
    latest = read_latest(desk.session, "vneid", HIEU, folder=desk.folder)
    without = latest.text.replace("man-hinh.png", "khac.png")  # the earlier revision still shows it
    save_revision(
        desk.session, "vneid", HIEU, without, parent=number, why="", by=lan, folder=desk.folder, now=NOW
    )  # fmt: skip
    assert remove_unused_pictures(desk.session, "vneid", now=LATER - timedelta(days=1)) == []
    assert remove_unused_pictures(desk.session, "vneid", now=LATER) == [unused]
    assert read_picture(desk.session, "vneid", kept, folder=desk.folder) == picture().body
    with pytest.raises(NotFound):
        read_picture(desk.session, "vneid", unused, folder=desk.folder)
    assert add(desk, lan, "red") == unused


@pytest.mark.parametrize("path", ["../../etc/passwd", "01-mot/images/../../x.png", "course.md", "01-mot/hieu.md"])
def test_what_is_no_picture_of_the_course_is_not_read(desk, lan, path):
    with pytest.raises((InvalidCourseFile, NotFound)):
        read_picture(desk.session, "vneid", path, folder=desk.folder)


def test_a_link_out_of_the_course_is_not_read(desk, tmp_path):
    (tmp_path / "ngoai.png").write_bytes(picture().body)
    images = desk.folder / "vneid" / "01-mot" / "images"
    images.mkdir(exist_ok=True)
    (images / "lien-ket.png").symlink_to(tmp_path / "ngoai.png")
    with pytest.raises(NotFound):
        read_picture(desk.session, "vneid", "01-mot/images/lien-ket.png", folder=desk.folder)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("![Hình](images/a-1.png)", {"01-mot/images/a-1.png"}),
        ("- ảnh (images/zalo.png): Trang", {"01-mot/images/zalo.png"}),
        ("- [ảnh] Trang {src=images/b.JPG}", {"01-mot/images/b.JPG"}),
        ("![Hình](./images/a-1.png)", {"01-mot/images/a-1.png"}),
        ("![x](../02-hai/images/c.png) và ../images/d.png", set()),
        ("images/ và .png", set()),
    ],
)
def test_the_pictures_of_a_text_are_found(text, named):
    assert pictures_named_in(text, HIEU) == named
