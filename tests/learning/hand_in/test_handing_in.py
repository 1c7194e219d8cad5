"""A laptop hands in: once, whatever happens to the file; its badges and codes become good, and nobody is named."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.content.model import Library, Stage
from lms.learning.accounts.permissions import CITY
from lms.learning.badges.awarding import check_badge, find_badge
from lms.learning.badges.openbadges import Verdict
from lms.learning.classroom.lifecycle.next_lesson import change_lesson
from lms.learning.classroom.report.class_report import find_class_report, find_evening_report
from lms.learning.errors import ClassClosed, InvalidHandIn, NotFound, TooLarge
from lms.learning.hand_in import signed_file
from lms.learning.hand_in.exporting import find_exportable_classes
from lms.learning.hand_in.importing import preview_import, read_laptop_file
from lms.learning.hand_in.wording import REFUSALS
from lms.learning.learners.learner_store import forget_learner_id, replace_learning_code
from lms.learning.store.models import AuditLogRow, ClassSessionRow, Learner, Mark
from tests.learning.classroom.live_class import WARD, LiveClass
from tests.learning.hand_in.laptops import ATTEMPT, City, Laptop
from tests.learning.sample_courses import NOW

ALL_MARKS = [("vneid", "kich-hoat", stage) for stage in ("dung", "hieu", "lam")]
OTHER_WARD = "26878"
LONG_AFTER = NOW + timedelta(days=3)


def content_of(data: bytes) -> dict:
    return json.loads(gzip.decompress(data.partition(b"\n")[2]))


def refusal(city: City, data: bytes) -> str:
    with pytest.raises(InvalidHandIn) as refused:
        city.receive(data)
    assert REFUSALS[refused.value.why]
    return refused.value.why


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


def test_a_badge_that_lacks_a_mark_here_is_not_signed_and_its_marks_are_kept(city: City, laptop: Laptop):
    lan = laptop.learner()
    badge_id = laptop.claim_badge(lan)
    with laptop.sessions.begin() as session:
        session.execute(Mark.__table__.delete().where(Mark.stage == "dung"))
    assert city.receive(laptop.export(laptop.hold_class(lan))).new_badges == 0
    with city.reads() as session, pytest.raises(NotFound):
        find_badge(session, badge_id)
    assert city.marks(city.find(laptop.code(lan)).id) == ALL_MARKS[1:]


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


def test_a_learner_of_two_classes_of_one_laptop_is_one_learner(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.earn(lan, Stage.UNDERSTAND)
    city.receive(laptop.export(laptop.hold_class(lan)))
    before = city.find(laptop.code(lan)).id
    laptop.earn(lan)
    assert city.receive(laptop.export(laptop.hold_class(lan))).new_marks == 2
    assert city.find(laptop.code(lan)).id == before
    assert city.marks(before) == ALL_MARKS


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


def test_a_code_that_was_replaced_in_the_city_stays_replaced(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.earn(lan)
    data = laptop.export(laptop.hold_class(lan))
    city.receive(data)
    with city.sessions.begin() as session:
        replace_learning_code(session, session.get_one(Learner, city.find(laptop.code(lan)).id))
    city.receive(data, now=LONG_AFTER)
    assert city.find(laptop.code(lan)) is None


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


# --- what is refused ---------------------------------------------------------------------------------------------


def test_a_file_that_is_cut_or_altered_anywhere_is_refused_whole(city: City, laptop: Laptop):
    lan = laptop.learner()
    laptop.claim_badge(lan)
    data = laptop.export(laptop.hold_class(lan))
    before = city.rows()
    for end in (1, 8, 14, 40, len(data) // 4, len(data) // 2, len(data) - 1):
        assert refusal(city, data[:end]) == "cut", end
    for at in range(0, len(data), max(1, len(data) // 60)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert refusal(city, changed) in {"altered", "foreign", "newer", "cut"}, at
    assert refusal(city, data + b"x") == "altered"
    assert city.rows() == before


@pytest.mark.parametrize("data", [b"", b"\n", b"PK\x03\x04", b"{}", "Báo cáo".encode(), b"\0" * 5000])
def test_a_file_of_another_kind_is_refused(city: City, data: bytes):
    assert refusal(city, data) == "foreign"


def test_a_file_of_a_later_version_is_refused_as_such(city: City, laptop: Laptop):
    data = laptop.export(laptop.hold_class())
    assert refusal(city, data.replace(b"LMS-HAND-IN 1 ", b"LMS-HAND-IN 2 ", 1)) == "newer"


def test_a_small_file_that_promises_gigabytes_is_refused(city: City, laptop: Laptop, monkeypatch):
    bomb = gzip.compress(b"[" + b" " * (signed_file.MAX_JSON_BYTES + 1) + b"]")
    monkeypatch.setattr(signed_file.gzip, "compress", lambda *_, **__: bomb)
    data = signed_file.pack([], laptop.keys)
    assert len(data) < 100_000
    assert refusal(city, data) == "large"
    assert refusal(city, data[:100] + b"\0" * signed_file.MAX_FILE_BYTES) == "large"


def test_a_class_that_another_laptop_handed_in_is_refused(city: City, new_laptop):
    mine, other = new_laptop("mine"), new_laptop("other")
    data = mine.export(mine.hold_class(guests=3))
    city.receive(data)
    content = content_of(data) | {"serial": 99}
    before = city.rows(), city.people()
    assert refusal(city, signed_file.pack(content, other.keys)) == "other_key"
    assert (city.rows(), city.people()) == before


def test_later_counts_of_a_class_come_from_its_ward_or_from_the_city(city: City, laptop: Laptop):
    class_id = laptop.hold_class(guests=3)
    first, second, third = (laptop.export(class_id) for _ in range(3))
    city.receive(first)
    with pytest.raises(InvalidHandIn, match="other_ward"):
        city.receive(second, ward=OTHER_WARD)
    assert city.receive(second).updated_classes == city.receive(third, ward=CITY).updated_classes == (class_id,)
    assert city.receive(third, ward=OTHER_WARD).is_empty
    with city.reads() as session:
        assert set(session.scalars(select(ClassSessionRow.ward))) == {WARD}
        told = select(AuditLogRow.ward).where(AuditLogRow.action == "class_handed_in")
        assert list(session.scalars(told)) == [WARD] * 3


def test_a_file_has_no_more_classes_than_a_site_takes(laptop: Laptop, monkeypatch):
    monkeypatch.setattr("lms.learning.hand_in.exporting.MAX_CLASSES", 1)
    first, second = laptop.hold_class(), laptop.hold_class()
    with pytest.raises(TooLarge, match="classes"):
        laptop.export(first, second)
    assert laptop.export(first, first)


def test_a_class_of_this_site_cannot_be_handed_in(city: City, laptop: Laptop):
    with city.sessions.begin() as session:
        own = LiveClass(session, city.library, city.thu)
    content = content_of(laptop.export(laptop.hold_class(guests=3)))
    content["classes"][0]["id"] = own.id
    assert refusal(city, signed_file.pack(content, laptop.keys)) == "own_class"
    with city.reads() as session:
        assert session.scalar(select(ClassSessionRow.closed_at).where(ClassSessionRow.id == own.id)) is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("serial",), 0), (("serial",), True), (("serial",), "1"), (("classes",), []), (("classes",), {}),
        (("classes", 0, "id"), "x"), (("classes", 0, "ward"), "99999"), (("classes", 0, "venue"), "x" * 81),
        (("classes", 0, "head_count"), -1), (("classes", 0, "opened_at"), "2026-11-25"),
        (("classes", 0, "closed_at"), "9999-12-31T23:59:59Z"), (("classes", 0, "lessons"), []),
        (("classes", 0, "lessons", 0, "course"), "../etc"),
        (("classes", 0, "lessons", 0, "counts"), {}), (("classes", 0, "lessons", 0, "number"), 0),
        (("classes", 0, "lessons", 0, "left_at"), "2026-11-25T09:00:00Z"),
        (("classes", 0, "lessons", 0, "counts", "lesson"), ["x"]),
        (("classes", 0, "lessons", 0, "counts", "advice"), "x" * 3000),
        (("classes", 0, "lessons", 0, "counts", "attendance", "machines"), -5),
        (("classes", 0, "lessons", 0, "counts", "attendance", "machines"), 1.5),
        (("classes", 0, "lessons", 0, "counts", "attendance", "machines"), 10**9),
        (("classes", 0, "lessons", 0, "counts", "attendance", "name"), "Lan"),
        (("learners", 0, "id"), None), (("learners", 0, "code_digest"), "7K2M9P4XC031"),
        (("learners", 0, "marks"), None), (("learners", 0, "marks", 0, "stage"), "xong"),
        (("learners", 0, "marks", 0, "evidence"), {}), (("learners", 0, "marks", 0, "evidence", "name"), "Lan"),
        (("learners", 0, "badges", 0, "id"), "g" * 24), (("learners", 0, "badges", 0, "name"), "x" * 61),
        (("learners", 0, "badges", 0, "name"), "\ud800"),
    ],
)  # fmt: skip
def test_a_signed_file_with_impossible_values_is_refused_whole(city: City, laptop: Laptop, path, value):
    lan = laptop.learner()
    laptop.claim_badge(lan)
    content = content_of(laptop.export(laptop.hold_class(lan)))
    inner = content
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    before = city.rows()
    data = b"" if value == "\ud800" else signed_file.pack(content, laptop.keys)
    if not data:  # JSON can write a half character that no text may have
        inner[path[-1]] = "half"
        text = json.dumps(content).replace('"half"', '"\\ud800"')
        data = _pack_text(text, laptop)
    assert refusal(city, data) == "malformed"
    assert city.rows() == before


@pytest.mark.parametrize("text", ["", "[]", "null", '{"a":NaN}', '{"a":1,"a":2}', "[" * 50_000, "{", "1" * 6000])
def test_a_signed_file_that_is_no_such_json_is_refused(city: City, laptop: Laptop, text: str):
    assert refusal(city, _pack_text(text, laptop)) == "malformed"


def _pack_text(text: str, laptop: Laptop) -> bytes:
    """A file with this JSON, signed as ``pack`` signs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signed_file.json, "dumps", lambda *_, **__: text)
        return signed_file.pack(None, laptop.keys)


