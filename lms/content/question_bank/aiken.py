"""Read Aiken: a question, its options "A. …" or "A) …", and "ANSWER: B"; in Vietnamese also "Đáp án: B"."""

from __future__ import annotations

import re

from lms.content.question_bank.bank_question import Bank, BankFinding, BankOption, BankQuestion, BankText
from lms.content.question_bank.question_list import question_label_length

_OPTION = re.compile(r"\s*(?P<letter>[A-Za-z])[.)]\s+(?P<text>\S.*)\Z")
_ANSWER = re.compile(r"\s*(?:ANSWER|Đáp án|ĐÁP ÁN|đáp án)\s*:\s*(?P<letters>.*)\Z", re.IGNORECASE)
_LETTER = re.compile(r"[A-Za-z]\Z")
_WITHOUT_SPACE = re.compile(r"\s*[A-Z][.)]\S")


def looks_like_aiken(text: str) -> bool:
    lines = text.split("\n")
    return any(map(_ANSWER.match, lines)) and any(map(_OPTION.match, lines))


def read_aiken(text: str) -> Bank:
    bank, draft = Bank(), _Draft(1)
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if answer := _ANSWER.match(line):
            draft.finish(bank, number, answer["letters"].strip(" \t."))
            draft = _Draft(number + 1)
        elif option := _OPTION.match(line):
            draft.add_option(number, option["letter"].upper(), option["text"].strip())
        elif line.strip():
            draft.add_text(number, line.strip())
    if draft.prompt or draft.options:
        message = "Câu này thiếu dòng “ANSWER: A” ở cuối, nên chưa biết câu nào đúng."
        bank.findings.append(BankFinding(draft.line, message, is_refusal=True))
    return bank


class _Draft:
    def __init__(self, line: int) -> None:
        self.line = line
        self.prompt: list[str] = []
        self.options: dict[str, str] = {}
        self.trouble: BankFinding | None = None  # the first one

    def add_text(self, line: int, text: str) -> None:
        if self.options:
            near = "sau A. phải có dấu cách" if _WITHOUT_SPACE.match(text) else "viết nó thành một lựa chọn “A. …”"
            self._refuse(line, f"Dòng này đứng giữa các lựa chọn mà không có chữ cái ở đầu; {near}, hoặc bỏ nó.")
        if not self.prompt:
            self.line = line
            text = text[question_label_length(text) :] or text
        self.prompt.append(text)

    def add_option(self, line: int, letter: str, text: str) -> None:
        if not self.prompt:
            self.line = min(self.line, line)
            self._refuse(line, "Trước lựa chọn này chưa có câu hỏi.")
        if letter in self.options:
            self._refuse(line, f"Câu này có hai lựa chọn {letter}; có thể thiếu dòng ANSWER ở trên.")
        self.options[letter] = text

    def finish(self, bank: Bank, line: int, letters: str) -> None:
        letter = letters.upper()
        if not self.options:
            self._refuse(line, "Trên dòng này chưa có lựa chọn nào như “A. …”.")
        elif not _LETTER.match(letters):
            self._refuse(line, f"Aiken chỉ có một đáp án, là một chữ cái; ở đây là “{letters}”.")
        elif letter not in self.options:
            self._refuse(line, f"Không có lựa chọn {letter} trong câu này.")
        elif len(self.options) < 2:
            self._refuse(line, "Câu này mới có một lựa chọn; cần ít nhất hai.")
        if self.trouble:
            bank.findings.append(self.trouble)
            return
        options = [BankOption(BankText(text), key == letter) for key, text in self.options.items()]
        bank.questions.append(BankQuestion(self.line, BankText("\n".join(self.prompt)), options))

    def _refuse(self, line: int, message: str) -> None:
        self.trouble = self.trouble or BankFinding(line, message, is_refusal=True)
