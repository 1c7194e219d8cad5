"""For whoever hears the site or works it with keys: one name for each control, a change said once, no place lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.citizen import Citizen
from tests.browser.classes import PRACTISED, code_of, command, joins, opens_class, part
from tests.browser.conftest import PHONE
from tests.browser.ears import Ears
from tests.browser.hands import Keyboard
from tests.browser.lessons import expected_way, lesson, plain, wrongable

ACTIVATION = "/vneid/kich-hoat"
TYPED = "vneid/ba-loai-ma"
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
def ears(phone) -> Ears:
    return Ears(phone)


def test_every_control_has_one_name_and_none_is_told_as_wrong_before_it_was_touched(phone, ears):
    faults = []
    for address in ("/", "/vneid", ACTIVATION, f"{ACTIVATION}/hieu", f"{ACTIVATION}/lam", f"{ACTIVATION}/dung", "/toi"):
        phone.goto(address)
        for one in ears.tree():
            half = len(one.name) // 2
            if one.role in CONTROLS and (not one.name or one.name[:half].strip() == one.name[half:].strip()):
                faults.append(f"{address}: {one.role} “{one.name}”")
            if "invalid" in one.state:
                faults.append(f"{address}: {one.role} “{one.name}” is told as wrong")
    assert faults == []


def test_a_wrong_answer_is_said_once_and_belongs_to_what_was_picked(phone, ears):
    lan, asked = Citizen(phone, hands=Keyboard()), wrongable(lesson(ACTIVATION).understand.graded)
    lan.opens(f"{ACTIVATION}/hieu")
    lan.answers_wrongly(asked)
    why = lan.card(asked).locator(".picked__said").inner_text().strip()
    ears.hears(why)
    assert sum(why in one for one in ears.heard()) == 1
    picked = next(one for one in ears.tree() if one.role == "radio" and "checked" in one.state)
    assert picked.description == why
    again = lan.card(asked).locator("form > .button")
    expect(again).to_be_focused()

    lan.answers_rightly(asked)
    sentence = lan.card(asked).locator(".picked__said").inner_text().strip()
    ears.hears("Bác đã đúng 1 trong")
    heard = ears.heard()
    assert [one for one in heard if sentence in one] == [f"focus: {sentence}"]
    # The page comes anew there when the answer earned the mark.
    lan.opens("/")
    lan.opens(f"{ACTIVATION}/hieu#{asked.id}")
    expect(lan.card(asked)).to_be_focused()


def test_a_field_of_a_practice_names_what_is_wrong_with_it(phone, ears):
    lan, activation = Citizen(phone, hands=Keyboard()), lesson(ACTIVATION)
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(activation, "tu-lam")
    way = expected_way(activation.practice)
    typed = next(step for step in way if step.action == "type")
    practising.goes_the_expected_way(until=typed.screen)
    ears.hears(f"focus: {phone.locator('h1').inner_text()}")
    practising.fills(typed.widget, "12")
    practising.taps(next(step.widget for step in way if step.screen == typed.screen and step.action == "tap"))
    why = phone.locator("[data-said^=wrong]:visible").inner_text().strip()
    ears.hears(why)
    wrong = [one for one in ears.tree() if "invalid" in one.state]
    assert [(one.name, one.description) for one in wrong] == [(typed.label, why)]
    practising.does(typed)
    expect(phone.locator("[data-said^=wrong]:visible")).to_have_count(0)
    assert [one for one in ears.tree() if "invalid" in one.state or one.description] == []


def test_a_phone_in_class_says_each_step_once_and_leaves_her_in_her_field(phone, ears, desk):
    opens_class(desk, TYPED)
    joins(phone, code_of(desk))
    expect(part(phone, "cho")).to_be_visible()
    asked = next(one for one in lesson(TYPED).understand.questions if one.kind == "typed")
    card = phone.locator(f"[data-question='{asked.id}']")
    step = card.get_attribute("data-part")
    command(desk, to=step)
    ears.hears(f"{plain(asked.prompt)} Bác đọc và nghĩ trước")
    assert not phone.evaluate("() => document.activeElement.closest('main')"), "an announcement takes no focus"
    command(desk, phase="open", step=step)
    ears.hears("Bác trả lời được rồi.")
    field = card.locator("input[name=answer]")
    field.tap()
    expect(field).to_be_focused()
    phone.keyboard.type("hai")
    ears.hears("Đã nhận câu trả lời.")
    command(desk, paused="true")
    ears.hears("Mời bác nghỉ tay, nhìn lên màn chiếu.")
    expect(field).to_be_focused()
    command(desk, paused="false")
    command(desk, phase="locked", step=step)
    ears.hears("Hết giờ trả lời.")
    command(desk, phase="shown", step=step)
    ears.hears(f"Câu trả lời đúng. {asked.answers[0]}")
    heard = [one for one in ears.heard() if not one.startswith("focus: ")]
    assert len(heard) == len(set(heard)) == 6, heard


def test_a_cover_over_a_practice_is_read_and_gives_back_the_place(phone, ears, desk):
    opens_class(desk, PRACTISED)
    joins(phone, code_of(desk))
    with phone.expect_navigation(url="**/toi/luot/*", wait_until="load"):
        command(desk, to="tap")
    way_on = phone.locator(".phone button[name=tap]").first
    way_on.focus()
    command(desk, paused="true")
    ears.hears("focus: Số 1 Mời bác nhìn lên màn chiếu")
    assert [one.name for one in ears.tree() if one.role in ("button", "link")] == ["Sang phần chính"]
    command(desk, paused="false")
    expect(way_on).to_be_focused()


def test_the_list_of_who_needs_help_says_when_somebody_new_does(phone, take, desk):
    helper = desk.context.new_page()
    ears = Ears(helper)
    base = opens_class(desk, PRACTISED)
    joins(phone, code_of(desk))
    helper.goto(f"{base}/giup")
    expect(helper.locator("h1")).to_have_text("Chưa ai cần giúp")
    phone.get_by_role("button", name="Giơ tay nhờ giúp").tap()
    ears.hears("1 người cần giúp")
    come = helper.get_by_role("button", name="Tôi đến")
    come.focus()
    helper.keyboard.press("Enter")
    expect(helper.get_by_role("button", name="Xong rồi")).to_be_focused()


def test_the_desk_says_what_the_room_sees_when_somebody_else_has_moved_the_class(desk):
    ears = Ears(desk)
    opens_class(desk, PRACTISED)
    command(desk, to="dung")
    now = desk.locator("h2.seen__title")
    expect(now).to_be_visible()
    ears.hears(f"Phòng đang thấy. {now.inner_text()}")


def test_what_tab_comes_to_is_not_left_under_what_stays_in_place(desk):
    base = opens_class(desk, PRACTISED)
    for address in ("/dung-lop", base, f"{base}/viec"):
        desk.goto(address, wait_until="load")
        for _ in range(desk.locator("a:visible, button:visible, summary:visible, input:visible").count() - 1):
            desk.keyboard.press("Tab")
            assert desk.evaluate(IS_ON_TOP), f"{address}: {desk.evaluate('() => document.activeElement.outerHTML')}"


def test_a_tick_and_the_present_part_are_seen_in_the_systems_own_colours(take):
    phone = take(PHONE, forced_colors="active")
    phone.goto(f"{ACTIVATION}/dung", wait_until="load")
    box = phone.locator("input[name=task]").first
    empty = box.screenshot()
    box.check()
    phone.locator("h1").tap()
    phone.evaluate("() => document.activeElement.blur()")
    assert box.screenshot() != empty
    now, other = phone.locator(".bead[aria-current]"), phone.locator(".bead:not([aria-current])").first
    ground = "(bead) => getComputedStyle(bead).backgroundColor"
    assert now.evaluate(ground) != other.evaluate(ground)
