"""Xem lại: an ended attempt, moment by moment, drawn as it was; nothing on it can be done again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Response, abort, redirect, render_template, request
from markupsafe import Markup

from lms.content.links import Home
from lms.content.model import Practice
from lms.content.practice.compiling import compile_model, drawn_length
from lms.content.practice.fields import SATISFIES
from lms.content.practice.rehearsal import is_rehearsal, practice_of
from lms.content.practice.replay_steps import Moment, moments_of
from lms.learning.accounts.account import Account
from lms.learning.practice import attempts
from lms.learning.practice.attempts import Attempt
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.page_cache import private
from lms.web.practice.blueprint import bp
from lms.web.practice.colours import colours_address
from lms.web.practice.data_fill import Filler
from lms.web.practice.device import drawn_device
from lms.web.practice.feedback import Note, said_key, screen_notes
from lms.web.practice.page import Going
from lms.web.practice.phone_icons import sheet
from lms.web.practice.replay_text import deed_words
from lms.web.practice.traps import traps_met
from lms.web.practice.views import Drawing, Message, ScreenView
from lms.web.request_context import library

UNDRAWN = "……"  # stands for data that a later version of the practice draws and this attempt did not
HIDDEN = "••••••"  # in a field where something held that never left the phone


@dataclass(frozen=True, slots=True)
class Then:
    """What the templates of a phone ask of a past moment; the sister of ``present.Now``."""

    fields: tuple[str | None, ...]
    shown: tuple[str, ...]  # the same as an older eye reads it
    pointed: int | None  # what was touched
    wrong: int | None
    arrived: tuple[Message, ...]
    past: bool = True
    q: int = 0
    said: frozenset[str] = frozenset()
    rung: str = ""
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """One moment as the page shows it. ``screen`` is None where its drawing is no longer known."""

    title: Markup
    screen: ScreenView | None
    then: Then | None
    did: tuple[Markup, ...]
    notes: tuple[Note, ...]  # what the phone said to it
    untold: tuple[Note, ...]  # what it would have said, had it not been a test


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, and from where. ``whose`` is "" for the learner herself, else the seat: "Số 17 – con gà"."""

    address: str  # of the pages, with a query that ``&buoc=`` can follow
    back: str
    back_words: str
    whose: str = ""
    account: Account | None = None
    earlier: str = ""  # the go before this one, where there is one to see


@bp.get("/toi/luot/<attempt_id>/xem-lai")
def replay(attempt_id: str) -> Response:
    going = look_back_on(attempt_id, current_learner_id() or abort(404))
    if not going.attempt.ended:
        return redirect(going.address, 303)
    return replay_page(going, Looking(f"{going.address}/xem-lai?", f"{going.address}/ket-qua", "Về kết quả"))


def look_back_on(attempt_id: str, learner_id: str) -> Going:
    """This learner's attempt; anybody else's is not there.

    The learner asks for her own. Whoever helps in a class asks for one that was begun at a seat of it, while the class
    lasts (see ``classroom.looking_back``). Nobody else asks.
    """
    attempt = attempts.find_attempt(session(), learner_id, attempt_id)
    course = library().course(attempt.course) or abort(404)
    lesson = course.lesson(attempt.lesson) or abort(404)
    practice = lesson.practice_named(attempt.practice)
    unchanged = practice is not None and practice.digest == attempt.content_digest
    return Going(attempt, course, lesson, practice if unchanged else None)


def replay_page(going: Going, looking: Looking) -> Response:
    """The moment that the address asks for."""
    attempt = going.attempt
    log = attempts.read_log(session(), attempt)
    moments = moments_of(attempt.model, attempt.data, log, attempt.mode)
    number = _number(request.args.get("buoc", ""), len(moments))
    known = going.practice or going.lesson.practice_named(attempt.practice)
    teller = _Teller(attempt, known, Home(Path(going.lesson.folder)).picture)
    device = drawn_device(known) if known else ""
    return private(
        render_template(
            "practice/replay.html",
            course=going.course,
            lesson=going.lesson,
            title=known.title if known else going.lesson.name,
            past=teller.tell(moments[number - 1]) if moments else None,
            number=number,
            total=len(moments),
            changed=going.practice is None,
            looking=looking,
            device=device,
            colours=colours_address(going.course),
            pictures=sheet(teller.pictures(), device) if known else "",
        )
    )


