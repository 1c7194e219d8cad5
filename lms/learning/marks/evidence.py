"""The evidence of marks, added up for a badge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.model import STAGES, StageName

# Which numbers of a mark's evidence say how much was right, and of how much.
_COUNTS: dict[StageName, tuple[str, str]] = {
    "hieu": ("right", "total"),
    "lam": ("right", "screens"),
    "dung": ("tasks", "tasks"),
}


@dataclass(frozen=True, slots=True)
class StageEvidence:
    """What stands behind one mark, summed over the lessons of a badge.

    hieu: ``right`` of ``total`` questions; lam: ``right`` of ``total`` practice screens done without a slip or help;
    dung: ``total`` tasks done, ``witnessed`` of them seen by a facilitator.
    """

    stage: StageName
    right: int
    total: int
    witnessed: int = 0


def sum_evidence(found: Iterable[tuple[StageName, Mapping[str, Any]]]) -> tuple[StageEvidence, ...]:
    """One of each stage that has a mark, in the stages' order."""
    sums: dict[StageName, list[int]] = {}
    for stage, evidence in found:
        right, total = _COUNTS[stage]
        so_far = sums.setdefault(stage, [0, 0, 0])
        so_far[0] += evidence[right]
        so_far[1] += evidence[total]
        so_far[2] += evidence.get("witnessed", 0)
    return tuple(StageEvidence(stage, *sums[stage]) for stage in STAGES if stage in sums)
