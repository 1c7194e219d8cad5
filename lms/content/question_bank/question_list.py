"""Read the questions of a plain list: a question, its options A. B. C. or bullets, and the mark of the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.content.question_bank.bank_question import Bank, BankFinding, BankOption, BankQuestion, BankText
from lms.content.question_bank.right_options import (
    LETTERS,
    MarkedOption,
    RightOptionUnknown,
    find_right_options,
    strip_right_mark,
)
from lms.content.question_bank.styled_text import Emphasis, StyledText

_LABEL = rf"(?:[*✓✔√☑☒☐]\s*|\[[xX ]?\]\s*)?\(?[{LETTERS}{LETTERS.lower()}][.)/]"
_OPTION = re.compile(
    rf"(?P<sign>[*✓✔√☑☒☐]\s*|\[[xX ]?\]\s*)?(?P<open>\()?(?P<letter>[{LETTERS}{LETTERS.lower()}])"
    r"(?P<close>[.)/])(?:\s+|(?=[^\W\d_]{2}))(?=\S)"
)
_NEXT_OPTION = re.compile(rf"(?:\t\s*|[ \u00a0]{{2,}}){_LABEL}\s*(?=\S)")
_BULLET = re.compile(r"[-–•●○▪➢+]\s+(?=\S)")
_BULLET_LABEL = "•"
_ANSWER = re.compile(
    r"(?:đáp\s*án|đ\.?a|answer|ans|trả lời)(?:\s+đúng)?(?:\s+là)?\s*(?:[:：]|(?<=là)\s)\s*(?P<answer>.*)\Z",
    re.IGNORECASE,
)
_EXPLANATION = re.compile(
    r"(?:giải thích|lời giải|vì sao|explanation|feedback)\s*[:：]\s*(?P<text>\S.*)\Z", re.IGNORECASE
)
_HINT = re.compile(r"(?:gợi ý|hint)\s*[:：]\s*(?P<text>\S.*)\Z", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:câu(?:\s+hỏi)?|question|bài)\s*(?:số\s*)?(?P<number>\d{1,3})\s*(?:\([^)]*\))?\s*(?:[.:)/–-]\s*|\Z)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<number>\d{1,3})\s*[.)/]\s*(?=\S)(?!\d)")
_KEY = re.compile(r"(?:\d{1,3}\s*[.:)–-]?\s*[A-J][\s,;|.]*){2,}\Z")  # "1B 2C 3A"
_END = re.compile(r"\W*(?:hết|the end|end)\W*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line of a document. ``label`` is what automatic numbering shows before it: "A", "3", "•", or "" for none.

    ``obstacles`` are things in it that cannot be said as text, such as "hình".
    """

    place: int
    text: StyledText
    label: str = ""
    is_heading: bool = False
    obstacles: tuple[str, ...] = ()


def read_question_list(lines: Sequence[NumberedLine], bank: Bank) -> None:
    """Add the questions of these lines to a bank, and what was found."""
    _ListReader(bank, lines).read()


def options_of_lines(lines: Sequence[NumberedLine]) -> list[MarkedOption]:
    """The options of a cell that lists them; empty if a line is none."""
    options: list[MarkedOption] = []
    for line in lines:
        if line.text.text:
            found = _split_options(line)
            if not found:
                return []
            options += found
    return options


def build_bank_question(
    place: int, prompt: str, options: Sequence[MarkedOption], answer: str | None, explanation: str
) -> tuple[BankQuestion, list[BankFinding]]:
    """One choice with what was found about it.

    Raises:
        RightOptionUnknown: it is not certain which options are right, or there are too few.
    """
    letters = [option.letter for option in options if option.letter]
    if letters and letters != list(LETTERS[: len(options)]):
        raise RightOptionUnknown(f"Các lựa chọn phải đi từ A, không sót chữ nào; ở đây là {', '.join(letters)}.")
    if len(options) < 2:
        raise RightOptionUnknown(
            "Câu này mới có một lựa chọn; cần ít nhất hai." if options else "Câu này chưa có lựa chọn nào."
        )
    if not prompt.strip():
        raise RightOptionUnknown("Câu này không có lời hỏi.")
    if any(Emphasis.STRIKE in style for option in options for style in option.text.styles):
        raise RightOptionUnknown("Có chữ gạch ngang, nên chưa rõ là bỏ đi hay còn giữ.")
    right = find_right_options(options, answer)
    findings: list[BankFinding] = []
    if len(right) > 1:
        names = ", ".join(options[index].letter or str(index + 1) for index in sorted(right))
        findings.append(
            BankFinding(place, f"Câu này có {len(right)} lựa chọn đúng ({names}); bác xem có phải vậy không.")
        )
    if explanation and len(right) > 1:
        findings.append(BankFinding(place, "Lời giải thích chung không mang sang; bác viết nó vào từng lựa chọn."))
    return (
        BankQuestion(
            place,
            BankText(prompt),
            [
                BankOption(
                    BankText(option.text.text),
                    index in right,
                    BankText(explanation) if explanation and right == frozenset({index}) else None,
                )
                for index, option in enumerate(options)
            ],
        ),
        findings,
    )


