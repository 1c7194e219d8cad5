"""A phone that has the service worker, on a site with the sample course."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE
from tests.browser.site_process import Site, serve_site
from tests.web.sample_course import write_courses


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """For all tests that change neither courses nor program."""
    folder = tmp_path_factory.mktemp("offline")
    with serve_site(folder, courses=write_courses(folder / "courses")) as running:
        yield running


@pytest.fixture
def lan(new_page: Callable[..., Page], monitor) -> Page:
    """Lan's phone, with the service worker."""
    monitor.expected = {503}  # of the page in place of a missing one
    page = new_page(PHONE, service_workers="allow")
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return page
