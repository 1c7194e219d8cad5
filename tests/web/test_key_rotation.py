"""LMS_SECRET_KEY and the signing key are replaced: what was signed and printed before goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import Engine

from lms.config import Settings
from lms.content.catalog import Catalog
from lms.learning.badges.keys import replace_signing_key
from lms.learning.badges.published_keys import open_key_ring
from lms.learning.store.learning_code_key import wrap_code_key
from lms.learning.store.writer import Writer
from lms.web.app import create_app
from tests.web.accounts.account_pages import post_sign_in
from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import claim_badge, earn_all_marks
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import csrf_token, issue_slip, make_account, signed_in_client

NEW = "a-newer-secret-that-only-this-test-knows"


@pytest.fixture
def restart(settings: Settings, engine: Engine, writer: Writer, catalog: Catalog, app: Flask) -> Callable[..., Flask]:
    """Start the site again with these secret keys, the newest first, as ``lms serve`` does."""

    def start(*secret_keys: str, **changes: object) -> Flask:
        changed = replace(settings, secret_key=secret_keys[0], secret_key_fallbacks=secret_keys[1:], **changes)
        now = datetime.now(UTC)
        code_key = wrap_code_key(engine, changed.secret_keys, now=now)
        keys = open_key_ring(engine, changed.data_dir, changed.signing_key, now=now)
        again = create_app(changed, catalog=catalog, engine=engine, writer=writer, keys=keys, code_key=code_key)
        again.test_client_class = CheckingClient
        return again

    return start


def same_browser(client: CheckingClient, app: Flask) -> CheckingClient:
    """The browser with its cookies, at the site that was started again."""
    again = app.test_client()
    again._cookies = client._cookies
    return again


@pytest.mark.slow
def test_a_learner_stays_on_the_phone_and_keeps_the_code_on_paper(lan, hoa, settings, restart):
    earn_all_marks(lan)
    printed = code_on_page(lan)
    for keys in ((settings.secret_key,), (NEW, settings.secret_key)):
        lan = same_browser(lan, restart(*keys))
        assert code_on_page(lan) == printed
    lan.post("/toi/ten", data={"ten": "Lan"})  # her cookie is signed anew
    for keys in ((NEW, settings.secret_key), (NEW,), ("z" * 40, NEW), ("z" * 40,)):
        site = restart(*keys)
        other_phone = same_browser(hoa, site)
        assert other_phone.post("/toi/vao", data={"ma": printed}).status_code == 303
        assert code_on_page(other_phone) == printed


def code_on_page(phone: CheckingClient) -> str:
    shown = text_of(html.fromstring(phone.get("/toi").text))
    return re.search(r"\b([0-9CFHJKMNPRTVX]{3} ?){4}\b", shown)[0].strip()


def test_a_facilitator_stays_signed_in_and_an_open_form_is_accepted(app, settings, restart):
    minh = signed_in_client(app)
    token = csrf_token(minh)
    again = same_browser(minh, restart(NEW, settings.secret_key))
    assert again.get("/quan-ly/toi").status_code == 200
    assert again.post("/quan-ly/toi/may-khac", data={"csrf_token": token}).status_code == 303
    assert csrf_token(again) != token


def test_a_printed_slip_signs_in_after_the_rotation_and_not_after_its_end(app, settings, restart):
    slip, late = (issue_slip(app, make_account(app, name)) for name in ("Thu", "Sau"))
    both, ended = restart(NEW, settings.secret_key), restart(NEW)
    assert post_sign_in(both.test_client(), ma=slip.code).status_code == 303
    assert post_sign_in(ended.test_client(), ma=late.code).status_code == 422


@pytest.mark.slow
def test_a_badge_from_before_is_valid_and_every_host_publishes_every_key(lan, hoa, settings, restart, tmp_path):
    first = restart(settings.secret_key)
    lan = same_browser(lan, first)
    document = lan.get(claim_badge(lan) + ".json").text
    name = document_key(document)
    replaced = replace_signing_key(settings.data_dir).name
    second = restart(settings.secret_key)
    (tmp_path / "elsewhere").mkdir()
    key = json.loads((settings.data_dir / "signing-keys.json").read_text())["private"]
    elsewhere = restart(settings.secret_key, data_dir=tmp_path / "elsewhere", signing_key=key)
    for site in (first, second, elsewhere):
        assert {name, replaced} == published(site)
        assert "Huy hiệu này có thật" in verdict(site, document)
    lan = same_browser(lan, second)
    renamed = lan.post("/toi/nhan-huy-hieu/vneid/ba-loai-ma", data={"ten": "Lan"}).headers["Location"]
    assert document_key(lan.get(f"{renamed}.json").text) == replaced


def document_key(document: str) -> str:
    return json.loads(document)["proof"][0]["verificationMethod"].rpartition("#")[2]


def published(site: Flask) -> set[str]:
    profile = json.loads(site.test_client().get("/huy-hieu/nguoi-trao").text)
    assert [method["id"] for method in profile["verificationMethod"]] == profile["assertionMethod"]
    return {method["publicKeyMultibase"] for method in profile["verificationMethod"]}


def verdict(site: Flask, document: str) -> str:
    return site.test_client().post("/kiem-chung", data={"noi-dung": document}).text
