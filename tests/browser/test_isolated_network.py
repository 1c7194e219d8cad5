"""The site in a hall without internet: plain http, a non-loopback address, no other host in the network."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser import journeys
from tests.browser.browser_monitor import BrowserMonitor
from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    class_code,
    join_by_taps,
    open_class_by_taps,
    pair_wall_by_taps,
)
from tests.browser.conftest import FLAGS, PHONE, PROJECTOR
from tests.browser.learner import Learner
from tests.browser.lessons import lesson
from tests.browser.shared_chromium import SharedChromium, shared_chromium
from tests.browser.site_process import (
    COURSES,
    LMS,
    copy_migrated_store,
    copy_parsed_courses,
    site_env,
    stop_process,
    wait_for_address,
)
from tests.browser.staff import run_user_command, sign_in_with_slip, slip_path, tap_and_wait_for_page
from tests.isolated_network import LAPTOP_ADDRESS, laptop_and_phone, write_chromium_script
from tests.live.raw_http import wait_until

NEXT_ADDRESS = "10.77.0.9"  # of the laptop, after it has moved
ACTIVATION = "/vneid/kich-hoat"
# Directly to the last step but one. Only Chromium is inside the network namespace, so the page sends the command.
LEAP = """async () => {
  const token = document.querySelector("[name=csrf_token]").value
  const body = new URLSearchParams({ csrf_token: token, to: "dung" })
  return (await fetch(location.pathname + "/lenh", { method: "POST", body })).status
}"""


@pytest.fixture(scope="module")
def phone_chromium(isolated_network, playwright: Playwright) -> Iterator[SharedChromium]:
    with shared_chromium(playwright, executable_path=str(isolated_network.chromium), args=FLAGS) as browser:
        yield browser


@pytest.fixture
def hall_page(isolated_network, phone_chromium: SharedChromium) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in the hall; at the end no page may have complained."""
    monitor, contexts = BrowserMonitor(isolated_network.url), list[BrowserContext]()

    def hall_page(device: dict = PHONE, *, script: bool = True) -> Page:
        context = phone_chromium.new_context(base_url=isolated_network.url, java_script_enabled=script, **device)
        monitor.watch(context)
        contexts.append(context)
        return context.new_page()

    yield hall_page
    for context in contexts:
        context.close()
    assert monitor.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_whole_journey_without_internet(isolated_network, hall_page, script):
    lan = Learner(hall_page(script=script), script=script)
    badge = journeys.complete_lesson(lan, lesson(ACTIVATION), name="Nguyễn Thị Lan")
    assert badge.startswith(isolated_network.url)
    assert lan.earned_marks(lesson(ACTIVATION)) == journeys.ALL_MARKS
    stranger = hall_page()
    journeys.verify_badge(stranger, badge, name="Nguyễn Thị Lan")
    expect(stranger.locator("main")).to_contain_text("Nguyễn Thị Lan")
    assert stranger.evaluate("() => window.isSecureContext") is False


def test_a_laptop_without_an_internet_route_knows_its_address(isolated_network, tmp_path):
    log = tmp_path / "serve.log"
    with ExitStack() as cleanup:
        process = _serve_lan(cleanup, isolated_network.on_laptop, tmp_path)
        wait_for_address(process, log)
        wait_until(lambda: "\nDừng" in log.read_text("utf-8", "replace"))
    printed = log.read_text("utf-8")
    assert f"Máy khác trong mạng: http://{LAPTOP_ADDRESS}:" in printed
    assert re.search(rf"Hoặc mở http://{re.escape(LAPTOP_ADDRESS)}:\d+/vao/\w+", printed)


