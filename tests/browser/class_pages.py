"""Actions on the pages of a class: the facilitator's desk, the wall and the learners' phones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.answer_places import fill_places
from tests.browser.conftest import PHONE
from tests.browser.waiting import MAX_RETRIES

LESSON_WITH_QUESTIONS = "vneid/ba-loai-ma"
LESSON_WITH_PRACTICE = "vneid/kich-hoat"

# --- the desk ---


def open_class_session(page: Page, lesson: str = LESSON_WITH_PRACTICE) -> str:
    """Open a class by a request, and its desk on the page; return the URL of the desk."""
    form = page.request.get("/dung-lop", max_retries=MAX_RETRIES).text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    opened = page.request.post(
        "/dung-lop", form={"csrf_token": token, "bai": lesson}, max_redirects=0, max_retries=MAX_RETRIES
    )
    assert opened.status == 303, opened.text()
    page.goto(opened.headers["location"], wait_until="load")
    return page.url


def open_class_by_taps(page: Page, lesson: str = LESSON_WITH_PRACTICE) -> str:
    """Open a class on the page for it, and return the URL of its desk."""
    page.goto("/dung-lop")
    choose_lesson(page, lesson)
    page.get_by_role("button", name="Mở lớp").click()
    page.wait_for_url(re.compile(r"/dung-lop/[0-9a-f]{32}$"), wait_until="load")
    return page.url


def choose_lesson(page: Page, lesson: str) -> None:
    """Choose a lesson on the opening page, where only one course is unfolded."""
    course = page.locator(f"details:has(input[value='{lesson}'])")
    if course.get_attribute("open") is None:
        course.locator("summary").click()
    page.locator(f"label:has(input[value='{lesson}'])").click()


def class_code(page: Page) -> str:
    return re.sub(r"\D", "", page.locator(".desk-header__code").inner_text())


def press_next_step(page: Page) -> str:
    """Press the desk's main button, wait until its label changes, and return the new label."""
    return wait_for_next_step_label(page, page.locator("[data-next-step]").click)


def wait_for_next_step_label(page: Page, act: Callable[[], None]) -> str:
    button = page.locator("[data-next-step]")
    before = button.inner_text()
    act()
    expect(button).not_to_have_text(before)
    return button.inner_text()


def advance_to(page: Page, words: str) -> None:
    for _ in range(40):
        if words in page.locator("[data-next-step]").inner_text():
            return
        press_next_step(page)
    raise AssertionError(f"no button said {words}")


def send_command(desk: Page, **fields: str) -> None:
    """Post a desk command without using its form."""
    _post(desk, "lenh", **fields)


def pair_projector(desk: Page, wall: Page) -> None:
    """Pair the wall without using the desk's form."""
    _post(desk, "chieu", so="".join(wall.locator(".wall-pairing__digit").all_inner_texts()))
    _wait_for_paired_wall(wall)


def pair_wall_by_taps(desk: Page, wall: Page) -> None:
    desk.locator("#bon-so").fill("".join(wall.locator(".wall-pairing__digit").all_inner_texts()))
    with desk.expect_navigation():
        desk.get_by_role("button", name="Ghép").click()
    _wait_for_paired_wall(wall)


def _post(desk: Page, path: str, **fields: str) -> None:
    """Post a form of the class whose desk, or page beside it, is open; the answer's page is not asked for."""
    token = desk.locator("input[name=csrf_token]").first.get_attribute("value")
    base = re.search(r"/dung-lop/[0-9a-f]{32}", desk.url)[0]
    answer = desk.request.post(
        f"{base}/{path}",
        form={"csrf_token": token} | fields,
        headers={"Referer": desk.url},
        max_redirects=0,
        max_retries=MAX_RETRIES,
    )
    assert answer.status == 303, answer.text()


def _wait_for_paired_wall(wall: Page) -> None:
    expect(wall.locator(".wall-join__code")).to_be_visible()
    wall.wait_for_load_state("load")


# --- the wall ---


def expect_wall_state(wall: Page, **state: str | int) -> None:
    """Wait until the wall shows this state of the class."""
    for name, value in state.items():
        said = re.compile(re.escape(f"{json.dumps(name)}: {json.dumps(value)}") + "[,}]")
        expect(wall.locator("[data-snapshot]")).to_have_attribute("data-snapshot", said)


# --- a phone ---


def join_class_session(page: Page, code: str) -> None:
    """Take a seat by a request, and open its page."""
    joined = page.request.post(f"/lop/{code}", form={"nguoi": "1"}, max_redirects=0, max_retries=MAX_RETRIES)
    assert joined.status == 303, joined.text()
    page.goto(f"/lop/{code}")
    wait_for_seat(page)


def join_by_taps(page: Page, code: str) -> None:
    """Take a seat on the page for it."""
    page.goto(f"/lop/{code}")
    page.locator("main .button--main").click()
    wait_for_seat(page)


def wait_for_seat(page: Page) -> None:
    expect(page.locator(".seat__number").first).to_be_attached()  # the next phone gets the next number
    page.wait_for_load_state("load")  # and the script is running


def raise_hand(phone: Page) -> None:
    phone.get_by_role("button", name=re.compile("giơ tay", re.IGNORECASE)).click()


def class_part(phone: Page, name: str):
    return phone.locator(f"[data-part='{name}']")


def open_question(phone: Page):
    return phone.locator("[data-kind].class-question--open:visible")


def first_choice_question(phone: Page) -> str:
    return phone.locator("[data-kind=choice]").first.get_attribute("data-part")


def join_with_open_question(new_page, desk: Page) -> tuple[Page, str, str]:
    """Open a class with an open choice question and join it; return the phone, the question id and the class code."""
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    lan = new_page(PHONE)
    join_class_session(lan, code)
    question = first_choice_question(lan)
    send_command(desk, to=question)
    send_command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible()
    return lan, question, code


def fill_in_answer(phone: Page) -> None:
    """Fill in some answer to the open question."""
    question = open_question(phone)
    if question.locator("select").count():
        keys = [
            option.get_attribute("value") or "" for option in question.locator("select").first.locator("option").all()
        ]
        script = not question.locator("[data-taps]").is_hidden()
        fill_places(question, keys[1:], script=script)
    elif question.locator("input[type=text]").count():
        question.locator("input[type=text]").fill("12")
    else:
        question.locator("label").nth(1).click()


def reopen_in_new_tab(phone: Page, address: str) -> Page:
    """Open the address on a phone without scripts in another tab.

    Its page in class reloads every few seconds, which would interrupt a navigation in the same tab.
    """
    tab = phone.context.new_page()
    phone.close()
    tab.goto(address)
    return tab
