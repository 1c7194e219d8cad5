"""The sentences of the interface in other languages: Vietnamese is the source, and the key, of each.

Every room may mark a sentence; whoever shows it to a phone says the language. The catalog of a language is in
``lms/web/locale``, and ``make messages`` collects what is marked.
"""

from __future__ import annotations

import gettext as catalogs
from functools import cache
from pathlib import Path

SOURCE_LANGUAGE = "vi"
LANGUAGE_NAMES = {SOURCE_LANGUAGE: "Tiếng Việt", "en": "English"}  # as its speakers call it
_LOCALE = Path(__file__).with_name("web") / "locale"


def mark_for_translation(message: str) -> str:
    """The sentence as it is, for constants that are translated later; it is collected where it is marked."""
    return message


def mark_in_context(_context: str, message: str) -> str:
    """The sentence as it is, for constants that ``translate_in_context_into`` translates later."""
    return message


def translate_into(language: str, message: str) -> str:
    """The sentence in a language of ``LANGUAGE_NAMES``; as it is, where the catalog lacks it."""
    if not message or language == SOURCE_LANGUAGE:  # of "" a catalog has its own header
        return message
    return _catalog(language).gettext(message)


def translate_in_context_into(language: str, context: str, message: str) -> str:
    """The sentence in a language, where it has another meaning elsewhere; ``context`` says which is meant."""
    return message if language == SOURCE_LANGUAGE else _catalog(language).pgettext(context, message)


def translate_number_into(language: str, singular: str, plural: str, number: int) -> str:
    """The sentence for a number in a language of ``LANGUAGE_NAMES``; Vietnamese has one form."""
    return singular if language == SOURCE_LANGUAGE else _catalog(language).ngettext(singular, plural, number)


@cache
def _catalog(language: str) -> catalogs.NullTranslations:
    return catalogs.translation("messages", _LOCALE, [language])
