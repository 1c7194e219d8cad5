"""A question in class on a phone: the answer survives lost connections and new rounds until it is locked."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.class_pages import (
    LESSON_WITH_QUESTIONS,
    class_code,
    class_part,
    join_class_session,
    join_with_open_question,
    open_class_session,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.lessons import lesson
from tests.browser.waiting import wait_until

LESSON_WITH_TYPED_QUESTION = "bat-dau/cham-vuot-go"
FORM_WITH_THIS_CHOICE = """(input) => {
  const data = new FormData(input.form)
  data.append(input.name, input.value)
  return new URLSearchParams(data).toString()
}"""


def test_an_answer_can_be_changed_until_the_question_is_locked(new_page, desk, monitor):
    lan, question, _ = join_with_open_question(new_page, desk)
    options = class_part(lan, question).locator("label")
    options.nth(0).click()
    expect(class_part(lan, question).locator("[data-saved]")).to_be_visible()
    with lan.expect_request_finished(lambda request: "tra-loi" in request.url):
        options.nth(1).click()
    lan.reload()
    expect(options.nth(1).locator("input")).to_be_checked()
    send_command(desk, step=question, phase="locked")
    expect(options.nth(0).locator("input")).to_be_disabled()
    assert "Câu đúng" not in lan.content()


def test_the_right_answer_reaches_a_phone_without_a_request_and_stays_after_a_reload(new_page, desk):
    lan, question, _ = join_with_open_question(new_page, desk)
    asked: list[str] = []
    card = class_part(lan, question)
    solution = card.locator("[data-solution]")
    asked_question = lesson(LESSON_WITH_QUESTIONS).understand.question(card.get_attribute("data-question"))
    right = next(option for option in asked_question.options if option.right)
    card.locator("label", has=lan.locator(f"[value='{right.key}']")).tap()
    expect(card.locator("[data-saved]")).to_be_visible()
    lan.on("request", lambda request: asked.append(request.url))
    for phase in ("locked", "shown"):
        send_command(desk, step=question, phase=phase)
    expect(solution.locator(".solution__option--correct")).to_be_visible()
    expect(solution).to_contain_text("Bác trả lời đúng")
    assert not asked
    told = solution.inner_text()
    lan.reload()
    expect(solution.locator("[data-right]")).to_be_visible()
    assert solution.inner_text() == told
    # A worker of the release before sends a state without it, and has it as a page.
    card.evaluate("card => ['locked', 'shown'].forEach((phase) => card.show({ phase, round: 1 }))")
    expect(solution.locator("[data-right]")).to_be_visible()
    assert [one for one in asked if "/dap/" in one]
    # The phone was away while the class answered again: it has not answered that round, so not rightly either.
    told = "{ question: card.dataset.question, html: card.solution.innerHTML }"
    card.evaluate(f"card => card.show({{ phase: 'shown', round: 2, right: '', solution: {told} }})")
    expect(solution.locator(".solution__option--correct")).to_be_visible()
    expect(solution.locator("[data-right]")).to_be_hidden()


def test_the_right_answer_reaches_a_phone_in_english_in_its_language(new_page, desk):
    lan, question, _ = join_with_open_question(new_page, desk)
    lan.goto(f"{lan.url.partition('?')[0]}?lang=en")
    card = class_part(lan, question)
    card.locator("label").first.tap()
    expect(card.get_by_text("Your answer has arrived.")).to_be_visible()  # until then it may come too late
    for phase in ("locked", "shown"):
        send_command(desk, step=question, phase=phase)
    expect(card.locator(".solution__option--correct")).to_contain_text("Right")
    assert "Câu đúng" not in card.inner_text()


def test_a_right_answer_that_was_lost_on_its_way_is_asked_for_again(new_page, desk, monitor):
    lan, question, _ = join_with_open_question(new_page, desk)
    lan.goto(f"{lan.url.partition('?')[0]}?lang=en")
    lan.route("**/dap/*", lambda route: route.abort(), times=1)
    for phase in ("locked", "shown"):
        send_command(desk, step=question, phase=phase)
    solution = class_part(lan, question).locator(".solution__option--correct")
    expect(solution).to_contain_text("Right")
    monitor.complaints = [one for one in monitor.complaints if "ERR_FAILED" not in one]


def test_a_lost_connection_loses_no_answer_and_does_not_end_the_class(new_page, desk, monitor):
    lan, question, _ = join_with_open_question(new_page, desk)
    lan.context.set_offline(True)
    class_part(lan, question).locator("label").nth(1).click()
    expect(class_part(lan, question).locator("[data-error]")).to_contain_text("máy đang gửi lại")
    expect(class_part(lan, question)).to_be_visible()
    assert "kết thúc" not in lan.locator("main").inner_text()
    lan.context.set_offline(False)
    expect(class_part(lan, question).locator("[data-saved]")).to_be_visible()
    expect(class_part(lan, question).locator("[data-error]")).to_be_hidden()
    monitor.complaints = [one for one in monitor.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_number_that_may_be_her_own_is_told_at_once_and_not_sent(new_page, desk):
    open_class_session(desk, LESSON_WITH_TYPED_QUESTION)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(desk))
    question = lan.locator("[data-kind=typed]").first.get_attribute("data-part")
    send_command(desk, to=question)
    send_command(desk, step=question, phase="open")
    card = class_part(lan, question)
    field = card.locator("input[type=text]")
    expect(field).to_be_enabled()
    sent = []
    lan.on("request", lambda request: sent.append(request.post_data) if "tra-loi" in request.url else None)
    field.fill("079160012345")
    field.press("Enter")
    expect(card.locator("[data-error]")).to_contain_text("đừng gõ mã hay số giấy tờ của bác")
    expect(field).to_have_value("")
    field.fill("mot")
    field.press("Enter")
    expect(card.locator("[data-saved]")).to_be_visible()
    expect(card.locator("[data-error]")).to_be_hidden()
    assert sent and not [data for data in sent if "0791" in data]


def test_a_late_answer_is_reported_and_replaced_by_the_saved_one(new_page, desk, monitor):
    lan, question, _ = join_with_open_question(new_page, desk)
    card = class_part(lan, question)
    options, trouble = card.locator("[data-fields] input"), card.locator("[data-error]")
    options.nth(0).tap()
    expect(card.locator("[data-saved]")).to_be_visible()
    _answer_without_network(lan, options.nth(1), trouble)
    send_command(desk, step=question, phase="locked")
    lan.context.set_offline(False)
    expect(trouble).to_contain_text("chưa được tính")
    expect(trouble).to_contain_text("Câu trả lời trước của bác vẫn còn.")
    expect(options.nth(0)).to_be_checked()
    expect(options.nth(1)).not_to_be_checked()
    send_command(desk, step=question, phase="shown")
    expect(card.locator(".solution__mine:visible")).to_have_count(1)
    send_command(desk, step=question, round="2")
    expect(card.locator(".class-question__new-round")).to_be_visible()
    expect(trouble).to_be_hidden()
    send_command(desk, step=question, phase="open")
    expect(options.nth(0)).to_be_enabled()
    _answer_without_network(lan, options.nth(1), trouble)
    send_command(desk, step=question, phase="locked")
    lan.context.set_offline(False)
    expect(trouble).to_contain_text("chưa được tính")
    expect(trouble).not_to_contain_text("vẫn còn")
    expect(card.locator("[data-fields] input:checked")).to_have_count(0)
    send_command(desk, step=question, phase="shown")
    expect(card.locator(".solution__option--correct")).to_be_visible()
    expect(card.locator(".solution__mine:visible")).to_have_count(0)
    monitor.complaints = [one for one in monitor.complaints if "ERR_INTERNET" not in one and "409" not in one]


def _answer_without_network(lan: Page, option: Locator, trouble: Locator) -> None:
    lan.context.set_offline(True)
    option.tap()
    expect(trouble).to_contain_text("máy đang gửi lại")


def test_an_answer_whose_response_was_lost_is_not_reported_as_late(new_page, desk, monitor):
    lan, question, _ = join_with_open_question(new_page, desk)
    card = class_part(lan, question)
    held: list[Route] = []
    answer = card.locator("[data-fields] input").nth(1).evaluate(FORM_WITH_THIS_CHOICE)

    def loses_the_reply(route: Route) -> None:
        if not held:
            route.fetch(post_data=route.request.post_data or answer)  # Chromium 80 does not tell what it sends
            held.append(route)
        route.abort()

    lan.route("**/tra-loi", loses_the_reply)
    card.locator("[data-fields] input").nth(1).tap()
    expect(card.locator("[data-error]")).to_contain_text("máy đang gửi lại")
    send_command(desk, step=question, phase="locked")
    expect(lan.locator(".class-question--locked:visible")).to_be_visible()
    lan.unroute("**/tra-loi")
    expect(card.locator("[data-saved]")).to_be_visible()
    expect(card.locator("[data-error]")).to_be_hidden()
    expect(card.locator("[data-fields] input").nth(1)).to_be_checked()
    monitor.complaints = [one for one in monitor.complaints if "ERR_FAILED" not in one and "409" not in one]


def test_a_page_scrolled_past_a_question_scrolls_back_when_it_opens(new_page, desk):
    lan, question, _ = join_with_open_question(new_page, desk)
    lan.evaluate(
        "document.documentElement.style.fontSize = '200%'"
    )  # with large text, the question alone fills the phone
    lan.evaluate("window.scrollTo(0, 100)")
    send_command(desk, step=question, phase="locked")
    expect(lan.locator(".class-question--locked:visible")).to_be_visible()
    assert lan.evaluate("scrollY") == 100, "fields that are in sight stay where they are"
    lan.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    assert lan.evaluate("scrollY") > 100
    send_command(desk, step=question, round="2")
    wait_until(lan, lambda: lan.evaluate("scrollY") == 0)
    expect(class_part(lan, question).locator(".class-question__new-round")).to_be_in_viewport()


def test_an_answer_picked_before_the_script_loaded_is_sent(new_page, desk):
    lan, question, code = join_with_open_question(new_page, desk)
    held: list[Route] = []
    lan.route("**/classroom/class-seat*", lambda route: held.append(route))
    lan.goto(f"/lop/{code}", wait_until="commit")
    picked = class_part(lan, question).locator("[data-fields] input").nth(1)
    picked.dispatch_event("click")
    expect(picked).to_be_checked()
    wait_until(lan, lambda: held)
    held[0].continue_()
    expect(class_part(lan, question).locator("[data-saved]")).to_be_visible()


def test_the_answer_of_one_round_is_not_that_of_the_next(new_page, desk):
    """The page was left and comes back: the browser must not restore the earlier choice."""
    lan, question, _ = join_with_open_question(new_page, desk)
    class_part(lan, question).locator("[data-fields] input").nth(1).tap()
    expect(class_part(lan, question).locator("[data-saved]")).to_be_visible()
    lan.goto("/")
    send_command(desk, step=question, round="2")
    send_command(desk, step=question, phase="open")
    lan.go_back()
    expect(class_part(lan, question).locator("[data-round]")).to_have_value("2")
    expect(class_part(lan, question).locator("[data-fields] input:checked")).to_have_count(0)
    expect(class_part(lan, question).locator("[data-saved]")).to_be_hidden()
