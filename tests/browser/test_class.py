"""A class in real browsers: a desk, a projector, and phones that join, answer, practise, get lost and come back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.inspection import Inspector
from tests.browser.lessons import every_lesson
from tests.browser.served import Site
from tests.browser.test_accounts import comes_in, slip_of, user
from tests.browser.test_desk import PRACTISED, code_of, goes_on, goes_on_to, joins, opens_class
from tests.browser.test_html import test_html_validate_finds_nothing as html_validate_finds_nothing
from tests.browser.test_html import test_the_nu_checker_finds_nothing as the_nu_checker_finds_nothing
from tests.browser.waiting import PATIENT, RECONNECTS, until
from tests.browser.walls import WALLS, LastRow

QUESTIONED = "vneid/ba-loai-ma"
MOST_STEPS = 80


@pytest.fixture
def desk(take, site: Site) -> Page:
    """Minh's phone, signed in."""
    page = take(PHONE)
    comes_in(page, slip_of(user(site, "add", "--name", "Minh", "--role", "facilitator", "--ward", "An Đông")))
    return page


@pytest.fixture
def wall(take) -> Page:
    """A projector that waits for a class."""
    page = take(PROJECTOR)
    page.goto("/chieu")
    expect(page.locator(".pair__digit")).to_have_count(4)
    return page


def pairs(desk: Page, wall: Page) -> None:
    desk.locator("#bon-so").fill("".join(wall.locator(".pair__digit").all_inner_texts()))
    with desk.expect_navigation():
        desk.get_by_role("button", name="Ghép").click()
    expect(wall.locator(".join__code")).to_be_visible()
    wall.wait_for_load_state("load")


def command(desk: Page, **said: str) -> None:
    """What a form of the desk would send, sent by itself."""
    token = desk.locator("input[name=csrf_token]").first.get_attribute("value")
    base = re.search(r"/dung-lop/[0-9a-f]{32}", desk.url)[0]
    answer = desk.request.post(
        f"{base}/lenh",
        form={"csrf_token": token} | said,
        headers={"Referer": desk.url},
        max_retries=RECONNECTS,
    )
    assert answer.ok, answer.text()


def anew(phone: Page, address: str) -> Page:
    """A phone without a script at this address, in another tab: in class its page loads again by itself every few
    seconds, and whoever loads another one there meanwhile is interrupted."""
    tab = phone.context.new_page()
    phone.close()
    tab.goto(address)
    return tab


def shows(wall: Page, **state: str | int) -> None:
    """Wait until the board was drawn for this state of the class."""
    for name, value in state.items():
        said = re.compile(re.escape(f"{json.dumps(name)}: {json.dumps(value)}") + "[,}]")
        expect(wall.locator("[data-room]")).to_have_attribute("data-snapshot", said)


def part(phone: Page, name: str):
    return phone.locator(f"[data-part='{name}']")


def open_question(phone: Page):
    return phone.locator("[data-asked].asked--open:visible")


def asks_lan(take, desk: Page) -> tuple[Page, str, str]:
    """A phone in a class where a choice is open: the phone, the question, the code."""
    opens_class(desk, QUESTIONED)
    code = code_of(desk)
    lan = take(PHONE)
    joins(lan, code)
    question = choice_of(lan)
    command(desk, to=question)
    command(desk, step=question, phase="open")
    expect(open_question(lan)).to_be_visible()
    return lan, question, code


