"""The movement after a year, a tenth of the city on SQLite: its pages, the counting of a class, the nightly release.

``python -m bench movement_city`` is the whole city on PostgreSQL.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, select, text

from bench.databases import new_database
from bench.figures import Figure, at_least, at_most, percentile_ms, without_bar
from bench.generated_year import YearSize, fill_year
from bench.load_generator import LoadResult, generate
from bench.servers import running_servers
from bench.sites import Site, bare_site, build_request
from lms import vietnam_time
from lms.learning.ledger.period_report import build_report
from lms.learning.ledger.periods import parse_period
from lms.learning.movement_statistics.counting import count_class, find_uncounted_classes
from lms.learning.movement_statistics.figure_releases import release_figures
from lms.learning.org_units.unit_store import CITY_UNIT_ID, find_unit
from lms.learning.store.database import make_engine, read_sessions, write_sessions
from lms.learning.store.migrate import upgrade
from lms.learning.store.models import PlannedClassRow
from lms.learning.wards import all_wards

TENTH = YearSize(classes=6_000, neighbourhoods=200, learners=150_000)
CONNECTIONS, SECONDS = 16, 6.0  # of the load on pages, as in reading.py
# As a lesson page: without a cookie, and of a learner, for which the database is asked as well; milliseconds.
CITY_WARM_BAR, WARD_WARM_BAR, COLD_BAR = 2.0, 1.5, 300.0
COUNTING_BAR, RELEASE_BAR, REPORT_BAR = 50.0, 120.0, 5.0  # milliseconds; seconds
COUNTED_ALONE, LISTED_CLASSES = 30, 20


def measure() -> Iterator[Figure]:
    return figures("sqlite", "SQLite, a tenth", TENTH)


def figures(database: str, name: str, size: YearSize) -> Iterator[Figure]:
    """Fill a new database with a year, and measure it."""
    with tempfile.TemporaryDirectory() as data, new_database(database, Path(data)) as url:
        folder, now = Path(data), datetime.now(UTC)
        engine = make_engine(url)
        upgrade(engine)
        begun = time.monotonic()
        rows = _fill(engine, size, now)
        note = f"{rows:,} rows, filled in {time.monotonic() - begun:,.0f} s"
        yield without_bar(f"{name}: answers of a year, as counts", size.answers, "answers", note)
        yield from _nightly_figures(engine, name, now)
        to_come = select(PlannedClassRow.id).where(PlannedClassRow.starts_at > now).limit(LISTED_CLASSES)
        with read_sessions(engine)() as session:
            classes = [f"/lich/{planned_id}" for planned_id in session.scalars(to_come)]
        engine.dispose()
        with running_servers(folder, url, 1) as [server]:
            yield from _page_figures(Site(server.port, folder), name, classes)


def _fill(engine: Engine, size: YearSize, now: datetime) -> int:
    with engine.begin() as connection:
        rows = fill_year(connection, size, now=now)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    return rows


def _nightly_figures(engine: Engine, name: str, now: datetime) -> Iterator[Figure]:
    """First some classes of yesterday one by one, each in a transaction, then all the rest with the release."""
    sessions, alone = write_sessions(engine), list[float]()
    for _ in range(COUNTED_ALONE):
        with sessions.begin() as session:  # which class is next is asked once for fifty, and not part of it
            due = find_uncounted_classes(session.connection(), now=now, limit=1)
            begun = time.perf_counter()
            for row in due:
                count_class(session.connection(), row, now=now)
        if due:
            alone.append(time.perf_counter() - begun)
    note = f"{len(alone)} classes, median {1000 * median(alone):.1f} ms"
    yield at_most(f"{name}: counting a class, p95", percentile_ms(alone, 0.95), COUNTING_BAR, "ms", note)
    begun = time.perf_counter()
    result, _ = release_figures(engine, now=now)
    seconds = time.perf_counter() - begun
    note = f"counts {result.classes + result.left_out:,} classes and marks of {result.learners:,} learners first"
    yield at_most(f"{name}: the nightly release", seconds, RELEASE_BAR, "s", note)
    with read_sessions(engine)() as session:
        city, year = find_unit(session, CITY_UNIT_ID), parse_period(str(vietnam_time.to_vietnam_time(now).year))
        assert year
        seconds = _time(lambda: build_report(session, city, year, now=now))
    yield at_most(f"{name}: the city's report of the year", seconds, REPORT_BAR, "s")


def _page_figures(site: Site, name: str, classes: list[str]) -> Iterator[Figure]:
    wards = [f"/phuong/{ward.slug}" for ward in all_wards()]
    _get(site, "/")  # so that it is the page that is cold, and not the process
    city = _time(lambda: _get(site, "/phong-trao"))
    cold = {path: _time(lambda path=path: _get(site, path)) for path in wards}
    slowest = max(cold, key=lambda path: cold[path])
    yield at_most(f"{name}: the first request of /phong-trao", 1000 * city, COLD_BAR, "ms")
    note = f"{slowest}; median {1000 * median(cold.values()):.0f} ms"
    yield at_most(f"{name}: the slowest first request of a ward's page", 1000 * cold[slowest], COLD_BAR, "ms", note)
    for label, paths, bar in (
        ("/phong-trao", ["/phong-trao"], CITY_WARM_BAR),
        ("pages of all wards", wards, WARD_WARM_BAR),
        ("/lich", ["/lich"], WARD_WARM_BAR),
        (f"pages of {len(classes)} classes", classes, WARD_WARM_BAR),
    ):
        sizes = [len(_get(site, path)) for path in paths]
        with tempfile.TemporaryDirectory() as folder, bare_site(Path(folder), round(median(sizes))) as bare:
            baseline = _run(bare, ["/page"])
            load = _run(site, paths)
        note = f"{load.rate:,.0f} a second, bare {baseline.rate:,.0f} of {median(sizes) / 1000:.1f} KB"
        yield at_least(f"{name}: {label}, warm, against bare Flask", load.rate / baseline.rate, bar, "×", note)


def _get(site: Site, path: str) -> bytes:
    response = site.request(path)
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    return response.body


def _time(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _run(site: Site, paths: list[str]) -> LoadResult:
    requests = [build_request("GET", path) for path in paths]
    # Each connection begins elsewhere, so that not all ask for the same page at once.
    connections = [requests[start:] + requests[:start] for start in _starts(len(requests))]
    generate("127.0.0.1", site.port, connections, 1.0)  # warm
    load = generate("127.0.0.1", site.port, connections, SECONDS)
    if set(load.statuses) != {"200"}:
        raise RuntimeError(f"expected 200 only: {load.statuses}")
    return load


def _starts(count: int) -> list[int]:
    return [number * count // CONNECTIONS for number in range(CONNECTIONS)]
