"""How far a learner gets in our courses by a rule of thumb instead of reading.

``python -m tests.courses.decision_figures [COURSES]`` prints the figures course by course, and with ``--places`` where
each rule finds the right option.

A decision is a question or a screen that asks "Bác làm gì?", in any of its forms: a single choice of hieu.md, or a
screen of a practice on the expected way. A rule finds the right option of a decision if it points at that option and
at no other: the longest is longer than all others, "không" and "cúp, tắt" stand in one option only. An order is what
the learner sees: questions are shuffled for display, screens are not. Two options of a screen are a decision, too.

An incoming call or message is a decision on such a screen, or with somebody who speaks, where some answer is a trap. It
is honest if the rule "always refuse" loses there: going along is right, and turning the caller away is a trap. The last
column says how many of the practices with an honest caller that rule fails.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lms.content.authoring_advice.advice import AdvisedFile
from lms.content.authoring_advice.learner_decisions import (
    LearnerDecision,
    LearnerDecisionOption,
    is_incoming_contact,
    question_decisions,
    screen_decisions,
    should_accept_contact,
)
from lms.content.library import read_library
from lms.content.model import Choice, Lesson, Library, Practice
from lms.content.practice.compiling import scored_screens
from lms.content.questions import choice
from lms.content.source import normalize_source

ASKS = re.compile(r"(?<!\w)(?:làm (?:gì|sao|thế nào)|trả lời (?:sao|thế nào|gì)|tính sao|xử sao)(?!\w)", re.IGNORECASE)
NO = re.compile(r"(?<!\w)không(?!\w)", re.IGNORECASE)
HANG_UP = re.compile(r"(?<!\w)(?:cúp|tắt)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class DecisionOptions:
    """A decision with its options as displayed."""

    place: str
    texts: tuple[str, ...]
    right: int
    decision: LearnerDecision


def decisions_in(lesson: Lesson) -> list[DecisionOptions]:
    found: list[DecisionOptions] = []
    understand = lesson.understand
    file = AdvisedFile(normalize_source("", understand.path)[0])  # positions are not needed
    questions = {question.line: question for question in understand.questions if isinstance(question, Choice)}
    for decision in question_decisions(understand, file):
        question = questions[decision.line]
        by_key = dict(zip([option.key for option in question.options], decision.options, strict=True))
        options = [by_key[option.key] for option in choice.arrange(question)]
        found.append(_displayed_decision(f"{lesson.course}/{lesson.slug}/hieu:{decision.line}", options, decision))
    for practice in lesson.practices:
        for decision in screen_decisions(practice):
            name = f"lam-{practice.name}" if practice.name else "lam"
            found.append(
                _displayed_decision(f"{lesson.course}/{lesson.slug}/{name}:{decision.line}", decision.options, decision)
            )
    return [one for one in found if ASKS.search(one.decision.prompt)]


def _displayed_decision(
    place: str, options: Sequence[LearnerDecisionOption], decision: LearnerDecision
) -> DecisionOptions:
    right = next(index for index, option in enumerate(options) if option.right)
    return DecisionOptions(place, tuple(option.text for option in options), right, decision)


def pointed_at(rule: str, decision: DecisionOptions) -> int | None:
    """The option that a rule of thumb points at; None if there is no single one."""
    texts = decision.texts
    if rule == "longest":
        matching = [index for index, text in enumerate(texts) if len(text) == max(map(len, texts))]
    elif rule == "first":
        matching = [0]
    elif rule == "last":
        matching = [len(texts) - 1]
    else:
        pattern = {"không": NO, "cúp, tắt": HANG_UP}[rule]
        matching = [index for index, text in enumerate(texts) if pattern.search(text)]
    return matching[0] if len(matching) == 1 else None


RULES = ("longest", "không", "cúp, tắt", "first", "last")


def decisions_guessed_by(rule: str, decisions: Iterable[DecisionOptions]) -> list[DecisionOptions]:
    return [one for one in decisions if pointed_at(rule, one) == one.right]


def incoming_contacts(lesson: Lesson) -> list[tuple[str, LearnerDecision]]:
    return [
        (f"{lesson.course}/{lesson.slug}/lam{practice.name and '-' + practice.name}:{decision.line}", decision)
        for practice in lesson.practices
        if not practice.is_tryout
        for decision in screen_decisions(practice)
        if is_incoming_contact(decision)
    ]


def honest_contacts(lesson: Lesson) -> list[tuple[str, LearnerDecision]]:
    return [one for one in incoming_contacts(lesson) if should_accept_contact(one[1])]


def practices_with_honest_callers(lessons: Iterable[Lesson]) -> list[Practice]:
    practices = [practice for lesson in lessons for practice in lesson.practices if not practice.is_tryout]
    return [practice for practice in practices if any(map(should_accept_contact, screen_decisions(practice)))]


def fails_by_always_refusing(practice: Practice) -> bool:
    """Whether a learner fails who turns everybody away, and does everything else right: each trap costs its screen."""
    screens = len(scored_screens(practice))
    lost = sum(map(should_accept_contact, screen_decisions(practice)))
    return (screens - lost) * 100 < practice.pass_percent * screens


def print_figures(library: Library) -> None:
    columns = ("decisions", *RULES, "incoming", "honest", "refusing fails")
    print(f"{'':14}" + "".join(f"{column:>10}" for column in columns[:-1]) + f"  {columns[-1]}")
    rows = [(course.slug, course.lessons) for course in library]
    rows.append(("all", tuple(lesson for course in library for lesson in course.lessons)))
    for name, lessons in rows:
        decisions = [one for lesson in lessons for one in decisions_in(lesson)]
        counts = [len(decisions_guessed_by(rule, decisions)) for rule in RULES]
        incoming = sum(len(incoming_contacts(lesson)) for lesson in lessons)
        honest = sum(len(honest_contacts(lesson)) for lesson in lessons)
        practices = practices_with_honest_callers(lessons)
        lost = sum(map(fails_by_always_refusing, practices))
        shares = "".join(f"{f'{count} {100 * count // max(1, len(decisions))}%':>10}" for count in counts)
        print(f"{name:14}{len(decisions):>10}{shares}{incoming:>10}{honest:>10}  {lost} of {len(practices)} practices")


def print_places(library: Library) -> None:
    """List what each rule of thumb finds, and the practices that it passes, for those who mend them."""
    lessons = [lesson for course in library for lesson in course.lessons]
    for rule in RULES:
        for one in decisions_guessed_by(rule, [one for lesson in lessons for one in decisions_in(lesson)]):
            print(f"{rule}: {one.place}: {one.texts[one.right]}")
    for lesson in lessons:
        for practice in practices_with_honest_callers([lesson]):
            if not fails_by_always_refusing(practice):
                print(f"refusing passes: {lesson.course}/{lesson.slug}/lam{practice.name and '-' + practice.name}")
        if incoming_contacts(lesson) and not honest_contacts(lesson):
            print(f"no honest caller: {lesson.course}/{lesson.slug}")


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--places"]
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "courses"
    read = read_library(folder, today=datetime.now(UTC).date()).library
    print_figures(read)
    if "--places" in sys.argv:
        print_places(read)
