"""Browsers in which somebody has been signed in: whoever guesses at her name elsewhere does not lock her out here.

The cookie says whose browser it was and a word of its own, signed. It lets nobody in.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from flask import Response, after_this_request, request
from itsdangerous import TimestampSigner

from lms.learning.accounts.account import Account
from lms.learning.accounts.sign_ins import KnownBrowser
from lms.signing import read_signed
from lms.web.request_context import settings

COOKIE = "known"  # the name, behind ``settings.cookie_prefix``
MAX_AGE = 180 * 24 * 3600  # seconds
_VALUE = re.compile(r"([0-9a-f]{32})~([0-9a-f]{16})\Z")


def known_browser() -> KnownBrowser | None:
    """Whose browser this was last, if we signed that."""
    cookie = request.cookies.get(settings().cookie_prefix + COOKIE, "")
    value = read_signed(_signer().unsign, cookie, max_age=MAX_AGE) if cookie else None
    found = _VALUE.match(value.decode("ascii", "replace")) if value is not None else None
    return KnownBrowser(found[1], found[2]) if found else None


def remember(account: Account) -> None:
    """From now on this is a browser of hers. One that was hers already keeps its word, and with it what is counted."""
    before = known_browser()
    word = before.word if before and before.account_id == account.id else secrets.token_hex(8)
    value = _signer().sign(f"{account.id}~{word}").decode("ascii")

    @after_this_request
    def send(response: Response) -> Response:
        name, secure = settings().cookie_prefix + COOKIE, settings().https
        response.set_cookie(name, value, max_age=MAX_AGE, httponly=True, secure=secure, samesite="Lax", path="/")
        return response


def _signer() -> TimestampSigner:
    return TimestampSigner(
        settings().secret_key, salt="lms.known-browser", key_derivation="hmac", digest_method=hashlib.sha256
    )
