"""Static files: immutable under the build that hashes their contents, and compressed."""

from __future__ import annotations

import gzip
import json
from dataclasses import astuple

import brotli
import pytest

from lms.assets import load_assets
from lms.release import this_release
from tests.live.raw_http import send_request

PATH = "css/base.css"


def test_a_file_under_its_build_is_immutable(live_server):
    reply = send_request(live_server.url, load_assets().url(PATH))
    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["content-type"] == "text/css; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.body == load_assets().files[PATH].content


def test_a_page_with_an_old_build_still_gets_its_files(live_server):
    reply = send_request(live_server.url, f"/static/000000000000/{PATH}")
    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("gzip;q=0.5, br; q=0.000", "gzip", gzip.decompress),
        ("br;q=0.5, *;q=0", "br", brotli.decompress),
        ("*;q=0", None, bytes),
        ("identity", None, bytes),
    ],
)
def test_a_file_is_sent_in_the_smallest_accepted_encoding(live_server, accepted, encoding, unpack):
    reply = send_request(live_server.url, load_assets().url(PATH), headers={"Accept-Encoding": accepted})
    assert reply.headers.get("content-encoding") == encoding
    assert reply.headers["vary"] == "accept-encoding"
    assert unpack(reply.body) == load_assets().files[PATH].content


@pytest.mark.parametrize(
    "path", ["/static/x/none.css", "/static/", "/static/x/../../pyproject.toml", "/static/x/%2e%2e/lms"]
)
def test_unknown_files_are_not_found(live_server, path):
    assert send_request(live_server.url, path).status == 404


def test_what_is_refused_before_flask_is_told_in_the_phones_language(live_server):
    english = {"Cookie": "language=en"}
    page = send_request(live_server.url, "/static/x/none.css", headers=english).body.decode()
    assert '<html lang="en">' in page and "There is no file at this address." in page
    script = send_request(live_server.url, "/static/x/none.css", headers={**english, "Accept": "application/json"})
    assert json.loads(script.body) == {"error": "There is no file at this address."}
    assert '<html lang="vi">' in send_request(live_server.url, "/static/x/none.css").body.decode()


def test_static_files_refuse_other_methods(live_server):
    assert send_request(live_server.url, load_assets().url(PATH), method="POST", body=b"").status == 405


def test_the_health_check_reports_the_build(live_server):
    reply = send_request(live_server.url, "/healthz")
    assert reply.status == 200
    told = json.loads(reply.body)
    assert told["status"] == "ok"
    assert told["build"] == f"{load_assets().build}-{this_release().digest}"
    assert (told["version"], told["commit"], told["date"]) == astuple(this_release())[:3]


def test_combined_stylesheets_are_sent_in_the_requested_order(live_server):
    assets = load_assets()
    address = assets.stylesheet_url(["tokens", "simulation-banner", "coach"])
    reply = send_request(live_server.url, address)
    parts = ("css/tokens.css", "css/components/simulation-banner.css", "css/components/coach.css")
    assert reply.body == b"".join(assets.files[part].content for part in parts)
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    # Relative URLs in them are resolved against their own URL.
    assert address.rpartition("/")[0].endswith("/css/components")


def test_the_stylesheets_of_a_folder_are_sent_as_one_the_one_of_its_name_first(live_server):
    files = load_assets().files
    folder = sorted(path for path in files if path.startswith("css/components/wall/"))
    rest = [path for path in folder if path != "css/components/wall/wall.css"]
    reply = send_request(live_server.url, load_assets().stylesheet_url(["wall"]))
    assert reply.body == b"".join(files[path].content for path in ("css/components/wall/wall.css", *rest))
    assert rest


@pytest.mark.parametrize("names", ["coach+none", "coach+coach", "+", "coach+", "../tokens+coach", "+".join("x" * 5000)])
def test_invalid_combinations_of_stylesheets_are_not_found(live_server, names):
    assert send_request(live_server.url, f"/static/x/css/components/{names}.css").status in (404, 414, 431)
