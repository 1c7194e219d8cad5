"""Helpers for the pages of accounts: posting forms, reading errors, looking accounts up."""

from __future__ import annotations

from lxml import html

from lms.learning.accounts import account_store
from lms.learning.store.database import read_sessions
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import WARD, csrf_token, engine_of


def post_form(client: CheckingClient, address: str, **fields):
    """Post a form of a signed-in page with its CSRF token."""
    return client.post(address, data={"csrf_token": csrf_token(client), **fields})


def field_errors(response) -> dict[str, str]:
    """Return the error messages of the page by field name. Each is an alert that describes its field."""
    page = html.fromstring(response.text)
    assert not page.xpath("//*[@required]"), "the browser's own message would come first, in its own language"
    errors = {}
    for field in page.xpath("//*[@aria-invalid='true'][@autofocus]"):
        (error,) = page.xpath("//form//*[@id=$id][@role='alert']", id=field.get("aria-describedby"))
        errors[field.get("name")] = text_of(error)
    return errors


def post_sign_in(client: CheckingClient, **fields):
    """Post the sign-in form at /vao with its CSRF token."""
    page = client.page("/vao")
    return client.post("/vao", data={"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0], **fields})


def account_named(app, name: str):
    """Return the account of An Đông with this name."""
    with read_sessions(engine_of(app))() as session:
        return next(account for account in account_store.accounts_of_ward(session, WARD) if account.name == name)


def accounts_in_ward(app, ward: str):
    with read_sessions(engine_of(app))() as session:
        return account_store.accounts_of_ward(session, ward)
