"""A badge passes external validators: the 1EdTech schema, and libraries in two languages that did not make it.

On paper it is one A4.
"""

from __future__ import annotations

import copy
import itertools
import json
import subprocess
from collections.abc import Callable

import pytest
from jsonschema import Draft201909Validator

from tests.browser import journeys
from tests.browser.conftest import PHONE
from tests.browser.learner import Learner
from tests.browser.lessons import lesson
from tests.browser.printed_paper import LONGEST_NAME, MILLIMETRE, sheets_of
from tests.browser.shared_chromium import SharedChromium
from tests.browser.site_process import ROOT, Site
from tests.browser.waiting import MAX_RETRIES
from tests.outside import openvc_verifier

BOXES = """() => { const sheet = document.querySelector(".certificate")
  return [sheet, ...sheet.children].map((part) => part.getBoundingClientRect().toJSON()) }"""
OPEN_BADGES = ROOT / "lms" / "learning" / "badges" / "contexts" / "ob-v3p0-3.0.3.json"
# The published contexts, each from a package of its publisher where there is one. openvc has that of credentials.
CONTEXTS = {
    "https://www.w3.org/ns/did/v1": ROOT / "node_modules/did-context/contexts/did-v1.jsonld",
    "https://w3id.org/security/multikey/v1": ROOT
    / "node_modules/@digitalbazaar/multikey-context/contexts/multikey-v1.jsonld",
    "https://www.w3.org/ns/credentials/v2": ROOT / "node_modules/@digitalbazaar/credentials-context/contexts/v2.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": OPEN_BADGES,
}
SHARED = ROOT.parent / "shared" / "data" / "openbadges"
SCHEMA = SHARED / "ob_v3p0_achievementcredential_schema.json"


@pytest.fixture(scope="module")
def badge(chromium: SharedChromium, site: Site) -> dict:
    """The credential of a badge that was earned through the pages."""
    context = chromium.new_context(base_url=site.url, java_script_enabled=False, **PHONE)
    lan = Learner(context.new_page(), script=False)
    address = journeys.complete_lesson(lan, lesson("/vneid/cai-ung-dung-that"), name=LONGEST_NAME)
    document = context.request.get(f"{address}.json", max_retries=MAX_RETRIES).json()
    context.close()
    return document


def test_a_badge_with_the_longest_name_is_one_a4_and_nothing_is_cut(badge, chromium: SharedChromium, site: Site):
    paper = {"width": round(190 * MILLIMETRE), "height": round(277 * MILLIMETRE)}  # an A4 less its margins
    context = chromium.new_context(base_url=site.url, viewport=paper)
    page = context.new_page()
    page.goto(badge["id"], wait_until="load")
    assert sheets_of(page) == 1
    page.emulate_media(media="print")
    frame, *parts = page.evaluate(BOXES)
    assert frame["bottom"] - frame["top"] <= paper["height"]
    for above, below in itertools.pairwise(parts):
        assert above["bottom"] <= below["top"] + 1, below
    assert parts[-1]["bottom"] <= frame["bottom"]
    grounds = page.evaluate("() => [...document.querySelectorAll('.certificate .stage-mark')].map((mark) =>"
                            " getComputedStyle(mark.querySelector('use')).stroke)")  # fmt: skip
    assert grounds and "rgb(255, 255, 255)" not in grounds, "white icons on white paper"
    context.close()


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema is not ours to copy: it lies in ../shared/data/openbadges")
def test_the_badge_is_valid_by_the_open_badges_schema(badge):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = Draft201909Validator(schema, format_checker=Draft201909Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(badge)] == []


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


ALTERATIONS = (rename, change_holder, antedate, spoil_signature)


@pytest.fixture(scope="module", params=["javascript", "python"])
def rejections(badge: dict, request: pytest.FixtureRequest) -> dict[str, str | None]:
    """Why a library rejects the badge as it is ("") and after each alteration; None if it accepts it.

    It is handed the badges alone, no key of ours.
    """
    badges = {"": badge}
    for alter in ALTERATIONS:
        badges[alter.__name__] = copy.deepcopy(badge)
        alter(badges[alter.__name__])
    explain = {"javascript": rejections_in_javascript, "python": rejections_in_python}[request.param]
    return dict(zip(badges, explain([*badges.values()]), strict=True))


def rejections_in_javascript(documents: list[dict]) -> list[str | None]:
    command = ["node", str(ROOT / "tests" / "outside" / "verify_badge.mjs"), str(OPEN_BADGES)]
    judged = subprocess.run(
        command, cwd=ROOT, input=json.dumps(documents), capture_output=True, text=True, timeout=240, check=False
    )
    assert judged.returncode == 0, judged.stderr
    return json.loads(judged.stdout)


def rejections_in_python(documents: list[dict]) -> list[str | None]:
    return [openvc_verifier.explain_rejection(document, CONTEXTS) for document in documents]


def test_a_library_that_fetches_our_documents_verifies_the_badge(rejections):
    assert rejections[""] is None


@pytest.mark.parametrize("alter", ALTERATIONS)
def test_that_library_rejects_an_altered_badge(rejections, alter: Callable[[dict], None]):
    assert rejections[alter.__name__] is not None
