"""/soan/ve in a browser: a practice of six screens is drawn by touch, and by keys alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE
from tests.browser.drawing_hand import Hand, middle, on_picture
from tests.browser.inspection import axe
from tests.browser.lost_answers import lose_first_answer_to_a_save
from tests.browser.site_process import Site, serve_site
from tests.browser.staff import sign_in_as
from tests.browser.waiting import wait_until
from tests.web.every_screen import write_every_screen

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True, "is_mobile": True, "locale": "vi-VN"}
LAPTOP = {"viewport": {"width": 1366, "height": 768}, "locale": "vi-VN"}
FOLDER = "/soan/ve/thu/01-moi-thu"
TITLES = ("Mở danh bạ", "Tìm tên", "Trang của anh Ba", "Chọn cách gọi", "Đang gọi", "Gọi xong")
MAX_TAPS = 40  # and drags, of six screens by touch, besides typing
MAX_KEYS = 200  # of six screens by keys, besides the letters of names and sentences


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A lesson with six screenshots and no practice of them yet."""
    courses = write_every_screen(tmp_path_factory.mktemp("drawing") / "courses")
    images = courses / "thu" / "01-moi-thu" / "images"
    for number, title in enumerate(TITLES, 1):
        picture = Image.new("RGB", (360, 640), (235, 240, 245))
        pen = ImageDraw.Draw(picture)
        pen.rectangle((0, 0, 360, 60), (14, 74, 56))
        pen.rectangle((40, 60 * number + 100, 320, 60 * number + 160), (245, 184, 46))
        picture.save(images / f"man-{number}.png")
        assert title
    with serve_site(tmp_path_factory.mktemp("site"), courses=courses) as running:
        yield running


@pytest.fixture
def draw(new_page: Callable[..., Page], site: Site) -> Callable[..., Page]:
    """A page that draws a practice, opened by an author of the city."""

    def draw(name: str, device: dict = LAPTOP, **more: object) -> Page:
        page = new_page(device, **more)
        sign_in_as(page, site, "Khoa", "author", ward="tp")
        page.goto(f"{FOLDER}/lam-{name}.md")
        return page

    return draw


def text_of(page: Page) -> str:
    return page.locator("#ve textarea").input_value()


def wait_for_text(page: Page, words: str) -> None:
    page.wait_for_function("(words) => document.querySelector('#ve textarea').value.includes(words)", arg=words)


def wait_for_area(page: Page, label: str, target: str) -> None:
    page.wait_for_function(
        """([start, end]) => document.querySelector('#ve textarea').value.split('\\n')
          .some((line) => line.startsWith(start) && line.endsWith(end))""",
        arg=[f"- [vùng] {label} {{", f"}} => {target}"],
    )


def save(page: Page) -> None:
    expect(page.locator("[data-said]")).to_contain_text("Đã lưu, bản 1")
    assert page.locator(".drawing__problem", has_not=page.locator("a[href*='missing-file']")).count() == 0


