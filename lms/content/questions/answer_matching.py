"""Whether a typed text says an answer, as people do: "dạ, mười hai số ạ" says "12".

One ``=`` line stands for all ways to say one thing. The text must be read whole: polite words and words of the question
before it, the answer, polite words after it. A word that has no place in this makes it another answer, so neither
"không phải 12" nor "12 hay 13" says 12. Nothing else judges a typed answer: phones ask the server, also in class and
after a time without a network.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from html import unescape
from typing import NamedTuple

from lms.content.fuzzy_matching import move_tones_last, strip_diacritics
from lms.content.questions.answer_words import (
    PARTS_OF_DAY,
    Phrases,
    Word,
    group_by_first_word,
    is_unit,
    phrase_run_lengths,
    split_words,
    unit_at_start,
    unit_word_count,
    with_canonical_units,
)
from lms.content.questions.numerals import NUMERAL_WORDS, SCALES, read_digits, read_literal, read_numbers

MAX_LENGTH = 200  # of a text that is read word by word; the field takes no more
MAX_WORDS = 40
NOON = 12 * 60  # minutes

_COMMA_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_DATED = re.compile(r"\d\s*[-–—/]\s*\d")  # "12-13" and "1/2" are no numbers
_NEGATIVE = re.compile(r"(?<!\w)[-−–](?=\d)")
_TAG = re.compile(r"<[^>]*>")
_SENTENCE = re.compile(r"[.!?…]+(?=\s|\Z)")
_ASKED = re.compile(r"(?<!\w)(?:mấy|bao nhiêu)(?!\w)", re.IGNORECASE)

# --- words around an answer ---------------------------------------------------------------------------------------

_PEOPLE = (
    "cô giáo", "thầy giáo", "cán bộ", "quý vị", "cô", "thầy", "chú", "chị", "anh", "em", "cháu", "con", "bác", "bạn",
)  # fmt: skip
_CALLED = ("thưa", "kính thưa", "dạ thưa", "dạ", "ạ", "nha", "nhé", "nghe")
_ADDRESSED = (
    *(f"{called} {person}" for called in _CALLED for person in _PEOPLE),
    *(f"{person} ơi" for person in _PEOPLE),
)
_POLITE_BEFORE = ("dạ", "vâng", "ừ", "thưa", *_ADDRESSED)
_POLITE_AFTER = ("ạ", "nhé", "nha", "nhen", "nghe", "hen", "đó", "đấy", "dạ", "thưa", *_ADDRESSED)
_SAID = ("là", "thì là", "đó là", "nó là", "trả lời", "trả lời là", "câu trả lời là", "đáp án", "đáp án là")
_BEFORE_AMOUNT = ("có", "được", "gồm", "đủ", "đúng", "tất cả", "cả thảy", "tổng cộng")
_BEFORE_TIME = ("lúc", "vào lúc", "hồi")
_BEFORE_CODE = (
    "số", "gọi", "gọi số", "gọi tới", "gọi đến", "bấm", "bấm số", "quay số", "tổng đài", "điện thoại", "số điện thoại",
    "đường dây nóng", "hotline",
)  # fmt: skip
_BEFORE_TEXT = ("ở", "trên", "trong", "tại", "xem", "coi", "cái", "chiếc", "tờ", "tấm", "cuốn", "quyển")
# Words of a question that would turn an answer round, or that offer several.
_NEGATIONS = frozenset({"không", "chưa", "chẳng", "đừng", "chớ", "khỏi", "trừ", "ngoài", "sai", "hay", "hoặc"})
_TURNING = frozenset(
    _NEGATIONS
    | {"hết", "ít", "hơn", "kém", "quá", "dưới"}
    | {"trên", "gần", "trước", "sau", "tối", "thiểu", "đa", "cả", "mỗi"}
)
_ABBREVIATIONS = frozenset({"h", "g", "ph", "đ", "d", "p"})  # units only where the question asks for them
_MONEY = frozenset({"tiền", "nộp", "trả", "đóng", "giá"})  # "Bà còn phải nộp bao nhiêu?" asks for money


@cache
def _before(of_kind: tuple[str, ...]) -> Phrases:
    """What may come before an answer of one kind."""
    return group_by_first_word(tuple(phrase.split()) for phrase in (*_POLITE_BEFORE, *_SAID, *of_kind))


@cache
def _after() -> Phrases:
    """What may come after any answer, each phrase backwards."""
    return group_by_first_word(tuple(phrase.split()[::-1]) for phrase in _POLITE_AFTER)


def matches_answer(typed: str, answer: str, prompt: str, *, exact: bool = False) -> bool:
    """Whether the text says the answer of an ``=`` line to the question ``prompt`` (html).

    ``exact``: the answer's tone marks count.
    """
    typed = unicodedata.normalize("NFC", typed)
    if not typed.strip():
        return False
    wanted = None if exact else _wanted(answer, prompt)
    if wanted is None:
        return _matches_text(typed, answer, prompt, exact=exact)
    if bool(_NEGATIVE.search(typed)) != bool(_NEGATIVE.search(answer)):
        return False
    return _is_same_as_written(typed, answer) or any(said == wanted.said for said in _read_values(typed, wanted))


def stated_numbers(typed: str, prompt: str) -> Iterator[Decimal]:
    """The numbers that the text may say in answer to the question, without or with the unit that it asks for."""
    typed = unicodedata.normalize("NFC", typed)
    asked = _asked(prompt)
    yield from _read_amounts(
        typed, _Wanted("amount", Decimal(0), asked.units, asked.leads, asked.is_money, asked.scale)
    )


def digit_counts(answer: str, prompt: str) -> Iterator[int]:
    """The numbers of digits that the answer has in figures."""
    yield sum(char.isdecimal() for char in answer)
    wanted = _wanted(answer, prompt)
    if wanted is not None and isinstance(wanted.said, Decimal):
        yield len(str(int(abs(wanted.said))))


def significant_chars(text: str, *, exact: bool) -> str:
    """The letters, digits and symbols of a text; without case and, unless ``exact``, without diacritics."""
    marked = move_tones_last(text.casefold()) if exact else strip_diacritics(text).casefold()
    return "".join(char for char in marked if unicodedata.category(char)[0] not in "PZC")


# --- what is wanted -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an ``=`` line says: an amount, a time of day in minutes, or a code, whose digits are compared.

    ``units``: the words that may follow, each phrase as ``canonical`` returns it; its beginnings may follow as well.
    ``leads``: the words of the question that may come before.
    """

    kind: str  # "amount", "time" or "code"
    said: Decimal | int | str
    units: tuple[tuple[str, ...], ...] = ()
    leads: Phrases = field(default_factory=dict[str, tuple[tuple[str, ...], ...]])
    is_money: bool = False
    scale: int = 1  # of a question for "mấy triệu": "10" says ten millions


