"""docs/format.md, tested through `lms replay`: possible events, and the values that fields accept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.format.commands import run
from tests.format.sample_practice import CHO, DATA, GOI, MA, NHA, NHAP, REPLAY, RIGHT, log, replay


@pytest.mark.parametrize(
    ("before", "screen", "widget", "actions"),
    [
        ([], "nha", 0, {"tap", "hold"}),
        ([], "nha", 2, set()),
        ([], "nha", 3, {"tap", "hold"}),
        ([], "nha", -1, {"hint", "point", "do", "miss"}),
        (NHA, "nhap", 0, {"type"}),
        (NHA, "nhap", 2, {"choose"}),
        (NHA, "nhap", 3, {"switch"}),
        (NHA, "nhap", -1, {"hint", "point", "do", "miss"}),
        ([("nha", 0, "tap")], "lac", 0, {"tap", "hold"}),
        ([("nha", 0, "tap")], "lac", -1, {"hint", "miss"}),
        (NHA + NHAP, "cho", 0, {"wait"}),
        (NHA + NHAP + CHO, "ma", 0, {"read"}),
        (NHA + NHAP + CHO, "ma", 2, {"type"}),
    ],
)
def test_a_widget_takes_only_the_actions_its_role_is_listed_with(practice, before, screen, widget, actions):
    values = {"type": ["1"], "choose": ["Huế"], "switch": ["bật"]}
    for action in ("tap", "hold", "type", "choose", "switch", "wait", "hint", "point", "do", "miss", "read", "swim"):
        answer = replay(practice, *log(*before, (screen, widget, action, *values.get(action, []))))
        assert answer["kept"] == len(before) + (action in actions), action


@pytest.mark.parametrize("t", ["1e400", "-1e400", "0.5", "-7", "9" * 400])
def test_t_is_any_number(practice, t):
    given = json.dumps({"data": DATA, "events": [[1, "t", "nha", 1, "tap"]]}).replace('"t"', t)
    assert json.loads(run("replay", practice, given=given).stdout)["kept"] == 1


@pytest.mark.parametrize("q", ["0", "-3", "true", "null", '"1"', "1.5", "3", "1e400", "[1]"])
def test_only_an_accepted_q_is_ignored(practice, q):
    events = [[1, 0, "nha", 0, "tap"], ["q", 0, "zzz", 9, "swim"], [2, 0, "lac", 0, "tap"]]
    given = json.dumps({"data": DATA, "events": events}).replace('"q"', q)
    assert json.loads(run("replay", practice, given=given).stdout)["kept"] == 1


@pytest.mark.parametrize(
    ("widget", "value", "holds"),
    [
        (0, "a099060000123b\n", True),
        (0, "٠99060000123", False),
        (0, "０99060000123", False),
        (1, "tập.", False),
        (1, "Tập\n", False),
        (1, "\u2003Tập", False),
        (1, "\u200bTập", False),
        (1, "Nguyễn\u3000Văn Tập", False),
    ],
)
def test_whitespace_is_space_tab_and_no_break_space_and_digits_are_ascii(practice, widget, value, holds):
    steps = [step if step[1] != widget else ("nhap", widget, "type", value) for step in NHAP]
    assert replay(practice, *log(*NHA, *steps))["screen"] == ("cho" if holds else "nhap")


@pytest.mark.parametrize(
    ("value", "holds"),
    [(" HocSo@2026\u00a0", True), ("hocso@2026", False), ("HocSo@ 2026", False), ("~ok", False), ("?10", False)],
)
def test_a_password_is_trimmed_and_its_case_counts(practice, value, holds):
    steps = [step if step[1] != 2 else ("ma", 2, "type", value) for step in MA]
    assert replay(practice, *log(*NHA, *NHAP, *CHO, *steps))["screen"] == ("goi" if holds else "ma")


@pytest.fixture
def ruled(tmp_path: Path):
    def holds(role: str, rule: str, value: str) -> bool:
        path = tmp_path / "lam.md"
        front = "---\ntên: Bài\nbắt đầu: Một\nđích: Xong\n---\n"
        path.write_text(
            f"{front}\n## Một\n> Việc: Gõ.\n\n- [{role}] Ô = {rule}\n  - sai: A.\n- [nút] Đi => Xong\n\n## Xong {{loại=kết}}\n",
            "utf-8",
        )
        return replay(path, *log(("mot", 0, "type", value), ("mot", 1, "tap")), data={})["passed"]

    return holds


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("142857", True), ("14 28 57", True), ("13579x0", True), ("890123", True), ("098765", True), ("112233", True),
        ("~ok", True), ("123456", False), ("654321", False), ("111111", False), ("12345", False), ("1428570", False),
        ("?6", False), ("", False),
    ],
)  # fmt: skip
def test_six_digits_must_not_be_equal_or_consecutive(ruled, value, holds):
    assert ruled("ô số", "~6-so", value) is holds


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("a", True),
        ("\n", True),
        ("?", True),
        ("?x", True),
        ("~ok", True),
        (" \t\u00a0", False),
        ("", False),
        ("?1", False),
    ],
)
def test_spaces_and_lengths_do_not_satisfy_not_empty(ruled, value, holds):
    assert ruled("ô chữ", "~co-chu", value) is holds


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("Abcde f1@", True),
        ("Ăâđêôơ1@", True),
        ("Abcdef1😀", True),
        (" Abcde1@ ", False),
        ("Abcd ef1", False),
        ("ăâđêôơ1@", False),
    ],
)
def test_a_sign_is_neither_letter_nor_digit_nor_space(ruled, value, holds):
    assert ruled("ô chữ", "~mat-khau-manh", value) is holds


def test_a_score_is_not_rounded_up_to_the_pass_mark(practice):
    one_hint = log(("nha", -1, "hint"), *RIGHT)  # 375 of 400
    for mark, passed in (("93.75", True), ("94", False)):
        practice.write_text(REPLAY.replace("đạt: 60", f"đạt: {mark}"), "utf-8")
        answer = replay(practice, *one_hint)
        assert (answer["passed"], answer["score"] < 94) == (passed, not passed)


def test_help_on_unscored_screens_is_free_except_do(practice):
    before = NHA + NHAP
    answer = replay(practice, *log(*before, ("cho", -1, "hint"), ("cho", -1, "point"), *CHO, *MA, *GOI))
    assert (answer["score"], answer["passed"]) == (100, True)
    answer = replay(practice, *log(*before, ("cho", -1, "do"), *MA, *GOI))
    assert (answer["score"], answer["ended"], answer["passed"]) == (100, True, False)


def test_a_hint_after_the_last_still_costs(practice):
    answer = replay(practice, *log(*NHA, ("nhap", -1, "hint"), *NHAP))
    assert answer["screens"]["nhap"]["help"] == 25


def test_all_visits_of_a_screen_are_summed(practice):
    answer = replay(practice, *log(*NHA, ("nhap", 4, "tap"), ("nhap", 5, "tap"), *NHA, ("nhap", 4, "tap"), *NHAP))
    assert answer["screens"]["nhap"] == {"wrong": 2, "help": 0, "trapped": False, "score": 50}


@pytest.mark.parametrize("mode", ["tu-lam", "kiem-tra", "lam-theo"])
def test_a_walk_is_a_possible_log_and_reproducible_by_its_seed(practice, mode):
    arguments = ("walk", practice, "--json", "--random", "20", "--seed", "7", "--mode", mode)
    walks = json.loads(run(*arguments).stdout)
    (otp,) = [
        step["value"]
        for step in json.loads(run("walk", practice, "--json", "--seed", "7").stdout)
        if step["label"] == "Mã OTP"
    ]
    assert len(walks) == 20 and json.loads(run(*arguments).stdout) == walks
    for walk in walks:
        steps = [
            (step["screen"], step["widget"], step["action"], *([] if step["value"] is None else [step["value"]]))
            for step in walk
        ]
        assert replay(practice, *log(*steps), mode=mode, data={**DATA, "otp": otp})["kept"] == len(walk)


@pytest.mark.parametrize("value", ["007", "1.0", "true", "null", "2026-01-01", "a: b", "#x", "[1, 2]", "12:30:45"])
def test_every_value_is_text_as_typed(practice, value):
    practice.write_text(REPLAY.replace("mk: HocSo@2026", f"mk: {value}"), "utf-8")
    (typed,) = [
        step["value"] for step in json.loads(run("walk", practice, "--json").stdout) if step["label"] == "Mật khẩu"
    ]
    assert typed == value
