"""The summary of a class on a learner's phone."""

from __future__ import annotations

from tests.web.checking_client import CheckingClient
from tests.web.class_phones import join_class, open_question, post_answer, questions, visible_text


def test_the_summary_has_marks_learning_code_and_next_activity(app, desk, code, lan):
    desk.send_command(to="ket")
    assert "Hết bài rồi" in visible_text(lan, f"/lop/{code}")
    desk.send_command(close="true")
    assert lan.get(f"/lop/{code}").location == f"/lop/{code}/ket"
    text = visible_text(lan, f"/lop/{code}/ket")
    assert "Cảm ơn bác" in text
    assert "Mã học của bác" in text
    assert "Làm phần Dùng liền" in text
    assert main_link(lan, f"/lop/{code}/ket") == main_link(lan, "/vneid/ba-loai-ma")


def test_the_summary_says_what_a_missing_mark_still_needs(app, desk, code, lan):
    assert "Hiểu ngay: trả lời đúng" in visible_text(lan, f"/lop/{code}/ket")
    first = questions(app)[0]
    open_question(desk, first)
    post_answer(lan, code, first, *(option.key for option in first.options if option.right))
    desk.send_command(to="ket")
    lesson = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma")
    tasks = [task.id for task in lesson.use.tasks]
    before = visible_text(lan, f"/lop/{code}/ket")
    assert "bác đã đúng 1 câu" in before
    assert f"làm đủ {len(tasks)} việc trên máy thật là có dấu" in before
    sent = {"csrf_token": desk.token, "viec": tasks[:1], "cho": "1"}
    desk.client.post(f"{desk.base}/chung-kien", data=sent)
    assert "bác đã làm 1 việc, người đứng lớp đã thấy. Còn" in visible_text(lan, f"/lop/{code}/ket")


def main_link(client: CheckingClient, address: str) -> str:
    """The target of the page's main button."""
    [href] = client.page(address).xpath("//main//a[contains(@class, 'button--main')]/@href")
    return href


def test_marks_earned_in_class_belong_to_the_learner(app, desk, code, lan):
    for question in questions(app):
        if question.kind != "choice":
            continue
        key = open_question(desk, question)
        post_answer(lan, code, question, *(option.key for option in question.options if option.right))
        desk.send_command(step=key, phase="locked")
        desk.send_command(step=key, phase="shown")
    assert "Bác đã đúng 2 trong" in visible_text(lan, "/vneid/ba-loai-ma/hieu")


def test_phones_with_the_same_marks_have_summaries_of_their_own(app, desk, code, lan):
    hoa = join_class(app, code)
    desk.send_command(close="true")
    summaries = [phone.page(f"/lop/{code}/ket") for phone in (lan, hoa, lan)]
    numbers = [page.xpath("string(//header/p)").split("số ")[-1] for page in summaries]
    assert [text.split()[0] for text in numbers] == ["1", "2", "1"]
    codes = ["".join(page.xpath("//p[@class='learning-code']")[0].text_content().split()) for page in summaries]
    squares = [page.xpath("string(//figure//path/@d)") for page in summaries]
    for each in (codes, squares):
        assert each[0] == each[2]
        assert each[0] != each[1]


def test_in_zalo_the_summary_opens_the_real_browser_with_the_own_code(desk, code, lan):
    desk.send_command(close="true")
    assert not lan.page(f"/lop/{code}/ket").xpath("//a[contains(@href, '/toi/vao/')]")
    page = lan.page(f"/lop/{code}/ket", headers={"User-Agent": "Mozilla/5.0 (iPhone) Zalo iOS/599"})
    [address] = page.xpath("//a[contains(@href, '/toi/vao/')]/@href")
    assert address.rpartition("/")[2] == "".join(page.xpath("//p[@class='learning-code']")[0].text_content().split())
