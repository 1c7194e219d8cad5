"""What is said back to an answer stands on the page, with a script and without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.everything import everything_served
from tests.browser.served import Site
from tests.web.every_screen import LESSON


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with everything_served(tmp_path_factory.mktemp("questions")) as running:
        yield running


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize(
    ("picked", "said"),
    [("Thích", "Bài sau còn nữa."), ("Chưa", "Cảm ơn bác. Câu này hỏi ý, chọn câu nào cũng được.")],
)
def test_whoever_answers_a_poll_reads_what_its_author_says_to_it_else_thanks(take, script, picked, said):
    phone = take(PHONE, script=script)
    phone.goto(f"{LESSON}/hieu", wait_until="load")
    card = phone.locator("section.card", has_text="Bác có thích không?")
    card.get_by_label(picked, exact=True).check()
    card.get_by_role("button", name="Trả lời").click()
    expect(card).to_contain_text(said)
    expect(card.get_by_role("button", name="Trả lời")).to_have_count(0)
