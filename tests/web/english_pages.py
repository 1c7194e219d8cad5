"""What a page in English looks like, and how a phone chooses it."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from lxml import html

from lms.http.page_language import COOKIE_NAME

_VIETNAMESE = re.compile("[À-ỹ]")
_NAME_OF_SITE = "Bình dân học vụ số"


def choose_english(client: FlaskClient) -> None:
    """Give a client without https the cookie of a phone that has chosen English."""
    client.set_cookie(COOKIE_NAME, "en")


def assert_english(page: html.HtmlElement) -> None:
    """The page is in English to the last word, but for what it marks as being in another language."""
    assert page.get("lang") == "en"
    found = words_in_the_pages_language(page).replace(_NAME_OF_SITE, "")
    assert not _VIETNAMESE.search(found), [line for line in found.splitlines() if _VIETNAMESE.search(line)]


def words_in_the_pages_language(page: html.HtmlElement) -> str:
    """The text of a page's body, and of the attributes that are read or shown, without parts in another language.

    Its title cannot be marked, and may name a course.
    """
    body = html.fromstring(html.tostring(page)).find("body")
    for part in body.xpath(".//*[@lang]"):
        part.drop_tree()
    for code in body.xpath(".//script | .//style"):
        code.drop_tree()
    shown = body.xpath(
        ".//@aria-label | .//@title | .//@alt | .//@placeholder | .//@*[starts-with(name(), 'data-text')]"
    )
    return "\n".join([body.text_content(), *map(str, shown)])
