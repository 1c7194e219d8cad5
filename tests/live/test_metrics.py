"""``/metrics`` of a running site: what it counts, who may read it, and that it names nobody."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from lms.http.learner_cookie import COOKIE_NAME
from lms.learning.classroom.session.stream_tokens import sign_stream_token
from lms.live.metrics import is_local
from tests.live.lessons import questions, sample_lesson
from tests.live.live_class import LiveClass
from tests.live.practice_posts import begin, misses, send
from tests.live.processes import Server, serving
from tests.live.raw_http import post_form, send_request, wait_until
from tests.live.streaming import open_streams

DEPLOY = Path(__file__).parents[2] / "deploy"
SECRET = "the same for the site and for these tests"
TOKEN = "only-prometheus-knows-it"
SLIP, CODE, NAME = "KHOBAUKHONGLOT", "7K2M9P4XC031", "Bac Lan Rieng"
LABELS = {"page", "status", "le", "by", "check", "version", "commit", "date"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("site"), LMS_SECRET_KEY=SECRET, LMS_METRICS_TOKEN=TOKEN) as running:
        yield running


def scrape(url: str, **headers: str) -> str:
    reply = send_request(url, "/metrics", headers=headers)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    return reply.text


def values(text: str) -> dict[tuple[str, str], float]:
    """By name, and value of the label ``page`` if there is one; of all classes of statuses together."""
    found: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = sample.name, sample.labels.get("page", sample.labels.get("check", ""))
            found[key] = found.get(key, 0) + sample.value
    return found


def test_a_whole_journey_is_counted_and_nobody_is_named(site):
    data = Path(site.log).parent / "data"
    hall = LiveClass(f"sqlite:///{data / 'lms.sqlite3'}", SECRET)
    phone, lesson = hall.join(name=NAME), sample_lesson()
    hall.open_question()
    asked = questions(lesson)[0]
    with open_streams(site.url, phone.token, hall.desk_token, secret=SECRET) as listeners:
        for listener in listeners:
            listener.read_until(phase="open")
        assert phone.answer(site.url, hall.question, hall.options[0]).status == 200
        learner = post_form(
            site.url, asked.path, [("answer", key) for key in asked.right], {"Accept": "application/json"}
        )
        attempt, attempting = begin(site.url)
        assert send(site.url, attempt, {"events": misses(1, 2)}, attempting).status == 200
        own = {"Cookie": phone.cookie}
        paths = [
            "/", "/toi", f"/lop/{phone.code}", f"/vao/{SLIP}", f"/toi/vao/{CODE}", f"/giup/{SLIP}", "/quan-ly",
            f"/a/b/c/d/{CODE}", f"/huy-hieu/{CODE}", f"/{SLIP}/{CODE}",
            f"/{lesson.course}/{lesson.slug}/hieu?ma={CODE}",
            f"/lop/dong?ve={sign_stream_token(SECRET, phone.token)}x", "/static/x/css/base.css",
        ]  # fmt: skip
        assert {send_request(site.url, path, headers=own).status for path in paths} <= {200, 303, 401, 403, 404, 410}
        text = scrape(site.url)
    personal = [
        SLIP, CODE, NAME, TOKEN, SECRET, phone.code, phone.learner_id, hall.id, hall.facilitator.id,
        hall.facilitator.name, COOKIE_NAME + "=", (learner.cookie or "=").partition("=")[2], attempt.rpartition("/")[2],
        lesson.slug, str(data), "127.0",
    ]  # fmt: skip
    assert [one for one in personal if one in text] == []
    families = list(text_string_to_metric_families(text))
    labels = [label for family in families for sample in family.samples for label in sample.labels.items()]
    assert {name for name, _ in labels} == LABELS
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", value) for name, value in labels if name == "page")

    counted = values(text)
    count = "lms_request_duration_seconds_count"
    assert counted[count, "live.class_answer"] == 1
    assert counted[count, "live.answer"] == 1
    assert counted[count, "live.events"] == 1
    assert counted[count, "home.show_home"] == 1
    assert counted[count, "class_stream"] == 3
    assert counted[count, "static"] == 1
    assert counted[count, "unknown"] >= 1
    assert counted["lms_streams_open", ""] == 2
    assert counted["lms_classes_open", ""] == 1
    assert counted["lms_courses_on_air", ""] == 1
    assert counted["lms_courses_in_error", ""] == 0
    assert counted["lms_writer_batch_size_sum", ""] >= 3
    assert counted["lms_pool_connections_limit", ""] > counted["lms_pool_connections_used", ""]
    assert counted["lms_disk_free_bytes", ""] > 0
    assert counted["lms_ready", "database"] == counted["lms_ready", "page"] == 1
    assert {name for name, _ in counted} >= {
        "lms_writer_queued_writes",
        "lms_database_retries_total",
        "process_open_fds",
    }
    wait_until(lambda: values(scrape(site.url))["lms_streams_open", ""] == 0)


def test_every_metric_of_the_dashboard_and_the_alerts_is_exported(site):
    assert send_request(site.url, "/").status == 200
    families = text_string_to_metric_families(scrape(site.url))
    exported = {sample.name for family in families for sample in family.samples}
    for name in ("alerts.yml", "grafana-dashboard.json"):
        named = set(re.findall(r"\b(?:lms|process)_[a-z_]+", (DEPLOY / name).read_text("utf-8")))
        assert len(named) > 10
        assert named - exported == set()


def test_the_dashboard_is_json_and_each_panel_asks_something():
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 10
    assert all(target["expr"] for panel in panels for target in panel["targets"])


def test_prometheus_accepts_the_alerts_and_its_configuration():
    """Where its own judge is installed; elsewhere the names are checked above."""
    alerts = (DEPLOY / "alerts.yml").read_text("utf-8")
    assert (
        alerts.count("- alert: ") == alerts.count(" expr: ") == alerts.count(" summary: ") == alerts.count(" action: ")
    )
    promtool = shutil.which("promtool") or ""
    for kind, name in (("rules", "alerts.yml"), ("config", "prometheus.yml")) if promtool else ():
        done = subprocess.run([promtool, "check", kind, DEPLOY / name], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_elsewhere_than_on_this_machine_it_needs_the_token(site):
    public = {"Host": "hoc.example"}
    assert send_request(site.url, "/metrics", headers=public).status == 401
    assert send_request(site.url, "/metrics", headers=public | {"Authorization": f"Bearer {TOKEN}x"}).status == 401
    assert send_request(site.url, "/metrics", headers=public | {"Authorization": TOKEN}).status == 401
    refused = send_request(site.url, "/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    assert (refused.status, refused.body, refused.headers["www-authenticate"]) == (401, b"", "Bearer")
    assert "lms_classes_open" in scrape(site.url, Host="hoc.example", Authorization=f"Bearer {TOKEN}")


def test_no_token_is_no_password(live_server):
    for given in ("Bearer ", "Bearer", "Bearer None"):
        headers = {"Host": "hoc.example", "Authorization": given}
        assert send_request(live_server.url, "/metrics", headers=headers).status == 401


def asked(host: str, client: str = "127.0.0.1", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"client": (client, 50123), "server": ("127.0.0.1", 8001), "headers": [(b"host", host.encode()), *pairs]}


@pytest.mark.parametrize(
    "scope",
    [
        asked("127.0.0.1:8001"),
        asked("localhost:8001"),
        asked("[::1]:8001", "::1"),
        asked("127.0.0.1:8001", "127.0.0.2"),
    ],
)
def test_a_program_on_this_machine_is_local(scope):
    assert is_local(scope)


@pytest.mark.parametrize(
    "scope",
    [
        asked("127.0.0.1:8001", "192.168.1.5"),
        asked("hoc.example"),
        asked("hoc.example:8001"),
        asked("localhost"),  # what nginx passes on as $host, whatever port a stranger wrote
        asked("127.0.0.1:8001", x_forwarded_for="203.0.113.7"),
        asked("127.0.0.1:8001", x_forwarded_proto="https"),
        asked("127.0.0.1:8001", forwarded="for=203.0.113.7"),
        asked("127.0.0.1:8001", via="1.1 proxy"),
        asked("[:8001"),
        asked(""),
        asked("127.0.0.1:8001") | {"client": None},
        asked("127.0.0.1:8001") | {"server": ("/run/lms.sock", None)},
    ],
    ids=repr,
)
def test_what_a_proxy_forwards_is_not_local(scope):
    assert not is_local(scope)
