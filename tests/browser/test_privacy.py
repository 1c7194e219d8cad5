"""What a learner types of her real life never leaves her phone, whichever field she mistakes for the real one."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.citizen import Citizen
from tests.browser.lessons import lesson

ACTIVATION = "/vneid/kich-hoat"

# Made up, but of the shape of real ones.
REAL_LOOKING = {"id number": "079185012345", "phone number": "0903456789", "password": "MatKhauThat#77"}

KEPT_IN_BROWSER = """async () => JSON.stringify([
  Object.entries(localStorage),
  Object.entries(sessionStorage),
  await (indexedDB.databases ? indexedDB.databases() : []),
  document.cookie,
  location.href,
  history.state,
])"""


def test_real_numbers_typed_into_a_practice_stay_in_the_field(phone, site, watcher):
    lan = Citizen(phone)
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(lesson(ACTIVATION), "tu-lam")
    practising.goes_the_expected_way(until="kich-hoat-tai-khoan")
    practising.fills(0, REAL_LOOKING["id number"])
    practising.fills(1, REAL_LOOKING["phone number"])
    practising.taps_on_words("Gửi yêu cầu")
    practising.is_on("kich-hoat-tai-khoan")
    practising.goes_the_expected_way(until="dat-mat-khau")
    practising.fills(0, REAL_LOOKING["password"])
    practising.fills(1, REAL_LOOKING["password"])
    practising.taps_on_words("Xác nhận")
    practising.is_on("dat-mat-khau")
    phone.reload()
    practising.goes_the_expected_way()
    lan.looks_at_the_result()
    found_nowhere(REAL_LOOKING, watcher.sent(), phone.evaluate(KEPT_IN_BROWSER), site.written(), phone.content())


def test_the_log_of_a_practice_says_how_long_a_strange_value_was_and_no_more(phone, watcher):
    lan = Citizen(phone)
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(lesson(ACTIVATION), "tu-lam")
    practising.goes_the_expected_way(until="kich-hoat-tai-khoan")
    practising.fills(0, REAL_LOOKING["id number"])
    with phone.expect_response(re.compile(r"/su-kien$")) as answered:
        practising.taps_on_words("Gửi yêu cầu")
    assert answered.value.ok
    typed = [event[5] for event in sent_events(watcher) if event[4] == "type" and event[2] == "kich-hoat-tai-khoan"]
    assert typed == ["?12"]


def test_no_cookie_is_set_before_there_is_something_to_keep(phone, watcher):
    lan = Citizen(phone)
    for address in ("/", "/vneid", ACTIVATION, f"{ACTIVATION}/hieu", f"{ACTIVATION}/lam", f"{ACTIVATION}/dung", "/toi"):
        lan.opens(address)
    assert phone.context.cookies() == []
    assert watcher.paths("POST") == []


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_cookie_cannot_be_read_by_a_script_nor_sent_from_elsewhere(take, script):
    lan = Citizen(take(script=script), script=script)
    lan.opens(f"{ACTIVATION}/hieu")
    lan.answers_rightly(lesson(ACTIVATION).understand.graded[0])
    cookies = lan.page.context.cookies()
    assert [(cookie["name"], cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [
        ("learner", True, "Lax")
    ]


def found_nowhere(secrets: dict[str, str], *places: str | bytes) -> None:
    for what, secret in secrets.items():
        for number, place in enumerate(places):
            text = place if isinstance(place, bytes) else place.encode()
            assert secret.encode() not in text, f"the {what} was found in place {number}"


def sent_events(watcher) -> list[list]:
    batches = [json.loads(request.post_data) for request in watcher.requests if request.url.endswith("/su-kien")]
    return [event for batch in batches for event in batch["events"]]
