"""Static files: kept for ever under the build that names their contents, small on the wire."""

from __future__ import annotations

import gzip
import json

import brotli
import pytest

from lms.assets import load_assets
from tests.live.raw import ask

PATH = "css/base.css"


def test_a_file_under_its_build_is_kept_for_ever(live_server):
    reply = ask(live_server.url, load_assets().url(PATH))
    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["content-type"] == "text/css; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.body == load_assets().files[PATH].plain


def test_a_page_from_before_a_new_build_still_finds_its_files(live_server):
    reply = ask(live_server.url, f"/static/000000000000/{PATH}")
    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_a_file_comes_in_the_smallest_form_that_the_browser_reads(live_server, accepted, encoding, unpack):
    reply = ask(live_server.url, load_assets().url(PATH), headers={"Accept-Encoding": accepted})
    assert reply.headers.get("content-encoding") == encoding
    assert reply.headers["vary"] == "accept-encoding"
    assert unpack(reply.body) == load_assets().files[PATH].plain


@pytest.mark.parametrize(
    "path", ["/static/x/none.css", "/static/", "/static/x/../../pyproject.toml", "/static/x/%2e%2e/lms"]
)
def test_there_is_nothing_but_the_files(live_server, path):
    assert ask(live_server.url, path).status == 404


def test_files_are_only_to_be_read(live_server):
    assert ask(live_server.url, load_assets().url(PATH), method="POST", body=b"").status == 405


def test_health_says_which_build_is_running(live_server):
    reply = ask(live_server.url, "/healthz")
    assert reply.status == 200
    told = json.loads(reply.body)
    assert told["status"] == "ok"
    assert told["build"] == load_assets().build


def test_stylesheets_that_are_wanted_together_come_as_one_in_the_order_asked_for(live_server):
    assets = load_assets()
    address = assets.sheets(["tokens", "band", "coach"])
    reply = ask(live_server.url, address)
    parts = ("css/tokens.css", "css/components/band.css", "css/components/coach.css")
    assert reply.body == b"".join(assets.files[part].plain for part in parts)
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    # What they point to is found from where they seem to lie.
    assert address.rpartition("/")[0].endswith("/css/components")


@pytest.mark.parametrize("names", ["band+none", "band+band", "+", "band+", "../tokens+band", "+".join(["x"] * 5000)])
def test_stylesheets_that_do_not_go_together_are_not_there(live_server, names):
    assert ask(live_server.url, f"/static/x/css/components/{names}.css").status in (404, 414, 431)
