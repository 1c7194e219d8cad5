"""A test client that looks at every page it is given, as a careful proof-reader would."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from lms.assets import load_assets

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
IN_A_FRAME = re.compile(r"/lop/[^/]+/dang-o")


class CarefulClient(FlaskClient):
    """Checks headers of every answer and the make-up of every HTML page."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Referrer-Policy" in response.headers
        assert "Content-Security-Policy" in response.headers
        encoded = response.headers.get("Content-Encoding")
        if response.mimetype == "text/html" and response.data and not encoded and not 300 <= response.status_code < 400:
            self._read_proof(response)
        return response

    def page(self, address: str, **kwargs: Any) -> html.HtmlElement:
        """The parsed page; it must be there."""
        response = self.get(address, **kwargs)
        assert response.status_code == 200, f"{address}: {response.status}"
        return html.fromstring(response.text)

    def _read_proof(self, response: TestResponse) -> None:
        text = response.text
        page = html.fromstring(text)
        for waiting in page.xpath("//template"):  # for scripts; not on the page until they put it there
            waiting.drop_tree()
        address = response.request.path
        assert text.startswith("<!DOCTYPE html>"), address
        assert page.get("lang") == "vi"
        assert page.findtext(".//title").strip()
        framed = IN_A_FRAME.fullmatch(address) and response.status_code == 200
        ancestors = "'self'" if framed else "'none'"
        assert response.headers["Content-Security-Policy"] == f"{POLICY}; frame-ancestors {ancestors}"
        assert response.headers["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY")
        # The page around a frame has the heading, and the one main button.
        assert len(page.xpath("//h1")) == (0 if framed else 1), f"{address} has one heading of the first order"
        assert len(page.xpath("//main")) == 1
        mains = page.xpath("//main//*[contains(@class, 'button--main')][not(ancestor::*[@hidden])]")
        # There the simulated phone has its own buttons; in class there is often nothing to do but to look up.
        following = framed or re.fullmatch(r"/toi/luot/[0-9a-f]+|/lop/\d{6}(/tra-loi)?|/chieu", address)
        assert len(mains) <= 1 if following else len(mains) == 1, f"{address} has {len(mains)} main buttons"
        self._nothing_inline(page, address)
        self._all_ids_differ(page, address)
        for form in page.xpath("//form"):
            self._leads_somewhere(form.get("action"), (form.get("method") or "get").upper(), address)
        for link in page.xpath("//a/@href | //iframe/@src"):
            self._leads_somewhere(link, "GET", address)
        for file in page.xpath("//link/@href | //script/@src | //*[local-name()='use']/@href | //img/@src"):
            self._is_served(file)
        words = page.text_content()
        assert not re.search(r"\bvui lòng\b|\bSai!|!\s", words, re.IGNORECASE), f"{address} speaks like an office"

    def _nothing_inline(self, page: html.HtmlElement, address: str) -> None:
        assert not page.xpath("//style"), address
        assert not page.xpath("//script[not(@src)][not(@type='application/json')]"), address
        for element in page.iter():
            for name in element.attrib:
                assert name != "style", f"{address}: style="
                assert not name.startswith("on"), f"{address}: {name}="

    def _all_ids_differ(self, page: html.HtmlElement, address: str) -> None:
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), f"{address} uses an id twice: {sorted(ids)}"
        for label in page.xpath("//label/@for | //@aria-labelledby"):
            assert label in ids, f"{address}: nothing is called {label}"

    def _leads_somewhere(self, href: str, method: str, address: str) -> None:
        parts = urlsplit(href)
        if parts.scheme in ("https", "http", "intent", "tel") or not parts.path:
            assert method == "GET" or parts.path, f"{address}: a form without an address"
            return
        assert parts.path.startswith("/"), f"{address}: {href}"
        try:
            self.application.url_map.bind("localhost").match(parts.path, method)
        except RequestRedirect:
            return
        except (NotFound, MethodNotAllowed) as error:
            raise AssertionError(f"{address} points to {method} {href}, which is not there") from error

    def _is_served(self, address: str) -> None:
        path = urlsplit(address).path
        if path.startswith("/static/"):
            assert load_assets().find(path.split("/", 3)[3]), f"{address} is not there"
