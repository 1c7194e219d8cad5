"""A laptop's file that is not whole, not ours or not possible is refused with a reason; a wrong clock is not."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.content.model import Stage
from lms.learning.accounts.permissions import CITY
from lms.learning.classroom.report.class_report import find_class_report
from lms.learning.errors import InvalidHandIn, TooLarge
from lms.learning.hand_in import signed_file
from lms.learning.hand_in.wording import REFUSALS
from lms.learning.store.database import make_engine
from lms.learning.store.models import AuditLogRow, ClassSessionRow, Mark
from tests.learning import sample_courses
from tests.learning.classroom.live_class import WARD, LiveClass
from tests.learning.hand_in.laptops import City, Laptop, content_of
from tests.learning.sample_courses import NOW

ALL_MARKS = [("vneid", "kich-hoat", stage) for stage in ("dung", "hieu", "lam")]
OTHER_WARD = "26878"
LONG_AFTER = NOW + timedelta(days=3)


@pytest.fixture(scope="module")
def kept_laptop(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Laptop]:
    """A laptop whose files the tests of this module alter; they change nothing on it."""
    folder = tmp_path_factory.mktemp("laptop")
    engine = make_engine(f"sqlite:///{shutil.copy(migrated_file, folder / 'lms.sqlite3')}")
    yield Laptop(engine, folder / "data", sample_courses.library())
    engine.dispose()


@pytest.fixture(scope="module")
def good_content(kept_laptop: Laptop) -> dict:
    """What a file says of a class and of a learner with a badge."""
    lan = kept_laptop.learner()
    kept_laptop.claim_badge(lan)
    return content_of(kept_laptop.export(kept_laptop.hold_class(lan)))


def refusal(city: City, data: bytes) -> str:
    with pytest.raises(InvalidHandIn) as refused:
        city.receive(data)
    assert REFUSALS[refused.value.why]
    return refused.value.why


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_small_file_that_promises_gigabytes_is_refused(city: City, laptop: Laptop, monkeypatch):
    bomb = gzip.compress(b"[" + b" " * (signed_file.MAX_JSON_BYTES + 1) + b"]")
    monkeypatch.setattr(signed_file.gzip, "compress", lambda *_, **__: bomb)
    data = signed_file.pack_hand_in([], laptop.keys)
    assert len(data) < 100_000
    assert refusal(city, data) == "large"
    assert refusal(city, data[:100] + b"\0" * signed_file.MAX_FILE_BYTES) == "large"


def test_a_class_that_another_laptop_handed_in_is_refused(city: City, new_laptop):
    mine, other = new_laptop("mine"), new_laptop("other")
    data = mine.export(mine.hold_class(guests=3))
    city.receive(data)
    content = content_of(data) | {"serial": 99}
    before = city.rows(), city.people()
    assert refusal(city, signed_file.pack_hand_in(content, other.keys)) == "other_key"
    assert (city.rows(), city.people()) == before


@pytest.mark.slow
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
    data = signed_file.pack_hand_in(content, laptop.keys)
    assert refusal(city, data) == "own_class"
    with pytest.raises(InvalidHandIn, match="own_class"):
        city.receive_without_preview(data)
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
def test_a_signed_file_with_impossible_values_is_refused_whole(city: City, kept_laptop, good_content, path, value):
    inner = content = deepcopy(good_content)
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    before = city.rows()
    data = b"" if value == "\ud800" else signed_file.pack_hand_in(content, kept_laptop.keys)
    if not data:  # JSON can write a half character that no text may have
        inner[path[-1]] = "half"
        text = json.dumps(content).replace('"half"', '"\\ud800"')
        data = _pack_text(text, kept_laptop)
    assert refusal(city, data) == "malformed"
    assert city.rows() == before


@pytest.mark.parametrize("text", ["", "[]", "null", '{"a":NaN}', '{"a":1,"a":2}', "[" * 50_000, "{", "1" * 6000])
def test_a_signed_file_that_is_no_such_json_is_refused(city: City, kept_laptop: Laptop, text: str):
    assert refusal(city, _pack_text(text, kept_laptop)) == "malformed"


def _pack_text(text: str, laptop: Laptop) -> bytes:
    """A file with this JSON, signed as ``pack`` signs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signed_file.json, "dumps", lambda *_, **__: text)
        return signed_file.pack_hand_in(None, laptop.keys)


# --- clocks ---


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
