"""The courses that are on the air, kept in memory and swapped whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from lms.content.library import Reading, read_library
from lms.content.model import Library
from lms.content.problems import Problem


class Shelf:
    """Holds the library of a folder. A reader sees the old one or the new one, never a mixture.

    ``today`` tells the date for freshness. A course that breaks keeps its last good version. ``watched``: an author is
    at work on the folder, and wants to see on the pages what is wrong.
    """

    watched = False

    def __init__(self, folder: Path, today: Callable[[], date]) -> None:
        self._folder = folder
        self._today = today
        self._reloading = threading.Lock()
        self._reading = read_library(folder, today=today())

    @property
    def library(self) -> Library:
        return self._reading.library

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._reading.problems

    @property
    def left_out(self) -> tuple[str, ...]:
        """Slugs of the courses that have no good version to show."""
        return self._reading.left_out

    def problems_of(self, slug: str) -> tuple[Problem, ...]:
        """The problems of one course. Their paths begin at the folder of the courses, not at the machine's root."""
        inside = self._folder / slug
        return tuple(
            replace(problem, path=Path(self._folder.name, Path(problem.path).relative_to(self._folder)).as_posix())
            for problem in self.problems
            if Path(problem.path).is_relative_to(inside)
        )

    def reload(self) -> Reading:
        """Read the folder again and put the result on the air."""
        with self._reloading:
            self._reading = read_library(self._folder, today=self._today(), previous=self._reading.library)
            return self._reading
