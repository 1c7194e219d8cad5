"""``::: hỏi`` with checkboxes: one right option makes a single choice, several a multiple choice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.content.blocks import Block
from lms.content.model import Choice, Option, Poll
from lms.content.prose import ProseReader
from lms.content.questions.body import Body, Item, check_duplicates, check_hints, check_prompt, read_body
from lms.content.questions.checkboxes import is_box_without_dash, read_box
from lms.content.questions.ids import QuestionIds, assign_keys, display_order
from lms.content.questions.outcome import Feedback, Outcome, UnknownOption
from lms.content.source import Diagnostics, ascii_punctuation

_SAYS_RIGHT = re.compile(r"\s*\((?:đáp án\s+)?đúng\)\s*[.!]?\Z", re.IGNORECASE)  # how people mark it without a sign
_BOX = re.compile(r"\[[^\]]{0,3}\](?![(\w])|\[[ xX]?\]")  # any box, also a misspelt one; but no link


def parse(prose: ProseReader, block: Block, ids: QuestionIds) -> Choice | None:
    diagnostics = prose.diagnostics
    body = read_body(diagnostics, block, "-", with_feedback=True)
    prompt = check_prompt(prose, block, body)
    lines = diagnostics.source.lines[block.start : block.end]
    has_boxes = any(map(_has_box, body.items)) or any(map(is_box_without_dash, lines))
    has_signs = not has_boxes and any(item.typed == "+" for item in body.items)
    is_unmarked = not has_boxes and not has_signs
    boxed = [(None if is_unmarked else _strip_box(diagnostics, item, has_signs=has_signs), item) for item in body.items]
    options = [(bool(ticked), item) for ticked, item in boxed if item.text]
    unclear = [item for ticked, item in boxed if ticked is None]  # may be right or wrong
    if "exact-marks" in block.options:
        message = "Bỏ “đúng dấu”: nó chỉ dùng cho câu hỏi phải gõ câu trả lời, với các dòng bắt đầu bằng dấu =."
        diagnostics.error("block-option", message, block.opening, 0)
    check_option_count(diagnostics, block, len(body.items), misplaced=body.has_misplaced_line)
    check_duplicates(diagnostics, [(item.text, item.line, item.texts[0][2]) for _, item in options])
    lacks_right = is_unmarked or not (unclear or any(ticked for ticked, _ in boxed))
    if body.items and lacks_right and not body.has_misplaced_line:
        _report_no_right_option(diagnostics, block, body, is_unmarked=is_unmarked)
    if len({item.text for _, item in options}) == len(options) > 1 and all(ticked for ticked, _ in options):
        message = "Thêm một lựa chọn chưa đúng: ở đây lựa chọn nào cũng đúng, nên chọn hết là xong."
        diagnostics.warning("all-right", message, block.opening)
    for ticked, item in options:
        if not ticked and item not in unclear and (item.feedback is None or not item.feedback.text):
            message = "Viết thêm một dòng > ở dưới: nói gì với người chọn nhầm lựa chọn này."
            diagnostics.warning("silent-option", message, item.line, item.column, "  > ")
    hints = check_hints(prose, body)
    if not options:
        return None
    question_id = ids.assign("choice", body.prompt_text, [item.text for _, item in options])
    keys = assign_keys(question_id, [item.text for _, item in options])
    return Choice(
        id=question_id,
        prompt=prompt,
        options=tuple(
            Option(
                key,
                prose.render_run(item.text_run),
                ticked,
                render_feedback(prose, item),
                diagnostics.source.position(item.line)[0],
            )
            for key, (ticked, item) in zip(keys, options, strict=True)
        ),
        keep_order="keep-order" in block.options,
        hints=hints,
        line=diagnostics.source.position(block.opening)[0],
    )


def arrange(question: Choice) -> tuple[Option, ...]:
    """The options in display order."""
    if question.keep_order:
        return question.options
    return tuple(sorted(question.options, key=lambda option: display_order(option.key)))


def grade(question: Choice, given: Sequence[str]) -> Outcome:
    """``given`` are the keys picked. A multiple choice is right if exactly the right options are picked."""
    picked = picked_options(question, given)
    if len(picked) > 1 and not question.multiple:
        raise UnknownOption(given[1])
    right = all(option.right == (option in picked) for option in question.options)
    return Outcome(float(right), tuple(Feedback(option.key, option.feedback) for option in picked))


def picked_options(question: Choice | Poll, given: Sequence[str]) -> list[Option]:
    """The options with these keys, in file order.

    Raises:
        UnknownOption: no option has one of the keys.
    """
    known = {option.key for option in question.options}
    for key in given:
        if key not in known:
            raise UnknownOption(key)
    return [option for option in question.options if option.key in given]


def render_feedback(prose: ProseReader, item: Item) -> str | None:
    """The feedback of an item as HTML; None if there is none."""
    return prose.render_run(item.feedback.text_run) if item.feedback and item.feedback.text else None


def check_option_count(diagnostics: Diagnostics, block: Block, count: int, *, misplaced: bool = False) -> None:
    """Report fewer than two options, unless a reported line may be one (``misplaced``)."""
    if count > 1 or misplaced:
        return
    if count:
        diagnostics.error("one-option", "Thêm ít nhất một lựa chọn nữa: ở đây mới có một.", block.opening)
    else:
        message = "Viết các lựa chọn dưới câu hỏi, mỗi lựa chọn một dòng."
        diagnostics.error("no-options", message, block.opening, 0, "- [ ] ")


def _has_box(item: Item) -> bool:
    return _BOX.match(ascii_punctuation(item.text)) is not None


def _report_no_right_option(diagnostics: Diagnostics, block: Block, body: Body, *, is_unmarked: bool) -> None:
    """Report once a question that marks no option as right; one whose text says so is the example."""
    said = next((item for item in body.items if _SAYS_RIGHT.search(item.text)), None)
    if said:
        message = "Lựa chọn này ghi “đúng” ở cuối; máy chỉ nhận ô [x] ở đầu dòng."
        meant = f"- [x] {_SAYS_RIGHT.sub('', said.text)}"
        diagnostics.error("no-right-option", message, said.line, said.column, meant)
    elif is_unmarked:
        first = body.items[0]
        message = (
            "Máy chưa biết lựa chọn nào đúng: viết ô [x] trước lựa chọn đúng, ô [ ] trước các dòng kia. "
            f"Nếu đúng là dòng này thì gõ “- [x] {first.text}”."
        )
        diagnostics.error("no-right-option", message, first.line, first.column)
    else:
        diagnostics.error("no-right-option", "Đánh dấu [x] cho ít nhất một đáp án đúng.", block.opening, 0, "[x]")


def _strip_box(diagnostics: Diagnostics, item: Item, *, has_signs: bool) -> bool | None:
    """Remove the checkbox from an item's text; returns whether it is ticked, None if that is unclear.

    ``has_signs``: the question has no boxes, and a ``+`` for what is right, which is reported.
    """
    _, line, column = item.texts[0]
    box = "[x]" if item.typed == "+" and column > item.column + 1 else "[ ]"
    remedy = f"Thêm ô sau dấu gạch ngắn: “- {box} {item.text}”. Đáp án đúng thì ô là [x]."
    ticked, start = read_box(diagnostics, line, item.column, column, remedy, box)
    item.texts[0] = (diagnostics.source.lines[line][start:].strip(), line, start)
    if not item.text:
        diagnostics.error("empty-option", "Viết chữ cho lựa chọn này, hoặc xóa dòng.", line, item.column)
    return {"+": True, "-": False}.get(item.typed) if has_signs else ticked
