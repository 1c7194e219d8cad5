"""The language of a page: the one that this phone chose, where the page is translated into it; else Vietnamese.

A page of a lesson is translated with the lesson's text, each page of ``TRANSLATED_BLUEPRINTS`` always; what a course
or a person wrote in Vietnamese stays so in it, and is marked. A cached page has a copy for each language
(``page_cache``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, quote, unquote, urlencode

from flask import Flask, g, has_app_context, has_request_context, redirect, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from lms.config import Settings
from lms.content.model import Course
from lms.http.learner_cookie import MAX_AGE_SECONDS
from lms.http.page_language import COOKIE_NAME, read_chosen_language
from lms.http.url_parts import split_url_or_empty
from lms.message_catalog import (
    LANGUAGE_NAMES,
    SOURCE_LANGUAGE,
    mark_for_translation,
    translate_in_context_into,
    translate_into,
    translate_number_into,
)
from lms.web.request_context import settings

CHOICE = "lang"  # of an address: opens the page in this language, and remembers it
OF_COPY = "tieng"  # of an address: this page alone in this language, for the copies that the service worker keeps
NOT_TRANSLATED = mark_for_translation("Phần này chưa dịch, nên bác đọc bản tiếng Việt.")
# Each of their pages is translated to the last word.
TRANSLATED_BLUEPRINTS = frozenset(
    {
        "accounts",
        "badges",
        "calendar",
        "classroom",
        "home",
        "ledger",
        "me",
        "movement",
        "offline",
        "privacy",
        "units",
        "verify",
        "workshop",
    }
)
_LESSON_BLUEPRINTS = frozenset({"courses", "understand", "practice", "use", "review"})
_VIETNAMESE = re.compile("[À-ỹ]")  # of letters with marks


def init_app(app: Flask, settings: Settings) -> None:
    @app.before_request
    def remember_choice() -> Response | None:
        """Remember the language of an address like ``?lang=en``, and go to the page itself."""
        chosen = request.args.get(CHOICE) if request.query_string else None  # nearly all pages have no query
        if chosen not in LANGUAGE_NAMES or request.method != "GET" or not _may_have_switch():
            return None
        others = [(name, value) for name, value in request.args.items(multi=True) if name not in (CHOICE, OF_COPY)]
        query = f"?{urlencode(others)}" if others else _query_of_referrer()
        # A raw tab in "/\t/host" would lead to that host, and so would "//host", which is the address of no page.
        response = redirect(f"/{quote(request.path).lstrip('/')}{query}", 303)
        response.headers["Cache-Control"] = "no-store"
        response.set_cookie(
            settings.cookie_prefix + COOKIE_NAME,
            chosen,
            max_age=MAX_AGE_SECONDS,
            secure=settings.https,
            httponly=True,
            samesite="Lax",
        )
        return response


def _query_of_referrer() -> str:
    """What was searched for or compared on the page whose switch was tapped, "" if another page led here.

    The links of the switch cannot hold it, for a cached page is one for all queries.
    """
    referrer = split_url_or_empty(request.referrer or "")
    if referrer.netloc != request.host or unquote(referrer.path) != request.path:
        return ""
    of_query = parse_qsl(referrer.query, keep_blank_values=True)
    others = [(name, value) for name, value in of_query if name not in (CHOICE, OF_COPY)]
    return f"?{urlencode(others)}" if others else ""


@contextmanager
def in_vietnamese() -> Iterator[None]:
    """Makes a part of the page in Vietnamese, such as a paper that offices or people at a door read."""
    language = page_language()
    g.page_language = SOURCE_LANGUAGE
    try:
        yield
    finally:
        g.page_language = language


def page_language() -> str:
    """The language of the page that this request makes; Vietnamese without a request."""
    if not has_app_context():
        return SOURCE_LANGUAGE
    language = vars(g._get_current_object()).get("page_language")  # once: hundreds of words of a page ask for it
    if language is None:
        is_translated = has_request_context() and request.blueprint in TRANSLATED_BLUEPRINTS
        language = g.page_language = chosen_language() if is_translated else SOURCE_LANGUAGE
    return language


def chosen_language() -> str:
    """The language that this phone chose, whatever that of the page; for a copy that it keeps, that of the address."""
    of_copy = request.args.get(OF_COPY)
    return of_copy if of_copy in LANGUAGE_NAMES else read_chosen_language(settings(), request.headers.get("Cookie"))


def use_chosen_language(*, offers_others: bool = True) -> None:
    """Make the page of this request in the language that the phone chose, where its blueprint does not say so."""
    g.page_language = chosen_language()
    if offers_others:
        offer_language_switch()


def use_source_language(*, says_so: bool = False) -> None:
    """Make the page of this request in Vietnamese, whatever its blueprint says.

    ``says_so``: the page is one of a lesson, and says it to a phone that chose another language.
    """
    g.page_language = SOURCE_LANGUAGE
    if says_so and (chosen := chosen_language()) != SOURCE_LANGUAGE:
        g.untranslated_language = chosen


def begin_page(*, offers_others: bool) -> None:
    """Begin another page in this request: nothing is known yet of its language, and none of it is said."""
    g.pop("page_language", None)
    g.pop("untranslated_language", None)
    offer_language_switch(is_offered=offers_others)


def offer_language_switch(*, is_offered: bool = True, at: str = "") -> None:
    """Whether the reader chooses the language at the end of this page, whatever its blueprint says.

    ``at``: the page that opens in the chosen language; "" is this one, which the answer of a form cannot be.
    """
    g.offers_languages, g.language_switch_at = is_offered, at


def language_switch_at() -> str:
    """Where the links of the switch lead: "" is this page."""
    return g.get("language_switch_at", "")


def offered_languages() -> tuple[str, ...]:
    """The languages between which the end of this page lets its reader choose; none where it is in one language."""
    if "has_given_language" in g:
        return ()
    is_offered = g.get("offers_languages", request.blueprint in TRANSLATED_BLUEPRINTS)
    can_lead_back = request.method in ("GET", "HEAD") or bool(language_switch_at())
    return tuple(LANGUAGE_NAMES) if is_offered and can_lead_back else ()


def _may_have_switch() -> bool:
    """Whether a page of this request may offer languages; also that of an error, whose address may be no page's."""
    return request.blueprint in TRANSLATED_BLUEPRINTS | _LESSON_BLUEPRINTS or request.routing_exception is not None


