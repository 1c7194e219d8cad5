"""``::: sắp xếp``: things to put in the right order."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.blocks import Block
from lms.content.model import Option, Ordering
from lms.content.prose import Prose
from lms.content.questions.body import Item, check_hints, check_prompt, check_twins, read_body
from lms.content.questions.ids import Identities, deal_keys, shown_place
from lms.content.questions.outcome import Outcome, UnknownOption
from lms.content.source import Report

PROMPT = "<p>Sắp xếp cho đúng thứ tự.</p>"


def parse(prose: Prose, block: Block, identities: Identities) -> Ordering | None:
    report = prose.report
    body = read_body(report, block, "1.")
    prompt = check_prompt(prose, block, body, needed=False) or PROMPT
    for item in body.items:
        if not item.text:
            report.error("empty-option", "Viết chữ cho mục này, hoặc xóa dòng.", item.line, item.column)
    if not body.misplaced:
        _check_numbers(report, body.items)
    if len(body.items) < 2 and not body.misplaced:
        message = "Viết ít nhất hai mục, mỗi mục một dòng: 1. rồi 2. theo thứ tự đúng."
        report.error("one-option", message, block.opening, 0, f"{len(body.items) + 1}. ")
    items = [item for item in body.items if item.text]
    check_twins(report, [(item.text, item.line, item.texts[0][2]) for item in items], "mục")
    hints = check_hints(prose, body)
    if not items:
        return None
    question_id = identities.deal("ordering", body.prompt_text, [item.text for item in items])
    keys = deal_keys(question_id, [item.text for item in items], never_in_order=True)
    return Ordering(
        id=question_id,
        prompt=prompt,
        items=tuple(Option(key, prose.running(item.running)) for key, item in zip(keys, items, strict=True)),
        hints=hints,
        line=report.source.place(block.opening)[0],
    )


def arrange(question: Ordering) -> tuple[Option, ...]:
    """The items as they are shown first, never in the right order."""
    return tuple(sorted(question.items, key=lambda item: shown_place(item.key)))


def grade(question: Ordering, given: Sequence[str]) -> Outcome:
    """``given`` are the keys in the order they were put. An item left out or put twice is out of order."""
    right = [item.key for item in question.items]
    for key in given:
        if key not in right:
            raise UnknownOption(key)
    return Outcome(float(list(given) == right))


def _check_numbers(report: Report, items: list[Item]) -> None:
    """The numbers go 1, 2, 3; all ones are what Markdown counts for itself."""
    numbers = [int(item.typed.rstrip(".)。")) for item in items]
    if set(numbers) == {1}:
        return
    for place, (number, item) in enumerate(zip(numbers, items, strict=True), 1):
        if number != place:
            message = f"Đánh số liền nhau theo thứ tự đúng: mục này là {place}."
            report.error("order-number", message, item.line, item.column, f"{place}.")
            return
