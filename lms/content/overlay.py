"""A folder of courses with some files replaced: to check what is being written, and to publish it.

Courses without a replaced file are links to the folder that they are in, or copies where a system has no links.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from lms.content.files_digest import is_hidden_or_system_file, list_course_files
from lms.content.folders import visible_entries
from lms.content.hideable_parts import HideablePart

Overlay = Mapping[str, Mapping[str, bytes]]  # by course, then by path in it
HiddenParts = Mapping[str, Collection[HideablePart]]  # by course
_NOTHING_HIDDEN: HiddenParts = MappingProxyType({})
FOLDER_NAME = "courses"  # problems are reported with paths below it


@contextmanager
def overlaid_courses(folder: Path, overlay: Overlay, hidden: HiddenParts = _NOTHING_HIDDEN) -> Generator[Path]:
    """A temporary folder of courses without their hidden parts, gone after the block."""
    with tempfile.TemporaryDirectory(prefix="lms-courses-") as temporary:
        root = Path(temporary) / FOLDER_NAME
        write_overlaid_courses(folder, overlay, root, hidden)
        yield root


@contextmanager
def overlaid_lesson(folder: Path, course: str, lesson: str, files: Mapping[str, bytes]) -> Generator[Path]:
    """A temporary folder with one course in which one lesson has these files, to check that lesson.

    The course's other lessons are links into ``folder``, which is much faster than the copies of ``overlaid_courses``.
    """
    own = {name: body for name, body in files.items() if name.partition("/")[0] in (lesson, name)}
    with tempfile.TemporaryDirectory(prefix="lms-lesson-") as temporary:
        root = Path(temporary) / FOLDER_NAME
        target = root / course
        target.mkdir(parents=True)
        write_overlaid_course(folder / course / lesson, _below(own, lesson), target / lesson)
        for source, place in ((folder, root), (folder / course, target)):
            for path in visible_entries(source) if source.is_dir() else ():
                if (place / path.name).exists() or path.name in own:
                    continue
                if path.is_dir():
                    _link_or_copy(path, place / path.name)
                elif place is target:
                    shutil.copyfile(path, place / path.name)
        others = {name: body for name, body in files.items() if not (target / name).parent.is_symlink()}
        for name, body in others.items():  # files beside the lessons, and lessons that only the workshop has
            written = target / checked_path_in_course(name)
            if not written.exists():
                written.parent.mkdir(parents=True, exist_ok=True)
                written.write_bytes(body)
        yield root


def _below(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {name[len(folder) + 1 :]: body for name, body in files.items() if name.startswith(f"{folder}/")}


def write_overlaid_courses(folder: Path, overlay: Overlay, target: Path, hidden: HiddenParts) -> None:
    """Write the courses of ``folder`` with the replaced files into a new folder.

    Raises:
        OSError: the disk does not take it.
    """
    target.mkdir(parents=True)
    changed = overlay.keys() | hidden.keys()
    with suppress(FileNotFoundError):  # a workshop without a folder of its own
        for path in visible_entries(folder):
            if path.is_dir() and path.name not in changed:
                _link_or_copy(path, target / path.name)
    for course in changed:
        write_overlaid_course(folder / course, overlay.get(course, {}), target / course, hidden.get(course, ()))


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.symlink(os.path.abspath(source), target, target_is_directory=True)
    except OSError:  # no links here
        shutil.copytree(source, target)


def write_overlaid_course(
    source: Path, files: Mapping[str, bytes], target: Path, hidden: Collection[HideablePart] = ()
) -> None:
    """Write one course with its replaced files, without its hidden parts. One that is left with no file is left out.

    Raises:
        ValueError: a replaced file would lie elsewhere.
        OSError: the disk does not take it.
    """
    for path in list_course_files(source):
        name = path.relative_to(source).as_posix()
        if name not in files and path.is_file() and not any(part.has(name) for part in hidden):
            copy = target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    for name, body in files.items():
        if not any(part.has(name) for part in hidden):
            written = target / checked_path_in_course(name)
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(body)


def checked_path_in_course(name: str) -> PurePosixPath:
    """The path, which does not lead out of a course.

    Raises:
        ValueError: it does, or it is hidden.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or "\\" in name or any(map(is_hidden_or_system_file, path.parts)):
        raise ValueError(name)
    return path
