"""The site as Prometheus reads it: the counters of ``lms.metrics``, and what is measured at each scrape."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric

from lms import metrics
from lms.monitoring.figures import FigureReader
from lms.monitoring.readiness import Readiness
from lms.release import this_release


class SiteMetrics:
    """All metrics of this process."""

    def __init__(self, figures: FigureReader, readiness: Readiness) -> None:
        self._figures, self._readiness = figures, readiness
        self._registry = CollectorRegistry()
        self._registry.register(metrics.REGISTRY)
        self._registry.register(self)
        ProcessCollector(registry=self._registry)  # memory, processor time, open files; on Linux

    def render(self) -> bytes:
        """In the text format. Reads the database."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """What is measured at a scrape. Called by the registry."""
        release = this_release()
        known = {"version": release.version, "commit": release.commit, "date": release.date}
        yield InfoMetricFamily("lms_release", "The release that is running.", known)
        checks = GaugeMetricFamily("lms_ready", "1 if a check of /readyz holds, else 0.", labels=["check"])
        for check in self._readiness.check():
            checks.add_metric([check.name], check.ok)
        yield checks
        now = self._figures.read()
        backup = now.last_backup.timestamp() if now.last_backup else 0
        for name, what, value in (
            ("lms_classes_open", "Open classes of the whole site, rehearsals included.", now.open_classes),
            ("lms_courses_on_air", "Courses that are served.", now.published_courses),
            (
                "lms_courses_in_error",
                "Courses with errors, served in an older version or not.",
                len(now.faulty_courses),
            ),
            ("lms_disk_free_bytes", "Free where the data folder is.", now.free_bytes),
            ("lms_last_backup_timestamp_seconds", "When this machine last wrote a backup; 0: never.", backup),
            ("lms_writer_queued_writes", "Writes that wait for the writer.", now.queued_writes),
            ("lms_pool_connections_used", "Connections to the database in use.", now.used_connections),
            ("lms_pool_connections_limit", "Connections to the database that may be in use.", now.most_connections),
            ("lms_streams_open", "Open streams of phones, walls and desks.", now.open_streams),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, what, value)
