"""The editor of /soan on an open page, and the files of lessons that tests write in it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

LAM = "/soan/vneid/04-ba-loai-ma/lam.md"
HIEU = "/soan/vneid/04-ba-loai-ma/hieu.md"
DUNG = "/soan/vneid/02-kich-hoat/dung.md"


def wait_for_editor(page: Page) -> None:
    """Wait until the text can be typed in, and was checked and found without an error."""
    expect(page.locator(".cm-content")).to_be_visible()
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")


def put_cursor_at_end_of(page: Page, words: str) -> None:
    line = page.locator(".cm-line", has_text=words).first
    line.click()
    page.keyboard.press("End")
