"""A question's options and its right answer, in the one order and with the letters of wall, phones and desk."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import escape

from lms.content.model import Question
from lms.content.questions import arrange

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Option:
    """One option as wall and phones letter it; ``text`` is html. ``letter`` is "" where options carry none."""

    letter: str
    key: str
    text: str


def letters_of(question: Question) -> tuple[Option, ...]:
    """What can be picked, in the one order of wall and phones. What is put in order or in pairs has no letters."""
    match question.kind:
        case "choice" | "poll":
            return tuple(
                Option(letter, option.key, option.text)
                for letter, option in zip(LETTERS, arrange(question), strict=False)
            )
        case "ordering":
            return tuple(Option("", option.key, option.text) for option in arrange(question))
        case "matching":
            return tuple(Option("", option.key, option.text) for option in arrange(question).rights)
    return ()


def left_of(question: Question) -> tuple[Option, ...]:
    """The options as the wall lists them; of a matching the left sides."""
    if question.kind != "matching":
        return letters_of(question)
    return tuple(Option("", option.key, option.text) for option in arrange(question).lefts)


def right_of(question: Question) -> tuple[str, ...]:
    """Html: the right sides of a matching, which stand beside the left ones; () for any other question."""
    return tuple(option.text for option in arrange(question).rights) if question.kind == "matching" else ()


def answer_lines(question: Question) -> tuple[str, ...]:
    """Html: the right answer of what has no options to mark, a line each."""
    match question.kind:
        case "typed":
            first = question.answers[:1] or tuple(f"từ {low} đến {high}" for low, high in question.ranges[:1])
            return tuple(str(escape(one)) for one in first)
        case "ordering":
            return tuple(item.text for item in question.items)
        case "matching":
            return tuple(f"{pair.left.text} – {pair.right.text}" for pair in question.pairs)
    return ()
