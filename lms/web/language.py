"""The language of a page: the one that this phone chose, where the page is translated into it; else Vietnamese.

A page of a lesson is translated with the lesson's text, each page of ``TRANSLATED_BLUEPRINTS`` always; what a course
or a person wrote in Vietnamese stays so in it, and is marked. A cached page has a copy for each language
(``page_cache``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode

from flask import Flask, g, has_app_context, has_request_context, redirect, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from lms.config import Settings
from lms.content.model import Course, Lesson, Library, Practice, Understand, Use
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
from lms.web.request_context import course_and_lesson_or_404, settings

CHOICE = "lang"  # of an address: opens the page in this language, and remembers it
NOT_TRANSLATED = mark_for_translation("Phần này chưa dịch, nên bác đọc bản tiếng Việt.")
# Each of their pages is translated to the last word.
TRANSLATED_BLUEPRINTS = frozenset(
    {
        "accounts",
        "badges",
        "calendar",
        "classroom",
        "home",
        "me",
        "movement",
        "offline",
        "period_reports",
        "privacy",
        "targets",
        "units",
        "verify",
        "workshop",
    }
)
_LESSON_BLUEPRINTS = frozenset({"courses", "understand", "practice", "use", "review"})
_VIETNAMESE = re.compile("[À-ỹ]")  # of letters with marks
PartOf = Callable[[Lesson], Understand | Practice | Use | None]


def install(app: Flask, settings: Settings) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        translate, translate_number, newstyle=True, pgettext=translate_in_context
    )
    app.jinja_env.globals.update(
        gettext=_gettext,
        ngettext=_ngettext,
        _=_gettext,
        page_language=page_language,
        language_names=LANGUAGE_NAMES,
        lang_attribute=lang_attribute,
        course_text=course_text,
        translate=translate,  # for constants of Python
        languages_of=languages_of,
        first_translated_lesson=first_translated_lesson,
        offered_languages=offered_languages,
        vietnamese=lambda words: mark_vietnamese(escape(words)),
        lang_attribute_for_words=lang_attribute_for_words,
        is_older=is_older,
        lacking_language=lacking_language,
        not_translated_text=not_translated_text,
    )

    @app.before_request
    def remember_choice() -> Response | None:
        """Remember the language of an address like ``?lang=en``, and go to the page itself."""
        chosen = request.args.get(CHOICE)
        if chosen not in LANGUAGE_NAMES or request.method != "GET" or not _has_translated_pages(request.blueprint):
            return None
        others = [(name, value) for name, value in request.args.items(multi=True) if name != CHOICE]
        query = f"?{urlencode(others)}" if others else _query_of_referrer()
        response = redirect(quote(request.path) + query, 303)  # a raw tab in "/\t/host" would lead to that host
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
    others = [(name, value) for name, value in parse_qsl(referrer.query, keep_blank_values=True) if name != CHOICE]
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
    """The language that this phone chose, whatever that of the page."""
    return read_chosen_language(settings(), request.headers.get("Cookie"))


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
        g.lacking_language = chosen


def offer_language_switch(*, is_offered: bool = True) -> None:
    """Whether the reader chooses the language at the end of this page, whatever its blueprint says."""
    g.offers_languages = is_offered


def offered_languages() -> tuple[str, ...]:
    """The languages between which the end of this page lets its reader choose; none where it is in one language."""
    if "has_given_language" in g:
        return ()
    is_offered = g.get("offers_languages", request.blueprint in TRANSLATED_BLUEPRINTS)
    return tuple(LANGUAGE_NAMES) if is_offered and request.method in ("GET", "HEAD") else ()


def _has_translated_pages(blueprint: str | None) -> bool:
    return blueprint in TRANSLATED_BLUEPRINTS or blueprint in _LESSON_BLUEPRINTS


def translated_or_404(course_slug: str, lesson_slug: str, part: PartOf) -> tuple[Course, Lesson]:
    """A course and its lesson in the language of this phone, if ``part`` of the lesson is translated into it.

    That is then the page's language. Else the whole page is Vietnamese, and says so.

    Raises:
        CourseUnavailable: see ``course_and_lesson_or_404``.
    """
    return in_chosen_language(*course_and_lesson_or_404(course_slug, lesson_slug), part)


def in_chosen_language(course: Course, lesson: Lesson, part: PartOf) -> tuple[Course, Lesson]:
    """A course and its lesson as ``translated_or_404`` gives them."""
    chosen = chosen_language()
    if chosen == SOURCE_LANGUAGE:
        return course, lesson
    if lesson.translation(chosen) is None:
        offer_language_switch()  # above a lesson that has translations they are offered anyway
    translated = lesson.in_language(chosen)
    shown = part(translated)
    if shown is None or shown.language != chosen:
        g.lacking_language, g.page_language = chosen, SOURCE_LANGUAGE
        return course, lesson
    g.page_language = chosen
    return course.in_language(chosen), translated


def understand_of(lesson: Lesson) -> Understand:
    """The part of a lesson that its own page and that of Hiểu ngay show."""
    return lesson.understand


def use_of(lesson: Lesson) -> Use | None:
    return lesson.use


def practice_part(name: str) -> PartOf:
    """The practice with this name."""
    return lambda lesson: lesson.practice_named(name)


def languages_of(lesson: Lesson) -> tuple[str, ...]:
    """The languages into which a lesson's own page is translated."""
    translated = [each.language for each in lesson.translations if each.understand is not None]
    return tuple(language for language in LANGUAGE_NAMES if language in translated)


