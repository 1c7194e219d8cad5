"""How large a body a URL takes, and what is raised for a larger one."""

from __future__ import annotations

from dataclasses import dataclass

from lms.http.errors import BodyTooLarge


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """``error``: what a person is told whose body has more than ``max_bytes``."""

    max_bytes: int
    error: type[BodyTooLarge] = BodyTooLarge
