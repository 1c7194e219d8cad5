"""Ways to the sign-in page and back: only to addresses of our own."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from flask import request

from lms.learning.accounts.account import Account

MANAGES = frozenset({"organiser", "administrator"})


def sign_in_address() -> str:
    """/vao, with the way back to the page that was asked for, or that the form stood on."""
    if request.method == "GET":
        back = request.full_path.rstrip("?")
    else:
        before = urlsplit(request.referrer or "")
        back = before.path if before.netloc == request.host else ""
    return f"/vao?tiep={quote(back)}" if own_path(back) else "/vao"


def own_path(text: str) -> str:
    """The text when it is a path of this site, else ""."""
    usable = text.startswith("/") and not text.startswith("//") and len(text) <= 500
    return text if usable and "\\" not in text and text.isprintable() and not text.startswith("/vao") else ""


def home_of(account: Account) -> str:
    """Where somebody with these duties wants to be after signing in."""
    if "facilitator" in account.roles:
        return "/dung-lop"
    if account.roles & MANAGES:
        return "/quan-ly"
    if "author" in account.roles:
        return "/soan"
    return "/dung-lop" if "helper" in account.roles else "/quan-ly/toi"