def test_a_laptop_that_moves_says_so_at_the_terminal_the_desk_and_the_wall(tmp_path, playwright):
    """Desk and wall are on the laptop itself, as in a hall; a phone finds the class at the new address."""
    log = tmp_path / "serve.log"
    with ExitStack() as cleanup:
        machines = cleanup.enter_context(laptop_and_phone())
        process = _serve_lan(cleanup, machines.on_laptop, tmp_path, "--look-every", "0.05")
        port = urlsplit(wait_for_address(process, log)).port
        wait_until(lambda: "\nDừng" in log.read_text("utf-8", "replace"))
        executable = str(write_chromium_script(tmp_path, inside=machines.on_laptop))
        browser = cleanup.enter_context(shared_chromium(playwright, executable_path=executable, args=FLAGS))
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}", **PROJECTOR)
        minh, wall = context.new_page(), context.new_page()
        sign_in_with_slip(minh, re.search(r"Hoặc mở http://[\d.:]+(/vao/\w+)", log.read_text("utf-8"))[1])
        open_class_by_taps(minh, LESSON_WITH_PRACTICE)
        wall.goto("/chieu")
        expect(wall.locator(".wall-pairing__digit")).to_have_count(4)
        pair_wall_by_taps(minh, wall)
        expect(wall.locator("main")).to_contain_text(f"{LAPTOP_ADDRESS}:{port}")

        machines.move_laptop(LAPTOP_ADDRESS, NEXT_ADDRESS)
        wait_until(
            lambda: f"Địa chỉ trong mạng nay là: http://{NEXT_ADDRESS}:{port}" in log.read_text("utf-8", "replace")
        )
        expect(minh.locator("main")).to_contain_text(f"Địa chỉ của lớp nay là {NEXT_ADDRESS}:{port}")
        expect(minh.locator("main")).to_contain_text(f"Tờ dán cửa cũ, ghi {LAPTOP_ADDRESS}:{port}, thì in lại")
        expect(wall.locator("main")).to_contain_text(f"{NEXT_ADDRESS}:{port}")
        expect(wall.locator("main")).not_to_contain_text(LAPTOP_ADDRESS)
        code = wall.locator(".wall-join__code").inner_text().replace(" ", "")
        fetch = "import sys, urllib.request as web; print(web.urlopen(sys.argv[1], timeout=60).status)"
        address = f"http://{NEXT_ADDRESS}:{port}/lop/{code}"
        found = subprocess.run(
            [*machines.on_phone, sys.executable, "-c", fetch, address], capture_output=True, text=True, timeout=90
        )
        assert found.stdout == "200\n", found.stderr

        machines.move_laptop(NEXT_ADDRESS, None)
        expect(minh.locator("main")).to_contain_text("Máy này đang không nối mạng nào")


def _serve_lan(cleanup: ExitStack, inside: Sequence[str], folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start ``lms serve --lan``, whose output goes to serve.log; it is stopped at the end."""
    copy_migrated_store(folder / "data")
    copy_parsed_courses(folder / "data")
    command = [*inside, LMS, "serve", "--lan", "--port", "0", "--courses", str(COURSES), *options]
    output = cleanup.enter_context((folder / "serve.log").open("wb"))
    process = subprocess.Popen(command, env=site_env(folder / "data"), stdout=output, stderr=subprocess.STDOUT)
    cleanup.callback(stop_process, process)
    return process


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_whole_class_without_internet(isolated_network, hall_page, script):
    """From trying the network to the report, over plain http at an address that is not loopback."""
    minh, lan, wall = hall_page(), hall_page(script=script), hall_page(PROJECTOR)
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

    base = open_class_by_taps(minh, LESSON_WITH_PRACTICE)
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

    join_by_taps(lan, code)
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
    expect(minh.locator(".class-report")).to_contain_text("Đã thấy 1 người làm trên máy thật")
    expect(minh.locator(".class-report")).to_contain_text("1 người tự báo, trên 1 máy")
    if script:
        lan.wait_for_url(f"**/lop/{code}/ket")  # by itself
    else:  # in another tab: the first one reloads by itself, which would interrupt the navigation
        lan = lan.context.new_page()
        lan.goto(f"/lop/{code}/ket")
    expect(lan.locator("main")).to_contain_text("Dùng liền: bác đã có dấu")
    expect(lan.locator(".learning-code")).to_be_visible()
    expect(wall.locator("body")).not_to_contain_text("hoc-chung-2026")
    assert minh.evaluate("() => window.isSecureContext") is False
