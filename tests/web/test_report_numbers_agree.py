"""Random histories: page, sheet and file of each report say what a plain recount says, and go on saying it."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from lms.learning.accounts.account import Account
from lms.learning.ledger.periods import Period, parse_period
from lms.learning.store.database import write_sessions
from lms.learning.store.models import ClassSessionRow
from lms.vietnam_time import VIETNAM, to_vietnam_time
from lms.web import clock
from tests.learning.movement_statistics.movement import OTHER_WARD, WARD, Movement
from tests.ledger_entries import store_cell
from tests.web.period_report_pages import PAGE, numbers_of, table_of
from tests.web.signed_in_clients import engine_of, make_account, sign_in

YEAR = to_vietnam_time(clock.now()).year - 1
BEGIN = datetime(YEAR, 8, 20, 9, tzinfo=VIETNAM)
PERIODS = [period for key in ("-09", "-10", "-Q3", "") if (period := parse_period(f"{YEAR}{key}"))]
LABELS = {
    "classes": "Lớp", "attendances": "Lượt người cầm máy ở lớp", "without_phone": "Lượt người không cầm máy",
    "learners": "Người học mới", "hieu": "Người lần đầu hiểu được một bài", "signatures": "Chữ ký số đã cấp",
}  # fmt: skip


@dataclass
class HeldClass:
    """A class as somebody with a notebook remembers it. ``people``: who sat at the phones, "" once forgotten."""

    id: str
    ward: str
    unit: str | None
    opened: datetime
    minutes: int
    people: list[str]
    without_phone: int
    counts: bool | None = None  # None: nobody has looked at it yet


@dataclass
class Entry:
    unit: str
    ward: str
    month: date
    number: int | None
    entered: datetime


@dataclass
class Notebook:
    """The plain recount: lists and loops, no table of the program."""

    classes: list[HeldClass] = field(default_factory=list)
    marks: dict[str, datetime] = field(default_factory=dict)
    ward_said: dict[str, str] = field(default_factory=dict)
    counted_in: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    figures: Counter[tuple[date, str, str | None, str]] = field(default_factory=Counter)  # day, ward, unit, indicator

    def count(self, now: datetime) -> None:
        due = [one for one in self.classes if one.counts is None and end_of(one) <= now - timedelta(hours=12)]
        for one in sorted(due, key=end_of):
            self._count_class(one, now)
        for learner, earned in sorted(self.marks.items()):
            if earned <= now - timedelta(hours=36):
                del self.marks[learner]
                day = counted_for(earned.astimezone(VIETNAM).date(), now)
                ward = self.ward_said.get(learner) or self.counted_in.get(learner, "")
                self.figures[day, ward, None, "hieu"] += 1
                if learner not in self.counted_in:
                    self.counted_in[learner] = ward
                    self.figures[day, ward, None, "learners"] += 1

    def _count_class(self, one: HeldClass, now: datetime) -> None:
        day = one.opened.astimezone(VIETNAM).date()
        others = [other for other in self.classes if other.counts and other.ward == one.ward]
        came = {each for other in others if other.opened.astimezone(VIETNAM).date() == day for each in other.people}
        fresh = [each for each in one.people if not each or each not in came]
        one.counts = one.minutes >= 15 and len(one.people) >= 5 and len(fresh) >= 5
        if one.counts:
            new = [each for each in one.people if each and each not in self.counted_in]
            self.counted_in.update(dict.fromkeys(new, one.ward))
            found = {
                "classes": 1, "attendances": len(fresh), "without_phone": one.without_phone, "learners": len(new),
            }  # fmt: skip
            for name, number in found.items():
                self.figures[counted_for(day, now), one.ward, one.unit, name] += number

    def forget(self, learner: str) -> None:
        for one in self.classes:
            one.people = ["" if each == learner else each for each in one.people]
        for known in (self.marks, self.ward_said, self.counted_in):
            known.pop(learner, None)

    def report(self, place: str, period: Period, now: datetime) -> dict[str, int]:
        """What the report of a ward, a unit or the city ("tp") says of a period."""
        closing = datetime.combine(period.last + timedelta(days=11), datetime.min.time(), VIETNAM)
        known_at = min(now, closing - timedelta(microseconds=1))
        latest = {
            (entry.unit, entry.month): entry.number or 0
            for entry in self.entries
            if place in ("tp", entry.ward, entry.unit) and period.first <= entry.month <= period.last
            and entry.entered <= known_at
        }  # fmt: skip
        counted = Counter[str](dict.fromkeys(LABELS, 0))
        for (day, ward, unit, name), number in self.figures.items():
            if place in ("tp", ward, unit) and period.first <= day <= period.last:
                counted[name] += number
        return counted | {"signatures": sum(latest.values())}


def end_of(one: HeldClass) -> datetime:
    return one.opened + timedelta(minutes=one.minutes)


def counted_for(day: date, now: datetime) -> date:
    """Until the tenth a month takes late figures; later ones are of today."""
    today = now.astimezone(VIETNAM).date()
    month_before = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return day if day >= (month_before if today.day <= 10 else today.replace(day=1)) else today


class History:
    """Does the same in the store and in the notebook."""

    def __init__(self, movement: Movement, organisers: dict[str, Account], rng: random.Random) -> None:
        self.movement, self.organisers, self.rng, self.notebook = movement, organisers, rng, Notebook()
        self.unit = movement.unit("Hội Phụ nữ", organisation="hoi-phu-nu")
        self.pool, self.earned = movement.learners(40), set[str]()

    def go_on(self) -> None:
        """One thing that happens, some hours or days after the one before."""
        self.movement.now += timedelta(hours=self.rng.choice([1, 5, 20, 60]), minutes=self.rng.randrange(60))
        happens = self.rng.choices(
            [self.hold_class, self.reopen, self.earn, self.forget, self.move, self.enter, self.withdraw, self.release],
            [9, 2, 4, 3, 2, 4, 2, 5],
        )[0]
        happens()

    def hold_class(self) -> None:
        ward, learners = self.rng.choice([WARD, WARD, OTHER_WARD]), self.rng.sample(self.pool, self.rng.randrange(15))
        unit = self.unit if ward == WARD and self.rng.random() < 0.4 else None
        minutes, added = self.rng.choice([5, 45, 90]), self.rng.randrange(2)
        # Sometimes on a laptop that tells of it weeks later.
        opened = self.movement.now - timedelta(days=self.rng.choice([0, 0, 0, 0, 25]))
        class_id = self.movement.hold_class(
            learners, ward=ward, opened_at=opened, minutes=minutes, added=added, unit=unit
        )
        self.notebook.classes.append(HeldClass(class_id, ward, unit, opened, minutes, learners, added))

    def reopen(self) -> None:
        """The latest class goes on for two hours; of one that was counted nothing changes."""
        if not self.notebook.classes:
            return
        one = self.notebook.classes[-1]
        minutes = one.minutes + 120
        with write_sessions(self.movement.engine).begin() as session:
            closed = one.opened + timedelta(minutes=minutes)
            session.execute(update(ClassSessionRow).where(ClassSessionRow.id == one.id).values(closed_at=closed))
        one.minutes = minutes

    def earn(self) -> None:
        learner = self.rng.choice(self.pool)
        if learner not in self.earned:
            self.earned.add(learner)
            self.movement.mark(learner)
            self.notebook.marks[learner] = self.movement.now

    def forget(self) -> None:
        learner = self.pool.pop(self.rng.randrange(len(self.pool)))
        self.movement.forget(learner)
        self.notebook.forget(learner)
        self.pool += self.movement.learners(1)

    def move(self) -> None:
        learner, ward = self.rng.choice(self.pool), self.rng.choice([WARD, OTHER_WARD])
        self.movement.set_ward(learner, ward)
        self.notebook.ward_said[learner] = ward

    def enter(self) -> None:
        unit = self.rng.choice([WARD, OTHER_WARD, self.unit])
        ward = OTHER_WARD if unit == OTHER_WARD else WARD
        day = self.movement.now.astimezone(VIETNAM).date() - timedelta(days=self.rng.choice([0, 3, 40]))
        self._write(Entry(unit, ward, day.replace(day=1), self.rng.randrange(1, 2000), self.movement.now))

    def withdraw(self) -> None:
        if self.notebook.entries:
            entry = self.rng.choice(self.notebook.entries)
            self._write(replace(entry, number=None, entered=self.movement.now))

    def _write(self, entry: Entry) -> None:
        self.notebook.entries.append(entry)
        store_cell(
            self.movement.engine, entry.unit, f"{entry.month:%Y-%m}", "counted", "signatures", entry.number,
            by=self.organisers[entry.ward], now=entry.entered,
        )  # fmt: skip

    def release(self) -> None:
        self.movement.release(days=1)
        self.notebook.count(self.movement.now)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_page_sheet_file_and_a_plain_recount_agree(app: Flask, monkeypatch: pytest.MonkeyPatch, seed: int):
    movement = Movement(engine_of(app))
    movement.now = BEGIN
    organisers = {ward: make_account(app, "Thu", {"organiser"}, ward) for ward in (WARD, OTHER_WARD)}
    city = sign_in(app, make_account(app, "Hà", {"organiser"}, ""))
    history = History(movement, organisers, random.Random(seed))
    at_closing: dict[str, str] = {}
    closings = {period.last + timedelta(days=11): period for period in PERIODS}
    places = ("tp", WARD, OTHER_WARD, history.unit)
    monkeypatch.setattr(clock, "now", lambda: movement.now)
    while movement.now < BEGIN + timedelta(days=110):
        history.go_on()
        for day in [day for day in closings if day <= movement.now.astimezone(VIETNAM).date()]:
            period = closings.pop(day)
            for place in places:
                at_closing[f"{PAGE}/{place}/{period.key}"] = city.get(f"{PAGE}/{place}/{period.key}.csv").text
    told = 0
    for period in PERIODS:
        for place in places:
            address = f"{PAGE}/{place}/{period.key}"
            said, table = numbers_of(city, address), table_of(city, address)
            assert table == {label: said[label] for label in table}, address
            if address in at_closing:
                assert city.get(f"{address}.csv").text == at_closing[address], address
            for name, number in history.notebook.report(place, period, movement.now).items():
                if place == history.unit and name == "hieu":
                    continue  # the notebook does not know in which class a mark was earned
                assert said.get(LABELS[name], ("0",))[0] == str(number), (address, name)
                if place == "tp" and name in ("classes", "attendances", "learners"):
                    of_wards = [line[0] for key, line in said.items() if key.endswith(f": {LABELS[name].lower()}")]
                    assert sum(map(int, of_wards)) == number, (address, name)
                told += number > 0
    assert len(at_closing) >= 8
    assert told > 40
