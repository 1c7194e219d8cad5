"""``::: ghép``: pairs to find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.blocks import Block
from lms.content.model import Matching, Option, Pair
from lms.content.outline import Running
from lms.content.prose import Prose
from lms.content.questions.body import Item, check_hints, check_prompt, check_twins, read_body
from lms.content.questions.ids import Identities, deal_keys, shown_place
from lms.content.questions.outcome import Outcome, UnknownOption
from lms.content.source import Report, plain

PROMPT = "<p>Ghép từng cặp cho đúng.</p>"

_EQUALS = re.compile(r"\s+=\s+")

_Side = tuple[str, int, int]  # text, line, column


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides as they are shown; an answer gives a right key for each left."""

    lefts: tuple[Option, ...]
    rights: tuple[Option, ...]


def parse(prose: Prose, block: Block, identities: Identities) -> Matching | None:
    report = prose.report
    body = read_body(report, block, "-")
    prompt = check_prompt(prose, block, body, needed=False) or PROMPT
    pairs = [pair for item in body.items if (pair := _sides(report, item))]
    if len(body.items) < 2 and not body.misplaced:
        message = "Viết ít nhất hai cặp, mỗi cặp một dòng: - bên trái = bên phải."
        report.error("one-option", message, block.opening, 0, "- bên trái = bên phải")
    check_twins(report, [left for left, _ in pairs], "vế trái")
    check_twins(report, [right for _, right in pairs], "vế phải")
    hints = check_hints(prose, body)
    if not pairs:
        return None
    question_id = identities.deal("matching", body.prompt_text, [text for pair in pairs for text, _, _ in pair])
    lefts = deal_keys(f"{question_id} left", [left[0] for left, _ in pairs])
    rights = deal_keys(question_id, [right[0] for _, right in pairs], never_in_order=True)
    return Matching(
        id=question_id,
        prompt=prompt,
        pairs=tuple(
            Pair(Option(left_key, _html(prose, left)), Option(right_key, _html(prose, right)))
            for left_key, right_key, (left, right) in zip(lefts, rights, pairs, strict=True)
        ),
        hints=hints,
        line=report.source.place(block.opening)[0],
    )


def arrange(question: Matching) -> Sides:
    """Lefts in file order; rights shuffled, never opposite the lefts they belong to all at once."""
    rights = sorted((pair.right for pair in question.pairs), key=lambda option: shown_place(option.key))
    return Sides(tuple(pair.left for pair in question.pairs), tuple(rights))


def grade(question: Matching, given: Sequence[str]) -> Outcome:
    """``given`` are keys of rights in the order of the lefts shown; "" where nothing was picked yet."""
    known = {pair.right.key for pair in question.pairs}
    for key in given:
        if key and key not in known:
            raise UnknownOption(key)
    return Outcome(float(list(given) == [pair.right.key for pair in question.pairs]))


def _html(prose: Prose, side: _Side) -> str:
    text, line, column = side
    return prose.running(Running((text,), ((line, column),)))


def _sides(report: Report, item: Item) -> tuple[_Side, _Side] | None:
    """Both sides of a pair, or None when they cannot be told apart (and that is reported)."""
    text, line, column = item.texts[0]
    text = " ".join([text, *(more for more, _, _ in item.texts[1:])])
    meant = plain(text)
    found = list(_EQUALS.finditer(meant))
    if len(found) == 1:
        at = found[0]
        left, right = text[: at.start()], text[at.end() :]
        if at.end() <= len(item.texts[0][0]):
            report.mend(line, column + at.start(), column + at.end())
        return (left, line, column), (right, line, column + at.end())
    if found:
        message = "Mỗi cặp chỉ có một dấu = ở giữa; bác viết lại cặp này."
        report.error("pair-shape", message, line, column + found[1].start() + 1)
        return None
    sides = [side.strip() for side in meant.split("=")]
    suggestion = " = ".join(sides) if len(sides) == 2 and all(sides) else None
    message = "Viết cặp theo dạng: - bên trái = bên phải, có dấu cách hai bên dấu =."
    report.error("pair-shape", message, line, column, f"- {suggestion}" if suggestion else None)
    return None
