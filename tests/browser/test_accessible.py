"""Accessibility: axe, target and text sizes, and narrow screens with doubled text, on every page."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector, faults
from tests.browser.learner import Learner
from tests.browser.lessons import all_lessons, first_single_choice, lesson, lesson_path, library
from tests.browser.waiting import MAX_RETRIES, wait_until

ACTIVATION = "/vneid/kich-hoat"


OF_NO_COURSE = ["/", "/toi", "/kiem-chung", f"/toi/nhan-huy-hieu{ACTIVATION}", "/khong-co-trang-nay"]


def addresses_of(course: str, *, whole: bool) -> list[str]:
    """The pages of a course and of its lessons; without ``whole`` those of its most varied lesson."""
    lessons = [each for each in all_lessons() if each.course == course]
    if not whole:
        lessons = [max(lessons, key=lambda each: (len({one.kind for one in each.understand.questions}), each.slug))]
    parts = ("", "/hieu", "/lam", "/dung")
    return [f"/{course}", *(f"{lesson_path(each)}{part}" for each in lessons for part in parts)]


@pytest.mark.inputs("courses")
@pytest.mark.parametrize("course", [*(course.slug for course in library()), None])
def test_every_kind_of_public_page_is_accessible(phone, monitor, request, course):
    monitor.expected = {404}
    inspector = Inspector(phone)
    for address in addresses_of(course, whole=request.config.getoption("whole")) if course else OF_NO_COURSE:
        phone.goto(address, wait_until="load")
        inspector.inspect_page(address)
    assert inspector.found == {}


def test_every_page_of_a_learners_journey_is_accessible(phone, monitor):
    monitor.expected = {422}
    lan, inspector, activation = Learner(phone), Inspector(phone), lesson(ACTIVATION)
    wrong = first_single_choice(activation.understand.graded_questions)
    lan.open(f"{ACTIVATION}/hieu")
    lan.answer_wrongly(wrong)
    inspector.inspect_page("a wrong answer")
    lan.answer_all(activation)
    inspector.inspect_page("all answers right, the code shown unasked")
    lan.press_main_button()
    practice_page = lan.start_practice(activation, "lam-theo")
    lan.open(f"{ACTIVATION}/lam")
    inspector.inspect_page("a practice begun")
    lan.press_main_button()
    practice_page.follow_expected_path()
    lan.open_result()
    inspector.inspect_page("the end of làm theo")
    alone = lan.start_practice(activation, "tu-lam")
    alone.ask_for_hint("hint")
    alone.follow_expected_path()
    lan.open_result()
    inspector.inspect_page("the end of tự làm")
    lan.press_main_button()
    lan.tick_all_tasks()
    inspector.inspect_page("everything ticked")
    lan.press_main_button()
    inspector.inspect_page("claiming a badge")
    badge = lan.claim_badge("Nguyễn Thị Lan")
    inspector.inspect_page("a badge")
    lan.open("/")
    inspector.inspect_page("the first page of somebody who learns")
    for address in ("/vneid", ACTIVATION, "/toi", f"/toi/nhan-huy-hieu{ACTIVATION}", f"/toi/vao/{lan.learning_code()}"):
        lan.open(address)
        inspector.inspect_page(f"{address} of somebody who learns")
    inspect_verdicts(phone, inspector, badge)
    lan.enter_wrong_learning_code("AAA AAA AAA AAA")
    inspector.inspect_page("an unknown code")
    lan.open("/toi")
    phone.locator("summary", has_text="Quên tôi").tap()
    phone.locator("form[action='/toi/quen'] button").tap()
    lan.wait_for("h1", has_text="Bác chắc chắn muốn xóa hết?")
    inspector.inspect_page("asked once more before forgetting")
    phone.get_by_role("button", name="Xóa hết, quên tôi").tap()
    lan.wait_for("h1", has_text="Đã xóa hết")
    inspector.inspect_page("forgotten")
    monitor.expected |= {410}
    lan.open(badge)
    inspector.inspect_page("the badge of somebody forgotten")
    assert inspector.found == {}


def inspect_verdicts(page: Page, inspector: Inspector, badge: str) -> None:
    genuine = page.request.get(f"{badge}.json", max_retries=MAX_RETRIES).text()
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
        inspector.inspect_page(where)
    page.goto("/kiem-chung")
    page.locator(".button--main").tap()
    expect(page.locator("[role=alert]")).to_be_visible()
    inspector.inspect_page("nothing given to verify")


def test_a_lesson_can_be_read_before_scripts_are_loaded(new_page, monitor):
    with_script, without = new_page(PHONE), new_page(PHONE, script=False)
    for address in (f"{ACTIVATION}/hieu", f"{ACTIVATION}/dung", "/", "/vneid"):
        with_script.goto(address)
        without.goto(address)
        assert words_of(without) == words_of(with_script), address


def words_of(page: Page) -> list[str]:
    """The text of the page, without the tools that need scripts and without empty elements.

    An ordering or a matching is answered by other controls where scripts run.
    """
    page.evaluate("document.querySelectorAll('answer-places').forEach((each) => each.remove())")
    return [words for words in page.locator("main > :not(.page-tools)").all_inner_texts() if words.strip()]


def test_a_late_script_causes_no_layout_shift(new_page):
    phone = new_page(PHONE)
    inspector = Inspector(phone)
    held: list[Route] = []
    is_slow = True
    phone.route("**/js/elements/*.js", lambda route: held.append(route) if is_slow else route.continue_())
    phone.goto(f"{ACTIVATION}/hieu", wait_until="commit")
    phone.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    wait_until(phone, lambda: held)  # the page asks for its scripts
    is_slow = False
    for route in held:
        route.continue_()
    phone.wait_for_load_state("networkidle")
    inspector.add_faults("late scripts", phone.evaluate("() => window.shifts"))
    assert inspector.found == {}


def test_every_page_of_a_translated_lesson_is_accessible(phone):
    inspector = Inspector(phone)
    lesson_address = "/lua-dao/to-roi-ma-qr"
    phone.goto(f"{lesson_address}?lang=en", wait_until="load")
    for part in ("", "/hieu", "/lam", "/lam?che-do=xem-mau", "/dung"):
        phone.goto(f"{lesson_address}{part}", wait_until="load")
        expect(phone.locator("html")).to_have_attribute("lang", "en")
        inspector.inspect_page(part)
    phone.goto(f"{lesson_address}/lam", wait_until="load")
    phone.get_by_role("button", name="Follow step by step").tap()
    expect(phone.get_by_text("PRACTICE SCREEN")).to_be_visible()
    assert (inspector.found, faults(phone)) == ({}, [])