def test_a_whole_class_with_a_projector_and_three_phones(take, desk, wall):
    opens_class(desk, PRACTISED)
    code = code_of(desk)
    pairs(desk, wall)
    lan, plain, late = take(PHONE), take(PHONE, script=False), take(PHONE)
    for number, phone in enumerate((lan, plain), 1):
        joins(phone, code)
        expect(phone.locator(".seat__number")).to_have_text(f"Số {number}")
        expect(wall.locator("[data-machines]").first).to_have_text(str(number))
    expect(wall.locator("[data-newest] img").first).to_have_attribute("alt", "hoa sen")

    goes_on_to(desk, "Mở câu hỏi")
    goes_on(desk)
    expect(open_question(lan)).to_be_visible()
    joins(late, code)
    expect(open_question(late)).to_be_visible()
    expect(open_question(plain)).to_be_visible()  # looks again by itself, every few seconds
    kind = open_question(lan).get_attribute("data-asked")
    for phone in (lan, late):
        answers(phone)
        expect(open_question(phone).locator("[data-kept]")).to_be_visible()
    answers(plain)
    open_question(plain).locator("button[type=submit]").click()
    expect(wall.locator("[data-given]")).to_have_text("3")
    goes_on(desk)
    expect(lan.locator(".asked--locked:visible")).to_be_visible()
    expect(wall.locator(".ask__over")).to_be_visible()
    goes_on(desk)
    expect(wall.locator(".result")).to_be_visible()
    expect(lan.locator(".told__right:visible, .told__one:visible").first).to_be_visible()
    if kind == "choice":
        expect(lan.locator("[data-mine]:visible")).to_have_count(1)

    goes_on_to(desk, "Bước tiếp")
    expect(wall.locator(".demo")).to_be_visible()
    words = wall.locator(".demo__say").inner_text()
    goes_on(desk)
    expect(wall.locator(".demo__say")).not_to_have_text(words)

    command(desk, to="tap")
    for phone in (lan, late):
        phone.wait_for_url("**/toi/luot/*")
        expect(phone.locator("[data-inclass]")).to_be_visible()
    expect(wall.locator("[data-stands]")).to_be_visible()
    plain = anew(plain, f"/lop/{code}")
    plain.get_by_role("button", name="Vào tập").click()
    expect(plain.locator("[data-inclass]")).to_contain_text("Số 2")
    first = wall.locator("[data-stand]").first
    expect(first.locator("[data-n]")).to_have_text("3")
    lan.locator("[data-widget].pointed").first.click()
    expect(first.locator("[data-n]")).to_have_text("2")

    command(desk, to="ket")
    expect(lan.locator("[data-moved]")).to_be_visible()
    lan.get_by_role("link", name="Về lớp").click()
    expect(part(lan, "ket")).to_be_visible()
    command(desk, close="true")
    lan.wait_for_url(f"**/lop/{code}/ket")
    expect(lan.locator(".code")).to_be_visible()
    expect(late.locator("[data-moved]")).to_contain_text("Mã học của bác ở “Về lớp”")
    expect(late.locator("[data-hand]")).to_be_hidden()
    plain.goto(f"/lop/{code}")
    expect(plain.locator("h1")).to_have_text("Cảm ơn bác đã học cùng lớp")
    expect(wall.locator(".over")).to_contain_text("cảm ơn các bác")


def test_a_phone_offers_a_button_to_the_practice_only_when_it_does_not_open_by_itself(take, desk):
    opens_class(desk, PRACTISED)
    code = code_of(desk)
    lan = take(PHONE)
    lan.add_init_script(PATIENT)
    joins(lan, code)
    held: list[Route] = []
    lan.route("**/lop/*/tap", lambda route: held.append(route))
    with lan.expect_request("**/lop/*/tap"):  # the phone may be faster than the command's answer
        command(desk, to="tap")
    until(lan, lambda: held)
    expect(part(lan, "tap")).to_contain_text("Bài tập đang mở")
    expect(lan.get_by_role("button", name="Vào tập")).to_be_hidden()
    held[0].fulfill(json={"error": "Máy này chưa vào được."})
    expect(lan.get_by_role("button", name="Vào tập")).to_be_visible()
    lan.unroute("**/lop/*/tap")
    lan.get_by_role("button", name="Vào tập").click()
    lan.wait_for_url("**/toi/luot/*")


def answers(phone: Page) -> None:
    """Something for each field of the question that is open."""
    question = open_question(phone)
    if question.locator("select").count():
        for field in question.locator("select").all():
            field.select_option(index=1)
    elif question.locator("input[type=text]").count():
        question.locator("input[type=text]").fill("12")
    else:
        question.locator("label").nth(1).click()


def test_she_may_change_her_mind_until_the_question_is_locked(take, desk, watcher):
    lan, question, _ = asks_lan(take, desk)
    options = part(lan, question).locator("label")
    options.nth(0).click()
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()
    with lan.expect_request_finished(lambda request: "tra-loi" in request.url):
        options.nth(1).click()
    lan.reload()
    expect(options.nth(1).locator("input")).to_be_checked()
    command(desk, step=question, phase="locked")
    expect(options.nth(0).locator("input")).to_be_disabled()
    assert "Câu đúng" not in lan.content()
    command(desk, step=question, phase="shown")
    expect(part(lan, question).locator(".told__one--right")).to_be_visible()


def choice_of(phone: Page) -> str:
    return phone.locator("[data-asked=choice]").first.get_attribute("data-part")


