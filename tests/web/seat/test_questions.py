"""Questions on a phone in class: nothing is given away, answers may change until they are locked."""

from __future__ import annotations

import pytest
from lxml import html

from lms.learning.classroom.session.steps import question_key
from tests.web.phones import JSON, answer, asks, joined, of_kind, words


def test_before_a_question_opens_nothing_can_be_answered_and_nothing_is_given_away(app, desk, code, lan):
    question = of_kind(app, "choice")
    desk.sends(to=question_key(question.id))
    page = lan.page(f"/lop/{code}")
    [fields] = page.xpath(f"//*[@data-question='{question.id}']//fieldset")
    assert fields.get("disabled") is not None
    assert answer(lan, code, question, question.options[1].key).status_code == 409
    text = lan.get(f"/lop/{code}").text
    assert not any(option.why and option.why in text for option in question.options)
    assert lan.get(f"/lop/{code}/dap/{question.id}", headers=JSON).status_code == 404


def test_those_who_share_a_phone_are_told_to_answer_together(app, desk, code, lan):
    asks(desk, of_kind(app, "choice"))
    shared = joined(app, code, nguoi="3")
    assert "Máy này có 3 người: bác bàn nhau rồi trả lời chung" in words(shared, f"/lop/{code}")
    assert "bàn nhau" not in words(lan, f"/lop/{code}")


def test_the_options_have_the_walls_letters_and_order(app, desk, code, lan):
    question = of_kind(app, "choice")
    asks(desk, question)
    options = lan.page(f"/lop/{code}").xpath(f"//*[@data-question='{question.id}']//label")
    assert [" ".join(one.text_content().split()) for one in options] == ["A Đọc mã cho họ", "B Cúp máy"]


def test_an_answer_is_kept_and_can_be_changed_until_it_is_locked(app, desk, code, lan):
    question = of_kind(app, "choice")
    key = asks(desk, question)
    first, second = (option.key for option in question.options)
    assert answer(lan, code, question, first).location == f"/lop/{code}"
    assert "Đã nhận câu trả lời" in words(lan, f"/lop/{code}")
    answer(lan, code, question, second)
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//input[@checked]/@value") == [second]
    desk.sends(step=key, phase="locked")
    assert answer(lan, code, question, first).status_code == 409
    assert "Hết giờ trả lời" in words(lan, f"/lop/{code}")


def test_once_shown_she_reads_what_is_right_what_she_picked_and_what_the_author_says(app, desk, code, lan):
    question = of_kind(app, "choice")
    key = asks(desk, question)
    answer(lan, code, question, question.options[0].key)
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, phase="shown")
    page = lan.page(f"/lop/{code}")
    told = {one.get("data-told"): one for one in page.xpath("//*[@data-told]")}
    wrong, right = (told[option.key] for option in question.options)
    assert not wrong.xpath(".//*[@data-mine]/@hidden")
    assert right.xpath(".//*[@data-mine]/@hidden")
    assert "Câu đúng" in right.text_content()
    assert "Công an không hỏi mã OTP" in wrong.text_content()
    fragment = lan.get(f"/lop/{code}/dap/{question.id}", headers=JSON).get_json()["html"]
    assert "Câu đúng" in fragment


@pytest.mark.parametrize(("kind", "said"), [("typed", "1900 0368"), ("ordering", "Thứ tự đúng"), ("matching", "–")])
def test_questions_without_options_to_pick_work_as_forms_too(app, desk, code, lan, kind, said):
    question = of_kind(app, kind)
    key = asks(desk, question)
    page = lan.page(f"/lop/{code}")
    assert answer(lan, code, question, *enough(page, question)).status_code == 303
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, phase="shown")
    assert said in words(lan, f"/lop/{code}")


KINDS = ("choice", "poll", "typed", "ordering", "matching")


