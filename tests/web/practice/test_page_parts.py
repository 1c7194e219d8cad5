"""Parts of an attempt's page: grouped numbers, near misses, screen numbers, stylesheet, icons, and the view."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.course_reader import read_course
from lms.content.model import Course, Widget
from lms.content.practice import action_paths, engine
from lms.content.practice.compiling import compile_model, generate_random_data, without_arrow_kinds
from lms.content.practice.fields import encode_value, is_filled_in_correctly
from lms.content.practice.vocabulary import ICONS
from lms.learning.practice.attempts import Attempt
from lms.web.practice.app_stylesheet import hotspot_class, stylesheet
from lms.web.practice.attempt_view import view_attempt
from lms.web.practice.data_fill import DataFiller, group_digits, task_card_facts, task_card_lines
from lms.web.practice.nojs_field_choices import field_choices
from lms.web.practice.phone_icons import icon_id, symbols
from lms.web.practice.screen_numbering import screen_numbers
from tests.web.every_screen import every_screen, write_every_screen

ATTEMPT_VIEWS_SCRIPT = Path(__file__).with_name("attempt_views.mjs")
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
def test_long_numbers_are_grouped_and_copied_without_gaps(number, groups):
    shown = str(group_digits(number))
    assert (
        re.sub(r"</span>(?=<span)", " ", shown)
        .replace("</span>", "")
        .split(">", 1)[1]
        .replace('<span class="digits__group">', "")
        == groups
    )
    assert re.sub(r"<[^>]+>", "", shown) == number


@pytest.mark.parametrize("value", ["12345", "Mực", "HocSo@2026", "", "1900 0368"])
def test_other_values_are_not_grouped(value):
    assert group_digits(value) == value


def test_values_are_escaped_in_text_and_attributes():
    filler = DataFiller({"tên": '<img src=x onerror="a">'})
    assert "<img" not in filler.text("Bác {{ten}}")
    assert filler.html('<a title="{{tên}}">{{TÊN}}</a>') == (
        '<a title="&lt;img src=x onerror=&#34;a&#34;&gt;">&lt;img src=x onerror=&#34;a&#34;&gt;</a>'
    )


@given(st.text(), st.text())
def test_filled_in_values_never_add_a_tag(text, value):
    filled = str(DataFiller({"key": value}).text(text + "{{key}}"))
    assert set(re.findall(r"<[^>]*>", filled)) <= {
        '<span class="digits">',
        '<span class="digits digits--short">',
        '<span class="digits__group">',
        '<span class="keep-together">',
        "<wbr>",
        "</span>",
    }


@pytest.mark.parametrize("address", ["https://vneid.gov.vn.moi.example/", "dichvucong.gov.vn", "tap@vidu-mau.example"])
def test_a_long_address_is_broken_before_a_dot_only_where_a_line_has_no_room(address):
    filler = DataFiller({"nơi": address})
    kept = f'<span class="keep-together">{address.replace(".", "<wbr>.")}</span>'
    assert filler.text(f"Mở {address} nhé") == f"Mở {kept} nhé"
    assert filler.html("<strong>{{nơi}}</strong>") == f"<strong>{kept}</strong>"
    assert filler.html(f'<a href="{address}">ở đây</a>') == f'<a href="{address}">ở đây</a>'


@pytest.mark.parametrize("words", ["mau.gov.vn", "Xong.Bác", "1.200.000.000.000 đồng", "https://may-mau/ho-so-moi"])
def test_what_is_short_or_no_address_is_left_as_written(words):
    assert DataFiller({}).text(words) == words


@pytest.mark.parametrize("written", ["Mật khẩu <strong>{{a}}</strong>.", "Mật khẩu {{a}}."])
def test_no_full_stop_of_the_card_looks_like_the_end_of_a_password(written):
    first, second = task_card_lines(f"Bác đóng vai bác Tập. {written}", DataFiller({"a": "HocSo@2026"}))
    assert first.endswith("Tập.")
    assert second.striptags() == "Mật khẩu HocSo@2026"


def test_the_card_has_a_line_for_each_fact():
    lines = task_card_lines("Bác đóng vai bác Tập. Số <strong>{{a}}</strong>. Xong.", DataFiller({"a": "123456"}))
    assert len(lines) == 3
    assert task_card_lines("<strong>Bác Tập. Số 1.</strong> Xong.", DataFiller({})) == (
        "<strong>Bác Tập. Số 1.</strong> Xong.",
    )


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
def test_the_facts_of_the_card_are_short_and_complete(card, typed, facts):
    found = task_card_facts(card, DataFiller({"a": "123456", "b": "tap@vidu.example"}), typed)
    assert [re.sub(r"<[^>]+>", "", fact) for fact in found] == facts


@pytest.mark.parametrize(
    "value", ["099060000123", "482915", "45.000", "1.5", "1", "22", "Mực", "a", "bún bò", "HocSo@2026", "x y"]
)
@pytest.mark.parametrize("role", ["number", "text", "password"])
def test_near_misses_are_wrong_and_differ_in_length(role, value):
    widget = Widget(role=role, label="Ô", line=1, values=(value,), arrow=None)
    choices = field_choices(widget, DataFiller({}))
    wires = [choice.value for choice in choices]
    assert len(set(wires)) == len(wires)
    assert wires.count(value) == 1
    for choice in choices:
        if choice.value != value:
            assert choice.value == f"?{len(choice.text)}"
            assert not is_filled_in_correctly(role, None, [value], choice.text)


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
def test_the_near_misses_of_words_are_readable(values, near):
    """Letters that no keyboard puts together look like a fault of the page."""
    widget = Widget(role="text", label="Ô", line=1, values=tuple(values))
    offered = [choice.text for choice in field_choices(widget, DataFiller({}))]
    assert sorted(offered) == sorted([values[0], *near])


@pytest.mark.parametrize(("rule", "role"), [("mat-khau-manh", "text"), ("6-so", "number"), ("co-chu", "text")])
def test_the_examples_of_a_rule_match_the_rule(rule, role):
    choices = field_choices(Widget(role=role, label="Ô", line=1, rule=rule), DataFiller({}))
    model = {"data": [], "screens": {"a": {"widgets": [{"role": role, "rule": rule}]}}}
    for choice in choices:
        assert encode_value(model, {}, "a", 0, choice.text if choice.text != "Không gõ gì" else "") == choice.value
    assert [choice.value for choice in choices].count("~ok") == 1


def test_side_screens_have_the_number_of_the_screen_that_leads_to_them():
    practice = every_screen()
    places = screen_numbers(practice)
    assert set(places.numbers) == {screen.id for screen in practice.screens}
    assert places.total == 9
    assert places.numbers["hop-tin"] == places.numbers["man-hinh-chinh"] == 1
    assert places.numbers["ban-vua-doc-ma-cho-ke-lua-dao"] == places.numbers["co-cuoc-goi-den"] == 7
    assert places.numbers["hoan-thanh"] == 9


def test_every_icon_that_an_author_may_name_is_drawn():
    assert set(ICONS) <= set(symbols())
    assert icon_id("Máy ảnh") == icon_id("camera") == "may-anh"
    assert icon_id("chiếc xe tăng") == icon_id(None) == "app"


def test_the_guide_names_every_icon_that_an_author_may_use():
    paragraphs = (" ".join(paragraph.split()) for paragraph in GUIDE.read_text("utf-8").split("\n\n"))
    (named,) = re.findall(r"^`hình` là một trong các tên này[^:]*: (.*)\.$", "\n".join(paragraphs), re.MULTILINE)
    assert {ICONS.find(name) for name in named.split(", ")} == set(ICONS)


def test_three_apps_have_different_shapes():
    shapes = {slug: stylesheet(course(slug)).partition("--app-round")[2] for slug in ("vneid", "vssid", "etax")}
    assert len(set(shapes.values())) == 3


@pytest.mark.parametrize("colours", [(), ("#1d3f72",), ("#1d3f72", "#5b3a12")])
def test_any_colours_make_a_valid_stylesheet(colours):
    found = re.findall(r"--app[a-z-]*: (#[0-9a-f]{6});", stylesheet(course("a", colours)))
    assert len(found) == 3
    assert found[: len(colours)] == list(colours)


def test_a_hotspot_is_positioned_as_in_the_file(tmp_path):
    written, problems = read_course(write_every_screen(tmp_path) / "thu", today=date(2026, 11, 25))
    assert written, problems
    assert ".at-10-60-80-25 { left: 10%; top: 60%; width: 80%; height: 25%; }" in stylesheet(written)
    assert hotspot_class((10, 80, 80, 12.5)) == "at-10-80-80-12_5"


def course(slug: str, colours: tuple[str, ...] = ()) -> Course:
    return Course(slug, "A", "", date(2026, 1, 1), (), 180, (), "", "", "", colours=colours)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "level"), [("lam-theo", 2), ("lam-theo", 1), ("lam-theo", 0), ("tu-lam", 0), ("kiem-tra", 0)]
)
def test_the_page_and_the_script_show_every_state_alike(mode, level):
    """After any events attempt_view.py and attempt.js give the same feedback, pointed control and help."""
    practice = every_screen()
    model, data = compile_model(practice), generate_random_data(practice, 7)
    states = []
    for steps in action_paths.random_walks(practice, data, 60, 7, mode):
        state = engine.initial_state(model)
        for event in action_paths.to_events(steps):
            state = engine.step(model, data, state, event, mode)
            states.append(state.as_json())
    levels = dict.fromkeys(model["screens"], level) if mode == "lam-theo" else {}
    shown = without_arrow_kinds(model) if mode == "kiem-tra" else model
    request = json.dumps({"facts": {"model": shown, "data": data, "mode": mode, "levels": levels}, "states": states})
    seen = subprocess.run(
        ["node", str(ATTEMPT_VIEWS_SCRIPT)], input=request, capture_output=True, text=True, check=True, timeout=300
    )
    assert len(states) > 500
    for state, script_view in zip(states, json.loads(seen.stdout), strict=True):
        view = view_attempt(attempt_at(state, model, data, mode), (), level)
        assert (view.next_help, view.help_highlighted) == (script_view["help"], script_view["isOffered"])
        assert view.shown_notes - {""} == set(script_view["keys"]) - {""}
        assert (-1 if view.pointed_widget is None else view.pointed_widget) == script_view["pointed"]
        assert (-1 if view.wrong_field is None else view.wrong_field) == script_view["wrong"]


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
        last_q=state["q"],
        score=0,
        passed=False,
        ended=state["ended"],
        started_at=datetime(2026, 11, 25, tzinfo=UTC),
    )