class _Asked(NamedTuple):
    units: tuple[tuple[str, ...], ...]
    leads: Phrases
    is_amount: bool  # it has "mấy" or "bao nhiêu"
    is_time: bool
    is_money: bool
    scale: int


@lru_cache(maxsize=1024)
def _wanted(answer: str, prompt: str) -> _Wanted | None:
    """None: the line is no number, and is compared as text."""
    asked = _asked(prompt)
    if _is_code(answer, is_amount=asked.is_amount):
        return _Wanted("code", re.sub(r"\D", "", answer), leads=asked.leads)
    words = split_words(answer)
    if _DATED.search(answer) or not words:
        return None
    start = next((place for place, word in enumerate(words) if _is_numeral(word.text)), len(words))
    if start not in phrase_run_lengths(words, _before(_BEFORE_AMOUNT), _before(_BEFORE_TIME), asked.leads):
        return None
    return _wanted_time(words[start:], asked) or _wanted_amount(words[start:], asked)


def _wanted_time(words: Sequence[Word], asked: _Asked) -> _Wanted | None:
    time = _read_time(words)
    if time is None or not (asked.is_time or any(word.text == "giờ" for word in words[: time.end])):
        return None
    asked_parts = tuple(unit[1:] for unit in asked.units if len(unit) > 1)
    own = (with_canonical_units(words[time.end :]),) if words[time.end :] else ()
    parts = (*own, *asked_parts)
    said = time.minutes + (_later(time.minutes, parts[0]) if parts else 0)
    return _Wanted("time", said, parts, asked.leads)


