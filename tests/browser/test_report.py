"""Report, witnesses, Wi-Fi and trial in a real browser: fit for old eyes, and the report on one sheet of paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms.content.model import Lesson
from lms.learning.classroom.lifecycle import command_handler, opening
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.commands import read_command
from lms.learning.classroom.tasks.attestation import witness
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, writing
from lms.learning.store.models import AccountRow, PracticeAttempt
from tests.browser.classes import PRACTISED, code_of, command, joins, opens_class
from tests.browser.conftest import PHONE
from tests.browser.duty import comes_in, leads_on, slip_of, user
from tests.browser.inspection import Inspector
from tests.browser.lessons import every_lesson, library
from tests.browser.markup import Inline, html_validate, nu_checker
from tests.browser.served import Site
from tests.browser.waiting import RECONNECTS
from tests.browser.walls import LastRow
from tests.learning.classroom.room import practise

PAPER = {"width": 703, "height": 1032}  # px: an A4 less its margins
PLACE = "Nhà văn hóa khu phố 3, số 12 đường Nguyễn Thị Minh Khai, đối diện chợ, lầu một"


@pytest.fixture
def minh(take, site: Site) -> Page:
    page = take(PHONE)
    comes_in(page, slip_of(user(site, "add", "--name", "Minh", "--role", "facilitator", "--ward", "An Đông")))
    return page


def full_class(site: Site, lesson: Lesson, phones: int = 5) -> str:
    """A closed class in which everything happened that a report tells, twice where it can; the report's address."""
    engine = make_engine(f"sqlite:///{site.data_dir / 'lms.sqlite3'}")
    now = datetime.now(UTC) - timedelta(minutes=95)
    with writing(engine).begin() as session:
        account = session.scalars(select(AccountRow).where(AccountRow.name == "Minh").limit(1)).one()
        klass = opening.open_class(
            session, account_id=account.id, ward=account.ward, lesson=lesson, place=PLACE, mode="tu-lam", now=now
        )
        shelf = library()

        def say(**said: object) -> None:
            command_handler.command(
                session, klass.id, account_id=account.id, command=read_command(said), library=shelf, now=now
            )

        sat = [
            seats.join(session, learner_id=new_learner_id(), code=klass.code, people=2, now=now) for _ in range(phones)
        ]
        for question in lesson.understand.questions:
            say(to=f"hoi-{question.id}")
            for number in (1, 2):
                say(step=f"hoi-{question.id}", round=number, phase="open")
                class_answers.keep_hands(
                    session, klass.id, question.id, number, dict.fromkeys(class_answers.bar_keys(question)[:1], 4),
                    account_id=account.id, library=shelf,
                )  # fmt: skip
                if question.kind in ("choice", "poll"):
                    for seat in sat:
                        class_answers.keep_class_answer(
                            session, learner_id=seat.learner_id, code=klass.code, question_id=question.id,
                            round=number, given=[question.options[0].key], library=shelf, now=now,
                        )  # fmt: skip
                say(step=f"hoi-{question.id}", phase="locked")
        if lesson.practice:
            say(to="tap")
            for seat in sat:
                attempt = practise(session, learner_id=seat.learner_id, code=klass.code, library=shelf, now=now)
                row = session.get(PracticeAttempt, attempt.id)
                row.state = row.state | {"been": {name: [3, 0, 0, False, True] for name in attempt.model["screens"]}}
            session.flush()
        if lesson.use and lesson.use.tasks:
            tasks = [task.id for task in lesson.use.tasks]
            for seat in sat[:3]:
                witness(session, klass.id, seat.number, account_id=account.id, use=lesson.use, task_ids=tasks, now=now)
        opening.set_head_count(session, klass.id, 40, account_id=account.id)
        say(close=True)
    engine.dispose()
    return f"/dung-lop/{klass.id}/bao-cao"


def sheets_of(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))


@pytest.fixture
def paper(minh: Page, site: Site, chromium: Browser) -> Iterator[Page]:
    """A page of Minh's as a printer sees it."""
    context = chromium.new_context(base_url=site.url, viewport=PAPER, storage_state=minh.context.storage_state())
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def smallest_of(page: Page, within: str) -> float:
    """Letters, in px."""
    return page.evaluate(
        "(within) => Math.min(...[...document.querySelectorAll(within + ' *')]"
        ".map((one) => parseFloat(getComputedStyle(one).fontSize)))",
        within,
    )


def test_the_report_of_every_lesson_fits_one_sheet_and_can_be_read(paper, site):
    found = {}
    for lesson in every_lesson():
        paper.goto(full_class(site, lesson), wait_until="load")
        smallest = smallest_of(paper, ".report")
        if sheets_of(paper) != 1 or smallest < 12 * 4 / 3 - 0.01:
            found[lesson.slug] = (sheets_of(paper), smallest)
    assert found == {}


