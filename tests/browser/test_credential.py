"""A badge passes external validators: the 1EdTech schema and another library."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable

import pytest
from jsonschema import Draft201909Validator
from playwright.sync_api import Browser

from tests.browser import journeys
from tests.browser.conftest import PHONE
from tests.browser.learner import Learner
from tests.browser.lessons import lesson
from tests.browser.site_process import ROOT, Site
from tests.browser.waiting import MAX_RETRIES, TIMEOUT_MS

SHARED = ROOT.parent / "shared" / "data" / "openbadges"
SCHEMA = SHARED / "ob_v3p0_achievementcredential_schema.json"
# The same published files that the site signs with; taken from elsewhere where elsewhere is there.
CONTEXTS = SHARED / "contexts" if SHARED.exists() else ROOT / "lms" / "learning" / "badges" / "contexts"


@pytest.fixture(scope="module")
def badge(chromium: Browser, site: Site) -> dict:
    """The credential of a badge that was earned through the pages."""
    context = chromium.new_context(base_url=site.url, java_script_enabled=False, **PHONE)
    context.set_default_timeout(TIMEOUT_MS)
    lan = Learner(context.new_page(), script=False)
    address = journeys.complete_lesson(lan, lesson("/vneid/cai-ung-dung-that"), name="Nguyễn Thị Lan")
    document = context.request.get(f"{address}.json", max_retries=MAX_RETRIES).json()
    context.close()
    return document


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema is not ours to copy: it lies in ../shared/data/openbadges")
def test_the_badge_is_valid_by_the_open_badges_schema(badge):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = Draft201909Validator(schema, format_checker=Draft201909Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(badge)] == []


def test_a_library_in_another_language_verifies_its_proof(badge):
    assert outside_verdict(badge) == {"verified": True, "error": None}


def rename(document: dict) -> None:
    document["credentialSubject"]["achievement"]["name"] = "Khóa học khác"


def change_holder(document: dict) -> None:
    document["credentialSubject"]["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"


def antedate(document: dict) -> None:
    document["validFrom"] = "2020-01-01T00:00:00Z"


def spoil_signature(document: dict) -> None:
    proof = document["proof"][0]
    last = proof["proofValue"][-1]
    proof["proofValue"] = proof["proofValue"][:-1] + ("2" if last != "2" else "3")


@pytest.mark.parametrize("alter", [rename, change_holder, antedate, spoil_signature])
def test_that_library_rejects_an_altered_badge(badge, alter: Callable[[dict], None]):
    altered = copy.deepcopy(badge)
    alter(altered)
    assert outside_verdict(altered)["verified"] is False


def outside_verdict(document: dict) -> dict:
    command = ["node", str(ROOT / "tests" / "outside" / "verify_badge.mjs"), str(CONTEXTS)]
    judged = subprocess.run(
        command, cwd=ROOT, input=json.dumps(document), capture_output=True, text=True, timeout=240, check=False
    )
    assert judged.returncode == 0, judged.stderr
    return json.loads(judged.stdout)