def enough(page, question) -> list[str]:
    """What answers it, from its form."""
    if question.kind == "typed":
        return ["19000368"]
    [form] = page.xpath(f"//*[@data-question='{question.id}']//form")
    selects = [box.xpath("option/@value")[place] for place, box in enumerate(form.xpath(".//select"), 1)]
    return selects or form.xpath(".//input[@name='answer']/@value")[:1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_with_nothing_in_it_is_asked_for_and_counts_nowhere(app, desk, code, lan, kind):
    question = of_kind(app, kind)
    asks(desk, question)
    given = enough(lan.page(f"/lop/{code}"), question)
    too_little = {"choice": [], "poll": [], "typed": ["  "]}.get(kind, [given[0], *[""] * (len(given) - 1)])
    refused = answer(lan, code, question, *too_little)
    assert refused.status_code == 422
    [card] = html.fromstring(refused.text).xpath(f"//*[@data-question='{question.id}']")
    [asked_for] = card.xpath(".//*[@role='alert' and not(@hidden)]")
    assert asked_for.text_content().strip().endswith("nhé.")
    assert card.xpath(".//*[@data-kept]/@hidden"), "thanked for nothing"
    assert card.xpath(".//option[@selected]/@value")[:1] == [one for one in too_little if one.strip()][:1]
    by_script = answer(lan, code, question, *too_little, headers=JSON)
    assert (by_script.status_code, by_script.get_json()["error"][-4:]) == (422, "nhé.")
    assert "Đã nhận câu trả lời" not in words(lan, f"/lop/{code}")
    assert lan.get(f"/lop/{code}/tra-loi").location == f"/lop/{code}"
    assert answer(lan, code, question, *given).status_code == 303
    assert "Đã nhận câu trả lời" in words(lan, f"/lop/{code}")


def test_what_she_answered_before_stays_when_nothing_comes_after_it(app, desk, code, lan):
    question = of_kind(app, "choice")
    asks(desk, question)
    answer(lan, code, question, question.options[1].key)
    refused = answer(lan, code, question)
    assert refused.status_code == 422
    assert "Câu trả lời trước của bác vẫn còn." in refused.text
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//input[@checked]/@value") == [question.options[1].key]


@pytest.mark.parametrize(("kind", "twice"), [("ordering", "Gõ mã"), ("matching", "tám ký tự trở lên")])
def test_what_stands_in_two_places_is_named_and_counts_nowhere(app, desk, code, lan, kind, twice):
    question = of_kind(app, kind)
    asks(desk, question)
    right = [one.key for one in (question.items if kind == "ordering" else [pair.right for pair in question.pairs])]
    slip = [right[-1], *right[1:]]
    assert answer(lan, code, question, *right).status_code == 303
    refused = answer(lan, code, question, *slip)
    assert refused.status_code == 422
    [card] = html.fromstring(refused.text).xpath(f"//*[@data-question='{question.id}']")
    [said] = card.xpath(".//*[@role='alert' and not(@hidden)]")
    assert said.text_content().strip().startswith(f'Mục "{twice}" đang đứng ở hơn một ô.')
    assert "Câu trả lời trước của bác vẫn còn." in said.text_content()
    assert card.xpath(".//option[@selected]/@value") == slip
    by_script = answer(lan, code, question, *slip, headers=JSON)
    assert (by_script.status_code, "hơn một ô" in card.get("data-twice")) == (422, True)
    assert by_script.get_json()["error"].endswith("nhé.")
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//option[@selected]/@value") == right


def test_a_second_round_is_answered_anew(app, desk, code, lan):
    question = of_kind(app, "choice")
    key = asks(desk, question)
    answer(lan, code, question, question.options[0].key)
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, round="2")
    told = lan.page(f"/lop/{code}").xpath(f"//*[@data-question='{question.id}']")[0]
    assert "asked--later" in told.get("class").split()
    assert "Lần hai: bác bàn với người ngồi cạnh" in " ".join(told.text_content().split())
    desk.sends(step=key, phase="open")
    page = lan.page(f"/lop/{code}")
    assert page.xpath(f"//*[@data-question='{question.id}']//input[@name='round']/@value") == ["2"]
    assert not page.xpath(f"//*[@data-question='{question.id}']//input[@checked]")
    assert answer(lan, code, question, question.options[1].key).status_code == 409
    assert answer(lan, code, question, question.options[1].key, round="2").status_code == 303


def test_an_answer_of_another_class_or_of_nobody_disturbs_nothing(app, desk, code, lan):
    question = of_kind(app, "choice")
    asks(desk, question)
    assert answer(app.test_client(), code, question, question.options[0].key).status_code == 409
    assert answer(lan, code, question, "nonsense").status_code == 422
    assert answer(lan, code, question, question.options[0].key, round="abc").status_code in (303, 409)


def looks_again(page) -> int | None:
    """Seconds until a page without a script loads again by itself."""
    found = page.xpath("//noscript/meta[@http-equiv='refresh']/@content")
    return int(found[0].partition(";")[0]) if found else None


def test_a_page_without_a_script_looks_again_but_never_while_a_form_is_filled(app, desk, code, lan):
    address = f"/lop/{code}"
    assert looks_again(lan.page(address)) <= 10
    question = of_kind(app, "choice")
    asks(desk, question)
    asked = lan.page(address)
    assert looks_again(asked) is None
    assert [link.text_content() for link in asked.xpath("//noscript//a")] == ["Xem bước mới"]
    assert looks_again(html.fromstring(answer(lan, code, question).text)) is None
    answer(lan, code, question, question.options[1].key)
    waiting = lan.page(address)
    assert looks_again(waiting) <= 10
    [change, _] = waiting.xpath("//noscript//a")
    assert change.text_content() == "Đổi câu trả lời"
    assert looks_again(lan.page(change.get("href"))) is None


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_script_what_was_answered_is_read_while_the_page_looks_again(app, desk, code, lan, kind):
    question = of_kind(app, kind)
    asks(desk, question)
    given = enough(lan.page(f"/lop/{code}"), question)
    answer(lan, code, question, *given)
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
    assert "asked--answered" not in changing.get("class").split()


def test_an_answer_that_comes_too_late_is_told_so_where_the_class_is_now(app, desk, code, lan):
    question, next_one = of_kind(app, "choice"), of_kind(app, "typed")
    key = asks(desk, question)
    first, second = (option.key for option in question.options)
    answer(lan, code, question, first)
    desk.sends(step=key, phase="locked")
    late = answer(lan, code, question, second)
    [said] = html.fromstring(late.text).xpath("//main/*[@role='alert']")
    assert late.status_code == 409
    assert "tới khi lớp đã khóa câu ấy" in said.text_content()
    assert "Câu trả lời trước của bác vẫn còn." in said.text_content()
    assert looks_again(html.fromstring(late.text)) >= 20, "gone before it is read"
    asks(desk, next_one)
    hoa = joined(app, code)
    late = html.fromstring(answer(hoa, code, question, second).text)
    [said] = late.xpath("//main/*[@role='alert']")
    assert "vẫn còn" not in said.text_content()
    assert late.xpath(f"//section[@data-question='{next_one.id}'][not(@hidden)]")
    assert not hoa.page(f"/lop/{code}").xpath("//main/*[@role='alert']")