def announce_missing_translation(course: Course) -> None:
    """Let the page of a course in the phone's language say that the course's own text is in Vietnamese, if it is."""
    if page_language() not in (SOURCE_LANGUAGE, course.language):
        g.untranslated_language = page_language()


def untranslated_language() -> str:
    """The language of this phone if the page shows a lesson, or a course's text, in another one; else ""."""
    return g.get("untranslated_language", "")


def not_translated_text(language: str) -> str:
    """Says in a language that the page is not translated into it."""
    return translate_into(language, NOT_TRANSLATED)


def lang_attribute(part: object) -> Markup:
    """The attribute ``lang`` of an element that shows ``part`` of a course, "" where it is the page's language."""
    language = getattr(part, "language", "") or SOURCE_LANGUAGE
    return Markup("") if language == page_language() else Markup(' lang="{}"').format(language)


def course_text(text: str, part: object) -> str | Markup:
    """A text of ``part`` of a course, marked with its language where the page has another."""
    attribute = lang_attribute(part)
    return Markup("<span{}>{}</span>").format(attribute, text) if attribute else text


def mark_vietnamese(html: Markup) -> Markup:
    """A text with Vietnamese letters, marked as Vietnamese if the page is in another language."""
    if page_language() == SOURCE_LANGUAGE or not _VIETNAMESE.search(html):
        return html
    return Markup('<span lang="vi">{}</span>').format(html)


def mark_vietnamese_text(text: object) -> Markup:
    """``mark_vietnamese`` for a text that is no HTML: what somebody wrote, in a sentence of the page's language."""
    return mark_vietnamese(escape(text))


def lang_attribute_of_text(words: object) -> Markup:
    """The attribute ``lang`` of an element that holds ``words``: of Vietnamese ones on a page in another language."""
    is_marked = page_language() != SOURCE_LANGUAGE and _VIETNAMESE.search(str(words))
    return Markup(' lang="vi"') if is_marked else Markup("")


def lang_attribute_in_list(words: object) -> Markup:
    """``lang_attribute_of_text`` for an element among others in another language, such as a choice in a list."""
    if page_language() == SOURCE_LANGUAGE:
        return Markup("")
    return lang_attribute_of_text(words) or Markup(' lang="{}"').format(page_language())


@contextmanager
def rendering_in_language(language: str) -> Iterator[None]:
    """What is loaded and rendered meanwhile is in this language, whatever that of the page."""
    before = page_language()
    g.page_language, g.has_given_language = language, True
    try:
        yield
    finally:
        g.page_language = before
        g.pop("has_given_language")


def translate(message: str) -> str:
    """The sentence in the page's language."""
    return translate_into(page_language(), message)


def translate_markup(message: str) -> Markup:
    """A sentence of ours, which may contain markup, in the page's language; ``format`` escapes what is filled in."""
    return Markup(translate(message))  # noqa: S704  (of this program, not of a course)


def translate_in_context(context: str, message: str) -> str:
    """A sentence in the page's language that has another meaning elsewhere; ``context`` says which is meant."""
    return translate_in_context_into(page_language(), context, message)


def translate_number(singular: str, plural: str, number: int) -> str:
    """The sentence for a number in the page's language; Vietnamese has one form."""
    return translate_number_into(page_language(), singular, plural, number)
