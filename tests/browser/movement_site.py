"""A site whose movement is well under way: long names, classes, targets, reports."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.config import SECRET_KEY_FILE
from lms.learning import wards
from lms.learning.accounts import account_store
from lms.learning.accounts.account import Account
from lms.learning.calendar import planning, reservations
from lms.learning.calendar.class_plan import MAX_LENGTHS, ClassPlan
from lms.learning.calendar.planned_classes import PlannedClass
from lms.learning.movement_statistics.figure_releases import release_figures
from lms.learning.org_units import unit_admin, unit_store
from lms.learning.org_units.unit_list import MAX_NAME_LENGTH, ListLine
from lms.learning.period_reports import report_notes
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.targets import hand_counted_figures, target_admin
from lms.learning.targets.indicators import all_indicators
from lms.learning.targets.periods import Period, parse_period
from lms.learning.targets.target_store import Origin
from tests.browser.site_process import SECRET_KEY, Site, copy_migrated_store, serve_site
from tests.learning.movement_statistics.movement import Movement
from tests.real_courses import library

WARD = max(wards.all_wards(), key=lambda ward: len(ward.full_name))
EMPTY_WARD, SIMILAR_WARD = wards.search_wards_ignoring_marks("Thanh An")
LONG_NAME = "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên Khánh"  # of the organiser


@dataclass(frozen=True, slots=True)
class FilledMovement:
    """Ids of what was stored, and the periods that have begun: a month, its quarter and its year, all with targets."""

    organiser: str  # what she types to sign in; she has steered all classes
    administrator: str  # of the whole city
    planned: dict[str, str]  # by status
    units: dict[str, str]  # by kind
    target: str
    unsigned_target: str
    periods: tuple[Period, ...]
    closed_period: Period


@contextmanager
def serve_movement(folder: Path) -> Iterator[tuple[Site, FilledMovement]]:
    """Serve a site with such a movement until the block ends. ``folder`` belongs to the test."""
    data_dir = folder / "data"
    copy_migrated_store(data_dir)
    (data_dir / SECRET_KEY_FILE).write_text(SECRET_KEY)  # a store with people in it is not opened with a new one
    engine = make_engine(f"sqlite:///{data_dir / 'lms.sqlite3'}")
    try:
        filled = fill_movement(engine)
    finally:
        engine.dispose()
    with serve_site(folder) as site:
        yield site, filled


def fill_movement(engine: Engine) -> FilledMovement:
    """Store everything, with texts as long as they may be."""
    now = datetime.now(UTC)
    today = vietnam_time.to_vietnam_time(now).date()
    movement = Movement(engine)
    with write_sessions(engine).begin() as session:
        thu = account_store.add_account(session, name=LONG_NAME, roles={"organiser"}, ward=WARD.code, by=None, now=now)
        root = account_store.add_account(session, name="Quản trị", roles={"administrator"}, ward="", by=None, now=now)
    units = _add_units(engine, thu, now)
    periods = _begun_periods(today)
    _hold_classes(movement, units, now)
    with write_sessions(engine).begin() as session:
        targets = _set_targets(session, [WARD.code, *units.values()], periods, by=thu, above=root, now=now)
        _set_targets(session, [unit_store.place_unit_id("")], periods, by=root, above=root, now=now)
        closed = parse_period(f"{today.year - 1}-01")
        assert closed
        _write_notes(session, units, (*periods, closed), thu, root, now)
        for indicator in all_indicators():
            hand_counted_figures.enter_hand_counted_figure(
                session, unit_id=WARD.code, indicator=indicator, day=today, number=1_234_567,
                note=_long(hand_counted_figures.MAX_NOTE_LENGTH), by=thu, now=now,
            )  # fmt: skip
        unsigned = target_admin.add_target(
            session, unit_id=units["digital_team"], indicator="signatures", period=str(today.year - 1),
            origin="registered", number=1, by=thu, now=now,
        ).id  # fmt: skip
    release_figures(engine, now=now)
    with write_sessions(engine).begin() as session:
        planned = _plan_classes(session, units, thu, now)
    return FilledMovement(thu.login, root.login, planned, units, targets[0], unsigned, periods, closed)


def _long(length: int) -> str:
    return ("Nhà văn hóa khu phố Thạnh Mỹ Lợi " * (1 + length // 30))[:length].strip()


def _begun_periods(today: date) -> tuple[Period, ...]:
    keys = (f"{today:%Y-%m}", f"{today.year}-Q{(today.month + 2) // 3}", str(today.year))
    return tuple(period for key in keys if (period := parse_period(key)))


def _add_units(engine: Engine, by: Account, now: datetime) -> dict[str, str]:
    neighbourhood = f"Khu phố {_long(MAX_NAME_LENGTH - 8)}"
    team = f"Tổ công nghệ số {neighbourhood}"[:MAX_NAME_LENGTH].strip()
    lines = [("Hội Phụ nữ",), (neighbourhood,), (team, "tổ công nghệ số", neighbourhood)]
    with write_sessions(engine).begin() as session:
        added = unit_admin.add_units(
            session, [ListLine(number, cells) for number, cells in enumerate(lines, 1)], ward=WARD.code, by=by,
            now=now, confirms_similar=True,
        )  # fmt: skip
        return {unit.kind: unit.id for unit in added.units}


def _hold_classes(movement: Movement, units: dict[str, str], now: datetime) -> None:
    for days, unit in zip((40, 12, 8, 6, 4), (*units.values(), None, None), strict=True):
        learners = movement.learners(12, ward=WARD.code)
        opened_at = now - timedelta(days=days)
        mistakes = (("Nhập mã OTP", 9), ("Chọn ảnh chân dung", 7))
        movement.hold_class(
            learners, ward=WARD.code, opened_at=opened_at, added=2, unit=unit, mistakes=mistakes, minutes=90
        )
        for stage in ("hieu", "lam", "dung"):
            for learner in learners[:8]:
                movement.mark(learner, stage, at=opened_at)
    movement.hold_class(movement.learners(2), ward=WARD.code, opened_at=now - timedelta(days=3))


def _set_targets(
    session: Session, unit_ids: list[str], periods: tuple[Period, ...], *, by: Account, above: Account, now: datetime
) -> list[str]:
    """Ids of the signed targets: all that a unit can register for each period, and two that it was given."""
    known, ids = list(all_indicators()), list[str]()
    city = unit_store.place_unit_id("")
    for unit_id, period in itertools.product(unit_ids, periods):
        kinds: list[tuple[str, Origin]] = [(indicator, "registered") for indicator in known]
        kinds += [(indicator, "given") for indicator in known[:2] if unit_id != city]
        for indicator, origin in kinds:
            account = above if origin == "given" else by
            target = target_admin.add_target(
                session, unit_id=unit_id, indicator=indicator, period=period.key, origin=origin, number=1_234_567,
                by=account, now=now,
            )  # fmt: skip
            target_admin.sign_target(session, target.id, version=target.version, by=account, now=now)
            ids.append(target.id)
    return ids


def _write_notes(
    session: Session, units: dict[str, str], periods: tuple[Period, ...], by: Account, root: Account, now: datetime
) -> None:
    text = _long(report_notes.MAX_LENGTH)
    for unit_id in (unit_store.place_unit_id(""), WARD.code, *units.values()):
        unit = unit_store.find_unit(session, unit_id)
        for period in periods:
            texts = dict.fromkeys(report_notes.open_fields(period, now), text)
            account = by if unit.ward else root
            report_notes.write_note(session, unit, period, texts, version=0, by=account, now=now)


def _plan_classes(session: Session, units: dict[str, str], by: Account, now: datetime) -> dict[str, str]:
    texts = {name: _long(most) for name, most in MAX_LENGTHS.items() if name != "map_url"}

    def plan(hours: int, **details: object) -> PlannedClass:
        lesson = ClassPlan("vneid", "kich-hoat", now + timedelta(hours=hours), 90, venue="Đình làng")
        return planning.plan_class(
            session, ClassPlan(**(lesson.as_values() | details)), ward=WARD.code, library=library(), by=by, now=now
        )[0]

    open_class = plan(
        30, **texts, map_url="https://ban-do.example/x", wheelchair="no", language="zh", seats=30,
        unit_id=units["neighbourhood"],
    )  # fmt: skip
    full, moved, cancelled = plan(40, seats=1), plan(50), plan(200)
    reservations.reserve_seat(session, full.id, "1a" * 16, now=now)
    moved_plan = ClassPlan(
        **(moved.plan.as_values() | {"venue": texts["venue"], "starts_at": now + timedelta(hours=52)})
    )
    planning.change_plan(
        session, moved.id, moved_plan, version=moved.version, note=_long(planning.MAX_NOTE_LENGTH),
        library=library(), by=by, now=now,
    )  # fmt: skip
    planning.cancel_plan(session, cancelled.id, version=cancelled.version, note="Mưa lớn", by=by, now=now, rest=False)
    return {"open": open_class.id, "full": full.id, "moved": moved.id, "cancelled": cancelled.id}
