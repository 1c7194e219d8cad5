"""Pull courses: fetch, unpack, check, and put them in the place of the courses folder; or change nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from lms.content.files_digest import library_files_digest
from lms.content.folders import visible_entries
from lms.content.library import LibraryResult, read_library
from lms.content.problems import Problem, has_errors
from lms.course_delivery.archive import unpack
from lms.course_delivery.errors import CannotInstall, FaultyCourses, LocalEdits, NoCourses
from lms.course_delivery.sources import Source
from lms.course_delivery.versions import CourseVersionStore, Version, file_digests

TIMEOUT_SECONDS = 120.0
_MAX_DEPTH = 3  # of the folder of courses in what was fetched


@dataclass(frozen=True, slots=True)
class PullResult:
    """``version`` is the one in place now; ``before`` was there, if a pull had put it there.

    ``rolled_back``: the version that the source still has, and that somebody has rolled back from.
    """

    version: Version
    before: Version | None
    is_new: bool
    problems: tuple[Problem, ...] = ()  # warnings
    rolled_back: Version | None = None


def pull(
    store: CourseVersionStore,
    source: Source,
    *,
    force: bool,
    include_rolled_back: bool = False,
    now: datetime,
    today: date,
    timeout: float = TIMEOUT_SECONDS,
    progress: Callable[[str], None] = lambda _sentence: None,
) -> PullResult:
    """Bring the courses folder to what the source has.

    ``force``: also if somebody has edited the folder, or has made it; what was there is kept among the versions.
    ``include_rolled_back``: also to a version that somebody has rolled back from. A timer's pull waits for another one.

    Raises:
        DeliveryError: see ``lms.course_delivery.errors``; nothing has changed.
        OSError: the disk does not take it; nothing has changed.
    """
    deadline = time.monotonic() + timeout
    with store.locked(), store.draft_folder() as draft:
        before = store.current()
        edits = _check_place(store, before, force=force)
        is_same_source = before is not None and (before.source, before.branch) == (source.shown, source.branch)
        rolled_back = [] if include_rolled_back or not before else _rolled_back_from(store)
        if before and is_same_source and not edits:
            commits = source.find_commits(draft, timeout)
            if before.commit in commits:
                return PullResult(before, before, is_new=False)
            if same := next((version for version in rolled_back if version.commit in commits), None):
                return PullResult(before, before, is_new=False, rolled_back=same)
        progress(f"Đang lấy {source.shown}…")
        archive, commit = source.fetch(draft, max(1.0, deadline - time.monotonic()))
        unpack(archive, draft / "unpacked")
        courses = find_courses(draft / "unpacked")
        progress("Đang kiểm tra…")
        result = _check(courses, today)
        digest = library_files_digest(result.library)
        if before and before.digest == digest and before.commit == commit and not edits:
            return PullResult(before, before, is_new=False)
        files = file_digests(courses)
        if before and before.files == files and not edits:
            # Commits to other parts of a repository would soon be all versions that are kept: none to return to.
            same = store.change_origin(before, draft, source=source.shown, branch=source.branch, commit=commit)
            return PullResult(same, before, is_new=False)
        if before and (same := next((version for version in rolled_back if version.files == files), None)):
            return PullResult(before, before, is_new=False, rolled_back=same)
        version = store.add(courses, source=source.shown, branch=source.branch, commit=commit, digest=digest, now=now)
        store.activate(version)
        store.save_rolled_back_versions(
            {name: at for name, at in store.rolled_back_versions().items() if not _has_files(store, name, files)}
        )
        store.delete_old()
        return PullResult(version, before, is_new=True, problems=result.problems)


def roll_back(store: CourseVersionStore, *, now: datetime, today: date) -> PullResult:
    """Return to the version before the current one, and to none that somebody has rolled back from.

    Raises:
        DeliveryError: there is none, or it has errors; nothing has changed.
    """
    if store.current() is None:  # before the folder of versions is made where no pull needs one
        raise CannotInstall("Chưa có bản nào do lms courses pull lấy về.")
    with store.locked():
        current = store.current()
        rolled_back = store.rolled_back_versions()
        earlier = [name for name in store.list_names() if current and name < current.name and name not in rolled_back]
        version = store.read(earlier[-1]) if earlier else None
        if version is None or current is None:
            raise CannotInstall("Không có bản nào trước bản này.")
        _check(store.folder / version.name, today)
        store.save_rolled_back_versions(rolled_back | {current.name: now.isoformat(timespec="seconds")})
        store.activate(version)
        return PullResult(version, current, is_new=True)


def _rolled_back_from(store: CourseVersionStore) -> list[Version]:
    return [version for name in store.rolled_back_versions() if (version := store.read(name))]


def _has_files(store: CourseVersionStore, name: str, files: dict[str, str]) -> bool:
    version = store.read(name)
    return version is not None and version.files == files


def find_courses(folder: Path) -> Path:
    """The folder of courses in what was fetched: itself, its ``courses``, or in the one folder that it holds.

    Raises:
        NoCourses: there is none.
    """
    for _ in range(_MAX_DEPTH):
        if (folder / "course.md").is_file():
            raise NoCourses("Chỗ ấy là một khóa học. Cần thư mục chứa các khóa học, như courses.")
        inner = [path for path in visible_entries(folder) if path.is_dir()]
        if any((path / "course.md").is_file() for path in inner):
            return folder
        named = next((path for path in inner if path.name == "courses"), None)
        if named is None and len(inner) != 1:
            break
        folder = named or inner[0]
    raise NoCourses("Không thấy khóa học nào: cần thư mục courses, trong đó mỗi khóa có course.md.")


def _check_place(store: CourseVersionStore, current: Version | None, *, force: bool) -> list[str]:
    """The edits of the current version, which are allowed.

    Raises:
        LocalEdits: there are some, and ``force`` does not allow them.
    """
    edits = store.find_edits(current) if current else []
    if edits and not force:
        raise LocalEdits(f"Khóa học trong {store.courses} đã có người sửa tại chỗ, nên chưa thay:", edits)
    if current is None and store.courses.exists() and not force:
        names = [path.name for path in visible_entries(store.courses)] if store.courses.is_dir() else [""]
        if names:
            raise LocalEdits(f"Thư mục {store.courses} không phải do lệnh này đặt, nên chưa thay. Trong đó có:", names)
    return edits


def _check(courses: Path, today: date) -> LibraryResult:
    result = read_library(courses, today=today)
    problems = tuple(replace(problem, path=_relative(problem.path, courses)) for problem in result.problems)
    is_faulty = any(read.course is None and not read.is_draft for read in result.by_folder.values())
    if is_faulty or (not result.by_folder and has_errors(problems)):  # errors in drafts hold nothing back
        raise FaultyCourses(problems)
    return replace(result, problems=problems)


def _relative(path: str, courses: Path) -> str:
    inner = Path(path)
    return inner.relative_to(courses).as_posix() if inner.is_relative_to(courses) else path