@pytest.mark.parametrize("phones", [0, 1, 60])
def test_the_report_of_an_empty_hall_and_of_a_full_one_fits_one_sheet_and_nothing_lies_over_anything(
    paper, site, phones
):
    lesson = max(every_lesson(), key=lambda one: (one.practice is not None, len(one.understand.questions)))
    paper.goto(full_class(site, lesson, phones), wait_until="load")
    assert sheets_of(paper) == 1
    bars = paper.evaluate(
        "() => [...document.querySelectorAll('.line__ink')].map((one) => one.getBoundingClientRect())"
        ".map(({ top, bottom }) => [top, bottom])"
    )
    assert all(bottom < top for (_, bottom), (top, _) in pairwise(bars))
    cut = paper.evaluate(
        "() => [...document.querySelectorAll('.line__said')]"
        ".filter((one) => one.getBoundingClientRect().right > document.querySelector('.report')"
        ".getBoundingClientRect().right).map((one) => one.textContent)"
    )
    assert cut == []


def test_the_halls_wifi_and_the_way_into_the_class_are_a_poster_for_the_door(minh, paper):
    base = opens_class(minh, PRACTISED)
    for name, password in (("NhaVanHoa KP3", "hoc-chung-2026"), ("W" * 32, "W" * 63), ("Quán nước", "")):
        minh.goto(f"{base}/wifi", wait_until="load")
        minh.locator("#ten").fill(name)
        minh.locator("#mat-khau").fill(password)
        leads_on(minh.get_by_role("button", name="Hiện lên màn chiếu"))
        expect(minh.get_by_role("button", name="In tờ dán cửa")).to_be_visible()
        expect(minh.locator(".poster")).to_be_hidden()
        paper.goto(f"{base}/wifi", wait_until="load")
        expect(paper.locator(".poster")).to_contain_text(name)
        assert sheets_of(paper) == 1
        assert smallest_of(paper, ".poster") >= 18 * 4 / 3 - 0.01
        for square in paper.locator(".poster .qr__square").all():
            assert square.bounding_box()["width"] >= 50 * 96 / 25.4
        assert not paper.locator(".dock, .top, .poster ~ form").filter(visible=True).count()
        steps = [step.bounding_box() for step in paper.locator(".poster__step").all()]
        assert steps[0]["x"] + steps[0]["width"] < steps[1]["x"]
        assert steps[1]["x"] + steps[1]["width"] <= PAPER["width"]


def test_every_page_is_fit_for_a_volunteer_of_seventy(minh, site, take, watcher):
    watcher.expected = {404}
    inspector = Inspector(minh)
    report = full_class(site, library().lesson(*PRACTISED.split("/")))
    for path, where in ((report, "report"), ("/dung-lop/bao-cao", "reports"), (report[:-8], "closed")):
        minh.goto(path, wait_until="load")
        inspector.looks_at_page(where)
    minh.goto("/thu-truoc-gio", wait_until="load")
    inspector.looks_at_page("before a trial")
    leads_on(minh.get_by_role("button", name="Bắt đầu thử"))
    expect(minh.locator(".trial__number")).to_be_visible()
    inspector.looks_at_page("a trial")
    phone = take(PHONE)
    looking = Inspector(phone)
    phone.goto(re.search(r"/thu-truoc-gio/\d{4}", minh.locator("main").inner_text())[0], wait_until="load")
    looking.looks_at_page("a phone that tries")
    leads_on(phone.get_by_role("button", name="Thử máy này"))
    expect(phone.locator("h1")).to_have_text("Máy này vào được")
    looking.looks_at_page("a phone that was counted")
    expect(minh.locator(".trial__number")).to_have_text("1")
    expect(minh.locator("[data-part=found]")).to_contain_text(re.compile("Mạng .+ 1 máy"))  # as it is here and now
    phone.goto("/thu-truoc-gio/0", wait_until="load")
    looking.looks_at_page("a wrong number")
    base = opens_class(minh, PRACTISED)
    joins(take(PHONE), code_of(minh))
    for path in ("/wifi", "/chung-kien", chosen_tasks()):
        minh.goto(base + path, wait_until="load")
        inspector.looks_at_page(path)
    assert inspector.found | looking.found == {}


