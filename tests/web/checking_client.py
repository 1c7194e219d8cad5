"""A test client that checks the headers and HTML of every page it fetches."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from flask.testing import FlaskClient
from lxml import etree, html
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from lms.assets import load_assets
from lms.message_catalog import LANGUAGE_NAMES


def _compile_xpath(path: str) -> etree.XPath:
    # Smart strings know their elements: making those took as long as all the rest of a check.
    return etree.XPath(path, smart_strings=False)


TEMPLATES = _compile_xpath("//template")
MAIN_BUTTONS = _compile_xpath("//main//*[contains(@class, 'button--main')][not(ancestor::*[@hidden])]")
INLINE_CODE = _compile_xpath(
    "//style | //script[not(@src)][not(@type='application/json')][not(@type='application/ld+json')]"
    " | //*[@style] | //*[@*[starts-with(local-name(), 'on')]]"
)
IDS, ID_REFERENCES = _compile_xpath("//@id"), _compile_xpath("//label/@for | //@aria-labelledby")
FORMS, LINKS = _compile_xpath("//form"), _compile_xpath("//a/@href")
FILES = _compile_xpath("//link/@href | //script/@src | //*[local-name()='use']/@href | //img/@src")
HARSH_WORDS = re.compile(r"\bvui lòng\b|\bSai!|!\s", re.IGNORECASE)
# An attempt, also a draft's, and a card have buttons of their own; a class page often has nothing to tap.
MAY_LACK_MAIN_BUTTON = re.compile(r"/toi/luot/[0-9a-f]+|/on(/.+)?|/lop/\d{6}(/tra-loi)?|/chieu|/soan/.+\.md")

# Addresses and methods that lead to a page, for each set of compiled rules: the applications of most tests share one.
_KNOWN_TARGETS: WeakKeyDictionary[object, set[tuple[str, str]]] = WeakKeyDictionary()

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class CheckingClient(FlaskClient):
    """Checks the headers of every response and the HTML of every page."""

    _checked: tuple[TestResponse, html.HtmlElement | None] | None = None  # the last page, as parsed if it is unchanged

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Referrer-Policy" in response.headers
        assert "Content-Security-Policy" in response.headers
        encoded = response.headers.get("Content-Encoding")
        if response.mimetype == "text/html" and response.data and not encoded and not 300 <= response.status_code < 400:
            self._check_page(response)
        return response

    def page(self, address: str, **kwargs: Any) -> html.HtmlElement:
        """The parsed page, which must exist."""
        response = self.get(address, **kwargs)
        assert response.status_code == 200, f"{address}: {response.status}"
        checked, self._checked = self._checked, None
        if checked and checked[0] is response and checked[1] is not None:
            return checked[1]
        return html.fromstring(response.text)

    def _check_page(self, response: TestResponse) -> None:
        if self._checked and self._checked[0] is response:
            return  # it was followed to by a redirect
        text = response.text
        page = html.fromstring(text)
        templates = TEMPLATES(page)
        for template in templates:  # only scripts show it
            template.drop_tree()
        address = response.request.path
        assert text.startswith("<!DOCTYPE html>"), address
        assert page.get("lang") in LANGUAGE_NAMES
        assert page.findtext(".//title").strip()
        # A page may forbid more: a sandbox takes its scripts away.
        assert response.headers["Content-Security-Policy"].partition("; sandbox ")[0] == POLICY
        assert response.headers["X-Frame-Options"] == "DENY"
        assert len(page.xpath("//h1")) == 1, f"{address} needs one h1"
        assert len(page.xpath("//main")) == 1
        mains = MAIN_BUTTONS(page)
        may_lack_main = MAY_LACK_MAIN_BUTTON.fullmatch(address)
        assert len(mains) <= 1 if may_lack_main else len(mains) == 1, f"{address} has {len(mains)} main buttons"
        self._check_nothing_inline(page, address)
        self._check_ids(page, address)
        for form in FORMS(page):
            self._check_target(form.get("action"), (form.get("method") or "get").upper(), address)
        for link in set(LINKS(page)):
            self._check_target(link, "GET", address)
        for file in set(FILES(page)):
            self._check_asset(file)
        words = page.text_content()
        assert not HARSH_WORDS.search(words), f"{address} has bureaucratic or harsh words"
        self._checked = response, None if templates else page

    def _check_nothing_inline(self, page: html.HtmlElement, address: str) -> None:
        inline = [html.tostring(element, encoding="unicode")[:200] for element in INLINE_CODE(page)]
        assert not inline, f"{address}: {inline}"

    def _check_ids(self, page: html.HtmlElement, address: str) -> None:
        ids = IDS(page)
        assert len(ids) == len(set(ids)), f"{address} uses an id twice: {sorted(ids)}"
        unknown = set(ID_REFERENCES(page)) - set(ids)
        assert not unknown, f"{address}: no element with id {unknown}"

    def _check_target(self, href: str, method: str, address: str) -> None:
        parts = urlsplit(href)
        if parts.scheme in ("https", "http", "intent", "tel", "webcal") or not parts.path:
            assert method == "GET" or parts.path, f"{address}: a form without an address"
            return
        assert parts.path.startswith("/"), f"{address}: {href}"
        rules = self.application.url_map
        rules.update()
        known = _KNOWN_TARGETS.setdefault(rules._matcher, set())
        if (parts.path, method) in known:
            return
        try:
            rules.bind("localhost").match(parts.path, method)
        except RequestRedirect:
            pass
        except (NotFound, MethodNotAllowed) as error:
            raise AssertionError(f"{address} links to {method} {href}, which does not exist") from error
        known.add((parts.path, method))

    def _check_asset(self, address: str) -> None:
        path = urlsplit(address).path
        if path.startswith("/static/"):
            assert load_assets().find(path.split("/", 3)[3]), f"{address} is not there"
