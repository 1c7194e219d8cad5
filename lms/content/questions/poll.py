"""``::: thăm dò``: options without a right answer, made for the live class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.content.blocks import Block
from lms.content.model import Option, Poll
from lms.content.prose import Prose
from lms.content.questions.body import check_hints, check_prompt, check_twins, read_body
from lms.content.questions.choice import check_count, picked_options, said
from lms.content.questions.ids import Identities, deal_keys
from lms.content.questions.outcome import Outcome, Said, UnknownOption
from lms.content.source import plain

_BOX = re.compile(r"\[[^\]]{0,2}\](?!\()")


def parse(prose: Prose, block: Block, identities: Identities) -> Poll | None:
    report = prose.report
    body = read_body(report, block, "-", speaks=True)
    prompt = check_prompt(prose, block, body)
    for item in body.items:
        if _BOX.match(plain(item.text)):
            meant = _BOX.sub("", plain(item.text)).strip()
            message = "Bỏ ô vuông: câu thăm dò không có đáp án đúng, mỗi lựa chọn chỉ viết sau dấu gạch ngắn."
            report.error("poll-box", message, item.line, item.texts[0][2], f"- {meant}")
        elif not item.text:
            report.error("empty-option", "Viết chữ cho lựa chọn này, hoặc xóa dòng.", item.line, item.column)
    options = [item for item in body.items if item.text]
    check_count(report, block, len(body.items), misplaced=body.misplaced)
    check_twins(report, [(item.text, item.line, item.texts[0][2]) for item in options])
    hints = check_hints(prose, body)
    if not options:
        return None
    question_id = identities.deal("poll", body.prompt_text, [item.text for item in options])
    keys = deal_keys(question_id, [item.text for item in options])
    return Poll(
        id=question_id,
        prompt=prompt,
        options=tuple(
            Option(key, prose.running(item.running), why=said(prose, item))
            for key, item in zip(keys, options, strict=True)
        ),
        hints=hints,
        line=report.source.place(block.opening)[0],
    )


def arrange(question: Poll) -> tuple[Option, ...]:
    """File order: what is asked in a poll often has one of its own, and wall and phones must show the same."""
    return question.options


def grade(question: Poll, given: Sequence[str]) -> Outcome:
    """Whatever is picked is right; nothing counts it."""
    picked = picked_options(question, given)
    if len(picked) > 1:
        raise UnknownOption(given[1])
    return Outcome(float(bool(picked)), tuple(Said(option.key, option.why) for option in picked))
