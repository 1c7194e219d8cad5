"""Read GIFT, Moodle's text format for questions (https://docs.moodle.org/en/GIFT_format)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from lms.content.question_bank.bank_question import (
    Bank,
    BankFinding,
    BankOption,
    BankQuestion,
    BankText,
    RefusedQuestion,
    TextFormat,
)
from lms.content.question_bank.gift_syntax import (
    GiftEntry,
    find_unescaped,
    split_entries,
    unescape,
)
from lms.content.question_bank.html_text import HtmlNotPlainText, looks_like_html, text_of_html

BLANK = "_____"  # where a question had its braces, as in Moodle
ALL_RIGHT = Decimal(100)

_CATEGORY = re.compile(r"\s*(?P<sign>\$CATEGORY)[^\n]*\n?")
_FORMAT = re.compile(r"\s*\[(?P<format>html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(?P<weight>-?\d{1,3}(?:[.,]\d{1,8})?)%")
_TRUTH = re.compile(r"\s*(?P<truth>T|TRUE|F|FALSE)\s*\Z", re.IGNORECASE)
_RANGE = re.compile(r"(?P<low>-?\d+(?:\.\d+)?)\s*\.\.\s*(?P<high>-?\d+(?:\.\d+)?)\Z")
_TOLERANCE = re.compile(r"(?P<middle>-?\d+(?:\.\d+)?)(?:\s*:\s*(?P<tolerance>\d+(?:\.\d+)?))?\Z")
_PICTURE = "Câu này cần hình, bảng hay chỉ số ({}); bác tự soạn lại câu này."


def looks_like_gift(text: str) -> bool:
    return any(find_unescaped(entry.text, "{") >= 0 for entry in split_entries(text))


def read_gift(text: str) -> Bank:
    bank = Bank()
    for entry in split_entries(text):
        reader = _EntryReader(entry)
        try:
            question = reader.read()
        except RefusedQuestion as refused:
            bank.findings.append(refused.finding)
            continue
        bank.findings += reader.findings
        if question is not None:
            bank.questions.append(question)
    return bank


@dataclass(frozen=True, slots=True)
class _Item:
    """One answer in the braces. ``text`` and ``feedback`` are still escaped; ``sign`` is "=" or "~", "" if none."""

    sign: str
    line: int
    weight: Decimal | None
    text: str
    feedback: str

    @property
    def is_wholly_right(self) -> bool:
        return self.weight == ALL_RIGHT or (self.sign == "=" and self.weight is None)


class _EntryReader:
    def __init__(self, entry: GiftEntry) -> None:
        self.entry = entry
        self.findings: list[BankFinding] = []
        self.format: TextFormat | None = None  # of the question; None: HTML if it has tags, as Moodle's own format

    def read(self) -> BankQuestion | None:
        text, start = self.entry.text, self._skip_category()
        if start == len(text):
            return None
        start = self._skip_title(start)
        start, self.format = self._read_format(text, start, None)
        opening = find_unescaped(text, "{", start)
        if opening < 0:
            raise RefusedQuestion(
                self.entry.line_at(start), "Đoạn này không có câu trả lời trong ngoặc { }, nên không thành câu hỏi."
            )
        closing = find_unescaped(text, "}", opening)
        if closing < 0:
            raise RefusedQuestion(self.entry.line_at(opening), "Ngoặc { mở ở đây mà không có ngoặc } khép lại.")
        if find_unescaped(text, "{}", closing + 1) >= 0:
            message = "Câu này có hơn một cặp ngoặc { }; bác tách thành nhiều câu, giữa hai câu một dòng trống."
            raise RefusedQuestion(self.entry.line_at(closing), message)
        tail = text[closing + 1 :]
        blank = BLANK if tail.strip() else ""
        head = text[start:opening]
        prompt = self._text(head + blank + tail if blank else head, self.entry.line_at(start))
        if not prompt.text.strip():
            raise RefusedQuestion(self.entry.line_at(opening), "Câu này không có lời hỏi.")
        question = BankQuestion(self.entry.line_at(start), prompt)
        self._read_answers(question, opening + 1, closing)
        return question

    # --- before the braces ----------------------------------------------------------------------------------------

    def _skip_category(self) -> int:
        start = 0
        while match := _CATEGORY.match(self.entry.text, start):
            self._lose(match.start("sign"), "Nhóm câu hỏi ($CATEGORY) không mang sang.")
            start = match.end()
        return start

    def _skip_title(self, start: int) -> int:
        text = self.entry.text
        begin = start + len(text[start:]) - len(text[start:].lstrip())
        if not text.startswith("::", begin):
            return start
        end = find_unescaped(text, ":", begin + 2)
        while end >= 0 and text[end : end + 2] != "::":
            end = find_unescaped(text, ":", end + 1)
        return start if end < 0 else end + 2

    def _read_format(self, text: str, start: int, default: TextFormat | None) -> tuple[int, TextFormat | None]:
        match = _FORMAT.match(text, start)
        if match is None:
            return start, default
        name = match["format"].lower()
        return match.end(), {"html": "html", "markdown": "markdown", "plain": "plain"}.get(name)  # type: ignore[return-value]

    # --- in the braces --------------------------------------------------------------------------------------------

    def _read_answers(self, question: BankQuestion, start: int, end: int) -> None:
        text = self.entry.text
        general = self._find_general_feedback(start, end)
        if general >= 0:
            self._lose(general, "Lời giải thích chung (####) không mang sang; bác viết nó vào từng lựa chọn.")
            end = general
        body = text[start:end]
        if not body.strip():
            raise RefusedQuestion(self.entry.line_at(start), "Câu tự luận không chấm được ở đây.")
        if body.lstrip().startswith("#"):
            self._read_numbers(question, start + body.index("#") + 1, end)
            return
        items = self._items(start, end)
        if len(items) == 1 and not items[0].sign and _TRUTH.match(items[0].text):
            self._read_truth(question, items[0])
            return
        if not items[0].sign and len(items) > 1:
            raise RefusedQuestion(
                items[0].line, f"“{items[0].text.strip()}” đứng trước dấu = hay ~ đầu tiên; bác thêm dấu cho nó."
            )
        if any(_arrow(item.text) >= 0 and item.sign == "=" for item in items):
            self._read_pairs(question, items)
        elif any(item.sign == "~" for item in items):
            self._read_options(question, items)
        else:
            self._read_short_answers(question, items)

    def _find_general_feedback(self, start: int, end: int) -> int:
        index = find_unescaped(self.entry.text, "#", start)
        while 0 <= index < end:
            if self.entry.text.startswith("####", index):
                return index
            index = find_unescaped(self.entry.text, "#", index + 1)
        return -1

    def _items(self, start: int, end: int) -> list[_Item]:
        text = self.entry.text
        places: list[int] = []
        index = find_unescaped(text, "=~", start)
        while 0 <= index < end:
            places.append(index)
            index = find_unescaped(text, "=~", index + 1)
        items: list[_Item] = []
        first = places[0] if places else end
        if text[start:first].strip():
            items.append(self._item("", start, first))
        for place, following in zip(places, [*places[1:], end], strict=False):
            items.append(self._item(text[place], place + 1, following))
        return items

    def _item(self, sign: str, start: int, end: int) -> _Item:
        text = self.entry.text
        weight = _WEIGHT.match(text, start, end)
        begin = weight.end() if weight else start
        split = find_unescaped(text, "#", begin)
        split = split if 0 <= split < end else end
        lead = len(text[start:end]) - len(text[start:end].lstrip())
        number = Decimal(weight["weight"].replace(",", ".")) if weight else None
        return _Item(sign, self.entry.line_at(start + lead), number, text[begin:split], text[split + 1 : end])

    def _read_truth(self, question: BankQuestion, item: _Item) -> None:
        is_true = item.text.strip().upper().startswith("T")
        split = find_unescaped(item.feedback, "#")
        wrong, right = (item.feedback, "") if split < 0 else (item.feedback[:split], item.feedback[split + 1 :])
        for text, answer in (("Đúng", True), ("Sai", False)):
            feedback = self._feedback(right if answer == is_true else wrong, item.line)
            question.options.append(BankOption(BankText(text), answer == is_true, feedback))
        question.keep_order = True

    def _read_pairs(self, question: BankQuestion, items: list[_Item]) -> None:
        for item in items:
            arrow = _arrow(item.text)
            if item.sign != "=" or arrow < 0:
                raise RefusedQuestion(item.line, "Câu ghép cặp thì mỗi dòng viết: = bên trái -> bên phải.")
            if item.weight is not None or item.feedback.strip():
                self._add_finding(item.line, "Điểm và lời giải thích của một cặp không mang sang.")
            left, right = item.text[:arrow], item.text[arrow + 2 :]
            if not left.strip() or not right.strip():
                raise RefusedQuestion(item.line, "Ở đây cặp nào cũng phải đủ hai vế; bác bỏ vế thừa rồi nhập lại.")
            question.pairs.append((self._text(left, item.line), self._text(right, item.line)))

    def _read_options(self, question: BankQuestion, items: list[_Item]) -> None:
        right = [item for item in items if item.is_wholly_right]
        shares = [item for item in items if item.weight is not None and 0 < item.weight < ALL_RIGHT]
        if not right and abs(sum((item.weight or Decimal(0) for item in shares), Decimal(0)) - ALL_RIGHT) <= 1:
            right = shares  # several right options, each with its share of the points
        elif shares:
            self._add_finding(shares[0].line, "Điểm một phần không mang sang: lựa chọn này tính là chưa đúng.")
        elif len(right) > 1:
            self._add_finding(items[0].line, "Moodle nhận một trong các đáp án đúng; ở đây người học phải chọn đủ cả.")
        if not right:
            raise RefusedQuestion(question.line, "Câu này không có lựa chọn nào đúng trọn vẹn.")
        for item in items:
            text = self._text(item.text, item.line)
            question.options.append(BankOption(text, item in right, self._feedback(item.feedback, item.line)))

    def _read_short_answers(self, question: BankQuestion, items: list[_Item]) -> None:
        for item in items:
            text = self._plain(self._text(item.text, item.line))
            if not item.is_wholly_right and item.sign:
                self._add_finding(item.line, f"“{text}” chỉ được một phần điểm hay không điểm; ở đây không nhận.")
                continue
            if "*" in text:
                raise RefusedQuestion(
                    item.line, "Dấu * ở đây thay cho chữ nào cũng được; trang này không có, bác viết rõ từng câu."
                )
            if item.feedback.strip():
                self._add_finding(item.line, "Lời giải thích của câu phải gõ không mang sang.")
            question.answers.append(text)
        if not question.answers:
            raise RefusedQuestion(question.line, "Câu này không có câu trả lời nào đúng trọn vẹn.")

    def _read_numbers(self, question: BankQuestion, start: int, end: int) -> None:
        body = self.entry.text[start:end]
        items = self._items(start, end) if find_unescaped(body, "=~") >= 0 else [self._item("", start, end)]
        for item in items:
            if item.feedback.strip():
                self._add_finding(item.line, "Lời giải thích của câu hỏi số không mang sang.")
            if item.sign == "~" or (item.sign and not item.is_wholly_right):
                if item.text.strip():
                    self._add_finding(
                        item.line, f"“{item.text.strip()}” chỉ được một phần điểm hay không điểm; ở đây không nhận."
                    )
                continue
            low, high = _bounds(item)
            if low == high:
                question.answers.append(decimal_text(low))
            else:
                question.ranges.append((low, high))
        if not question.answers and not question.ranges:
            raise RefusedQuestion(question.line, "Câu này không có con số nào đúng trọn vẹn.")

    # --- texts ----------------------------------------------------------------------------------------------------

    def _text(self, escaped: str, line: int) -> BankText:
        start, text_format = self._read_format(escaped, 0, self.format)
        text = unescape(escaped[start:].strip())
        if text_format == "html" or (text_format is None and looks_like_html(text)):
            try:
                text, has_lost = text_of_html(text)
            except HtmlNotPlainText as needed:
                raise RefusedQuestion(line, _PICTURE.format(needed)) from needed
            if has_lost:
                self._add_finding(line, "Chữ đậm, màu, liên kết trong HTML không mang sang.")
        if "@@PLUGINFILE@@" in text:
            raise RefusedQuestion(line, _PICTURE.format("@@PLUGINFILE@@"))
        return BankText(text, "markdown" if text_format == "markdown" else "plain")

    def _plain(self, text: BankText) -> str:
        return " ".join(text.text.split())

    def _feedback(self, escaped: str, line: int) -> BankText | None:
        if not escaped.strip():
            return None
        text = self._text(escaped, line)
        return replace(text, text=self._plain(text)) if text.text.strip() else None

    def _lose(self, index: int, message: str) -> None:
        self._add_finding(self.entry.line_at(index), message)

    def _add_finding(self, line: int, message: str) -> None:
        self.findings.append(BankFinding(line, message))


def _arrow(text: str) -> int:
    return text.find("->")


def _bounds(item: _Item) -> tuple[Decimal, Decimal]:
    text = unescape(item.text).strip()
    try:
        if match := _RANGE.match(text):
            low, high = Decimal(match["low"]), Decimal(match["high"])
        elif match := _TOLERANCE.match(text):
            middle, tolerance = Decimal(match["middle"]), Decimal(match["tolerance"] or 0)
            low, high = middle - tolerance, middle + tolerance
        else:
            raise InvalidOperation
    except InvalidOperation:
        message = f"“{text}” chưa đúng dạng số của GIFT: 1822:5, hay 1817..1827, dấu chấm cho số lẻ."
        raise RefusedQuestion(item.line, message) from None
    if low > high:
        raise RefusedQuestion(item.line, f"Trong “{text}” số nhỏ phải đứng trước.")
    return low, high


def decimal_text(number: Decimal) -> str:
    """The number with the decimal comma of Vietnamese, as in "3,14"."""
    return f"{number.normalize():f}".replace(".", ",")
