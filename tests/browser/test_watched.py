"""A page of a course under ``lms serve --watch`` shows what its author saved, by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LAPTOP
from tests.browser.site_process import Site
from tests.live.lesson_edits import ADDRESS, rename_lesson
from tests.live.processes import copy_sample_course, serving
from tests.live.raw_http import wait_until


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sample_course(tmp_path_factory.mktemp("watched"))


@pytest.fixture(scope="module")
def site(courses: Path) -> Iterator[Site]:
    """A site whose tests give the lesson a name each."""
    folder = courses.parent
    with serving(folder, "--watch", courses=courses) as server:
        wait_until(lambda: "Đang theo dõi thư mục courses" in server.read_log())
        yield Site(server.url, folder / "data", folder / "serve.log")


def test_an_open_page_follows_the_file(new_page: Callable[..., Page], courses: Path):
    page = new_page(LAPTOP)
    page.goto(ADDRESS)
    rename_lesson(courses, "Tên thứ nhất")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tên thứ nhất")


def test_what_was_saved_before_the_first_look_is_shown(new_page: Callable[..., Page], courses: Path):
    page = new_page(LAPTOP)

    def save_first(route: Route) -> None:
        rename_lesson(courses, "Tên thứ hai")
        wait_until(lambda: "Tên thứ hai" in page.request.get(ADDRESS).text())
        route.continue_()

    page.route("**/healthz", save_first, times=1)
    page.goto(ADDRESS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tên thứ hai")


def test_whoever_has_chosen_an_answer_is_not_disturbed(new_page: Callable[..., Page], courses: Path):
    page = new_page(LAPTOP)
    page.goto(f"{ADDRESS}/hieu")
    choice = page.locator("input[type=radio], input[type=checkbox]").first
    page.locator("label", has=choice).first.click()
    shown = page.locator("script[data-files-digest]").get_attribute("data-files-digest")
    rename_lesson(courses, "Tên thứ ba")
    with page.expect_response(lambda response: "healthz" in response.url and response.json()["watched"] != shown):
        pass
    with page.expect_response("**/healthz"):
        pass
    expect(choice).to_be_checked()
    choice.evaluate("(input) => input.form.reset()")
    expect(choice).not_to_be_checked()
    page.wait_for_function(
        "(old) => document.querySelector('script[data-files-digest]').dataset.filesDigest !== old", arg=shown
    )
