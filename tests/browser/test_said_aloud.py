"""Screen readers and keyboards: one name per control, changes announced once, and the focus kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.attempts import open_one_screen_before
from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    class_code,
    class_part,
    join_class_session,
    open_class_session,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.input_devices import Keyboard
from tests.browser.learner import Learner
from tests.browser.lessons import expected_path, first_single_choice, lesson, plain_text
from tests.browser.practice_page import PracticePage
from tests.browser.screen_reader import ScreenReader

ACTIVATION = "/vneid/kich-hoat"
TYPED = "lua-dao/nam-phut-cuu-tien"
CONTROLS = {"button", "link", "checkbox", "radio", "switch", "textbox", "combobox", "image", "DisclosureTriangle"}

# The middle of what has the focus, or of its words, is not under something else.
IS_ON_TOP = """() => {
  const held = document.activeElement
  const shown = held.closest("label") || held
  const box = shown.getBoundingClientRect()
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
  return held === document.body || (top !== null && (shown.contains(top) || top.contains(shown)))
}"""


@pytest.fixture
def screen_reader(phone) -> ScreenReader:
    return ScreenReader(phone)


def test_every_control_has_one_name_and_none_is_invalid_before_input(phone, screen_reader):
    faults = []
    for address in ("/", "/vneid", ACTIVATION, f"{ACTIVATION}/hieu", f"{ACTIVATION}/lam", f"{ACTIVATION}/dung", "/toi"):
        phone.goto(address)
        for one in screen_reader.accessibility_tree():
            half = len(one.name) // 2
            if one.role in CONTROLS and (not one.name or one.name[:half].strip() == one.name[half:].strip()):
                faults.append(f"{address}: {one.role} “{one.name}”")
            if "invalid" in one.state:
                faults.append(f"{address}: {one.role} “{one.name}” is told as wrong")
    assert faults == []


def test_feedback_to_a_wrong_answer_is_announced_once_and_describes_the_picked_option(phone, screen_reader):
    lan, asked = Learner(phone, device=Keyboard()), first_single_choice(lesson(ACTIVATION).understand.graded_questions)
    lan.open(f"{ACTIVATION}/hieu")
    lan.answer_wrongly(asked)
    why = lan.question_card(asked).locator(".question__option-feedback").inner_text().strip()
    screen_reader.wait_for_words(why)
    assert sum(why in one for one in screen_reader.spoken()) == 1
    picked = next(one for one in screen_reader.accessibility_tree() if one.role == "radio" and "checked" in one.state)
    assert picked.description == why
    again = lan.question_card(asked).locator("form > .button")
    expect(again).to_be_focused()

    lan.answer_correctly(asked)
    sentence = lan.question_card(asked).locator(".question__option-feedback").inner_text().strip()
    screen_reader.wait_for_words("Bác đã đúng 1 trong")
    heard = screen_reader.spoken()
    assert [one for one in heard if sentence in one] == [f"focus: {sentence}"]
    # The page reloads if the answer earned the mark.
    lan.open("/")
    lan.open(f"{ACTIVATION}/hieu#{asked.id}")
    expect(lan.question_card(asked)).to_be_focused()


def test_an_invalid_field_of_a_practice_is_described_by_its_error(phone, screen_reader):
    activation = lesson(ACTIVATION)
    way = expected_path(activation.practice)
    typed = next(step for step in way if step.action == "type")
    open_one_screen_before(phone, activation, "tu-lam", typed.screen)
    practice_page = PracticePage(phone, Keyboard(), activation.practice, script=True)
    practice_page.follow_expected_path(until=typed.screen)
    screen_reader.wait_for_words(f"focus: {phone.locator('h1').inner_text()}")
    practice_page.fill(typed.widget, "12")
    practice_page.tap(next(step.widget for step in way if step.screen == typed.screen and step.action == "tap"))
    why = " ".join(phone.locator("[data-feedback^=wrong]:visible").inner_text().split())
    screen_reader.wait_for_words(why)
    wrong = [one for one in screen_reader.accessibility_tree() if "invalid" in one.state]
    assert [(one.name, " ".join(one.description.split())) for one in wrong] == [(typed.label, why)]
    practice_page.perform(typed)
    expect(phone.locator("[data-feedback^=wrong]:visible")).to_have_count(0)
    assert [one for one in screen_reader.accessibility_tree() if "invalid" in one.state or one.description] == []


def test_each_step_of_a_class_is_announced_once_without_moving_the_focus(phone, screen_reader, desk):
    open_class_session(desk, TYPED)
    join_class_session(phone, class_code(desk))
    expect(class_part(phone, "cho")).to_be_visible()
    asked = next(one for one in lesson(TYPED).understand.questions if one.kind == "typed")
    card = phone.locator(f"[data-question='{asked.id}']")
    step = card.get_attribute("data-part")
    send_command(desk, to=step)
    screen_reader.wait_for_words(f"{plain_text(asked.prompt)} Bác đọc và nghĩ trước")
    assert not phone.evaluate("() => document.activeElement.closest('main')"), "an announcement takes no focus"
    send_command(desk, phase="open", step=step)
    screen_reader.wait_for_words("Bác trả lời được rồi.")
    field = card.locator("input[name=answer]")
    field.tap()
    expect(field).to_be_focused()
    phone.keyboard.type("hai")
    screen_reader.wait_for_words("Đã nhận câu trả lời.")
    send_command(desk, paused="true")
    screen_reader.wait_for_words("Mời bác nghỉ tay, nhìn lên màn chiếu.")
    expect(field).to_be_focused()
    send_command(desk, paused="false")
    send_command(desk, phase="locked", step=step)
    screen_reader.wait_for_words("Hết giờ trả lời.")
    send_command(desk, phase="shown", step=step)
    screen_reader.wait_for_words(f"Câu trả lời đúng. {asked.answers[0]}")
    heard = [one for one in screen_reader.spoken() if not one.startswith("focus: ")]
    assert len(heard) == len(set(heard)) == 6, heard


def test_a_cover_over_a_practice_is_announced_and_restores_the_focus(phone, screen_reader, desk):
    open_class_session(desk, LESSON_WITH_PRACTICE)
    join_class_session(phone, class_code(desk))
    with phone.expect_navigation(url="**/toi/luot/*", wait_until="load"):
        send_command(desk, to="tap")
    way_on = phone.locator(".phone button[name=tap]").first
    way_on.focus()
    send_command(desk, paused="true")
    screen_reader.wait_for_words("focus: Số 1 Mời bác nhìn lên màn chiếu")
    assert [one.name for one in screen_reader.accessibility_tree() if one.role in ("button", "link")] == [
        "Sang phần chính"
    ]
    send_command(desk, paused="false")
    expect(way_on).to_be_focused()


def test_the_help_list_announces_a_new_entry(phone, new_page, desk):
    helper = desk.context.new_page()
    screen_reader = ScreenReader(helper)
    base = open_class_session(desk, LESSON_WITH_PRACTICE)
    join_class_session(phone, class_code(desk))
    helper.goto(f"{base}/giup")
    expect(helper.locator("h1")).to_have_text("Chưa ai cần giúp")
    phone.get_by_role("button", name="Giơ tay nhờ giúp").tap()
    screen_reader.wait_for_words("1 người cần giúp")
    come = helper.get_by_role("button", name="Tôi đến")
    come.focus()
    helper.keyboard.press("Enter")
    expect(helper.get_by_role("button", name="Xong rồi")).to_be_focused()


def test_the_desk_announces_a_step_made_by_somebody_else(desk):
    screen_reader = ScreenReader(desk)
    open_class_session(desk, LESSON_WITH_PRACTICE)
    send_command(desk, to="dung")
    now = desk.locator("h2.desk-preview__title")
    expect(now).to_be_visible()
    screen_reader.wait_for_words(f"Phòng đang thấy. {now.inner_text()}")


def test_a_focused_control_is_not_hidden_behind_sticky_elements(desk):
    base = open_class_session(desk, LESSON_WITH_PRACTICE)
    for address in ("/dung-lop", base, f"{base}/viec"):
        desk.goto(address, wait_until="load")
        for _ in range(desk.locator("a:visible, button:visible, summary:visible, input:visible").count() - 1):
            desk.keyboard.press("Tab")
            assert desk.evaluate(IS_ON_TOP), f"{address}: {desk.evaluate('() => document.activeElement.outerHTML')}"


def test_ticks_and_the_current_stage_are_visible_in_forced_colours(new_page):
    phone = new_page(PHONE, forced_colors="active")
    phone.goto(f"{ACTIVATION}/dung", wait_until="load")
    box = phone.locator("input[name=task]").first
    empty = box.screenshot()
    box.check()
    phone.locator("h1").tap()
    phone.evaluate("() => document.activeElement.blur()")
    assert box.screenshot() != empty
    now, other = (
        phone.locator(".stage-nav__item[aria-current]"),
        phone.locator(".stage-nav__item:not([aria-current])").first,
    )
    ground = "(bead) => getComputedStyle(bead).backgroundColor"
    assert now.evaluate(ground) != other.evaluate(ground)
