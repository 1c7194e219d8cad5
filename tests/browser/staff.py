"""Accounts of facilitators and organisers: adding them on a running site, and signing in with their slips."""

from __future__ import annotations

import os
import re

from click.testing import CliRunner
from playwright.sync_api import Locator, Page

from lms.cli import main
from tests.browser.site_process import Site


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
