"""What a hall goes through: the server is killed, a phone sleeps in a pocket, the volunteer's own phone dies."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.classes import (
    QUESTIONED,
    choice_of,
    code_of,
    command,
    goes_on,
    joins,
    open_question,
    opens_class,
    pairs,
    part,
)
from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.duty import comes_in, slip_of, user
from tests.browser.served import COURSES, LMS, Site, environment, printed_address, stop

BACK = 60_000  # milliseconds


@dataclass
class MortalSite(Site):
    """One that can be killed and comes back at the same address."""

    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        port = self.url.rpartition(":")[2]
        command = [LMS, "serve", "--host", "127.0.0.1", "--port", port, "--courses", str(COURSES)]
        with self.log.open("wb") as printed:
            self.process = subprocess.Popen(
                command, cwd=self.log.parent, env=environment(self.data_dir), stdout=printed, stderr=subprocess.STDOUT
            )
        printed_address(self.process, self.log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalSite]:
    folder: Path = tmp_path_factory.mktemp("mortal")
    with socket.socket() as kept:  # bound and deaf, so that nobody else is given the port while the site is dead
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        running = MortalSite(f"http://127.0.0.1:{kept.getsockname()[1]}", folder / "data", folder / "serve.log")
        running.start()
        yield running
        stop(running.process)


def asks(desk: Page, phone: Page) -> str:
    """Opens the first question with one right option; its part of the page."""
    question = choice_of(phone)
    command(desk, to=question)
    command(desk, step=question, phase="open")
    expect(open_question(phone)).to_be_visible()
    return question


def test_a_server_that_is_killed_loses_nothing_and_nobody_is_told_that_the_class_is_over(take, desk, site, watcher):
    opens_class(desk, QUESTIONED)
    code = code_of(desk)
    wall, lan, plain = take(PROJECTOR), take(PHONE), take(PHONE, script=False)
    wall.goto("/chieu")
    expect(wall.locator(".pair__digit")).to_have_count(4)
    pairs(desk, wall)
    for phone in (lan, plain):
        joins(phone, code)
    question = asks(desk, lan)
    expect(open_question(plain)).to_be_visible()  # looked again by itself, and leaves her in peace for a minute now
    expect(wall.locator("[data-given]")).to_have_text("0")
    desk.reload()
    site.kill()
    part(lan, question).locator("label").nth(1).click()
    expect(part(lan, question).locator("[data-trouble]")).to_contain_text("máy đang gửi lại")
    desk.locator("[data-on]").click()  # "Khóa câu trả lời", while nobody hears it
    expect(desk.locator("[data-line-words]")).to_contain_text("Mạng yếu, vẫn giữ bài")
    expect(wall.locator(".ask__options")).to_be_visible()
    for page in (wall, lan, desk):
        assert "kết thúc" not in page.locator("body").inner_text()
    site.start()
    expect(wall.locator(".ask__over")).to_be_visible(timeout=BACK)  # the tap arrived, once
    expect(lan.locator(".asked--locked:visible")).to_be_visible(timeout=BACK)
    expect(desk.locator("[data-on]")).to_contain_text("Xem đáp án", timeout=BACK)
    # Hers came before the lock or after it, and either way she is told.
    expect(part(lan, question).locator("[data-kept], [data-trouble]").locator("visible=true")).to_have_count(1)
    plain.goto(f"/lop/{code}")
    expect(plain.locator(".seat__number")).to_have_text("Số 2")
    watcher.complaints = []  # of lines that were down


def test_a_phone_that_slept_is_where_its_class_is_when_it_wakes(take, desk, watcher):
    opens_class(desk, QUESTIONED)
    lan = take(PHONE)
    joins(lan, code_of(desk))
    question = choice_of(lan)
    expect(lan.locator("html")).to_have_attribute("data-line", "good")
    sleep = lan.context.new_cdp_session(lan)
    sleep.send("Page.setWebLifecycleState", {"state": "frozen"})
    command(desk, to=question)
    command(desk, step=question, phase="open")
    sleep.send("Page.setWebLifecycleState", {"state": "active"})
    expect(open_question(lan)).to_be_visible()


def test_when_the_volunteers_phone_dies_any_other_one_goes_on_from_the_same_step(take, site):
    first, other = take(PHONE), take(PHONE)
    comes_in(first, slip_of(user(site, "add", "--name", "Sáu", "--role", "facilitator", "--ward", "An Đông")))
    base = opens_class(first, QUESTIONED)
    wanted = goes_on(first)
    first.context.close()
    comes_in(other, slip_of(user(site, "slip", "sau")))
    other.get_by_role("link", name="Vào lớp này").and_(other.locator(f"[href$='{base[-32:]}']")).click()
    other.wait_for_url(base)
    expect(other.locator("[data-on]")).to_have_text(wanted, use_inner_text=True)
    goes_on(other)


def minutes_go_by(page: Page, gone: str) -> None:
    """Until this is no longer there: the first look of a page may still hear of the state before."""
    for _ in range(20):
        page.clock.run_for(40_000)
        try:
            return expect(page.locator(gone)).to_have_count(0, timeout=2000)
        except AssertionError:
            continue
    raise AssertionError(f"{gone} stays")


def test_a_class_that_was_closed_by_mistake_goes_on_on_the_wall_and_on_the_phones_by_itself(take, desk):
    base = opens_class(desk, QUESTIONED)
    code = code_of(desk)
    wall, lan = take(PROJECTOR), take(PHONE)
    for page in (wall, lan):
        page.clock.install()
    wall.goto("/chieu")
    expect(wall.locator(".pair__digit")).to_have_count(4)
    pairs(desk, wall)
    joins(lan, code)
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
    desk.goto(f"{base}/dong")
    desk.get_by_role("button", name="Đóng lớp").click()
    expect(wall.locator(".over")).to_be_visible()
    lan.clock.run_for(5000)
    lan.wait_for_url(f"**/lop/{code}/ket")
    desk.get_by_role("button", name="Mở lại lớp này").click()
    expect(desk.locator("[data-on]")).to_contain_text("Tiếp")
    for page, gone in ((wall, ".over"), (lan, "[data-after]")):
        minutes_go_by(page, gone)
    expect(wall.locator(".join__code")).to_be_visible()
    lan.wait_for_url(f"**/lop/{code}")
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
