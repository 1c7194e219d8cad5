"""What a question's rounds are called: one word on desk, wall and report. "Lượt" is a go at a practice."""

from __future__ import annotations

ROUND_NAMES = {1: "lần đầu", 2: "lần hai", 3: "lần ba"}
