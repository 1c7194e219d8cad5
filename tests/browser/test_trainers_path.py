"""A trainer's path: from her slip through a new lesson with a practice of six screens to a learner who does it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from lms.learning.workshop import revision_review
from lms.learning.workshop.revision_review import FileState
from tests.browser.conftest import PHONE
from tests.browser.input_devices import Finger
from tests.browser.inspection import axe
from tests.browser.site_process import Site, serve_site
from tests.browser.site_store import writing
from tests.browser.staff import add_account, run_user_command, slip_path
from tests.browser.trainer import EditorTrainer, PlainTrainer, TelexTrainer, TouchTrainer, Trainer
from tests.browser.waiting import MAX_RETRIES, wait_until
from tests.browser.walking import Walk
from tests.web.every_screen import write_every_screen

LAPTOP = {"viewport": {"width": 1366, "height": 768}, "locale": "vi-VN"}
SMALL_LAPTOP = {"viewport": {"width": 1024, "height": 768}, "locale": "vi-VN"}
TABLET = {**SMALL_LAPTOP, "has_touch": True, "is_mobile": True}
# The author's taps, keys and minutes from the slip until everything is sent to a second person. The minutes are those
# of the keystroke-level model (walking.py).
BOUNDS = {
    "laptop": (EditorTrainer, LAPTOP, True, 42, 1100, 13),
    "1024 px": (EditorTrainer, SMALL_LAPTOP, True, 42, 1100, 13),
    "tablet": (TouchTrainer, TABLET, True, 58, 1100, 14),
    "Telex": (TelexTrainer, LAPTOP, True, 42, 1100, 13),
    "no script": (PlainTrainer, LAPTOP, False, 72, 1100, 16),
}
# Where the way is followed to a learner: the second person's device, and her taps until the lesson is on the air. All
# authors send the same text, to which ``Trainer.save`` holds them. She has a laptop after the drawn lesson.
SECOND_PERSONS = {"laptop": (TABLET, 10), "no script": (LAPTOP, 10)}
MOST_TAPS_DRAWN, MOST_KEYS_DRAWN, MOST_MINUTES_DRAWN = 82, 1100, 16
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with one course of one lesson."""
    courses = write_every_screen(tmp_path_factory.mktemp("path") / "courses")
    with serve_site(tmp_path_factory.mktemp("site"), courses=courses) as running:
        yield running


@pytest.fixture(autouse=True)
def return_submitted_files(site: Site) -> Iterator[None]:
    """What a test has submitted and nobody published is returned: the next second person would find it."""
    yield
    reviewer = add_account(site, "Minh", "organiser", ward="tp")
    with writing(site) as session:
        for each in find_submitted_files(session):
            revision_review.return_revision(
                session, each.course, each.path, each.latest, note="Mai xem", by=reviewer, now=datetime.now(UTC)
            )


