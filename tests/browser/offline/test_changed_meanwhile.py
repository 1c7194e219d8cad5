"""Another phone, the courses or the program go on while a phone has no network: nothing is lost, nothing is mixed."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lms.content.course_reader import read_course
from lms.content.model import Lesson
from tests.browser import journeys
from tests.browser.conftest import PHONE
from tests.browser.learner import Learner
from tests.browser.lessons import lesson_path
from tests.browser.offline.offline_phone import (
    CACHES,
    FIRST,
    IS_STORED,
    SECOND,
    WAITING_TICKS,
    answer,
    delivered,
    download_course,
    finish_practice,
    go_offline,
    go_online,
    open_current_page,
    visit,
)
from tests.browser.site_process import ROOT, Site, copy_migrated_store, site_env, stop_process, wait_for_address
from tests.browser.waiting import wait_until
from tests.web.sample_course import COURSE, FIRST_DUNG, FIRST_HIEU, SECOND_HIEU, SECOND_LAM, write_courses

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
IS_STORED_FOR_A_LEARNER = IS_STORED.replace('("learner-")', '("learner-") && name !== "learner-none"')
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
    open_current_page(lan, f"{SECOND}/hieu")
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
    open_current_page(lan, "/vneid")
    wait_until(lan, lambda: any(after in name for name in lan.evaluate(CACHES) if name.startswith("course-")))
    wait_until(lan, lambda: not any(before in name for name in lan.evaluate(CACHES)))
    go_offline(lan)
    for path in ("/vneid", f"{FIRST}/hieu", f"{FIRST}/dung"):
        lan.goto(path)
        assert lan.evaluate(BUILDS) == [after]
