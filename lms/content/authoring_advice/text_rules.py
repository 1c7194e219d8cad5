"""Advice about what a lesson says: typed questions, dates, and what only the facilitator's notes tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from lms.content.authoring_advice.advice import AdvisedFile
from lms.content.authoring_advice.plain_words import html_to_text, shorten_text, split_into_words
from lms.content.model import Callout, FacilitatorNote, Prose, Section, Typed
from lms.content.questions.typed import redundant_accepted_answers

SENTENCES_ABOVE = 2  # of the text before a typed question: what was just read
UNTOLD = 0.75  # of a note's pairs of words that the learner reads nowhere

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_SITUATION = re.compile(r".{6,}?\s+thì\s+\S", re.IGNORECASE)  # "ai chưa có thẻ thì …"
# What a note says about the class, not about the phone.
_ABOUT_CLASS = re.compile(
    r"(?<!\w)(?:mời|cảm ơn|hẹn|gợi|kể|nói|ngồi lại|khen|lớp|(?<!hộ )chiếu|giơ tay|đứng|bảo|nhắc|bác ấy|người ấy|họ"
    r"|học viên|thử|nhẹ|giật mình|ví dụ|ai cũng|ít ai|kết luận|mình chưa|đặt cạnh|từng|máy tập|bỏ lại)(?!\w)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?<![\w/.])\d[\d.]*(?:\s+(?:nghìn|triệu|tỷ))?\s+(?:đồng|nghìn|triệu|tỷ|tuổi|phần trăm)(?!\w)", re.IGNORECASE
)


def advise_on_typed_questions(file: AdvisedFile, section: Section) -> None:
    above: list[str] = []
    for part in section.parts:
        if isinstance(part, Prose | Callout):
            above = _sentences(part.html)
        elif isinstance(part, Typed):
            told = " ".join(above[-SENTENCES_ABOVE:])
            answer = next((answer for answer in part.answers if _mentions(told, answer)), None)
            if answer is not None:
                message = f"Hỏi điều phải nhớ hay phải tính, hoặc đưa câu hỏi xuống xa: “{answer}” vừa viết ngay trên."
                file.advise("answer-above", message, part.line, section.title)
            for covered, covering in redundant_accepted_answers(part)[:1]:
                message = f"Bỏ dòng “= {covered}”: dòng “= {covering}” ở trên đã nhận cách trả lời ấy."
                file.advise("answer-covered", message, part.line, section.title)


def advise_on_dates(file: AdvisedFile, year: int, indices: Iterable[int], headings: Mapping[int, str]) -> None:
    """Report dates of this year or the next in the normalised lines with these indices; ``headings`` are by line.

    "Từ 2026" or "đầu năm 2026" states when something began, which stays true.
    """
    years = f"(?:{year}|{year + 1})"
    pattern = re.compile(
        rf"(?<![\w@/])(?:\d{{1,2}}[/-]){{1,2}}{years}(?![\w/-])"
        rf"|(?<!từ )(?<!đầu )(?<!giữa )(?<!cuối )(?<!trước )(?<!sau )năm {years}(?!\w)",
        re.IGNORECASE,
    )
    since = re.compile(r"(?<!\w)(?:từ|kể từ)\s+(?:ngày\s+|tháng\s+)?\Z", re.IGNORECASE)
    heading = ""
    for index in indices:
        text = file.source.lines[index]
        heading = headings.get(file.source.position(index)[0], heading)
        found = next((date for date in pattern.finditer(text) if not since.search(text, 0, date.start())), None)
        if found:
            line, column = file.source.position(index, found.start())
            message = f"Bỏ năm, hay viết như “tháng 1 hằng năm”: sang năm đọc “{found[0]}” lên đã cũ."
            file.advise("this-year", message, line, heading, column=column)


def advise_on_notes(file: AdvisedFile, section: Section, told: Iterable[str]) -> None:
    """Report what only a facilitator's note says: an amount, or what to do in some situation.

    ``told`` are all texts of the lesson that learners read.
    """
    notes = [part for part in section.parts if isinstance(part, FacilitatorNote)]
    if not notes:
        return
    texts = [" ".join(split_into_words(text)) for text in told]
    pairs = {pair for text in texts for pair in _pairs(text.split())}
    for sentence in (sentence for note in notes for sentence in _sentences(note.html)):
        amount = next(
            (found[0] for found in _AMOUNT.finditer(sentence) if not any(_mentions(text, found[0]) for text in texts)),
            None,
        )
        own = _pairs(split_into_words(sentence))
        is_situation = _SITUATION.match(sentence) and not _ABOUT_CLASS.search(sentence) and not sentence.endswith("?")
        is_untold = is_situation and sum(pair not in pairs for pair in own) >= UNTOLD * len(own)
        if amount or is_untold:
            what = f"“{amount}”" if amount else f"“{shorten_text(sentence)}”"
            message = f"Nói {what} cả trong bài: người học một mình ở nhà không thấy ghi chú này."
            file.advise("note-only", message, _line_of(file, section, sentence), section.title)


def _sentences(html: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE_END.split(html_to_text(html)) if split_into_words(sentence)]


def _mentions(text: str, wanted: str) -> bool:
    phrase = " ".join(split_into_words(wanted))
    return bool(phrase) and f" {phrase} " in f" {' '.join(split_into_words(text))} "


def _pairs(sequence: list[str]) -> list[tuple[str, str]]:
    return list(pairwise(sequence))


def _line_of(file: AdvisedFile, section: Section, sentence: str) -> int:
    beginning = sentence[:20]
    for line, text in file.lines_after(section.line):
        if text.startswith("## "):
            break
        if beginning in text.replace("*", ""):
            return line
    return section.line