def test_the_pages_are_correct_html_with_nothing_inline(minh, site, take, tmp_path):
    saved: dict[Path, str] = {}

    def saves(address: str) -> None:
        file = tmp_path / f"{len(saved):02}.html"
        file.write_bytes(minh.request.get(address, max_retries=RECONNECTS).body())
        saved[file] = file.read_text("utf-8")

    saves(full_class(site, library().lesson(*PRACTISED.split("/"))))
    saves("/dung-lop/bao-cao")
    saves("/thu-truoc-gio")
    minh.goto("/thu-truoc-gio")
    leads_on(minh.get_by_role("button", name="Bắt đầu thử"))
    expect(minh.locator(".trial__number")).to_be_visible()
    saves("/thu-truoc-gio")
    saves(re.search(r"/thu-truoc-gio/\d{4}", minh.locator("main").inner_text())[0] + "?may=" + "a" * 16)
    base = opens_class(minh, PRACTISED)
    joins(take(PHONE), code_of(minh))
    minh.goto(f"{base}/wifi")
    minh.locator("#ten").fill("NhaVanHoa")
    leads_on(minh.get_by_role("button", name="Hiện lên màn chiếu"))
    expect(minh.locator(".qr-card")).to_be_visible()
    for path in ("/wifi", "/chung-kien", chosen_tasks()):
        saves(base + path)
    assert html_validate(saved) == ""
    assert nu_checker(saved) == []
    assert {file.name: found for file, text in saved.items() if (found := Inline.in_page(text))} == {}


def chosen_tasks() -> str:
    """The page of the seats, with all tasks of the lesson chosen."""
    tasks = library().lesson(*PRACTISED.split("/")).use.tasks
    return "/chung-kien?" + "&".join(f"viec={task.id}" for task in tasks)


def test_a_tap_marks_a_seat_in_place_and_another_one_takes_it_back(minh, take):
    base = opens_class(minh, PRACTISED)
    code = code_of(minh)
    for _ in range(2):
        joins(take(PHONE), code)
    minh.goto(f"{base}/chung-kien", wait_until="load")
    minh.locator(".tickbox").first.tap()
    leads_on(minh.get_by_role("button", name="Xong, sang từng người"))
    minh.evaluate("() => { window.stays = true }")
    minh.get_by_role("button", name="Tôi đã thấy: số 2").tap()
    expect(minh.locator("#cho-2 strong", has_text="Đã thấy")).to_be_visible()
    expect(minh.locator("[data-part=count]")).to_have_text("Đã thấy 1 trong 2 chỗ.")
    minh.get_by_role("button", name="Chạm nhầm: số 2").tap()
    expect(minh.locator("[data-part=count]")).to_have_text("Đã thấy 0 trong 2 chỗ.")
    assert minh.evaluate("() => window.stays")


def test_a_task_seen_later_is_added_in_place_and_the_phone_hears_that_it_was_seen(minh, take):
    base = opens_class(minh, PRACTISED)
    lan = take(PHONE)
    joins(lan, code_of(minh))
    command(minh, to="dung")
    expect(lan.locator("[data-part=dung]")).to_be_visible()
    expect(lan.locator("[data-seen]")).to_be_hidden()
    minh.goto(f"{base}{chosen_tasks().partition('&')[0]}", wait_until="load")
    minh.get_by_role("button", name="Tôi đã thấy: số 1").tap()
    expect(lan.locator("[data-seen]")).to_be_visible()
    expect(minh.get_by_role("button", name="Chạm nhầm: số 1")).to_be_focused()
    leads_on(minh.get_by_role("link", name="Chọn lại việc"))
    minh.locator(".tickbox").nth(1).tap()
    leads_on(minh.get_by_role("button", name="Xong, sang từng người"))
    minh.get_by_role("button", name="Thấy thêm: số 1").tap()
    expect(minh.get_by_role("button", name="Chạm nhầm: số 1")).to_be_focused()
    expect(minh.locator("#cho-1 button")).to_have_count(1)
    expect(minh.get_by_text("Ai đã ghi rồi")).to_have_count(0)


def test_the_wall_shows_the_network_first_for_the_last_row_too(minh, take):
    base = opens_class(minh, PRACTISED)
    wall = take({"viewport": {"width": 1920, "height": 1080}, "locale": "vi-VN"})
    wall.goto("/chieu")
    expect(wall.locator(".pair__digit")).to_have_count(4)
    minh.locator("#bon-so").fill("".join(wall.locator(".pair__digit").all_inner_texts()))
    leads_on(minh.get_by_role("button", name="Ghép"))
    expect(wall.locator(".join__code")).to_be_visible()
    last_row = LastRow(wall)
    networks = (("NhaVanHoa KP3", "hoc-chung-2026"), ("W" * 32, "W" * 30), ("M" * 32, "M" * 63), ("Quán nước", ""))
    for name, password in networks:
        minh.goto(f"{base}/wifi", wait_until="load")
        minh.locator("#ten").fill(name)
        minh.locator("#mat-khau").fill(password)
        leads_on(minh.get_by_role("button", name="Hiện lên màn chiếu"))
        expect(wall.locator(".network")).to_contain_text(name)
        last_row.looks(name)
    minh.get_by_role("button", name="Bỏ khỏi màn chiếu").tap()
    expect(wall.locator(".network")).to_have_count(0)
    assert last_row.found == {}
