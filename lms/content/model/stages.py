"""The three stages of a lesson, and the ways to go through a practice."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """One of a lesson's three stages. The values are used in URLs, forms, JSON and the database."""

    UNDERSTAND = "hieu"
    PRACTICE = "lam"
    USE = "dung"


class Mode(StrEnum):
    """How a learner goes through a practice. The values are used in forms, JSON and the database."""

    FOLLOW = "lam-theo"  # every step is shown
    ALONE = "tu-lam"  # hints on request
    TEST = "kiem-tra"  # no hints
