"""A site whose movement is well under way: long names, classes, targets, reports."""

from __future__ import annotations

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
from lms.learning.ledger import entries
from lms.learning.ledger.entries import MAX_LENGTHS as MAX_TEXTS
from lms.learning.ledger.entries import Cell, Value, open_cells
from lms.learning.ledger.periods import Period, parse_period
from lms.learning.movement_statistics.figure_releases import release_figures
from lms.learning.org_units import unit_admin, unit_store
from lms.learning.org_units.unit_list import MAX_NAME_LENGTH, ListLine
from lms.learning.store.database import make_engine, write_sessions
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
        closed = parse_period(f"{today.year - 1}-01")
        assert closed
        for unit_id in (unit_store.place_unit_id(""), WARD.code, *units.values()):
            for period in (*periods, closed):
                _fill_ledger(session, unit_id, period, thu, root, now)
        team = unit_store.find_unit(session, units["digital_team"])
        unsigned = {Cell("registered", "signatures"): Value(1)}
        entries.write_ledger(session, team, periods[-1], unsigned, seen=10**9, by=thu, now=now)
    release_figures(engine, now=now)
    with write_sessions(engine).begin() as session:
        planned = _plan_classes(session, units, thu, now)
    return FilledMovement(thu.login, root.login, planned, units, periods, closed)


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
        movement.hold_class(learners, ward=WARD.code, opened_at=opened_at, added=2, unit=unit, minutes=90)
        for stage in ("hieu", "lam", "dung"):
            for learner in learners[:8]:
                movement.mark(learner, stage, at=opened_at)
    movement.hold_class(movement.learners(2), ward=WARD.code, opened_at=now - timedelta(days=3))


def _fill_ledger(session: Session, unit_id: str, period: Period, by: Account, root: Account, now: datetime) -> None:
    """All that can be written, as long as it may be, first by the organiser, then by the city; all targets signed."""
    unit = unit_store.find_unit(session, unit_id)
    for account in (by, root):
        values = {
            cell: Value(None if cell.kind == "note" else 1_234_567, _long(MAX_TEXTS.get(cell.kind, 0)))
            for cell in open_cells(session, account, unit, period, now)
        }
        if values:
            entries.write_ledger(session, unit, period, values, seen=10**9, signs=True, by=account, now=now)


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
