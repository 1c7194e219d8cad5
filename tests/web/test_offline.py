"""What the server gives a phone for the time without a network."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from lms.assets import load_assets
from lms.http.learner_cookie import COOKIE_NAME
from tests.web.sample_course import UNDERSTAND_URL

PRACTICE = "/vneid/kich-hoat/lam"
ID = "5" * 32


@pytest.fixture
def lan(app: Flask) -> FlaskClient:
    return FlaskClient(app, app.response_class)


@pytest.fixture
def hoa(app: Flask) -> FlaskClient:
    return FlaskClient(app, app.response_class)


def start_offline(client, **fields: str):
    page = client.get(f"{PRACTICE}?luot=tu-lam")
    form = {"mode": "tu-lam", "attempt": ID, "digest": page.headers["Practice-Digest"], **fields}
    return client.post(PRACTICE, data=form)


def test_the_service_worker_is_small_and_never_stale(lan):
    response = lan.get("/sw.js")
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    assert len(response.data) < 500
    assert load_assets().build in response.text
    for url in re.findall(r'"(/static/[^"]+)"', response.text):
        assert load_assets().find(url.split("/", 3)[3])


def test_the_pages_in_place_of_missing_ones_are_the_same_for_everybody(lan):
    headings = {"/ngoai-mang": "Trang này chưa có trong máy", "/ngoai-mang/ket-qua": "Kết quả chờ có mạng"}
    for path, heading in headings.items():
        response = lan.get(path)
        page = html.fromstring(response.text)
        assert page.findtext(".//h1") == heading
        assert response.headers["Page-Version"].startswith(load_assets().build)
        assert "Learner-Key" not in response.headers
        assert page.xpath("//ul[@data-stored-pages]")  # the service worker fills it
        assert len(page.xpath("//a[contains(@class, 'button--main')]")) == 1


def test_every_page_links_the_manifest_with_its_icons(lan):
    page = html.fromstring(lan.get("/").text)
    [manifest] = page.xpath("//link[@rel='manifest']/@href")
    found = load_assets().find(manifest.split("/", 3)[3])
    assert found.media_type == "application/manifest+json"
    for icon in re.findall(r'"src": "([^"]+)"', found.content.decode()):
        assert load_assets().find(icon).media_type == "image/png"


def test_pages_of_the_learner_may_be_kept_and_others_may_not(lan):
    for path in ("/", "/vneid", UNDERSTAND_URL, PRACTICE):
        assert lan.get(path).headers["Learner-Key"] == "none", path
    for path in ("/toi", "/lop", "/vao", "/kiem-chung", "/nothing-here"):
        assert "Learner-Key" not in lan.get(path).headers, path


def test_the_key_of_a_learner_is_not_the_id(lan, hoa):
    for phone in (lan, hoa):
        phone.post(f"{PRACTICE}", data={"mode": "tu-lam"})
    keys = [phone.get("/").headers["Learner-Key"] for phone in (lan, hoa)]
    assert len(set(keys)) == 2
    assert all(re.fullmatch("[0-9a-f]{12}", key) for key in keys)
    assert keys[0] not in lan.get_cookie(COOKIE_NAME).value


def test_a_course_lists_its_pages_with_their_sizes(lan):
    listed = lan.get("/vneid/tai-ve.json").json
    urls = [page["url"] for page in listed["pages"]]
    assert {"/vneid", UNDERSTAND_URL, PRACTICE, f"{PRACTICE}?luot=tu-lam", f"{PRACTICE}?che-do=xem-mau"} <= set(urls)
    for url in urls:
        response = lan.get(url)
        assert response.status_code == 200, url
        assert response.headers["Page-Version"] == listed["version"], url
    assert sum(page["bytes"] for page in listed["pages"]) < listed["bytes"]
    assert lan.get("/khong-co/tai-ve.json").status_code == 404


@pytest.mark.slow
def test_a_course_that_was_edited_has_another_version(lan, courses, catalog):
    before = lan.get("/vneid/tai-ve.json").json["version"]
    (courses / "vneid/01-ba-loai-ma/dung.md").write_text("---\ntên: Việc\n---\n\n- [ ] Mở máy\n", "utf-8")
    catalog.reload()
    assert lan.get("/vneid/tai-ve.json").json["version"] != before
    assert lan.get("/vneid").headers["Page-Version"] != before


def test_an_attempt_that_was_started_offline_is_stored_once(lan):
    for _ in range(2):
        assert start_offline(lan).headers["Location"] == f"/toi/luot/{ID}"
    sent = lan.get(f"/toi/luot/{ID}")
    assert sent.status_code == 200
    # The same screens with the same data as on the phone.
    shown = lan.get(f"{PRACTICE}?luot=tu-lam").text.replace("0" * 32, ID)
    facts = [re.search(r'"data": (\{.*?\})', text)[1] for text in (sent.text, shown)]
    assert facts[0] == facts[1]


def test_nobody_takes_the_attempt_of_another_learner(lan, hoa):
    start_offline(lan)
    assert start_offline(hoa).status_code == 404
    assert hoa.get(f"/toi/luot/{ID}").status_code == 404
    assert lan.get(f"/toi/luot/{ID}").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"attempt": "x"}, {"attempt": ID.upper() + "A"}, {"attempt": "0" * 32}, {"digest": ""}, {"mode": "kiem-tra"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_malformed_start_stores_nothing(lan, wrong):
    assert start_offline(lan, **wrong).status_code == 422
    assert lan.get(f"/toi/luot/{ID}").status_code == 404
