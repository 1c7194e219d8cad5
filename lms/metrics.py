"""Counters and histograms of this process, for ``/metrics``.

A label is a name out of our code: the endpoint of a page, a class of statuses. It is never a part of a request, and so
never a person, a class or a code.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

MONITORING_PAGES = frozenset({"healthz", "readyz", "metrics"})
PAGE_KEY = "lms.page"  # in a WSGI environ, by Flask, and then in the scope of its request: which page was made
UNKNOWN_PAGE = "unknown"  # an address that no page has, or an error outside Flask

disable_created_metrics()  # a time for each series, which nobody asks for
REGISTRY = CollectorRegistry()

_REQUEST_SECONDS = Histogram(
    "lms_request_duration_seconds",
    "From the request's last byte to the response's first, by kind of page and class of statuses.",
    ("page", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
WRITER_BATCH_SIZE = Histogram(
    "lms_writer_batch_size",
    "Writes that the writer committed together.",
    buckets=(1, 2, 5, 10, 25, 50, 100, 250),
    registry=REGISTRY,
)
DATABASE_RETRIES = Counter(
    "lms_database_retries",
    "What was tried again after a deadlock, a lock timeout or a lost connection.",
    ("by",),
    registry=REGISTRY,
)
WRITER_RETRIES = DATABASE_RETRIES.labels("writer")
REQUEST_RETRIES = DATABASE_RETRIES.labels("request")

_STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_by_page_and_status: dict[tuple[str, int], Histogram] = {}  # ``labels`` takes as long as all the rest


def observe_request(page: str, status: int, seconds: float) -> None:
    """Count a request. ``page``: an endpoint, or another name out of our code."""
    key = (page, status // 100)
    histogram = _by_page_and_status.get(key)
    if histogram is None:
        histogram = _by_page_and_status[key] = _REQUEST_SECONDS.labels(page, _STATUSES[status // 100 - 1])
    histogram.observe(seconds)


def count_requests(status: str = "") -> int:
    """How many requests were answered since the start, in all or with this class of statuses, but for monitoring."""
    samples = [one for family in _REQUEST_SECONDS.collect() for one in family.samples if one.name.endswith("_count")]
    asked = [one for one in samples if one.labels["page"] not in MONITORING_PAGES]
    return int(sum(one.value for one in asked if status in ("", one.labels["status"])))