# --- clocks ------------------------------------------------------------------------------------------------------


def test_a_clock_that_is_a_day_ahead_leaves_nothing_in_the_future_and_the_order_as_it_was(city: City, laptop: Laptop):
    ahead, lan = NOW + timedelta(days=1), laptop.learner()
    earlier, later = laptop.hold_class(guests=1, now=ahead - timedelta(hours=5)), laptop.hold_class(lan, now=ahead)
    laptop.earn(lan, Stage.UNDERSTAND, now=ahead + timedelta(minutes=50))
    data = laptop.export(earlier, later, now=ahead + timedelta(hours=2))
    real_now = NOW + timedelta(hours=3)
    city.receive(data, now=real_now)
    with city.reads() as session:
        first, second = (find_class_report(session, each, city.library).class_session for each in (earlier, later))
        earned_at = session.scalars(select(Mark.earned_at)).one()
    assert first.closed_at < second.opened_at < earned_at < second.closed_at < real_now
    assert second.closed_at - second.opened_at == timedelta(hours=1)


def test_a_clock_that_is_a_day_behind_or_a_file_that_comes_late_keeps_its_times(city: City, laptop: Laptop):
    class_id = laptop.hold_class(now=NOW - timedelta(days=1))
    city.receive(laptop.export(class_id, now=NOW - timedelta(days=1)), now=NOW + timedelta(days=20))
    with city.reads() as session:
        report = find_class_report(session, class_id, city.library)
        assert report.class_session.opened_at == NOW - timedelta(days=1)


def test_a_clock_whose_battery_died_is_set_to_the_day_of_the_import(city: City, laptop: Laptop):
    born = NOW.replace(year=2001)
    class_id = laptop.hold_class(now=born)
    city.receive(laptop.export(class_id, now=born + timedelta(hours=2)), now=NOW)
    with city.reads() as session:
        report = find_class_report(session, class_id, city.library)
        assert report.class_session.opened_at == NOW - timedelta(hours=2)


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
