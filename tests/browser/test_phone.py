"""The simulated phone: read aloud, with the keyboard over half of it, and offline."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.every_screen_page import MESSAGE_DELAY_MS, EveryScreenPage, show_screen
from tests.browser.inspection import (
    AXE,
    DOUBLE_TEXT,
    NARROW,
    faults,
    faults_of_doubled_text,
    faults_without_axe,
    resized,
)
from tests.browser.site_process import Site
from tests.browser.speech_recorder import SPEECH_RECORDER_SCRIPT
from tests.web.every_screen import LESSON, every_screen

SCREENS = [screen.id for screen in every_screen().screens]
WITH_KEYBOARD = {"width": 360, "height": 400}
# All rules, and 7:1 for text: in one run, since each first reads the whole page.
JUDGE = """async () => {
  const rules = { "color-contrast-enhanced": { enabled: true } }
  return (await axe.run(document, { resultTypes: ["violations"], rules })).violations
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}: ${node.failureSummary}`))
}"""
# Where the field and the button that follows it stand in what is to be seen, and where the banner ends.
IN_SIGHT = """(field) => {
  const button = document.querySelector(".phone .app__button")
  const banner = document.querySelector(".simulation-banner")
  const [over, here, there] = [banner, field, button].map((e) => e.getBoundingClientRect())
  return [over.bottom, here.top, here.bottom, there.bottom, visualViewport.height].map(Math.round)
}"""


@pytest.fixture(scope="module")
def site(every_screen_site: Site) -> Site:
    return every_screen_site


@pytest.fixture
def lan(phone: Page) -> EveryScreenPage:
    return EveryScreenPage(phone)


@pytest.fixture
def listening(phone: Page) -> EveryScreenPage:
    phone.add_init_script(SPEECH_RECORDER_SCRIPT)
    return EveryScreenPage(phone)


def spoken_texts(lan: EveryScreenPage) -> list[str]:
    button = lan.page.get_by_role("button", name="Đọc cho tôi nghe")
    if button.get_attribute("aria-pressed") == "true":
        button.click()
    lan.page.evaluate("() => { window.spoken = []; window.utterances = []; window.silenced = false }")
    button.click()
    return lan.page.evaluate("() => window.spoken")


# --- read aloud ---


def test_the_task_and_the_screen_are_read_aloud(listening):
    listening.start("tu-lam")
    assert spoken_texts(listening)[1] == 'Chạm vào biểu tượng "Kho ứng dụng".'
    listening.page.locator("[data-help=hint]").click()
    assert "Biểu tượng có hình cái túi." in spoken_texts(listening)
    listening.go_to("co-cuoc-goi-den")
    assert "Bác đọc giúp tôi mã vừa gửi vào máy." in [said.strip() for said in spoken_texts(listening)]


def test_an_arriving_message_is_read_with_its_code_digit_by_digit(listening):
    listening.start_with_paused_clock_on("nhap-ma-otp")
    assert not any("Mã OTP của bác" in said for said in spoken_texts(listening))
    listening.page.clock.run_for(MESSAGE_DELAY_MS)
    expect(listening.page.locator(".sms__text")).to_be_visible()
    spelled = " ".join(listening.code_from_message())
    assert f"Tin nhắn mới: Mã OTP của bác là {spelled}." in spoken_texts(listening)


@pytest.mark.parametrize(
    "written, spoken",
    [
        ("Bác phải nộp 400.000 đồng, đã nộp 250.000 đồng. Còn 1.150.000.",
         ["Bác phải nộp 400000 đồng, đã nộp 250000 đồng.", "Còn 1150000."]),
        ("Mở vneid.gov.vn xem! Ở TP. HCM, P. An Đông… rồi thôi",
         ["Mở vneid.gov.vn xem!", "Ở TP. HCM, P. An Đông…", "rồi thôi"]),
        ("Hỏi: “Ai đấy?” Số 19000368, hay 0283.829.5000?",
         ["Hỏi: “Ai đấy?”", "Số 1 9 0 0 0 3 6 8, hay 0 2 8 3 8 2 9 5 0 0 0?"]),
        ("Ngày 25.11.2026, lúc 8.30, phiên bản 2.10.", ["Ngày 25.11.2026, lúc 8.30, phiên bản 2.10."]),
    ],
)  # fmt: skip
def test_sentences_end_where_they_end_and_amounts_are_read_as_amounts(listening, written, spoken):
    listening.page.goto("/toi")
    listening.page.evaluate("(text) => { document.querySelector('main h1').textContent = text }", written)
    listening.page.get_by_role("button", name="Nghe đọc").click()
    listening.page.wait_for_function("() => window.spoken.length")
    assert listening.page.evaluate("() => window.spoken")[: len(spoken)] == spoken


def test_the_choices_are_read_after_the_message(listening):
    listening.start("tu-lam")
    listening.go_to("co-cuoc-goi-den")
    said = spoken_texts(listening)
    first, second = listening.page.locator(".phone button[data-widget]").all_inner_texts()
    assert said[-2:] == [f"Có hai nút: {first.strip()};", f"{second.strip()}."]
    message = next(index for index, one in enumerate(said) if "đọc giúp tôi mã" in one)
    assert message < len(said) - 2


def test_what_is_being_read_is_lit(listening):
    listening.start("tu-lam")
    said = spoken_texts(listening)
    starts = (
        "(index) => { window.utterances[index].onstart(); return document.querySelector('.being-read').textContent }"
    )
    for index, sentence in enumerate(said):
        lit = listening.page.evaluate(starts, index)
        assert sentence.rstrip(".;").rpartition(": ")[2].replace(" ", "") in lit.replace(" ", ""), sentence
    listening.page.evaluate("() => window.utterances[window.utterances.length - 1].onend()")
    expect(listening.page.locator(".being-read")).to_have_count(0)
    expect(listening.page.get_by_role("button", name="Đọc cho tôi nghe")).to_have_attribute("aria-pressed", "false")


def test_a_section_and_a_question_are_read_alone(listening):
    page = listening.page
    page.goto(f"{LESSON}/hieu")
    card = page.locator("question-card").first
    card.get_by_role("button", name="Nghe").click()
    page.wait_for_function("() => window.spoken.length")
    said = " ".join(page.evaluate("() => window.spoken"))
    assert page.locator("question-card .question__prompt p").first.inner_text().strip().rstrip(".?") in said
    assert page.locator("h1").inner_text() not in said
    page.evaluate("() => { window.spoken = [] }")
    section = page.locator("main section[id^=phan-]").first
    section.locator("> .listen").click()
    page.wait_for_function("() => window.spoken.length")
    assert page.locator("h1").inner_text() not in " ".join(page.evaluate("() => window.spoken"))
    expect(section.locator("> .listen")).to_have_attribute("aria-pressed", "true")
    expect(card.get_by_role("button", name="Nghe")).to_have_attribute("aria-pressed", "false")


def test_the_reading_ends_at_the_next_touch(listening):
    listening.start()
    assert spoken_texts(listening)
    button = listening.page.get_by_role("button", name="Đọc cho tôi nghe")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert spoken_texts(listening)
    listening.tap("Kho ứng dụng")
    assert listening.page.evaluate("() => window.silenced")


def test_without_a_vietnamese_voice_reading_aloud_is_not_offered(lan):
    lan.page.add_init_script(SPEECH_RECORDER_SCRIPT.replace("vi-VN", "fr-FR"))
    lan.start()
    expect(lan.page.locator("[data-read-aloud]:visible")).to_have_count(0)
    # After three seconds of looking for a voice.
    lan.page.get_by_text("Cách có giọng đọc tiếng Việt").click()
    expect(lan.page.get_by_text("mở Cài đặt, vào Trợ năng")).to_be_visible()


def test_announcements_keep_their_sentences_apart(lan):
    lan.pause_clock()  # an announcement is removed after it was read
    lan.start()
    lan.tap("Quảng cáo: nhận quà ngay")
    alert = lan.page.locator("[data-live=assertive]")
    expect(alert).to_have_text(
        "Đây là bài tập nên không mất gì. Ngoài đời, lỡ làm vậy thì: Đừng chạm vào quảng cáo nhận quà. "
        "Đó là cách kẻ gian dụ mình. Bác vừa chạm “Quảng cáo: nhận quà ngay”."
    )
    lan.tap("Về màn hình chính")
    lan.go_to("nhap-ma-otp")
    lan.run_clock()
    expect(lan.page.locator("[data-live=polite]")).to_contain_text("Tin nhắn mới: Mã OTP của bác là")


# --- the keyboard ---


def open_keyboard(field: Locator) -> None:
    """Open a keyboard that makes the page lower, as Chrome does: after the field that was touched has the focus."""
    field.tap()
    expect(field).to_be_focused()
    field.page.set_viewport_size(WITH_KEYBOARD)


@pytest.mark.parametrize("text", ["usual", "double"])
def test_a_keyboard_hides_neither_the_field_nor_its_button(lan, text):
    lan.start()
    lan.go_to("nhap-ma-otp")
    if text == "double":
        lan.page.evaluate(DOUBLE_TEXT)
    field = lan.widget(3)
    open_keyboard(field)
    in_sight = f"""(field) => {{
      const [banner, top, bottom, button, height] = ({IN_SIGHT})(field)
      const inOrder = banner <= top && top < bottom && bottom < button && button <= height
      return inOrder && height === {WITH_KEYBOARD["height"]}
    }}"""
    lan.page.wait_for_function(in_sight, arg=field.element_handle())
    field.press_sequentially("12")
    lan.page.wait_for_function(in_sight, arg=field.element_handle())


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_field_of_a_long_form_is_visible_while_typing(lan, place):
    lan.start()
    lan.go_to("nhap-thong-tin")
    field = lan.widget(place)
    open_keyboard(field)
    lan.page.wait_for_function(
        f"(field) => {{ const [banner, top, bottom] = ({IN_SIGHT})(field); return banner <= top && bottom < 400 }}",
        arg=field.element_handle(),
    )


def test_a_number_gets_the_numeric_keyboard_and_a_code_six_boxes(lan):
    lan.start()
    lan.go_to("nhap-thong-tin")
    expect(lan.widget(0)).to_have_attribute("inputmode", "numeric")
    lan.go_to("nhap-ma-otp", start="nhap-thong-tin")
    code = lan.widget(3)
    code.fill("482915")
    assert code.evaluate("(field) => field.scrollWidth <= field.clientWidth")  # all six are seen


# --- eyes, fingers, time ---


@pytest.mark.parametrize("device", ["android", "iphone"])
def test_every_screen_has_enough_contrast(phone, device):
    phone.goto(f"{LESSON}/lam?may={device}")
    phone.locator("button[value=lam-theo]").click()
    phone.wait_for_url("**/toi/luot/*")
    phone.wait_for_load_state("load")
    phone.evaluate(AXE)
    found = {}
    for screen in SCREENS:
        show_screen(phone, screen)
        found[screen] = [*phone.evaluate(JUDGE), *faults_without_axe(phone)]
    with resized(phone, NARROW):
        for screen in SCREENS:
            show_screen(phone, screen)
            found[screen] += faults_of_doubled_text(phone)
    assert {screen: told for screen, told in found.items() if told} == {}


def test_a_message_slides_into_reserved_space(lan):
    lan.start_with_paused_clock_on("nhap-ma-otp")
    banner, title = lan.page.locator(".sms"), lan.page.locator(".app__title")
    before = banner.bounding_box(), title.bounding_box()
    assert lan.page.locator(".sms__text").evaluate("(text) => getComputedStyle(text).transform") != "none"
    lan.page.clock.run_for(MESSAGE_DELAY_MS)
    expect(lan.page.locator(".sms__text")).to_be_visible()
    assert (banner.bounding_box(), title.bounding_box()) == before


def test_with_reduced_motion_nothing_is_animated(new_page):
    page = new_page(PHONE, reduced_motion="reduce")
    lan = EveryScreenPage(page)
    lan.start()
    for screen in SCREENS:
        show_screen(page, screen)
        moving = page.evaluate("""() => Array.from(document.querySelectorAll(".phone *")).filter((thing) =>
          ["", "::after"].some((part) => {
            const style = getComputedStyle(thing, part || null)
            return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0
          })).map((thing) => thing.className)""")
        assert moving == [], screen


def test_the_offline_message_is_shown_once_and_moves_nothing(lan):
    lan.start()
    lan.page.context.set_offline(True)
    lan.go_to("xin-quyen")
    notice, button = lan.page.locator("[data-network]"), lan.page.locator(".phone [data-widget='1']")
    before = button.bounding_box()
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("Máy chưa có mạng. Bác cứ tập tiếp")
    assert button.bounding_box() == before
    assert faults(lan.page) == []
    lan.page.context.set_offline(False)
    expect(notice).to_be_hidden()


def test_a_hot_spot_is_marked_with_a_ring_and_a_hand(new_page):
    for device in (PHONE, PROJECTOR):
        lan = EveryScreenPage(new_page(device))
        lan.start("lam-theo")
        lan.tap("Kho ứng dụng")
        lan.expect_screen("trang-kho")
        expect(lan.page.locator(".app-picture__picture")).to_have_js_property(
            "complete", True
        )  # so the hot spot has its final size
        place = lan.page.get_by_role("button", name="Cài đặt").bounding_box()
        hand = lan.page.locator(".app-picture__area .pointed__hand").bounding_box()
        assert place["x"] < hand["x"] < place["x"] + place["width"]
        assert place["y"] < hand["y"] < place["y"] + place["height"]
        assert place["height"] >= 48
