"""A class in real browsers: what a volunteer at the desk, a wall and phones do in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.waiting import RECONNECTS

QUESTIONED = "vneid/ba-loai-ma"
PRACTISED = "vneid/kich-hoat"

# --- the desk ---


def opens_class(page: Page, lesson: str = PRACTISED) -> str:
    """The address of the desk."""
    page.goto("/dung-lop")
    page.locator(f"label:has(input[value='{lesson}'])").click()
    page.get_by_role("button", name="Mở lớp").click()
    page.wait_for_url(re.compile(r"/dung-lop/[0-9a-f]{32}$"), wait_until="load")
    return page.url


def code_of(page: Page) -> str:
    return re.sub(r"\D", "", page.locator(".top__code").inner_text())


def goes_on(page: Page) -> str:
    """Presses the big button and waits until it says something else; what it says then."""
    return waits_for_another_word(page, page.locator("[data-on]").click)


def waits_for_another_word(page: Page, act: Callable[[], None]) -> str:
    button = page.locator("[data-on]")
    before = button.inner_text()
    act()
    expect(button).not_to_have_text(before)
    return button.inner_text()


def goes_on_to(page: Page, words: str) -> None:
    for _ in range(40):
        if words in page.locator("[data-on]").inner_text():
            return
        goes_on(page)
    raise AssertionError(f"no button said {words}")


def command(desk: Page, **said: str) -> None:
    """What a form of the desk would send, sent by itself."""
    token = desk.locator("input[name=csrf_token]").first.get_attribute("value")
    base = re.search(r"/dung-lop/[0-9a-f]{32}", desk.url)[0]
    answer = desk.request.post(
        f"{base}/lenh",
        form={"csrf_token": token} | said,
        headers={"Referer": desk.url},
        max_retries=RECONNECTS,
    )
    assert answer.ok, answer.text()


def pairs(desk: Page, wall: Page) -> None:
    desk.locator("#bon-so").fill("".join(wall.locator(".pair__digit").all_inner_texts()))
    with desk.expect_navigation():
        desk.get_by_role("button", name="Ghép").click()
    expect(wall.locator(".join__code")).to_be_visible()
    wall.wait_for_load_state("load")


# --- the wall ---


def shows(wall: Page, **state: str | int) -> None:
    """Wait until the board was drawn for this state of the class."""
    for name, value in state.items():
        said = re.compile(re.escape(f"{json.dumps(name)}: {json.dumps(value)}") + "[,}]")
        expect(wall.locator("[data-room]")).to_have_attribute("data-snapshot", said)


# --- a phone ---


def joins(page: Page, code: str) -> None:
    page.goto(f"/lop/{code}")
    page.locator("main .button--main").click()
    expect(page.locator(".seat__number").first).to_be_attached()  # who comes after her has the next number
    page.wait_for_load_state("load")  # and her page has its script


def part(phone: Page, name: str):
    return phone.locator(f"[data-part='{name}']")


def open_question(phone: Page):
    return phone.locator("[data-asked].asked--open:visible")


def choice_of(phone: Page) -> str:
    return phone.locator("[data-asked=choice]").first.get_attribute("data-part")


def asks_lan(take, desk: Page) -> tuple[Page, str, str]:
    """A phone in a class where a choice is open: the phone, the question, the code."""
    opens_class(desk, QUESTIONED)
    code = code_of(desk)
    lan = take(PHONE)
    joins(lan, code)
    question = choice_of(lan)
    command(desk, to=question)
    command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible()
    return lan, question, code


def answers(phone: Page) -> None:
    """Something for each field of the question that is open."""
    question = open_question(phone)
    if question.locator("select").count():
        for place, field in enumerate(question.locator("select").all(), 1):
            field.select_option(index=place)  # an order has each item once
    elif question.locator("input[type=text]").count():
        question.locator("input[type=text]").fill("12")
    else:
        question.locator("label").nth(1).click()


def anew(phone: Page, address: str) -> Page:
    """A phone without a script at this address, in another tab: in class its page loads again by itself every few
    seconds, and whoever loads another one there meanwhile is interrupted."""
    tab = phone.context.new_page()
    phone.close()
    tab.goto(address)
    return tab
