"""The courses as they were read at an earlier start, in one file, so that a start need not read them again.

They are used only if nothing that reading depends on has changed: every byte and name in the courses folder, the code
and the libraries that read, the interpreter, and the day where a course tells how old it is. The file is signed with
the secret key of the site, so that no other program can put text or code into it. A file that is broken, foreign or
outdated counts as none.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import pickle
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path

from lms.content.course_reader import CourseResult
from lms.content.files import parse_file_name
from lms.content.folders import absolute_path, visible_entries
from lms.content.problems import has_errors

FILE_NAME = "parsed-courses"  # in the data folder
LIBRARIES = ("bleach", "markdown", "markdown-it-py", "mdurl", "nh3", "pillow", "webencodings")  # that read a course
_CODE = Path(__file__).parent
_SIGNATURE_SIZE = 32  # bytes, of SHA-256
_DATED_RULES = frozenset({"stale", "date-in-future"})  # of problems that are found on some days only

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Contents:
    results: dict[str, CourseResult]
    read_on: date
    same_until: date  # reading gives the same from ``read_on`` to this day


class ParsedCourses:
    """The results of reading the courses of one folder. Make it before they are read: it looks at the files as they are
    now.
    """

    def __init__(self, file: Path, secret_key: str, courses: Path) -> None:
        self._file = file
        self._secret = hashlib.sha256(f"parsed courses\0{secret_key}".encode()).digest()
        self._inputs = _inputs_digest(courses)
        self._loaded: dict[str, CourseResult] = {}

    def load(self, today: date) -> dict[str, CourseResult]:
        """The results by the name of the course's folder; none if they cannot be used on this day."""
        if self._inputs is None:
            return {}
        try:
            stored = self._file.read_bytes()
        except OSError:
            return {}
        signature, pickled = stored[:_SIGNATURE_SIZE], stored[_SIGNATURE_SIZE:]
        if not hmac.compare_digest(signature, self._sign(self._inputs, pickled)):
            return {}
        contents: _Contents = pickle.loads(pickled)  # noqa: S301 (signed by this site)
        if contents.read_on <= today <= contents.same_until:
            self._loaded = contents.results
        return self._loaded

    def keep(self, results: Mapping[str, CourseResult], today: date) -> None:
        """Keep what was read today, unless it was loaded. A course with errors is left out, since what mends it may lie
        elsewhere.

        If the disk does not take it, that is logged.
        """
        good = {name: one for name, one in results.items() if one.course is not None and not has_errors(one.problems)}
        if self._inputs is None or all(self._loaded.get(name) is one for name, one in good.items()):
            return
        pickled = pickle.dumps(_Contents(good, today, _same_until(good, today)), protocol=5)
        draft = self._file.with_name(f"{self._file.name}.draft-{secrets.token_hex(4)}")
        try:
            for left in self._file.parent.glob(f"{self._file.name}.draft-*"):  # by a start that was killed
                left.unlink(missing_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self._sign(self._inputs, pickled) + pickled)
            os.replace(draft, self._file)
        except OSError as error:
            log.warning("the parsed courses cannot be kept in %s: %s", self._file, error)
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _sign(self, inputs: bytes, pickled: bytes) -> bytes:
        """A signature of the results and of all that they were read from."""
        return hmac.digest(self._secret, inputs + pickled, "sha256")


def _same_until(results: Mapping[str, CourseResult], today: date) -> date:
    """The last day on which the courses have the problems of today: then one of them is due to be checked again."""
    days = [_same_course_until(result, today) for result in results.values()]
    return min(days, default=today)


def _same_course_until(result: CourseResult, today: date) -> date:
    course = result.course
    if course is None or any(problem.rule in _DATED_RULES for problem in result.problems):
        return today
    # The date in a translation is not part of the course.
    if any(_is_translation(name) for _, _, names in os.walk(course.folder) for name in names):
        return today
    lessons = (*course.lessons, *course.drafts)
    checked = [practice.checked for lesson in lessons for practice in lesson.practices if practice.checked]
    try:
        return min([course.checked, *checked]) + timedelta(days=course.recheck_after)
    except OverflowError:
        return date.max


def _is_translation(name: str) -> bool:
    file = parse_file_name(name)
    return file is not None and file.language is not None


def _inputs_digest(courses: Path) -> bytes | None:
    """A digest of all that reading the courses depends on, but for the day. None if it cannot be computed."""
    inputs = hashlib.sha256()
    try:
        for part in _inputs(courses):
            inputs.update(b"%d\0" % len(part) + part)
    except OSError:  # reading the courses shows why
        return None
    return inputs.digest()


def _inputs(courses: Path) -> Iterator[bytes]:
    """Raises OSError if a file cannot be read, and for links inside a course, which may lead anywhere."""
    yield sys.version.encode()
    for name in LIBRARIES:
        yield f"{name} {metadata.version(name)}".encode()
    for path in sorted(_CODE.rglob("*")):
        if path.suffix in (".py", ".txt"):
            yield path.relative_to(_CODE).as_posix().encode()
            yield path.read_bytes()
    yield os.fsencode(absolute_path(courses))
    for course in visible_entries(courses):
        yield os.fsencode(course)
        if course.is_dir():
            yield from _contents_of(course)


def _contents_of(course: Path) -> Iterator[bytes]:
    """The names and the bytes of all that is in a course's folder."""

    def fail(error: OSError) -> None:
        raise error

    for current, folders, files in os.walk(course, onerror=fail):
        folders.sort()
        for name in folders:
            path = Path(current, name)
            if path.is_symlink():
                raise OSError(f"{path} is a link")
            yield os.fsencode(path)
        for name in sorted(files):
            path = Path(current, name)
            if not path.is_file():  # reading a pipe would block
                raise OSError(f"{path} is no file")
            yield os.fsencode(path)
            yield path.read_bytes()
