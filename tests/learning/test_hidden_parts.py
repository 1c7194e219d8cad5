"""A hidden lesson or translation stays hidden, whatever comes to it, and comes back as learners read it before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.content.hideable_parts import HideablePart
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty, NotFound
from lms.learning.store.database import write_sessions
from lms.learning.workshop import hiding, publishing
from lms.learning.workshop.returning_parts import ReturningPart, find_hidden_parts, find_returning_part
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import find_revision
from tests.content.course_folders import PNG, TODAY, make_courses, make_lesson
from tests.learning.publication_worker import Worker
from tests.learning.sample_courses import NOW
from tests.learning.workshop_desk import HIEU, Desk
from tests.translated_lesson import ENGLISH, write_translated_course

LATER = NOW + timedelta(minutes=1)
LESSON, FILE = HideablePart("02-hai"), "02-hai/hieu.md"
ENGLISH_OF_LESSON = HideablePart("01-mo-may", "en")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Its commits are seen by the workers."""
    with write_sessions(engine)() as session:
        yield session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    courses = make_courses(tmp_path / "courses")
    make_lesson(courses / "vneid" / "02-hai", "Bài hai")
    return courses


@pytest.fixture
def desk(session: Session, folder: Path) -> Desk:
    return Desk(session, folder)


@pytest.fixture
def lan(desk: Desk) -> Account:
    return desk.add_account("Lan Anh")


@pytest.fixture
def minh(desk: Desk) -> Account:
    return desk.add_account("Minh Tú")


def hide(desk: Desk, by: Account, part: HideablePart = LESSON, course: str = "vneid", now=NOW) -> None:
    checked = hiding.check_hiding(desk.session, course, part, folder=desk.folder, today=TODAY, now=now)
    hiding.hide_part(desk.session, checked, part, by=by, folder=desk.folder, now=now)
    desk.session.commit()


def show(desk: Desk, by: Account, part: HideablePart = LESSON, course: str = "vneid", now=NOW) -> None:
    checked = hiding.check_showing(desk.session, course, part, folder=desk.folder, today=TODAY, now=now)
    hiding.show_part(desk.session, checked, part, by=by, folder=desk.folder, now=now)
    desk.session.commit()


def schedule_new_file(desk: Desk, lan: Account, minh: Account, *beside: str, due_at: datetime) -> str:
    """A practice that the lesson has not yet, scheduled together with other approved files; returns its path."""
    path, source = "02-hai/lam-khac.md", desk.folder / "vneid" / "02-hai" / "lam.md"
    text = source.read_text("utf-8").replace("tên: ", "tên: Khác ", 1)
    saved = save_revision(
        desk.session, "vneid", path, text, parent=None, why="", by=lan, folder=desk.folder, now=NOW
    )  # fmt: skip
    desk.review(saved.number, by=lan, second=minh, path=path)
    desk.publish(lan, path, *beside, due_at=due_at)
    desk.session.commit()
    return path


def find(desk: Desk, *, is_sound: bool = True) -> ReturningPart:
    found = find_returning_part(desk.session, "vneid", LESSON, folder=desk.folder, is_sound=is_sound, now=LATER)
    desk.session.commit()  # SQLite lets the worker write again
    return found


def rewrite(folder: Path, title: str) -> None:
    file = folder / "vneid" / FILE
    lines = [f"tên: {title}" if line.startswith("tên:") else line for line in file.read_text("utf-8").split("\n")]
    file.write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize("name", ["images/moi.png", "hieu.en.md", "dung-khac.md"])