def _wanted_amount(words: Sequence[Word], asked: _Asked) -> _Wanted | None:
    found = max(read_numbers([word.bare for word in words], 0), key=lambda reading: reading[1], default=None)
    if found is None:
        return None
    value, end = found
    unit = words[end:]
    is_asked = asked.is_amount or asked.is_time
    known = bool(unit) and unit_at_start(unit)[1] == len(unit)
    if unit and not is_asked and (not known or unit[0].text in _ABBREVIATIONS):
        return None  # "4G" and "5 sao" are names
    if not unit and not is_asked and not words[0].text[0].isdecimal():
        return None  # "ba" may be a father
    if len(unit) > 1 and any(_is_numeral(word.text) for word in unit):
        return None  # "2 ngày rưỡi" is more than two days
    units = (*((with_canonical_units(unit),) if unit else ()), *asked.units)
    is_money = asked.is_money or any(phrase[:1] == ("dong",) for phrase in units)
    if value < asked.scale:
        value *= asked.scale
    return _Wanted("amount", value, (*units, ("dong",)) if is_money else units, asked.leads, is_money, asked.scale)


def _is_code(answer: str, *, is_amount: bool) -> bool:
    """Whether the line is a telephone number or the like: no amount is asked, or its digits are no amount."""
    text = answer.strip()
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"[+(]?[0-9][0-9 .()–-]*", text) is None or len(digits) < 3:
        return False
    return read_literal(text) is None or not is_amount


@lru_cache(maxsize=1024)
def _asked(prompt: str) -> _Asked:
    """What the last sentence of the question asks for, after "mấy" or "bao nhiêu"; and its words before that."""
    sentences = [part for part in _SENTENCE.split(unescape(_TAG.sub(" ", prompt))) if part.strip()]
    sentence = sentences[-1] if sentences else ""
    found = _ASKED.search(sentence)
    before = split_words(sentence[: found.start()] if found else sentence)
    after = split_words(sentence[found.end() :]) if found else []
    offers_several = any(word.text in ("hay", "hoặc") for word in split_words(sentence))
    leads = group_by_first_word(() if offers_several else _runs(before, ends=found is not None))
    unit = with_canonical_units(after)
    units = (unit,) if unit else ()
    names_money = any(word.text in _MONEY for word in (*before, *after))
    is_money = unit[:1] == ("dong",) or (unit in ((), ("tien",)) and names_money)
    scale = SCALES.get(unit[0], 1) if unit else 1
    return _Asked(units, leads, found is not None, unit[:1] == ("hours",), is_money or scale > 1, scale)


def _runs(words: Sequence[Word], *, ends: bool) -> Iterator[tuple[str, ...]]:
    """The runs of a question's words that may come before an answer. ``ends``: the last words lead to the answer."""
    texts = [word.text for word in words]
    for start in range(len(texts)):
        if ends and not any(_is_numeral(text) or text in _NEGATIONS for text in texts[start:]):
            yield tuple(texts[start:])
        for end in range(start + 1, len(texts) + 1):
            if texts[end - 1] in _TURNING or _is_numeral(texts[end - 1]):
                break
            yield tuple(texts[start:end])


def _is_numeral(text: str) -> bool:
    return text in NUMERAL_WORDS or text[0].isdecimal()


# --- what is said -------------------------------------------------------------------------------------------------


def _read_values(typed: str, wanted: _Wanted) -> Iterator[Decimal | int | str]:
    if wanted.kind == "code":
        yield from _read_codes(typed, wanted)
    elif wanted.kind == "time":
        yield from _read_times(typed, wanted)
    else:
        yield from _read_amounts(typed, wanted)


def _read_amounts(typed: str, wanted: _Wanted) -> Iterator[Decimal]:
    for words in () if _DATED.search(typed) else _readable(typed, wanted.leads, _BEFORE_AMOUNT):
        bare = [word.bare for word in words]
        if wanted.is_money:
            bare = [_with_points(text) for text in bare]
        for value, end in read_numbers(bare, 0):
            if is_unit(words[end:], wanted.units):
                yield value
                yield value * wanted.scale
                if wanted.is_money and bare[end - 1] == "ruoi" and "tram" in bare[:end] and value < 1000:
                    yield value * 1000  # "một trăm rưỡi" is said of thousands


def _with_points(text: str) -> str:
    """An amount of money that is grouped by commas, as on many receipts, grouped by points."""
    return text.replace(",", ".") if _COMMA_GROUPS.fullmatch(text) else text


