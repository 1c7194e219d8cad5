"""A laptop hands in: once, whatever happens to the file; its badges and codes become good, and nobody is named."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from lms.content.model import Library, Stage
from lms.learning.badges.awarding import check_badge, find_badge
from lms.learning.badges.openbadges import Verdict
from lms.learning.classroom.lifecycle.lesson_switch import change_lesson
from lms.learning.classroom.report.class_report import find_class_report, find_evening_report
from lms.learning.errors import ClassClosed, NotFound
from lms.learning.hand_in.exporting import find_exportable_classes
from lms.learning.hand_in.importing import preview_import
from lms.learning.hand_in.laptop_file import read_laptop_file
from lms.learning.learners.learner_store import forget_learner_id, replace_learning_code
from lms.learning.store.models import ClassSessionRow, Learner, Mark
from tests.learning.classroom.live_class import LiveClass
from tests.learning.hand_in.laptops import ATTEMPT, City, Laptop, content_of
from tests.learning.sample_courses import NOW

ALL_MARKS = [("vneid", "kich-hoat", stage) for stage in ("dung", "hieu", "lam")]
OTHER_WARD = "26878"
LONG_AFTER = NOW + timedelta(days=3)


# --- what arrives ------------------------------------------------------------------------------------------------


def test_the_city_has_the_report_of_the_class(city: City, laptop: Laptop):
    class_id = laptop.hold_class(laptop.learner(), guests=4)
    receipt = city.receive(laptop.export(class_id))
    assert receipt.new_classes == (class_id,)
    with city.reads() as session, laptop.sessions.begin() as on_laptop:
        report = find_class_report(session, class_id, city.library)
        assert report.counts == find_class_report(on_laptop, class_id, laptop.library).counts
    assert report.is_final
    assert report.counts.attendance.people == 5
    assert report.class_session.venue == "nhà văn hóa khu phố 3"
    assert (report.class_session.opened_at, report.class_session.closed_at) == (NOW, NOW + timedelta(hours=1))


@pytest.mark.slow
def test_whoever_types_the_laptops_code_in_the_city_finds_her_marks(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.earn(lan, Stage.UNDERSTAND, Stage.PRACTICE)
    class_id = laptop.hold_class(lan)
    code = laptop.code(lan)
    assert city.find(code) is None
    city.receive(laptop.export(class_id))
    for typed in (code, code.lower().replace(" ", ""), code.replace(" ", "-")):
        found = city.find(typed)
        assert city.marks(found.id) == ALL_MARKS[1:]
    assert city.find(laptop.code(laptop.learner())) is None


@pytest.mark.slow
def test_a_provisional_badge_becomes_the_citys_at_the_same_id(city: City, laptop: Laptop):
    lan = laptop.learner()
    badge_id = laptop.claim_badge(lan, name="Trần Thị Lan")
    assert city.receive(laptop.export(laptop.hold_class(lan))).new_badges == 1
    with city.reads() as session:
        badge = find_badge(session, badge_id)
        assert badge.name == "Trần Thị Lan"
        assert check_badge(session, json.dumps(badge.document).encode(), city.issuer).verdict is Verdict.VALID
        assert badge.document["id"] == f"{city.issuer.public_url}/huy-hieu/{badge_id}"
        assert badge.learner_id == city.find(laptop.code(lan)).id
    assert city.find(laptop.code(lan)).name == "Trần Thị Lan"


@pytest.mark.slow
def test_a_badge_that_lacks_a_mark_here_is_not_signed_and_its_marks_are_kept(city: City, laptop: Laptop):
    lan = laptop.learner()
    badge_id = laptop.claim_badge(lan)
    with laptop.sessions.begin() as session:
        session.execute(Mark.__table__.delete().where(Mark.stage == "dung"))
    assert city.receive(laptop.export(laptop.hold_class(lan))).new_badges == 0
    with city.reads() as session, pytest.raises(NotFound):
        find_badge(session, badge_id)
    assert city.marks(city.find(laptop.code(lan)).id) == ALL_MARKS[1:]


@pytest.mark.slow
def test_marks_of_a_lesson_that_the_city_lacks_are_named_and_not_kept(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.earn(lan, Stage.UNDERSTAND)
    laptop.earn(lan, Stage.UNDERSTAND, Stage.USE, lesson="bai-rieng")
    data = laptop.export(laptop.hold_class(lan))
    with city.reads() as session:
        preview = preview_import(session, read_laptop_file(data, now=NOW), city.library)
    assert (preview.learners, preview.marks, preview.lost_marks) == (1, 3, {"vneid/bai-rieng": 2})
    assert city.receive(data).lost_marks == 2
    assert city.marks(city.find(laptop.code(lan)).id) == [("vneid", "kich-hoat", "hieu")]


def test_counts_of_a_lesson_that_the_city_lacks_are_kept(city: City, laptop: Laptop):
    class_id = laptop.hold_class(guests=3)
    city.library = Library((), "d6" * 32)
    city.receive(laptop.export(class_id))
    assert city.people() == {class_id: 3}


@pytest.mark.slow
def test_an_evening_of_two_lessons_arrives_with_a_report_of_each(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.earn(lan, Stage.UNDERSTAND)
    with laptop.sessions.begin() as session:
        live_class = LiveClass(session, laptop.library, laptop.minh)
        live_class.join(lan)
        live_class.join()
        second = laptop.library.lesson("vneid", "ba-loai-ma")
        change_lesson(
            session, live_class.id, account_id=laptop.minh, from_number=1, lesson=second, library=laptop.library,
            now=NOW + timedelta(minutes=40),
        )  # fmt: skip
        live_class.join(now=NOW + timedelta(minutes=50))
        live_class.command(close=True, now=NOW + timedelta(minutes=80))
    data = laptop.export(live_class.id)
    for _ in range(2):
        city.receive(data)
    with city.reads() as session, laptop.sessions.begin() as on_laptop:
        here, there = (find_evening_report(each, live_class.id, city.library).lessons for each in (session, on_laptop))
        assert [report.class_session.lesson for report in here] == ["kich-hoat", "ba-loai-ma"]
        assert [report.counts for report in here] == [report.counts for report in there]
        assert [report.started_at for report in here] == [NOW, NOW + timedelta(minutes=40)]
        assert find_evening_report(session, live_class.id, city.library).attendance.people == 3
    assert city.people() == {live_class.id: 3}


# --- nobody is named ---------------------------------------------------------------------------------------------


def test_no_name_no_code_and_no_id_of_the_laptop_is_in_the_file(laptop: Laptop):
    lan, hoa = laptop.learner(name="Trần Thị Lan"), laptop.learner(name="Lê Thị Hoa")
    laptop.earn(lan)
    laptop.earn(hoa)
    data = laptop.export(laptop.hold_class(lan, hoa, guests=2))
    text = json.dumps(content_of(data), ensure_ascii=False)
    assert "nhà văn hóa khu phố 3" in text
    codes = [laptop.code(learner_id) for learner_id in (lan, hoa)]
    secrets = [lan, hoa, ATTEMPT, laptop.secret, laptop.minh, *codes, *(code.replace(" ", "") for code in codes)]
    for hidden in ("Lan", "Hoa", "Minh", "Trần", "Lê Thị", *secrets):
        assert hidden not in text, hidden
        assert hidden.encode() not in data


@pytest.mark.slow
def test_a_name_that_the_learner_put_on_her_badge_travels_with_it_and_no_other(laptop: Laptop):
    lan, hoa = laptop.learner(name="Trần Thị Lan"), laptop.learner(name="Lê Thị Hoa")
    laptop.claim_badge(lan, name="Bà Lan")
    laptop.claim_badge(hoa)
    text = json.dumps(content_of(laptop.export(laptop.hold_class(lan, hoa))), ensure_ascii=False)
    assert text.count("Bà Lan") == 1
    assert "Hoa" not in text


def test_learners_without_a_mark_are_only_counted(laptop: Laptop):
    assert content_of(laptop.export(laptop.hold_class(laptop.learner(name="Lan"), guests=2)))["learners"] == []


# --- once --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_same_file_ten_times_changes_nothing_after_the_first(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.claim_badge(lan, name="Lan")
    data = laptop.export(laptop.hold_class(lan, guests=2), laptop.hold_class(lan, lesson="ba-loai-ma", guests=1))
    assert not city.receive(data).is_empty
    rows, people = city.rows(), city.people()
    for day in range(9):
        assert city.receive(data, now=LONG_AFTER + timedelta(days=day)).is_empty
    assert (city.rows(), city.people()) == (rows, people)
    assert sorted(people.values()) == [2, 3]


@pytest.mark.slow
def test_two_imports_at_once_are_one(city: City, laptop: Laptop):
    lan, hoa = laptop.learner(), laptop.learner()
    laptop.claim_badge(lan)
    laptop.earn(hoa)
    data = laptop.export(laptop.hold_class(lan, hoa, guests=2))
    with ThreadPoolExecutor(4) as pool:
        receipts = [running.result() for running in [pool.submit(city.receive, data) for _ in range(4)]]
    assert sum(len(receipt.new_classes) for receipt in receipts) == 1
    assert sum(receipt.new_badges for receipt in receipts) == 1
    assert sum(receipt.new_marks for receipt in receipts) == 6
    assert (city.rows()["marks"], city.rows()["badges"], city.rows()["handed_in_classes"]) == (6, 1, 1)


@pytest.mark.slow
def test_a_later_file_of_the_class_replaces_its_counts_and_an_earlier_one_does_not(city: City, laptop: Laptop):
    lan = laptop.learner()
    class_id = laptop.hold_class(lan, guests=2)
    first = laptop.export(class_id)
    with laptop.sessions.begin() as session:
        session.execute(update(ClassSessionRow).values(head_count=17))
    laptop.earn(lan, Stage.UNDERSTAND)
    second = laptop.export(class_id, now=NOW - timedelta(days=40))  # its clock was set back meanwhile
    assert city.receive(second).new_classes == (class_id,)
    receipt = city.receive(first)
    assert receipt.is_empty
    with city.reads() as session:
        assert find_class_report(session, class_id, city.library).class_session.head_count == 17
    assert city.marks(city.find(laptop.code(lan)).id) == [("vneid", "kich-hoat", "hieu")]


@pytest.mark.slow
def test_a_learner_of_two_classes_of_one_laptop_is_one_learner(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.earn(lan, Stage.UNDERSTAND)
    city.receive(laptop.export(laptop.hold_class(lan)))
    before = city.find(laptop.code(lan)).id
    laptop.earn(lan)
    assert city.receive(laptop.export(laptop.hold_class(lan))).new_marks == 2
    assert city.find(laptop.code(lan)).id == before
    assert city.marks(before) == ALL_MARKS


@pytest.mark.slow
def test_the_same_person_on_two_laptops_has_two_codes_and_both_are_good(city: City, new_laptop):
    first, second = new_laptop("first"), new_laptop("second")
    on_first, on_second = first.learner(), second.learner()
    first.earn(on_first, Stage.UNDERSTAND)
    second.earn(on_second, Stage.PRACTICE)
    city.receive(first.export(first.hold_class(on_first, guests=1)))
    city.receive(second.export(second.hold_class(on_second, guests=2)))
    assert sorted(city.people().values()) == [2, 3]
    assert city.marks(city.find(first.code(on_first)).id) == [("vneid", "kich-hoat", "hieu")]
    assert city.marks(city.find(second.code(on_second)).id) == [("vneid", "kich-hoat", "lam")]


@pytest.mark.slow
def test_whoever_was_forgotten_in_the_city_does_not_come_back(city: City, laptop: Laptop):
    lan = laptop.learner()
    badge_id = laptop.claim_badge(lan, name="Lan")
    data = laptop.export(laptop.hold_class(lan))
    city.receive(data)
    learner_id = city.find(laptop.code(lan)).id
    with city.sessions.begin() as session:
        forget_learner_id(session, learner_id, now=NOW)
    assert city.receive(data, now=LONG_AFTER).is_empty
    assert city.find(laptop.code(lan)) is None
    assert city.marks(learner_id) == []
    with city.reads() as session, pytest.raises(NotFound):
        find_badge(session, badge_id)


@pytest.mark.slow
def test_a_code_that_was_replaced_in_the_city_stays_replaced(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.earn(lan)
    data = laptop.export(laptop.hold_class(lan))
    city.receive(data)
    with city.sessions.begin() as session:
        replace_learning_code(session, session.get_one(Learner, city.find(laptop.code(lan)).id))
    city.receive(data, now=LONG_AFTER)
    assert city.find(laptop.code(lan)) is None


@pytest.mark.slow
def test_a_code_that_was_replaced_on_the_laptop_is_replaced_by_the_next_file(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.earn(lan)
    class_id = laptop.hold_class(lan)
    first = laptop.export(class_id)
    city.receive(first)
    before = laptop.code(lan)
    with laptop.sessions.begin() as session:
        replace_learning_code(session, session.get_one(Learner, lan))
    city.receive(laptop.export(class_id))
    city.receive(first)
    assert city.find(before) is None
    assert city.marks(city.find(laptop.code(lan)).id) == ALL_MARKS


# --- on the laptop -----------------------------------------------------------------------------------------------


def test_the_laptop_knows_which_classes_were_exported(laptop: Laptop):
    first, second = laptop.hold_class(), laptop.hold_class(now=NOW + timedelta(days=1))
    laptop.export(first, now=LONG_AFTER)
    with laptop.sessions.begin() as session:
        found = {each.class_session.id: each.exported_at for each in find_exportable_classes(session, ward=None)}
    assert found == {first: LONG_AFTER, second: None}


def test_an_open_class_an_unknown_one_and_none_cannot_be_exported(laptop: Laptop):
    closed = laptop.hold_class()
    with laptop.sessions.begin() as session:
        still_open = LiveClass(session, laptop.library, laptop.minh).id
    with pytest.raises(ClassClosed):
        laptop.export(closed, still_open)
    for class_ids in (("0" * 32,), ()):
        with pytest.raises(NotFound):
            laptop.export(*class_ids)


def test_a_rehearsal_is_never_exported(laptop: Laptop):
    class_id = laptop.hold_class(guests=3)
    with laptop.sessions.begin() as session:
        session.execute(update(ClassSessionRow).values(is_rehearsal=True))
        assert find_exportable_classes(session, ward=None) == ()
    with pytest.raises(NotFound):
        laptop.export(class_id)


def test_a_class_that_was_handed_in_is_not_handed_on(city: City, laptop: Laptop):
    city.receive(laptop.export(laptop.hold_class()))
    with city.reads() as session:
        assert find_exportable_classes(session, ward=None) == ()
