"""A draft as a page of its own: a banner says what it is; nothing of it is sent as a learner's, and it leads nowhere.

It has no script, and a browser would run none. Only the form of a practice can be sent, which carries its walk.
"""

from __future__ import annotations

import re

from flask import Response

from lms.assets import load_assets
from lms.web.page_cache import no_store_page
from lms.web.security import CONTENT_SECURITY_POLICY

_SANDBOX = "sandbox allow-same-origin allow-top-navigation allow-popups"  # without "allow-scripts"
_SCRIPT = re.compile(  # the browser would complain of each
    r"""<script\b.*?</script>|<link rel="modulepreload"[^>]*>""", re.DOTALL
)
_FORM = re.compile(r"<form\b(?P<attributes>[^>]*)>(?P<inside>.*?)</form>", re.DOTALL)
_SENT = re.compile(r'\s(?:method|action)="[^"]*"')
_WALK = 'id="man-hinh"'
_LINK = re.compile(r'(?P<before><a\b[^>]*?)\shref="(?P<address>[^"]*)"')


def sandboxed_page(html: str, banner: str, *, walks: bool, leads_to: str = "") -> Response:
    """The page of learners in ``html`` with the banner above its main part.

    ``walks``: it is a practice that is walked through by its form. ``leads_to``: how the addresses of links begin that
    stay links, besides those within the page.
    """
    html = _SCRIPT.sub("", html)
    html = _FORM.sub(lambda form: form[0] if walks and _WALK in form["attributes"] else _as_block(form), html)
    html = _LINK.sub(lambda link: _link_or_text(link, leads_to), html)
    response = no_store_page(_with_banner(html, banner))
    sandbox = f"{_SANDBOX} allow-forms" if walks else _SANDBOX
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; {sandbox}"
    return response


def _as_block(form: re.Match[str]) -> str:
    return f"<div{_SENT.sub('', form['attributes'])}>{form['inside']}</div>"


def _link_or_text(link: re.Match[str], leads_to: str) -> str:
    address = link["address"]
    stays = address.startswith("#") or (leads_to and address.startswith(leads_to))
    return link[0] if stays else link["before"]


def _with_banner(html: str, banner: str) -> str:
    sheets = load_assets().stylesheet_url(("authoring-banner", "workshop"))
    page = html.replace("</head>", f'<link rel="stylesheet" href="{sheets}"></head>', 1)
    before, main, after = page.partition('<main id="chinh"')
    if not main:
        raise ValueError("no place for the banner on the page of a draft")
    return f"{before}{banner}{main}{after}"