def lessons_by_language(library: Library) -> dict[str, list[Lesson]]:
    """The lessons whose own page is translated, by language; a language without a lesson is not there."""
    found: dict[str, list[Lesson]] = {}
    for course in library.courses:
        for lesson in course.lessons:
            for language in languages_of(lesson):
                found.setdefault(language, []).append(lesson)
    return found


def first_translated_lesson(library: Library) -> Lesson | None:
    """The first lesson whose own page is translated into the page's language, in it; None on a Vietnamese page."""
    language = page_language()
    lessons = [] if language == SOURCE_LANGUAGE else lessons_by_language(library).get(language, [])
    return lessons[0].in_language(language) if lessons else None


def say_what_is_lacking(course: Course) -> None:
    """Let the page of a course in the phone's language say that the course's own text is in Vietnamese, if it is."""
    if page_language() not in (SOURCE_LANGUAGE, course.language):
        g.lacking_language = page_language()


def lacking_language() -> str:
    """The language of this phone if the page shows a lesson, or a course's text, in another one; else ""."""
    return g.get("lacking_language", "")


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


def in_page_language(course: Course) -> Course:
    """The course, and its lessons, with what is translated into the page's language in its place."""
    language = page_language()
    return course if language == SOURCE_LANGUAGE else course.in_language(language)


def course_library_in_page_language(library: Library) -> Library:
    """All courses as ``in_page_language`` gives them."""
    if page_language() == SOURCE_LANGUAGE:
        return library
    return replace(library, courses=tuple(map(in_page_language, library.courses)))


def lang_attribute_for_words(words: object) -> Markup:
    """The attribute ``lang`` of an element that holds ``words``: of Vietnamese ones on a page in another language."""
    is_marked = page_language() != SOURCE_LANGUAGE and _VIETNAMESE.search(str(words))
    return Markup(' lang="vi"') if is_marked else Markup("")


@contextmanager
def rendering_in(language: str) -> Iterator[None]:
    """What is rendered meanwhile is in this language, whatever that of the page."""
    before = page_language()
    g.page_language, g.has_given_language = language, True
    try:
        yield
    finally:
        g.page_language = before
        g.pop("has_given_language")


def is_older(lesson: Lesson, path: str) -> bool:
    """Whether the original at ``path`` was edited after the translation that this page shows."""
    translation = lesson.translation(page_language())
    return translation is not None and path in translation.older_paths


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


def _gettext(message: str, /, **values: object) -> Markup:
    """``_("…", name=…)`` of templates: as Jinja's own without two calls in between, for pages of many sentences."""
    text = translate(message)
    return Markup(text) % values if values else _markup(text)  # noqa: S704  (of this program; values are escaped)


def _ngettext(singular: str, plural: str, number: int, /, **values: object) -> Markup:
    """``ngettext`` of templates; ``number`` has the place "%(num)s"."""
    text = translate_number(singular, plural, number)
    return Markup(text) % {"num": number, **values}  # noqa: S704


@lru_cache(maxsize=8192)
def _markup(text: str) -> Markup:
    return Markup(text.replace("%%", "%"))  # noqa: S704
