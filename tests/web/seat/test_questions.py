"""Questions on a phone in class: no solution before it is shown, answers may change until the lock."""

from __future__ import annotations

import pytest
from lxml import html

from lms.learning.classroom.session.steps import question_step_key
from lms.web.classroom.seat.questions import correct_answer_html
from lms.web.question_view import PRIVATE_NUMBER
from tests.web.class_phones import JSON, join_class, open_question, post_answer, question_of_kind, visible_text
from tests.web.page_texts import text_of


def test_before_a_question_opens_nothing_can_be_answered_and_nothing_is_given_away(app, desk, code, lan):
    question = question_of_kind(app, "choice")
    desk.send_command(to=question_step_key(question.id))
    page = lan.page(f"/lop/{code}")
    [fields] = page.xpath(f"//*[@data-question='{question.id}']//fieldset")
    assert fields.get("disabled") is not None
    assert post_answer(lan, code, question, question.options[1].key).status_code == 409
    text = lan.get(f"/lop/{code}").text
    assert not any(option.feedback and option.feedback in text for option in question.options)
    assert lan.get(f"/lop/{code}/dap/{question.id}", headers=JSON).status_code == 404


def test_learners_who_share_a_phone_are_asked_to_answer_together(app, desk, code, lan):
    open_question(desk, question_of_kind(app, "choice"))
    shared = join_class(app, code, nguoi="3")
    assert "Máy này có 3 người: bác bàn nhau rồi trả lời chung" in visible_text(shared, f"/lop/{code}")
    assert "bàn nhau" not in visible_text(lan, f"/lop/{code}")


def test_the_options_have_the_walls_letters_and_order(app, desk, code, lan):
    question = question_of_kind(app, "choice")
    open_question(desk, question)
    options = lan.page(f"/lop/{code}").xpath(f"//*[@data-question='{question.id}']//label")
    assert [text_of(one) for one in options] == ["A Đọc mã cho họ", "B Cúp máy"]


def test_an_answer_is_saved_and_can_be_changed_until_it_is_locked(app, desk, code, lan):
    question = question_of_kind(app, "choice")
    key = open_question(desk, question)
    first, second = (option.key for option in question.options)
    assert post_answer(lan, code, question, first).location == f"/lop/{code}"
    assert "Đã nhận câu trả lời" in visible_text(lan, f"/lop/{code}")
    post_answer(lan, code, question, second)
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//input[@checked]/@value") == [second]
    desk.send_command(step=key, phase="locked")
    assert post_answer(lan, code, question, first).status_code == 409
    assert "Hết giờ trả lời" in visible_text(lan, f"/lop/{code}")


def test_a_shown_question_has_the_correct_answer_the_choice_and_the_feedback(app, desk, code, lan):
    question = question_of_kind(app, "choice")
    key = open_question(desk, question)
    post_answer(lan, code, question, question.options[0].key)
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, phase="shown")
    page = lan.page(f"/lop/{code}")
    told = {one.get("data-option"): one for one in page.xpath("//*[@data-option]")}
    wrong, right = (told[option.key] for option in question.options)
    assert not wrong.xpath(".//*[@data-mine]/@hidden")
    assert right.xpath(".//*[@data-mine]/@hidden")
    assert "Câu đúng" in right.text_content()
    assert "Công an không hỏi mã OTP" in wrong.text_content()
    fragment = lan.get(f"/lop/{code}/dap/{question.id}", headers=JSON).get_json()["html"]
    assert "Câu đúng" in fragment


def test_nobody_who_answered_wrongly_reads_the_praise_that_the_author_wrote_for_the_others(app, desk, code, lan):
    question = question_of_kind(app, "choice")
    assert question.options[1].feedback.startswith("Đúng rồi. ")
    key = open_question(desk, question)
    post_answer(lan, code, question, question.options[0].key)
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, phase="shown")
    page = lan.page(f"/lop/{code}")
    [feedback] = page.xpath(f"//*[@data-option='{question.options[1].key}']//*[@class='solution__feedback']")
    assert feedback.text_content() == "Cúp máy rồi báo người nhà."


