"""Read the questions of a plain list: a question, its options A. B. C. or bullets, and the mark of the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.content.question_bank.bank_question import Bank, BankFinding, BankOption, BankQuestion, BankText
from lms.content.question_bank.marked_text import MarkedText
from lms.content.question_bank.right_options import (
    LETTERS,
    MarkedOption,
    RightOptionUnknown,
    find_right_options,
    strip_right_mark,
)

BULLET = "•"
_SIGN = r"(?:[*✓✔√☑☒☐]\s*|\[[xX ]?\]\s*)?"
_LABEL = rf"{_SIGN}\(?[{LETTERS}{LETTERS.lower()}][.)/]"
_OPTION = re.compile(
    rf"(?P<sign>{_SIGN})\(?(?P<letter>[{LETTERS}{LETTERS.lower()}])[.)/](?:\s+|(?=[^\W\d_]{{2}}))(?=\S)"
)
_NEXT_OPTION = re.compile(rf"(?:\t\s*|[ \u00a0]{{2,}})(?={_LABEL}\s*\S)")
_BULLET = re.compile(r"[-–•●○▪➢+]\s+(?=\S)")
_BOX = re.compile(r"[☐☑☒]|\[[xX ]?\]")
_ANSWER = re.compile(
    r"(?:đáp\s*án|đ\.?a|answer|ans|trả lời)(?:\s+đúng)?(?:\s+là)?\s*(?:[:：]|(?<=là)\s)\s*(?P<answer>.*)\Z",
    re.IGNORECASE,
)
_EXPLANATION = re.compile(
    r"(?:giải thích|lời giải|vì sao|explanation|feedback)\s*[:：]\s*(?P<text>\S.*)\Z", re.IGNORECASE
)
_HINT = re.compile(r"(?:gợi ý|hint)\s*[:：]\s*(?P<text>\S.*)\Z", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:câu(?:\s+hỏi)?|question|bài)\s*(?:số\s*)?\d{1,3}\s*(?:\([^)]*\))?\s*(?:[.:)/–-]\s*|\Z)", re.IGNORECASE
)
_NUMBERED = re.compile(r"\d{1,3}\s*[.)/]\s*(?=\S)(?!\d)")
_KEY = re.compile(r"(?:\d{1,3}\s*[.:)–-]?\s*[A-J][\s,;|.]*){2,}\Z")  # "1B 2C 3A"
_END = re.compile(r"\W*(?:hết|the end|end)\W*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line of a document. ``label`` is what automatic numbering shows before it: "A", "3", "•", or "" for none.

    ``obstacles`` are things in it that cannot be said as text, such as "hình".
    """

    place: int
    text: MarkedText
    label: str = ""
    is_heading: bool = False
    obstacles: tuple[str, ...] = ()


def read_question_list(lines: Sequence[NumberedLine], bank: Bank) -> None:
    """Add the questions of these lines to a bank, and what was found."""
    _ListReader(bank, lines).read()


def options_of_lines(lines: Sequence[NumberedLine]) -> list[MarkedOption]:
    """The options of a cell that lists them; empty if a line is none."""
    found = [_split_options(line) for line in lines if line.text.text]
    return [option for options in found for option in options] if all(found) else []


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
    right = find_right_options(options, answer)
    findings: list[BankFinding] = []
    if len(right) > 1:
        names = ", ".join(options[index].letter or str(index + 1) for index in sorted(right))
        findings.append(
            BankFinding(place, f"Câu này có {len(right)} lựa chọn đúng ({names}); bác xem có phải vậy không.")
        )
        if explanation:
            findings.append(BankFinding(place, "Lời giải thích chung không mang sang; bác viết nó vào từng lựa chọn."))
    feedback = BankText(explanation) if explanation and len(right) == 1 else None
    read = [
        BankOption(BankText(option.text.text), index in right, feedback if index in right else None)
        for index, option in enumerate(options)
    ]
    return BankQuestion(place, BankText(prompt), read), findings


@dataclass(slots=True)
class _Draft:
    place: int
    is_labelled: bool = False
    prompt: list[str] = field(default_factory=list[str])
    options: list[MarkedOption] = field(default_factory=list[MarkedOption])
    answer: str | None = None
    explanation: list[str] = field(default_factory=list[str])
    hints: list[str] = field(default_factory=list[str])
    trouble: BankFinding | None = None  # the first one

    @property
    def is_empty(self) -> bool:
        return not (self.prompt or self.options or self.is_labelled or self.trouble)


