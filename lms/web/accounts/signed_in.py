"""Who with duties is signed in here, and what a route says when that is not enough."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, Request, current_app, g, request
from flask import session as cookie
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import Engine

from lms.config import Settings
from lms.learning.accounts import permissions, sign_ins
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import Subject
from lms.learning.accounts.sign_ins import LONGEST, SignedIn
from lms.learning.errors import NotSignedIn
from lms.learning.store.database import reading, writing
from lms.signing import read_signed
from lms.web import clock

P, R = ParamSpec("P"), TypeVar("R")
COOKIE = "account"  # the name, behind ``settings.cookie_prefix``

_csrf = CSRFProtect()


class StaleForm(NotSignedIn):
    """A form of this site, but of an earlier sign-in or of none: its token does not fit."""


class AccountCookies(SecureCookieSessionInterface):
    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """As Flask's own does; a cookie that is not ours holds nothing of its request."""
        shown = request.cookies.get(self.get_cookie_name(app))
        max_age = int(app.permanent_session_lifetime.total_seconds())
        kept = read_signed(self.get_signing_serializer(app).loads, shown, max_age=max_age) if shown else None
        return self.session_class(kept)


class User:
    """What Flask-Login carries about: a sign-in. Its id is the token that the cookie holds."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        return self.signed_in.token


def install(app: Flask, settings: Settings) -> None:
    """Sessions of accounts in a cookie of their own. Pages of learners never touch it."""
    app.secret_key = settings.secret_key
    app.session_interface = AccountCookies()
    app.config.update(
        SESSION_COOKIE_NAME=settings.cookie_prefix + COOKIE,
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=LONGEST,
        WTF_CSRF_CHECK_DEFAULT=False,  # learners' forms carry no token; ``check_form`` asks for it where it counts
        WTF_CSRF_TIME_LIMIT=None,  # as long as the sign-in: a desk stays open for a whole class
        WTF_CSRF_SSL_STRICT=False,  # http/same_origin.py has judged Origin and Referer already
    )
    _csrf.init_app(app)
    manager = LoginManager()
    # Without its context processor and its cookie of its own: both would open the session for every page of learners.
    manager.init_app(app, add_context_processor=False)
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
    manager.session_protection = None  # it would hang on addresses, and phones change theirs
    manager.user_loader(_load)


def current_account() -> Account | None:
    """The account that is signed in in this browser, as of this request; None for everybody else.

    It is read by itself, so that the request's own transaction begins where the route begins to work.
    """
    signed_in = current_sign_in()
    return signed_in.account if signed_in else None


def current_sign_in() -> SignedIn | None:
    """The browser's sign-in, read once a request; None when nobody is signed in."""
    return current_user.signed_in if current_user.is_authenticated else None


def require_account() -> Account:
    """The account; and on a post, that the form is one of its own.

    Raises:
        NotSignedIn: nobody is signed in; ``errors`` leads to /vao and back again.
        StaleForm: the form's token does not fit.
    """
    return require_sign_in().account


def require_sign_in() -> SignedIn:
    """The browser's sign-in; on a post the form's token is checked, too.

    Raises:
        NotSignedIn, StaleForm: as ``require_account``.
    """
    signed_in = current_sign_in()
    if signed_in is None:
        raise NotSignedIn
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        check_form()
    return signed_in


def require_right(action: str, subject: Subject) -> Account:
    """The account, if it may do this to that.

    Raises:
        NotSignedIn: as ``require_account``.
        NotAllowed: it may not.
    """
    account = require_account()
    permissions.require(account, action, subject)
    return account


def duty(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a route that needs this right in the account's own ward, whatever object it then looks at."""

    def guard(route: Callable[P, R]) -> Callable[P, R]:
        @wraps(route)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            account = require_account()
            permissions.require(account, action, Subject(account.ward))
            return route(*args, **kwargs)

        return guarded

    return guard


def check_form() -> None:
    """
    Raises:
        StaleForm: no token, or one that was not given to this browser.
    """
    try:
        _csrf.protect()
    except CSRFError as error:
        raise StaleForm from error


def begin(token: str) -> Account:
    """From now on this browser is signed in; whoever was, is out, and forms drawn before do not count."""
    end()
    signed_in = _find(token)
    if signed_in is None:
        raise NotSignedIn
    cookie.permanent = True
    login_user(User(signed_in))
    cookie.pop("_id", None)  # Flask-Login's digest of the address: we have no use for it
    _forget_request()
    return signed_in.account


def end() -> None:
    """Sign this browser out, on the server too."""
    before = current_sign_in()
    if before:
        with writing(engine()).begin() as session:
            sign_ins.sign_out(session, before.token)
    logout_user()
    cookie.clear()
    _forget_request()


def engine() -> Engine:
    return current_app.extensions["sqlalchemy"].engine


def _load(token: str) -> User | None:
    signed_in = _find(token)
    if signed_in is None:
        return None
    if signed_in.due:
        sign_ins.note_seen(engine(), token, now=clock.now())
    return User(signed_in)


def _find(token: str) -> SignedIn | None:
    with reading(engine())() as session:
        return sign_ins.find_sign_in(session, token, now=clock.now())


def _forget_request() -> None:
    """Flask-WTF keeps the token for the length of a request; a page drawn now needs the new one."""
    g.pop("csrf_token", None)
