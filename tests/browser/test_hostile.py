"""Hostile names, double taps, two tabs and crashed tabs: no injection, nothing counted twice, nothing lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser import journeys
from tests.browser.conftest import PHONE
from tests.browser.learner import Learner
from tests.browser.lessons import first_single_choice, lesson
from tests.browser.waiting import TIMEOUT_MS

ACTIVATION = "/vneid/kich-hoat"
OPENING = "/vneid/cai-ung-dung-that"
PAYLOADS = [
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "{{ 7 * 7 }}<svg onload=window.ran=1>",
]


def answer_opening_questions(learner: Learner) -> None:
    learner.open(f"{OPENING}/hieu")
    learner.answer_all(lesson(OPENING))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_script_in_a_name_never_runs(new_page, payload):
    phone = new_page(PHONE)
    lan = Learner(phone)
    answer_opening_questions(lan)
    lan.open("/toi")
    phone.locator("form[action='/toi/ten'] input").fill(payload[:60])
    phone.locator("form[action='/toi/ten'] button").tap()
    lan.wait_for("h1", has_text=payload[:60])
    code = lan.learning_code()
    second = new_page(PHONE)
    for page, address in ((phone, "/"), (phone, "/toi"), (second, f"/toi/vao/{code}")):
        page.goto(address)
        expect(page.locator("main, header").filter(has_text=payload[:60]).first).to_be_visible()
        assert page.evaluate("() => window.ran") is None


def test_a_badge_shows_a_name_with_markup_as_text(new_page):
    phone, stranger = new_page(PHONE, script=False), new_page(PHONE)
    lan = Learner(phone, script=False)
    answer_opening_questions(lan)
    lan.press_main_button()
    lan.start_practice(lesson(OPENING), "tu-lam").follow_expected_path()
    lan.open_result()
    lan.press_main_button()
    lan.tick_all_tasks()
    lan.press_main_button()
    badge = lan.claim_badge(PAYLOADS[0])
    stranger.goto(badge)
    expect(stranger.locator("h1")).to_have_text(PAYLOADS[0])
    stranger.get_by_role("link", name="Kiểm chứng ngay").tap()
    journeys.expect_genuine(stranger, PAYLOADS[0])
    assert stranger.evaluate("() => window.ran") is None


def test_two_tabs_on_one_practice_do_not_interfere(new_page):
    phone = new_page(PHONE)
    lan = Learner(phone)
    lan.open(f"{ACTIVATION}/lam")
    first = lan.start_practice(lesson(ACTIVATION), "tu-lam")
    first.follow_expected_path(until="kich-hoat-tai-khoan")
    other_page = phone.context.new_page()
    other_page.goto(phone.url)
    other = Learner(other_page)
    second = type(first)(other_page, other.device, lesson(ACTIVATION).practice, script=True)
    second.expect_screen("kich-hoat-tai-khoan")
    second.follow_expected_path(until="dat-mat-khau")
    phone.bring_to_front()
    first.expect_screen("dat-mat-khau")
    first.follow_expected_path()
    lan.open_result()
    expect(phone.locator(".stage-mark.lam").first).to_be_visible()


def test_a_crashed_tab_resumes(new_page):
    phone = new_page(PHONE)
    lan = Learner(phone)
    lan.open(f"{ACTIVATION}/lam")
    practice_page = lan.start_practice(lesson(ACTIVATION), "tu-lam")
    address = phone.url
    practice_page.follow_expected_path(until="kich-hoat-tai-khoan")
    phone.context.set_offline(True)
    for step in list(practice_page.steps_on("kich-hoat-tai-khoan")):
        practice_page.perform(step)
    practice_page.expect_screen("dang-gui-yeu-cau")
    phone.close(run_before_unload=False)
    again = open_again_online(phone, address)
    after = type(practice_page)(again, lan.device, practice_page.practice, script=True)
    after.expect_one_of("dang-gui-yeu-cau", "nhap-ma-otp")
    after.follow_expected_path()
    Learner(again).open_result()
    expect(again.locator(".stage-mark.lam").first).to_be_visible()


def open_again_online(phone, address):
    phone.context.set_offline(False)
    page = phone.context.new_page()
    page.goto(address)
    return page


def test_a_double_tap_is_one_tap(new_page):
    phone = new_page(PHONE)
    lan = Learner(phone)
    lan.open(f"{ACTIVATION}/lam")
    practice_page = lan.start_practice(lesson(ACTIVATION), "tu-lam")
    practice_page.follow_expected_path(until="man-hinh-chao")
    phone.locator(".phone button[name=tap]", has_text="Kích hoạt").dblclick()
    practice_page.expect_screen("kich-hoat-tai-khoan")
    practice_page.follow_expected_path()
    lan.open_result()
    expect(phone.locator(".stage-mark.lam").first).to_be_visible()


def test_an_answer_sent_twice_counts_once(new_page, site):
    phone = new_page(PHONE)
    lan = Learner(phone)
    question = first_single_choice(lesson(OPENING).understand.graded_questions)
    lan.open(f"{OPENING}/hieu")
    right = next(option.key for option in question.options if option.right)
    address = f"{site.url}{OPENING}/hieu/{question.id}"
    lan.answer_correctly(question)
    cookie = {"Cookie": "; ".join(f"{c['name']}={c['value']}" for c in phone.context.cookies())}
    headers = {**cookie, "Accept": "application/json", "Origin": site.url}
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: post(address, {"answer": right}, headers), range(8)))
    assert {reply["progress"]["right"] for reply in replies} == {1}


def post(address: str, form: dict[str, str], headers: dict[str, str]) -> dict:
    response = httpx.post(address, data=form, headers=headers, trust_env=False, timeout=TIMEOUT_MS / 1000)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_practice_of_another_learner_is_not_found(new_page, monitor):
    monitor.expected = {404}
    lan, hoa = Learner(new_page(PHONE)), Learner(new_page(PHONE))
    lan.open(f"{ACTIVATION}/lam")
    lan.start_practice(lesson(ACTIVATION), "tu-lam")
    address = lan.page.url
    hoa.open(f"{ACTIVATION}/lam")
    hoa.start_practice(lesson(ACTIVATION), "tu-lam")
    hoa.open(address)
    expect(hoa.page.locator("h1")).to_have_text("Không có trang này")
    assert not re.search(r"data-screen", hoa.page.content())
