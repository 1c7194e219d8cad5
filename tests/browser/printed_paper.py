"""Pages on paper: how many sheets a print makes, and the longest name that one has to hold."""

from __future__ import annotations

import re

from playwright.sync_api import Page

MILLIMETRE = 96 / 25.4  # in CSS pixels
LONGEST_NAME = "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên Khánh Huyền Trang"[:60]


def sheets_of(page: Page) -> int:
    """How many sheets the browser's own print makes of the page."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))
