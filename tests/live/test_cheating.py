"""A script that knows only the page cannot earn the mark in test mode without doing the practice.

What a program can still do is listed in docs/adr/0012-what-the-page-knows-in-test-mode.md.
"""

from __future__ import annotations

import json
import random
import re
import time
from typing import Any

import pytest
from lxml import html

from lms.content.practice import action_paths
from tests.browser.site_process import Site
from tests.live.raw_http import post_form, send_request
from tests.web.every_screen import LESSON, every_screen

GOAL = every_screen().goal
FIELDS = {"number": "type", "text": "type", "password": "type", "select": "choose", "switch": "switch"}
TAPS = ("button", "icon", "link", "back", "scan", "area", "row", "tab")


@pytest.fixture(scope="module")
def site(every_screen_site: Site) -> Site:
    return every_screen_site


@pytest.fixture
def cheat(site: Site) -> Cheat:
    return Cheat(site.url)


class Cheat:
    """An attempt in test mode, and everything that its page reveals."""

    def __init__(self, url: str, mode: str = "kiem-tra") -> None:
        self.url = url
        reply = post_form(url, f"{LESSON}/lam", [("mode", mode)])
        assert reply.status == 303
        self.address, self.cookie = re.sub(r"^https?://[^/]+", "", reply.headers["location"]), reply.cookie
        page = html.fromstring(send_request(url, self.address, headers={"Cookie": self.cookie}).text)
        facts = json.loads(page.xpath("//script[@data-practice]")[0].text)
        self.model, self.data = facts["model"], facts["data"]
        self.screen, self.q, self.receipts = self.model["start"], 0, []

    def send(self, events: list, **more: Any) -> dict:
        body = json.dumps({"events": events, **more}).encode()
        headers = {"Content-Type": "application/json", "Origin": self.url, "Cookie": self.cookie}
        while True:
            reply = send_request(self.url, f"{self.address}/su-kien", method="POST", body=body, headers=headers)
            if reply.status != 429:
                break
            time.sleep(0.5)  # a fast machine sends more in a second than one learner may
        assert reply.status == 200
        receipt = json.loads(reply.body)
        self.screen, self.q = receipt["screen"], receipt["kept"]
        self.receipts.append(receipt)
        return receipt

    def act(self, place: int, action: str, *value: str) -> dict:
        return self.send([[self.q + 1, 0, self.screen, place, action, *value]])

    def fill_fields(self, pick: Any) -> None:
        """Fill every field of the current screen with ``pick(widget)``, in one request."""
        widgets = self.model["screens"][self.screen]["widgets"]
        typed = [(place, widget) for place, widget in enumerate(widgets) if widget["role"] in FIELDS]
        inputs = [(self.screen, place, FIELDS[widget["role"]], pick(widget)) for place, widget in typed]
        self.send([[q, 0, *one] for q, one in enumerate(inputs, self.q + 1)])

    def own_value(self, widget: dict) -> str:
        if widget.get("rule"):
            return "~ok"
        return re.sub(r"\{\{(.*?)\}\}", lambda found: self.data[found[1]], widget["values"][0])

    @property
    def ways(self) -> list[tuple[int, str]]:
        """The taps that lead somewhere from here, as [(place, action)]."""
        widgets = self.model["screens"][self.screen]["widgets"]
        return [
            (place, "wait" if widget["role"] == "wait" else "tap")
            for place, widget in enumerate(widgets)
            if "target" in widget and widget["role"] in (*TAPS, "wait")
        ]

    def log(self) -> list[list]:
        """Follow the expected path."""
        return action_paths.to_events(action_paths.expected_path(every_screen(), self.data))


def has_mark(cheat: Cheat) -> bool:
    return any(receipt["marked"] for receipt in cheat.receipts)


def test_the_expected_path_earns_the_mark(cheat):
    """Without this, the other tests would prove nothing."""
    receipt = cheat.send(cheat.log())
    assert (receipt["passed"], receipt["score"]) == (True, 100)
    assert has_mark(cheat)


# --- reading the page ---


def test_the_model_sent_in_a_test_reveals_no_trap_goal_or_path(cheat):
    said = json.dumps(cheat.model)
    assert not re.search(r'x>|"fatal"|"warn"|"hints"', said)
    assert (cheat.model["goal"], cheat.model["path"], cheat.model["scored"]) == ("", [], [])


def test_without_fields_all_transitions_look_alike(cheat):
    for screen in cheat.model["screens"].values():
        if not any(widget["role"] in FIELDS for widget in screen["widgets"]):
            assert {widget.get("arrow", "->") for widget in screen["widgets"]} <= {"->"}


def test_always_taking_the_first_or_last_transition_does_not_pass(site):
    for pick in (0, -1):
        cheat = Cheat(site.url)
        for _ in range(60):
            if not cheat.ways:
                break
            cheat.fill_fields(cheat.own_value)
            cheat.act(*cheat.ways[pick])
        assert not has_mark(cheat)


@pytest.mark.parametrize("seed", range(8))
def test_random_steps_with_all_values_known_do_not_pass(site, seed):
    dice, cheat = random.Random(seed), Cheat(site.url)
    for _ in range(80):
        if not cheat.ways:
            break
        cheat.fill_fields(cheat.own_value)
        cheat.act(*dice.choice(cheat.ways))
    assert not has_mark(cheat)


