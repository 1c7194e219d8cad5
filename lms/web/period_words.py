"""Months, quarters and years in the language of the page."""

from __future__ import annotations

from lms.learning.ledger.periods import Period
from lms.message_catalog import SOURCE_LANGUAGE
from lms.web.language import page_language
from lms.web.page_formats import month_in_words


def period_in_words(period: Period) -> str:
    """ "Tháng 12 năm 2026", "December 2026"; "Quý 4 năm 2026", "Quarter 4 of 2026"; "Năm 2026", "2026"."""
    if page_language() == SOURCE_LANGUAGE:
        return period.name
    if period.months == 12:
        return str(period.first.year)
    if period.months == 3:
        return f"Quarter {period.last.month // 3} of {period.first.year}"
    return month_in_words(period.first)


def period_within_words(period: Period) -> str:
    """The name of a period as it stands inside a sentence: "tháng 12 năm 2026", "December 2026"."""
    words = period_in_words(period)
    return words[0].lower() + words[1:] if page_language() == SOURCE_LANGUAGE else words