@pytest.fixture(params=BOUNDS)
def variant(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_trainer_comes_from_her_slip_to_a_lesson_that_learners_practise(new_page, site, variant):
    hands, device, script, taps, keys, minutes = BOUNDS[variant]
    page = new_page(device, script=script)
    trainer = hands(page, touch=bool(device.get("has_touch")))
    title = begin_lesson(trainer, site)
    write_understand(trainer)
    trainer.follow(page.get_by_role("link", name="Làm: lam.md"))
    write_practice(trainer)
    trainer.follow(page.get_by_role("link", name="Dùng: dung.md"))
    write_use(trainer)
    if script:
        assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    send(trainer)
    counts = f"{trainer.taps} taps, {trainer.keys} keys, {trainer.minutes:.1f} minutes"
    assert (trainer.taps <= taps, trainer.keys <= keys, trainer.minutes <= minutes) == (True, True, True), counts
    assert submitted_file_names(site) == ["dung.md", "hieu.md", "lam.md"]
    if variant not in SECOND_PERSONS:
        return
    second_device, second_taps = SECOND_PERSONS[variant]
    second = look_over_and_publish(new_page(second_device, script=script), site, title)
    learn(new_page(PHONE), title)
    assert second.taps <= second_taps


def test_a_trainer_comes_from_her_slip_to_a_lesson_that_she_drew(new_page, site, tmp_path):
    page = new_page(LAPTOP)
    trainer = EditorTrainer(page, touch=False)
    title = begin_lesson(trainer, site)
    write_understand(trainer)
    trainer.follow(page.get_by_role("link", name="Làm: lam.md"))
    trainer.follow(page.get_by_role("button", name="Vẽ bài tập"))
    draw_practice(trainer, tmp_path)
    trainer.follow(page.get_by_role("button", name="Sửa bằng chữ"))
    trainer.follow(page.get_by_role("link", name="Dùng: dung.md"))
    write_use(trainer)
    send(trainer)
    look_over_and_publish(new_page(LAPTOP), site, title)
    counts = f"{trainer.taps} taps, {trainer.keys} keys, {trainer.minutes:.1f} minutes"
    learner = new_page(PHONE)
    open_lesson(learner, title)
    learner.goto(f"{learner.url}/lam")
    learner.locator("button[name=mode][value=tu-lam]").tap()
    learner.wait_for_url("**/toi/luot/*")
    finger, drawn = Finger(), learner.locator("form.phone:not(:has(input[name=q]))")
    for number in range(5):
        finger.press(drawn.get_by_role("button", name=f"Ô vàng {number + 1}"))
    expect(learner.locator("form.phone")).to_have_attribute("data-screen", "xong")
    assert (trainer.taps <= MOST_TAPS_DRAWN, trainer.keys <= MOST_KEYS_DRAWN) == (True, True), counts
    assert trainer.minutes <= MOST_MINUTES_DRAWN, counts


def main_of(page: Page) -> Locator:
    """The one main button of the page."""
    return page.locator("main .button--main:visible")


def begin_lesson(trainer: Trainer, site: Site) -> str:
    """From the slip to the sample text of a new lesson; returns its title."""
    page, number = trainer.page, next(numbers)
    title = f"Đổi hình nền {number}"
    added = run_user_command(site, "add", "--name", f"Khoa {number}", "--role", "author", "--ward", "tp")
    trainer.open(slip_path(added))
    trainer.follow(main_of(page))
    trainer.follow(page.get_by_role("link", name=re.compile("^Khóa thử")))
    trainer.type(page.locator("#ten"), title)
    trainer.follow(page.get_by_role("button", name="Tạo bài"))
    return title


def write_understand(trainer: Trainer) -> None:
    trainer.begin_file()
    trainer.write_over("nháp: có", "")
    trainer.write_over("Bác viết điều người học sẽ hiểu", "- Biết chỗ đổi hình nền")
    trainer.write_over("Bác viết vài câu ngắn", "Hình nền là hình phía sau các biểu tượng.")
    trainer.write_over("Bác viết một điều dễ nhớ", "Chọn nhầm thì đổi lại.")
    trainer.write_over("Bác ghi điều cần nhắc", "Nhắc học viên giữ máy sáng.")
    trainer.write_over("Có người gọi, xin mã OTP", "Đổi hình nền thì có mất ảnh không?")
    trainer.write_over("- [ ] Đọc mã cho họ", "- [ ] Mất hết ảnh")
    trainer.write_over("Mã OTP chỉ để", "> Không đâu bác. Ảnh vẫn còn trong máy.")
    trainer.write_over("- [ ] Đọc nửa mã", "- [ ] Mất một nửa")
    trainer.write_over("Nửa mã cũng là mã", "> Không mất tấm nào bác ạ.")
    trainer.write_over("- [x] Ngừng nghe", "- [x] Không mất gì")
    trainer.write_over("Đúng rồi. Số sau thẻ", "> Đúng rồi, chỉ đổi hình phía sau.")
    trainer.write_over("? Ai cầm", "? Hình nền chỉ là hình phía sau.")
    trainer.insert("Câu hỏi gõ", "Hình nền nằm phía nào của biểu tượng?", "sau", "Không phải phía trước.")
    trainer.save()


def write_practice(trainer: Trainer) -> None:
    """Six screens: a step, a code with its message, a false call and where it leads, a step, the end."""
    trainer.begin_file()
    trainer.write_over("thẻ việc:", "thẻ việc: Bác đóng vai bác Tập, muốn đổi hình nền.")
    trainer.write_over("cccd:", "")
    trainer.write_over("Bác giới thiệu bài tập", "Bác đổi hình nền trên máy tập.")
    trainer.cut_from("## Nhập thông tin")
    trainer.insert("Màn hình", "Mở cài đặt", "Chạm “Cài đặt”.", "Nút ở cuối màn hình.", "Cài đặt", "Nhập mã")
    trainer.insert("Mã OTP kèm tin nhắn", "", "Nhập mã vừa nhận.", "", "", "", "Xác nhận", "Có người gọi")
    trainer.insert("Cuộc gọi lừa", "", "", "", "", "", "Chọn hình")
    trainer.insert("Màn hình", "Chọn hình", "Chọn hình bông sen.", "Hình thứ hai.", "Bông sen", "Xong")
    trainer.append("\n\n## Xong\n\nBác đã đổi hình nền.")
    trainer.save()


def write_use(trainer: Trainer) -> None:
    trainer.begin_file()
    trainer.write_over("- [ ] Bác viết việc đầu tiên", "- [ ] Đổi hình nền trên máy của bác")
    trainer.write_over("Bác viết cách gỡ", "> Không thấy thì tìm “hình nền” trong Cài đặt.")
    trainer.write_over("- [ ] Bác viết việc tiếp", "- [ ] Cho người nhà xem")
    trainer.save()


def draw_practice(trainer: EditorTrainer, folder: Path) -> None:
    """Six screenshots, and an area on each but the last that leads to the next one."""
    page = trainer.page
    titles = ("Mở cài đặt", "Màn hình nền", "Chọn ảnh", "Xem thử", "Hỏi lại", "Xong")
    shots = []
    for number in range(len(titles)):
        picture = Image.new("RGB", (360, 640), (235, 240, 245))
        ImageDraw.Draw(picture).rectangle((40, 60 * number + 100, 320, 60 * number + 160), (245, 184, 46))
        picture.save(folder / f"man-{number}.png")
        shots.append(folder / f"man-{number}.png")
    trainer.tap(page.get_by_role("button", name="Bỏ hết các màn, vẽ từ đầu"))
    expect(page.locator("[data-card]")).to_have_count(0)
    page.locator("#chup-anh").set_input_files(shots)
    trainer.taps += 8  # the button, six files, "open"
    for number, title in enumerate(titles, 1):
        expect(page.locator("[data-cover-count]")).to_have_text(f"Ảnh {number} trong {len(titles)}.")
        trainer.type(page.locator("#chup-ten"), title)
        trainer.type(page.locator("#chup-mo-ta"), f"Màn có một ô vàng, thứ {number}.")
        trainer.tap(page.get_by_role("checkbox", name="Tôi đã nhìn kỹ"))
        trainer.tap(page.get_by_role("button", name="Thêm màn từ ảnh này"))
        expect(page.locator("[data-card]")).to_have_count(number)
    for number in range(len(titles) - 1):
        trainer.tap(page.locator(f"#mo-{number}"))
        expect(page.locator("#man-nay")).to_contain_text(f"Màn {number + 1}:")
        trainer.type(page.locator("#viec"), "Chạm ô màu vàng.")
        drag_on_picture(page, 100 * (60 * number + 100) / 640)
        trainer.taps += 1
        expect(page.locator("#moi-ten")).to_be_focused()
        trainer.write(f"Ô vàng {number + 1}")
        trainer.key("Enter")
        expect(page.locator(f"[data-card='{number}'] .drawing__exits")).to_contain_text(titles[number + 1])
    trainer.tap(page.get_by_role("button", name="Lưu", exact=True))
    expect(page.locator("[data-said]")).to_contain_text("Đã lưu")
    expect(page.locator(".drawing__problem", has_text="Màn")).to_have_count(0)


def drag_on_picture(page: Page, top: float) -> None:
    """Draw an area over the yellow box, whose upper side is at ``top`` percent."""
    svg = page.locator("[data-canvas] svg")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    assert box
    left, upper = box["x"] + box["width"] * 0.12, box["y"] + box["height"] * top / 100
    page.mouse.move(left, upper)
    page.mouse.down()
    page.mouse.move(left + box["width"] * 0.4, upper + 20)
    page.mouse.move(left + box["width"] * 0.76, upper + box["height"] * 0.09)
    page.mouse.up()


def send(trainer: Trainer) -> None:
    """All three parts go to a second person."""
    page = trainer.page
    trainer.follow(page.get_by_role("link", name="Các bản, gửi xem"))
    expect(page.locator("input[name=cung]:checked")).to_have_count(2)
    trainer.follow(page.get_by_role("button", name="Gửi người khác xem"))
    expect(page.get_by_role("status")).to_contain_text("Đã gửi")


def find_submitted_files(session: Session) -> list[FileState]:
    """The files of all courses that wait for a second person."""
    return [each for each in revision_review.find_open_files(session) if each.state == "submitted"]


def submitted_file_names(site: Site) -> list[str]:
    """The names of the files that wait for a second person, sorted."""
    with writing(site) as session:
        return sorted(each.path.rpartition("/")[2] for each in find_submitted_files(session))


def look_over_and_publish(page: Page, site: Site, title: str) -> Walk:
    """Somebody else looks over the three parts, one after the other, and publishes them."""
    second = Walk(page, touch=False)
    added = run_user_command(site, "add", "--name", f"Minh {title}", "--role", "organiser", "--ward", "tp")
    second.open(slip_path(added))
    second.follow(main_of(page))
    second.open("/soan/cho-xem")
    second.follow(page.get_by_role("link", name=re.compile("Xem và duyệt")).first)
    for number in range(3):
        second.follow(page.get_by_role("button", name="Duyệt bản này"))
        onward = "Xem tiếp" if number < 2 else "Tới trang đăng"
        expect(main_of(page)).to_contain_text(onward)
        second.follow(main_of(page))
    second.follow(main_of(page))
    expect(page.get_by_role("status")).to_contain_text("Đã đăng")
    return second


def learn(phone: Page, title: str) -> None:
    """A learner finds the lesson and goes through its practice."""
    open_lesson(phone, title)
    phone.goto(f"{phone.url}/lam")
    phone.locator("button[name=mode][value=tu-lam]").tap()
    phone.wait_for_url("**/toi/luot/*")
    finger, drawn = Finger(), phone.locator("form.phone:not(:has(input[name=q]))")
    finger.press(drawn.get_by_role("button", name="Cài đặt"))
    code = phone.get_by_text(re.compile(r"Mã OTP của bác là \d{6}")).filter(visible=True).first
    expect(code).to_be_visible()
    digits = re.search(r"\d{6}", code.inner_text())
    assert digits
    drawn.get_by_label("Mã OTP").fill(digits[0])
    finger.press(drawn.get_by_role("button", name="Xác nhận"))
    finger.press(drawn.get_by_role("button", name="Gọi số sau thẻ"))
    finger.press(drawn.get_by_role("button", name="Bông sen"))
    expect(drawn).to_contain_text("Bác đã đổi hình nền.")


def open_lesson(phone: Page, title: str) -> None:
    """Open the lesson from its course, once it is published there."""
    wait_until(phone, lambda: title in phone.request.get("/thu", max_retries=MAX_RETRIES).text(), pause_ms=200)
    phone.goto("/thu")
    phone.locator(".course", has_text=title).tap()
    phone.wait_for_url("**/thu/doi-hinh-nen-*")
