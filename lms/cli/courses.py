"""``lms courses``: pull courses from elsewhere, print the current version, return to the previous one."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms import vietnam_time
from lms.cli.click_i18n import Command, Group, WholeNumber
from lms.cli.open_database import exit_unusable, exit_with_error
from lms.cli.path_suggestions import courses_folder, new_courses_folder
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from lms.course_delivery.versions import CourseVersionStore, Version

MAX_LISTED = 20  # lines for each kind of thing


@click.group(cls=Group)
def command() -> None:
    """Lấy khóa học mới về thư mục khóa học, không phải dừng trang.

    Thư mục ấy là LMS_COURSES, không đặt thì là courses.

    Mã kết thúc: 0 là xong, 1 là không nhận, 2 là không lấy hay không ghi được. Khác 0 thì chưa có gì thay đổi.
    """


@command.command("pull", cls=Command)
@click.argument("source", metavar="[KHO-GIT|TỆP-ZIP]", required=False)
@click.option("--branch", metavar="NHÁNH", help="Nhánh hay nhãn của kho git. Mặc định LMS_COURSES_BRANCH.")
@click.option("--force", is_flag=True, help="Thay cả khi thư mục đã có người sửa; bản đã sửa vẫn được giữ bên cạnh.")
@click.option(
    "--timeout", type=WholeNumber(1, 3600), default=120, metavar="GIÂY", help="Đợi tối đa ngần ấy. Mặc định 120."
)
def pull_command(source: str | None, branch: str | None, force: bool, timeout: int) -> None:
    """Lấy các khóa học về, kiểm tra, rồi thay cả thư mục trong một bước.

    Ví dụ: lms courses pull https://git.example/khoa-hoc.git

    ZIP là một tệp trên máy hay địa chỉ https://….zip. Không ghi gì thì lấy từ LMS_COURSES_SOURCE. Các trang đang mở tự
    đọc bản mới. Còn lỗi như lms check báo thì không thay.

    Bản đã bỏ bằng rollback chỉ về lại khi ghi rõ nơi lấy, hay khi nơi lấy có bản khác.
    """
    from lms.course_delivery.pulling import pull
    from lms.course_delivery.sources import Source

    address = source or os.environ.get("LMS_COURSES_SOURCE")
    if not address:
        exit_unusable("Thiếu nơi lấy: ghi kho git hay tệp ZIP, hoặc đặt LMS_COURSES_SOURCE.")
    branch = branch or (None if source else os.environ.get("LMS_COURSES_BRANCH")) or None
    store = _version_store()
    with _delivery_errors(store):
        result = pull(
            store, Source(address, branch), force=force, include_rolled_back=force or source is not None,
            now=datetime.now(UTC), today=vietnam_time.today(),
            timeout=timeout, progress=lambda sentence: click.echo(sentence, err=True),
        )  # fmt: skip
    if result.rolled_back:
        click.echo(f"Vẫn là {_version_in_words(result.version)}.")
        click.echo(f"Nơi lấy chưa có gì ngoài bản {result.rolled_back.name}, là bản đã bỏ bằng lms courses rollback.")
        click.echo(_how_to_pull_again(result.rolled_back))
        return
    if not result.is_new:
        click.echo(f"Đã là bản mới nhất: {_version_in_words(result.version)}.")
        return
    errors = sum(problem.level == "error" for problem in result.problems)  # in drafts
    warnings = len(result.problems) - errors
    left = [f" Còn {warnings} cảnh báo."] * bool(warnings) + [f" Bản nháp còn {errors} lỗi."] * bool(errors)
    click.echo(f"Đã thay khóa học: {_version_in_words(result.version)}.{''.join(left)}")
    _print_changes(result.before, result.version)


@command.command("status", cls=Command)
def status_command() -> None:
    """Cho biết khóa học đang dùng là bản nào, và đã có ai sửa tại chỗ chưa."""
    store = _version_store()
    with _delivery_errors(store):
        version = store.current()
        if version is None:
            click.echo(f"Khóa học là của thư mục {courses_folder().absolute()}.")
            click.echo("Chưa có bản nào do lms courses pull lấy về.")
            return
        click.echo(f"{_version_in_words(version)}, lấy lúc {version.pulled_at} từ {version.source}")
        earlier = [name for name in store.list_names() if name < version.name]
        if earlier:
            click.echo(f"Bản trước: {', '.join(reversed(earlier))}")
        rolled_back = {name: at for name, at in store.rolled_back_versions().items() if name > version.name}
        if rolled_back and (refused := store.read(max(rolled_back))):
            click.echo(f"Đã bỏ bản {refused.name} lúc {rolled_back[refused.name]}.")
            click.echo("Lần lấy theo giờ đợi nơi lấy có bản khác.")
            click.echo(_how_to_pull_again(refused))
        _print_listed("Đã sửa tại chỗ:", store.find_edits(version))


@command.command("rollback", cls=Command)
def rollback_command() -> None:
    """Trở lại bản trước bản đang dùng.

    Bản vừa bỏ không tự về lại: lần lấy theo giờ đợi nơi lấy có bản khác.
    """
    from lms.course_delivery.pulling import roll_back

    store = _version_store()
    with _delivery_errors(store):
        result = roll_back(store, now=datetime.now(UTC), today=vietnam_time.today())
    click.echo(f"Đã trở lại: {_version_in_words(result.version)}.")
    _print_changes(result.before, result.version)
    if result.before:
        click.echo(f"Lần lấy theo giờ đợi nơi lấy có bản khác bản {result.before.name}.")
        click.echo(_how_to_pull_again(result.before))


@command.command("export", cls=Command)
@click.argument("folder", metavar="THƯ-MỤC", type=click.Path(path_type=Path))
@click.option("--git", "as_git", is_flag=True, help="Kèm lịch sử, thành một kho git: ai sửa gì, lúc nào.")
def export_command(folder: Path, as_git: bool) -> None:
    """Ghi các khóa học ra một thư mục mới, bản mới nhất của chỗ soạn bài.

    Ví dụ: lms courses export khoa-hoc --git
    """
    from lms.cli.open_database import open_database
    from lms.content.files_digest import list_course_files
    from lms.course_delivery.git_history import (
        FileChange,
        require_empty_folder,
        write_files_without_history,
        write_repository,
    )
    from lms.learning.store.database import read_sessions
    from lms.learning.workshop.history_exchange import read_library_history

    with _history_errors(), open_database() as (engine, settings):
        require_empty_folder(folder)
        with read_sessions(engine)() as session:
            history = read_library_history(session)
        base = settings.courses_dir
        paths = list_course_files(base) if base.is_dir() else ()
        first = {path.relative_to(base).as_posix(): path.read_bytes() for path in paths if path.is_file()}
        changes: list[FileChange] = []
        seen = set[str]()
        for each in history:
            path = f"{each.course}/{each.path}"
            if path not in seen and not each.author_name:  # as the folder had it before anybody saved it
                first[path] = each.body
            else:
                if path not in seen:
                    first.pop(path, None)
                author = each.author_name or "Thư mục khóa học"
                changes.append(FileChange(path, each.body, author, each.at, each.why or f"Sửa {path}"))
            seen.add(path)
        if as_git:
            commits = write_repository(folder, first, changes, now=datetime.now(UTC))
            click.echo(f"Đã ghi {len({*first, *seen})} tệp vào kho git {folder}, {commits} lần ghi.")
        else:
            files = first | {change.path: change.body for change in changes}
            write_files_without_history(folder, files)
            click.echo(f"Đã ghi {len(files)} tệp vào {folder}.")


@command.command("import", cls=Command)
@click.argument("folder", metavar="KHO-GIT", type=click.Path(path_type=Path))
def import_command(folder: Path) -> None:
    """Đọc một kho git các khóa học vào chỗ soạn bài, kèm lịch sử. Chưa đăng gì.

    Ví dụ: lms courses import khoa-hoc

    Tệp nào ở đây đã sửa khác thì giữ cả hai bản, để gộp ở /soan.
    """
    from lms.cli.open_database import open_database
    from lms.course_delivery.git_history import read_repository
    from lms.learning.errors import InvalidCourseFile
    from lms.learning.store.database import write_sessions
    from lms.learning.workshop.history_exchange import LibraryChange, import_library_history, is_course_file

    with _history_errors(), open_database() as (engine, settings):
        read = [(each, *each.path.removeprefix("courses/").partition("/")[::2]) for each in read_repository(folder)]
        changes = [
            LibraryChange(course, path, each.body, each.author, each.at, each.message)
            for each, course, path in read
            if is_course_file(course, path)
        ]
        if not changes:
            exit_with_error(f"Trong kho git {folder} không có khóa học nào. Chưa đọc gì vào.")
        try:
            with write_sessions(engine).begin() as session:
                taken = import_library_history(session, changes, folder=settings.courses_dir, now=datetime.now(UTC))
        except InvalidCourseFile as error:
            exit_with_error(f"{error} Chưa đọc gì vào.")
        click.echo(f"Đã đọc {taken.new} bản mới, {taken.known} bản đã có. Chưa đăng bản nào.")
        if taken.beside:
            click.echo(f"{taken.beside} tệp ở đây đã sửa khác: cả hai bản đều giữ, gộp ở /soan.")
        if skipped := len({each.path for each, _, _ in read}) - len({(each.course, each.path) for each in changes}):
            click.echo(f"Bỏ qua {skipped} tệp không phải của khóa học.")


@contextmanager
def _history_errors() -> Iterator[None]:
    """Exit with a sentence if the workshop's courses cannot be exported or imported: 1 for what is refused, else 2."""
    from lms.course_delivery.errors import DeliveryError, UnsafeArchive

    try:
        yield
    except UnsafeArchive as error:
        exit_with_error(f"{error} Chưa có gì thay đổi.")
    except DeliveryError as error:
        exit_unusable(f"{error} Chưa có gì thay đổi.")
    except OSError as error:
        exit_unusable(f"Không ghi hay đọc được {error.filename}: {os_error_message(error)}.")