def _number(asked: str, total: int) -> int:
    """The moment that is asked for, from 1; the nearest there is."""
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return min(max(wanted, 1), max(total, 1))


class _Teller:
    """Tells moments of one attempt. ``known`` is the practice as it is written now, which may have changed since."""

    def __init__(self, attempt: Attempt, known: Practice | None, picture_address) -> None:
        self.attempt = attempt
        self.practice = _gone_through(known, attempt) if known else None
        self.filler = Filler(_data(known, attempt))
        self.drawn: frozenset[str] = frozenset()
        if self.practice:
            whole = known if is_rehearsal(attempt.model) else None
            data = _data(known, attempt)
            self.drawing = Drawing(self.practice, attempt.mode, picture_address, data, rehearses=whole)
            self.drawn = _still_the_same(attempt.model, compile_model(self.practice))

    def pictures(self) -> frozenset[str]:
        return self.drawing.pictures() if self.practice else frozenset()

    def tell(self, moment: Moment) -> Past:
        is_drawn = moment.screen in self.drawn
        screen = self.practice.screen(moment.screen) if is_drawn else None
        roles = [widget["role"] for widget in self.attempt.model["screens"][moment.screen]["widgets"]]
        return Past(
            title=self.filler.text(screen.title) if screen else Markup.escape(moment.screen),
            screen=self.drawing.screen(moment.screen) if screen else None,
            then=self._then(moment) if screen else None,
            did=tuple(deed_words(deed, roles, screen, self.filler) for deed in moment.deeds),
            notes=self._notes(moment),
            untold=self._untold(moment) if screen else (),
        )

    def _then(self, moment: Moment) -> Then:
        last = moment.deeds[-1]
        messages = self.drawing.messages()
        return Then(
            fields=moment.fields,
            shown=tuple(HIDDEN if value == SATISFIES else value or "" for value in moment.fields),
            pointed=last.place if last.place >= 0 else None,
            wrong=moment.said[1] if moment.said[:1] == ("wrong",) else None,
            arrived=tuple(one for one in messages if one.screen != moment.screen and one.screen in moment.visited),
        )

    def _notes(self, moment: Moment) -> tuple[Note, ...]:
        if moment.after not in self.drawn:
            return ()
        key = said_key(moment.said, self.attempt.model["screens"][moment.after]["widgets"])
        notes = screen_notes(self.practice, self.practice.screen(moment.after), self.filler, self.attempt.mode)
        return tuple(note for note in notes if note.key == key)

    def _untold(self, moment: Moment) -> tuple[Note, ...]:
        if self.attempt.mode != "kiem-tra":
            return ()
        event = [0, 0, moment.screen, moment.deeds[-1].place, moment.deeds[-1].action]
        if event[3] < 0:
            return ()
        return tuple(
            Note("untold", "trap" if trap.is_trap else "careful", trap.warn or trap.lost, trap.warn and trap.lost)
            for trap in traps_met(self.practice, [event], self.filler)
        )


def _gone_through(known: Practice, attempt: Attempt) -> Practice | None:
    try:
        return practice_of(known, attempt.model)
    except ValueError:  # a rehearsal of screens that are no longer there
        return None


def _data(known: Practice | None, attempt: Attempt) -> Mapping[str, str]:
    now = {key: UNDRAWN if drawn_length(value) else value for key, value in known.data} if known else {}
    return {**now, **attempt.data}


def _still_the_same(then: dict, now: dict) -> frozenset[str]:
    """The screens on which the same things stand in the same places: the texts of now fit the events of then."""
    return frozenset(
        name
        for name, screen in then["screens"].items()
        if name in now["screens"] and _roles(screen) == _roles(now["screens"][name])
    )


def _roles(screen: dict) -> list[str]:
    return [widget["role"] for widget in screen["widgets"]]
