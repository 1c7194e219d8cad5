"""A few screens once more: exactly these, over ways that the machine walks, and never a mark."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.practice import engine, paths
from lms.content.practice.compiling import compile_model, draw, path_of, scored_screens
from lms.content.practice.graph import ways_to
from lms.content.practice.rehearsal import is_rehearsal, practice_of, rehearsal, walked_to
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


@given(st.sets(st.sampled_from(scored_screens(WHOLE)), min_size=1))
def test_the_way_goes_through_exactly_the_wanted_screens_and_never_passes(wanted):
    short = rehearsal(WHOLE, wanted)
    model = compile_model(short)
    assert model["scored"] == [name for name in scored_screens(WHOLE) if name in wanted]
    assert model["path"] == [*model["scored"], WHOLE.goal]
    data = draw(short, 3)
    replayed = engine.replay(model, data, paths.events_of(paths.expected_path(short, data)), "tu-lam")
    report = engine.report(model, replayed.state, "tu-lam")
    assert (report["ended"], report["score"], report["passed"]) == (True, 100, False)
    assert is_rehearsal(model) and not is_rehearsal(compile_model(WHOLE))
    assert practice_of(WHOLE, model) == short
    assert practice_of(WHOLE, compile_model(WHOLE)) is WHOLE


@given(st.sets(st.sampled_from(scored_screens(WHOLE)), min_size=1), st.integers(0, 10_000))
def test_whoever_wanders_still_ends_and_never_passes(wanted, seed):
    short = rehearsal(WHOLE, wanted)
    model, data = compile_model(short), draw(short, seed)
    for steps in paths.random_walks(short, data, 3, seed, "tu-lam"):
        state = engine.replay(model, data, paths.events_of(steps), "tu-lam").state
        assert not engine.report(model, state, "tu-lam")["passed"]
    ways = ways_to(model, short.goal)
    assert all("end" in screen or name in ways for name, screen in model["screens"].items())


def test_what_the_machine_walked_is_known_for_each_screen():
    short = rehearsal(WHOLE, {"nhap-thong-tin", "nhap-ma-otp", "quet-ma"})
    assert walked_to(WHOLE, short) == {"nhap-thong-tin", "quet-ma", "hoan-thanh"}
    assert walked_to(WHOLE, rehearsal(WHOLE, scored_screens(WHOLE))) == {"xin-quyen"}  # a loading screen is walked too
    assert path_of(short)[0] == short.start


def test_a_code_that_came_on_a_screen_left_out_comes_where_it_is_wanted():
    whole, problems = read_practice(CODE_ELSEWHERE, "lam.md", today=date(2026, 11, 25))
    assert whole is not None, problems
    (first, *rest) = rehearsal(whole, {"go-ma"}).screen("go-ma").widgets[2:]
    assert (first.role, first.body, rest) == ("sms", "Mã là {{otp}}.", [])
    assert rehearsal(whole, {"go-ma"}).screen("go-ma").widgets[:2][0] == whole.screen("go-ma").widgets[0]
    assert len(rehearsal(whole, {"cho-tin", "go-ma"}).screen("go-ma").widgets) == 2
    assert len(rehearsal(whole, {"cuoi"}).screen("cuoi").widgets) == 1


@pytest.mark.parametrize("wanted", [[], ["trang-gia"], ["hoan-thanh"], ["khong-co"]])
def test_without_a_scored_screen_there_is_nothing_to_rehearse(wanted):
    with pytest.raises(ValueError):
        rehearsal(WHOLE, wanted)
