"""Globals and filters of all templates."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from flask import Flask, request
from markupsafe import Markup, escape

from lms.assets import load_assets
from lms.config import Settings
from lms.content.problems import Problem
from lms.hall_address import HallAddress, host_and_port
from lms.message_catalog import LANGUAGE_NAMES, SOURCE_LANGUAGE
from lms.web.language import (
    course_text,
    lang_attribute,
    lang_attribute_in_list,
    lang_attribute_of_text,
    language_switch_at,
    mark_vietnamese,
    mark_vietnamese_text,
    not_translated_text,
    offered_languages,
    page_language,
    translate,
    translate_in_context,
    translate_number,
    untranslated_language,
)
from lms.web.lesson_language import (
    first_translated_lesson,
    is_older,
    languages_of,
    mark_if_stage_is_vietnamese,
    mark_if_vietnamese,
)
from lms.web.page_formats import day_in_words, moment_in_words
from lms.web.request_context import (
    catalog,
    faulty_draft_courses,
    is_preview,
    library,
    shown_files_digest,
    visible_draft_courses,
)
from lms.web.urls import preview_picture_url, qr_svg

MAX_BANNER_ERRORS = 5  # on each page; the terminal shows all of them

# Forms of address that people type with their names. "Anh" and "em" are left out, since they are names, too.
_TITLES = frozenset(
    {"ông", "bà", "bác", "cụ", "cô", "chú", "dì", "cậu", "mợ", "thím", "dượng", "chị"}
    | {"má", "mẹ", "bố", "tía", "cha", "thầy"}
)


@dataclass(frozen=True, slots=True)
class CitySite:
    """The city's site, for pages of a laptop in a hall without internet."""

    url: str
    host: str  # as people type it
    qr: Markup


UrlScope = Literal["machine", "network", "everywhere"]


def init_app(app: Flask, settings: Settings) -> None:
    assets = load_assets()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        translate, translate_number, newstyle=True, pgettext=translate_in_context
    )
    app.jinja_env.globals.update(
        static=assets.url,
        sheets=assets.stylesheet_url,
        preview_picture_url=preview_picture_url,
        unpublished_errors=unpublished_errors,
        is_preview=is_preview,
        reloads_on_edit=reloads_on_edit,
        shown_files_digest=shown_files_digest,
        visible_draft_courses=visible_draft_courses,
        faulty_draft_courses=faulty_draft_courses,
        max_banner_errors=MAX_BANNER_ERRORS,
    )
    app.jinja_env.globals.update(
        page_language=page_language,
        language_names=LANGUAGE_NAMES,
        lang_attribute=lang_attribute,
        lang_attribute_of_text=lang_attribute_of_text,
        lang_attribute_in_list=lang_attribute_in_list,
        course_text=course_text,
        translate=translate,  # for constants of Python
        languages_of=languages_of,
        mark_if_vietnamese=mark_if_vietnamese,
        mark_if_stage_is_vietnamese=mark_if_stage_is_vietnamese,
        first_translated_lesson=first_translated_lesson,
        offered_languages=offered_languages,
        language_switch_at=language_switch_at,
        vietnamese=mark_vietnamese_text,
        is_older=is_older,
        untranslated_language=untranslated_language,
        not_translated_text=not_translated_text,
    )
    app.jinja_env.filters.update(day_in_words=day_in_words, moment_in_words=moment_in_words, salutation=salutation)
    set_address(app, settings, None)


def set_address(app: Flask, settings: Settings, hall_address: HallAddress | None) -> None:
    app.jinja_env.globals.update(
        url_scope=url_scope(settings.public_url),
        city=city_site(settings),
        public_url=settings.public_url,
        site_host=host_and_port(settings.public_url),
        is_lan=hall_address is not None,
    )
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()  # imported macros keep the globals of their first call


def unpublished_errors() -> list[Problem]:
    """With ``lms serve --watch``: the errors because of which this page shows an earlier version of its course."""
    slug = (request.view_args or {}).get("course_slug", "") if catalog().authoring else ""
    if not slug or library().course(slug) is None or not catalog().is_held_back(slug):
        return []
    return list(catalog().errors(slug))


def reloads_on_edit() -> bool:
    """Whether this is a page of a course that somebody writes under ``lms serve --watch``."""
    return catalog().authoring and request.blueprint != "workshop" and "course_slug" in (request.view_args or {})


def city_site(settings: Settings) -> CitySite | None:
    """The city's site; None on that site itself, and where no setting names it."""
    if not settings.city_url or url_scope(settings.public_url) == "everywhere":
        return None
    return CitySite(settings.city_url, settings.city_url.partition("://")[2], qr_svg(settings.city_url.upper()))


def salutation(name: str) -> str | Markup:
    """ "bác Lan Trần"; a name that starts with a form of address stays as it is: "Bà Tư", not "bác Bà Tư".

    In another language than Vietnamese the name alone, marked as Vietnamese.
    """
    if page_language() != SOURCE_LANGUAGE:
        return mark_vietnamese(escape(name))
    first, _, rest = unicodedata.normalize("NFC", name).strip().partition(" ")
    return name if rest and first.casefold() in _TITLES else f"bác {name}"


def url_scope(public_url: str) -> UrlScope:
    """Who can open this URL: only this machine, machines in the same network, or everybody."""
    host = (urlsplit(public_url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return "machine"
    try:
        address = ip_address(host)
    except ValueError:
        # Names without a dot, or in a domain for local networks, resolve in one network only.
        return "everywhere" if "." in host and not host.endswith((".local", ".lan", ".home.arpa")) else "network"
    if address.is_loopback or address.is_unspecified:
        return "machine"
    return "everywhere" if address.is_global else "network"
