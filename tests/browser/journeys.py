"""The main journey: from the home page through a lesson to a badge that anybody can verify."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from lms.content.model import Lesson, Practice
from tests.browser.learner import Learner
from tests.browser.lessons import expected_path, first_single_choice, lesson_path

ALL_MARKS = ["hiểu", "làm", "dùng"]


def complete_lesson(learner: Learner, lesson: Lesson, *, name: str = "") -> str:
    """Complete the three stages of a lesson from the home page on; return the URL of the badge."""
    find_lesson(learner, lesson)
    complete_understand_stage(learner, lesson)
    complete_practice_stage(learner, lesson)
    complete_use_stage(learner)
    learner.press_main_button()
    learner.expect_path(f"/toi/nhan-huy-hieu{lesson_path(lesson)}")
    return learner.claim_badge(name)


def find_lesson(learner: Learner, lesson: Lesson) -> None:
    """Navigate from the home page to the course and the lesson by links alone."""
    learner.open("/")
    expect(learner.page.locator("h1")).to_contain_text("Chào bác")
    course = learner.page.locator(f"a.course[href='/{lesson.course}']")
    if not course.is_visible():  # courses that are not started are collapsed
        learner.device.press(learner.page.locator("main section summary", has_text="khóa"))
    learner.device.press(course)
    learner.expect_path(f"/{lesson.course}")
    learner.device.press(learner.page.locator(f"a.course[href='{lesson_path(lesson)}']"))
    learner.expect_path(lesson_path(lesson))
    learner.press_main_button()
    learner.expect_path(f"{lesson_path(lesson)}/hieu")


def complete_understand_stage(learner: Learner, lesson: Lesson) -> None:
    learner.answer_all(lesson, wrong_first=first_single_choice(lesson.understand.graded_questions))
    learner.press_main_button()
    learner.expect_path(f"{lesson_path(lesson)}/lam")


def complete_practice_stage(learner: Learner, lesson: Lesson) -> None:
    """Do the practice in mode lam-theo, then in tu-lam, which earns the mark."""
    learner.start_practice(lesson, "lam-theo").follow_expected_path()
    learner.open_result()
    learner.start_practice(lesson, "tu-lam").follow_expected_path()
    learner.open_result()
    expect(learner.page.locator(".stage-mark.lam").first).to_be_visible()
    learner.press_main_button()
    learner.expect_path(f"{lesson_path(lesson)}/dung")


def complete_use_stage(learner: Learner) -> None:
    learner.tick_all_tasks()


def verify_badge(stranger: Page, badge: str, *, name: str = "") -> None:
    """Verify a badge from its page, as a visitor who was shown the URL."""
    stranger.goto(badge)
    stranger.get_by_role("link", name="Kiểm chứng ngay").click()
    expect_genuine(stranger, name)


def verify_badge_file(stranger: Page, picture: bytes, *, name: str = "") -> None:
    stranger.goto("/kiem-chung")
    stranger.locator("#tep").set_input_files({"name": "huy-hieu.png", "mimeType": "image/png", "buffer": picture})
    stranger.locator(".button--main").click()
    expect_genuine(stranger, name)


def expect_genuine(stranger: Page, name: str) -> None:
    expect(stranger.locator("h1")).to_have_text("Huy hiệu này có thật")
    expect(stranger.locator("main")).to_contain_text(name or "Người học không ghi tên")
    stranger.wait_for_load_state("load")


def screens_on_expected_path(practice: Practice) -> list[str]:
    """Return the screens of the expected path in order, each once, without the goal."""
    return list(dict.fromkeys(step.screen for step in expected_path(practice)))
