"""Accounts of facilitators and organisers on a running site, and browsers that are signed in with them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from click.testing import CliRunner
from flask import Flask
from playwright.sync_api import Locator, Page

from lms.cli import main
from lms.cli.account_prompts import parse_ward
from lms.config import SECRET_KEY_FILE
from lms.learning.accounts import account_store, sign_ins
from lms.learning.accounts.account import Account
from lms.web.accounts.signed_in import COOKIE, AccountSessionInterface
from tests.browser.site_process import Site
from tests.browser.site_store import writing


def add_account(site: Site, name: str, *roles: str, ward: str = "An Đông") -> Account:
    """A new account, added to the store of the running site. ``ward`` as ``lms user add`` takes it."""
    with writing(site) as session:
        return account_store.add_account(
            session, name=name, roles=roles, ward=parse_ward(ward, roles) or "", by=None, now=datetime.now(UTC)
        )


def find_account(site: Site, login: str) -> Account:
    with writing(site) as session:
        account = account_store.find_by_login(session, login)
    assert account, login
    return account


def sign_in(page: Page, site: Site, account: Account) -> None:
    """Give the browser the cookie of a new sign-in. test_accounts.py tries the pages that set it."""
    with writing(site) as session:
        token = sign_ins.start_sign_in(session, account, "slip", datetime.now(UTC))
    signer = Flask(__name__)
    signer.secret_key = (site.data_dir / SECRET_KEY_FILE).read_text("ascii").strip()
    serializer = AccountSessionInterface().get_signing_serializer(signer)
    assert serializer
    value = serializer.dumps({"_permanent": True, "_user_id": token, "_fresh": True})
    page.context.add_cookies([{"name": COOKIE, "value": value, "url": site.url, "httpOnly": True, "sameSite": "Lax"}])


def sign_in_as(page: Page, site: Site, name: str, *roles: str, ward: str = "An Đông") -> None:
    """Sign the browser in with a new account."""
    sign_in(page, site, add_account(site, name, *roles, ward=ward))


def run_user_command(site: Site, *words: str) -> str:
    """Run ``lms user`` on the running site's data and return its output. In this process, which is faster."""
    env = dict.fromkeys((name for name in os.environ if name.startswith("LMS_")), None)
    settings = {"LMS_DATA_DIR": str(site.data_dir), "LMS_PUBLIC_URL": site.url}
    before = os.umask(0o077)
    try:
        done = CliRunner().invoke(main, ["user", *words], env=env | settings, catch_exceptions=False)
    finally:
        os.umask(before)  # the command sets it
    assert done.exit_code == 0, done.output
    return done.stdout


def slip_path(printed: str) -> str:
    return re.search(r"/vao/\w+$", printed, re.MULTILINE)[0]


def sign_in_with_slip(page: Page, slip: str) -> None:
    page.goto(slip)
    with page.expect_navigation():
        page.locator("main .button--main").click()
    assert "/vao/" not in page.url, page.url


def tap_and_wait_for_page(control: Locator) -> None:
    """Tap a link or button and wait for the next page."""
    with control.page.expect_navigation():
        control.tap()


def tap_main_button(page: Page) -> None:
    """Tap the main button and wait for the next page."""
    tap_and_wait_for_page(page.locator("main .button--main"))
