"""``lms serve --watch``: reload courses when their files change, and report the result."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.rule_page import RULES_URL

if TYPE_CHECKING:
    from lms.content.catalog import Catalog
    from lms.content.problems import Problem

log = logging.getLogger(__name__)

MAX_PAGES = 5  # URLs printed after one change, which may be the copy of a whole course
MAX_PROBLEMS = 20  # printed per course

Parts = tuple[str, ...]  # of a path, relative to the courses folder
_ProblemsByCourse = Mapping[str, tuple["Problem", ...]]  # by course


def watch_courses(catalog: Catalog, folder: Path, own_address: str) -> None:
    """Start a thread that reloads the courses on every change in ``folder``."""
    from watchfiles import watch

    from lms.content.folders import folder_identity

    catalog.authoring = True

    def reload_changes() -> None:
        is_announced = False
        while True:
            identity = folder_identity(folder)
            # With yield_on_timeout, the first iteration means that changes are seen from now on.
            for changes in watch(folder, yield_on_timeout=True, rust_timeout=500, raise_interrupt=False):
                if not is_announced:
                    _print(f"Đang theo dõi thư mục {folder.name}: lưu tệp xong thì trang đang mở tự tải lại.")
                    is_announced = True
                # By lms courses pull: then what is watched is no longer the courses folder.
                is_replaced = folder.is_symlink() and folder_identity(folder) not in (None, identity)
                files = list(folder.iterdir()) if is_replaced else [Path(path) for _, path in changes]
                try:
                    for line in reload_changed(catalog, folder, files, own_address):
                        _print(line)
                except Exception:
                    log.exception("Reloading the courses failed; the next change will be tried again")
                if is_replaced:
                    break

    threading.Thread(target=reload_changes, name="watch", daemon=True).start()


def reload_changed(catalog: Catalog, folder: Path, files: Iterable[Path], own_address: str) -> Iterator[str]:
    """Reload the courses of the changed files. Yields the lines to print, the first one before the work starts."""
    saved = sorted({file.relative_to(folder).parts for file in files if file.is_relative_to(folder)})
    saved = [parts for parts in saved if parts and not _is_hidden(parts)]
    before = _problems_by_course(catalog)
    touched = dict.fromkeys(parts[0] for parts in saved)
    changed = [name for name in touched if name in before or _is_folder(folder, name)]
    if not changed:
        return
    yield f"Đang đọc lại {', '.join(changed)}…"
    reading = catalog.reload(changed)
    if not reading.by_folder and reading.problems:  # the folder itself
        yield from (str(catalog.with_relative_path(problem)) for problem in reading.problems)
        return
    after = _problems_by_course(catalog)
    for name in changed:
        if name not in after:
            yield f"Khóa {name} không còn trong thư mục {folder.name}."
        else:
            yield from _course_status(catalog, name, before.get(name, ()), after[name])
            yield from _problem_lines(after[name], [Path(folder.name, *parts).as_posix() for parts in saved])
            errors = _only_errors(after[name])
            if errors:
                yield f"Vì sao, và ví dụ: {own_address}{RULES_URL}/{errors[0].rule}"
    for name in after:
        if name not in changed and _only_errors(after[name]) != _only_errors(before.get(name, ())):
            yield from _course_status(catalog, name, before.get(name, ()), after[name])
            yield from _problem_lines(after[name], ())
    existing = [_existing(folder, parts) for parts in saved if parts[0] in after]
    pages = sorted({_page_path(parts) for parts in existing if parts})
    drafts = tuple(f"/{lesson.course}/{lesson.slug}" for lesson in catalog.library.all_drafts)
    for page in pages[:MAX_PAGES]:
        mark = " (bản nháp)" if any(f"{page}/".startswith(f"{draft}/") for draft in drafts) else ""
        yield f"Xem trang vừa sửa: {own_address}{page}{mark}"


def _course_status(catalog: Catalog, name: str, before: Sequence[Problem], after: Sequence[Problem]) -> Iterator[str]:
    errors = len(_only_errors(after))
    drafts = [course for course in catalog.library.drafts if course.slug == name]
    if errors and name in catalog.unavailable:
        yield f"Chưa lên: khóa {name} còn {errors} lỗi, và chưa có bản nào trước đó."
    elif errors and catalog.is_held_back(name):
        yield f"Chưa lên: khóa {name} còn {errors} lỗi, trang vẫn là bản trước."
    elif errors:
        yield f"Đã lên: khóa {name}, trừ bản nháp còn {errors} lỗi."
    elif drafts:
        yield f"Bản nháp: khóa {name}. Chỉ bác thấy, ở trang này."
    elif _only_errors(before):
        yield f"Hết lỗi, đã lên: khóa {name}."
    else:
        yield f"Đã lên: khóa {name}."


def _problem_lines(problems: Sequence[Problem], saved: Collection[str]) -> Iterator[str]:
    """Yield every error of the course and the warnings of the saved files, then the number of other problems."""
    listed = [problem for problem in problems if problem.level == "error" or problem.path in saved]
    listed = listed[:MAX_PROBLEMS]
    yield from map(str, listed)
    errors = len(_only_errors(problems)) - len(_only_errors(listed))
    warnings = len(problems) - len(listed) - errors
    counted = [f"{count} {word}" for count, word in ((errors, "lỗi"), (warnings, "cảnh báo")) if count]
    if counted:
        yield f"Khóa này còn {', '.join(counted)} khác. Xem hết: lms check"


def _problems_by_course(catalog: Catalog) -> _ProblemsByCourse:
    names = {*catalog.unavailable, *(course.slug for course in (*catalog.library, *catalog.library.drafts))}
    return {name: catalog.course_problems(name) for name in sorted(names)}


def _only_errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level == "error"]


def _is_hidden(parts: Parts) -> bool:
    """Whether the path is not part of a course: a disabled folder or an editor's temporary file."""
    return parts[-1].startswith(".") or any(part.startswith((".", "_")) for part in parts[:2])


def _is_folder(folder: Path, name: str) -> bool:
    try:
        return (folder / name).is_dir()
    except OSError:
        return False


def _existing(folder: Path, parts: Parts) -> Parts:
    """What is left of the path of a file that was removed or renamed: perhaps its lesson."""
    while parts and not folder.joinpath(*parts).exists():
        parts = parts[:-1]
    return parts


def _page_path(parts: Parts) -> str:
    """Return the path of the page of a file; for an image, that of its lesson."""
    from lms.content.links import page_url

    return page_url(parts) or page_url(parts[:2]) or page_url(parts[:1]) or ""


def _print(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
