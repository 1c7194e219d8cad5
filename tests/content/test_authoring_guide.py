"""The authoring guide explains every rule that the checker knows, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.content.rules_in_code import rules_in_the_code

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "huong-dan-soan-bai.md"

RULE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def rules_in_the_guide() -> list[str]:
    tables = GUIDE.read_text("utf-8").split("## Mọi quy tắc của bộ kiểm tra")[1]
    rows = [row for row in tables.split("\n") if row.startswith("| `")]
    return [rule for row in rows for rule in re.findall(r"`([^`]+)`", row.split(" | ")[0])]


@pytest.mark.slow
def test_every_rule_is_explained_and_every_explained_rule_exists():
    known = rules_in_the_code()
    assert {"real-looking", "bad-box", "tab", "stale"} <= known
    assert all(RULE.fullmatch(rule) for rule in known)
    assert set(rules_in_the_guide()) == known


def test_no_rule_is_explained_twice():
    explained = rules_in_the_guide()
    assert len(explained) == len(set(explained))
