"""Read courses in processes of their own: for a check, or while the program that will serve them imports its libraries.

Reading is half of a start, and Python runs one thread at a time. The processes are forked before the program has
threads; where that is not possible, or there is one core, nothing is read ahead.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path

from lms.content.course_reader import CourseResult, read_course_result
from lms.content.folders import folder_identity, visible_entries

MAX_PROCESSES = 4  # more gain nothing: a large course is a quarter of all text


class ParallelRead:
    """Courses that are being read. Call ``results`` once. ``identity`` is that of their folder.

    ``known`` are courses that need not be read.
    """

    def __init__(
        self,
        executor: ProcessPoolExecutor | None,
        pending: dict[str, Future[CourseResult]],
        identity: tuple[int, int] | None = None,
        known: Mapping[str, CourseResult] | None = None,
    ) -> None:
        self.identity = identity
        self._executor = executor
        self._pending = pending
        self._known = dict(known or {})

    def results(self) -> dict[str, CourseResult]:
        """Wait, and return what was read by the name of the course's folder; what failed is left out."""
        results = self._known
        for name, future in self._pending.items():
            try:
                results[name] = future.result()
            except (OSError, BrokenProcessPool):  # reading the course again shows why
                continue
        self.stop()
        return results

    def stop(self) -> None:
        """Read nothing more; does nothing after ``results``. Else the end of the program would wait for all courses."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)


def start_parallel_reading(
    folder: Path, *, today: date, known: Mapping[str, CourseResult] | None = None
) -> ParallelRead | None:
    """Start to read all courses of ``folder`` but those that are known. Call it before the process has threads.

    Nothing is read where processes cannot be forked, and on one core. Returns None if the folder cannot be read.
    """
    known = known or {}
    identity = folder_identity(folder)
    try:
        paths = [path for path in visible_entries(folder) if path.is_dir() and path.name not in known]
        folders = sorted(paths, key=_entry_count, reverse=True)
    except OSError:
        return None
    processes = min(_core_count(), MAX_PROCESSES)
    if not folders or processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return ParallelRead(None, {}, identity, known)
    executor = ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("fork"), initializer=_leave_ctrl_c_to_the_program
    )
    pending = {path.name: executor.submit(read_course_result, path, today=today) for path in folders}
    return ParallelRead(executor, pending, identity, known)


def _entry_count(folder: Path) -> int:
    return len(os.listdir(folder))


def _core_count() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _leave_ctrl_c_to_the_program() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
