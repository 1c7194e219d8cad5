"""``make webkit``: a first visit, a question and a task in WebKitGTK, the engine of an iPhone's browser on Debian.

Not collected by ``make test``: it needs Selenium and Debian's ``webkit2gtk-driver``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from lms.content.model import TRYOUT_NAME
from lms.content.practice.compiling import main_path
from tests.browser.lessons import first_single_choice, lesson, lesson_path, right_options
from tests.browser.site_process import Site, serve_site

SECONDS = 20
MINI_BROWSER = next(Path("/usr/lib").glob("*/webkit2gtk-*/MiniBrowser"), Path("MiniBrowser"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve_site(tmp_path_factory.mktemp("webkit")) as running:
        yield running


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Iterator[webdriver.WebKitGTK]:
    if os.geteuid() == 0:  # the browser's sandbox does not start for root
        monkeypatch.setenv("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(MINI_BROWSER)
    options.add_argument("--automation")
    browser = webdriver.WebKitGTK(options=options)
    browser.set_window_size(360, 740)
    yield browser
    browser.quit()


def visible(phone: webdriver.WebKitGTK, selector: str) -> WebElement:
    """The first visible element, as soon as there is one."""

    def find(driver: webdriver.WebKitGTK) -> WebElement | None:
        try:
            return next((one for one in driver.find_elements(By.CSS_SELECTOR, selector) if one.is_displayed()), None)
        except StaleElementReferenceException:
            return None

    return WebDriverWait(phone, SECONDS).until(find, f"nothing visible at {selector}")


def wait_for_text(phone: webdriver.WebKitGTK, text: str) -> None:
    def has_text(driver: webdriver.WebKitGTK) -> bool:
        try:
            return text in driver.find_element(By.TAG_NAME, "main").text
        except (NoSuchElementException, StaleElementReferenceException):
            return False

    WebDriverWait(phone, SECONDS).until(has_text, text)


def tap(phone: webdriver.WebKitGTK, element: WebElement) -> None:
    phone.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def test_the_main_buttons_lead_to_a_first_success(site: Site, phone: webdriver.WebKitGTK):
    phone.get(f"{site.url}/")
    tap(phone, visible(phone, "main .button--main"))
    *moves, _ = main_path(lesson("/bat-dau/cham-vuot-go").practice_named(TRYOUT_NAME))
    for screen in moves:
        tap(phone, visible(phone, f".phone[data-screen='{screen}'] .pointed"))
    tap(phone, visible(phone, "main .button--main"))
    wait_for_text(phone, "làm được rồi")


def test_an_answer_is_judged_on_the_page_and_kept(site: Site, phone: webdriver.WebKitGTK):
    each = lesson("/bat-dau/cham-vuot-go")
    question = first_single_choice(each.understand.questions)
    (right,) = right_options(question)
    address = f"{site.url}{lesson_path(each)}/hieu"
    card = f"question-card#{question.id}"
    phone.get(address)
    tap(phone, visible(phone, f"{card} label:has(input[value='{right}'])"))
    tap(phone, visible(phone, f"{card} button[type=submit]"))
    assert "Đúng rồi" in visible(phone, f"{card} [class*=tone-right]").text
    phone.get(address)
    assert "Bác chọn" in visible(phone, f"{card} [class*=tone-right]").text


def test_a_task_that_was_ticked_is_ticked_after_a_reload(site: Site, phone: webdriver.WebKitGTK):
    address = f"{site.url}/bat-dau/cham-vuot-go/dung"
    phone.get(address)
    tap(phone, visible(phone, "main label:has(input[type=checkbox])"))
    WebDriverWait(phone, SECONDS).until(
        lambda driver: driver.execute_async_script(
            "const done = arguments[0]; fetch(location.href, { credentials: 'same-origin' })"
            ".then((page) => page.text()).then((text) => done(/ checked/.test(text)))"
        ),
        "the tick did not reach the server",
    )
    phone.get(address)
    assert phone.find_element(By.CSS_SELECTOR, "main input[type=checkbox]").is_selected()
