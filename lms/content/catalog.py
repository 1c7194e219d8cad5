"""The courses that are on the air, kept in memory and swapped whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

from lms.content.library import CourseReading, Reading, linked_places, read_library
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
        self._read_on = today()
        self._places = linked_places(folder)
        self._reading = read_library(folder, today=self._read_on)

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
        found = self._reading.each.get(slug)
        return tuple(map(self.shown, found.problems)) if found else ()

    def shown(self, problem: Problem) -> Problem:
        """The problem with a path that begins at the folder of the courses."""
        path = Path(problem.path)
        inside = path.relative_to(self._folder) if path.is_relative_to(self._folder) else Path(path.name)
        return replace(problem, path=Path(self._folder.name, inside).as_posix())

    def reload(self, changed: Collection[str] | None = None) -> Reading:
        """Read the folder again and put the result on the air.

        ``changed``: the folders of the courses in which files have changed; None where that is not known. The others
        are read again, too, when a page came or went, to which they may link, or when a new day has begun.
        """
        with self._reloading:
            today, places, before = self._today(), linked_places(self._folder), self._reading
            kept: dict[str, CourseReading] = {}
            if changed is not None and (today, places) == (self._read_on, self._places):
                kept = {name: found for name, found in before.each.items() if name not in changed}
            self._reading = read_library(self._folder, today=today, previous=before.library, kept=kept)
            self._read_on, self._places = today, places
            return self._reading
