"""The main job from end to end: from the first page to a badge that a stranger can verify."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from lms.content.model import Lesson, Practice
from tests.browser.citizen import Citizen
from tests.browser.lessons import address_of, expected_way, wrongable

ALL_MARKS = ["hiểu", "làm", "dùng"]


def learns_a_whole_lesson(citizen: Citizen, lesson: Lesson, *, name: str = "") -> str:
    """From the first page through the three stages to the badge; its address."""
    finds_the_lesson(citizen, lesson)
    understands(citizen, lesson)
    practises(citizen, lesson)
    uses(citizen)
    citizen.goes_on()
    citizen.is_at(f"/toi/nhan-huy-hieu{address_of(lesson)}")
    return citizen.claims_the_badge(name)


def finds_the_lesson(citizen: Citizen, lesson: Lesson) -> None:
    """She taps her way: the course on the first page, then the lesson; no address is typed but the site's."""
    citizen.opens("/")
    expect(citizen.page.locator("h1")).to_contain_text("Chào bác")
    course = citizen.page.locator(f"a.course[href='/{lesson.course}']")
    if not course.is_visible():  # those that nobody has begun wait in a fold
        citizen.hands.press(citizen.page.locator("main section summary", has_text="khóa"))
    citizen.hands.press(course)
    citizen.is_at(f"/{lesson.course}")
    citizen.hands.press(citizen.page.locator(f"a.course[href='{address_of(lesson)}']"))
    citizen.is_at(address_of(lesson))
    citizen.goes_on()
    citizen.is_at(f"{address_of(lesson)}/hieu")


def understands(citizen: Citizen, lesson: Lesson) -> None:
    citizen.answers_everything(lesson, wrong_first=wrongable(lesson.understand.graded))
    citizen.goes_on()
    citizen.is_at(f"{address_of(lesson)}/lam")


def practises(citizen: Citizen, lesson: Lesson) -> None:
    """First led by the hand, then alone, which earns the mark."""
    citizen.starts_to_practise(lesson, "lam-theo").goes_the_expected_way()
    citizen.looks_at_the_result()
    citizen.starts_to_practise(lesson, "tu-lam").goes_the_expected_way()
    citizen.looks_at_the_result()
    expect(citizen.page.locator(".seal.lam").first).to_be_visible()
    citizen.goes_on()
    citizen.is_at(f"{address_of(lesson)}/dung")


def uses(citizen: Citizen) -> None:
    citizen.ticks_everything()


def verifies(stranger: Page, badge: str, *, name: str = "") -> None:
    """Whoever was shown the badge's address asks the site whether it is genuine."""
    stranger.goto(badge)
    stranger.get_by_role("link", name="Kiểm chứng ngay").click()
    reads_genuine(stranger, name)


def verifies_a_file(stranger: Page, picture: bytes, *, name: str = "") -> None:
    stranger.goto("/kiem-chung")
    stranger.locator("#tep").set_input_files({"name": "huy-hieu.png", "mimeType": "image/png", "buffer": picture})
    stranger.locator(".button--main").click()
    reads_genuine(stranger, name)


def reads_genuine(stranger: Page, name: str) -> None:
    expect(stranger.locator("h1")).to_have_text("Huy hiệu này có thật")
    expect(stranger.locator("main")).to_contain_text(name or "Người học không ghi tên")
    stranger.wait_for_load_state("load")


def screens_on_the_way(practice: Practice) -> list[str]:
    """The screens of the expected way in order, each once, without the goal."""
    return list(dict.fromkeys(step.screen for step in expected_way(practice)))