def test_no_response_reveals_whether_a_step_was_a_trap(site):
    baited, careful = Cheat(site.url), Cheat(site.url)
    bait = next(place for place, widget in enumerate(baited.model["screens"][baited.screen]["widgets"])
                if widget.get("target") == "trang-gia")  # fmt: skip
    baited.act(bait, "tap")
    careful.act(0, "tap")
    told = [{key: value for key, value in one.receipts[-1].items() if key != "screen"} for one in (baited, careful)]
    assert told[0] == told[1]


# --- the work of others ---


def test_a_replayed_log_of_another_learner_stops_at_the_random_code(site, cheat):
    other = Cheat(site.url)
    assert other.send(other.log())["passed"]
    receipt = cheat.send(other.log())
    assert (receipt["screen"], receipt["ended"]) == ("nhap-ma-otp", False)
    assert not has_mark(cheat)


def test_another_learners_attempt_cannot_be_continued_or_taken_over(site, cheat):
    other = Cheat(site.url)
    body = json.dumps({"events": other.log()}).encode()
    headers = {"Content-Type": "application/json", "Origin": site.url, "Cookie": cheat.cookie}
    assert send_request(site.url, f"{other.address}/su-kien", method="POST", body=body, headers=headers).status == 404
    assert not has_mark(cheat)


# --- leaving steps out ---


def test_an_event_after_the_goal_is_not_saved(cheat):
    for action in ("tap", "wait", "miss", "done"):
        assert cheat.send([[1, 0, GOAL, 0 if action == "tap" else -1, action]])["kept"] == 0


@pytest.mark.parametrize("left_out", ["man-hinh-chinh", "nhap-thong-tin", "nhap-ma-otp", "dat-mat-khau"])
def test_a_log_without_one_screen_ends_there(cheat, left_out):
    log = [event for event in cheat.log() if event[2] != left_out]
    receipt = cheat.send([[q, *event[1:]] for q, event in enumerate(log, 1)])
    assert (receipt["screen"], receipt["ended"]) == (left_out, False)


def test_a_log_without_input_events_stops_at_the_first_validating_button(cheat):
    log = [event for event in cheat.log() if len(event) == 5]
    receipt = cheat.send([[q, *event[1:]] for q, event in enumerate(log, 1)])
    assert (receipt["screen"], receipt["passed"]) == ("nhap-thong-tin", False)


def test_a_reversed_log_or_one_with_gaps_does_not_pass(cheat):
    log = cheat.log()
    assert cheat.send(log[::-1])["kept"] <= 1
    assert not cheat.send(log[::2])["ended"]


@pytest.mark.parametrize("help_", ["hint", "point", "do"])
def test_hints_are_not_available(cheat, help_):
    assert cheat.send([[1, 0, cheat.screen, -1, help_]])["kept"] == 0


# --- guessing and forging ---


def go_to_code_screen(cheat: Cheat) -> None:
    log = cheat.log()
    cheat.send(log[: next(place for place, event in enumerate(log) if event[2] == "nhap-ma-otp")])
    assert cheat.screen == "nhap-ma-otp"


def test_guessing_the_code_is_wrong_every_time(cheat):
    go_to_code_screen(cheat)
    field = next(p for p, w in enumerate(cheat.model["screens"][cheat.screen]["widgets"]) if w["role"] == "number")
    guesses = ["~ok", "?6", "", "000000", "123456", *(f"{number:06}" for number in range(7, 200_000, 9973))]
    for guess in (one for one in guesses if one != cheat.data["otp"]):
        cheat.act(field, "type", guess)
        cheat.act(cheat.model["screens"][cheat.screen]["next"], "tap")
        assert cheat.screen == "nhap-ma-otp"
    assert not has_mark(cheat)


def test_an_attempt_has_a_limit_of_events(cheat):
    """5,000 events an attempt: far too few to guess a code of six digits."""
    batch = [[q, 0, cheat.screen, -1, "miss"] for q in range(1, 502)]
    headers = {"Content-Type": "application/json", "Origin": cheat.url, "Cookie": cheat.cookie}
    body = json.dumps({"events": batch}).encode()
    reply = send_request(cheat.url, f"{cheat.address}/su-kien", method="POST", body=body, headers=headers)
    assert reply.status == 413


def test_a_score_mode_or_data_in_the_request_is_ignored(cheat):
    claim = {"score": 100, "passed": True, "ended": True, "marked": True, "data": {"otp": "000000"}, "mode": "tu-lam"}
    receipt = cheat.send([[1, 0, cheat.screen, -1, "hint"]], **claim)
    assert (receipt["kept"], receipt["passed"], receipt["marked"]) == (0, False, False)


def test_a_guided_attempt_cannot_count_as_a_test(site):
    led = Cheat(site.url, mode="lam-theo")
    receipt = led.send(led.log(), mode="kiem-tra", passed=True)
    assert (receipt["ended"], receipt["passed"], receipt["marked"]) == (True, False, False)


def test_after_a_dangerous_trap_the_expected_path_does_not_pass(cheat):
    log = cheat.log()
    call = next(place for place, event in enumerate(log) if event[2] == "co-cuoc-goi-den")
    cheat.send(log[:call])
    cheat.act(2, "tap")
    cheat.act(0, "tap")
    rest = [[cheat.q + number, *event[1:]] for number, event in enumerate(log[call:], 1)]
    receipt = cheat.send(rest)
    assert (receipt["ended"], receipt["passed"], receipt["marked"]) == (True, False, False)
