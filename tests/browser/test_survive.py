"""Failures in a hall: the server is killed, a phone sleeps, the facilitator's phone dies."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    LESSON_WITH_QUESTIONS,
    class_code,
    class_part,
    first_choice_question,
    join_class_session,
    open_class_session,
    open_question,
    pair_projector,
    press_next_step,
    send_command,
)
from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.site_process import (
    COURSES,
    LMS,
    Site,
    SiteProcess,
    copy_migrated_store,
    copy_parsed_courses,
    site_env,
    start_site,
    stop_process,
    wait_for_address,
)
from tests.browser.staff import add_account, sign_in

BACK = 60_000  # milliseconds


@dataclass
class MortalSite(Site):
    """A site that can be killed and restarted at the same address."""

    process: SiteProcess | None = None

    def start(self) -> None:
        port = self.url.rpartition(":")[2]
        command = [LMS, "serve", "--host", "127.0.0.1", "--port", port, "--courses", str(COURSES)]
        self.process = start_site(command, folder=self.log.parent, env=site_env(self.data_dir), log=self.log)
        wait_for_address(self.process, self.log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalSite]:
    folder: Path = tmp_path_factory.mktemp("mortal")
    with socket.socket() as kept:  # bound but not listening, so that the port stays reserved while the site is down
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        running = MortalSite(f"http://127.0.0.1:{kept.getsockname()[1]}", folder / "data", folder / "serve.log")
        copy_migrated_store(running.data_dir)
        copy_parsed_courses(running.data_dir)
        running.start()
        yield running
        stop_process(running.process)


def open_first_choice_question(desk: Page, phone: Page) -> str:
    """Open the first choice question of the class, and return its id."""
    question = first_choice_question(phone)
    send_command(desk, to=question)
    send_command(desk, step=question, phase="open")
    expect(open_question(phone)).to_be_visible()
    return question


def test_a_killed_server_loses_nothing_and_no_phone_shows_the_class_as_closed(new_page, desk, site, monitor):
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    wall, lan, plain = new_page(PROJECTOR), new_page(PHONE), new_page(PHONE, script=False)
    wall.goto("/chieu")
    expect(wall.locator(".wall-pairing__digit")).to_have_count(4)
    pair_projector(desk, wall)
    for phone in (lan, plain):
        join_class_session(phone, code)
    question = open_first_choice_question(desk, lan)
    expect(open_question(plain)).to_be_visible()  # it has polled and waits a minute before the next time
    expect(wall.locator("[data-given]")).to_have_text("0")
    desk.reload()
    site.kill()
    class_part(lan, question).locator("label").nth(1).click()
    expect(class_part(lan, question).locator("[data-error]")).to_contain_text("máy đang gửi lại")
    desk.locator("[data-next-step]").click()  # "Khóa câu trả lời", while the phones are offline
    expect(desk.locator("[data-connection-text]")).to_contain_text("Mạng yếu, vẫn giữ bài")
    expect(wall.locator(".wall-question__options")).to_be_visible()
    for page in (wall, lan, desk):
        assert "kết thúc" not in page.locator("body").inner_text()
    site.start()
    expect(wall.locator(".wall-question__closed")).to_be_visible(timeout=BACK)  # the tap arrived, once
    expect(lan.locator(".class-question--locked:visible")).to_be_visible(timeout=BACK)
    expect(desk.locator("[data-next-step]")).to_contain_text("Xem đáp án", timeout=BACK)
    # The answer came before or after the lock; the page says which.
    expect(class_part(lan, question).locator("[data-saved], [data-error]").locator("visible=true")).to_have_count(1)
    plain.goto(f"/lop/{code}")
    expect(plain.locator(".seat__number")).to_have_text("Số 2")
    monitor.complaints = []  # of lines that were down


def test_a_phone_that_wakes_up_shows_the_present_step(new_page, desk, monitor):
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    question = first_choice_question(lan)
    expect(lan.locator("html")).to_have_attribute("data-connection", "good")
    sleep = lan.context.new_cdp_session(lan)
    sleep.send("Page.setWebLifecycleState", {"state": "frozen"})
    send_command(desk, to=question)
    send_command(desk, step=question, phase="open")
    sleep.send("Page.setWebLifecycleState", {"state": "active"})
    expect(open_question(lan)).to_be_visible()


def test_a_second_phone_of_the_facilitator_continues_at_the_same_step(new_page, site):
    first, other = new_page(PHONE), new_page(PHONE)
    sau = add_account(site, "Sáu", "facilitator")
    sign_in(first, site, sau)
    base = open_class_session(first, LESSON_WITH_QUESTIONS)
    wanted = press_next_step(first)
    first.context.close()
    sign_in(other, site, sau)
    other.goto("/dung-lop")
    other.get_by_role("link", name="Vào lớp này").and_(other.locator(f"[href$='{base[-32:]}']")).click()
    other.wait_for_url(base)
    expect(other.locator("[data-next-step]")).to_have_text(wanted, use_inner_text=True)
    press_next_step(other)


def run_clock_until_gone(page: Page, gone: str) -> None:
    """Until this is no longer there: the first look of a page may still hear of the state before."""
    for _ in range(20):
        page.clock.run_for(40_000)
        try:
            return expect(page.locator(gone)).to_have_count(0, timeout=2000)
        except AssertionError:
            continue
    raise AssertionError(f"{gone} stays")


def test_a_reopened_class_goes_on_on_the_wall_and_the_phones_by_itself(new_page, desk):
    base = open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    wall, lan = new_page(PROJECTOR), new_page(PHONE)
    for page in (wall, lan):
        page.clock.install()
    wall.goto("/chieu")
    expect(wall.locator(".wall-pairing__digit")).to_have_count(4)
    pair_projector(desk, wall)
    join_class_session(lan, code)
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
    desk.goto(f"{base}/dong")
    desk.get_by_role("button", name="Đóng lớp").click()
    expect(wall.locator(".wall-end")).to_be_visible()
    lan.clock.run_for(7000)
    lan.wait_for_url(f"**/lop/{code}/ket")
    desk.get_by_role("button", name="Mở lại lớp này").click()
    expect(desk.locator("[data-next-step]")).to_contain_text("Tiếp")
    for page, gone in ((wall, ".wall-end"), (lan, "seat-summary")):
        run_clock_until_gone(page, gone)
    expect(wall.locator(".wall-join__code")).to_be_visible()
    lan.wait_for_url(f"**/lop/{code}")
    expect(lan.locator(".seat__number")).to_have_text("Số 1")


def test_a_reopened_class_is_back_in_a_practice_and_on_the_pages_of_helpers_and_other_desks(new_page, desk, monitor):
    monitor.expected |= {409}  # the helper's page says that the class is closed
    base = open_class_session(desk, LESSON_WITH_PRACTICE)
    code = class_code(desk)
    wall, lan, helper, other = new_page(PROJECTOR), new_page(PHONE), new_page(PHONE), desk.context.new_page()
    wall.goto("/chieu")
    expect(wall.locator(".wall-pairing__digit")).to_have_count(4)
    pair_projector(desk, wall)
    send_command(desk, to="tap")
    join_class_session(lan, code)
    lan.get_by_role("button", name="Vào tập").click()
    lan.wait_for_url("**/toi/luot/*")
    desk.goto(f"{base}/qr-giup")
    desk.get_by_role("button", name="Hiện mã").click()
    helper.goto(re.search(r"/giup/\S+", desk.locator(".desk__qr").get_attribute("data-address"))[0])
    helper.get_by_role("button", name="Vào phụ lớp").click()
    expect(helper.locator("help-list")).to_be_attached()
    other.goto(base)
    lan.evaluate("window.isSamePage = true")
    desk.goto(f"{base}/dong")
    desk.get_by_role("button", name="Đóng lớp").click()
    expect(lan.locator("[data-status]")).to_contain_text("Lớp đã kết thúc")
    expect(lan.locator("raise-hand")).to_be_hidden()
    for page in (helper, other):
        expect(page.locator("h1")).to_have_text("Lớp đã đóng")
    expect(wall.locator(".wall-end")).to_be_visible()
    desk.get_by_role("button", name="Mở lại lớp này").click()
    expect(lan.locator("[data-status]")).to_be_hidden()
    expect(lan.locator("raise-hand")).to_be_visible()
    expect(helper.locator("help-list")).to_be_attached()
    expect(other.locator("class-desk")).to_be_attached()
    expect(wall.locator(".wall-end")).to_have_count(0)
    send_command(desk, paused="true")
    expect(lan.locator("[data-cover=pause]")).to_be_visible()
    assert lan.evaluate("window.isSamePage"), "the phone has reloaded its page"
