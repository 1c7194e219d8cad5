"""A volunteer's whole evening in browsers: two lessons from the slip to the file that the city has taken in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.browser_monitor import BrowserMonitor
from tests.browser.class_pages import (
    choose_lesson,
    class_code,
    class_part,
    fill_in_answer,
    join_by_taps,
    open_question,
    pair_wall_by_taps,
    reopen_in_new_tab,
    send_command,
    wait_for_next_step_label,
)
from tests.browser.conftest import LAPTOP, PHONE, PROJECTOR
from tests.browser.inspection import DOUBLE_TEXT
from tests.browser.learner import Learner
from tests.browser.lessons import library
from tests.browser.practice_page import PracticePage
from tests.browser.shared_chromium import SharedChromium
from tests.browser.site_process import Site, serve_site
from tests.browser.staff import run_user_command, sign_in_with_slip, slip_path, tap_and_wait_for_page

DESK_PHONE = {**PHONE, "viewport": {"width": 390, "height": 844}}
NARROW_PHONE = {**PHONE, "viewport": {"width": 320, "height": 640}}
HALL = "Nhà văn hóa khu phố 3"
FIRST, SECOND = "vneid/kich-hoat", "vneid/dang-nhap-man-hinh-chinh"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The city's site, which has never heard of the laptop."""
    with serve_site(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest.fixture
def city_page(chromium: SharedChromium, city: Site):
    monitor = BrowserMonitor(city.url)
    contexts = []

    def create(device: dict) -> Page:
        context = chromium.new_context(base_url=city.url, service_workers="block", **device)
        monitor.watch(context)
        contexts.append(context)
        return context.new_page()

    yield create
    for context in contexts:
        context.close()
    assert monitor.complaints == []


class Evening:
    """All pages of the evening, by who looks at them."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.wide: list[str] = []

    def turn(self, point: str) -> None:
        """At a turning point nothing scrolls sideways, and the urgent buttons of the desk on a phone are in sight."""
        for who, page in self.pages.items():
            wide, there = _widths(page)
            if wide > there:
                self.wide.append(f"{point}, {who}: {wide} px in {there} px")
        phone = self.pages.get("desk phone")
        for button in phone.locator("[data-urgent]").all() if phone else ():
            expect(button).to_be_in_viewport(ratio=1)


def _widths(page: Page) -> list[int]:
    """The width of the page and of its window. A phone without a script reloads whenever it likes."""
    for _ in range(5):
        try:
            return page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        except Error:
            page.wait_for_load_state("load")
    raise AssertionError(f"{page.url} never stands still")


def go_to(desk: Page, label: str) -> None:
    """Tap a step of "Các bước của buổi"."""
    tap_and_wait_for_page(desk.get_by_role("link", name="Các bước của buổi"))
    tap_and_wait_for_page(desk.locator(".desk-steps__item", has_text=label))


def press(wall: Page, key: str, shown: Locator) -> None:
    """Press a key of the clicker and wait until what was shown has changed."""
    before = shown.inner_text()
    wall.keyboard.press(key)
    expect(shown).not_to_have_text(before)


def test_an_evening_of_two_lessons_from_the_slip_to_the_file_in_the_city(
    new_page, monitor, site, city, city_page, tmp_path
):
    monitor.expected = {409}  # a helper's page says so that the class is closed
    evening = Evening()
    pages = evening.pages

    # She signs in by her slip and opens a class on the laptop, whose wall is its own second window.
    laptop = pages["laptop"] = new_page(LAPTOP)
    added = run_user_command(site, "add", "--name", "Minh", "--role", "facilitator", "--ward", "An Đông")
    sign_in_with_slip(laptop, slip_path(added))
    laptop.goto("/dung-lop")
    choose_lesson(laptop, FIRST)
    laptop.locator("details:has(#noi) > summary").tap()
    laptop.locator("#noi").fill(HALL)
    laptop.locator("label:has(input[value='tu-lam'])").tap()  # so that a practice earns its mark
    evening.turn("opening")
    tap_and_wait_for_page(laptop.get_by_role("button", name="Mở lớp"))
    base, code = laptop.url, class_code(laptop)
    with laptop.expect_popup() as opened:
        laptop.get_by_role("button", name="Chiếu bằng máy này").tap()
    wall = pages["wall"] = opened.value
    expect(wall.locator(".wall-join__code")).to_be_visible()
    other_wall = pages["other wall"] = new_page(PROJECTOR)
    other_wall.goto("/chieu")
    expect(other_wall.locator(".wall-pairing__digit")).to_have_count(4)
    evening.turn("pairing")
    tap_and_wait_for_page(laptop.get_by_role("link", name="Việc khác"))
    laptop.locator("#man-chieu > summary").tap()
    pair_wall_by_taps(laptop, other_wall)
    laptop.goto(base)

    # Her own phone comes along by its code, a helper by six digits.
    tap_and_wait_for_page(laptop.get_by_role("link", name="Cầm điện thoại đi lại"))
    tap_and_wait_for_page(laptop.get_by_role("button", name="Hiện hình vuông"))
    desk = pages["desk phone"] = new_page(DESK_PHONE)
    desk.goto("/vao")
    desk.locator("#ma").fill(laptop.locator(".learning-code").inner_text())
    evening.turn("handed on")
    tap_and_wait_for_page(desk.get_by_role("button", name="Vào bằng mã"))
    expect(desk).to_have_url(base)
    laptop.goto(base)
    tap_and_wait_for_page(desk.get_by_role("link", name="Việc khác"))
    tap_and_wait_for_page(desk.get_by_role("button", name="Hiện mã cho người phụ"))
    helper = pages["helper"] = new_page(PHONE)
    helper.goto("/giup")
    helper.locator("#ma").fill(desk.locator("[data-digits]").get_attribute("data-digits"))
    evening.turn("helper")
    tap_and_wait_for_page(helper.get_by_role("button", name="Vào phụ lớp"))
    desk.goto(base)

    # Five phones come in time. One runs no script, one is small and its letters are doubled. One person has no phone.
    lan, ba, tu, plain, narrow = (
        new_page(PHONE),
        new_page(PHONE),
        new_page(PHONE),
        new_page(PHONE, script=False),
        new_page(NARROW_PHONE),
    )
    narrow.add_init_script(f"addEventListener('load', {DOUBLE_TEXT})")
    for name, phone in (("lan", lan), ("ba", ba), ("tu", tu), ("plain", plain), ("narrow", narrow)):
        join_by_taps(phone, code)
        pages[name] = phone
    tap_and_wait_for_page(desk.get_by_role("link", name="Việc khác"))
    desk.locator("#khong-may > summary").tap()
    tap_and_wait_for_page(desk.get_by_role("button", name="Thêm một chỗ"))
    desk.goto(base)
    for board in (wall, other_wall):
        expect(board.locator("[data-machines]").first).to_have_text("5")
    evening.turn("join")

    # The clicker lives in full screen, and both walls and the desk follow it.
    full = wall.get_by_role("button", name="Toàn màn hình")
    wall.bring_to_front()
    full.hover()
    full.click()
    title = wall.locator(".wall__board h1")
    invitation = title.inner_text()
    wait_for_next_step_label(laptop, lambda: wall.keyboard.press("PageDown"))
    expect(title).not_to_have_text(invitation)
    expect(other_wall.locator(".wall__board h1")).to_have_text(title.inner_text())
    expect(class_part(lan, "cho")).to_be_visible()
    evening.turn("slide")

    # The projector breaks: every phone shows the slide, until it shines again.
    desk.get_by_role("button", name="Máy chiếu hỏng? Hiện trên các máy").tap()
    for phone in (lan, narrow, plain):
        expect(phone.locator("[data-projected]")).to_contain_text(title.inner_text())
        expect(phone.locator("[data-projected]")).to_be_visible()
    evening.turn("broken projector")
    desk.get_by_role("button", name="Thôi hiện trên các máy").tap()
    expect(lan.locator("[data-projected]")).to_be_hidden()
    press(wall, "PageDown", laptop.locator("[data-next-step]"))

    # A question: a late one lands in it, hands of people without a phone count.
    question = lan.locator("[data-kind=choice]").first.get_attribute("data-part")
    send_command(laptop, to=question)
    send_command(laptop, step=question, phase="open")
    late = pages["late"] = new_page(PHONE)
    join_by_taps(late, code)
    for phone in (lan, ba, tu, narrow, late):
        expect(open_question(phone)).to_be_visible()
        fill_in_answer(phone)
        expect(open_question(phone).locator("[data-saved]")).to_be_visible()
    expect(wall.locator("[data-given]")).to_have_text("5")
    evening.turn("open question")
    wait_for_next_step_label(desk, lambda: wall.keyboard.press("PageDown"))
    evening.turn("locked")
    tap_and_wait_for_page(desk.get_by_role("link", name="Đếm tay"))
    desk.locator("#tay-1").fill("3")
    evening.turn("hands")
    tap_and_wait_for_page(desk.get_by_role("button", name="Ghi số tay"))
    wait_for_next_step_label(desk, lambda: wall.keyboard.press("PageDown"))
    for board in (wall, other_wall):
        expect(board.locator(".wall-option__number").first).to_have_text("3")
    for phone in (lan, narrow, late):
        expect(class_part(phone, question).locator("[data-mine]:visible")).to_have_count(1)
    evening.turn("result")

    # The practice. Closed by mistake, and reopened: whoever was in it is back in it.
    go_to(desk, "Làm mẫu")
    expect(wall.locator(".wall-demo")).to_be_visible()
    evening.turn("demo")
    go_to(desk, "Cả lớp tập")
    for phone in (lan, ba, tu, narrow, late):
        phone.wait_for_url("**/toi/luot/*")
        expect(phone.locator("class-bar .class-bar__seat")).to_be_visible()
    plain = pages["plain"] = reopen_in_new_tab(plain, f"/lop/{code}")
    tap_and_wait_for_page(plain.get_by_role("button", name="Vào tập"))
    expect(wall.locator("[data-thumbs]")).to_be_visible()
    evening.turn("practice")
    tap_and_wait_for_page(desk.get_by_role("link", name="Việc khác"))
    tap_and_wait_for_page(desk.get_by_role("link", name="Đóng lớp"))
    evening.turn("close?")
    tap_and_wait_for_page(desk.get_by_role("button", name="Đóng lớp"))
    expect(wall.locator(".wall-end")).to_be_visible()
    expect(lan.locator("raise-hand")).to_be_hidden()
    expect(helper.locator("h1")).to_contain_text("đã đóng")
    evening.turn("closed by mistake")
    tap_and_wait_for_page(desk.get_by_role("button", name="Đóng nhầm? Mở lại lớp này"))
    expect(lan.locator("raise-hand")).to_be_visible()
    for board in (wall, other_wall):
        expect(board.locator("[data-thumbs]")).to_be_visible()
    expect(helper.locator("h1")).not_to_contain_text("đã đóng")
    expect(laptop.locator("[data-number=practising]")).to_be_attached()
    evening.turn("reopened")
    lan.get_by_role("button", name="Giơ tay").click()
    expect(helper.locator("body")).to_contain_text("Số 1")
    evening.turn("hand")

    # Lan finishes. The use step, the end, and what they earned.
    lesson = library().lesson(*FIRST.split("/"))
    learner = Learner(lan)
    PracticePage(lan, learner.device, lesson.practice, script=True).follow_expected_path()
    expect(laptop.locator("[data-number=done]")).to_have_text("1")
    evening.turn("finished")
    go_to(desk, "Dùng liền")
    expect(wall.locator(".wall-tasks")).to_be_visible()
    evening.turn("use")
    go_to(desk, "Kết thúc")
    expect(wall.locator(".wall-end")).to_be_visible()
    evening.turn("first end")

    # The second lesson with the same class.
    tap_and_wait_for_page(desk.get_by_role("link", name="Học tiếp bài khác"))
    evening.turn("next lesson")
    choose_lesson(desk, SECOND)
    tap_and_wait_for_page(desk.get_by_role("button", name="Học tiếp"))
    second = library().lesson(*SECOND.split("/"))
    for board in (wall, other_wall):
        expect(board).to_have_title(f"Màn chiếu: {second.name}")
    for phone in (lan, ba, tu, late, narrow):
        phone.goto(f"/lop/{code}") if "/toi/luot/" in phone.url else None
        expect(phone.locator(".seat__lesson")).to_have_text(second.name)
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
    assert class_code(laptop) == code
    evening.turn("second lesson")
    press(wall, "PageDown", laptop.locator("[data-next-step]"))
    evening.turn("second slide")
    tap_and_wait_for_page(desk.get_by_role("link", name="Việc khác"))
    desk.locator("#dem-nguoi > summary").tap()
    desk.locator("#so-nguoi").fill("9")
    evening.turn("settings")
    tap_and_wait_for_page(desk.locator("#dem-nguoi").get_by_role("button", name="Ghi lại"))
    desk.goto(base)
    go_to(desk, "Kết thúc")
    expect(wall.locator(".wall-end")).to_contain_text("9")
    lan.get_by_role("link", name="Xem dấu và mã học").click()
    lan.wait_for_url(f"**/lop/{code}/ket")
    expect(lan.locator("main")).to_contain_text(lesson.name)
    learning_code = "".join(lan.locator(".learning-code .learning-code__part").all_text_contents())
    evening.turn("end")

    # Closed. Reports, and the file for the city.
    tap_and_wait_for_page(desk.get_by_role("link", name="Việc khác"))
    tap_and_wait_for_page(desk.get_by_role("link", name="Đóng lớp"))
    tap_and_wait_for_page(desk.get_by_role("button", name="Đóng lớp"))
    expect(laptop.locator("h1")).to_have_text("Lớp đã đóng")
    expect(lan.locator(".learning-code")).to_be_visible()
    expect(tu.locator("h1")).to_have_text("Cảm ơn bác đã học cùng lớp")
    evening.turn("closed")
    laptop.goto(f"{base}/bao-cao")
    for one in (lesson, second):
        expect(laptop.locator("main")).to_contain_text(one.name)
    expect(laptop.locator("main")).to_contain_text(HALL)
    evening.turn("report")
    laptop.goto(base)
    tap_and_wait_for_page(laptop.get_by_role("link", name="Nộp về thành phố"))
    evening.turn("hand in")
    with laptop.expect_download() as downloaded:
        laptop.get_by_role("button", name="Tải tệp nộp").tap()
    file = tmp_path / downloaded.value.suggested_filename
    downloaded.value.save_as(file)
    assert file.suffix == ".lop"

    # The city takes it, and Lan's code opens her marks there.
    import_hand_in_file(evening, city, city_page, file)
    home = evening.pages["lan at home"] = city_page(PHONE)
    at_home = Learner(home)
    at_home.enter_learning_code(learning_code)
    assert at_home.earned_marks(lesson)
    evening.turn("at home")
    assert evening.wide == []


def import_hand_in_file(evening: Evening, city: Site, city_page, file: Path) -> None:
    added = run_user_command(city, "add", "--name", "Thu", "--role", "facilitator", "--ward", "An Đông")
    office = evening.pages["office"] = city_page(LAPTOP)
    sign_in_with_slip(office, slip_path(added))
    office.goto("/dung-lop/nop")
    office.locator("#tep").set_input_files(file)
    evening.turn("upload")
    tap_and_wait_for_page(office.get_by_role("button", name="Xem tệp"))
    expect(office.locator("main")).to_contain_text(HALL)
    evening.turn("preview")
    tap_and_wait_for_page(office.get_by_role("button", name="Nhận", exact=True))
    expect(office.locator("h1")).to_have_text("Đã nhận tệp")