def _how_to_pull_again(version: Version) -> str:
    branch = f" --branch {shlex.quote(version.branch)}" if version.branch else ""
    return f"Muốn lấy lại bản ấy: lms courses pull {shlex.quote(version.source)}{branch}"


def _version_store() -> CourseVersionStore:
    from lms.course_delivery.versions import CourseVersionStore

    return CourseVersionStore(new_courses_folder())


@contextmanager
def _delivery_errors(store: CourseVersionStore) -> Iterator[None]:
    """Exit with a sentence, and with 1 for what is refused, 2 for what cannot be done."""
    from lms.course_delivery.errors import CannotFetch, CannotInstall, DeliveryError, FaultyCourses, LocalEdits

    try:
        yield
    except FaultyCourses as error:
        for problem in error.problems:
            if problem.level == "error":
                click.echo(str(problem))
        errors = sum(problem.level == "error" for problem in error.problems)
        exit_with_error(f"{errors} lỗi. Khóa học trong {store.courses} vẫn như cũ.")
    except LocalEdits as error:
        _print_listed(str(error), error.edits, err=True)
        exit_with_error("Muốn thay thì thêm --force; bản đang có vẫn được giữ bên cạnh.")
    except (CannotFetch, CannotInstall) as error:
        exit_unusable(f"{error} Chưa thay gì.")
    except DeliveryError as error:
        exit_with_error(f"{error} Chưa thay gì.")
    except OSError as error:
        exit_unusable(
            f"Không ghi hay đọc được {error.filename or store.folder}: {os_error_message(error)}. Chưa thay gì."
        )


