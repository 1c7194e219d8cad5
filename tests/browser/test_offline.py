"""Without a network: pages, answers, practices and updates on a phone that has the service worker."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lms.content.course_reader import read_course
from lms.content.model import Lesson
from tests.browser import journeys
from tests.browser.conftest import PHONE
from tests.browser.learner import Learner
from tests.browser.lessons import lesson_path
from tests.browser.site_process import ROOT, Site, copy_migrated_store, site_env, stop_process, wait_for_address
from tests.browser.waiting import wait_until
from tests.web.sample_course import COURSE, FIRST_DUNG, FIRST_HIEU, SECOND_HIEU, SECOND_LAM, write_courses

FIRST, SECOND = "/vneid/ba-loai-ma", "/vneid/kich-hoat"
ANSWER = ".question__option input[type=radio]"
MISSING = "Trang này chưa có trong máy"
WHOLE = "/du-ba-phan"  # the course whose lesson has all three stages
WHOLE_LAM = """---
tên: Kích hoạt tài khoản
bắt đầu: Chào
đích: Xong
---

## Chào
> Việc: Chạm "Kích hoạt".

- [nút] Kích hoạt => Đồng ý
- [nút] Bỏ qua

## Đồng ý
> Việc: Chạm "Tôi đồng ý".

- [nút] Tôi đồng ý => Xong

