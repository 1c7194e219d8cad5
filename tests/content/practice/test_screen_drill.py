"""Rehearsals: exactly the chosen screens, and they never pass."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.practice import action_paths, engine
from lms.content.practice.compiling import compile_model, generate_random_data, main_path, scored_screens
from lms.content.practice.graph import shortest_paths_to
from lms.content.practice.screen_drill import is_drill, make_drill, practice_for_compiled_model, screens_after_skip
from lms.content.practice.storyboard import read_practice
from tests.web.every_screen import every_screen

WHOLE = every_screen()
CODE_ELSEWHERE = """---
tên: Mã ở màn trước
bắt đầu: Chờ tin
đích: Xong
dữ liệu:
  otp: sinh(6)
---

## Chờ tin
> Việc: Chạm "Đã nhận tin".

- [tin nhắn] Tổng đài
  - nội dung: Mã là {{otp}}.
- [tin nhắn] Quảng cáo
  - nội dung: Mua nhà không?
- [nút] Đã nhận tin => Gõ mã

## Gõ mã
> Việc: Gõ mã.

- [ô số] Mã = {{otp}}
  - sai: Chưa đúng.
- [nút] Tiếp => Cuối

## Cuối
> Việc: Chạm "Xong".

- [nút] Xong => Xong

## Xong {loại=kết}
"""


@pytest.mark.slow
@given(st.sets(st.sampled_from(scored_screens(WHOLE)), min_size=1))
def test_a_drill_has_exactly_the_wanted_screens_and_never_passes(wanted):
    short = make_drill(WHOLE, wanted)
    model = compile_model(short)
    assert model["scored"] == [name for name in scored_screens(WHOLE) if name in wanted]
    assert model["path"] == [*model["scored"], WHOLE.goal]
    data = generate_random_data(short, 3)
    replayed = engine.replay(model, data, action_paths.to_events(action_paths.expected_path(short, data)), "tu-lam")
    report = engine.score_report(model, replayed.state, "tu-lam")
    assert (report["ended"], report["score"], report["passed"]) == (True, 100, False)
    assert is_drill(model) and not is_drill(compile_model(WHOLE))
    assert practice_for_compiled_model(WHOLE, model) == short
    assert practice_for_compiled_model(WHOLE, compile_model(WHOLE)) is WHOLE


@pytest.mark.slow
@given(st.sets(st.sampled_from(scored_screens(WHOLE)), min_size=1), st.integers(0, 10_000))
def test_random_walks_through_a_drill_never_pass(wanted, seed):
    short = make_drill(WHOLE, wanted)
    model, data = compile_model(short), generate_random_data(short, seed)
    for steps in action_paths.random_walks(short, data, 3, seed, "tu-lam"):
        state = engine.replay(model, data, action_paths.to_events(steps), "tu-lam").state
        assert not engine.score_report(model, state, "tu-lam")["passed"]
    ways = shortest_paths_to(model, short.goal)
    assert all("end" in screen or name in ways for name, screen in model["screens"].items())


def test_screens_after_a_skip_are_known():
    short = make_drill(WHOLE, {"nhap-thong-tin", "nhap-ma-otp", "quet-ma"})
    assert screens_after_skip(WHOLE, short) == {"nhap-thong-tin", "quet-ma", "hoan-thanh"}
    assert screens_after_skip(WHOLE, make_drill(WHOLE, scored_screens(WHOLE))) == {
        "xin-quyen"
    }  # a loading screen counts as a skip
    assert main_path(short)[0] == short.start


def test_a_message_on_a_skipped_screen_moves_to_where_it_is_needed():
    whole, problems = read_practice(CODE_ELSEWHERE, "lam.md", today=date(2026, 11, 25))
    assert whole is not None, problems
    (first, *rest) = make_drill(whole, {"go-ma"}).screen("go-ma").widgets[2:]
    assert (first.role, first.body, rest) == ("sms", "Mã là {{otp}}.", [])
    assert make_drill(whole, {"go-ma"}).screen("go-ma").widgets[:2][0] == whole.screen("go-ma").widgets[0]
    assert len(make_drill(whole, {"cho-tin", "go-ma"}).screen("go-ma").widgets) == 2
    assert len(make_drill(whole, {"cuoi"}).screen("cuoi").widgets) == 1


@pytest.mark.parametrize("wanted", [[], ["trang-gia"], ["hoan-thanh"], ["khong-co"]])
def test_a_drill_needs_a_scored_screen(wanted):
    with pytest.raises(ValueError):
        make_drill(WHOLE, wanted)
