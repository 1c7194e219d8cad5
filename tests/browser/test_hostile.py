"""Hostile names, double taps, two tabs, a tab that dies: nothing runs, nothing is counted twice, nothing is lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser import journeys
from tests.browser.citizen import Citizen
from tests.browser.conftest import PHONE
from tests.browser.lessons import lesson, wrongable
from tests.browser.waiting import PATIENCE

ACTIVATION = "/vneid/kich-hoat"
OPENING = "/vneid/cai-ung-dung-that"
PAYLOADS = [
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "{{ 7 * 7 }}<svg onload=window.ran=1>",
]


def learns(citizen: Citizen) -> None:
    citizen.opens(f"{OPENING}/hieu")
    citizen.answers_everything(lesson(OPENING))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_name_that_is_a_script_never_runs(take, payload):
    phone = take(PHONE)
    lan = Citizen(phone)
    learns(lan)
    lan.opens("/toi")
    phone.locator("form[action='/toi/ten'] input").fill(payload[:60])
    phone.locator("form[action='/toi/ten'] button").tap()
    lan.comes_to("h1", has_text=payload[:60])
    code = lan.learning_code()
    second = take(PHONE)
    for page, address in ((phone, "/"), (phone, "/toi"), (second, f"/toi/vao/{code}")):
        page.goto(address)
        expect(page.locator("main, header").filter(has_text=payload[:60]).first).to_be_visible()
        assert page.evaluate("() => window.ran") is None


def test_a_badge_of_a_name_that_is_a_script_shows_the_name(take):
    phone, stranger = take(PHONE, script=False), take(PHONE)
    lan = Citizen(phone, script=False)
    learns(lan)
    lan.goes_on()
    lan.starts_to_practise(lesson(OPENING), "tu-lam").goes_the_expected_way()
    lan.looks_at_the_result()
    lan.goes_on()
    lan.ticks_everything()
    lan.goes_on()
    badge = lan.claims_the_badge(PAYLOADS[0])
    stranger.goto(badge)
    expect(stranger.locator("h1")).to_have_text(PAYLOADS[0])
    stranger.get_by_role("link", name="Kiểm chứng ngay").tap()
    journeys.reads_genuine(stranger, PAYLOADS[0])
    assert stranger.evaluate("() => window.ran") is None


def test_two_tabs_on_one_practice_do_not_spoil_each_other(take):
    phone = take(PHONE)
    lan = Citizen(phone)
    lan.opens(f"{ACTIVATION}/lam")
    first = lan.starts_to_practise(lesson(ACTIVATION), "tu-lam")
    first.goes_the_expected_way(until="kich-hoat-tai-khoan")
    other_page = phone.context.new_page()
    other_page.goto(phone.url)
    other = Citizen(other_page)
    second = type(first)(other_page, other.hands, lesson(ACTIVATION).practice, script=True)
    second.is_on("kich-hoat-tai-khoan")
    second.goes_the_expected_way(until="dat-mat-khau")
    phone.bring_to_front()
    first.is_on("dat-mat-khau")
    first.goes_the_expected_way()
    lan.looks_at_the_result()
    expect(phone.locator(".seal.lam").first).to_be_visible()


def test_a_killed_tab_goes_on_where_it_stopped(take):
    phone = take(PHONE)
    lan = Citizen(phone)
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(lesson(ACTIVATION), "tu-lam")
    address = phone.url
    practising.goes_the_expected_way(until="kich-hoat-tai-khoan")
    phone.context.set_offline(True)
    for step in list(practising.steps_of("kich-hoat-tai-khoan")):
        practising.does(step)
    practising.is_on("dang-gui-yeu-cau")
    phone.close(run_before_unload=False)
    again = take_tab(phone, address)
    after = type(practising)(again, lan.hands, practising.practice, script=True)
    after.is_on_one_of("dang-gui-yeu-cau", "nhap-ma-otp")
    after.goes_the_expected_way()
    Citizen(again).looks_at_the_result()
    expect(again.locator(".seal.lam").first).to_be_visible()


def take_tab(phone, address):
    phone.context.set_offline(False)
    page = phone.context.new_page()
    page.goto(address)
    return page


def test_a_double_tap_is_one_tap(take):
    phone = take(PHONE)
    lan = Citizen(phone)
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(lesson(ACTIVATION), "tu-lam")
    practising.goes_the_expected_way(until="man-hinh-chao")
    phone.locator(".phone button[name=tap]", has_text="Kích hoạt").dblclick()
    practising.is_on("kich-hoat-tai-khoan")
    practising.goes_the_expected_way()
    lan.looks_at_the_result()
    expect(phone.locator(".seal.lam").first).to_be_visible()


def test_an_answer_sent_twice_counts_once(take, site):
    phone = take(PHONE)
    lan = Citizen(phone)
    question = wrongable(lesson(OPENING).understand.graded)
    lan.opens(f"{OPENING}/hieu")
    right = next(option.key for option in question.options if option.right)
    address = f"{site.url}{OPENING}/hieu/{question.id}"
    lan.answers_rightly(question)
    cookie = {"Cookie": "; ".join(f"{c['name']}={c['value']}" for c in phone.context.cookies())}
    headers = {**cookie, "Accept": "application/json", "Origin": site.url}
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: post(address, {"answer": right}, headers), range(8)))
    assert {reply["progress"]["right"] for reply in replies} == {1}


def post(address: str, form: dict[str, str], headers: dict[str, str]) -> dict:
    response = httpx.post(address, data=form, headers=headers, trust_env=False, timeout=PATIENCE / 1000)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_practice_of_somebody_else_is_not_found(take, watcher):
    watcher.expected = {404}
    lan, hoa = Citizen(take(PHONE)), Citizen(take(PHONE))
    lan.opens(f"{ACTIVATION}/lam")
    lan.starts_to_practise(lesson(ACTIVATION), "tu-lam")
    address = lan.page.url
    hoa.opens(f"{ACTIVATION}/lam")
    hoa.starts_to_practise(lesson(ACTIVATION), "tu-lam")
    hoa.opens(address)
    expect(hoa.page.locator("h1")).to_have_text("Không có trang này")
    assert not re.search(r"data-screen", hoa.page.content())
