"""Bản đồ: where people hesitate in a practice, as bars in a table; counts only, none of fewer than three people."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template, request

from lms.content.model import Mode, Practice, Screen
from lms.content.practice import engine
from lms.content.practice.graph_picture import number_screens
from lms.learning.practice.analytics import FEWEST, HesitationMap, ScreenCounts, Slipped, hesitation_map
from lms.web import clock
from lms.web.accounts.signed_in import current_account, duty
from lms.web.database import session
from lms.web.page_cache import private
from lms.web.practice.views import MODE_WORDS
from lms.web.workshop.blueprint import bp
from lms.web.workshop.practice_index import path_to, practice_at

FEW = f"dưới {FEWEST}"
SLIP_WORDS = {
    "wrong": "Ô “{}” chưa đúng",
    "aside": "Lối phụ “{}”",
    "trap": "Bẫy “{}”",
    "idle": "“{}”, chỗ không dẫn đi đâu",
    "miss": "Chỗ trống, không phải nút",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One screen. ``bar`` is how long people stood there, of the longest, in percent."""

    number: str
    title: str
    people: int
    stood: str
    half: str
    bar: int
    slips: tuple[str, ...]
    hinted: str
    left: str


@bp.get("/ban-do/<course>/<lesson>", defaults={"name": ""})
@bp.get("/ban-do/<course>/<lesson>/<name>")
@duty("see_workshop")
def show_hesitation(course: str, lesson: str, name: str) -> Response:
    found_course, found, practice = practice_at(course, lesson, name)
    asked = request.args.get("che-do", "")
    mode: Mode | None = asked if asked in engine.MODES else None
    counted = hesitation_map(session(), found.course, found.slug, practice, now=clock.now(), mode=mode)
    rows = rows_of(practice, counted)
    return private(
        render_template(
            "workshop/hesitation.html",
            account=current_account(),
            course=found_course,
            lesson=found,
            practice=practice,
            path=path_to(found, practice),
            people=counted.people,
            older=counted.older,
            rows=rows,
            longest=max(rows, key=lambda row: row.bar, default=None),
            hidden=sum(screen.kind != "end" for screen in practice.screens) - len(rows),  # on an end nothing is done
            modes=[(None, "Mọi cách"), *((one, MODE_WORDS[one]) for one in engine.MODES)],
            mode=mode,
        )
    )


def rows_of(practice: Practice, counted: HesitationMap) -> tuple[Row, ...]:
    """The screens that may be told of: those of the path first, each followed by what stands beside it."""
    numbers = number_screens(practice)
    longest = max((counts.middle for counts in counted.screens.values()), default=0)
    found = [(screen, counts) for screen in practice.screens if (counts := counted.screens.get(screen.id))]
    found.sort(key=lambda one: _in_order(numbers[one[0].id]))
    return tuple(_row(screen, numbers[screen.id], counts, longest) for screen, counts in found)


def _in_order(number: str) -> tuple[int, int, str]:
    """4 before 4a, 4b before 4aa, and 10 after 9."""
    digits = number.rstrip("abcdefghijklmnopqrstuvwxyz?")
    return int(digits or 0), len(number), number


def _row(screen: Screen, number: str, counts: ScreenCounts, longest: float) -> Row:
    return Row(
        number=number,
        title=screen.title,
        people=counts.people,
        stood=time_in_words(counts.middle),
        half=f"Một nửa số người: {_between(*counts.half)}" if counts.half else "",
        bar=round(100 * counts.middle / longest) if longest else 0,
        slips=tuple(f"{_slip_words(screen, slip)}: {slip.people} người" for slip in counts.slips),
        hinted=_told(counts.hinted),
        left=_told(counts.left),
    )


def _told(count: int | None) -> str:
    return FEW if count is None else str(count)


def _slip_words(screen: Screen, slip: Slipped) -> str:
    label = screen.widgets[slip.place].label if slip.place >= 0 else ""
    return SLIP_WORDS[slip.kind].format(label)


def time_in_words(seconds: float) -> str:
    """A time as people say it, rounded so that it is nobody's own: "dưới 5 giây", "chừng 1 phút 20 giây"."""
    rounded = _rounded(seconds)
    return f"chừng {_in_minutes(rounded)}" if rounded else "dưới 5 giây"


def _between(low: float, high: float) -> str:
    first, last = _rounded(low), _rounded(high)
    if first == last:
        return time_in_words(low)
    return f"từ {_in_minutes(first)} đến {_in_minutes(last)}" if first else f"dưới {_in_minutes(last)}"


def _rounded(seconds: float) -> int:
    """To 5 seconds, from a minute on to 10, from three on to 60; 0 for less than five."""
    step = 5 if seconds < 60 else 10 if seconds < 180 else 60
    return round(seconds / step) * step if seconds >= 5 else 0


def _in_minutes(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return " ".join([f"{minutes} phút"] * bool(minutes) + [f"{rest} giây"] * bool(rest))
