"""docs/format.md, tested through `lms walk` and `lms replay`: the score of a log."""

from __future__ import annotations

import json
import unicodedata

import pytest

from tests.format.commands import run
from tests.format.sample_practice import CHO, DATA, GOI, MA, NHA, NHAP, RIGHT, log, replay


def test_the_expected_walk_scores_100(practice):
    answer = replay(practice, *log(*RIGHT))
    assert answer == {
        "kept": len(RIGHT),
        "screen": "xong",
        "ended": True,
        "passed": True,
        "score": 100,
        "screens": {
            screen: {"wrong": 0, "help": 0, "trapped": False, "score": 100} for screen in ("nha", "nhap", "ma", "goi")
        },
    }


def test_an_empty_log_scores_only_the_first_screen(practice):
    answer = replay(practice)
    assert (answer["kept"], answer["screen"], answer["ended"], answer["passed"]) == (0, "nha", False, False)
    assert {screen: one["score"] for screen, one in answer["screens"].items()} == {
        "nha": 100,
        "nhap": 0,
        "ma": 0,
        "goi": 0,
    }
    assert answer["score"] == 25


def test_walk_prints_the_expected_path(practice):
    steps = json.loads(run("walk", practice, "--json").stdout)
    assert [(step["screen"], step["widget"], step["action"]) for step in steps] == [
        ("nha", 1, "tap"), ("nhap", 0, "type"), ("nhap", 1, "type"), ("nhap", 2, "choose"), ("nhap", 3, "switch"),
        ("nhap", 4, "tap"), ("cho", 0, "wait"), ("ma", 1, "type"), ("ma", 2, "type"), ("ma", 3, "type"), ("ma", 4, "tap"),
        ("goi", 0, "tap"),
    ]  # fmt: skip
    assert set(steps[0]) == {"screen", "widget", "label", "action", "value"}
    assert steps[0]["label"] == "VNeID"
    values = [step["value"] for step in steps]
    assert values[1:5] == ["099060000123", "Nguyễn Văn Tập", "Huế", "bật"]
    assert values[8:10] == ["HocSo@2026", "~ok"]
    assert len(values[7]) == 6 and values[7].isdecimal()


def test_a_wrong_submit_costs_a_quarter_however_many_fields(practice):
    answer = replay(practice, *log(*NHA, ("nhap", 4, "tap"), ("nhap", 4, "tap"), *NHAP))
    assert answer["screens"]["nhap"] == {"wrong": 2, "help": 0, "trapped": False, "score": 50}
    answer = replay(practice, *log(*NHA, *[("nhap", 4, "tap")] * 5, *NHAP, *CHO, *MA, *GOI))
    assert answer["screens"]["nhap"] == {"wrong": 5, "help": 0, "trapped": False, "score": 25}
    assert answer["passed"] and answer["score"] in (81, 81.25)


def test_side_ways_and_missed_taps_cost_nothing(practice):
    answer = replay(
        practice, *log(("nha", 0, "tap"), ("lac", 0, "tap"), ("nha", 3, "tap"), ("nha", -1, "miss"), *RIGHT)
    )
    assert answer["score"] == 100 and answer["passed"]


def test_the_highest_level_of_help_counts(practice):
    answer = replay(practice, *log(("nha", -1, "hint"), ("nha", -1, "hint"), ("nha", -1, "hint"), *RIGHT))
    assert answer["screens"]["nha"] == {"wrong": 0, "help": 25, "trapped": False, "score": 75}
    answer = replay(practice, *log(("nha", -1, "point"), ("nha", -1, "hint"), *RIGHT))
    assert answer["screens"]["nha"]["help"] == 50
    answer = replay(practice, *log(("nha", -1, "do"), *RIGHT[1:]))
    assert answer["screens"]["nha"]["help"] == 100 and answer["ended"] and not answer["passed"]


def test_do_fills_the_fields_and_follows_the_arrow(practice):
    answer = replay(practice, *log(*NHA, ("nhap", -1, "do")))
    assert answer["screen"] == "cho" and answer["kept"] == 2


def test_a_trap_costs_its_screen_and_a_fatal_one_the_mark(practice):
    answer = replay(practice, *log(*RIGHT[:-1], ("goi", 1, "tap"), ("mat", 0, "tap"), *GOI))
    assert answer["screens"]["goi"] == {"wrong": 0, "help": 0, "trapped": True, "score": 0}
    assert answer["passed"] and answer["score"] == 75
    answer = replay(practice, *log(*RIGHT[:-1], ("goi", 2, "tap"), ("mat", 0, "tap"), *GOI))
    assert answer["ended"] and not answer["passed"]


def test_another_end_does_not_pass(practice):
    answer = replay(practice, *log(*RIGHT[:-1], ("goi", 3, "tap"), *GOI))
    assert (answer["screen"], answer["ended"], answer["passed"], answer["kept"]) == ("bo", True, False, len(RIGHT))


def test_follow_mode_ignores_side_ways_and_traps_and_never_passes(practice):
    answer = replay(
        practice, *log(("nha", 0, "tap"), *RIGHT[:-1], ("goi", 1, "tap"), ("goi", 2, "tap"), *GOI), mode="lam-theo"
    )
    assert answer["ended"] and not answer["passed"] and answer["score"] == 100
    assert not answer["screens"]["goi"]["trapped"]


def test_help_is_impossible_in_a_test(practice):
    for level in ("hint", "point", "do"):
        answer = replay(practice, *log(("nha", -1, level), *RIGHT), mode="kiem-tra")
        assert answer["kept"] == 0 and answer["screen"] == "nha"
    assert replay(practice, *log(*RIGHT), mode="kiem-tra")["passed"]


