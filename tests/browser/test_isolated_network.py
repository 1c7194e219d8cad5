"""The site in a hall without internet: plain http, a non-loopback address, no other host in the network."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser import journeys
from tests.browser.browser_monitor import BrowserMonitor
from tests.browser.class_pages import LESSON_WITH_PRACTICE, class_code, join_class_session, open_class_session
from tests.browser.conftest import FLAGS, PHONE, PROJECTOR
from tests.browser.learner import Learner
from tests.browser.lessons import lesson
from tests.browser.shared_chromium import SharedChromium, shared_chromium
from tests.browser.site_process import COURSES, LMS, site_env, stop_process, wait_for_address
from tests.browser.staff import run_user_command, sign_in_with_slip, slip_path, tap_and_wait_for_page
from tests.browser.waiting import TIMEOUT_MS
from tests.isolated_network import LAPTOP_ADDRESS
from tests.live.raw import wait_until

ACTIVATION = "/vneid/kich-hoat"
# Directly to the last step but one. Only Chromium is inside the network namespace, so the page sends the command.
LEAP = """async () => {
  const token = document.querySelector("[name=csrf_token]").value
  const body = new URLSearchParams({ csrf_token: token, to: "dung" })
  return (await fetch(location.pathname + "/lenh", { method: "POST", body })).status
}"""


@pytest.fixture
def phone_chromium(isolated_network, playwright: Playwright) -> Iterator[SharedChromium]:
    with shared_chromium(playwright, executable_path=str(isolated_network.chromium), args=FLAGS) as browser:
        yield browser


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_whole_journey_without_internet(isolated_network, phone_chromium, script):
    monitor = BrowserMonitor(isolated_network.url)
    contexts = [
        phone_chromium.new_context(base_url=isolated_network.url, java_script_enabled=script, **PHONE),
        phone_chromium.new_context(base_url=isolated_network.url, **PHONE),
    ]
    for context in contexts:
        context.set_default_timeout(TIMEOUT_MS)
        monitor.watch(context)
    lan = Learner(contexts[0].new_page(), script=script)
    badge = journeys.complete_lesson(lan, lesson(ACTIVATION), name="Nguyễn Thị Lan")
    assert badge.startswith(isolated_network.url)
    assert lan.earned_marks(lesson(ACTIVATION)) == journeys.ALL_MARKS
    stranger = contexts[1].new_page()
    journeys.verify_badge(stranger, badge, name="Nguyễn Thị Lan")
    expect(stranger.locator("main")).to_contain_text("Nguyễn Thị Lan")
    assert stranger.evaluate("() => window.isSecureContext") is False
    assert monitor.complaints == []


def test_a_laptop_without_an_internet_route_knows_its_address(isolated_network, tmp_path):
    command = [*isolated_network.on_laptop, LMS, "serve", "--lan", "--port", "0", "--courses", str(COURSES)]
    log = tmp_path / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=site_env(tmp_path / "data"), stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for_address(process, log)
        wait_until(lambda: "\nDừng" in log.read_text("utf-8", "replace"))
    finally:
        stop_process(process)
    printed = log.read_text("utf-8")
    assert f"Máy khác trong mạng: http://{LAPTOP_ADDRESS}:" in printed
    assert re.search(rf"Hoặc mở http://{re.escape(LAPTOP_ADDRESS)}:\d+/vao/\w+", printed)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_whole_class_without_internet(isolated_network, phone_chromium, script):
    """From trying the network to the report, over plain http at an address that is not loopback."""
    monitor = BrowserMonitor(isolated_network.url)

    def new_page(look: dict, script: bool = True):
        context = phone_chromium.new_context(base_url=isolated_network.url, java_script_enabled=script, **look)
        context.set_default_timeout(TIMEOUT_MS)
        monitor.watch(context)
        return context.new_page()

    minh, lan, wall = new_page(PHONE), new_page(PHONE, script), new_page(PROJECTOR)
    name = f"Minh {script}"
    sign_in_with_slip(
        minh,
        slip_path(
            run_user_command(isolated_network, "add", "--name", name, "--role", "facilitator", "--ward", "An Đông")
        ),
    )
    minh.goto("/thu-truoc-gio")
    tap_and_wait_for_page(minh.get_by_role("button", name="Bắt đầu thử"))
    expect(minh.locator(".network-check__number")).to_have_text("0")
    lan.goto(re.search(r"/thu-truoc-gio/\d{4}", minh.locator("main").inner_text())[0])
    lan.get_by_role("button", name="Thử máy này").tap()
    expect(lan.locator("h1")).to_have_text("Máy này vào được")
    expect(minh.locator(".network-check__number")).to_have_text("1")
    expect(minh.locator("[data-part=found]")).to_contain_text("Mạng" if script else "1 máy vào được")

    base = open_class_session(minh, LESSON_WITH_PRACTICE)
    code = class_code(minh)
    wall.goto("/chieu")
    expect(wall.locator(".wall-pairing__digit")).to_have_count(4)
    minh.locator("#bon-so").fill("".join(wall.locator(".wall-pairing__digit").all_inner_texts()))
    tap_and_wait_for_page(minh.get_by_role("button", name="Ghép"))
    expect(wall.locator(".wall-join__code")).to_be_visible()
    minh.goto(f"{base}/wifi")
    minh.locator("#ten").fill("NhaVanHoa")
    minh.locator("#mat-khau").fill("hoc-chung-2026")
    tap_and_wait_for_page(minh.get_by_role("button", name="Hiện lên màn chiếu"))
    expect(wall.locator(".wall-network")).to_contain_text("hoc-chung-2026")

    join_class_session(lan, code)
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
    minh.goto(base)
    assert minh.evaluate(LEAP) == 200
    tap_and_wait_for_page(minh.get_by_role("link", name="Đã thấy ai làm"))
    expect(minh.locator("h1")).to_have_text("Thấy được việc nào tại lớp?")
    for box in minh.locator(".tickbox").all():
        box.tap()
    tap_and_wait_for_page(minh.get_by_role("button", name="Xong, sang từng người"))
    minh.get_by_role("button", name="Tôi đã thấy: số 1").tap()
    expect(minh.get_by_role("button", name="Chạm nhầm: số 1")).to_be_visible()
    minh.goto(f"{base}/dong")
    tap_and_wait_for_page(minh.get_by_role("button", name="Đóng lớp"))
    tap_and_wait_for_page(minh.get_by_role("link", name="Xem báo cáo của lớp"))
    expect(minh.locator(".report")).to_contain_text("Đã thấy 1 người làm trên máy thật")
    expect(minh.locator(".report")).to_contain_text("1 người tự báo, trên 1 máy")
    if script:
        lan.wait_for_url(f"**/lop/{code}/ket")  # by itself
    else:  # in another tab: the first one reloads by itself, which would interrupt the navigation
        lan = lan.context.new_page()
        lan.goto(f"/lop/{code}/ket")
    expect(lan.locator("main")).to_contain_text("Dùng liền: bác đã có dấu")
    expect(lan.locator(".code")).to_be_visible()
    expect(wall.locator("body")).not_to_contain_text("hoc-chung-2026")
    assert minh.evaluate("() => window.isSecureContext") is False
    assert monitor.complaints == []
