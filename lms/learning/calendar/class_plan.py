"""What an organiser writes about a class that is to come, and what must be right in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

from lms.content.model import Library
from lms.learning.errors import InvalidPlannedClass
from lms.learning.learners.learner_store import clean_line
from lms.message_catalog import mark_for_translation

Wheelchair = Literal["", "yes", "no"]
Problem = Literal["missing", "past", "too_far", "too_long", "unknown", "range", "not_https"]

# BCP 47; what classes in the city are held in. Which one comes first decides what a new plan offers.
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "vi": mark_for_translation("tiếng Việt"),
        "zh": mark_for_translation("tiếng Hoa"),
        "km": mark_for_translation("tiếng Khmer"),
        "cjm": mark_for_translation("tiếng Chăm"),
        "en": mark_for_translation("tiếng Anh"),
    }
)
# As its speakers call it, for those who read no Vietnamese.
OWN_LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType({"zh": "中文", "km": "ភាសាខ្មែរ", "en": "English"})
MAX_LENGTHS: Mapping[str, int] = MappingProxyType(
    {"venue": 80, "address": 120, "map_url": 300, "floor": 40, "parking": 80, "bring": 120}
)
MIN_MINUTES, MAX_MINUTES = 15, 480
MAX_SEATS = 2000
HORIZON = timedelta(days=400)  # a date beyond it is a mistyped year


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class to come, as an organiser typed it. ``seats`` None: as many as come.

    ``unit_id``: the unit that holds it; None is the ward.
    """

    course: str
    lesson: str
    starts_at: datetime | None
    minutes: int
    venue: str
    address: str = ""
    map_url: str = ""
    floor: str = ""
    parking: str = ""
    wheelchair: Wheelchair = ""
    language: str = "vi"
    bring: str = ""
    seats: int | None = None
    unit_id: str | None = None

    def as_values(self) -> dict[str, Any]:
        """The columns of ``PlannedClassRow`` that a plan sets."""
        return asdict(self)


def validate_plan(plan: ClassPlan, *, library: Library, now: datetime) -> ClassPlan:
    """The plan with its texts cleaned, if a class can be announced by it.

    Raises:
        InvalidPlannedClass: with a ``Problem`` for each field that has one.
    """
    cleaned = replace(plan, **{name: clean_line(getattr(plan, name)) for name in MAX_LENGTHS})
    problems: dict[str, Problem] = {
        name: "too_long" for name, most in MAX_LENGTHS.items() if len(getattr(cleaned, name)) > most
    }
    if not cleaned.venue:
        problems["venue"] = "missing"
    if library.lesson_or_merged_into(plan.course, plan.lesson) is None:
        problems["lesson"] = "unknown" if plan.lesson else "missing"
    if when := _starts_at_problem(plan.starts_at, now):
        problems["starts_at"] = when
    if not MIN_MINUTES <= plan.minutes <= MAX_MINUTES:
        problems["minutes"] = "range"
    if plan.seats is not None and not 1 <= plan.seats <= MAX_SEATS:
        problems["seats"] = "range"
    if plan.language not in LANGUAGES:
        problems["language"] = "unknown"
    if plan.wheelchair not in ("", "yes", "no"):
        problems["wheelchair"] = "unknown"
    if cleaned.map_url and not _is_https(cleaned.map_url):
        problems.setdefault("map_url", "not_https")
    if problems:
        raise InvalidPlannedClass(problems)
    return cleaned


def start_of(plan: ClassPlan) -> datetime:
    """When a checked plan starts.

    Raises:
        InvalidPlannedClass: it does not say.
    """
    if plan.starts_at is None:
        raise InvalidPlannedClass({"starts_at": "missing"})
    return plan.starts_at


def _starts_at_problem(starts_at: datetime | None, now: datetime) -> Problem | None:
    if starts_at is None:
        return "missing"
    if starts_at <= now:
        return "past"
    return "too_far" if starts_at > now + HORIZON else None


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and " " not in url
