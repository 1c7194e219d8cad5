"""A course that was downloaded is learnt in flight mode, is removed again, and is kept whole or not at all."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.offline.offline_phone import (
    ANSWER,
    CACHES,
    FIRST,
    MISSING,
    SECOND,
    WAITING_TICKS,
    answer,
    delivered,
    download_course,
    finish_practice,
    go_offline,
    go_online,
    open_current_page,
)
from tests.browser.waiting import wait_until


def test_a_course_is_kept_in_the_language_in_which_its_reader_asked_for_it(lan):
    lan.goto("/?lang=en")
    download_course(lan)
    lan.goto("/vneid?lang=vi")
    lan.locator("course-download summary").tap()
    expect(lan.locator("course-download")).to_contain_text("bằng tiếng khác")
    go_offline(lan)
    lan.goto(SECOND)  # it is not translated, and was never visited
    expect(lan.locator("main div[lang=en]")).to_contain_text("not translated")
    go_online(lan)
    download_course(lan)
    expect(lan.locator("course-download")).not_to_contain_text("bằng tiếng khác", use_inner_text=True)
    go_offline(lan)
    lan.goto(SECOND)
    expect(lan.locator("h1")).to_have_text("Kích hoạt")
    expect(lan.locator("main div[lang=en]")).to_have_count(0)


def test_a_downloaded_course_is_used_in_flight_mode_and_all_is_sent_once(lan, new_page, monitor):
    download_course(lan)
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator("[data-feedback]")).to_contain_text("Câu trả lời đã cất trong máy này")
    lan.reload()
    expect(lan.locator("[data-feedback]")).to_contain_text("Câu trả lời đã cất trong máy này")
    expect(lan.locator(f"{ANSWER}:checked")).to_have_count(1)
    lan.goto(f"{SECOND}/lam")
    lan.locator("button[value=tu-lam]").first.tap()
    lan.wait_for_url(re.compile(r"/toi/luot/[0-9a-f]{32}$"))
    attempt = lan.url
    lan.goto(f"{SECOND}/lam")
    lan.get_by_role("link", name="Tập tiếp lượt đang dở").tap()
    lan.wait_for_url(attempt)
    finish_practice(lan)
    lan.goto(f"{FIRST}/dung")
    lan.locator("input[name=task]").first.check(force=True)
    expect(lan.locator("[data-note]")).to_be_visible()
    lan.goto("/vneid")  # she does not wait for the result
    expect(lan.locator("h1")).to_have_text("VNeID thử")
    go_online(lan)
    wait_until(lan, lambda: delivered(monitor, r"/su-kien$"))
    wait_until(lan, lambda: not lan.evaluate(WAITING_TICKS))
    open_current_page(lan, f"{SECOND}/hieu")
    expect(lan.locator(".note.tone-right")).to_be_visible()
    lan.goto(f"{attempt}/ket-qua")
    expect(lan.locator(".stage-mark.lam").first).to_be_visible()
    lan.goto("/")
    assert len(delivered(monitor, r"/hieu/")) == 1
    assert len(delivered(monitor, r"/lam$")) == 1
    assert len(delivered(monitor, r"/su-kien$")) == 1
    lan.goto(f"{FIRST}/dung")
    expect(lan.locator("input[name=task]").first).to_be_checked()
    lan.goto("/toi")
    code = "".join(lan.locator(".learning-code .learning-code__part").all_text_contents())
    other = new_page(PHONE)
    other.goto(f"/toi/vao/{code}")
    other.locator(".button--main").tap()
    expect(other.locator(".course-list").first).to_contain_text("Xong 1 trong 2 bài")


def test_the_download_is_removed_again(lan):
    download_course(lan)
    lan.locator("[data-remove]").tap()
    expect(lan.locator("[data-download]")).to_be_visible()
    assert [name for name in lan.evaluate(CACHES) if name.startswith("course-")] == []
    go_offline(lan)
    lan.goto(f"{SECOND}/lam")
    expect(lan.locator("h1")).to_have_text(MISSING)


def test_a_full_phone_says_so_and_keeps_no_half_of_a_course(lan, site):
    lan.goto("/vneid")
    lan.locator("course-download summary").tap()
    storage = lan.context.new_cdp_session(lan)
    storage.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": 1000})
    lan.locator("[data-download]").tap()
    expect(lan.locator("course-download [data-moment=full]")).to_be_visible()
    assert [name for name in lan.evaluate(CACHES) if name.startswith("course-")] == []
    lan.goto(f"{SECOND}/hieu")  # the site goes on as it does without
    expect(lan.locator("h1")).to_have_text("Kích hoạt")