def _version_in_words(version: Version) -> str:
    commit = f", commit {version.commit[:12]}" if version.commit else ""
    return f"bản {version.name}{commit}, mã nội dung {version.digest}"


def _print_changes(before: Version | None, after: Version) -> None:
    """Print which courses have come, changed and gone."""
    if before is None:
        return
    was, now = _by_course(before), _by_course(after)
    for word, names in (
        ("Thêm", now.keys() - was.keys()),
        ("Đổi", {name for name in now.keys() & was.keys() if now[name] != was[name]}),
        ("Bỏ", was.keys() - now.keys()),
    ):
        if names:
            click.echo(f"{word}: {', '.join(sorted(names))}")


def _by_course(version: Version) -> dict[str, dict[str, str]]:
    courses: dict[str, dict[str, str]] = {}
    for path, digest in version.files.items():
        name, slash, inner = path.partition("/")
        if slash:
            courses.setdefault(name, {})[inner] = digest
    return courses


def _print_listed(heading: str, lines: Sequence[str], *, err: bool = False) -> None:
    if not lines:
        return
    click.echo(heading, err=err)
    for line in lines[:MAX_LISTED]:
        click.echo(f"  {line}", err=err)
    if len(lines) > MAX_LISTED:
        click.echo(f"  … và {len(lines) - MAX_LISTED} nữa", err=err)
    sys.stdout.flush()
