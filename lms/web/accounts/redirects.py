"""Redirects to the sign-in page and back, never to another site."""

from __future__ import annotations

from urllib.parse import quote

from flask import request

from lms.http.url_parts import split_url_or_empty
from lms.learning.accounts.account import Account

MANAGER_ROLES = frozenset({"organiser", "administrator"})


def sign_in_url() -> str:
    """Return the URL of the sign-in page, with ``tiep`` leading back to the requested page or to the form's page."""
    if request.method == "GET":
        back = request.full_path.rstrip("?")
    else:
        referrer = split_url_or_empty(request.referrer or "")
        back = referrer.path if referrer.netloc == request.host else ""
    return f"/vao?tiep={quote(back)}" if local_path_or_empty(back) else "/vao"


def local_path_or_empty(text: str) -> str:
    """Return ``text`` if it is a path on this site other than /vao, else ""."""
    is_local = text.startswith("/") and not text.startswith("//") and len(text) <= 500
    return text if is_local and "\\" not in text and text.isprintable() and not text.startswith("/vao") else ""


def home_path(account: Account) -> str:
    """Return the page to show after signing in, by the roles of the account."""
    if "facilitator" in account.roles:
        return "/dung-lop"
    if account.roles & MANAGER_ROLES:
        return "/quan-ly"
    if "author" in account.roles:
        return "/soan"
    return "/dung-lop" if "helper" in account.roles else "/quan-ly/toi"
