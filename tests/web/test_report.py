"""The class report: one sheet, two files, and no names in the files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import update

from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.report.class_report import Attendance, ClassCounts, ClassReport
from lms.learning.classroom.report.practice_report import PracticeCounts, ScreenMistakes
from lms.learning.classroom.report.question_report import QuestionCounts, RoundCounts
from lms.learning.classroom.session.queries import find_class_session
from lms.learning.practice import events
from lms.learning.store.database import write_sessions
from lms.learning.store.models import AccountRow, ClassSessionRow
from lms.web.classroom.report.wording import report_header, report_sections
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import (
    PRACTICE_LESSON,
    QUESTION_LESSON,
    Desk,
    add_learner,
    call_service,
    class_session_of,
    open_desk,
    start_class_practice,
)
from tests.web.signed_in_clients import OTHER_WARD, engine_of, make_account, sign_in, signed_in_client


@pytest.fixture
def minh(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh")


@pytest.fixture
def desk(app, minh) -> Desk:
    """A closed class: two phones, one answer of each, three hands, one head count."""
    desk = open_desk(minh, QUESTION_LESSON, noi="=1+1, nhà văn hóa")
    learners = [add_learner(app, desk, name) for name in ("Nguyễn Thị Lan", None)]
    library, code = app.extensions["catalog"].library, class_session_of(app, desk).code
    question = library.lesson("vneid", "ba-loai-ma").understand.questions[0]
    desk.send_command(to=f"hoi-{question.id}")
    desk.send_command(step=f"hoi-{question.id}", phase="open")
    right = next(option.key for option in question.options if option.right)
    wrong = next(option.key for option in question.options if not option.right)
    for (_, learner_id), given in zip(learners, (right, wrong), strict=True):
        call_service(
            app, class_answers.save_class_answer, learner_id=learner_id, code=code, question_id=question.id, round=1,
            given=[given], library=library, now=datetime.now(UTC),
        )  # fmt: skip
    desk.press("Ghi số tay", "/dem-tay", **{f"tay-{right}": "3"})
    desk.press("Thêm một chỗ", "/viec", nguoi="2")
    desk.press("Ghi lại", "/viec", nguoi="5")
    desk.send_command(close="true")
    return desk


def rows(text: str) -> dict[tuple[str, str], list[str]]:
    return {(row[0], row[1]): row for row in csv.reader(io.StringIO(text))}


def test_the_closed_class_leads_to_its_report(desk):
    page = desk.page()
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == [f"{desk.base}/bao-cao"]
    said = desk.words("/bao-cao")
    for part in ("Có mặt: ghi được 4 người, đếm được 5", "2 người tự báo, trên 2 máy", "2 người không có máy",
                 "1 trong 2", "thêm 3 người giơ tay, 3 đúng", "Người đứng lớp: Minh", "Phường An Đông", "tự xóa ngày",
                 "Lớp sau:"):  # fmt: skip
        assert part in said, part


def test_few_answers_are_reported_as_numbers_with_the_number_of_questions(app, desk):
    said = desk.words("/bao-cao")
    questions = len(app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").understand.questions)
    assert f"Đã hỏi 1 trong {questions} câu: 1 trong 2 lượt trả lời đúng" in said
    assert "phần lớn" not in said
    table = rows(desk.client.get(f"{desk.base}/bao-cao.csv").data.decode("utf-8-sig"))
    assert table["Câu hỏi", "Số câu đã hỏi"][2:4] == ["1", str(questions)]


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (2, "2 trong 4 lượt trả lời đúng"),
        (9, "phần lớn trả lời đúng (9 trong 12 lượt đúng)"),
        (7, "hơn một nửa trả lời đúng (7 trong 12 lượt đúng)"),
        (6, "nhiều người còn nhầm (6 trong 12 lượt đúng)"),
    ],
)
def test_a_conclusion_needs_enough_answers_and_states_their_number(right, said):
    answered = 4 if right == 2 else 12
    item = QuestionCounts("q", "Ai hỏi?", "choice", (RoundCounts(answered, right, 0, 0),))
    counts = ClassCounts(
        lesson="Bài", attendance=Attendance(4, 4, 0, 0), practice=None, mistakes=(), question_counts=(item,),
        attested_seats=None, attested_people=0, advice="", questions=1, asked=1,
    )  # fmt: skip
    report = ClassReport(SimpleNamespace(head_count=None), counts, is_final=True)
    assert said in report_sections(report)[-1].sentence


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (RoundCounts(5, 1, 0, 0), "lần trước 1 trong 5"),
        (RoundCounts(5, 1, 4, 2), "lần trước 1 trong 5, giơ tay 2 trong 4"),
        (RoundCounts(5, 1, 4, None), "lần trước 1 trong 5, giơ tay 4"),
    ],
)
def test_hand_counts_of_the_previous_round_are_reported(before, said):
    item = QuestionCounts("q", "Ai hỏi?", "choice", (before, RoundCounts(5, 4, 0, 0)))
    counts = ClassCounts(
        lesson="Bài", attendance=Attendance(5, 5, 0, 0), practice=None, mistakes=(), question_counts=(item,),
        attested_seats=None, attested_people=0, advice="", questions=1, asked=1,
    )  # fmt: skip
    [line] = report_sections(ClassReport(SimpleNamespace(head_count=None), counts, is_final=True))[-1].bars
    assert (line.value, line.note) == ("4 trong 5", said)


def test_the_duration_of_a_class_matches_its_two_times():
    begun = datetime(2026, 11, 24, 22, 37, 50, tzinfo=UTC)
    class_session = SimpleNamespace(
        opened_at=begun, closed_at=datetime(2026, 11, 24, 22, 54, 10, tzinfo=UTC), ward="", venue=""
    )
    head = report_header(ClassReport(class_session, SimpleNamespace(lesson="Bài"), is_final=True), ["Minh"])
    assert head.when == "Ngày 25/11/2026, từ 5 giờ 37 đến 5 giờ 54 (17 phút)."


def test_a_guided_class_is_reported_as_guided_and_not_as_helped(app, minh):
    desk = open_desk(minh, PRACTICE_LESSON)
    _, learner_id = add_learner(app, desk)
    add_learner(app, desk)
    attempt = start_class_practice(app, desk, learner_id)
    call_service(
        app, events.save_events, learner_id=learner_id, attempt_id=attempt,
        events=[[1, 100, "chao", 0, "tap"], [2, 200, "xong", -1, "end"]], now=datetime.now(UTC),
    )  # fmt: skip
    said = desk.words("/bao-cao")
    assert "Làm theo hướng dẫn: 1 trong 2 máy tới đích" in said
    assert re.search(r"Làm theo tới đích\s*1 máy\s*Tập dở\s*0 máy\s*Chưa vào tập\s*1 máy", said)
    assert "thì lượt Tự làm mới cho biết" in said
    assert "Số 1 – mặt trời: làm theo tới đích" in said
    assert "gợi ý" not in said
    table = rows(desk.client.get(f"{desk.base}/bao-cao.csv").data.decode("utf-8-sig"))
    assert table["Bài tập", "Làm theo tới đích"][2:4] == ["1", "2"]


def test_bars_carry_their_length_as_an_attribute(desk):
    widths = desk.page("/bao-cao").xpath("//*[local-name()='svg'][contains(@class, 'class-report-line__fill')]/@width")
    assert widths
    assert all(width.endswith("%") and 0 <= int(width[:-1]) <= 100 for width in widths)


def test_the_csv_opens_in_any_program_and_calculates_nothing(desk):
    answer = desk.client.get(f"{desk.base}/bao-cao.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert ".csv" in answer.headers["Content-Disposition"]
    table = rows(answer.data.decode("utf-8-sig"))
    assert table["Có mặt", "Đếm trong phòng"][2] == "5"
    assert table["Có mặt", "Người tự báo trên các máy"][2] == "2"
    cells = [cell for row in table.values() for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_a_text_that_looks_like_a_formula_stays_text(app, desk):
    with write_sessions(engine_of(app)).begin() as session:
        session.execute(update(ClassSessionRow).values(ward="", venue="@SUM(A1)"))
        session.execute(update(AccountRow).values(name='=HYPERLINK("http://x")'))
        session.execute(update(ClassSessionRow).values(lesson="=cmd|' /C calc'!A0"))
    city = sign_in(app, make_account(app, "Thu", {"administrator"}, ""))
    table = rows(city.get(f"{desk.base}/bao-cao.csv").data.decode("utf-8-sig"))
    assert table["Lớp", "Bài"][4] == "'=cmd|' /C calc'!A0"
    book = openpyxl.load_workbook(io.BytesIO(city.get(f"{desk.base}/bao-cao.xlsx").data))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "'=cmd|' /C calc'!A0" in [cell.value for cell in book.active["E"]]


# --- an evening of several lessons --------------------------------------------------------------------------------


@pytest.fixture
def evening(app, minh) -> Desk:
    """A closed evening: of two phones one answers in the first lesson; a third comes for the second; two practise."""
    desk = open_desk(minh, QUESTION_LESSON)
    learners = [add_learner(app, desk)[1] for _ in range(2)]
    library, code = app.extensions["catalog"].library, class_session_of(app, desk).code
    question = library.lesson("vneid", "ba-loai-ma").understand.questions[0]
    desk.send_command(to=f"hoi-{question.id}")
    desk.send_command(step=f"hoi-{question.id}", phase="open")
    call_service(
        app, class_answers.save_class_answer, learner_id=learners[0], code=code, question_id=question.id, round=1,
        given=[question.options[0].key], library=library, now=datetime.now(UTC),
    )  # fmt: skip
    desk.press("Học tiếp", "/bai-khac", bai=PRACTICE_LESSON)
    learners.append(add_learner(app, desk)[1])
    for learner_id in learners[1:]:
        attempt = start_class_practice(app, desk, learner_id)
        call_service(
            app, events.save_events, learner_id=learner_id, attempt_id=attempt,
            events=[[1, 100, "chao", 0, "tap"], [2, 200, "xong", -1, "end"]], now=datetime.now(UTC),
        )  # fmt: skip
    desk.press("Ghi lại", "/viec", nguoi="7")
    desk.send_command(close="true")
    return desk


def test_an_evening_has_one_report_and_each_lesson_its_own(evening):
    said = evening.words("/bao-cao")
    assert "Báo cáo buổi học: 2 bài" in said
    assert "Có mặt: ghi được 3 người, đếm được 7" in said
    assert re.search(r"Bài 1: Ba loại mã Dự bài này\s*1 máy\s*Có trả lời câu hỏi\s*1 máy", said)
    assert re.search(r"Bài 2: \S.*Dự bài này\s*2 máy\s*Có trả lời câu hỏi\s*0 máy\s*Tập tới đích\s*2 máy", said)
    links = evening.page("/bao-cao").xpath("//nav//a/@href")
    assert f"{evening.base}/bao-cao?bai=1" in links
    first, second = evening.words("/bao-cao?bai=1"), evening.words("/bao-cao?bai=2")
    assert "Báo cáo lớp: Ba loại mã (bài 1 trong buổi)" in first
    assert "Đã hỏi 1 trong" in first
    assert "1 trong 2 máy dự bài này" in first  # the third phone came later
    assert "Làm theo hướng dẫn: 2 trong 3 máy tới đích" in second
    assert evening.client.get(f"{evening.base}/bao-cao?bai=3").status_code == 404


def test_the_tables_of_an_evening_have_rows_of_each_lesson(evening):
    table = rows(evening.client.get(f"{evening.base}/bao-cao.csv").data.decode("utf-8-sig"))
    assert table["Buổi", "Số bài"][2] == "2"
    assert table["Có mặt", "Đếm trong phòng"][2] == "7"
    assert table["Bài 1", "Máy có trả lời"][2:4] == ["1", "3"]
    assert table["Bài 2", "Máy tập tới đích"][2:4] == ["2", "3"]
    assert ("Bài 1, câu hỏi", "Số câu đã hỏi") in table
    answer = evening.client.get(f"{evening.base}/bao-cao.xlsx?bai=2")
    assert "-bai-2.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    table = {(row[0], row[1]): row for row in book.active.iter_rows(values_only=True)}
    assert table["Bài tập", "Làm theo tới đích"][2:4] == (2, 3)


# --- what a sheet may conclude ------------------------------------------------------------------------------------


def sheet_sections(machines: int, **more):
    usual = {
        "lesson": "Bài", "attendance": Attendance(machines, machines, 0, 0), "practice": None, "mistakes": (),
        "question_counts": (), "attested_seats": None, "attested_people": 0, "advice": "",
    }  # fmt: skip
    return report_sections(ClassReport(SimpleNamespace(head_count=None), ClassCounts(**usual | more), is_final=True))


def test_bars_of_one_length_are_as_many_phones_in_every_section():
    item = QuestionCounts("q", "Ai hỏi?", "choice", (RoundCounts(5, 5, 0, 0),))
    practice = PracticeCounts(alone=5, helped=0, unfinished=0, not_begun=5, followed=0)
    mistakes = (ScreenMistakes("a", "Nhập mã", 9, 5),)
    sections = sheet_sections(10, practice=practice, mistakes=mistakes, question_counts=(item,), questions=1, asked=1)
    widths = {bar.width for section in sections for bar in section.bars if "5" in bar.value}
    assert widths == {50}


@pytest.mark.parametrize(
    ("machines", "said"), [(2, "Chưa màn nào có từ 3 máy vấp"), (3, "Hay sai nhất ở màn “Nhập mã”")]
)
def test_one_tired_pair_makes_no_screen_the_hardest(machines, said):
    practice = PracticeCounts(alone=0, helped=0, unfinished=41, not_begun=0, followed=0)
    sections = sheet_sections(41, practice=practice, mistakes=(ScreenMistakes("a", "Nhập mã", 9, machines),))
    assert any(section.sentence.startswith(said) for section in sections)
    assert all(bar.label != "Nhập mã" for section in sections for bar in section.bars) == (machines == 2)


def test_the_sheet_has_lines_for_remarks_and_signatures(desk):
    sheet = desk.page("/bao-cao").xpath("string(//article[contains(@class, 'class-report')])")
    for line in ("Nhận xét", "Người đứng lớp", "Xác nhận của phường"):
        assert line in sheet


def test_the_table_for_offices_has_numbers_as_numbers(desk):
    book = openpyxl.load_workbook(io.BytesIO(desk.client.get(f"{desk.base}/bao-cao.xlsx").data))
    table = {(row[0], row[1]): row for row in book.active.iter_rows(values_only=True)}
    assert table["Phần", "Mục"][2:4] == ("Số", "Trong")
    assert table["Có mặt", "Máy"][2] == 2
    assert table["Giơ tay", table_prompt(table)][2:4] == (3, 3)


def table_prompt(table) -> str:
    return next(item for part, item in table if part == "Giơ tay")


@pytest.mark.slow
def test_names_are_shown_to_facilitators_only_and_are_in_no_file(app, desk):
    assert "Nguyễn Thị Lan" in desk.words("/bao-cao")
    hanh, thu = signed_in_client(app, "Hạnh"), signed_in_client(app, "Thu", {"organiser"})
    for other in (hanh, thu):
        assert "Nguyễn Thị Lan" not in other.get(f"{desk.base}/bao-cao").text
    table, packed = (desk.client.get(f"{desk.base}/bao-cao.{ending}").data for ending in ("csv", "xlsx"))
    book = zipfile.ZipFile(io.BytesIO(packed))  # compressed bytes could contain the name by chance or hide it
    for parts in ([table], [book.read(name) for name in book.namelist()]):
        assert any(b"Trong" in part for part in parts)
        assert not any(b"Lan" in part for part in parts)
    sheet = desk.page("/bao-cao").xpath("//article[contains(@class, 'class-report')]")[0].text_content()
    assert "Lan" not in sheet


def test_the_wards_organiser_reads_it_and_another_ward_does_not(app, desk):
    assert signed_in_client(app, "Thu", {"organiser"}).get(f"{desk.base}/bao-cao").status_code == 200
    strangers = [signed_in_client(app, "Hoa", {"facilitator"}, OTHER_WARD), signed_in_client(app, "Ba", {"helper"})]
    for stranger in strangers:
        for path in ("/bao-cao", "/bao-cao.csv", "/bao-cao.xlsx"):
            assert stranger.get(desk.base + path).status_code == 403
    assert app.test_client().get(f"{desk.base}/bao-cao.csv").status_code == 303


def test_the_report_of_an_open_class_says_that_it_may_change(minh):
    desk = open_desk(minh, PRACTICE_LESSON)
    said = desk.words("/bao-cao")
    assert "Lớp còn mở" in said
    assert "Lớp sau:" not in said
    assert "chưa đếm trong phòng" in said


def test_a_class_that_was_closed_automatically_has_no_duration(app, desk):
    with write_sessions(engine_of(app)).begin() as session:
        class_session = find_class_session(session, desk.id)
        session.execute(update(ClassSessionRow).values(closed_at=class_session.opened_at + timedelta(hours=18)))
    assert "máy tự đóng" in desk.words("/bao-cao")


def test_an_unknown_class_has_no_report(minh):
    for path in ("/bao-cao", "/bao-cao.csv"):
        assert minh.get(f"/dung-lop/{'0' * 32}{path}").status_code == 404


def test_the_list_has_the_wards_classes_the_newest_first(app, desk, minh):
    later = open_desk(minh, PRACTICE_LESSON)
    later.send_command(close="true")
    open_desk(minh, PRACTICE_LESSON)
    links = minh.page("/dung-lop/bao-cao").xpath("//main//ul//a/@href")
    assert links == [f"{later.base}/bao-cao", f"{desk.base}/bao-cao"]
    assert signed_in_client(app, "Thu", {"organiser"}).page("/dung-lop/bao-cao").xpath("//main//ul//a/@href") == links
    hoa = signed_in_client(app, "Hoa", {"organiser"}, OTHER_WARD)
    assert "Chưa có lớp nào" in hoa.get("/dung-lop/bao-cao").text
    city = signed_in_client(app, "Trần", {"administrator"}, "")
    assert "Phường An Đông" in city.get("/dung-lop/bao-cao").text


@pytest.mark.parametrize("before", ["x", "1e999", "-1e99", "nan", ""])
def test_an_invalid_position_in_the_list_shows_its_beginning(desk, before):
    page = desk.client.page(f"/dung-lop/bao-cao?truoc={before}")
    assert page.xpath("//main//ul//a/@href") == [f"{desk.base}/bao-cao"]


def test_a_long_list_has_a_link_to_older_classes(app, minh, monkeypatch):
    monkeypatch.setattr("lms.web.classroom.report.routes.PAGE_SIZE", 2)
    bases = []
    for _ in range(3):
        desk = open_desk(minh, PRACTICE_LESSON)
        desk.send_command(to="tap")
        desk.send_command(close="true")
        bases.append(f"{desk.base}/bao-cao")
    page = minh.page("/dung-lop/bao-cao")
    [further] = page.xpath("//a[contains(text(), 'trước đó')]/@href")
    shown = page.xpath("//main//ul//a/@href") + minh.page(further).xpath("//main//ul//a/@href")
    assert shown == bases[::-1]