@pytest.mark.parametrize(("kind", "solution"), [("typed", "1900 0368"), ("ordering", "Thứ tự đúng"), ("matching", "–")])
def test_questions_without_options_to_pick_work_as_forms_too(app, desk, code, lan, kind, solution):
    question = question_of_kind(app, kind)
    key = open_question(desk, question)
    page = lan.page(f"/lop/{code}")
    assert post_answer(lan, code, question, *valid_answer(page, question)).status_code == 303
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, phase="shown")
    assert solution in visible_text(lan, f"/lop/{code}")


@pytest.mark.parametrize(
    ("kind", "given", "is_right"),
    [("typed", "19000368", True), ("typed", "1234", False), ("typed", "", False), ("poll", "", False)],
)
def test_who_answered_rightly_is_told_so_once_the_class_has_seen_it(app, desk, code, lan, kind, given, is_right):
    question = question_of_kind(app, kind)
    key = open_question(desk, question)
    answer = [given] if kind == "typed" else [question.options[0].key]
    if answer[0]:
        assert post_answer(lan, code, question, *answer).status_code == 303
    said = "Bác trả lời đúng"
    desk.send_command(step=key, phase="locked")
    assert said not in visible_text(lan, f"/lop/{code}")
    desk.send_command(step=key, phase="shown")
    assert (said in visible_text(lan, f"/lop/{code}")) == is_right
    assert lan.get(f"/lop/{code}/dap/{question.id}?round=1", headers=JSON).get_json()["right"] is is_right
    desk.send_command(step=key, round="2")
    desk.send_command(step=key, phase="shown")
    assert said not in visible_text(lan, f"/lop/{code}")


def solution_without_own_marks(card) -> str:
    """The right answer of a page, as all phones have it: "Bác trả lời đúng" and "Bác chọn câu này" hidden."""
    for own in card.xpath(".//*[@data-right or @data-mine]"):
        own.set("hidden", "hidden")
    return html.tostring(card, encoding="unicode")


KINDS = ("choice", "poll", "typed", "ordering", "matching")


@pytest.mark.parametrize("kind", KINDS)
def test_a_reload_shows_the_right_answer_that_the_stream_has_sent(app, desk, code, lan, kind):
    question = question_of_kind(app, kind)
    key = open_question(desk, question)
    assert post_answer(lan, code, question, *valid_answer(lan.page(f"/lop/{code}"), question)).status_code == 303
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, phase="shown")
    with app.app_context():
        sent = solution_without_own_marks(html.fragment_fromstring(correct_answer_html(question), "div"))
    for phone in (lan, join_class(app, code)):
        [shown] = phone.page(f"/lop/{code}").xpath(f"//*[@data-question='{question.id}']//*[@data-solution]")
        shown.attrib.clear()
        shown.tail = None
        assert solution_without_own_marks(shown) == sent


