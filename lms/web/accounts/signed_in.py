"""The signed-in account of a request: session cookie, CSRF tokens and permission checks for routes."""

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
from lms.http.errors import InvalidCsrfToken
from lms.learning.accounts import permissions, sign_ins
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.accounts.sign_ins import MAX_AGE, CurrentSignIn
from lms.learning.errors import NotSignedIn
from lms.learning.store.database import read_sessions, write_sessions
from lms.signing import loads_or_none
from lms.web import clock
from lms.web.request_context import find_cookie

P = ParamSpec("P")
R = TypeVar("R")
COOKIE = "account"  # the name, behind ``settings.cookie_prefix``

_csrf = CSRFProtect()


class AccountSessionInterface(SecureCookieSessionInterface):
    """Flask's signed session cookie, with SHA-256 and without reference cycles after a forged cookie."""

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        value = find_cookie(self.get_cookie_name(app))
        if not value:  # as on every request of a learner: without building a serializer
            return self.session_class()
        max_age = int(app.permanent_session_lifetime.total_seconds())
        serializer = self.get_signing_serializer(app)
        data = loads_or_none(serializer.loads, value, max_age=max_age) if serializer else None
        return self.session_class(data)


class User:
    """The user object of Flask-Login: a sign-in. Its id is the token in the cookie."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, signed_in: CurrentSignIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        return self.signed_in.token


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the session cookie of accounts. Pages of learners neither read nor set it."""
    app.secret_key = settings.secret_key
    app.config["SECRET_KEY_FALLBACKS"] = list(settings.secret_key_fallbacks)
    # Flask-WTF has no fallbacks; itsdangerous takes the keys, oldest first, and signs with the last.
    app.config["WTF_CSRF_SECRET_KEY"] = list(reversed(settings.secret_keys))
    app.session_interface = AccountSessionInterface()
    app.config.update(
        SESSION_COOKIE_NAME=settings.cookie_prefix + COOKIE,
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_PROTECTION=None,  # Flask-Login's depends on the IP address, which changes on phones
        PERMANENT_SESSION_LIFETIME=MAX_AGE,
        WTF_CSRF_CHECK_DEFAULT=False,  # learners' forms carry no token; ``check_form`` asks for it where it counts
        WTF_CSRF_TIME_LIMIT=None,  # valid as long as the sign-in: a desk page stays open for a whole class
        WTF_CSRF_SSL_STRICT=False,  # http/same_origin.py has checked Origin and Referer already
    )
    _csrf.init_app(app)
    manager = LoginManager()
    # Its context processor and its remember-me cookie would open the session on every page of learners.
    manager.init_app(app, add_context_processor=False)
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
    manager.user_loader(_load_user)


def current_account() -> Account | None:
    """Return the signed-in account, or None.

    It is read in a transaction of its own, so that the request's transaction starts only when the route uses it.
    """
    signed_in = current_sign_in()
    return signed_in.account if signed_in else None


def current_sign_in() -> CurrentSignIn | None:
    """Return the sign-in of this browser, or None. Flask-Login reads it once per request."""
    return current_user.signed_in if current_user.is_authenticated else None


def require_account() -> Account:
    """Return the signed-in account; on a POST, check the CSRF token.

    Raises:
        NotSignedIn: no account is signed in; the error handler redirects to /vao.
        InvalidCsrfToken: the CSRF token is not valid.
    """
    return require_sign_in().account


def require_sign_in() -> CurrentSignIn:
    """Return the sign-in of this browser; on a POST, check the CSRF token.

    Raises:
        NotSignedIn, InvalidCsrfToken: as ``require_account``.
    """
    signed_in = current_sign_in()
    if signed_in is None:
        raise NotSignedIn
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        check_csrf_token()
    return signed_in


def require_permission(action: str, subject: PermissionTarget) -> Account:
    """Return the signed-in account if it may do ``action`` to ``subject``.

    Raises:
        NotSignedIn, InvalidCsrfToken: as ``require_account``.
        NotAllowed: the account may not.
    """
    account = require_account()
    permissions.require_permission(account, action, subject)
    return account


def permission_required(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a route that needs this permission in the account's own ward."""

    def decorate(route: Callable[P, R]) -> Callable[P, R]:
        @wraps(route)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            account = require_account()
            permissions.require_permission(account, action, PermissionTarget(account.ward))
            return route(*args, **kwargs)

        return wrapper

    return decorate


def check_csrf_token() -> None:
    """Check the CSRF token of the form.

    Raises:
        InvalidCsrfToken: the token is missing, or was issued to another browser or sign-in.
    """
    try:
        _csrf.protect()
    except CSRFError as error:
        raise InvalidCsrfToken from error


def sign_in(token: str) -> Account:
    """Sign this browser in, ending an earlier sign-in. Forms rendered before become stale."""
    sign_out()
    signed_in = _find_sign_in(token)
    if signed_in is None:
        raise NotSignedIn
    cookie.permanent = True
    login_user(User(signed_in))
    cookie.pop("_id", None)  # Flask-Login's digest of the IP address, unused without session protection
    _drop_csrf_token()
    return signed_in.account


def sign_out() -> None:
    """End the sign-in of this browser in the database and clear its cookie."""
    current = current_sign_in()
    if current:
        with write_sessions(engine()).begin() as session:
            sign_ins.sign_out(session, current.token)
    logout_user()
    cookie.clear()
    _drop_csrf_token()


def engine() -> Engine:
    return current_app.extensions["sqlalchemy"].engine


def _load_user(token: str) -> User | None:
    signed_in = _find_sign_in(token)
    if signed_in is None:
        return None
    if signed_in.is_seen_update_due:
        sign_ins.record_sign_in_use(engine(), token, now=clock.now())
    return User(signed_in)


def _find_sign_in(token: str) -> CurrentSignIn | None:
    with read_sessions(engine())() as session:
        return sign_ins.find_sign_in(session, token, now=clock.now())


def _drop_csrf_token() -> None:
    """Drop the CSRF token that Flask-WTF caches for the request: a page rendered from here on needs a new one."""
    g.pop("csrf_token", None)
