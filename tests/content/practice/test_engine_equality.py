"""The engines in Python and JavaScript give the same results."""

from __future__ import annotations

import json
import random
import sys
import unicodedata

import pytest

from lms.content.practice import action_paths, engine
from lms.content.practice.compiling import compile_model, generate_random_data
from lms.content.practice.fields import encode_value, known_values
from tests.content.practice.engines import TEST_PAGE, VARIANTS, answer, fast_answer

pytestmark = pytest.mark.slow

WALKS = LOGS = 10_000
HUGE = "@1e400@"  # a placeholder for a number that overflows a float, which JSON allows

MARKS = [*"aZđẾ19٣ \t\n\u00a0\u2003\u3000!@_。\x00\u200b"]
ODD = [*"\ud800\udfff😀𐐀ßẞİıΣςŉǅ\u0301\u0345\u0323ﬁKÅ각\u1c89\ua7da\u0295ʔ中𠀀Ⅷª\ufeff", "\u1100\u1161"]


def test_ten_thousand_walks_leave_the_same_states(practices, models, javascript):
    """10,000 walks over all practices and variants; ``make bench`` does as many for each."""
    logs = []
    rounds = [(name, way) for name in practices for way in VARIANTS]
    for number in range(0, WALKS, 40):
        name, (mode, suffix) = rounds[number // 40 % len(rounds)]
        data = generate_random_data(practices[name], number)
        for steps in action_paths.random_walks(practices[name], data, 40, number, mode):
            logs.append(
                {"practice": name + suffix, "mode": mode, "data": data, "events": action_paths.to_events(steps)}
            )
    _assert_equal(models, javascript, logs)
    assert len(logs) == WALKS and sum(len(log["events"]) for log in logs) > 5 * WALKS


def test_ten_thousand_hostile_logs_leave_the_same_states(practices, models, javascript):
    rng = random.Random("hostile")
    logs = []
    for number in range(0, LOGS, 20):
        name = "every-role" if number % 40 else rng.choice(list(practices))
        mode, suffix = rng.choice(VARIANTS)
        data = generate_random_data(practices[name], number)
        for steps in action_paths.random_walks(practices[name], data, 20, number, mode):
            events = [_with_errors(event, rng) for event in action_paths.to_events(steps)]
            for _ in range(rng.randrange(3)):
                events.insert(rng.randrange(len(events) + 1), _anything(rng, 2))
            logs.append({"practice": name + suffix, "mode": mode, "data": data, "events": events})
    assert len(logs) == LOGS
    _assert_equal(models, javascript, logs)


def test_fast_answers_equal_full_answers(practices, models):
    for name, practice in practices.items():
        for mode, suffix in VARIANTS:
            data = generate_random_data(practice, mode)
            for steps in action_paths.random_walks(practice, data, 3, mode, mode):
                log = {"practice": name + suffix, "mode": mode, "data": data, "events": action_paths.to_events(steps)}
                assert fast_answer(models, log) == answer(models, log)
                assert fast_answer(models, {**log, "brief": True}) == answer(models, {**log, "brief": True})


def test_both_engines_encode_typed_texts_equally(practices, javascript):
    rng = random.Random("typed")
    asked, expected = [], []
    for name, practice in practices.items():
        model = compile_model(practice)
        data = generate_random_data(practice, 1)
        known = list(known_values(model, data))
        for screen in practice.screens:
            for place, widget in enumerate(screen.widgets):
                if widget.role not in ("number", "text", "password", "select", "switch"):
                    continue
                typed = [*known, *(_variation(rng, value) for value in known), *(_text(rng) for _ in range(60))]
                for text in [*typed, "~ok", "?5", "", "Matkhau1!", "482915", "123456", "Aa1\u00a0Aa1\u00a0!"]:
                    asked.append({"practice": name, "data": data, "screen": screen.id, "widget": place, "typed": text})
                    expected.append(encode_value(model, data, screen.id, place, text))
    assert javascript.run(map(json.dumps, asked)) == expected


def test_both_engines_classify_every_character_equally(javascript, practices):
    model = compile_model(practices["every-role"])
    data = generate_random_data(practices["every-role"], 1)
    at = {"practice": "every-role", "data": data, "screen": "dat-mat-khau", "widget": 0}
    texts = [shape.replace("?", chr(code)) for code in range(0x110000) if code % 29 == 0 or code < 0x3000
             for shape in ("Matkhau1?", "MATKHAU1!?")]  # fmt: skip
    answers = javascript.run(json.dumps({**at, "typed": text}) for text in texts)
    wrong = [ascii(text) for text, answer in zip(texts, answers, strict=True)
             if answer != encode_value(model, data, "dat-mat-khau", 0, text)]  # fmt: skip
    assert wrong == []


def _assert_equal(models, javascript, logs):
    # Every state is compared, but most only in summary; the last state of each log in full.
    logs = [{**log, "whole": number % 20 == 0} for number, log in enumerate(logs)]
    lines = [json.dumps(log).replace(f'"{HUGE}"', "1e400") for log in logs]
    answers = javascript.run(lines)
    assert len(answers) == len(logs)
    for line, found in zip(lines, answers, strict=True):
        log = json.loads(line)
        assert answer(models, log) == found, line
        name = log["practice"].removesuffix(TEST_PAGE)
        whole = engine.replay(models[name], log["data"], log["events"], log["mode"]).state
        followed = [state.q for _, state in engine.replay_states(models[name], log["data"], log["events"], log["mode"])]
        assert followed == list(range(1, whole.q + 1))
        assert whole.as_json()["fields"] == found["state"]["fields"] and whole.q == found["state"]["q"]


# --- invalid input ----------------------------------------------------------------------------------------------


def _with_errors(event, rng):
    """Usually the event itself, so that logs get far; sometimes with one part replaced."""
    if len(event) == 6 and event[4] == "type" and rng.random() < 0.3:
        return [*event[:5], _variation(rng, event[5])]
    if rng.random() < 0.1:
        return [float(event[0]), rng.choice([0, -1, 1.5, HUGE, 2**60, -0.0]), event[2], float(event[3]), *event[4:]]
    if rng.random() > 0.05:
        return event
    changed = list(event)
    where = rng.randrange(7)
    if where == 6:
        return changed[: rng.randrange(len(changed))] if rng.random() < 0.5 else [*changed, _anything(rng, 1)]
    if where < len(changed):
        changed[where] = _anything(rng, 1)
    return changed


WORDS = ["tap", "hold", "swipe", "pinch", "double-tap", "type", "do", "__proto__", "constructor", "toString", "length"]
WORDS += ["-1", "1"]


def _anything(rng, depth):
    """A value of every JSON type."""
    if depth and rng.random() < 0.5:
        inner = [_anything(rng, depth - 1) for _ in range(rng.randrange(7))]
        return rng.choice([inner, {_text(rng): one for one in inner}])
    numbers = [
        rng.randrange(-3, 40),
        rng.randrange(-3, 9) + 0.5,
        float(rng.randrange(1, 9)),
        2**53 + 1,
        10**30,
        -0.0,
    ]
    return rng.choice([None, True, False, HUGE, *numbers, _text(rng), rng.choice(WORDS)])


def _text(rng):
    return _as_sent("".join(_char(rng) for _ in range(rng.randrange(12))))


def _char(rng):
    if rng.random() < 0.75:
        return rng.choice(MARKS + ODD)
    return chr(rng.randrange(sys.maxunicode + 1))


def _variation(rng, text):
    """A variation of the text, as typed carelessly or maliciously."""
    changed = [text.upper(), text.lower(), text.title(), text.swapcase(), unicodedata.normalize("NFD", text)]
    changed += [f" {text}\t", text.replace(" ", "\u00a0 "), "-".join(text), text[1:], text + "\u0301", "?" + text]
    changed += [text + _char(rng), _char(rng) + text]
    return _as_sent(rng.choice(changed))


def _as_sent(text):
    """Join adjacent surrogates, as JSON does."""
    return json.loads(json.dumps(text))