def _read_times(typed: str, wanted: _Wanted) -> Iterator[int]:
    for words in () if _DATED.search(typed) else _readable(typed, wanted.leads, _BEFORE_TIME):
        time = _read_time(words)
        if time is None:
            continue
        rest = words[time.end :]
        if not rest:
            yield time.minutes
            if wanted.units:  # the line or the question says "tối"
                yield time.minutes + _later(time.minutes, wanted.units[0])
        elif rest[0].bare == "sang" and time.minutes >= NOON:
            continue
        elif is_unit(rest, (*wanted.units, *((part,) for part in PARTS_OF_DAY))):
            yield time.minutes + _later(time.minutes, with_canonical_units(rest))


def _read_codes(typed: str, wanted: _Wanted) -> Iterator[str]:
    for words in _readable(typed, wanted.leads, _BEFORE_CODE):
        groups = [re.sub(r"\D", "", word.bare) if word.text[0].isdecimal() else word.bare for word in words]
        digits = read_digits(groups)
        if digits is not None:
            yield digits


def _matches_text(typed: str, answer: str, prompt: str, *, exact: bool) -> bool:
    meant = significant_chars(answer, exact=exact)
    if not meant:  # an answer made of punctuation
        return "".join(typed.split()) == "".join(answer.split())
    if significant_chars(typed, exact=exact) == meant:
        return True
    parts = _readable(typed, _asked(prompt).leads, _BEFORE_TEXT)
    return any(significant_chars(typed[part[0].start : part[-1].end], exact=exact) == meant for part in parts)


def _readable(typed: str, leads: Phrases, before: tuple[str, ...]) -> Iterator[list[Word]]:
    """The parts of the text that may be the answer, without polite words and words of the question around them."""
    words = split_words(typed) if len(typed) <= MAX_LENGTH else []
    if len(words) > MAX_WORDS:
        return
    starts = phrase_run_lengths(words, _before(before), leads)
    ends = {len(words) - length for length in phrase_run_lengths(words[::-1], _after())}
    yield from (words[start:end] for start in sorted(starts) for end in sorted(ends, reverse=True) if start < end)


def _is_same_as_written(typed: str, answer: str) -> bool:
    """Whether only case, spaces, punctuation and diacritics differ, and not which digits belong together."""

    def parts(text: str) -> tuple[str, list[str], bool]:
        return significant_chars(text, exact=False), re.findall(r"\d+", text), "%" in text

    return parts(typed) == parts(unicodedata.normalize("NFC", answer)) and not _DATED.search(typed)


class _Time(NamedTuple):
    minutes: int  # of the day
    end: int  # the index of the first word after it


def _read_time(words: Sequence[Word]) -> _Time | None:
    """A time of day at the beginning of the words: "8", "8 giờ", "8h30", "8:00", "tám giờ rưỡi", "9 giờ kém 15"."""
    bare = [re.sub(r"^0(?=\d)", "", word.bare) for word in words]
    found = [(int(value), end) for value, end in read_numbers(bare, 0) if value == int(value) and 0 <= value <= 24]
    for hours, end in sorted(found, key=lambda reading: -reading[1]):
        if end < len(bare) and bare[end].strip() == ":":
            minutes = bare[end + 1] if end + 1 < len(bare) else ""
            if minutes.isdecimal() and int(minutes) < 60 and len(words[end + 1].text) == 2:
                return _Time(60 * hours + int(minutes), end + 2)
            return None
        length = unit_word_count(words[end:], "hours")
        if length:
            return _with_minutes(words, bare, 60 * hours, end + length)
        if end == len(bare):
            return _Time(60 * hours, end)
    return None


def _with_minutes(words: Sequence[Word], bare: Sequence[str], minutes: int, end: int) -> _Time:
    following = bare[end] if end < len(bare) else ""
    if following == "ruoi":
        return _Time(minutes + 30, end + 1)
    if words[end : end + 1] and words[end].text == "đúng":
        return _Time(minutes, end + 1)
    sign, place = (-1, end + 1) if following == "kem" else (1, end)
    for value, after in sorted(read_numbers(bare, place), key=lambda reading: -reading[1]):
        if value == int(value) and 0 <= value < 60 and words[place].text != "0":
            return _Time(minutes + sign * int(value), after + unit_word_count(words[after:], "minutes"))
    return _Time(minutes, end)


def _later(minutes: int, rest: Sequence[str]) -> int:
    """How many minutes later a time is because of "chiều" or "tối" after it."""
    hours = PARTS_OF_DAY.get(rest[0], 0) if rest else 0
    is_noon = bool(rest) and rest[0] == "trưa" and minutes < 240
    return 60 * (12 if is_noon else hours) if minutes < NOON else 0