def test_a_practice_of_six_screens_is_drawn_by_touch_on_a_tablet(draw):
    page = draw("cham", TABLET)
    hand = Hand(page)
    undo = page.get_by_role("button", name="Lấy lại bước trước")
    expect(undo).to_be_hidden()
    for number, title in enumerate(TITLES, 1):
        if number == 1:
            hand.tap(page.locator("#man-moi"))
        hand.type(title)
        hand.tap(page.locator("#man-mo-ta"))
        hand.type(f"Ảnh màn {title}.")
        hand.tap(page.get_by_role("button", name="Thêm màn này"))
        expect(page.locator("[data-card]")).to_have_count(number)
        expect(page.locator("#man-moi")).to_be_focused()
    for number in range(5):
        hand.tap(page.locator(f"#mo-{number}"))
        expect(page.locator("#man-nay")).to_contain_text(f"Màn {number + 1}:")
        hand.tap(page.locator("#viec"))
        hand.type(f"Chạm ô màu vàng thứ {number + 1}.")
        page.locator("[data-canvas]").scroll_into_view_if_needed()
        top = 100 * (60 * (number + 1) + 100) / 640
        hand.drag(on_picture(page, 12, top), on_picture(page, 88, top + 9))
        expect(page.locator("#moi-ten")).to_be_focused()
        hand.type(f"Ô vàng {number + 1}")
        hand.tap(page.get_by_role("button", name="Thêm chỗ chạm"))
        wait_for_area(page, f"Ô vàng {number + 1}", TITLES[number + 1])
    assert axe(page) == []
    page.locator("[data-canvas]").scroll_into_view_if_needed()
    card = page.locator("[data-card]").nth(2)
    card.scroll_into_view_if_needed()
    hand.drag(middle(page.locator("[data-leader]")), middle(card))
    wait_for_area(page, "Ô vàng 5", TITLES[2])
    hand.tap(undo)
    wait_for_area(page, "Ô vàng 5", TITLES[5])
    hand.tap(page.get_by_role("button", name="Lưu", exact=True))
    save(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert hand.count <= MAX_TAPS, hand.count


def test_a_practice_of_six_screens_is_drawn_with_keys_alone(draw):
    page = draw("phim")
    hand = Hand(page)
    hand.go_to("#man-moi")
    for number, title in enumerate(TITLES, 1):
        hand.type(title)
        hand.go_to("#man-mo-ta")
        hand.type(f"Ảnh màn {title}.")
        hand.key("Enter")
        expect(page.locator("[data-card]")).to_have_count(number)
        expect(page.locator("#man-moi")).to_be_focused()
    for number in range(5):
        hand.go_to(f"#mo-{number}", "Shift+Tab" if number == 0 else "Tab")
        hand.key("Enter")
        expect(page.locator("#man-nay")).to_be_focused()
        hand.go_to("#viec")
        hand.type(f"Chạm ô màu vàng thứ {number + 1}.")
        hand.go_to("#moi-ten")
        hand.type(f"Ô vàng {number + 1}")
        hand.key("Enter")
        wait_for_area(page, f"Ô vàng {number + 1}", TITLES[number + 1])
        area = page.locator("[data-place]")
        expect(area).to_be_focused()
        hand.key("ArrowUp", 3)
        hand.key("Shift+ArrowRight", 2)
        wait_for_text(page, f"Ô vàng {number + 1} {{x=10 y=37 w=82 h=10}} =>")
        hand.go_to(f"#mo-{number}", "Shift+Tab")
    hand.go_to("button[value=luu]")
    hand.key("Enter")
    save(page)
    assert hand.count <= MAX_KEYS, hand.count


def test_a_screenshot_is_covered_on_the_phone_and_only_what_is_left_is_sent(draw, monitor, tmp_path):
    monitor.expected.add(422)  # sent before somebody looked
    names = []
    for number in (1, 2):
        picture = Image.new("RGB", (400, 800), "white")
        ImageDraw.Draw(picture).rectangle((20, 20, 380, 100), "red")  # a name of somebody
        picture.save(tmp_path / f"anh-{number}.png")
        names.append(tmp_path / f"anh-{number}.png")
    page = draw("chup", PHONE)
    page.locator("#chup-anh").set_input_files(names)
    expect(page.locator("[data-cover-count]")).to_have_text("Ảnh 1 trong 2.")
    expect(page.locator("#chup-anh")).to_be_hidden()  # it was emptied, and would say that no file is chosen
    assert axe(page) == []
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    hand = Hand(page)
    hand.drag((box["x"] + 1, box["y"] + 1), (box["x"] + box["width"] - 1, box["y"] + box["height"] * 0.2))
    expect(page.locator("[data-cover-count]")).to_have_text("Ảnh 1 trong 2. Đã che 1 chỗ.")
    page.locator("#chup-ten").fill("Mở máy")
    page.locator("#chup-mo-ta").fill("Màn trống.")
    page.get_by_role("button", name="Thêm màn từ ảnh này").click()
    expect(page.locator("[data-said]")).to_contain_text("Tôi đã nhìn kỹ")
    page.get_by_role("checkbox", name="Tôi đã nhìn kỹ").check()
    page.get_by_role("button", name="Thêm màn từ ảnh này").click()
    expect(page.locator("[data-card]")).to_have_count(1)
    expect(page.locator("[data-cover-count]")).to_have_text("Ảnh 2 trong 2.")
    expect(page.get_by_role("checkbox", name="Tôi đã nhìn kỹ")).not_to_be_checked()
    canvas.focus()
    for key, times in (("ArrowUp", 23), ("ArrowLeft", 15), ("Shift+ArrowRight", 30), ("Shift+ArrowDown", 5)):
        hand.key(key, times)
    page.keyboard.press("Enter")
    page.locator("#chup-ten").fill("Gõ số")
    page.locator("#chup-mo-ta").fill("Bàn phím.")
    page.get_by_role("checkbox", name="Tôi đã nhìn kỹ").check()
    page.get_by_role("button", name="Thêm màn từ ảnh này").click()
    expect(page.locator("[data-card]")).to_have_count(2)
    assert "- [ảnh] Gõ số {src=images/anh-2.png}" in text_of(page)
    for name in ("anh-1", "anh-2"):
        body = page.request.get(f"/soan/hinh/thu/01-moi-thu/images/{name}.png").body()
        with Image.open(io.BytesIO(body)).convert("RGB") as kept:
            reds = [pixel for _, pixel in kept.getcolors(1_000_000) if pixel[0] > 200 and pixel[1] < 100]
            assert reds == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_it_is_seen_why_a_file_was_not_taken(draw, tmp_path):
    (tmp_path / "thu.docx").write_bytes(b"PK" + b"0" * 100)
    page = draw("thu", PHONE)
    page.locator("#chup-anh").set_input_files(tmp_path / "thu.docx")
    said = page.locator("[data-said] p")
    expect(said).to_have_text("Tệp “thu.docx” không phải ảnh máy này mở được. Bác chọn ảnh khác nhé.")
    expect(said).to_be_in_viewport(ratio=1)


TWO_SPOTS = """\
---
tên: Thử
---

## Một
> Việc: Chạm ô.

- [ảnh] Một {src=images/man-1.png}
  - mô tả: Ảnh.
- [vùng] Ô đầu {x=10 y=10 w=80 h=10} => Hai
- [vùng] Ô sau {x=10 y=40 w=80 h=10} -> Hai

## Hai

Xong rồi.
"""


class HeldAnswers:
    """Posts of the page wait until they are let go."""

    def __init__(self, page: Page) -> None:
        self.page, self.is_held = page, True
        self.routes: list[Route] = []
        page.route("**/lam-*.md", self._hold)

    def _hold(self, route: Route) -> None:
        if self.is_held:
            self.routes.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        wait_until(self.page, lambda: self.routes)

    def let_go(self) -> None:
        """The held one and all that come."""
        self.is_held = False
        for route in self.routes:
            route.continue_()


def test_what_is_typed_while_an_answer_is_on_its_way_stays_with_its_own_spot_and_screen(draw):
    page = draw("cho")
    page.locator("#ve textarea").evaluate("(field, text) => { field.value = text }", TWO_SPOTS)
    page.get_by_role("button", name="Thêm màn này").click()
    expect(page.locator("[data-card]")).to_have_count(2)
    held = HeldAnswers(page)
    page.locator("button[value=bo-vung-1]").click()
    held.wait()
    page.locator("#ten-2").fill("Tên mới")
    page.keyboard.press("ArrowLeft")
    held.let_go()
    expect(page.locator("#ten-1")).to_have_value("Tên mới")
    expect(page.locator("#ten-1")).to_be_focused()
    page.keyboard.type("!")
    expect(page.locator("#ten-1")).to_have_value("Tên mớ!i")
    wait_for_text(page, "- [vùng] Tên mớ!i {x=10 y=40 w=80 h=10} -> Hai")
    assert "Ô đầu" not in text_of(page)
    held = HeldAnswers(page)
    page.locator("#mo-1").click()
    held.wait()
    page.locator("#viec").fill("Chạm ô còn lại.")
    page.locator("#man-moi").fill("Ba")  # waits for its button
    held.let_go()
    wait_for_text(page, "## Một\n> Việc: Chạm ô còn lại.\n")
    expect(page.locator("#man-nay")).to_have_text("Màn 2: Hai")
    expect(page.locator("#viec")).to_have_value("")
    expect(page.locator("#man-moi")).to_have_value("Ba")
    assert text_of(page).count("Việc:") == 1 and "## Ba" not in text_of(page)
    page.locator("#mo-0").click()
    expect(page.locator("#man-nay")).to_have_text("Màn 1: Một")
    page.locator("#viec").fill("Chạm ô sau.")
    page.locator("#moi-ten").fill("Ô chưa")
    wait_for_text(page, "> Việc: Chạm ô sau.")
    expect(page.locator("#moi-ten")).to_have_value("Ô chưa")
    assert "Ô chưa" not in text_of(page)


def test_a_second_finger_does_not_disturb_a_drag_and_handles_are_as_wide_as_a_finger(draw):
    page = draw("hai-ngon", TABLET)
    page.locator("#ve textarea").evaluate("(field, text) => { field.value = text }", TWO_SPOTS)
    page.get_by_role("button", name="Thêm màn này").click()
    expect(page.locator("[data-card]")).to_have_count(2)
    page.locator("[data-canvas]").scroll_into_view_if_needed()
    handle = page.locator('[data-place="1"] [data-handle]')
    box = handle.bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44
    assert all(
        each["width"] >= 24 and each["height"] >= 24
        for each in (one.bounding_box() for one in page.locator(".drawing__reach").all())
    )
    touch = page.context.new_cdp_session(page)
    one, other = on_picture(page, 20, 15), on_picture(page, 70, 80)

    def send(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    send("touchStart", one)
    send("touchMove", on_picture(page, 20, 25))
    send("touchStart", on_picture(page, 20, 25), other)
    send("touchMove", on_picture(page, 20, 25), on_picture(page, 70, 95))
    send("touchMove", on_picture(page, 20, 35), on_picture(page, 70, 95))
    send("touchEnd", on_picture(page, 20, 35))
    send("touchEnd")
    wait_for_text(page, "Ô đầu {x=10 y=30 w=80 h=10}")
    assert page.locator('[data-place="moi"]').count() == 0
    # A finger that lands 18 px beside the corner still takes it.
    page.locator("[data-canvas]").scroll_into_view_if_needed()
    corner = middle(handle)
    Hand(page).drag((corner[0] + 15, corner[1] + 10), (corner[0] + 15, corner[1] + 10 + 64))
    page.wait_for_function("() => !/Ô đầu {x=10 y=30 w=80 h=10}/.test(document.querySelector('#ve textarea').value)")
    assert re.search(r"Ô đầu \{x=10 y=30 w=8[0-9.]+ h=\d\d[\d.]*\}", text_of(page))


def test_fields_messages_and_hints_are_drawn_on_a_phone(draw):
    page = draw("o", PHONE)
    page.locator("#ve textarea").evaluate("(field, text) => { field.value = text }", TWO_SPOTS)
    page.get_by_role("button", name="Thêm màn này").click()
    page.locator("#them-goi-y summary").click()
    page.locator("#goi-y-0").fill("Ô ở trên.")
    page.locator("#them-tin summary").click()
    page.locator("#moi-tin-tu").fill("Hệ thống")
    page.locator("#moi-tin-chu").fill("Mã là 482915.")
    page.get_by_role("button", name="Thêm tin này").click()
    wait_for_text(page, "nội dung: Mã là 482915.")
    page.locator("#them-o summary").click()
    page.locator("#moi-o-ten").fill("Mã OTP")
    page.locator("#moi-o-dung").fill("482915")
    page.keyboard.press("Enter")
    wait_for_text(page, "- [ô số] Mã OTP = 482915")
    assert "> Gợi ý: Ô ở trên." in text_of(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("is_drawn", [False, True], ids=["nothing else", "a name as well"])
def test_saving_keeps_why_and_sends_only_what_is_not_in_the_text_yet(draw, is_drawn):
    name = "vi-sao-hai" if is_drawn else "vi-sao-mot"
    page = draw(name)
    page.fill("#man-moi", "Một màn")
    page.press("#man-moi", "Enter")
    expect(page.locator("[data-card]")).to_have_count(1)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.fill("#vi-sao", "đổi tên màn")
    if is_drawn:
        page.fill("#ten", "Tên khác")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("[data-said]")).to_contain_text("Đã lưu")
    assert len(posts) == (2 if is_drawn else 1)
    page.goto(f"/soan/lich-su/thu/01-moi-thu/lam-{name}.md")
    expect(page.get_by_text("đổi tên màn")).to_be_visible()


def test_a_drawing_whose_saving_was_not_answered_does_not_meet_itself(draw):
    page = draw("hai-lan")
    page.fill("#man-moi", "Một màn")
    page.press("#man-moi", "Enter")
    wait_for_text(page, "## Một màn")
    lose_first_answer_to_a_save(page)
    saving = page.get_by_role("button", name="Lưu", exact=True)
    said = page.locator("[data-said]")
    saving.click()
    expect(said).to_contain_text("Chưa nối được với máy chủ")
    page.fill("#ten", "Tên khác")
    saving.click()
    expect(said).to_contain_text("Đã lưu, bản 2")
    assert "## Tên khác" in text_of(page) and "<<<<<<<" not in text_of(page)
