"""``::: thăm dò``: options without a right answer, for live classes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.content.blocks import Block
from lms.content.model import Option, Poll
from lms.content.prose import ProseReader
from lms.content.questions.body import check_duplicates, check_hints, check_prompt, read_body
from lms.content.questions.choice import check_option_count, picked_options, render_feedback
from lms.content.questions.ids import QuestionIds, assign_keys
from lms.content.questions.outcome import Feedback, Outcome, UnknownOption
from lms.content.source import ascii_punctuation

_BOX = re.compile(r"\[[^\]]{0,2}\](?!\()")


def parse(prose: ProseReader, block: Block, ids: QuestionIds) -> Poll | None:
    diagnostics = prose.diagnostics
    body = read_body(diagnostics, block, "-", with_feedback=True)
    prompt = check_prompt(prose, block, body)
    for item in body.items:
        if _BOX.match(ascii_punctuation(item.text)):
            meant = _BOX.sub("", ascii_punctuation(item.text)).strip()
            message = "Bỏ ô vuông: câu thăm dò không có đáp án đúng, mỗi lựa chọn chỉ viết sau dấu gạch ngắn."
            diagnostics.error("poll-box", message, item.line, item.texts[0][2], f"- {meant}")
        elif not item.text:
            diagnostics.error("empty-option", "Viết chữ cho lựa chọn này, hoặc xóa dòng.", item.line, item.column)
    options = [item for item in body.items if item.text]
    check_option_count(diagnostics, block, len(body.items), misplaced=body.has_misplaced_line)
    check_duplicates(diagnostics, [(item.text, item.line, item.texts[0][2]) for item in options])
    hints = check_hints(prose, body)
    if not options:
        return None
    question_id = ids.assign("poll", body.prompt_text, [item.text for item in options])
    keys = assign_keys(question_id, [item.text for item in options])
    return Poll(
        id=question_id,
        prompt=prompt,
        options=tuple(
            Option(
                key,
                prose.render_run(item.text_run),
                feedback=render_feedback(prose, item),
                line=diagnostics.source.position(item.line)[0],
            )
            for key, item in zip(keys, options, strict=True)
        ),
        hints=hints,
        line=diagnostics.source.position(block.opening)[0],
    )


def arrange(question: Poll) -> tuple[Option, ...]:
    """The options in file order: polls often have a natural order, and the wall and phones must agree."""
    return question.options


def grade(question: Poll, given: Sequence[str]) -> Outcome:
    """Any option is right; polls do not count towards a mark."""
    picked = picked_options(question, given)
    if len(picked) > 1:
        raise UnknownOption(given[1])
    return Outcome(float(bool(picked)), tuple(Feedback(option.key, option.feedback) for option in picked))
