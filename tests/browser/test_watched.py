"""A page of a course under ``lms serve --watch`` shows what its author saved, by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP
from tests.browser.site_process import Site
from tests.live.processes import copy_courses, serving
from tests.live.raw import wait_until
from tests.live.test_serving import ADDRESS, rename_lesson


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return copy_courses(tmp_path)


@pytest.fixture
def site(tmp_path: Path, courses: Path) -> Iterator[Site]:
    with serving(tmp_path, "--watch", courses=courses) as server:
        wait_until(lambda: "Đang theo dõi thư mục courses" in server.read_log())
        yield Site(server.url, tmp_path / "data", tmp_path / "serve.log")


def test_an_open_page_follows_the_file(new_page: Callable[..., Page], courses: Path):
    page = new_page(LAPTOP)
    with page.expect_response("**/healthz"):  # the page knows what it shows
        page.goto(ADDRESS)
    rename_lesson(courses, "Tên vừa đổi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tên vừa đổi")
