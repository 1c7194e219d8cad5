"""The engine in Python and the engine in JavaScript are one function."""

from __future__ import annotations

import json
import random
import sys
import unicodedata

from lms.content.practice import engine, paths
from lms.content.practice.compiling import compile_model, draw
from lms.content.practice.value_encoding import encode, own_values
from tests.content.practice.both_engines import SHOWN, WAYS, answer, quick_answer

WALKS = LOGS = 10_000
HUGE = "@1e400@"  # stands for a number that no float holds: JSON allows it

MARKS = [*"aZđẾ19٣ \t\n\u00a0\u2003\u3000!@_。\x00\u200b"]
ODD = [*"\ud800\udfff😀𐐀ßẞİıΣςŉǅ\u0301\u0345\u0323ﬁKÅ각\u1c89\ua7da\u0295ʔ中𠀀Ⅷª\ufeff", "\u1100\u1161"]


def test_ten_thousand_walks_leave_the_same_states(practices, models, javascript):
    """``make bench`` walks so many through every practice in every mode; here all share them."""
    logs = []
    rounds = [(name, way) for name in practices for way in WAYS]
    for number in range(0, WALKS, 40):
        name, (mode, suffix) = rounds[number // 40 % len(rounds)]
        data = draw(practices[name], number)
        for steps in paths.random_walks(practices[name], data, 40, number, mode):
            logs.append({"practice": name + suffix, "mode": mode, "data": data, "events": paths.events_of(steps)})
    _assert_equal(models, javascript, logs)
    assert len(logs) == WALKS and sum(len(log["events"]) for log in logs) > 5 * WALKS


def test_ten_thousand_hostile_logs_leave_the_same_states(practices, models, javascript):
    dice = random.Random("hostile")
    logs = []
    for number in range(0, LOGS, 20):
        name = "every-role" if number % 40 else dice.choice(list(practices))
        mode, suffix = dice.choice(WAYS)
        data = draw(practices[name], number)
        for steps in paths.random_walks(practices[name], data, 20, number, mode):
            events = [_spoilt(event, dice) for event in paths.events_of(steps)]
            for _ in range(dice.randrange(3)):
                events.insert(dice.randrange(len(events) + 1), _anything(dice, 2))
            logs.append({"practice": name + suffix, "mode": mode, "data": data, "events": events})
    assert len(logs) == LOGS
    _assert_equal(models, javascript, logs)


def test_the_quick_way_of_asking_python_answers_the_same(practices, models):
    for name, practice in practices.items():
        for mode, suffix in WAYS:
            data = draw(practice, mode)
            for steps in paths.random_walks(practice, data, 3, mode, mode):
                log = {"practice": name + suffix, "mode": mode, "data": data, "events": paths.events_of(steps)}
                assert quick_answer(models, log) == answer(models, log)
                assert quick_answer(models, {**log, "brief": True}) == answer(models, {**log, "brief": True})


def test_whatever_is_typed_leaves_the_phone_as_the_same_text(practices, javascript):
    dice = random.Random("typed")
    asked, expected = [], []
    for name, practice in practices.items():
        model = compile_model(practice)
        data = draw(practice, 1)
        known = list(own_values(model, data))
        for screen in practice.screens:
            for place, widget in enumerate(screen.widgets):
                if widget.role not in ("number", "text", "password", "select", "switch"):
                    continue
                typed = [*known, *(_near(dice, value) for value in known), *(_text(dice) for _ in range(60))]
                for text in [*typed, "~ok", "?5", "", "Matkhau1!", "482915", "123456", "Aa1\u00a0Aa1\u00a0!"]:
                    asked.append({"practice": name, "data": data, "screen": screen.id, "widget": place, "typed": text})
                    expected.append(encode(model, data, screen.id, place, text))
    assert javascript.ask(map(json.dumps, asked)) == expected


def test_every_character_is_the_same_kind_of_sign_to_a_strong_password(javascript, practices):
    model = compile_model(practices["every-role"])
    data = draw(practices["every-role"], 1)
    at = {"practice": "every-role", "data": data, "screen": "dat-mat-khau", "widget": 0}
    texts = [shape.replace("?", chr(code)) for code in range(0x110000) if code % 29 == 0 or code < 0x3000
             for shape in ("Matkhau1?", "MATKHAU1!?")]  # fmt: skip
    answers = javascript.ask(json.dumps({**at, "typed": text}) for text in texts)
    wrong = [ascii(text) for text, answer in zip(texts, answers, strict=True)
             if answer != encode(model, data, "dat-mat-khau", 0, text)]  # fmt: skip
    assert wrong == []


def _assert_equal(models, javascript, logs):
    # Every state is compared; of most only what one glance shows, and the last of each log in full.
    logs = [{**log, "whole": number % 20 == 0} for number, log in enumerate(logs)]
    lines = [json.dumps(log).replace(f'"{HUGE}"', "1e400") for log in logs]
    answers = javascript.ask(lines)
    assert len(answers) == len(logs)
    for line, found in zip(lines, answers, strict=True):
        log = json.loads(line)
        assert answer(models, log) == found, line
        name = log["practice"].removesuffix(SHOWN)
        whole = engine.replay(models[name], log["data"], log["events"], log["mode"]).state
        followed = [state.q for _, state in engine.follow(models[name], log["data"], log["events"], log["mode"])]
        assert followed == list(range(1, whole.q + 1))
        assert whole.as_json()["fields"] == found["state"]["fields"] and whole.q == found["state"]["q"]


# --- making trouble ----------------------------------------------------------------------------------------------


def _spoilt(event, dice):
    """Usually the event itself, so that logs get far; sometimes with one part of another kind."""
    if len(event) == 6 and event[4] == "type" and dice.random() < 0.3:
        return [*event[:5], _near(dice, event[5])]
    if dice.random() < 0.1:
        return [float(event[0]), dice.choice([0, -1, 1.5, HUGE, 2**60, -0.0]), event[2], float(event[3]), *event[4:]]
    if dice.random() > 0.05:
        return event
    spoilt = list(event)
    where = dice.randrange(7)
    if where == 6:
        return spoilt[: dice.randrange(len(spoilt))] if dice.random() < 0.5 else [*spoilt, _anything(dice, 1)]
    if where < len(spoilt):
        spoilt[where] = _anything(dice, 1)
    return spoilt


WORDS = ["tap", "hold", "type", "do", "__proto__", "constructor", "toString", "length", "-1", "1"]


def _anything(dice, depth):
    """A value of every JSON type."""
    if depth and dice.random() < 0.5:
        inner = [_anything(dice, depth - 1) for _ in range(dice.randrange(7))]
        return dice.choice([inner, {_text(dice): one for one in inner}])
    numbers = [
        dice.randrange(-3, 40),
        dice.randrange(-3, 9) + 0.5,
        float(dice.randrange(1, 9)),
        2**53 + 1,
        10**30,
        -0.0,
    ]
    return dice.choice([None, True, False, HUGE, *numbers, _text(dice), dice.choice(WORDS)])


def _text(dice):
    return _as_sent("".join(_char(dice) for _ in range(dice.randrange(12))))


def _char(dice):
    if dice.random() < 0.75:
        return dice.choice(MARKS + ODD)
    return chr(dice.randrange(sys.maxunicode + 1))


def _near(dice, text):
    """The text as a hurried or a hostile hand writes it."""
    changed = [text.upper(), text.lower(), text.title(), text.swapcase(), unicodedata.normalize("NFD", text)]
    changed += [f" {text}\t", text.replace(" ", "\u00a0 "), "-".join(text), text[1:], text + "\u0301", "?" + text]
    changed += [text + _char(dice), _char(dice) + text]
    return _as_sent(dice.choice(changed))


def _as_sent(text):
    """Two halves of a character that meet are one, as JSON has it."""
    return json.loads(json.dumps(text))