def valid_answer(page, question) -> list[str]:
    """A complete answer, from the options of the form."""
    if question.kind == "typed":
        return ["19000368"]
    [form] = page.xpath(f"//*[@data-question='{question.id}']//form")
    selects = [box.xpath("option/@value")[place] for place, box in enumerate(form.xpath(".//select"), 1)]
    return selects or form.xpath(".//input[@name='answer']/@value")[:1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_answer_is_rejected(app, desk, code, lan, kind):
    question = question_of_kind(app, kind)
    open_question(desk, question)
    given = valid_answer(lan.page(f"/lop/{code}"), question)
    too_little = {"choice": [], "poll": [], "typed": ["  "]}.get(kind, [given[0], *[""] * (len(given) - 1)])
    refused = post_answer(lan, code, question, *too_little)
    assert refused.status_code == 422
    [card] = html.fromstring(refused.text).xpath(f"//*[@data-question='{question.id}']")
    [asked_for] = card.xpath(".//*[@role='alert' and not(@hidden)]")
    assert asked_for.text_content().strip().endswith("nhé.")
    assert card.xpath(".//*[@data-saved]/@hidden"), "thanked for nothing"
    assert card.xpath(".//option[@selected]/@value")[:1] == [one for one in too_little if one.strip()][:1]
    by_script = post_answer(lan, code, question, *too_little, headers=JSON)
    assert (by_script.status_code, by_script.get_json()["error"][-4:]) == (422, "nhé.")
    assert "Đã nhận câu trả lời" not in visible_text(lan, f"/lop/{code}")
    assert lan.get(f"/lop/{code}/tra-loi").location == f"/lop/{code}"
    assert post_answer(lan, code, question, *given).status_code == 303
    assert "Đã nhận câu trả lời" in visible_text(lan, f"/lop/{code}")


def test_a_rejected_empty_answer_keeps_the_previous_one(app, desk, code, lan):
    question = question_of_kind(app, "choice")
    open_question(desk, question)
    post_answer(lan, code, question, question.options[1].key)
    refused = post_answer(lan, code, question)
    assert refused.status_code == 422
    assert "Câu trả lời trước của bác vẫn còn." in refused.text
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//input[@checked]/@value") == [question.options[1].key]


@pytest.mark.parametrize(("kind", "twice"), [("ordering", "Gõ mã"), ("matching", "A. tám ký tự trở lên")])
def test_a_duplicate_choice_is_rejected_and_named(app, desk, code, lan, kind, twice):
    question = question_of_kind(app, kind)
    open_question(desk, question)
    right = [one.key for one in (question.items if kind == "ordering" else [pair.right for pair in question.pairs])]
    slip = [right[-1], *right[1:]]
    assert post_answer(lan, code, question, *right).status_code == 303
    refused = post_answer(lan, code, question, *slip)
    assert refused.status_code == 422
    [card] = html.fromstring(refused.text).xpath(f"//*[@data-question='{question.id}']")
    [alert] = card.xpath(".//*[@role='alert' and not(@hidden)]")
    places = [
        label.text_content()
        for label in card.xpath(".//label[contains(@class, 'question__place-label')]")
        if card.xpath("string(.//select[@id=$id]/option[@selected]/@value)", id=label.get("for")) == right[-1]
    ]
    assert len(places) == 2
    said = alert.text_content().strip()
    assert said.startswith(f"Bác chọn “{twice}” hơn một lần, ở ô “{places[0]}”, “{places[1]}”.")
    assert "Câu trả lời trước của bác vẫn còn." in alert.text_content()
    assert card.xpath(".//option[@selected]/@value") == slip
    by_script = post_answer(lan, code, question, *slip, headers=JSON)
    assert (by_script.status_code, "hơn một lần" in card.get("data-text-duplicate")) == (422, True)
    assert by_script.get_json()["error"].endswith("nhé.")
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//option[@selected]/@value") == right


def test_a_second_round_starts_without_an_answer(app, desk, code, lan):
    question = question_of_kind(app, "choice")
    key = open_question(desk, question)
    post_answer(lan, code, question, question.options[0].key)
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, round="2")
    told = lan.page(f"/lop/{code}").xpath(f"//*[@data-question='{question.id}']")[0]
    assert "class-question--later-round" in told.get("class").split()
    assert "Lần hai: bác bàn với người ngồi cạnh" in text_of(told)
    desk.send_command(step=key, phase="open")
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//input[@name='round']/@value") == ["2"]
    assert not page.xpath(f"//*[@data-question='{question.id}']//input[@checked]")
    assert post_answer(lan, code, question, question.options[1].key).status_code == 409
    assert post_answer(lan, code, question, question.options[1].key, round="2").status_code == 303


def test_invalid_answers_are_rejected(app, desk, code, lan):
    question = question_of_kind(app, "choice")
    open_question(desk, question)
    assert post_answer(app.test_client(), code, question, question.options[0].key).status_code == 409
    assert post_answer(lan, code, question, "nonsense").status_code == 422
    assert post_answer(lan, code, question, question.options[0].key, round="abc").status_code == 400


def reload_seconds(page) -> int | None:
    """The reload interval without JavaScript, in seconds."""
    found = page.xpath("//noscript/meta[@http-equiv='refresh']/@content")
    return int(found[0].partition(";")[0]) if found else None