def question_label_length(text: str) -> int:
    """Where a question begins after its label, such as "Câu 3." or "3)"; 0 if it has none."""
    match = _NAMED.match(text) or _NUMBERED.match(text)
    return match.end() if match else 0


@dataclass(slots=True)
class _Draft:
    place: int
    is_labelled: bool = False
    number: int | None = None  # of the label
    prompt: list[str] = field(default_factory=list[str])
    options: list[MarkedOption] = field(default_factory=list[MarkedOption])
    answer: str | None = None
    explanation: list[str] = field(default_factory=list[str])
    hints: list[str] = field(default_factory=list[str])
    trouble: BankFinding | None = None  # the first one
    is_after_blank: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.prompt or self.options or self.is_labelled)

    @property
    def is_answered(self) -> bool:
        return self.answer is not None


class _ListReader:
    def __init__(self, bank: Bank, lines: Sequence[NumberedLine]) -> None:
        self.bank = bank
        self.lines = lines
        self.draft = _Draft(0)
        self.is_named = any(_NAMED.match(line.text.text) for line in lines)
        self.is_numbered = self.is_named or any(_number_end(line) is not None for line in lines)
        self.prose_place: int | None = None

    def read(self) -> None:
        for line in self.lines:
            if line.text.text or line.obstacles:
                self._read_line(line)
            else:
                self.draft.is_after_blank = True
        self._finish()
        self._report_prose()

    def _read_line(self, line: NumberedLine) -> None:
        text, draft = line.text.text, self.draft
        if line.is_heading or _END.match(text):
            self._finish()
            self._add_prose(line)
        elif (start := self._question_start(line)) is not None:
            self._finish()
            self.draft = _Draft(line.place, is_labelled=True, number=_number(line))
            if rest := text[start:].strip():
                self.draft.prompt.append(rest)
        elif (match := _ANSWER.match(text)) and _KEY.match(match["answer"]):
            self._finish()
            self._refuse_alone(
                line, "Bảng đáp án ở cuối thì máy không chắc ghép đúng; bác ghi “Đáp án: A” dưới từng câu."
            )
        elif match and (draft.options or draft.is_labelled):
            if draft.is_answered:
                self._refuse(line, "Câu này có hai dòng đáp án.")
            draft.answer = match["answer"]
        elif (match := _EXPLANATION.match(text)) and draft.options:
            draft.explanation.append(match["text"])
        elif (match := _HINT.match(text)) and not draft.is_empty:
            draft.hints.append(match["text"])
        elif options := _split_options(line):
            self._add_options(line, options)
        else:
            self._add_text(line)
        for obstacle in line.obstacles:
            self._refuse(line, f"Câu này có {obstacle}; bác tự soạn lại câu này.")
        self.draft.is_after_blank = False

    def _question_start(self, line: NumberedLine) -> int | None:
        """Where the question begins after its label; None if the line begins no question."""
        if match := _NAMED.match(line.text.text):
            return match.end()
        if self.is_named and not self._continues_the_count(line):
            return None
        return _number_end(line)

    def _continues_the_count(self, line: NumberedLine) -> bool:
        """Whether a bare number after the options of "Câu 3" is the next one: then it is a question without "Câu"."""
        draft = self.draft
        return bool(draft.options) and draft.number is not None and _number(line) == draft.number + 1

    def _add_options(self, line: NumberedLine, options: list[MarkedOption]) -> None:
        draft, first = self.draft, options[0].letter
        if draft.options and first == "A":
            self._finish()
            draft = self.draft = _Draft(line.place)
            self._refuse(line, "Trước lựa chọn này chưa có câu hỏi.")
        if draft.is_answered:
            self._refuse(line, "Lựa chọn này đứng sau dòng đáp án.")
        if not draft.options and first not in ("", "A"):
            self._refuse(line, f"Các lựa chọn phải đi từ A; ở đây bắt đầu từ {first}.")
            if self.bank.questions and not draft.is_labelled:  # a line between its options cut it in two
                cut = self.bank.questions.pop()
                self.bank.findings.append(
                    BankFinding(
                        cut.line, "Giữa các lựa chọn của câu này có một dòng không có chữ cái.", is_refusal=True
                    )
                )
        if draft.is_empty:
            draft.place = line.place
        draft.options += options

    def _add_text(self, line: NumberedLine) -> None:
        draft = self.draft
        if draft.options and (not self.is_numbered or draft.is_answered):
            self._finish()
        elif draft.options:
            self._refuse(
                line,
                "Dòng này đứng sau các lựa chọn mà không có chữ cái ở đầu; bác viết nó thành một lựa chọn, hay bỏ nó.",
            )
            return
        if self.is_numbered and not self.draft.is_labelled:
            self._add_prose(line)
            return
        if self.draft.prompt and self.draft.is_after_blank and not self.draft.is_labelled:
            self._drop_prompt()
        if self.draft.is_empty:
            self.draft.place = line.place
        self.draft.prompt.append(line.text.text)

    def _add_prose(self, line: NumberedLine) -> None:
        if self.prose_place is None:
            self.prose_place = line.place

    def _drop_prompt(self) -> None:
        """What was thought to be a question was prose: a blank line followed it."""
        if self.prose_place is None:
            self.prose_place = self.draft.place
        self.draft = _Draft(0)

    def _report_prose(self) -> None:
        if self.prose_place is not None:
            self.bank.findings.append(
                BankFinding(self.prose_place, "Chữ ở đây không thuộc câu hỏi nào, nên không mang sang.")
            )
            self.prose_place = None

    def _finish(self) -> None:
        draft, self.draft = self.draft, _Draft(0)
        if draft.is_empty:
            if draft.trouble:
                self.bank.findings.append(draft.trouble)
            return
        if not draft.options and not draft.is_labelled and not draft.trouble and not draft.is_answered:
            if self.prose_place is None:
                self.prose_place = draft.place
            return
        self._report_prose()
        trouble = draft.trouble
        if trouble is None:
            try:
                question, findings = build_bank_question(
                    draft.place, "\n".join(draft.prompt), draft.options, draft.answer, " ".join(draft.explanation)
                )
            except RightOptionUnknown as error:
                trouble = BankFinding(draft.place, str(error), is_refusal=True)
            else:
                question.hints += draft.hints
                self.bank.questions.append(question)
                self.bank.findings += findings
        if trouble:
            self.bank.findings.append(trouble)

    def _refuse(self, line: NumberedLine, message: str) -> None:
        self.draft.trouble = self.draft.trouble or BankFinding(line.place, message, is_refusal=True)

    def _refuse_alone(self, line: NumberedLine, message: str) -> None:
        self.bank.findings.append(BankFinding(line.place, message, is_refusal=True))


