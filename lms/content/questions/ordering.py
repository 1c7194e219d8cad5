"""``::: sắp xếp``: items to put in order."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.blocks import Block
from lms.content.model import Option, Ordering
from lms.content.prose import ProseReader
from lms.content.questions.body import Item, check_duplicates, check_hints, check_prompt, read_body
from lms.content.questions.ids import QuestionIds, assign_keys, display_order
from lms.content.questions.outcome import Outcome, UnknownOption, mark_right_places
from lms.content.source import Diagnostics

PROMPT = "<p>Sắp xếp cho đúng thứ tự.</p>"


def parse(prose: ProseReader, block: Block, ids: QuestionIds) -> Ordering | None:
    diagnostics = prose.diagnostics
    body = read_body(diagnostics, block, "1.")
    prompt = check_prompt(prose, block, body, needed=False) or PROMPT
    for item in body.items:
        if not item.text:
            diagnostics.error("empty-option", "Viết chữ cho mục này, hoặc xóa dòng.", item.line, item.column)
    if not body.has_misplaced_line:
        _check_numbers(diagnostics, body.items)
    if len(body.items) < 2 and not body.has_misplaced_line:
        message = "Viết ít nhất hai mục, mỗi mục một dòng: 1. rồi 2. theo thứ tự đúng."
        diagnostics.error("one-option", message, block.opening, 0, f"{len(body.items) + 1}. ")
    items = [item for item in body.items if item.text]
    check_duplicates(diagnostics, [(item.text, item.line, item.texts[0][2]) for item in items], "mục")
    hints = check_hints(prose, body)
    if not items:
        return None
    question_id = ids.assign("ordering", body.prompt_text, [item.text for item in items])
    keys = assign_keys(question_id, [item.text for item in items], avoid_file_order=True)
    return Ordering(
        id=question_id,
        prompt=prompt,
        items=tuple(
            Option(key, prose.render_run(item.text_run), line=diagnostics.source.position(item.line)[0])
            for key, item in zip(keys, items, strict=True)
        ),
        hints=hints,
        line=diagnostics.source.position(block.opening)[0],
    )


def arrange(question: Ordering) -> tuple[Option, ...]:
    """The items in display order, which is never the right one."""
    return tuple(sorted(question.items, key=lambda item: display_order(item.key)))


def grade(question: Ordering, given: Sequence[str]) -> Outcome:
    """``given`` are the keys in the learner's order. A missing or repeated key makes it wrong."""
    right = [item.key for item in question.items]
    for key in given:
        if key not in right:
            raise UnknownOption(key)
    return Outcome(float(list(given) == right), right_places=mark_right_places(given, right))


def _check_numbers(diagnostics: Diagnostics, items: list[Item]) -> None:
    """Check that items are numbered 1, 2, 3, or all 1, as Markdown allows."""
    numbers = [int(item.typed.rstrip(".)。")) for item in items]
    if set(numbers) == {1}:
        return
    for position, (number, item) in enumerate(zip(numbers, items, strict=True), 1):
        if number != position:
            message = f"Đánh số liền nhau theo thứ tự đúng: mục này là {position}."
            diagnostics.error("order-number", message, item.line, item.column, f"{position}.")
            return