## Xong {loại=kết}
"""
IS_STORED = """async (path) => {
  for (const name of await caches.keys()) {
    if (name.startsWith("learner-") && await (await caches.open(name)).match(path)) return true
  }
  return false
}"""
IS_STORED_FOR_A_LEARNER = IS_STORED.replace('("learner-")', '("learner-") && name !== "learner-none"')
WAITING_TICKS = "() => Object.keys(localStorage).some((key) => key.startsWith('viec-'))"
CACHES = "() => caches.keys()"
# The builds whose files the open page has loaded.
BUILDS = """() => Array.from(new Set(performance.getEntriesByType("resource")
  .map(({ name }) => (/\\/static\\/([^/]+)/.exec(name) || [])[1]).filter(Boolean)))"""


@dataclass
class OwnSite(Site):
    """A site with a copy of the program and of the courses, which tests change between two runs."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def courses(self) -> Path:
        return self.folder / "courses"

    def start(self) -> None:
        port = self.url.rpartition(":")[2]
        command = [sys.executable, "-m", "lms", "serve", "--host", "127.0.0.1", "--port", port]
        with self.log.open("wb") as printed:
            self.process = subprocess.Popen(
                [*command, "--courses", str(self.courses)],
                cwd=self.folder / "program",
                env=site_env(self.data_dir),
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
        wait_for_address(self.process, self.log)

    def stop(self) -> None:
        stop_process(self.process)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    folder = tmp_path_factory.mktemp("own")
    for name in ("lms", "static"):
        shutil.copytree(ROOT / name, folder / "program" / name)  # with its bytecode
    write_courses(folder / "courses")
    write_whole_lesson(folder / "courses")
    with socket.socket() as kept:  # bound but not listening, so that the port stays reserved while the site is down
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{kept.getsockname()[1]}"
        running = OwnSite(url, folder / "data", folder / "serve.log", folder)
        copy_migrated_store(running.data_dir)
        running.start()
        yield running
        running.stop()


def write_whole_lesson(courses: Path) -> None:
    lesson = courses / WHOLE.strip("/") / "01-ba-loai-ma"
    (lesson / "images").mkdir(parents=True)
    (lesson.parent / "course.md").write_text(COURSE.format(checked="2026-11-20"), "utf-8")
    for name, text in (("hieu.md", FIRST_HIEU), ("lam.md", WHOLE_LAM), ("dung.md", FIRST_DUNG)):
        (lesson / name).write_text(text, "utf-8")


@pytest.fixture
def lan(new_page: Callable[..., Page], monitor) -> Page:
    """Lan's phone, with the service worker."""
    monitor.expected = {503}  # of the page in place of a missing one
    page = new_page(PHONE, service_workers="allow")
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return page


def go_offline(page: Page) -> None:
    page.context.set_offline(True)


def go_online(page: Page) -> None:
    page.context.set_offline(False)


def visit(page: Page, path: str) -> None:
    """Open a page and wait until the phone has it."""
    page.goto(path)
    page.wait_for_function(IS_STORED, arg=path)


def download_course(page: Page, path: str = "/vneid") -> None:
    page.goto(path)
    page.locator("course-download summary").tap()
    expect(page.locator("[data-size]")).to_contain_text(re.compile(r"0,\d MB"))
    page.locator("[data-download]").tap()
    expect(page.locator("[data-remove]")).to_be_visible()


def answer(page: Page, question: str, option: str) -> None:
    card = page.locator("question-card", has_text=question)
    card.locator(".question__option", has_text=option).locator("input").check(force=True)
    card.locator("form > .button").tap()


def finish_practice(page: Page) -> None:
    """Do the practice of the second lesson, which has one screen."""
    page.locator(".phone").get_by_role("button", name="Kích hoạt").tap()
    expect(page.locator("[data-finish]")).to_be_visible()


def delivered(monitor, pattern: str) -> list[str]:
    """The paths of posts that the service worker sent and the server took."""
    return [
        request.url
        for request in monitor.requests
        if request.method == "POST" and request.service_worker and re.search(pattern, request.url)
        if (response := request.response()) and response.status < 400
    ]


def test_a_visited_page_opens_without_a_network_and_says_nothing_else_is_there(lan):
    visit(lan, f"{FIRST}/hieu")
    go_offline(lan)
    lan.goto(f"{FIRST}/hieu")
    expect(lan.locator("h1")).to_have_text("Ba loại mã")
    assert lan.evaluate("() => getComputedStyle(document.querySelector('.button')).borderRadius") != "0px"
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text(MISSING)
    expect(lan.locator("[data-stored-pages]")).not_to_contain_text("Kích hoạt")
    lan.goto("/toi")
    expect(lan.locator("h1")).to_have_text(MISSING)
    lan.goto("/quyen-rieng-tu")  # never visited, and there all the same
    expect(lan.locator("h1")).to_have_text("Trang này giữ gì về bác")


def test_what_is_said_without_a_network_is_in_the_language_that_was_chosen(lan):
    visit(lan, "/?lang=en")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text("This page is not on your phone")
    lan.locator("body > nav a[hreflang=vi]").click()
    expect(lan.locator("h1")).to_have_text(MISSING)
    lan.goto("/?lang=en")
    expect(lan.locator("h1")).not_to_have_text(MISSING)  # the copy that is here, in the language in which it was read


def test_a_language_that_was_chosen_without_a_network_is_that_of_the_next_page_with_one(lan):
    visit(lan, "/")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    lan.locator("body > nav a[hreflang=en]").click()
    expect(lan.locator("h1")).to_have_text("This page is not on your phone")
    go_online(lan)
    for address in ("/", "/toi"):
        lan.goto(address)
        expect(lan.locator("html")).to_have_attribute("lang", "en")
    lan.goto("/?lang=vi")
    expect(lan.locator("html")).to_have_attribute("lang", "vi")


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
    lan.goto(f"{SECOND}/hieu")
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


def test_a_whole_lesson_in_flight_mode_earns_the_badge_while_course_and_other_phone_go_on(lan, new_page, site, monitor):
    course, _ = read_course(site.courses / WHOLE.strip("/"), today=datetime.now(UTC).date())
    [lesson] = course.lessons
    path, questions = lesson_path(lesson), lesson.understand.questions
    learner = Learner(lan)
    visit(lan, f"{path}/hieu")
    learner.answer_correctly(questions[0])  # and is a learner now
    lan.goto(f"{path}/hieu")
    lan.wait_for_function(IS_STORED_FOR_A_LEARNER, arg=f"{path}/hieu")
    download_course(lan, WHOLE)
    other = Learner(new_page(PHONE))
    other.enter_learning_code(learner.learning_code())
    go_offline(lan)

    # The other phone answers and ticks, and the text of the lesson is edited.
    other.open(f"{path}/hieu")
    other.answer_correctly(questions[1])
    other.open(f"{path}/dung")
    other.device.pick(other.page.locator("input[name=task]").first)
    expect(other.page.locator("#da-ghi")).to_contain_text("Đã ghi 1 việc.")
    site.stop()
    edited = site.courses / WHOLE.strip("/") / "01-ba-loai-ma/hieu.md"
    edited.write_text(FIRST_HIEU.replace("chìa khóa của bác", "chìa khóa nhà bác"), "utf-8")
    site.start()

    read_answer_and_tick_offline(learner, lesson)
    learner.open(f"{path}/lam")
    learner.start_practice(lesson, "tu-lam")
    attempt = lan.url
    for words in ("Kích hoạt", "Tôi đồng ý"):
        learner.device.press(lan.locator(".phone").get_by_role("button", name=words))
    learner.open_result()
    expect(lan.locator("h1")).to_have_text("Kết quả chờ có mạng")
    learner.press_main_button()  # she goes on meanwhile
    learner.expect_path(path)
    learner.open(f"{attempt}/ket-qua")
    expect(lan.locator("h1")).to_have_text("Kết quả chờ có mạng")

    go_online(lan)
    expect(lan.locator(".stage-mark.lam").first).to_be_visible()  # the result opens by itself
    wait_until(lan, lambda: not lan.evaluate(WAITING_TICKS))
    assert learner.earned_marks(lesson) == other.earned_marks(lesson) == journeys.ALL_MARKS
    learner.open(f"{path}/hieu")
    expect(lan.locator("main")).to_contain_text("Mã là chìa khóa nhà bác.")
    assert len(delivered(monitor, f"{path}/hieu/")) == len(questions)
    assert len(delivered(monitor, f"{path}/lam$")) == 1
    assert stored(site, "practice_attempts") == 1
    assert stored(site, "practice_attempts JOIN event_batches ON attempt_id = practice_attempts.id") == 1
    assert stored(site, "responses") == len(questions) + 1  # one of them on both phones
    assert stored(site, "ticks") == len(lesson.use.tasks)

    learner.open(f"{path}/dung")
    learner.press_main_button()
    learner.expect_path(f"/toi/nhan-huy-hieu{path}")
    badge = learner.claim_badge("Nguyễn Thị Lan")
    journeys.verify_badge(new_page(PHONE), badge, name="Nguyễn Thị Lan")
    assert stored(site, "badges") == 1


def read_answer_and_tick_offline(learner: Learner, lesson: Lesson) -> None:
    page, first = learner.page, lesson.understand.questions[0]
    learner.open(lesson_path(lesson))
    learner.open(f"{lesson_path(lesson)}/hieu")
    expect(page.locator("main")).to_contain_text("Mã là chìa khóa của bác.")
    expect(learner.correct_feedback(first)).to_be_visible()
    for question in lesson.understand.questions[1:]:
        learner.send_right_answer(question)
        expect(learner.question_card(question).locator("[data-feedback]")).to_contain_text("đã cất trong máy này")
    learner.open(f"{lesson_path(lesson)}/dung")
    boxes = page.locator("input[name=task]")
    for number in range(boxes.count()):
        learner.device.pick(boxes.nth(number))
    expect(page.locator("[data-note]")).to_contain_text("Bác đã chạm đủ mọi việc.")


def stored(site: Site, table: str) -> int:
    """How many rows of the lesson with all three stages the site has stored."""
    with closing(sqlite3.connect(site.data_dir / "lms.sqlite3")) as database:
        return database.execute(f"SELECT count(*) FROM {table} WHERE course = ?", [WHOLE.strip("/")]).fetchone()[0]


def test_an_answer_given_on_the_line_is_still_there_without_it(lan):
    visit(lan, f"{SECOND}/hieu")
    answer(lan, "Mã OTP gửi về đâu?", "Máy nào cũng được")
    expect(lan.locator(".question__option-feedback")).to_contain_text("Mã chỉ về số đã khai.")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator(".question__option-feedback")).to_contain_text("Mã chỉ về số đã khai.")
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator("[data-feedback]")).to_contain_text("Câu trả lời đã cất trong máy này")
    go_online(lan)
    expect(lan.locator(".note.tone-right")).to_be_visible()  # the open page hears of it


