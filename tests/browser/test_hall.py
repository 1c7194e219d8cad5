"""As in a neighbourhood hall: plain http, an address that is not loopback, a network with nothing else in it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser import journeys
from tests.browser.citizen import Citizen
from tests.browser.classes import PRACTISED, code_of, joins, opens_class
from tests.browser.conftest import FLAGS, PHONE, PROJECTOR
from tests.browser.duty import comes_in, leads_on, slip_of, user
from tests.browser.lessons import lesson
from tests.browser.served import COURSES, LMS, environment, stop
from tests.browser.waiting import PATIENCE
from tests.browser.watcher import Watcher
from tests.halls import LAPTOP_ADDRESS

ACTIVATION = "/vneid/kich-hoat"
# Straight to the last step but one. What runs outside of Chromium is not in the hall, so the page itself says it.
LEAP = """async () => {
  const token = document.querySelector("[name=csrf_token]").value
  const body = new URLSearchParams({ csrf_token: token, to: "dung" })
  return (await fetch(location.pathname + "/lenh", { method: "POST", body })).status
}"""


@pytest.fixture
def hall_chromium(hall, playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=str(hall.chromium), args=FLAGS)
    yield browser
    browser.close()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_whole_journey_in_a_hall(hall, hall_chromium, script):
    watcher = Watcher(hall.url)
    contexts = [
        hall_chromium.new_context(base_url=hall.url, java_script_enabled=script, **PHONE),
        hall_chromium.new_context(base_url=hall.url, **PHONE),
    ]
    for context in contexts:
        context.set_default_timeout(PATIENCE)
        watcher.watch(context)
    lan = Citizen(contexts[0].new_page(), script=script)
    badge = journeys.learns_a_whole_lesson(lan, lesson(ACTIVATION), name="Nguyễn Thị Lan")
    assert badge.startswith(hall.url)
    assert lan.marks(lesson(ACTIVATION)) == journeys.ALL_MARKS
    stranger = contexts[1].new_page()
    journeys.verifies(stranger, badge, name="Nguyễn Thị Lan")
    expect(stranger.locator("main")).to_contain_text("Nguyễn Thị Lan")
    assert stranger.evaluate("() => window.isSecureContext") is False
    assert watcher.complaints == []


def test_a_laptop_without_any_way_to_the_internet_knows_its_address(hall, tmp_path):
    command = [*hall.laptop, LMS, "serve", "--lan", "--port", "0", "--courses", str(COURSES)]
    process = subprocess.Popen(
        command, env=environment(tmp_path / "data"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = []
    for line in process.stdout:
        said.append(line.decode("utf-8", "replace"))
        if line.startswith("Dừng".encode()):
            break
    stop(process)
    printed = "".join(said)
    assert f"Máy khác trong mạng: http://{LAPTOP_ADDRESS}:" in printed
    assert re.search(rf"Hoặc mở http://{re.escape(LAPTOP_ADDRESS)}:\d+/vao/\w+", printed)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_whole_class_in_a_hall(hall, hall_chromium, script):
    """From trying the network to the report, over plain http at an address that is not loopback."""
    watcher = Watcher(hall.url)

    def take(look: dict, script: bool = True):
        context = hall_chromium.new_context(base_url=hall.url, java_script_enabled=script, **look)
        context.set_default_timeout(PATIENCE)
        watcher.watch(context)
        return context.new_page()

    minh, lan, wall = take(PHONE), take(PHONE, script), take(PROJECTOR)
    name = f"Minh {script}"
    comes_in(minh, slip_of(user(hall, "add", "--name", name, "--role", "facilitator", "--ward", "An Đông")))
    minh.goto("/thu-truoc-gio")
    leads_on(minh.get_by_role("button", name="Bắt đầu thử"))
    expect(minh.locator(".trial__number")).to_have_text("0")
    lan.goto(re.search(r"/thu-truoc-gio/\d{4}", minh.locator("main").inner_text())[0])
    lan.get_by_role("button", name="Thử máy này").tap()
    expect(lan.locator("h1")).to_have_text("Máy này vào được")
    expect(minh.locator(".trial__number")).to_have_text("1")
    expect(minh.locator("[data-part=found]")).to_contain_text("Mạng" if script else "1 máy vào được")

    base = opens_class(minh, PRACTISED)
    code = code_of(minh)
    wall.goto("/chieu")
    expect(wall.locator(".pair__digit")).to_have_count(4)
    minh.locator("#bon-so").fill("".join(wall.locator(".pair__digit").all_inner_texts()))
    leads_on(minh.get_by_role("button", name="Ghép"))
    expect(wall.locator(".join__code")).to_be_visible()
    minh.goto(f"{base}/wifi")
    minh.locator("#ten").fill("NhaVanHoa")
    minh.locator("#mat-khau").fill("hoc-chung-2026")
    leads_on(minh.get_by_role("button", name="Hiện lên màn chiếu"))
    expect(wall.locator(".network")).to_contain_text("hoc-chung-2026")

    joins(lan, code)
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
    minh.goto(base)
    assert minh.evaluate(LEAP) == 200
    leads_on(minh.get_by_role("link", name="Đã thấy ai làm"))
    expect(minh.locator("h1")).to_have_text("Thấy được việc nào tại lớp?")
    for box in minh.locator(".tickbox").all():
        box.tap()
    leads_on(minh.get_by_role("button", name="Xong, sang từng người"))
    minh.get_by_role("button", name="Tôi đã thấy: số 1").tap()
    expect(minh.get_by_role("button", name="Chạm nhầm: số 1")).to_be_visible()
    minh.goto(f"{base}/dong")
    leads_on(minh.get_by_role("button", name="Đóng lớp"))
    leads_on(minh.get_by_role("link", name="Xem báo cáo của lớp"))
    expect(minh.locator(".report")).to_contain_text("Đã thấy 1 người làm trên máy thật")
    expect(minh.locator(".report")).to_contain_text("1 người tự báo, trên 1 máy")
    if script:
        lan.wait_for_url(f"**/lop/{code}/ket")  # by itself
    else:  # in another tab: the one she has loads again by itself, and would interrupt this
        lan = lan.context.new_page()
        lan.goto(f"/lop/{code}/ket")
    expect(lan.locator("main")).to_contain_text("Dùng liền: bác đã có dấu")
    expect(lan.locator(".code")).to_be_visible()
    expect(wall.locator("body")).not_to_contain_text("hoc-chung-2026")
    assert minh.evaluate("() => window.isSecureContext") is False
    assert watcher.complaints == []
