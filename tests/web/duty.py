"""People with duties at a browser: a careful client that is signed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from flask import Flask
from lxml import html

from lms.learning.accounts import account_store, sign_in_slips
from lms.learning.accounts.account import Account
from lms.learning.store.database import writing
from tests.web.careful import CarefulClient

WARD, OTHER_WARD = "27316", "26878"  # Phường An Đông, Phường An Hội Đông


def engine_of(app: Flask):
    with app.app_context():
        return app.extensions["sqlalchemy"].engine


def make_account(
    app: Flask, name: str = "Minh", roles: Collection[str] = frozenset({"facilitator"}), ward: str = WARD
) -> Account:
    with writing(engine_of(app)).begin() as session:
        return account_store.add_account(session, name=name, roles=roles, ward=ward, by=None, now=datetime.now(UTC))


def issue(app: Flask, account: Account) -> sign_in_slips.Slip:
    secret = app.extensions["settings"].secret_key
    with writing(engine_of(app)).begin() as session:
        return sign_in_slips.issue_slip(session, account.id, by=None, secret=secret, now=datetime.now(UTC))


def sign_in(app: Flask, account: Account) -> CarefulClient:
    """A browser of the account, signed in through the slip as a person would be."""
    client = app.test_client()
    address = f"/vao/{issue(app, account).token}"
    page = html.fromstring(client.get(address).text)
    form = {"csrf_token": page.xpath("//main//input[@name='csrf_token']/@value")[0]}
    assert client.post(address, data=form).status_code == 303
    return client


def signed_in(
    app: Flask, name: str = "Minh", roles: Collection[str] = frozenset({"facilitator"}), ward: str = WARD
) -> CarefulClient:
    """A new account of that name, and its browser. ``token(client)`` is what its forms carry."""
    return sign_in(app, make_account(app, name, roles, ward))


def token(client: CarefulClient) -> str:
    """The CSRF token of this browser, from its own page."""
    return html.fromstring(client.get("/quan-ly/toi").text).xpath("//input[@name='csrf_token']/@value")[0]
