"""What the buttons at the foot of the desk do now: one on, one back, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.learning.classroom.session.state import MOST_ROUNDS, ClassState
from lms.learning.classroom.session.steps import Step
from lms.web.classroom.round_labels import ROUND_NAMES

ON = "Tiếp"
NOTHING = "null"  # of a form: the gate, the level and the shown screen can be taken away


@dataclass(frozen=True, slots=True)
class Move:
    """A button: what it says, what it says will come, and the command that it sends, as a form's fields.

    ``href`` stands instead of a command where a page asks first.
    """

    word: str
    names: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    href: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Moves:
    """``on`` is the one big button. ``beside`` are quieter ways on from the same place."""

    on: Move
    back: Move | None
    beside: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A practice as it is demonstrated: the words of each step in order, and after the last the goal."""

    words: tuple[str, ...] = ()
    screens: tuple[str, ...] = ()  # the screen of each step

    def span(self, screen: str) -> tuple[int, int]:
        """The first and the last place of a screen's steps; (0, -1) when it is off the way."""
        places = [place for place, one in enumerate(self.screens) if one == screen]
        return (places[0], places[-1]) if places else (0, -1)


def moves(
    steps: Sequence[Step],
    state: ClassState,
    walk: Walk,
    *,
    names: Mapping[str, str],
    close: str,
    poll: bool = False,
    opens: Sequence[Move] = (),
) -> Moves:
    """``names`` of steps by key; ``close``: the page that asks before closing; ``poll``: there is no right answer;
    ``opens``: what lets a class go on that is held, the most pressing first."""
    at = next((place for place, step in enumerate(steps) if step.key == state.step), 0)
    here = steps[at]
    # Where the lesson was edited, the class may be at a step that is no more: what it says it is at, is its key.
    on, back = _to(steps, at + 1, state.step, names, close), _back(steps, at, state.step, names)
    if here.kind == "question":
        return _held(_asking(here, state, on, back, poll), opens)
    if here.kind == "demo" and walk.words:
        return _looking_up(_showing(state, on, back, walk), opens)
    if here.kind == "practice" and state.demo_of:
        return _looking_up(_showing_one(state, walk), opens)
    return _held(Moves(on, back), opens)


def _looking_up(found: Moves, opens: Sequence[Move]) -> Moves:
    """While the room is shown something, the next step stays the big button: the phones wait for the end of it."""
    return Moves(found.on, found.back, (*found.beside, *opens))


def _held(found: Moves, opens: Sequence[Move]) -> Moves:
    """While the class is held the big button opens it, and the way on is a small one: who has waited comes first."""
    if not opens:
        return found
    on = found.on
    word = f"{on.word}: {on.names}" if on.word == ON else on.word
    quiet = Move(word, fields=on.fields, href=on.href, picture="next")
    return Moves(opens[0], found.back, (quiet, *found.beside, *opens[1:]))


def _to(steps: Sequence[Step], to: int, here: str, names: Mapping[str, str], close: str) -> Move:
    if to >= len(steps):
        return Move("Đóng lớp", "Hỏi lại một lần trước khi đóng", href=close)
    return Move(ON, names[steps[to].key], (("to", steps[to].key), ("from", here)))


def _back(steps: Sequence[Step], at: int, here: str, names: Mapping[str, str]) -> Move | None:
    if at == 0:
        return None
    before = steps[at - 1].key
    return Move("Lùi", names[before], (("to", before), ("from", here)), picture="back")


def _asking(here: Step, state: ClassState, on: Move, back: Move | None, poll: bool) -> Moves:
    """Read, open, locked, shown: each by the same big button."""
    skip = Move("Bỏ qua câu này", fields=on.fields, href=on.href, picture="next")
    again = _again(here, state, poll)
    match state.phase:
        case "open":
            lock = Move("Khóa câu trả lời", "Từ lúc đó không ai đổi được nữa", _phase(here, "locked"))
            return Moves(lock, back, (skip,))
        case "locked":
            word = "Xem cả lớp chọn gì" if poll else "Xem đáp án"
            reopen = Move("Mở lại cho sửa", fields=_phase(here, "open"), picture="again")
            return Moves(
                Move(word, "Hiện trên màn chiếu và trên các máy", _phase(here, "shown")), back, (*again, reopen)
            )
        case "shown":
            return Moves(on, back, again)
        case _:
            told = "Bà con trả lời trên máy của mình" if state.round == 1 else "Bàn với người ngồi cạnh xong thì mở"
            return Moves(Move("Mở câu hỏi", told, _phase(here, "open")), back, (skip,))


def _again(here: Step, state: ClassState, poll: bool) -> tuple[Move, ...]:
    """Another round, after talking to the neighbour. An opinion is asked for once."""
    if poll or state.round >= MOST_ROUNDS:
        return ()
    fields = (("round", str(state.round + 1)), ("step", here.key))
    return (Move(f"Hỏi lại {ROUND_NAMES[state.round + 1]}", fields=fields, picture="people"),)


def _phase(here: Step, phase: str) -> tuple[tuple[str, str], ...]:
    return (("phase", phase), ("step", here.key))


def _showing(state: ClassState, on: Move, back: Move | None, walk: Walk) -> Moves:
    at = min(state.demo, len(walk.words))
    before = _demo(state, "Lùi", at - 1, picture="back") if at else back
    skip = Move(f"Thôi làm mẫu. {on.names}", fields=on.fields, href=on.href, picture="next")
    if at == len(walk.words):
        return Moves(on, before)
    return Moves(_demo(state, "Bước tiếp", at + 1, _coming(at, len(walk.words))), before, (skip,))


def _showing_one(state: ClassState, walk: Walk) -> Moves:
    """A stuck screen on the wall, shown step by step; then back to the row of phones."""
    first, last = walk.span(state.demo_of or "")
    done = Move("Xong, về chỗ cả lớp tập", "Màn chiếu lại hiện mọi màn", (("demo_of", NOTHING),))
    at = state.demo
    before = _demo(state, "Lùi", at - 1, picture="back") if at > first else None
    if at > last:
        return Moves(done, before)
    return Moves(_demo(state, "Bước tiếp", at + 1, _coming(at - first, last - first + 1, one=True)), before, (done,))


def _coming(done: int, total: int, *, one: bool = False) -> str:
    """What the wall will say next: with ``done`` steps walked, step ``done + 1`` stands on it now. ``one``: of a single
    screen."""
    if done + 1 >= total:
        return "Hiện màn kế tiếp"
    return f"Bước {done + 2} trong {total} của màn này" if one else f"Làm mẫu bước {done + 2} trong {total}"


def _demo(state: ClassState, word: str, to: int, names: str = "", *, picture: str = "") -> Move:
    return Move(word, names, (("demo", str(to)), ("from", state.step)), picture=picture)
