"""``lms serve --watch``: what was saved goes on the air, and whoever saved it is told at once whether it did."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lms.content.catalog import Shelf
    from lms.content.problems import Problem

log = logging.getLogger(__name__)

MOST_PAGES = 5  # that are named after a change: a whole course may have been copied in
MOST_TOLD = 20  # problems of a course

Parts = tuple[str, ...]  # of a path, from the folder of the courses on
_Found = Mapping[str, tuple["Problem", ...]]  # by course


def watch_courses(shelf: Shelf, folder: Path, own_address: str) -> None:
    """Take up every change of ``folder`` from now on, in a thread of its own."""
    from watchfiles import watch

    shelf.watched = True

    def take_up_changes() -> None:
        told = False
        # It yields nothing twice a second: the first time tells that changes are seen from now on.
        for changes in watch(folder, yield_on_timeout=True, rust_timeout=500, raise_interrupt=False):
            if not told:
                _say(f"Đang theo dõi thư mục {folder.name}: lưu tệp xong thì tải lại trang để xem.")
                told = True
            try:
                for line in take_up(shelf, folder, [Path(path) for _, path in changes], own_address):
                    _say(line)
            except Exception:
                log.exception("a change of the courses was not taken up; the next one is tried again")

    threading.Thread(target=take_up_changes, name="watch", daemon=True).start()


def take_up(shelf: Shelf, folder: Path, files: Iterable[Path], own_address: str) -> Iterator[str]:
    """Read the courses of these files again; the lines to say, the first of them before the work."""
    saved = sorted({file.relative_to(folder).parts for file in files if file.is_relative_to(folder)})
    saved = [parts for parts in saved if parts and not _is_hidden(parts)]
    before = _problems(shelf)
    touched = dict.fromkeys(parts[0] for parts in saved)
    changed = [name for name in touched if name in before or _is_folder(folder, name)]
    if not changed:
        return
    yield f"Đang đọc lại {', '.join(changed)}…"
    reading = shelf.reload(changed)
    if not reading.each and reading.problems:  # the folder itself
        yield from (str(shelf.shown(problem)) for problem in reading.problems)
        return
    after = _problems(shelf)
    for name in changed:
        if name not in after:
            yield f"Khóa {name} không còn trong thư mục {folder.name}."
        else:
            yield from _told(name, before.get(name, ()), after[name], out=name in reading.left_out)
            yield from _listed(after[name], [Path(folder.name, *parts).as_posix() for parts in saved])
    for name in after:
        if name not in changed and _errors(after[name]) != _errors(before.get(name, ())):
            yield from _told(name, before.get(name, ()), after[name], out=name in reading.left_out)
            yield from _listed(after[name], ())
    pages = sorted({_page(parts) for parts in saved if parts[0] in after})
    yield from (f"Xem trang vừa sửa: {own_address}{page}" for page in pages[:MOST_PAGES])


def _told(name: str, before: Sequence[Problem], after: Sequence[Problem], *, out: bool) -> Iterator[str]:
    errors = len(_errors(after))
    if errors and out:
        yield f"Chưa lên: khóa {name} còn {errors} lỗi, và chưa có bản nào trước đó."
    elif errors:
        yield f"Chưa lên: khóa {name} còn {errors} lỗi, trang vẫn là bản trước."
    elif _errors(before):
        yield f"Hết lỗi, đã lên: khóa {name}."
    else:
        yield f"Đã lên: khóa {name}."


def _listed(problems: Sequence[Problem], saved: Collection[str]) -> Iterator[str]:
    """Every error of the course, the warnings of the files that were saved, and how many there are besides."""
    told = [problem for problem in problems if problem.level == "error" or problem.path in saved]
    yield from map(str, told[:MOST_TOLD])
    errors = len(_errors(problems)) - len(_errors(told[:MOST_TOLD]))
    warnings = len(problems) - len(told[:MOST_TOLD]) - errors
    counted = [f"{count} {word}" for count, word in ((errors, "lỗi"), (warnings, "cảnh báo")) if count]
    if counted:
        yield f"Khóa này còn {', '.join(counted)} khác. Xem hết: lms check"


def _problems(shelf: Shelf) -> _Found:
    names = {*shelf.left_out, *(course.slug for course in shelf.library)}
    return {name: shelf.problems_of(name) for name in sorted(names)}


def _errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level == "error"]


def _is_hidden(parts: Parts) -> bool:
    """Whether the courses do not know it: a folder that is put by, or what an editor keeps beside its file."""
    return parts[-1].startswith(".") or any(part.startswith((".", "_")) for part in parts[:2])


def _is_folder(folder: Path, name: str) -> bool:
    try:
        return (folder / name).is_dir()
    except OSError:
        return False


def _page(parts: Parts) -> str:
    """The page of a file, or of the lesson that a picture belongs to."""
    from lms.content.links import page_of

    return page_of(parts) or page_of(parts[:2]) or page_of(parts[:1]) or ""


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
