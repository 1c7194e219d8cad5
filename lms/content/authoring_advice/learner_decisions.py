"""Decisions: single choices of hieu.md, and screens of a practice where the learner picks what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.content.authoring_advice.advice import AdvisedFile
from lms.content.authoring_advice.plain_words import html_to_text
from lms.content.model import FIELD_ROLES, TAP_ROLES, Choice, Practice, Screen, Understand, Widget
from lms.content.practice.compiling import scored_screens
from lms.content.practice.refusal_labels import is_refusal

DECISION_KINDS = frozenset({"call", "messages", "dialog", "situation"})

_WAY_BACK = re.compile(r"(?:quay lại|quay về|trở lại|trở về|về|lùi)(?!\w)|\W*\Z", re.IGNORECASE)
_BOX_LINE = re.compile(r"\s*[-*+－•]\s*\[")


@dataclass(frozen=True, slots=True)
class LearnerDecisionOption:
    text: str
    right: bool
    line: int
    comment: str = ""  # what is said to whoever picks it
    is_trap: bool = False
    is_fatal: bool = False


@dataclass(frozen=True, slots=True)
class LearnerDecision:
    """A prompt and its options, in file order, of which exactly one is right."""

    prompt: str
    options: tuple[LearnerDecisionOption, ...]
    line: int
    heading: str  # of its section or screen
    screen: Screen | None = None  # of a practice

    @property
    def right(self) -> LearnerDecisionOption:
        return next(option for option in self.options if option.right)

    @property
    def wrong(self) -> tuple[LearnerDecisionOption, ...]:
        return tuple(option for option in self.options if not option.right)


def question_decisions(understand: Understand, file: AdvisedFile) -> Iterator[LearnerDecision]:
    """The single choices of hieu.md."""
    for section in understand.sections:
        for part in section.parts:
            if isinstance(part, Choice) and not part.multiple:
                lines = (line for line, text in file.lines_after(part.line) if _BOX_LINE.match(text))
                options = tuple(
                    LearnerDecisionOption(
                        html_to_text(option.text),
                        option.right,
                        next(lines, part.line),
                        html_to_text(option.feedback or ""),
                    )
                    for option in part.options
                )
                yield LearnerDecision(html_to_text(part.prompt), options, part.line, section.title)


def screen_decisions(practice: Practice) -> Iterator[LearnerDecision]:
    """The screens of the expected way where the learner picks one of several things to do.

    Screens of an application are decisions only if their task asks something: elsewhere the labels are the
    application's own.
    """
    for screen in map(practice.screen_by_id, scored_screens(practice)):
        options = tuple(
            LearnerDecisionOption(
                widget.label, widget.arrow == "=>", widget.line, widget.warn or "", widget.arrow == "x>", widget.fatal
            )
            for widget in choosable_widgets(screen)
        )
        if screen.kind == "permission":  # its labels are the phone's own
            continue
        asks = screen.kind in DECISION_KINDS or "?" in (screen.task or "")
        if asks and len(options) > 1 and sum(option.right for option in options) == 1 and not has_fields(screen):
            yield LearnerDecision(screen.task or "", options, screen.line, screen.title, screen)


def is_incoming_contact(decision: LearnerDecision) -> bool:
    """Whether somebody calls, writes or speaks to the learner, and some answer is a trap."""
    screen = decision.screen
    speaks = screen is not None and (screen.kind in ("call", "messages") or bool(screen.says))
    return speaks and any(option.is_trap for option in decision.options)


def should_accept_contact(decision: LearnerDecision) -> bool:
    """Whether an honest caller or message waits here: going along is right, and turning away is a trap.

    It is what the rule "always refuse" loses. A trap that goes along with half of what is asked ("gửi ảnh, không gửi
    số") turns nobody away.
    """
    return not is_refusal(decision.right.text) and any(
        option.is_trap and not option.is_fatal and is_refusal(option.text) for option in decision.options
    )


def choosable_widgets(screen: Screen) -> list[Widget]:
    """The widgets that the learner chooses from: all that can be tapped but a mere way back."""
    return [widget for widget in tappable_widgets(screen) if widget.role != "back" or not _WAY_BACK.match(widget.label)]


def tappable_widgets(screen: Screen) -> list[Widget]:
    return [widget for widget in screen.widgets if widget.role in TAP_ROLES]


def has_fields(screen: Screen) -> bool:
    return any(widget.role in FIELD_ROLES for widget in screen.widgets)
