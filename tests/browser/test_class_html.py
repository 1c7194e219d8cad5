"""The pages of a class as served are correct HTML without inline code: of learners, wall, desk and reports.

One test, since each start of the two checkers takes as long as some tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    LESSON_WITH_QUESTIONS,
    advance_to,
    class_code,
    join_class_session,
    open_class_session,
    pair_projector,
    reopen_in_new_tab,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.finished_class import chosen_tasks, hold_class
from tests.browser.html_checks import InlineCode, html_validate, nu_checker
from tests.browser.lessons import library
from tests.browser.site_process import Site
from tests.browser.staff import tap_and_wait_for_page
from tests.browser.waiting import MAX_RETRIES

NewPage = Callable[..., Page]


class SavedPages:
    """Pages as their bytes came: each file, and its text."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.texts = folder, dict[Path, str]()

    def save(self, page: Page, *addresses: str) -> None:
        """``page``: whose cookies are sent."""
        for address in addresses:
            file = self.folder / f"{len(self.texts):03}.html"
            file.write_bytes(page.request.get(address, max_retries=MAX_RETRIES).body())
            self.texts[file] = file.read_text("utf-8")


def test_every_page_of_a_class_is_correct_html_without_inline_code(
    new_page: NewPage, desk: Page, wall: Page, site: Site, tmp_path: Path
):
    saved = SavedPages(tmp_path)
    save_pages_of_learners_and_wall(saved, new_page, desk, wall)
    save_pages_of_the_desk(saved, new_page, desk)
    save_pages_beside_the_class(saved, new_page, desk, site)
    assert html_validate(saved.texts) == ""
    assert nu_checker(saved.texts) == []
    assert {file.name: found for file, text in saved.texts.items() if (found := InlineCode.in_page(text))} == {}


def save_pages_of_learners_and_wall(saved: SavedPages, new_page: NewPage, desk: Page, wall: Page) -> None:
    open_class_session(desk, LESSON_WITH_QUESTIONS)
    code = class_code(desk)
    pair_projector(desk, wall)
    lan = new_page(PHONE, script=False)
    saved.save(lan, "/lop", "/lop?ma=123456", f"/lop/{code}", f"/lop/{code}/toi-da-vao")
    join_class_session(lan, code)
    for kind in ("choice", "typed", "ordering", "matching", "poll"):
        asked = lan.locator(f"[data-kind={kind}]")
        for phase in ("read", "open", "locked", "shown") if asked.count() else ():
            key = asked.first.get_attribute("data-part")
            send_command(desk, to=key)
            send_command(desk, step=key, phase=phase)
            saved.save(lan, f"/lop/{code}")
            saved.save(wall, "/chieu")
    saved.save(lan, f"/lop/{code}/ket", f"/lop/{code}/toi-da-vao")
    open_class_session(desk, LESSON_WITH_PRACTICE)
    code = class_code(desk)
    lan = reopen_in_new_tab(lan, "/lop")
    join_class_session(lan, code)
    send_command(desk, to="tap")
    lan = reopen_in_new_tab(lan, f"/lop/{code}")
    lan.get_by_role("button", name="Vào tập").click()
    lan.wait_for_url("**/toi/luot/*")
    saved.save(lan, lan.url)


def save_pages_of_the_desk(saved: SavedPages, new_page: NewPage, desk: Page) -> None:
    base = open_class_session(desk)
    join_class_session(new_page(PHONE), class_code(desk))
    paths = ("/viec?mo=cach-tap", "/giup", "/cho/1", "/man/nhap-ma-otp", "/dong", "/qr-giup")
    saved.save(desk, *(base + path for path in paths), "/dung-lop")
    for words in ("Mở câu hỏi", "Khóa", "Xem đáp án", "Bước tiếp", "Dùng liền", "Đóng lớp"):
        advance_to(desk, words)
        saved.save(desk, base)
        if words == "Khóa":
            saved.save(desk, f"{base}/dem-tay")


def save_pages_beside_the_class(saved: SavedPages, new_page: NewPage, desk: Page, site: Site) -> None:
    """Reports, the trial of the network, the Wi-Fi and what was seen of learners."""
    saved.save(desk, hold_class(site, library().lesson(*LESSON_WITH_PRACTICE.split("/"))))
    saved.save(desk, "/dung-lop/bao-cao", "/thu-truoc-gio")
    desk.goto("/thu-truoc-gio")
    tap_and_wait_for_page(desk.get_by_role("button", name="Bắt đầu thử"))
    expect(desk.locator(".network-check__number")).to_be_visible()
    tried = re.search(r"/thu-truoc-gio/\d{4}", desk.locator("main").inner_text())
    assert tried
    saved.save(desk, "/thu-truoc-gio", f"{tried[0]}?may={'a' * 16}")
    base = open_class_session(desk, LESSON_WITH_PRACTICE)
    join_class_session(new_page(PHONE), class_code(desk))
    desk.goto(f"{base}/wifi")
    desk.locator("#ten").fill("NhaVanHoa")
    tap_and_wait_for_page(desk.get_by_role("button", name="Hiện lên màn chiếu"))
    expect(desk.locator(".desk__qr")).to_be_visible()
    saved.save(desk, *(base + path for path in ("/wifi", "/chung-kien", chosen_tasks())))