def _number(line: NumberedLine) -> int | None:
    """The number of a line's label, such as "Câu 3." or "3."; None if it has none."""
    match = _NAMED.match(line.text.text)
    if match is None and line.label:
        return int(line.label) if line.label.isdecimal() else None
    match = match or _NUMBERED.match(line.text.text)
    return int(match["number"]) if match else None


def _number_end(line: NumberedLine) -> int | None:
    if line.label.isdecimal():
        return 0
    match = _NUMBERED.match(line.text.text)
    return match.end() if match and not line.label else None


def _split_options(line: NumberedLine) -> list[MarkedOption]:
    """The options of a line: one, or several with tabs or wide spaces between them; none if it is no option."""
    text = line.text
    if line.label and (line.label == _BULLET_LABEL or line.label in LETTERS):
        inner, is_signed = strip_right_mark(text)
        has_more_labels = _NEXT_OPTION.search(text.text) or (line.label == _BULLET_LABEL and _OPTION.match(inner.text))
        if not has_more_labels:
            return [MarkedOption(line.label.strip(_BULLET_LABEL), inner.strip(), is_signed=is_signed)]
        if line.label != _BULLET_LABEL:
            text = StyledText(f"{line.label}. ") + text
    if _OPTION.match(text.text) is None:
        bullet = _BULLET.match(text.text)
        if bullet is None:
            sign_only, is_signed = strip_right_mark(text)
            is_box = text.text.startswith(("☐", "[ ]", "[]")) or (is_signed and text.text[0] in "☑☒[")
            return [MarkedOption("", sign_only.strip(), is_signed=is_signed)] if is_box else []
        inner, is_signed = strip_right_mark(text.slice(bullet.end()))
        return [MarkedOption("", inner.strip(), is_signed=is_signed or text.text.startswith("+"))]  # as in hieu.md
    starts = [0]
    for match in _NEXT_OPTION.finditer(text.text):
        begin = match.start() + len(match[0]) - len(match[0].lstrip())
        starts.append(begin)
    options: list[MarkedOption] = []
    for start, end in zip(starts, [*starts[1:], len(text.text)], strict=True):
        part = text.slice(start, end).strip()
        match = _OPTION.match(part.text)
        if match is None:
            return []
        inner, is_signed = strip_right_mark(part.slice(match.end()).strip())
        label = part.slice(match.start("letter"), match.end("letter"))
        is_signed = is_signed or (match["sign"] or "☐").strip() not in ("☐", "[ ]", "[]")
        options.append(MarkedOption(match["letter"].upper(), inner.strip(), label, is_signed))
    return options
