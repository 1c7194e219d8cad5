"""Several servers on one PostgreSQL, as in the city installation; they share no other state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from sqlalchemy import text

from lms.learning.store.database import make_engine
from tests.databases import new_database
from tests.live.lessons import practice_of, questions, sample_lesson
from tests.live.practice_posts import begin, misses, send
from tests.live.processes import Server, serving
from tests.live.raw_http import post_form, send_request

LESSON = sample_lesson()
FIRST, SECOND = questions(LESSON)[:2]
SETTINGS = {"LMS_SECRET_KEY": "the same on every machine, 32 and more"}


@pytest.fixture(scope="module")
def two_servers(tmp_path_factory: pytest.TempPathFactory, postgres: str, migrated_url: str) -> Iterator[list[Server]]:
    """Two servers started at the same moment on one database."""
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    with new_database(postgres, template=migrated_url) as url, ExitStack() as stack, ThreadPoolExecutor(2) as starting:
        settings = SETTINGS | {"LMS_DATABASE_URL": url}
        started = [starting.submit(stack.enter_context, serving(folder, **settings)) for folder in folders]
        yield [future.result() for future in started]


def answer(server: Server, asked, cookie: str | None = None) -> tuple[str, int]:
    headers = {"Accept": "application/json"} | ({"Cookie": cookie} if cookie else {})
    reply = post_form(server.url, asked.path, [("answer", key) for key in asked.right], headers)
    assert reply.status == 200
    return reply.cookie, json.loads(reply.body)["progress"]["right"]


def test_what_one_server_saved_the_other_server_reads(two_servers):
    one, two = two_servers
    cookie, right = answer(one, FIRST)
    assert right == 1
    assert answer(two, SECOND, cookie)[1] == 2
    assert answer(one, FIRST, cookie)[1] == 2


def test_an_attempt_continues_on_another_server(two_servers):
    one, two = two_servers
    attempt, cookie = begin(one.url)
    assert json.loads(send(one.url, attempt, {"events": misses(1, 3)}, cookie).body)["kept"] == 3
    receipt = json.loads(send(two.url, attempt, {"events": misses(1, 6)}, cookie).body)
    assert receipt["kept"] == 6
    assert receipt["screen"] == practice_of(LESSON).start
    assert send_request(two.url, attempt, headers={"Cookie": cookie}).status == 200


def test_concurrent_posts_of_one_learner_to_two_servers_lose_nothing(two_servers):
    one, two = two_servers
    cookies = [answer(one, FIRST)[0] for _ in range(8)]
    with ThreadPoolExecutor(16) as phones:
        sent = [phones.submit(answer, server, SECOND, cookie) for cookie in cookies for server in (one, two)]
        assert [future.result()[1] for future in sent] == [2] * len(sent)


def test_the_health_check_refuses_tables_of_another_release(tmp_path, postgres, migrated_url):
    with (
        new_database(postgres, template=migrated_url) as url,
        serving(tmp_path, **SETTINGS, LMS_DATABASE_URL=url) as server,
    ):
        assert send_request(server.url, "/healthz").status == 200
        engine = make_engine(url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        engine.dispose()
        refused = send_request(server.url, "/healthz")
        assert (refused.status, json.loads(refused.body)["revision"]) == (503, "9999")
        assert answer(server, FIRST)[1] == 1  # it goes on serving