@pytest.mark.parametrize(
    "bad",
    [
        ["nhap", 4, "tap"],
        ["nha", 9, "tap"],
        ["nha", -1, "tap"],
        ["nha", 2, "tap"],
        ["nha", 1, "type", "x"],
        ["nha", 1, "tap", "x"],
        ["nha", 1, "swim"],
        ["nha", True, "tap"],
        ["nha", "1", "tap"],
        ["nha", 1.5, "tap"],
        ["nha", 1, "wait"],
        ["nha", 1, "hint"],
        ["nha", 1],
        [],
        [None, 1, "tap"],
    ],
)
def test_an_impossible_event_ends_the_log_there(practice, bad):
    events = [[1, 0, "nha", 0, "tap"], [2, 0, "lac", 0, "tap"], [3, 0, *bad], [4, 0, "nha", 1, "tap"]]
    answer = replay(practice, *events)
    assert (answer["kept"], answer["screen"]) == (2, "nha")


@pytest.mark.parametrize("bad", [None, 5, "x", {}, [], [1], [0, 0, "nha", 1, "tap"], [-1, 0, "nha", 1, "tap"], [2, 0, "nha", 1, "tap"], ["1", 0, "nha", 1, "tap"], [1.5, 0, "nha", 1, "tap"], [True, 0, "nha", 1, "tap"], [1, "0", "nha", 1, "tap"], [1, True, "nha", 1, "tap"], [1, None, "nha", 1, "tap"]])  # fmt: skip
def test_an_event_of_another_shape_ends_the_log(practice, bad):
    answer = replay(practice, bad, [1, 0, "nha", 1, "tap"])
    assert (answer["kept"], answer["screen"]) == (0, "nha")


def test_integral_floats_are_integers_and_time_is_irrelevant(practice):
    answer = replay(
        practice, [1.0, 9e99, "nha", 1.0, "tap"], [2, -5.5, "nhap", 0, "type", "?3"], [3, 0, "nhap", 4, "tap"]
    )
    assert answer["kept"] == 3 and answer["screens"]["nhap"]["wrong"] == 1


def test_an_accepted_event_is_ignored_when_repeated(practice):
    events = log(*RIGHT)
    doubled = [event for pair in zip(events, events, strict=True) for event in pair]
    answer = replay(practice, *doubled)
    assert answer["score"] == 100 and answer["kept"] == len(RIGHT)
    answer = replay(practice, events[0], [1, "x", None], *events[1:])
    assert answer["kept"] == len(RIGHT)


def test_events_after_an_end_are_ignored(practice):
    answer = replay(practice, *log(*RIGHT, ("nha", 1, "tap"), ("xong", 0, "swim")))
    assert answer["kept"] == len(RIGHT) and answer["passed"]


@pytest.mark.parametrize(
    ("event", "possible"),
    [
        (("nhap", 0, "type", "099-060 000 123"), True),
        (("nhap", 0, "type", "?12"), True),
        (("nhap", 0, "type", "~ok"), True),
        (("nhap", 0, "type", 99060000123), False),
        (("nhap", 2, "choose", "Huế"), True),
        (("nhap", 2, "choose", "Sài Gòn"), False),
        (("nhap", 2, "type", "Huế"), False),
        (("nhap", 3, "switch", "tắt"), True),
        (("nhap", 3, "switch", "on"), False),
        (("nhap", 3, "tap"), False),
    ],
)
def test_fields_take_only_possible_values(practice, event, possible):
    answer = replay(practice, *log(*NHA, event))
    assert answer["kept"] == (2 if possible else 1)


@pytest.mark.parametrize(
    ("widget", "value", "holds"),
    [
        (0, "0990 6000 0123", True),
        (0, "09906000012", False),
        (0, "~ok", False),
        (0, "?12", False),
        (1, "TẬP", True),
        (1, " nguyễn\tvăn\u00a0\u00a0tập", True),
        (1, "nguyen van tap", False),
        (1, "nguyễn\nvăn tập", False),
        (1, unicodedata.normalize("NFD", "nguyễn văn tập"), True),
    ],
)
def test_a_field_compares_according_to_its_role(practice, widget, value, holds):
    steps = [step if step[1] != widget else ("nhap", widget, "type", value) for step in NHAP]
    answer = replay(practice, *log(*NHA, *steps))
    assert answer["screen"] == ("cho" if holds else "nhap")


@pytest.mark.parametrize(
    ("value", "holds"),
    [("~ok", True), ("Abcdef1@", True), ("abcdef1@", False), ("Abcdefg1", False), ("Abcde1@", False), ("Abcdef1 ", False), ("?8", False)],
)  # fmt: skip
def test_a_strong_password_has_all_four_kinds(practice, value, holds):
    steps = [step if step[1] != 3 else ("ma", 3, "type", value) for step in MA]
    answer = replay(practice, *log(*NHA, *NHAP, *CHO, *steps))
    assert answer["screen"] == ("goi" if holds else "ma")


def test_fields_keep_their_values_when_the_screen_is_left(practice):
    answer = replay(practice, *log(*NHA, *NHAP[:4], ("nhap", 5, "tap"), *NHA, ("nhap", 4, "tap")))
    assert answer["screen"] == "cho"


def test_each_line_is_answered_even_after_a_bad_line(practice):
    good = json.dumps({"data": DATA, "events": log(*RIGHT)})
    result = run("replay", practice, given=f"{good}\nnot json\n{good}\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == 3 and answers[0]["passed"] and answers[2]["passed"]
    assert "Traceback" not in result.output
