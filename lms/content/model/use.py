"""dung.md: tasks on a real phone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One checkbox: something to do on a real phone, ticked by the learner."""

    id: str  # derived from the text; stable when tasks are reordered
    text: str  # html, inline
    help: str | None  # html: the ``>`` lines under it
    line: int


@dataclass(frozen=True, slots=True)
class Use:
    """dung.md, the third stage."""

    name: str  # text
    bring: tuple[str, ...]  # text: ``chuẩn bị``
    minutes: int | None
    intro: str  # html; the prose before and between the tasks
    tasks: tuple[Task, ...]
    digest: str
    path: str
    language: str = ""  # of a translation