def test_a_lost_line_never_says_that_the_class_is_over_and_loses_no_answer(take, desk, watcher):
    lan, question, _ = asks_lan(take, desk)
    lan.context.set_offline(True)
    part(lan, question).locator("label").nth(1).click()
    expect(part(lan, question).locator("[data-trouble]")).to_contain_text("máy đang gửi lại")
    expect(part(lan, question)).to_be_visible()
    assert "kết thúc" not in lan.locator("main").inner_text()
    lan.context.set_offline(False)
    expect(part(lan, question).locator("[data-kept]")).to_be_visible(timeout=30_000)
    expect(part(lan, question).locator("[data-trouble]")).to_be_hidden()
    watcher.complaints = [one for one in watcher.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_an_answer_that_was_picked_before_the_script_came_is_kept(take, desk):
    lan, question, code = asks_lan(take, desk)
    held: list[Route] = []
    lan.route("**/classroom/seat*", lambda route: held.append(route))
    lan.goto(f"/lop/{code}", wait_until="commit")
    picked = part(lan, question).locator("[data-fields] input").nth(1)
    picked.dispatch_event("click")
    expect(picked).to_be_checked()
    until(lan, lambda: held)
    held[0].continue_()
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()


def test_what_she_picked_in_one_round_is_not_her_answer_in_the_next(take, desk):
    """She is elsewhere when it begins and comes back: no browser picks for her what she picked before."""
    lan, question, _ = asks_lan(take, desk)
    part(lan, question).locator("[data-fields] input").nth(1).tap()
    expect(part(lan, question).locator("[data-kept]")).to_be_visible()
    lan.goto("/")
    command(desk, step=question, round="2")
    command(desk, step=question, phase="open")
    lan.go_back()
    expect(part(lan, question).locator("[data-round]")).to_have_value("2")
    expect(part(lan, question).locator("[data-fields] input:checked")).to_have_count(0)
    expect(part(lan, question).locator("[data-kept]")).to_be_hidden()


def test_pause_and_gate_cover_a_practice_and_give_it_back_as_it_was(take, desk):
    opens_class(desk, PRACTISED)
    lan = take(PHONE)
    joins(lan, code_of(desk))
    command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*")
    screen = lan.locator("main [data-screen]").get_attribute("data-screen")
    command(desk, paused="true")
    expect(lan.locator("[data-cover=pause]")).to_be_visible()
    expect(lan.locator("main [data-screen]")).to_be_hidden()
    command(desk, paused="false")
    expect(lan.locator("[data-cover=pause]")).to_be_hidden()
    command(desk, gate=screen)
    expect(lan.locator("[data-cover=gate]")).to_be_visible()
    command(desk, gate="null")
    expect(lan.locator("main [data-screen]")).to_be_visible()
    command(desk, to="dung")
    expect(lan.locator("[data-moved]")).to_be_visible()
    assert "/toi/luot/" in lan.url


def test_who_comes_to_the_gate_by_her_own_tap_waits_there(take, desk):
    opens_class(desk, PRACTISED)
    first, lan = take(PHONE), take(PHONE)
    for phone in (first, lan):
        joins(phone, code_of(desk))
    command(desk, to="tap")
    for phone in (first, lan):
        phone.wait_for_url("**/toi/luot/*")
    screen = first.locator("main [data-screen]").get_attribute("data-screen")
    first.locator("[data-widget].pointed").first.click()
    expect(first.locator("main [data-screen]")).not_to_have_attribute("data-screen", screen)
    command(desk, gate=first.locator("main [data-screen]").get_attribute("data-screen"))
    expect(first.locator("[data-cover=gate]")).to_be_visible()
    lan.locator("[data-widget].pointed").first.click()
    expect(lan.locator("[data-cover=gate]")).to_be_visible()


def test_put_out_and_let_in_again(take, desk, watcher):
    base = opens_class(desk, QUESTIONED)
    lan = take(PHONE)
    joins(lan, code_of(desk))
    expect(part(lan, "cho")).to_be_visible()
    desk.goto(f"{base}/cho/1")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Mời ra").click()
    expect(part(lan, "ra")).to_be_visible()
    desk.goto(f"{base}/cho/1")
    desk.get_by_role("button", name="Cho vào lại").click()
    expect(part(lan, "cho")).to_be_visible()


def test_a_lost_cookie_comes_back_to_its_seat_with_one_tap_of_the_desk(take, desk):
    base = opens_class(desk, QUESTIONED)
    code = code_of(desk)
    lan = take(PHONE)
    joins(lan, code)
    expect(lan.locator(".seat__number")).to_have_text("Số 1")
    lan.context.clear_cookies()
    lan.goto(f"/lop/{code}")
    with lan.expect_navigation():
        lan.get_by_role("link", name="Tôi đã vào lớp này rồi").click()
    lan.locator("#so").fill("1")
    lan.get_by_role("button", name="Xin vào lại").click()
    expect(lan.locator("h1")).to_contain_text("Đang chờ")
    desk.goto(base)
    desk.get_by_role("button", name=re.compile("Đồng ý|Đúng")).first.click()
    lan.wait_for_url(f"**/lop/{code}")
    expect(lan.locator(".seat__number")).to_have_text("Số 1")


def test_a_phone_whose_number_went_to_another_one_says_so_and_offers_the_class(take, desk, watcher):
    watcher.expected = {403}  # the phone whose seat went
    base = opens_class(desk, QUESTIONED)
    code = code_of(desk)
    old, new = take(PHONE), take(PHONE)
    joins(old, code)
    expect(part(old, "cho")).to_be_visible()
    new.goto(f"/lop/{code}/toi-da-vao")
    new.locator("#so").fill("1")
    new.get_by_role("button", name="Xin vào lại").click()
    expect(new.locator("h1")).to_contain_text("Đang chờ")
    desk.goto(base)
    desk.get_by_role("button", name=re.compile("Đồng ý|Đúng")).first.click()
    expect(old.get_by_text("Số 1 giờ ở máy khác.")).to_be_visible()
    old.get_by_role("button", name="Vào lớp").click()
    expect(old.locator(".seat__number")).to_have_text("Số 2")


def test_every_page_of_a_learner_in_class_is_fit_for_old_eyes_and_fingers(take, desk, watcher):
    opens_class(desk, QUESTIONED)
    code = code_of(desk)
    lan = take(PHONE)
    inspector = Inspector(lan)
    lan.goto("/lop", wait_until="load")
    inspector.looks_at_page("six digits")
    lan.locator("#ma-lop").fill("123456")
    expect(lan.locator("[data-mistyped]")).to_be_visible()
    inspector.looks_on_phones("mistyped")
    lan.locator("#ma-lop").fill("12345")
    lan.locator("#ma-lop").press("Enter")
    expect(lan.locator("[data-mistyped]")).to_have_text(
        "Mã lớp có 6 chữ số, bác mới gõ 5 số. Bác nhìn lại màn chiếu rồi gõ cho đủ nhé."
    )
    lan.goto(f"/lop/{code}", wait_until="load")
    inspector.looks_at_page("the door")
    lan.goto(f"/lop/{code}/toi-da-vao", wait_until="load")
    inspector.looks_at_page("I was here before")
    joins(lan, code)
    expect(part(lan, "cho")).to_be_visible()
    inspector.looks_on_phones("her seat")
    lan.locator("[data-hand] button").click()
    expect(lan.locator("[data-raised]")).to_be_visible()
    inspector.looks_on_phones("her hand is up")
    for kind in ("choice", "multiple", "poll", "typed", "ordering", "matching"):
        asked = lan.locator(f"[data-asked={kind}]")
        if not asked.count():
            continue
        key = asked.first.get_attribute("data-part")
        command(desk, to=key)
        for phase in ("read", "open", "locked", "shown"):
            command(desk, step=key, phase=phase)
            expect(lan.locator(f".asked--{phase}[data-part='{key}']")).to_be_visible()
            if phase == "shown":
                expect(part(lan, key).locator("[data-told-here] > *").first).to_be_visible()
            inspector.looks_on_phones(f"{kind}, {phase}")
    for step in ("dung", "ket"):
        command(desk, to=step)
        expect(part(lan, step)).to_be_visible()
        inspector.looks_on_phones(step)
    command(desk, paused="true")
    expect(lan.locator("[data-paused]")).to_be_visible()
    inspector.looks_on_phones("paused")
    lan.goto(f"/lop/{code}/ket", wait_until="load")
    inspector.looks_at_page("what she takes home")
    assert inspector.found == {}


def test_a_practice_in_class_is_fit_for_old_eyes_and_fingers(take, desk):
    opens_class(desk, PRACTISED)
    lan = take(PHONE)
    inspector = Inspector(lan)
    joins(lan, code_of(desk))
    command(desk, to="tap")
    lan.wait_for_url("**/toi/luot/*", wait_until="load")
    inspector.looks_on_phones("practice")
    command(desk, paused="true")
    expect(lan.locator("[data-cover=pause]")).to_be_visible()
    inspector.looks_on_phones("covered")
    assert inspector.found == {}


@pytest.mark.parametrize(("lesson", "first"), [(QUESTIONED, "vao"), (PRACTISED, "mau")])
def test_the_last_row_of_a_hall_can_read_every_board(desk, wall, lesson, first):
    last_row = LastRow(wall)
    last_row.looks("waiting")
    opens_class(desk, lesson)
    pairs(desk, wall)
    command(desk, to=first)
    shows(wall, step=first)
    desk.reload()
    last_row.looks("joining")
    for step in range(MOST_STEPS):
        label = desk.locator("[data-on]").inner_text()
        if "Đóng lớp" in label:
            break
        now = json.loads(wall.locator("[data-room]").get_attribute("data-snapshot"))["v"]
        goes_on(desk)
        shows(wall, v=now + 1)
        last_row.looks(f"{step} after {label}")
    command(desk, paused="true")
    expect(wall.locator(".strip--paused")).to_be_visible()
    last_row.looks("paused")
    assert last_row.found == {}


def test_the_fullest_result_of_all_is_read_from_the_last_row_in_every_round(desk, wall):
    lesson, question = max(
        ((each, one) for each in every_lesson() for one in each.understand.questions if one.kind == "choice"),
        key=lambda found: sum(len(option.text) + len(option.why or "") for option in found[1].options),
    )
    step = f"hoi-{question.id}"
    opens_class(desk, f"{lesson.course}/{lesson.slug}")
    pairs(desk, wall)
    command(desk, to=step)
    last_row = LastRow(wall)
    for number in (1, 2):
        if number > 1:
            command(desk, step=step, round=str(number))
        for phase in ("open", "locked", "shown"):
            command(desk, step=step, phase=phase)
        expect(wall.locator(".result")).to_be_visible()
        expect(wall.locator(".got__was")).to_have_count(0 if number == 1 else len(question.options))
        last_row.looks(f"round {number}")
        for size in WALLS:
            wall.set_viewport_size(size)
            for said in wall.locator(".got--right .got__why").all():
                expect(said).to_be_visible()
    assert last_row.found == {}


def test_in_a_sunny_hall_the_wall_is_still_read(desk, wall):
    opens_class(desk, PRACTISED)
    pairs(desk, wall)
    wall.mouse.move(1900, 10)
    with wall.expect_navigation():
        wall.get_by_role("button", name="Phòng sáng").click()
    expect(wall.locator("html.wall--sun")).to_be_visible()
    last_row = LastRow(wall)
    last_row.looks("joining")
    command(desk, to="tap")
    expect(wall.locator("[data-stands]")).to_be_visible()
    last_row.looks("practising")
    assert last_row.found == {}


def test_every_page_of_a_class_is_correct_html(take, desk, wall, tmp_path):
    opens_class(desk, QUESTIONED)
    code = code_of(desk)
    pairs(desk, wall)
    lan = take(PHONE, script=False)
    saved: list[Path] = []

    def saves(page: Page, *addresses: str) -> None:
        for address in addresses:
            file = tmp_path / f"{len(saved):03}.html"
            file.write_bytes(page.context.request.get(address, max_retries=RECONNECTS).body())
            saved.append(file)

    saves(lan, "/lop", "/lop?ma=123456", f"/lop/{code}", f"/lop/{code}/toi-da-vao")
    joins(lan, code)
    for kind in ("choice", "typed", "ordering", "matching", "poll"):
        asked = lan.locator(f"[data-asked={kind}]")
        for phase in ("read", "open", "locked", "shown") if asked.count() else ():
            key = asked.first.get_attribute("data-part")
            command(desk, to=key)
            command(desk, step=key, phase=phase)
            saves(lan, f"/lop/{code}")
            saves(wall, "/chieu")
    saves(lan, f"/lop/{code}/ket", f"/lop/{code}/toi-da-vao")
    opens_class(desk, PRACTISED)
    code = code_of(desk)
    lan = anew(lan, "/lop")
    joins(lan, code)
    command(desk, to="tap")
    lan = anew(lan, f"/lop/{code}")
    lan.get_by_role("button", name="Vào tập").click()
    lan.wait_for_url("**/toi/luot/*")
    saves(lan, lan.url)
    html_validate_finds_nothing(saved)
    the_nu_checker_finds_nothing(saved)
