"""Check one file of a course as ``lms check`` does, in the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lms.content.files import parse_file_name
from lms.content.library import check_path
from lms.content.problems import Problem, has_errors


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The file's own problems, and those ``elsewhere`` in its lesson. Paths are in the course."""

    problems: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...] = ()

    @property
    def has_errors(self) -> bool:
        return has_errors(self.problems)


def check_file(course: Path, path: str, *, today: date) -> FileCheck:
    """Check ``path`` in the folder of a course. A lesson's file is checked together with the lesson."""
    file = parse_file_name(Path(path).name)
    is_alone = file is None or file.kind == "course"
    found = check_path(course / path if is_alone else (course / path).parent, today=today)
    relative = [replace(problem, path=Path(problem.path).relative_to(course).as_posix()) for problem in found]
    own = tuple(problem for problem in relative if problem.path == path)
    return FileCheck(own, tuple(problem for problem in relative if problem.path != path))