def test_without_javascript_a_page_reloads_unless_it_has_an_open_form(app, desk, code, lan):
    address = f"/lop/{code}"
    assert reload_seconds(lan.page(address)) <= 10
    question = question_of_kind(app, "choice")
    open_question(desk, question)
    asked = lan.page(address)
    assert reload_seconds(asked) is None
    assert [link.text_content() for link in asked.xpath("//noscript//a[not(ancestor::*[@hidden])]")] == ["Xem bước mới"]
    assert reload_seconds(html.fromstring(post_answer(lan, code, question).text)) is None
    post_answer(lan, code, question, question.options[1].key)
    waiting = lan.page(address)
    assert reload_seconds(waiting) <= 10
    [change, _] = waiting.xpath("//noscript//a[not(ancestor::*[@hidden])]")
    assert change.text_content() == "Đổi câu trả lời"
    assert reload_seconds(lan.page(change.get("href"))) is None


@pytest.mark.parametrize("kind", KINDS)
def test_without_javascript_a_saved_answer_is_shown_while_the_page_reloads(app, desk, code, lan, kind):
    question = question_of_kind(app, kind)
    open_question(desk, question)
    given = valid_answer(lan.page(f"/lop/{code}"), question)
    post_answer(lan, code, question, *given)
    [card] = lan.page(f"/lop/{code}").xpath(f"//*[@data-question='{question.id}']")
    lines = [line.text_content() for line in card.xpath(".//noscript//li")]
    if kind == "typed":
        assert lines == given
    else:
        chosen = card.xpath(".//option[@selected]") or card.xpath(".//label[input[@checked]]/*[@class='row__text']")
        assert len(lines) == len(given) == len(chosen)
        assert all(line.endswith(one.text_content()) for line, one in zip(lines, chosen, strict=True))
    changing = lan.page(f"/lop/{code}?doi").xpath(f"//*[@data-question='{question.id}']")[0]
    assert not changing.xpath(".//noscript")
    assert "class-question--answered" not in changing.get("class").split()


def test_a_late_answer_gets_a_message_at_the_current_step(app, desk, code, lan):
    question, next_question = question_of_kind(app, "choice"), question_of_kind(app, "typed")
    key = open_question(desk, question)
    first, second = (option.key for option in question.options)
    post_answer(lan, code, question, first)
    desk.send_command(step=key, phase="locked")
    late = post_answer(lan, code, question, second)
    [alert] = html.fromstring(late.text).xpath("//main//*[@role='alert'][not(@hidden)]")
    assert late.status_code == 409
    assert "tới khi lớp đã khóa câu ấy" in alert.text_content()
    assert "Câu trả lời trước của bác vẫn còn." in alert.text_content()
    assert reload_seconds(html.fromstring(late.text)) >= 20, "gone before it is read"
    open_question(desk, next_question)
    hoa = join_class(app, code)
    late = html.fromstring(post_answer(hoa, code, question, second).text)
    [alert] = late.xpath("//main//*[@role='alert'][not(@hidden)]")
    assert "vẫn còn" not in alert.text_content()
    assert late.xpath(f"//class-question[@data-question='{next_question.id}'][not(@hidden)]")
    assert not hoa.page(f"/lop/{code}").xpath("//main//*[@role='alert'][not(@hidden)]")


def test_a_number_that_may_be_her_own_is_not_kept_and_the_page_says_why(app, desk, code, lan):
    question, number = question_of_kind(app, "typed"), "079160012345"
    open_question(desk, question)
    refused = post_answer(lan, code, question, number)
    assert refused.status_code == 422
    assert number not in refused.text
    [card] = html.fromstring(refused.text).xpath(f"//*[@data-question='{question.id}']")
    [told] = card.xpath(".//*[@role='alert' and not(@hidden)]")
    assert told.text_content().strip() == PRIVATE_NUMBER
    assert card.xpath(".//input[@name='answer'][not(@disabled)]/@value") == [""]
    assert post_answer(lan, code, question, "19000368").status_code == 303


def test_a_word_that_matches_nothing_is_taken_as_an_answer(app, desk, code, lan):
    question = question_of_kind(app, "typed")
    open_question(desk, question)
    assert post_answer(lan, code, question, "gọi con").status_code == 303
    assert "Đã nhận câu trả lời" in visible_text(lan, f"/lop/{code}")