def test_the_first_mark_offers_the_home_screen_once(new_page, monitor):
    agent = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
    lan = new_page(PHONE, service_workers="allow", user_agent=agent)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("home-screen-hint")).to_have_count(0)
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator("home-screen-hint")).to_contain_text("Đưa hình cây đèn ra màn hình chính")
    expect(lan.locator("[data-phone=android]")).to_contain_text("Thêm vào màn hình chính")
    expect(lan.locator("[data-phone=iphone], [data-install]").locator("visible=true")).to_have_count(0)
    lan.goto(SECOND)
    expect(lan.locator("h1")).to_have_text("Kích hoạt")
    expect(lan.locator("home-screen-hint")).to_have_count(0)


def test_the_download_is_removed_again(lan):
    download_course(lan)
    lan.locator("[data-remove]").tap()
    expect(lan.locator("[data-download]")).to_be_visible()
    assert [name for name in lan.evaluate(CACHES) if name.startswith("course-")] == []
    go_offline(lan)
    lan.goto(f"{SECOND}/lam")
    expect(lan.locator("h1")).to_have_text(MISSING)


def test_another_learner_of_the_phone_sees_nothing_of_lan(lan, site):
    visit(lan, f"{SECOND}/hieu")
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator(".question__option--picked, .note.tone-right").first).to_be_visible()
    visit(lan, f"{SECOND}/hieu")
    lan.goto("/toi")
    lan.context.route(f"{site.url}/", lambda route: route.abort())  # the line breaks right after the change
    lan.get_by_role("button", name="Tôi dùng máy chung").tap()
    lan.wait_for_url("**/")
    expect(lan.locator("h1")).to_have_text(MISSING)
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text(MISSING)
    expect(lan.locator("[data-stored-pages] li")).to_have_count(0)