def test_what_comes_to_the_folder_of_a_hidden_lesson_is_hidden_also_after_a_start(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, name: str
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    assert worker.titles() == ["Bài"]
    (desk.folder / "vneid" / "02-hai" / name).write_bytes(PNG)
    worker.reload()
    started = Worker(engine, desk.folder, tmp_path / "data")
    for each in (worker, started):
        assert each.titles() == ["Bài"]
        assert not each.catalog.held_back, "later changes of the course get through"


def test_a_start_with_a_faulty_course_has_its_last_good_copy_without_what_was_hidden(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    assert worker.titles() == ["Bài"]
    worker.last_good.keep(worker.catalog.library, worker.catalog.folder_names)
    first = desk.folder / "vneid" / "01-mot" / "hieu.md"
    first.write_text(first.read_text("utf-8") + "\n[bài hai](../02-hai/)\n", "utf-8")  # right in the folder alone
    started = Worker(engine, desk.folder, tmp_path / "data")
    assert started.catalog.held_back == ("vneid",)
    assert started.titles() == ["Bài"]


def test_a_file_that_comes_to_a_hidden_translation_is_hidden_with_it(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    write_translated_course(desk.folder / "may")
    new = desk.folder / "may" / "01-mo-may" / "lam.en.md"
    new.unlink()
    worker = Worker(engine, desk.folder, tmp_path / "data")

    def languages() -> list[str]:
        worker.reload()
        return [each.language for each in worker.catalog.library.course("may").lessons[0].translations]

    assert languages() == ["en"]
    hide(desk, lan, ENGLISH_OF_LESSON, "may")
    assert languages() == []
    new.write_text(ENGLISH["lam.en.md"], "utf-8")
    assert languages() == []
    with pytest.raises(NotFound):
        hide(desk, lan, ENGLISH_OF_LESSON, "may")
    show(desk, lan, ENGLISH_OF_LESSON, "may")
    assert languages() == ["en"]


def test_what_is_scheduled_is_not_put_on_the_air_by_showing_again(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    for title, due_at in (("Hôm nay", None), ("Ba hôm nữa", NOW + timedelta(days=3))):
        desk.review(desk.retitle(lan, title, path=FILE), by=lan, second=minh, path=FILE)
        desk.publish(lan, FILE, due_at=due_at)
    hide(desk, lan)
    assert worker.titles() == ["Bài"]
    show(desk, lan)
    assert worker.titles() == ["Bài", "Hôm nay"]


def test_what_was_scheduled_first_is_not_what_learners_read_before(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    desk.review(desk.retitle(lan, "Ba hôm nữa", path=FILE), by=lan, second=minh, path=FILE)
    desk.publish(lan, FILE, due_at=NOW + timedelta(days=3))
    hide(desk, lan)
    later = worker.now = NOW + timedelta(days=4)
    assert worker.titles() == ["Bài"]
    show(desk, lan, now=later)
    assert worker.titles() == ["Bài", "Bài hai"]


@pytest.mark.parametrize("is_noticed", [True, False])
def test_the_text_of_the_folder_that_learners_read_comes_back(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, is_noticed: bool
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    desk.retitle(lan, "Bản nháp", path=FILE)
    desk.session.commit()
    rewrite(desk.folder, "Từ git")
    if is_noticed:
        worker.reload()
        assert worker.titles() == ["Bài", "Từ git"]
    hide(desk, lan)
    later = worker.now = NOW + timedelta(minutes=1)
    assert worker.titles() == ["Bài"]
    show(desk, lan, now=later)
    assert worker.titles() == ["Bài", "Từ git"]


def test_what_the_folder_changed_while_a_lesson_was_hidden_comes_with_it_and_later_changes_follow(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    worker.now = LATER
    rewrite(desk.folder, "Từ git")
    (desk.folder / "vneid" / "02-hai" / "dung.md").unlink()
    (desk.folder / "vneid" / "02-hai" / "images" / "b.png").write_bytes(PNG)
    worker.reload()
    desk.retitle(lan, "Bản nháp", path=FILE)
    desk.session.commit()
    assert worker.titles() == ["Bài"]
    returning = find(desk)
    assert (list(returning.changed), returning.added, returning.removed) == (
        [FILE], ["02-hai/images/b.png"], ["02-hai/dung.md"],
    )  # fmt: skip
    before, after = (find_revision(desk.session, "vneid", FILE, number or 0) for number in returning.changed[FILE])
    assert (before.source, after.source) == ("folder", "folder") and before.digest != after.digest
    show(desk, lan, now=LATER)
    assert worker.titles() == ["Bài", "Từ git"]
    lesson = worker.catalog.library.course("vneid").lessons[1]
    assert (lesson.use, lesson.practice is not None) == (None, True)


def test_later_changes_of_the_folder_follow_what_was_shown_again(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    worker.now = LATER
    rewrite(desk.folder, "Từ git")
    worker.reload()
    show(desk, lan, now=LATER)
    assert worker.titles() == ["Bài", "Từ git"]
    assert desk.state(FILE) == "published"
    desk.session.commit()
    rewrite(desk.folder, "Từ git lần nữa")
    worker.reload()
    assert worker.titles() == ["Bài", "Từ git lần nữa"]


def test_what_the_folder_took_back_while_a_lesson_was_hidden_leaves_it_as_it_was(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    worker.now = LATER
    for title in ("Từ git", "Bài hai"):
        rewrite(desk.folder, title)
        worker.reload()
    assert find(desk).is_as_it_was
    show(desk, lan, now=LATER)
    assert worker.titles() == ["Bài", "Bài hai"]


@pytest.mark.parametrize(("pulled", "shown"), [(True, "Từ git"), (False, "Của Lan")])
def test_a_lesson_of_the_workshop_follows_the_folder_only_where_that_had_its_text(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account, pulled: bool, shown: str
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    desk.review(desk.retitle(lan, "Của Lan", path=FILE), by=lan, second=minh, path=FILE)
    desk.publish(lan, FILE)
    desk.session.commit()
    if pulled:  # what was published here has come to the folder as well
        rewrite(desk.folder, "Của Lan")
    worker.reload()
    hide(desk, lan)
    worker.now = LATER
    rewrite(desk.folder, "Từ git")
    for _ in ("not taken yet", "taken"):
        assert list(find(desk).changed) == ([FILE] if pulled else [])
        worker.reload()
    show(desk, lan, now=LATER)
    assert worker.titles() == ["Bài", shown]


def test_of_a_folder_with_errors_nothing_comes_with_a_lesson_that_is_shown_again(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    worker.now = LATER
    rewrite(desk.folder, "Từ git")
    (desk.folder / "vneid" / "course.md").write_text("---\nhỏng", "utf-8")
    worker.reload()
    assert find(desk, is_sound=False).is_as_it_was
    with pytest.raises(CourseFilesFaulty):
        show(desk, lan, now=LATER)


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


@pytest.mark.parametrize("name", ["hieu.md", "lam.md"])
def test_publishing_a_file_of_a_hidden_lesson_shows_the_whole_lesson(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account, name: str
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    path = f"02-hai/{name}"
    desk.review(desk.retitle(lan, "Chữ mới", path=path), by=lan, second=minh, path=path)
    desk.publish(lan, path)
    desk.session.commit()
    worker.titles()
    lesson = worker.catalog.library.course("vneid").lessons[1]
    assert lesson.practice and lesson.use
    assert "Chữ mới" in (lesson.name, lesson.practice.title)
    assert find_hidden_parts(desk.session, "vneid", now=NOW) == []


def test_a_translation_that_is_published_does_not_show_its_hidden_lesson():
    lesson, english = HideablePart("02-hai"), HideablePart("02-hai", "en")
    assert lesson.is_shown_with("02-hai/lam.md") and not lesson.is_shown_with("02-hai/lam.en.md")
    assert english.is_shown_with("02-hai/lam.en.md") and not english.is_shown_with("02-hai/lam.md")
    assert not lesson.is_shown_with("01-mot/lam.md")


@pytest.mark.parametrize("name", ["dung.md", "images/b.png"])
def test_a_file_that_left_the_folder_of_a_hidden_lesson_and_comes_to_it_again_is_on_the_air_again(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, name: str
):
    lesson = desk.folder / "vneid" / "02-hai"
    (lesson / "images" / "b.png").write_bytes(PNG)
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    worker.now = LATER
    body = (lesson / name).read_bytes()
    (lesson / name).unlink()
    worker.reload()
    assert find(desk).removed == [f"02-hai/{name}"]
    show(desk, lan, now=LATER)
    assert worker.titles() == ["Bài", "Bài hai"]
    (lesson / name).write_bytes(body)
    worker.reload()
    assert not worker.catalog.held_back
    on_air = worker.catalog.library.course("vneid").lessons[1]
    assert Path(on_air.folder, name).read_bytes() == body
    hide(desk, lan, now=LATER)
    assert worker.titles() == ["Bài"]
    assert find(desk).is_as_it_was
    show(desk, lan, now=LATER)
    worker.titles()
    assert Path(worker.catalog.library.course("vneid").lessons[1].folder, name).read_bytes() == body


def test_a_lesson_is_shown_again_while_its_translation_is_behind_and_a_translation_only_when_it_is_not(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account
):
    course = desk.folder / "may"
    write_translated_course(course)
    shutil.copytree(course / "01-mo-may", course / "02-hai-may")
    worker = Worker(engine, desk.folder, tmp_path / "data")

    def shown() -> list[str]:
        worker.titles()
        return [lesson.folder_name for lesson in worker.catalog.library.course("may").lessons]

    hide(desk, lan, HideablePart("01-mo-may"), "may")
    hide(desk, lan, HideablePart("02-hai-may", "en"), "may")
    assert shown() == ["02-hai-may"]
    worker.now = LATER
    for lesson in ("01-mo-may", "02-hai-may"):
        first = course / lesson / "hieu.md"
        first.write_text(
            first.read_text("utf-8").replace("- [ ] Bên trái", "- [ ] Bên trên\n  > Không.\n- [ ] Bên trái"), "utf-8"
        )
    worker.reload()
    show(desk, lan, HideablePart("01-mo-may"), "may", now=LATER)
    assert shown() == ["01-mo-may", "02-hai-may"]
    with pytest.raises(CourseFilesFaulty):
        show(desk, lan, HideablePart("02-hai-may", "en"), "may", now=LATER)


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


@pytest.mark.parametrize("by_publishing", [True, False])
def test_what_a_worker_takes_from_the_folder_between_the_check_and_the_showing_is_checked_first(
    engine: Engine, desk: Desk, tmp_path: Path, lan: Account, minh: Account, by_publishing: bool
):
    worker = Worker(engine, desk.folder, tmp_path / "data")
    hide(desk, lan)
    worker.now = LATER
    path, given = "02-hai/lam.md", {"folder": desk.folder, "today": TODAY}
    if by_publishing:
        desk.review(desk.retitle(lan, "Chữ mới", path=path), by=lan, second=minh, path=path)
        checked = publishing.check_changes(desk.session, "vneid", [path], due_at=LATER, **given)
    else:
        checked = hiding.check_showing(desk.session, "vneid", LESSON, now=LATER, **given)
    desk.session.commit()
    rewrite(desk.folder, "Từ git")
    worker.reload()
    with pytest.raises(CourseFileChanged):
        if by_publishing:
            publishing.publish_files(desk.session, checked, due_at=None, why="", by=lan, folder=desk.folder, now=LATER)
        else:
            hiding.show_part(desk.session, checked, LESSON, by=lan, folder=desk.folder, now=LATER)
    desk.session.rollback()
    show(desk, lan, now=LATER)
    assert worker.titles() == ["Bài", "Từ git"]


def test_a_file_that_vanishes_between_the_check_and_the_hiding_is_told_as_a_change(desk: Desk, lan: Account):
    desk.session.commit()  # her account stays
    checked = hiding.check_hiding(desk.session, "vneid", LESSON, folder=desk.folder, today=TODAY, now=NOW)
    (desk.folder / "vneid" / "02-hai" / "dung.md").unlink()
    with pytest.raises(CourseFileChanged):
        hiding.hide_part(desk.session, checked, LESSON, by=lan, folder=desk.folder, now=NOW)
    desk.session.rollback()
    hide(desk, lan)


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
