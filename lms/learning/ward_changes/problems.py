"""Why a ward cannot be merged or renamed."""

from __future__ import annotations

from typing import Literal

from lms.learning.errors import LearningError


class InvalidWardChange(LearningError):
    """``why``: "former" if ``code`` is no ward any more, "taken" if it is the ward that has the name already."""

    def __init__(self, why: Literal["same", "former", "unknown", "name", "taken"], code: str) -> None:
        super().__init__(f"{why}: {code}")
        self.why = why
        self.code = code
