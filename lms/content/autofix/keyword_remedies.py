"""Remedies of keywords, titles and names of data: a misspelt word becomes the one that was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from lms.content.autofix.problem_place import ProblemPlace, Remedy
from lms.content.file_keys import KEYS_BY_STEM
from lms.content.fuzzy_matching import MAX_MISSPELT_DISTANCE, Vocabulary, normalize_word, word_distance

_MIN_MARGIN = 0.12  # by which the second nearest keyword must be farther away
_TITLE = re.compile(r"##\s+(?P<title>.+?)(?:\s+\{[^}]*\})?\s*$", re.MULTILINE)
_DATA = re.compile(r"^\s+(?P<name>[^:\n]+):", re.MULTILINE)


def misspelt_word(pattern: str, words: Callable[[ProblemPlace], Iterable[str]]) -> Remedy:
    """Replace a misspelt word by the suggestion, if no other word is nearly as near."""
    shape = re.compile(pattern)

    def remedy(place: ProblemPlace) -> Iterable[str]:
        typed = shape.match(place.after)
        if typed and place.meant and _is_certain(typed[0].strip(), place.meant, words(place)):
            word = typed[0].strip()
            yield place.replaced(len(typed[0].rstrip()), place.meant if word == typed[0].rstrip() else word)

    return remedy


def _is_certain(typed: str, meant: str, words: Iterable[str]) -> bool:
    if not typed:
        return False
    if normalize_word(typed) == normalize_word(meant):
        return True
    distance = word_distance(typed, meant)
    others = [word for word in words if normalize_word(word) != normalize_word(meant)]
    return distance <= MAX_MISSPELT_DISTANCE and all(
        word_distance(typed, word) >= distance + _MIN_MARGIN for word in others
    )


def words_of(*vocabularies: Vocabulary[Any]) -> Callable[[ProblemPlace], Iterable[str]]:
    words = [vocabulary.spelling(code) for vocabulary in vocabularies for code in vocabulary]
    return lambda _place: words


def keys_of_file(place: ProblemPlace) -> Iterable[str]:
    stem = re.split(r"[\\/]", place.problem.path)[-1].partition(".")[0].partition("-")[0]
    return [key.spellings[0] for key in KEYS_BY_STEM.get(stem, ())]


def screen_titles(place: ProblemPlace) -> Iterable[str]:
    return [match["title"] for match in _TITLE.finditer("\n".join(place.lines))]


def _data_names(place: ProblemPlace) -> Iterable[str]:
    front = "\n".join(place.lines).split("\n---")[0]
    return [match["name"].strip() for match in _DATA.finditer(front)]


def correct_data_name(place: ProblemPlace) -> Iterable[str]:
    typed = re.match(r"\{\{\s*(?P<name>[^{}]+?)\s*\}\}", place.after)
    if typed and place.meant and _is_certain(typed["name"], place.meant, _data_names(place)):
        yield place.replaced(typed.end(), "{{" + place.meant + "}}")


def items_of_choice_field(place: ProblemPlace) -> Iterable[str]:
    items = re.search(r"(?:mục|muc|items)=\"([^\"]*)\"", place.line)
    return [item.strip() for item in items[1].split("|")] if items else []


def misspelt_keyword(vocabulary: Vocabulary[Any]) -> Remedy:
    """Mend a keyword: a misspelt one (``> Gợi í: …``), or one without its colon (``> Gợi ý …``, ``> Gợi ý; …``)."""
    misspelt = misspelt_word(r"[^:]+", words_of(vocabulary))

    def remedy(place: ProblemPlace) -> Iterable[str]:
        if not place.meant.endswith(":"):
            yield from misspelt(place)
            return
        word = place.meant[:-1]
        typed = place.after[: len(word)]
        if normalize_word(typed) == normalize_word(word) and typed:
            sign = re.match(r"\s*[;.,=]", place.after[len(word) :])
            yield place.replaced(len(word) + (sign.end() if sign else 0), f"{typed}:")

    return remedy


def value_as_data(place: ProblemPlace) -> Iterable[str]:
    """Replace a value that is the name of a datum, as in ``= otp``, by the datum: ``= {{otp}}``."""
    if normalize_word(place.after.strip()) == normalize_word(place.meant.strip("{}")):
        yield place.before + place.meant
