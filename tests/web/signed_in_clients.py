"""Accounts and their signed-in test clients."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

import flask
from flask import Flask
from flask_wtf.csrf import generate_csrf

from lms.learning.accounts import account_store, sign_in_slips, sign_ins
from lms.learning.accounts.account import Account
from lms.learning.store.database import write_sessions
from tests.web.checking_client import CheckingClient

WARD, OTHER_WARD = "27316", "26878"  # Phường An Đông, Phường An Hội Đông


def engine_of(app: Flask):
    with app.app_context():
        return app.extensions["sqlalchemy"].engine


def make_account(
    app: Flask, name: str = "Minh", roles: Collection[str] = frozenset({"facilitator"}), ward: str = WARD
) -> Account:
    with write_sessions(engine_of(app)).begin() as session:
        return account_store.add_account(session, name=name, roles=roles, ward=ward, by=None, now=datetime.now(UTC))


def issue_slip(app: Flask, account: Account) -> sign_in_slips.Slip:
    secret = app.extensions["settings"].secret_key
    with write_sessions(engine_of(app)).begin() as session:
        return sign_in_slips.issue_slip(session, account.id, by=None, secret=secret, now=datetime.now(UTC))


def sign_in(app: Flask, account: Account) -> CheckingClient:
    """A client that has the cookie of a new sign-in. accounts/test_slips.py tries the pages that set it."""
    client = app.test_client()
    with write_sessions(engine_of(app)).begin() as session:
        token = sign_ins.start_sign_in(session, account, "slip", datetime.now(UTC))
    with client.session_transaction() as cookie:
        cookie.permanent = True
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def signed_in_client(
    app: Flask, name: str = "Minh", roles: Collection[str] = frozenset({"facilitator"}), ward: str = WARD
) -> CheckingClient:
    """A client that is signed in with a new account."""
    return sign_in(app, make_account(app, name, roles, ward))


def csrf_token(client: CheckingClient) -> str:
    """The CSRF token of this client, as in the forms of its pages; no page is made for it."""
    with client.session_transaction() as cookie, client.application.test_request_context():
        flask.session.update(cookie)
        token = generate_csrf()
        cookie.update(flask.session)
    return token
