"""Fill an attempt's data into texts with ``{{key}}``, also into the task card.

Long numbers are grouped, and long addresses may break at their dots.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import pairwise

from markupsafe import Markup, escape

from lms.content.fuzzy_matching import normalize_word
from lms.content.practice.placeholders import PLACEHOLDER, fill_placeholders
from lms.web.language import mark_vietnamese
from lms.web.page_cache import slot

MIN_GROUPED_DIGITS = 6  # shorter numbers are read at a glance, longer ones copied digit by digit
MAX_SHORT_DIGITS = 6  # a line has room for as many, however large the text
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
PART_END = re.compile(r"(?<=[.!?,;])(?<!&\w{2};)(?<!&\w{3};)\s+")  # the semicolon of "&amp;" ends no part
TRAILING_PUNCTUATION = re.compile(r"(?:[ .,]|(?<!&\w{2})(?<!&\w{3});)+\Z")
STOP_AFTER_COPIED = re.compile(r"(</strong>|\}\})\.\Z")
CAN_BE_COPIED = re.compile(r"<strong>|\{\{")
ROLE_PLAY = (normalize_word("Bác đóng vai"), normalize_word("You play"))  # how a card introduces the learner's role
TAG = re.compile(r"(<[^>]*>)")
LONG_ADDRESS = re.compile(r"(?=\S{12})\S*\w\.[^\W\d]\S*")  # shorter ones fit where text is doubled on a narrow phone
TAG_NAME = re.compile(r"<(/?)([a-z]+)[^>]*>")


class DataFiller:
    """Fills texts with one attempt's data. The key in ``{{key}}`` ignores case and tone marks."""

    def __init__(self, data: Mapping[str, str]) -> None:
        self._data = dict(data)
        self._by_key = {normalize_word(name): value for name, value in data.items()}

    def plain(self, text: str | None) -> str:
        """The text with ungrouped values, for attributes and comparisons. An unknown key stays as typed."""
        return fill_placeholders(text or "", self._data)

    def text(self, text: str | None) -> Markup:
        """Plain text, escaped, with grouped numbers."""
        return self._grouped(str(escape(text or "")))

    def on_phone(self, text: str | None) -> Markup:
        """Plain text that the simulated phone shows: on a translated page it may be Vietnamese, as on the real one."""
        return mark_vietnamese(self.text(text))

    def html(self, html: str | None) -> Markup:
        """Sanitised HTML with grouped numbers, except inside a tag's attributes."""
        return self._grouped(html or "")

    def _grouped(self, html: str) -> Markup:
        def replace(match: re.Match[str]) -> str:
            value = self._by_key.get(normalize_word(match[1]))
            if value is None:
                return match[0]
            return escape(value) if _is_in_tag(html, match) else group_digits(value)

        filled = PLACEHOLDER.sub(replace, html)
        return Markup(_break_addresses(filled))  # noqa: S704  (sanitised or escaped, as the values are)


def _break_addresses(html: str) -> str:
    """The HTML with each long web address on one line while there is room, else broken before a dot."""
    if "." not in html:
        return html
    parts = TAG.split(html)
    parts[::2] = (LONG_ADDRESS.sub(_breakable_address, text) for text in parts[::2])
    return "".join(parts)


def _breakable_address(match: re.Match[str]) -> str:
    return f'<span class="keep-together">{match[0].replace(".", "<wbr>.")}</span>'


def data_slots(html: str) -> str:
    """Rendered HTML with a slot for each ``{{key}}``. Filled with ``fill_slots`` it equals ``DataFiller.html``."""

    def replace(match: re.Match[str]) -> str:
        kind = "value" if _is_in_tag(html, match) else "data"
        return slot(f"{kind} {normalize_word(match[1])}", Markup(match[0]))  # noqa: S704  (html already)

    return PLACEHOLDER.sub(replace, html)


def fill_slots(data: Mapping[str, str]) -> dict[str, Markup]:
    """The values of the slots that ``data_slots`` makes."""
    by_key = {normalize_word(name): value for name, value in data.items()}
    return {f"data {key}": group_digits(value) for key, value in by_key.items()} | {
        f"value {key}": escape(value) for key, value in by_key.items()
    }


def _is_in_tag(html: str, match: re.Match[str]) -> bool:
    return html.rfind("<", 0, match.start()) > html.rfind(">", 0, match.start())


def digit_groups(length: int) -> list[int]:
    """Where the groups of a number with ``length`` digits begin, and its end: [0, 4, 7, 10] for ten digits."""
    first = length % 3
    if length < MIN_GROUPED_DIGITS:
        return [0, length]
    return [0, *range(4 if first == 1 else first or 3, length, 3), length]


def group_digits(value: str) -> Markup:
    """A number of six digits or more in groups of three from the right; one lone digit joins its neighbour.

    The gaps are CSS: copied text has none.
    """
    if not (value.isascii() and value.isdigit() and len(value) >= MIN_GROUPED_DIGITS):
        return escape(value)
    groups = (value[start:end] for start, end in pairwise(digit_groups(len(value))))
    inner = Markup("").join(Markup('<span class="digits__group">{}</span>').format(group) for group in groups)
    css_class = "digits digits--short" if len(value) <= MAX_SHORT_DIGITS else "digits"
    return Markup('<span class="{}">{}</span>').format(css_class, inner)


def task_card_lines(card: str | None, filler: DataFiller) -> tuple[Markup, ...]:
    """The sentences of the task card, a line each; the whole card as one line if a tag spans several sentences.

    What is to be copied has no full stop after it: at the end of a password it would be taken for a part of it.
    """
    if not card:
        return ()
    sentences = SENTENCE_END.split(card.strip())
    if not all(_is_balanced(sentence) for sentence in sentences):
        sentences = [card]
    return tuple(filler.html(STOP_AFTER_COPIED.sub(r"\1", sentence)) for sentence in sentences)


def task_card_facts(card: str | None, filler: DataFiller, typed: Collection[str]) -> tuple[Markup, ...]:
    """The parts of the card that the learner copies, short enough for the space beside a keyboard.

    These are the parts with bold text, a placeholder, or one of the values in ``typed``. The part about the learner's
    role is included only if the name is typed.
    """
    if not card:
        return ()
    parts = PART_END.split(card.strip())
    if not all(_is_balanced(part) for part in parts):
        parts = SENTENCE_END.split(card.strip())
    if not all(_is_balanced(part) for part in parts):
        parts = [card]
    values = tuple(normalize_word(value) for value in typed)
    return tuple(filler.html(TRAILING_PUNCTUATION.sub("", part)) for part in parts if _is_needed_on_card(part, values))


def _is_needed_on_card(part: str, values: tuple[str, ...]) -> bool:
    text = normalize_word(part)
    if any(value in text for value in values):
        return True
    return bool(CAN_BE_COPIED.search(part)) and not text.startswith(ROLE_PLAY)


def _is_balanced(html: str) -> bool:
    if html.count("<") != html.count(">"):  # split inside a tag, such as an image's alt text
        return False
    depth = 0
    for tag in TAG_NAME.finditer(html):
        depth += -1 if tag[1] else tag[2] != "br"
    return depth == 0
