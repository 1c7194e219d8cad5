"""/quyen-rieng-tu: the notice says what the tables say, for everybody, and stands where a learner would look."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html

from lms.config import Settings, SettingsError, load_settings
from lms.learning.personal_data.inventory import PERSONAL_TABLES, NoticeClause
from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import answer_all
from tests.web.page_texts import text_of

NOTICE = "/quyen-rieng-tu"
# What the notice has to say of a column, in its clause. Where a table has a column that is not here, its clause is
# about the table as a whole.
WORDS = {
    ("learners", "id"): "số ngẫu nhiên",
    ("learners", "created_at"): "ngày bác bắt đầu",
    ("learners", "name"): "tên",
    ("learners", "code_seed"): "mã học",
    ("learners", "last_lesson"): "bài bác mở gần nhất",
    ("learners", "ward"): "phường, xã",
    ("learners", "forgotten_at"): "ngày quên",
    ("forgotten_badges", "id"): "số của huy hiệu",
    ("responses", "given"): "câu trả lời",
    ("responses", "given_at"): "giờ trả lời",
    ("event_batches", "events"): "từng lần chạm",
    ("ticks", "task_id"): "việc bác đã làm trên máy thật",
    ("ticks", "witness"): "tên người ấy",
    ("ticks", "witness_class"): "lớp",
    ("ticks", "witnessed_at"): "giờ",
    ("review_answers", "answered_on"): "ngày bác ôn",
    ("review_answers", "is_right"): "đúng",
    ("marks", "evidence"): "điểm",
    ("marks", "earned_at"): "ngày",
    ("badges", "name"): "tên",
    ("class_seats", "number"): "số chỗ",
    ("class_seats", "name"): "tên nếu ghi",
    ("class_seats", "people"): "mấy người một máy",
    ("class_seats", "screen"): "đang ở màn nào",
    ("class_seats", "hand_raised_at"): "giơ tay",
    ("class_seats", "helper_name"): "ai tới giúp",
    ("class_answers", "given"): "câu trả lời",
    ("handed_in_learners", "code_digest"): "dấu vết mã học",
}


def clauses(page: html.HtmlElement) -> dict[str, str]:
    return {item.get("id"): text_of(item) for item in page.xpath("//main//section//li[@id]")}


def test_every_column_about_a_learner_is_told_in_a_clause_and_every_clause_is_about_columns(lan: CheckingClient):
    said = clauses(lan.page(NOTICE))
    assert {clause for clause in said if not clause.startswith("bao-lau")} == set(NoticeClause)
    assert {clause for held in PERSONAL_TABLES for _, clause in held.columns.values()} == set(NoticeClause)
    columns = {
        (held.model.__tablename__, key): clause for held in PERSONAL_TABLES for key, (_, clause) in held.columns.items()
    }
    for column, words in WORDS.items():
        assert words in said[columns[column]].casefold(), column


def test_every_clause_says_what_for(lan: CheckingClient):
    said = clauses(lan.page(NOTICE))
    assert [clause for clause in NoticeClause if "để " not in said[clause].casefold()] == []


def test_the_notice_is_the_same_for_everybody_and_may_be_kept_on_the_phone(lan: CheckingClient, hoa: CheckingClient):
    before = lan.get(NOTICE)
    answer_all(lan)
    after = lan.get(NOTICE)
    assert before.text == after.text == hoa.get(NOTICE).text
    assert "Set-Cookie" not in before.headers
    assert before.headers["Page-Version"]
    assert len(lan.page(NOTICE).xpath("//h1")) == 1


def test_it_is_linked_where_a_learner_would_look(lan: CheckingClient):
    def links(page: html.HtmlElement) -> set[str]:
        return {href for href in page.xpath("//main//a/@href") if href.startswith(NOTICE)}

    assert links(lan.page("/")) == {NOTICE}
    assert links(lan.page("/toi")) == {NOTICE}
    answer_all(lan)
    assert links(lan.page("/toi")) == {NOTICE, f"{NOTICE}#con-lai"}
    asked = html.fromstring(lan.post("/toi/quen").text)
    assert links(asked) == {f"{NOTICE}#con-lai"}


class TestSettings:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, class_days=7, contact="Ủy ban phường <Thử>, buổi sáng")

    def test_whom_to_ask_and_how_long_come_from_the_settings(self, lan: CheckingClient):
        page = lan.page(NOTICE)
        assert "7 ngày sau buổi học" in page.text_content()
        assert "Ủy ban phường <Thử>, buổi sáng" in page.text_content()


def test_without_the_setting_nobody_is_named(lan: CheckingClient):
    page = lan.page(NOTICE)
    assert "30 ngày sau buổi học" in page.text_content()
    assert "Hỏi ai" not in page.text_content()


@pytest.mark.parametrize("contact", ["x" * 161, "hai\ndòng", "\x00"])
def test_a_contact_that_cannot_be_printed_is_refused(contact, tmp_path):
    with pytest.raises(SettingsError, match="LMS_CONTACT"):
        load_settings({"LMS_CONTACT": contact}, data_dir=tmp_path)
    assert load_settings({"LMS_CONTACT": " Phường An Đông "}, data_dir=tmp_path).contact == "Phường An Đông"