def test_a_forgotten_learner_leaves_no_page_on_the_phone(lan):
    visit(lan, f"{SECOND}/hieu")
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator(".note.tone-right").first).to_be_visible()
    visit(lan, f"{SECOND}/hieu")
    lan.goto("/toi")
    lan.locator("details summary", has_text="Quên tôi").tap()
    lan.locator("form[action='/toi/quen'] button").tap()
    expect(lan.locator("h1")).to_have_text("Bác chắc chắn muốn xóa hết?")
    lan.get_by_role("button", name="Xóa hết, quên tôi").tap()
    expect(lan.locator("h1")).to_have_text("Đã xóa hết")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text(MISSING)
    assert [name for name in lan.evaluate(CACHES) if name.startswith("learner-")] == []


def test_a_line_that_lets_nothing_through_shows_the_copy(lan):
    visit(lan, f"{SECOND}/hieu")
    held = []
    lan.context.route("**/kich-hoat/hieu", lambda route: held.append(route))
    lan.goto(f"{SECOND}/hieu")
    assert held
    expect(lan.locator("html")).to_have_attribute("data-stored", "")
    expect(lan.locator("h1")).to_have_text("Kích hoạt")


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


def test_class_and_account_pages_are_left_to_the_browser(lan):
    for path in ("/lop", "/vao", "/chieu"):
        assert not lan.goto(path).from_service_worker
    assert lan.goto("/").from_service_worker


def test_a_course_that_changed_meanwhile_is_shown_as_it_is_now(lan, site, monitor):
    monitor.expected |= {404, 422}
    download_course(lan)
    [before] = [name for name in lan.evaluate(CACHES) if name.startswith("course-")]
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator("[data-feedback]")).to_be_visible()
    lan.goto(f"{SECOND}/lam")
    lan.locator("button[value=tu-lam]").first.tap()
    lan.wait_for_url(re.compile(r"/toi/luot/[0-9a-f]{32}$"))
    attempt = lan.url
    finish_practice(lan)
    site.stop()
    folder = site.courses / "vneid/02-kich-hoat"
    (folder / "hieu.md").write_text(SECOND_HIEU.replace("Mã OTP gửi về đâu?", "Mã OTP về máy nào?"), "utf-8")
    (folder / "lam.md").write_text(SECOND_LAM.replace("Chạm", "Bác chạm"), "utf-8")
    site.start()
    go_online(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("question-card")).to_contain_text("Mã OTP về máy nào?")
    lan.goto(f"{attempt}/ket-qua")
    lan.locator("[data-network] a", has_text="Bác tập lượt mới nhé.").tap()
    lan.wait_for_url(f"**{SECOND}/lam")
    wait_until(lan, lambda: before not in lan.evaluate(CACHES))
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("question-card")).to_contain_text("Mã OTP về máy nào?")


def test_an_update_never_mixes_two_versions(lan, site, monitor):
    download_course(lan)
    [before] = lan.evaluate(BUILDS)
    site.stop()
    sheet = site.folder / "program/static/css/base.css"
    sheet.write_text(sheet.read_text("utf-8") + "\nbody { --offline-test: 1; }\n", "utf-8")
    site.start()
    lan.context.route("**/dung", lambda route: route.abort())  # the new version does not come whole
    visit(lan, "/vneid")
    [after] = lan.evaluate(BUILDS)
    assert after != before
    go_offline(lan)
    for path in ("/vneid", f"{FIRST}/hieu", f"{FIRST}/dung"):
        lan.goto(path)
        assert lan.evaluate(BUILDS) == [before]
    go_online(lan)
    lan.context.unroute("**/dung")
    lan.goto("/vneid")
    wait_until(lan, lambda: any(after in name for name in lan.evaluate(CACHES) if name.startswith("course-")))
    wait_until(lan, lambda: not any(before in name for name in lan.evaluate(CACHES)))
    go_offline(lan)
    for path in ("/vneid", f"{FIRST}/hieu", f"{FIRST}/dung"):
        lan.goto(path)
        assert lan.evaluate(BUILDS) == [after]
