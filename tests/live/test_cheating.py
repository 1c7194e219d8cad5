"""A script that knows only the page tries to earn the mark in kiểm tra without walking the way, and fails.

What a program can do all the same is written down in docs/adr/0012-what-a-test-page-knows.md.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from lms.content.practice import paths
from tests.browser.everything import everything_served
from tests.browser.served import Site
from tests.live.raw import ask, post_form
from tests.web.every_screen import LESSON, every_screen

GOAL = every_screen().goal
FIELDS = {"number": "type", "text": "type", "password": "type", "select": "choose", "switch": "switch"}
TAPS = ("button", "icon", "link", "back", "scan", "area")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with everything_served(tmp_path_factory.mktemp("cheating")) as running:
        yield running


@pytest.fixture
def cheat(site: Site) -> Cheat:
    return Cheat(site.url)


class Cheat:
    """An attempt in kiểm tra, and all that its page says of it."""

    def __init__(self, url: str, mode: str = "kiem-tra") -> None:
        self.url = url
        reply = post_form(url, f"{LESSON}/lam", [("mode", mode)])
        assert reply.status == 303
        self.address, self.cookie = re.sub(r"^https?://[^/]+", "", reply.headers["location"]), reply.cookie
        page = html.fromstring(ask(url, self.address, headers={"Cookie": self.cookie}).text)
        facts = json.loads(page.xpath("//script[@data-practice]")[0].text)
        self.model, self.data = facts["model"], facts["data"]
        self.screen, self.q, self.receipts = self.model["start"], 0, []

    def sends(self, events: list, **more: Any) -> dict:
        body = json.dumps({"events": events, **more}).encode()
        headers = {"Content-Type": "application/json", "Origin": self.url, "Cookie": self.cookie}
        reply = ask(self.url, f"{self.address}/su-kien", method="POST", body=body, headers=headers)
        assert reply.status == 200
        receipt = json.loads(reply.body)
        self.screen, self.q = receipt["screen"], receipt["kept"]
        self.receipts.append(receipt)
        return receipt

    def does(self, place: int, action: str, *value: str) -> dict:
        return self.sends([[self.q + 1, 0, self.screen, place, action, *value]])

    def fills(self, pick: Any) -> None:
        """Every field of the present screen with what ``pick(widget)`` says."""
        widgets = self.model["screens"][self.screen]["widgets"]
        typed = [(place, widget) for place, widget in enumerate(widgets) if widget["role"] in FIELDS]
        for place, widget in typed:
            self.does(place, FIELDS[widget["role"]], pick(widget))

    def own_value(self, widget: dict) -> str:
        if widget.get("rule"):
            return "~ok"
        return re.sub(r"\{\{(.*?)\}\}", lambda found: self.data[found[1]], widget["values"][0])

    @property
    def ways(self) -> list[tuple[int, str]]:
        """What can be tapped here and leads somewhere, as [(place, action)]."""
        widgets = self.model["screens"][self.screen]["widgets"]
        return [
            (place, "wait" if widget["role"] == "wait" else "tap")
            for place, widget in enumerate(widgets)
            if "target" in widget and widget["role"] in (*TAPS, "wait")
        ]

    def log(self) -> list[list]:
        """The right way, as a learner who knows it walks it."""
        return paths.events_of(paths.expected_path(every_screen(), self.data))


def has_mark(cheat: Cheat) -> bool:
    return any(receipt["marked"] for receipt in cheat.receipts)


def test_whoever_walks_the_way_earns_the_mark(cheat):
    """Without this, all the others would prove nothing."""
    receipt = cheat.sends(cheat.log())
    assert (receipt["passed"], receipt["score"]) == (True, 100)
    assert has_mark(cheat)


# --- reading the page ---


def test_the_model_names_neither_trap_nor_goal_nor_way(cheat):
    said = json.dumps(cheat.model)
    assert not re.search(r'x>|"fatal"|"warn"|"hints"', said)
    assert (cheat.model["goal"], cheat.model["path"], cheat.model["scored"]) == ("", [], [])


def test_where_nothing_is_filled_in_all_ways_on_look_alike(cheat):
    for screen in cheat.model["screens"].values():
        if not any(widget["role"] in FIELDS for widget in screen["widgets"]):
            assert {widget.get("arrow", "->") for widget in screen["widgets"]} <= {"->"}


def test_always_taking_the_first_way_or_the_last_gets_nowhere(site):
    for pick in (0, -1):
        cheat = Cheat(site.url)
        for _ in range(60):
            if not cheat.ways:
                break
            cheat.fills(cheat.own_value)
            cheat.does(*cheat.ways[pick])
        assert not has_mark(cheat)


@pytest.mark.parametrize("seed", range(8))
def test_wandering_about_with_every_value_known_does_not_pass(site, seed):
    dice, cheat = random.Random(seed), Cheat(site.url)
    for _ in range(80):
        if not cheat.ways:
            break
        cheat.fills(cheat.own_value)
        cheat.does(*dice.choice(cheat.ways))
    assert not has_mark(cheat)


def test_no_answer_on_the_way_tells_whether_it_was_a_trap(site):
    baited, careful = Cheat(site.url), Cheat(site.url)
    bait = next(place for place, widget in enumerate(baited.model["screens"][baited.screen]["widgets"])
                if widget.get("target") == "trang-gia")  # fmt: skip
    baited.does(bait, "tap")
    careful.does(0, "tap")
    told = [{key: value for key, value in one.receipts[-1].items() if key != "screen"} for one in (baited, careful)]
    assert told[0] == told[1]


# --- somebody else's work ---


def test_another_learners_log_stops_where_the_drawn_code_is_asked_for(site, cheat):
    other = Cheat(site.url)
    assert other.sends(other.log())["passed"]
    receipt = cheat.sends(other.log())
    assert (receipt["screen"], receipt["ended"]) == ("nhap-ma-otp", False)
    assert not has_mark(cheat)


def test_another_learners_attempt_cannot_be_walked_for_her_or_taken(site, cheat):
    other = Cheat(site.url)
    body = json.dumps({"events": other.log()}).encode()
    headers = {"Content-Type": "application/json", "Origin": site.url, "Cookie": cheat.cookie}
    assert ask(site.url, f"{other.address}/su-kien", method="POST", body=body, headers=headers).status == 404
    assert not has_mark(cheat)


# --- leaving steps out ---


def test_an_event_on_the_goal_is_not_kept(cheat):
    for action in ("tap", "wait", "miss", "done"):
        assert cheat.sends([[1, 0, GOAL, 0 if action == "tap" else -1, action]])["kept"] == 0


@pytest.mark.parametrize("left_out", ["man-hinh-chinh", "nhap-thong-tin", "nhap-ma-otp", "dat-mat-khau"])
def test_a_log_without_one_screen_ends_there(cheat, left_out):
    log = [event for event in cheat.log() if event[2] != left_out]
    receipt = cheat.sends([[q, *event[1:]] for q, event in enumerate(log, 1)])
    assert (receipt["screen"], receipt["ended"]) == (left_out, False)


def test_a_log_without_its_fields_is_held_at_the_first_button_that_checks(cheat):
    log = [event for event in cheat.log() if len(event) == 5]
    receipt = cheat.sends([[q, *event[1:]] for q, event in enumerate(log, 1)])
    assert (receipt["screen"], receipt["passed"]) == ("nhap-thong-tin", False)


def test_the_log_backwards_or_with_gaps_keeps_nothing_of_use(cheat):
    log = cheat.log()
    assert cheat.sends(log[::-1])["kept"] <= 1
    assert not cheat.sends(log[::2])["ended"]


@pytest.mark.parametrize("help_", ["hint", "point", "do"])
def test_no_help_can_be_had(cheat, help_):
    assert cheat.sends([[1, 0, cheat.screen, -1, help_]])["kept"] == 0


# --- guessing and claiming ---


def stands_at_the_code(cheat: Cheat) -> None:
    log = cheat.log()
    cheat.sends(log[: next(place for place, event in enumerate(log) if event[2] == "nhap-ma-otp")])
    assert cheat.screen == "nhap-ma-otp"


def test_guessing_the_code_is_wrong_every_time(cheat):
    stands_at_the_code(cheat)
    field = next(p for p, w in enumerate(cheat.model["screens"][cheat.screen]["widgets"]) if w["role"] == "number")
    guesses = ["~ok", "?6", "", "000000", "123456", *(f"{number:06}" for number in range(7, 200_000, 9973))]
    for guess in (one for one in guesses if one != cheat.data["otp"]):
        cheat.does(field, "type", guess)
        cheat.does(cheat.model["screens"][cheat.screen]["next"], "tap")
        assert cheat.screen == "nhap-ma-otp"
    assert not has_mark(cheat)


def test_a_million_guesses_are_more_than_an_attempt_holds(cheat):
    """5,000 events an attempt: far from a code of six digits."""
    batch = [[q, 0, cheat.screen, -1, "miss"] for q in range(1, 502)]
    headers = {"Content-Type": "application/json", "Origin": cheat.url, "Cookie": cheat.cookie}
    body = json.dumps({"events": batch}).encode()
    reply = ask(cheat.url, f"{cheat.address}/su-kien", method="POST", body=body, headers=headers)
    assert reply.status == 413


def test_a_claimed_score_mode_or_data_is_not_believed(cheat):
    claim = {"score": 100, "passed": True, "ended": True, "marked": True, "data": {"otp": "000000"}, "mode": "tu-lam"}
    receipt = cheat.sends([[1, 0, cheat.screen, -1, "hint"]], **claim)
    assert (receipt["kept"], receipt["passed"], receipt["marked"]) == (0, False, False)


def test_being_led_by_the_hand_is_no_test_whatever_is_claimed(site):
    led = Cheat(site.url, mode="lam-theo")
    receipt = led.sends(led.log(), mode="kiem-tra", passed=True)
    assert (receipt["ended"], receipt["passed"], receipt["marked"]) == (True, False, False)


def test_after_a_dangerous_trap_the_right_way_no_longer_passes(cheat):
    log = cheat.log()
    call = next(place for place, event in enumerate(log) if event[2] == "co-cuoc-goi-den")
    cheat.sends(log[:call])
    cheat.does(2, "tap")
    cheat.does(0, "tap")
    rest = [[cheat.q + number, *event[1:]] for number, event in enumerate(log[call:], 1)]
    receipt = cheat.sends(rest)
    assert (receipt["ended"], receipt["passed"], receipt["marked"]) == (True, False, False)
