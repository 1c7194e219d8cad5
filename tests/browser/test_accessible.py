"""Old eyes, large fingers, a narrow phone with doubled text: on every page."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect

from tests.browser.citizen import Citizen
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.lessons import address_of, every_lesson, lesson, library, wrongable
from tests.browser.waiting import RECONNECTS, until

ACTIVATION = "/vneid/kich-hoat"


def addresses_for_everybody() -> list[str]:
    courses = [f"/{course.slug}" for course in library()]
    stages = [f"{address_of(each)}{part}" for each in every_lesson() for part in ("", "/hieu", "/lam", "/dung")]
    return ["/", *courses, *stages, "/toi", "/kiem-chung", f"/toi/nhan-huy-hieu{ACTIVATION}", "/khong-co-trang-nay"]


def test_every_page_is_fit_for_a_stranger_of_seventy(phone, watcher):
    watcher.expected = {404}
    inspector = Inspector(phone)
    for address in addresses_for_everybody():
        phone.goto(address, wait_until="load")
        inspector.looks_at_page(address)
    assert inspector.found == {}


def test_every_page_along_her_way_is_fit_for_her(phone, watcher):
    watcher.expected = {422}
    lan, inspector, activation = Citizen(phone), Inspector(phone), lesson(ACTIVATION)
    wrong = wrongable(activation.understand.graded)
    lan.opens(f"{ACTIVATION}/hieu")
    lan.answers_wrongly(wrong)
    inspector.looks_at_page("a wrong answer")
    lan.answers_everything(activation)
    inspector.looks_at_page("all answers right, the code shown unasked")
    lan.goes_on()
    practising = lan.starts_to_practise(activation, "lam-theo")
    lan.opens(f"{ACTIVATION}/lam")
    inspector.looks_at_page("a practice begun")
    lan.goes_on()
    practising.goes_the_expected_way()
    lan.looks_at_the_result()
    inspector.looks_at_page("the end of làm theo")
    alone = lan.starts_to_practise(activation, "tu-lam")
    alone.asks_for_help("hint")
    alone.goes_the_expected_way()
    lan.looks_at_the_result()
    inspector.looks_at_page("the end of tự làm")
    lan.goes_on()
    lan.ticks_everything()
    inspector.looks_at_page("everything ticked")
    lan.goes_on()
    inspector.looks_at_page("claiming a badge")
    badge = lan.claims_the_badge("Nguyễn Thị Lan")
    inspector.looks_at_page("a badge")
    lan.opens("/")
    inspector.looks_at_page("the first page of somebody who learns")
    for address in ("/vneid", ACTIVATION, "/toi", f"/toi/nhan-huy-hieu{ACTIVATION}", f"/toi/vao/{lan.learning_code()}"):
        lan.opens(address)
        inspector.looks_at_page(f"{address} of somebody who learns")
    looks_at_verdicts(phone, inspector, badge)
    lan.enters_code_in_vain("AAA AAA AAA AAA")
    inspector.looks_at_page("an unknown code")
    lan.opens("/toi")
    phone.locator("summary", has_text="Quên tôi").tap()
    phone.locator("form[action='/toi/quen'] button").tap()
    lan.comes_to("h1", has_text="Bác chắc chắn muốn xóa hết?")
    inspector.looks_at_page("asked once more before forgetting")
    phone.get_by_role("button", name="Xóa hết, quên tôi").tap()
    lan.comes_to("h1", has_text="Đã xóa hết")
    inspector.looks_at_page("forgotten")
    watcher.expected |= {410}
    lan.opens(badge)
    inspector.looks_at_page("the badge of somebody forgotten")
    assert inspector.found == {}


def looks_at_verdicts(page: Page, inspector: Inspector, badge: str) -> None:
    genuine = page.request.get(f"{badge}.json", max_retries=RECONNECTS).text()
    document = json.loads(genuine)
    shown = {
        "a genuine badge": genuine,
        "an altered badge": json.dumps({**document, "name": "Một tên khác"}),
        "a badge of another place": json.dumps(
            {**document, "issuer": {**document["issuer"], "id": "https://khac.example/"}}
        ),
        "no badge at all": "xin chào",
    }
    for where, text in shown.items():
        page.goto("/kiem-chung")
        page.locator("#noi-dung").fill(text)
        page.locator(".button--main").tap()
        expect(page.locator("h2", has_text="Kiểm chứng huy hiệu khác")).to_be_visible()
        inspector.looks_at_page(where)
    page.goto("/kiem-chung")
    page.locator(".button--main").tap()
    expect(page.locator("[role=alert]")).to_be_visible()
    inspector.looks_at_page("nothing given to verify")


def test_a_lesson_can_be_read_before_any_script_has_come(take, watcher):
    with_script, without = take(PHONE), take(PHONE, script=False)
    for address in (f"{ACTIVATION}/hieu", f"{ACTIVATION}/dung", "/", "/vneid"):
        with_script.goto(address)
        without.goto(address)
        assert words_of(without) == words_of(with_script), address


def words_of(page: Page) -> list[str]:
    """What the page says, less the tools that only a script can offer, and places where it says nothing yet."""
    return [words for words in page.locator("main > :not(.tools)").all_inner_texts() if words.strip()]


def test_a_slow_script_moves_nothing(take):
    phone = take(PHONE)
    inspector = Inspector(phone)
    held: list[Route] = []
    is_slow = True
    phone.route("**/js/elements/*.js", lambda route: held.append(route) if is_slow else route.continue_())
    phone.goto(f"{ACTIVATION}/hieu", wait_until="commit")
    phone.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    until(phone, lambda: held)  # the page asks for its scripts
    is_slow = False
    for route in held:
        route.continue_()
    phone.wait_for_load_state("networkidle")
    inspector.notes("late scripts", phone.evaluate("() => window.shifts"))
    assert inspector.found == {}
