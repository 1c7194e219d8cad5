"""Figures that an operator watches: each follows what it counts, and none waits for a database that is away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from lms.learning.backup.last_backup import FILE_NAME, read_last_backup, record_backup
from lms.learning.store.database import make_engine
from lms.monitoring.figures import FigureReader
from lms.monitoring.prometheus import SiteMetrics
from tests.web.desk_client import open_desk
from tests.web.signed_in_clients import signed_in_client

NOW = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)


def scrape(app: Flask) -> dict[str, float]:
    """Metrics without labels, by name."""
    text = SiteMetrics(app.extensions["figures"], app.extensions["readiness"]).render().decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {sample.name: sample.value for sample in samples if not sample.labels}


def test_open_classes_are_counted_while_they_are_open(app):
    assert scrape(app)["lms_classes_open"] == 0
    desk = open_desk(signed_in_client(app))
    assert scrape(app)["lms_classes_open"] == 1
    desk.press("Đóng lớp", "/dong")
    assert scrape(app)["lms_classes_open"] == 0


def test_a_course_in_error_is_counted_while_its_old_version_is_served(app, courses, catalog):
    before = scrape(app)
    path = next(courses.glob("*/course.md"))
    good = path.read_text("utf-8")
    path.write_text(good + "\n::: hỏii\n", "utf-8")
    catalog.reload()
    broken = scrape(app)
    assert (before["lms_courses_in_error"], broken["lms_courses_in_error"]) == (0, 1)
    assert broken["lms_courses_on_air"] == before["lms_courses_on_air"]
    path.write_text(good, "utf-8")
    catalog.reload()
    assert scrape(app)["lms_courses_in_error"] == 0


def test_the_last_backup_is_told_and_zero_is_never(app, settings):
    assert scrape(app)["lms_last_backup_timestamp_seconds"] == 0
    record_backup(settings.data_dir, NOW)
    assert scrape(app)["lms_last_backup_timestamp_seconds"] == NOW.timestamp()


@pytest.mark.parametrize("line", ["", "yesterday", "2026-11-29T08:30:00", "\xff"])
def test_a_time_of_the_last_backup_that_cannot_be_read_is_never(tmp_path, line):
    (tmp_path / FILE_NAME).write_bytes(line.encode("latin-1"))
    assert read_last_backup(tmp_path) is None


def test_a_backup_whose_time_cannot_be_recorded_is_no_failure(tmp_path, caplog):
    record_backup(tmp_path / "gone", NOW)
    assert "was not recorded" in caplog.text


def test_with_the_database_away_the_other_figures_are_there(app, settings, catalog, writer):
    away = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    read = FigureReader(settings, engine=away, catalog=catalog, writer=writer).read()
    assert read.open_classes is None
    assert read.published_courses == len(catalog.library.courses)


def test_that_every_connection_is_in_use_is_told_at_once(settings, catalog, writer, tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'one.sqlite3'}", pool_size=1, max_overflow=0, pool_timeout=3600)
    with engine.connect():
        read = FigureReader(settings, engine=engine, catalog=catalog, writer=writer).read()
    engine.dispose()
    assert (read.used_connections, read.most_connections, read.open_classes) == (1, 1, None)


def test_a_data_folder_that_is_gone_leaves_its_figure_out(app, settings):
    settings.data_dir.rename(settings.data_dir.with_name("elsewhere"))
    read = scrape(app)
    settings.data_dir.with_name("elsewhere").rename(settings.data_dir)
    assert "lms_disk_free_bytes" not in read
    assert "lms_courses_on_air" in read
