"""``::: hỏi`` with boxes: one right option is a single choice, several are a multiple one."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.blocks import Block
from lms.content.model import Choice, Option, Poll
from lms.content.prose import Prose
from lms.content.questions.body import Item, check_hints, check_prompt, check_twins, read_body
from lms.content.questions.checkboxes import read_box
from lms.content.questions.ids import Identities, deal_keys, shown_place
from lms.content.questions.outcome import Outcome, Said, UnknownOption
from lms.content.source import Report


def parse(prose: Prose, block: Block, identities: Identities) -> Choice | None:
    report = prose.report
    body = read_body(report, block, "-", speaks=True)
    prompt = check_prompt(prose, block, body)
    boxed = [(_without_box(report, item), item) for item in body.items]
    options = [(bool(ticked), item) for ticked, item in boxed if item.text]
    unsure = [item for ticked, item in boxed if ticked is None]  # may be right ones or wrong ones
    if "exact-marks" in block.options:
        message = "Bỏ “đúng dấu”: nó chỉ dùng cho câu hỏi phải gõ câu trả lời, với các dòng bắt đầu bằng dấu =."
        report.error("block-option", message, block.opening, 0)
    check_count(report, block, len(body.items), misplaced=body.misplaced)
    check_twins(report, [(item.text, item.line, item.texts[0][2]) for _, item in options])
    if body.items and not unsure and not body.misplaced and not any(ticked for ticked, _ in boxed):
        report.error("no-right-option", "Đánh dấu [x] cho ít nhất một đáp án đúng.", block.opening, 0, "[x]")
    for ticked, item in options:
        if not ticked and item not in unsure and (item.said is None or not item.said.text):
            message = "Viết thêm một dòng > ở dưới: nói gì với người chọn nhầm lựa chọn này."
            report.warning("silent-option", message, item.line, item.column, "  > ")
    hints = check_hints(prose, body)
    if not options:
        return None
    question_id = identities.deal("choice", body.prompt_text, [item.text for _, item in options])
    keys = deal_keys(question_id, [item.text for _, item in options])
    return Choice(
        id=question_id,
        prompt=prompt,
        options=tuple(
            Option(key, prose.running(item.running), ticked, said(prose, item))
            for key, (ticked, item) in zip(keys, options, strict=True)
        ),
        keep_order="keep-order" in block.options,
        hints=hints,
        line=report.source.place(block.opening)[0],
    )


def arrange(question: Choice) -> tuple[Option, ...]:
    """The options as they are shown."""
    if question.keep_order:
        return question.options
    return tuple(sorted(question.options, key=lambda option: shown_place(option.key)))


def grade(question: Choice, given: Sequence[str]) -> Outcome:
    """``given`` are the keys picked. A multiple choice is right when all right options are picked and no other."""
    picked = picked_options(question, given)
    if len(picked) > 1 and not question.multiple:
        raise UnknownOption(given[1])
    right = all(option.right == (option in picked) for option in question.options)
    return Outcome(float(right), tuple(Said(option.key, option.why) for option in picked))


def picked_options(question: Choice | Poll, given: Sequence[str]) -> list[Option]:
    """The options of these keys, in file order.

    Raises:
        UnknownOption: no option has one of the keys.
    """
    known = {option.key for option in question.options}
    for key in given:
        if key not in known:
            raise UnknownOption(key)
    return [option for option in question.options if option.key in given]


def said(prose: Prose, item: Item) -> str | None:
    """What is said to whoever picks the item."""
    return prose.running(item.said.running) if item.said and item.said.text else None


def check_count(report: Report, block: Block, count: int, *, misplaced: bool = False) -> None:
    """Whoever is asked needs something to choose from. ``misplaced``: a line was reported that may be an option."""
    if count > 1 or misplaced:
        return
    if count:
        report.error("one-option", "Thêm ít nhất một lựa chọn nữa: ở đây mới có một.", block.opening)
    else:
        message = "Viết các lựa chọn dưới câu hỏi, mỗi lựa chọn một dòng."
        report.error("no-options", message, block.opening, 0, "- [ ] ")


def _without_box(report: Report, item: Item) -> bool | None:
    """Take the box off an item; whether it is ticked."""
    _, line, column = item.texts[0]
    remedy = "Thêm ô [ ] (hoặc [x] cho đáp án đúng) sau dấu gạch ngắn."
    ticked, start = read_box(report, line, item.column, column, remedy)
    item.texts[0] = (report.source.lines[line][start:].strip(), line, start)
    if not item.text:
        report.error("empty-option", "Viết chữ cho lựa chọn này, hoặc xóa dòng.", line, item.column)
    return ticked
