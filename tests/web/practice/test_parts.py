"""The small parts of a practice's page: numbers to copy, near misses, places, colours, icons, and its two drawers."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.library import read_course
from lms.content.model import Course, Widget
from lms.content.practice import engine, paths
from lms.content.practice.compiling import compile_model, draw, hide_arrows
from lms.content.practice.fields import holds
from lms.content.practice.icons import ICONS
from lms.content.practice.value_encoding import encode
from lms.learning.practice.attempts import Attempt
from lms.web.practice.attempt_view import present
from lms.web.practice.colours import stylesheet
from lms.web.practice.data_fill import Filler, grouped
from lms.web.practice.hotspots import area_class
from lms.web.practice.nojs_choices import field_choices
from lms.web.practice.phone_icons import picture_id, symbols
from lms.web.practice.screen_numbers import find_places
from lms.web.practice.task_card import card_facts, card_lines
from tests.web.every_screen import every_screen, write_every_screen

LOOKS = Path(__file__).with_name("looks.mjs")
GUIDE = Path(__file__).parents[3] / "docs" / "huong-dan-soan-bai.md"


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("099060000123", "099 060 000 123"),
        ("0100000777", "0100 000 777"),
        ("482915", "482 915"),
        ("12345678", "12 345 678"),
        ("1234567", "1234 567"),
    ],
)
def test_long_numbers_stand_in_groups_and_are_copied_without_gaps(number, groups):
    shown = str(grouped(number))
    assert (
        re.sub(r"</span>(?=<span)", " ", shown)
        .replace("</span>", "")
        .split(">", 1)[1]
        .replace('<span class="digits__group">', "")
        == groups
    )
    assert re.sub(r"<[^>]+>", "", shown) == number


@pytest.mark.parametrize("value", ["12345", "Mực", "HocSo@2026", "", "1900 0368"])
def test_what_is_no_long_number_stays_as_it_is(value):
    assert grouped(value) == value


def test_values_are_escaped_wherever_they_are_put():
    filler = Filler({"tên": '<img src=x onerror="a">'})
    assert "<img" not in filler.text("Bác {{ten}}")
    assert filler.html('<a title="{{tên}}">{{TÊN}}</a>') == (
        '<a title="&lt;img src=x onerror=&#34;a&#34;&gt;">&lt;img src=x onerror=&#34;a&#34;&gt;</a>'
    )


@given(st.text(), st.text())
def test_whatever_is_filled_in_adds_no_tag(text, value):
    filled = str(Filler({"key": value}).text(text + "{{key}}"))
    assert set(re.findall(r"<[^>]*>", filled)) <= {
        '<span class="digits">',
        '<span class="digits__group">',
        "</span>",
    }


def test_the_card_has_a_line_for_each_fact():
    lines = card_lines("Bác đóng vai bác Tập. Số <strong>{{a}}</strong>. Xong.", Filler({"a": "123456"}))
    assert len(lines) == 3
    assert card_lines("<strong>Bác Tập. Số 1.</strong> Xong.", Filler({})) == ("<strong>Bác Tập. Số 1.</strong> Xong.",)


@pytest.mark.parametrize(
    ("card", "typed", "facts"),
    [
        (
            "Bác đóng vai bác <strong>Tập</strong>. Số <strong>{{a}}</strong>, thư <strong>{{b}}</strong>. Xong.",
            ["{{a}}", "{{b}}"],
            ["Số 123456", "thư tap@vidu.example"],
        ),
        (
            "Bác đóng vai bác <strong>Tập</strong>. Món <strong>bún bò</strong>.",
            ["tập"],
            ["Bác đóng vai bác Tập", "Món bún bò"],
        ),
        ("Lúc 9 giờ, số {{a}} gọi. Bác lo.", ["9"], ["Lúc 9 giờ", "số 123456 gọi"]),
        (
            "Nhà <strong>hẻm 1, hẻm 2</strong>, xa. Số <strong>{{a}}</strong>.",
            [],
            ["Nhà hẻm 1, hẻm 2, xa", "Số 123456"],
        ),
        ("<strong>Số 1. Số 2.</strong> Xong.", [], ["Số 1. Số 2. Xong"]),
        ("Quán &lt;A &amp; <strong>B&gt;</strong>; hẻm <strong>1</strong>.", [], ["Quán &lt;A &amp; B&gt;", "hẻm 1"]),
        ("Ở chợ A &amp;, số <strong>1</strong>, hẻm &lt;2&gt;.", ["2"], ["số 1", "hẻm &lt;2&gt;"]),
        ('Thẻ <img alt="mặt trước, số {{a}}. Xa" src="a.png"> xanh.', [], ["Thẻ  xanh"]),
        ("Bác xem rồi chọn.", [], []),
        (None, ["1"], []),
    ],
)
def test_what_can_be_copied_from_the_card_is_short_and_complete(card, typed, facts):
    found = card_facts(card, Filler({"a": "123456", "b": "tap@vidu.example"}), typed)
    assert [re.sub(r"<[^>]+>", "", fact) for fact in found] == facts


@pytest.mark.parametrize(
    "value", ["099060000123", "482915", "45.000", "1.5", "1", "22", "Mực", "a", "bún bò", "HocSo@2026", "x y"]
)
@pytest.mark.parametrize("role", ["number", "text", "password"])
def test_near_misses_do_not_hold_and_can_be_told_apart(role, value):
    widget = Widget(role=role, label="Ô", line=1, values=(value,), arrow=None)
    choices = field_choices(widget, Filler({}))
    wires = [choice.wire for choice in choices]
    assert len(set(wires)) == len(wires)
    assert wires.count(value) == 1
    for choice in choices:
        if choice.wire != value:
            assert choice.wire == f"?{len(choice.text)}"
            assert not holds(role, None, [value], choice.text)


@pytest.mark.parametrize(
    ("values", "near"),
    [
        (["bún bò", "bun bo"], ["bún bó", "bún"]),
        (["Mực", "Muc"], ["Mức", "Mự"]),
        (["chợ Một"], ["chợ Mốt", "chợ"]),
        (["Ga Lặng"], ["Ga Lắng", "Ga"]),
        (["Ở"], ["Ỡ", "ỞỞ"]),
        (["Xe buýt Mẫu", "xe buýt"], ["Xe buýt Mẩu", "buýt Mẫu"]),
        (["Đèn số 4"], ["Đèn sộ 4", "Đèn số"]),
        (["Má khỏe", "Má khõe"], ["Má", "khỏe"]),
        (["VNeID"], ["VNeDI", "VNeD"]),
        (["Hẻm 12", "Hem 12"], ["Hẻm 21", "Hẻm 2"]),
        (["Má Má", "Má Mạ"], ["Má"]),
    ],
)
def test_the_near_misses_of_words_can_be_read(values, near):
    """Letters that no keyboard puts together look like a fault of the page."""
    widget = Widget(role="text", label="Ô", line=1, values=tuple(values))
    offered = [choice.text for choice in field_choices(widget, Filler({}))]
    assert sorted(offered) == sorted([values[0], *near])


@pytest.mark.parametrize(("rule", "role"), [("mat-khau-manh", "text"), ("6-so", "number"), ("co-chu", "text")])
def test_the_examples_of_a_rule_are_what_they_say(rule, role):
    choices = field_choices(Widget(role=role, label="Ô", line=1, rule=rule), Filler({}))
    model = {"data": [], "screens": {"a": {"widgets": [{"role": role, "rule": rule}]}}}
    for choice in choices:
        assert encode(model, {}, "a", 0, choice.text if choice.text != "Không gõ gì" else "") == choice.wire
    assert [choice.wire for choice in choices].count("~ok") == 1


def test_every_screen_has_a_number_and_side_ways_keep_the_one_they_left():
    practice = every_screen()
    places = find_places(practice)
    assert set(places.numbers) == {screen.id for screen in practice.screens}
    assert places.total == 9
    assert places.numbers["hop-tin"] == places.numbers["man-hinh-chinh"] == 1
    assert places.numbers["ban-vua-doc-ma-cho-ke-lua-dao"] == places.numbers["co-cuoc-goi-den"] == 7
    assert places.numbers["hoan-thanh"] == 9


def test_every_icon_that_an_author_may_name_is_drawn():
    assert set(ICONS) <= set(symbols())
    assert picture_id("Máy ảnh") == picture_id("camera") == "may-anh"
    assert picture_id("chiếc xe tăng") == picture_id(None) == "app"


def test_the_guide_names_every_icon_that_an_author_may_use():
    guide = GUIDE.read_text("utf-8")
    (named,) = re.findall(r"^`hình` là một trong các tên này[^:]*: (.*)\.$", guide, re.MULTILINE)
    assert {ICONS.find(name) for name in named.split(", ")} == set(ICONS)


def test_three_apps_look_like_three_apps():
    shapes = {slug: stylesheet(course(slug)).partition("--app-round")[2] for slug in ("vneid", "vssid", "etax")}
    assert len(set(shapes.values())) == 3


@pytest.mark.parametrize("colours", [(), ("#1d3f72",), ("#1d3f72", "#5b3a12")])
def test_a_courses_colours_are_a_stylesheet_that_is_always_whole(colours):
    found = re.findall(r"--app[a-z-]*: (#[0-9a-f]{6});", stylesheet(course("a", colours)))
    assert len(found) == 3
    assert found[: len(colours)] == list(colours)


def test_a_place_on_a_picture_lies_where_the_file_says(tmp_path):
    written, problems = read_course(write_every_screen(tmp_path) / "thu", today=date(2026, 11, 25))
    assert written, problems
    assert ".at-10-60-80-25 { left: 10%; top: 60%; width: 80%; height: 25%; }" in stylesheet(written)
    assert area_class((10, 80, 80, 12.5)) == "at-10-80-80-12_5"


def course(slug: str, colours: tuple[str, ...] = ()) -> Course:
    return Course(slug, "A", "", date(2026, 1, 1), (), 180, (), "", "", "", colours=colours)


@pytest.mark.parametrize(
    ("mode", "level"), [("lam-theo", 2), ("lam-theo", 1), ("lam-theo", 0), ("tu-lam", 0), ("kiem-tra", 0)]
)
def test_the_page_and_the_script_show_the_same_of_every_state(mode, level):
    """present.py and look.js are sisters: whatever happens, both say, point at and offer the same."""
    practice = every_screen()
    model, data = compile_model(practice), draw(practice, 7)
    states = []
    for steps in paths.random_walks(practice, data, 60, 7, mode):
        state = engine.begin(model)
        for event in paths.events_of(steps):
            state = engine.step(model, data, state, event, mode)
            states.append(state.as_json())
    levels = dict.fromkeys(model["screens"], level) if mode == "lam-theo" else {}
    shown = hide_arrows(model) if mode == "kiem-tra" else model
    given_ = json.dumps({"facts": {"model": shown, "data": data, "mode": mode, "levels": levels}, "states": states})
    seen = subprocess.run(["node", str(LOOKS)], input=given_, capture_output=True, text=True, check=True, timeout=300)
    assert len(states) > 500
    for state, look in zip(states, json.loads(seen.stdout), strict=True):
        now = present(attempt_at(state, model, data, mode), (), level)
        assert (now.rung, now.offered) == (look["rung"], look["offered"])
        assert now.said - {""} == set(look["keys"]) - {""}
        assert (-1 if now.pointed is None else now.pointed) == look["pointed"]
        assert (-1 if now.wrong is None else now.wrong) == look["wrong"]


def attempt_at(state: dict, model: dict, data: dict, mode: str) -> Attempt:
    return Attempt(
        id="0" * 32,
        learner_id="lan",
        course="thu",
        lesson="moi-thu",
        practice="",
        mode=mode,
        content_digest="",
        model_digest="",
        model=model,
        data=data,
        state=state,
        kept=state["q"],
        score=0,
        passed=False,
        ended=state["ended"],
        started_at=datetime(2026, 11, 25, tzinfo=UTC),
    )
