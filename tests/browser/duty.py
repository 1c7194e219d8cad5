"""People with duties: an account beside the running site, and the slip that lets them in."""

from __future__ import annotations

import os
import re

from click.testing import CliRunner
from playwright.sync_api import Locator, Page

from lms.cli import main
from tests.browser.served import Site


def user(site: Site, *words: str) -> str:
    """What ``lms user`` prints, beside the running site. In this process: another one takes a second to start."""
    env = dict.fromkeys((name for name in os.environ if name.startswith("LMS_")), None)
    settings = {"LMS_DATA_DIR": str(site.data_dir), "LMS_PUBLIC_URL": site.url}
    before = os.umask(0o077)
    try:
        done = CliRunner().invoke(main, ["user", *words], env=env | settings, catch_exceptions=False)
    finally:
        os.umask(before)  # the command made it its own
    assert done.exit_code == 0, done.output
    return done.stdout


def slip_of(printed: str) -> str:
    return re.search(r"/vao/\w+$", printed, re.MULTILINE)[0]


def comes_in(page: Page, slip: str) -> None:
    page.goto(slip)
    with page.expect_navigation():
        page.locator("main .button--main").click()
    assert "/vao/" not in page.url, page.url


def leads_on(control: Locator) -> None:
    """Tap what leads to another page, and wait for that."""
    with control.page.expect_navigation():
        control.tap()
