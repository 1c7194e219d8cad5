"""Revisions in the workshop: nothing that an author wrote is lost, and nobody writes in another's course."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from lms.learning.accounts import account_store
from lms.learning.accounts.account import Account
from lms.learning.accounts.forgetting import Transactions, erase_names, revoke_duties
from lms.learning.accounts.name_occurrences import REPLACEMENT_NAME
from lms.learning.errors import CourseFileChanged, InvalidCourseFile, NotAllowed, NotFound
from lms.learning.workshop.courses import create_course
from lms.learning.workshop.revision_saving import SaveResult, restore_revision, save_revision
from lms.learning.workshop.revisions import find_history, find_unmerged, read_latest, read_revision
from tests.learning.sample_courses import NOW

WARD, OTHER_WARD = "27316", "26740"
FILE = "01-ba-loai-ma/hieu.md"
TEXT = "Một\n\nHai\n\nBa\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = tmp_path / "courses" / "vneid" / FILE
    file.parent.mkdir(parents=True)
    file.write_text(TEXT.replace("\n", "\r\n"), "utf-8")
    return tmp_path / "courses"


def account(session: Session, name: str, *, ward: str = "", role: str = "author") -> Account:
    return account_store.add_account(session, name=name, roles={role}, ward=ward, by=None, now=NOW)


@pytest.fixture
def lan(session: Session) -> Account:
    return account(session, "Nguyễn Thị Lan")


@pytest.fixture
def minh(session: Session) -> Account:
    return account(session, "Trần Văn Minh")


def save(session: Session, folder: Path, by: Account, text: str, *, parent: int = 0, **given) -> SaveResult:
    course, path = given.pop("course", "vneid"), given.pop("path", FILE)
    return save_revision(
        session, course, path, text, parent=parent, why=given.pop("why", ""), by=by, folder=folder, now=NOW, **given
    )


def test_a_file_is_read_from_the_folder_until_somebody_saves_it(session: Session, folder: Path, lan: Account):
    read = read_latest(session, "vneid", FILE, folder=folder)
    assert (read.number, read.text) == (0, TEXT)
    number = save(session, folder, lan, "Khác\r\n", why="  viết\n lại ").number
    latest = read_latest(session, "vneid", FILE, folder=folder)
    assert (latest.number, latest.text, latest.author_name) == (number, "Khác\n", "Nguyễn Thị Lan")
    newest, oldest = find_history(session, "vneid", FILE)
    assert (newest.why, newest.parent, newest.source) == ("viết lại", oldest.number, "web")
    assert (oldest.source, oldest.author_id) == ("folder", None)
    assert read_revision(session, "vneid", FILE, oldest.number).text == TEXT


def test_the_same_text_is_kept_once(session: Session, folder: Path, lan: Account, minh: Account):
    first = save(session, folder, lan, "Khác\n")
    assert save(session, folder, lan, "Khác\n") == first
    begun = save(session, folder, minh, "Của Minh\n", parent=1)
    assert save(session, folder, minh, "Của Minh\n", parent=1).number == begun.number
    assert len(find_history(session, "vneid", FILE)) == 3


def test_two_authors_keep_both_texts_and_see_them_merged(session: Session, folder: Path, lan: Account, minh: Account):
    lans = save(session, folder, lan, TEXT.replace("Một", "Một của Lan"))
    minhs = save(session, folder, minh, TEXT.replace("Ba", "Ba của Minh"))
    assert minhs.merge
    assert (minhs.merge.text, minhs.merge.conflicts) == ("Một của Lan\n\nHai\n\nBa của Minh\n", 0)
    assert (minhs.merge.other, minhs.merge.other_author) == (lans.number, "Nguyễn Thị Lan")
    assert read_latest(session, "vneid", FILE, folder=folder).text == TEXT.replace("Một", "Một của Lan")
    assert read_revision(session, "vneid", FILE, minhs.number).text == TEXT.replace("Ba", "Ba của Minh")
    history = find_history(session, "vneid", FILE)
    assert [each.number for each in find_unmerged(history, lans.number)] == [minhs.number]

    merge = minhs.merge
    saved = save(session, folder, minh, merge.text, parent=merge.other, merged=merge.mine)
    assert saved.merge is None
    assert read_latest(session, "vneid", FILE, folder=folder).text == merge.text
    assert find_unmerged(find_history(session, "vneid", FILE), saved.number) == []


def test_a_save_that_is_sent_again_does_not_meet_itself(session: Session, folder: Path, lan: Account, minh: Account):
    lans = save(session, folder, lan, TEXT.replace("Hai", "Hai của Lan"))
    merge = save(session, folder, minh, TEXT.replace("Ba", "Ba của Minh")).merge
    assert merge
    both = [save(session, folder, minh, merge.text, parent=merge.other, merged=merge.mine) for _ in range(2)]
    assert both[0] == both[1] == SaveResult(lans.number + 2)

    save(session, folder, lan, merge.text.replace("Hai của Lan", "Hai"), parent=both[0].number)
    again = save(session, folder, minh, merge.text, parent=merge.other, merged=merge.mine)
    assert again.number == both[0].number
    assert again.merge
    assert (again.merge.text, again.merge.conflicts) == (merge.text.replace("Hai của Lan", "Hai"), 0)
    assert save(session, folder, minh, again.merge.text, parent=again.merge.other, merged=again.number).merge is None
    assert len(find_history(session, "vneid", FILE)) == 5


def test_where_both_changed_one_line_both_stand_between_marks(
    session: Session, folder: Path, lan: Account, minh: Account
):
    save(session, folder, lan, TEXT.replace("Hai", "Hai của Lan"))
    merge = save(session, folder, minh, TEXT.replace("Hai", "Hai của Minh")).merge
    assert merge
    assert merge.conflicts == 1
    assert merge.text.split("\n")[2:7] == [
        "<<<<<<< bản của bác", "Hai của Minh", "=======", "Hai của Lan", ">>>>>>> bản của Nguyễn Thị Lan",
    ]  # fmt: skip


def test_two_who_begin_the_same_new_file_keep_both(session: Session, folder: Path, lan: Account, minh: Account):
    path = "02-moi/hieu.md"
    lans, minhs = (save(session, folder, by, by.name, path=path) for by in (lan, minh))
    assert minhs.merge
    assert {lan.name, minh.name} <= set(minhs.merge.text.split("\n"))
    assert read_latest(session, "vneid", path, folder=folder).number == lans.number


def test_an_earlier_revision_comes_back_as_a_new_one(session: Session, folder: Path, lan: Account):
    number = save(session, folder, lan, "Hỏng\n").number
    restored = restore_revision(session, "vneid", FILE, 1, latest=number, by=lan, folder=folder, now=NOW)
    assert read_latest(session, "vneid", FILE, folder=folder).text == TEXT
    assert [each.number for each in find_history(session, "vneid", FILE)] == [restored, number, 1]
    with pytest.raises(CourseFileChanged):
        restore_revision(session, "vneid", FILE, 1, latest=number, by=lan, folder=folder, now=NOW)


@pytest.mark.parametrize(
    "path",
    [
        "../vneid/hieu.md", "01-bai/../../x/hieu.md", "/etc/passwd", "01-bai/ghi-chu.md", "hieu.md", "course.md/..",
        "01-bai\\hieu.md", ".git/config", "01-bai/images/../hieu.md", "01-Bài/hieu.md", "course.md\0", "",
        "01-bai/images/x.exe", f"01-{'a' * 200}/hieu.md", "images/.png",
    ],
)  # fmt: skip
def test_names_that_no_course_has_are_refused(session: Session, folder: Path, lan: Account, path: str):
    with pytest.raises(InvalidCourseFile):
        save(session, folder, lan, "x", path=path)
    with pytest.raises(InvalidCourseFile):
        read_latest(session, "vneid", path, folder=folder)


@pytest.mark.parametrize("course", ["..", "../vneid", "soan", "", "a/b", "Khóa"])
def test_names_that_no_course_can_have_are_refused(session: Session, folder: Path, lan: Account, course: str):
    with pytest.raises(InvalidCourseFile):
        save(session, folder, lan, "x", course=course)


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 500_001])
def test_damaged_and_endless_texts_are_refused(session: Session, folder: Path, lan: Account, text: str):
    with pytest.raises(InvalidCourseFile):
        save(session, folder, lan, text)


def test_a_link_out_of_the_course_is_not_read(session: Session, folder: Path, tmp_path: Path):
    secret = tmp_path / "secret.md"
    secret.write_text("bí mật", "utf-8")
    (folder / "vneid" / FILE).unlink()
    (folder / "vneid" / FILE).symlink_to(secret)
    with pytest.raises(InvalidCourseFile):
        read_latest(session, "vneid", FILE, folder=folder)


def test_what_is_not_there_is_not_found(session: Session, folder: Path, lan: Account):
    with pytest.raises(NotFound):
        read_latest(session, "vneid", "09-khac/hieu.md", folder=folder)
    with pytest.raises(NotFound):
        save(session, folder, lan, "x", course="khac")
    with pytest.raises(NotFound):
        save(session, folder, lan, "x", parent=7)


def test_only_authors_of_its_ward_write_a_course(session: Session, folder: Path, lan: Account):
    of_ward, of_other = (account(session, f"Lê Văn {ward}", ward=ward) for ward in (WARD, OTHER_WARD))
    create_course(session, "khu-pho", ward=WARD, taken=["vneid"], by=of_ward, now=NOW)
    saved = save(session, folder, of_ward, "---\n", course="khu-pho", path="course.md")
    assert save(session, folder, lan, "---\nx\n", course="khu-pho", path="course.md", parent=saved.number).merge is None
    for by, course in ((of_other, "khu-pho"), (of_ward, "vneid")):
        with pytest.raises(NotAllowed):
            save(session, folder, by, "x", course=course, path="course.md")
    organiser = account(session, "Phạm Tổ Chức", role="organiser")
    with pytest.raises(NotAllowed):
        save(session, folder, organiser, "x")
    for name in ("vneid", "khu-pho", "soan"):
        with pytest.raises(InvalidCourseFile):
            create_course(session, name, ward=WARD, taken=["vneid"], by=of_ward, now=NOW)
    with pytest.raises(NotAllowed):
        create_course(session, "cua-phuong-khac", ward=OTHER_WARD, taken=[], by=of_ward, now=NOW)


def test_a_forgotten_author_stands_in_no_revision(session: Session, folder: Path, lan: Account, minh: Account):
    save(session, folder, lan, "Một\n", why="theo Nguyễn Thị Lan xem lại")
    shutil.rmtree(folder)
    in_session = Transactions(read=lambda do: do(session), write=lambda do: do(session))
    revoke_duties(session, lan, now=NOW)
    erase_names(in_session, lan.id, now=NOW + timedelta(minutes=1))
    newest = find_history(session, "vneid", FILE)[0]
    assert newest.author_name == REPLACEMENT_NAME
    assert newest.why == f"theo {REPLACEMENT_NAME.lower()} xem lại"