class _ListReader:
    def __init__(self, bank: Bank, lines: Sequence[NumberedLine]) -> None:
        self.bank = bank
        self.lines = lines
        self.draft = _Draft(0)
        self.is_named = any(_NAMED.match(line.text.text) for line in lines)
        self.is_numbered = self.is_named or any(_number_end(line) is not None for line in lines)
        self.prose_place: int | None = None  # of the first text that belongs to no question

    def read(self) -> None:
        for line in self.lines:
            if line.text.text or line.obstacles:
                self._read_line(line)
            elif not (self.draft.options or self.draft.is_labelled):  # what was thought to be a question was prose
                self._finish()
        self._finish()
        if self.prose_place is not None:
            message = "Chữ ở đây không thuộc câu hỏi nào, nên không mang sang."
            self.bank.findings.append(BankFinding(self.prose_place, message))

    def _read_line(self, line: NumberedLine) -> None:
        text, draft = line.text.text, self.draft
        if line.is_heading or _END.match(text):
            self._finish()
            self._add_prose(line.place)
        elif (start := self._question_start(line)) is not None:
            self._finish()
            self.draft = _Draft(line.place, is_labelled=True)
            if rest := text[start:].strip():
                self.draft.prompt.append(rest)
        elif (match := _ANSWER.match(text)) and _KEY.match(match["answer"]):
            self._finish()
            self._refuse(line, "Bảng đáp án ở cuối thì máy không chắc ghép đúng; bác ghi “Đáp án: A” dưới từng câu.")
            self._finish()
        elif match and (draft.options or draft.is_labelled):
            if draft.answer is not None:
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

    def _question_start(self, line: NumberedLine) -> int | None:
        """Where the question begins after its label; None if the line begins no question.

        Among questions "Câu 1", a bare number begins one only after options: before them it counts what is asked about.
        """
        if match := _NAMED.match(line.text.text):
            return match.end()
        return None if self.is_named and not self.draft.options else _number_end(line)

    def _add_options(self, line: NumberedLine, options: list[MarkedOption]) -> None:
        draft, first = self.draft, options[0].letter
        if draft.options and first == "A":
            self._finish()
            draft = self.draft = _Draft(line.place)
            self._refuse(line, "Trước lựa chọn này chưa có câu hỏi.")
        if draft.answer is not None:
            self._refuse(line, "Lựa chọn này đứng sau dòng đáp án.")
        if not draft.options and first not in ("", "A"):
            self._refuse(line, f"Các lựa chọn phải đi từ A; ở đây bắt đầu từ {first}.")
            if self.bank.questions and not draft.is_labelled:  # a line between its options cut it in two
                cut = self.bank.questions.pop().line
                message = "Giữa các lựa chọn của câu này có một dòng không có chữ cái."
                self.bank.findings.append(BankFinding(cut, message, is_refusal=True))
        draft.place = draft.place or line.place
        draft.options += options

    def _add_text(self, line: NumberedLine) -> None:
        draft = self.draft
        if draft.options and (not self.is_numbered or draft.answer is not None):
            self._finish()
        elif draft.options:
            message = "Dòng này đứng sau các lựa chọn mà không có chữ cái ở đầu; bác thêm chữ cái, hay bỏ nó."
            self._refuse(line, message)
            return
        if self.is_numbered and not self.draft.is_labelled:
            self._add_prose(line.place)
            return
        self.draft.place = self.draft.place or line.place
        self.draft.prompt.append(line.text.text)

    def _add_prose(self, place: int) -> None:
        if self.prose_place is None:
            self.prose_place = place

    def _finish(self) -> None:
        draft, self.draft = self.draft, _Draft(0)
        if draft.is_empty:
            return
        if not draft.options and not draft.is_labelled and not draft.trouble:
            self._add_prose(draft.place)
            return
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


def _number_end(line: NumberedLine) -> int | None:
    if line.label.isdecimal():
        return 0
    match = _NUMBERED.match(line.text.text)
    return match.end() if match and not line.label else None


def _split_options(line: NumberedLine) -> list[MarkedOption]:
    """The options of a line: one, or several with tabs or wide spaces between them; none if it is no option."""
    text = line.text
    if line.label and (line.label == BULLET or line.label in LETTERS):
        inner, is_signed = strip_right_mark(text)
        if line.label == BULLET and _OPTION.match(inner.text) is None:
            return [MarkedOption("", inner.strip(), is_signed=is_signed)]
        if line.label != BULLET:
            text = MarkedText(f"{line.label}. ") + text
    if _OPTION.match(text.text) is None:
        bullet = _BULLET.match(text.text)
        if bullet is None and not _BOX.match(text.text):
            return []
        inner, is_signed = strip_right_mark(text.slice(bullet.end() if bullet else 0))
        return [MarkedOption("", inner.strip(), is_signed=is_signed or text.text.startswith("+"))]  # as in hieu.md
    starts = [0, *(match.end() for match in _NEXT_OPTION.finditer(text.text))]
    options: list[MarkedOption] = []
    for start, end in zip(starts, [*starts[1:], len(text.text)], strict=True):
        part = text.slice(start, end).strip()
        match = _OPTION.match(part.text)
        if match is None:
            return []
        inner, is_signed = strip_right_mark(part.slice(match.end()).strip())
        is_signed = is_signed or match["sign"].strip() not in ("", "☐", "[ ]", "[]")
        label = part.slice(match.start("letter"), match.end("letter"))
        options.append(MarkedOption(match["letter"].upper(), inner.strip(), label, is_signed))
    return options
