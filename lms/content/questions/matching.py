"""``::: ghép``: pairs to match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.blocks import Block
from lms.content.markdown.outline import TextRun
from lms.content.model import Matching, Option, Pair
from lms.content.prose import ProseReader
from lms.content.questions.body import Item, check_duplicates, check_hints, check_prompt, read_body
from lms.content.questions.ids import QuestionIds, assign_keys, display_order
from lms.content.questions.outcome import Outcome, UnknownOption, mark_right_places
from lms.content.source import Diagnostics, ascii_punctuation

PROMPT = "<p>Ghép từng cặp cho đúng.</p>"

_EQUALS = re.compile(r"\s+=\s+")

_DraftSide = tuple[str, int, int]  # text, line, column


@dataclass(frozen=True, slots=True)
class MatchColumns:
    """Both columns in display order. An answer names a right key for each left option."""

    lefts: tuple[Option, ...]
    rights: tuple[Option, ...]


def parse(prose: ProseReader, block: Block, ids: QuestionIds) -> Matching | None:
    diagnostics = prose.diagnostics
    body = read_body(diagnostics, block, "-")
    prompt = check_prompt(prose, block, body, needed=False) or PROMPT
    pairs = [pair for item in body.items if (pair := _split_pair(diagnostics, item))]
    if len(body.items) < 2 and not body.has_misplaced_line:
        message = "Viết ít nhất hai cặp, mỗi cặp một dòng: - bên trái = bên phải."
        diagnostics.error("one-option", message, block.opening, 0, "- bên trái = bên phải")
    check_duplicates(diagnostics, [left for left, _ in pairs], "vế trái")
    check_duplicates(diagnostics, [right for _, right in pairs], "vế phải")
    hints = check_hints(prose, body)
    if not pairs:
        return None
    question_id = ids.assign("matching", body.prompt_text, [text for pair in pairs for text, _, _ in pair])
    lefts = assign_keys(f"{question_id} left", [left[0] for left, _ in pairs])
    rights = assign_keys(question_id, [right[0] for _, right in pairs], avoid_file_order=True)
    return Matching(
        id=question_id,
        prompt=prompt,
        pairs=tuple(
            Pair(_side_option(prose, left_key, left), _side_option(prose, right_key, right))
            for left_key, right_key, (left, right) in zip(lefts, rights, pairs, strict=True)
        ),
        hints=hints,
        line=diagnostics.source.position(block.opening)[0],
    )


def arrange(question: Matching) -> MatchColumns:
    """The left column in file order; the right column shuffled, but never already solved."""
    rights = sorted((pair.right for pair in question.pairs), key=lambda option: display_order(option.key))
    return MatchColumns(tuple(pair.left for pair in question.pairs), tuple(rights))


def grade(question: Matching, given: Sequence[str]) -> Outcome:
    """``given`` are right keys in the order of the left column; "" where nothing is picked."""
    known = {pair.right.key for pair in question.pairs}
    for key in given:
        if key and key not in known:
            raise UnknownOption(key)
    right = [pair.right.key for pair in question.pairs]
    return Outcome(float(list(given) == right), right_places=mark_right_places(given, right))


def _side_option(prose: ProseReader, key: str, side: _DraftSide) -> Option:
    return Option(key, _render_side(prose, side), line=prose.diagnostics.source.position(side[1])[0])


def _render_side(prose: ProseReader, side: _DraftSide) -> str:
    text, line, column = side
    return prose.render_run(TextRun((text,), ((line, column),)))


def _split_pair(diagnostics: Diagnostics, item: Item) -> tuple[_DraftSide, _DraftSide] | None:
    """Split a pair into its sides; None if that is impossible, which is reported."""
    text, line, column = item.texts[0]
    text = " ".join([text, *(more for more, _, _ in item.texts[1:])])
    meant = ascii_punctuation(text)
    matches = list(_EQUALS.finditer(meant))
    if len(matches) == 1:
        equals = matches[0]
        left, right = text[: equals.start()], text[equals.end() :]
        if equals.end() <= len(item.texts[0][0]):
            diagnostics.check_punctuation(line, column + equals.start(), column + equals.end())
        return (left, line, column), (right, line, column + equals.end())
    if matches:
        message = "Mỗi cặp chỉ có một dấu = ở giữa; bác viết lại cặp này."
        diagnostics.error("pair-shape", message, line, column + matches[1].start() + 1)
        return None
    sides = [side.strip() for side in meant.split("=")]
    suggestion = " = ".join(sides) if len(sides) == 2 and all(sides) else None
    message = "Viết cặp theo dạng: - bên trái = bên phải, có dấu cách hai bên dấu =."
    diagnostics.error("pair-shape", message, line, column, f"- {suggestion}" if suggestion else None)
    return None
