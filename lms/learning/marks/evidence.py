"""Add up the evidence of several marks for one badge."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.model import Stage

log = logging.getLogger(__name__)

# Keys of a mark's evidence: how much was right, and of how much.
_COUNT_KEYS: dict[Stage, tuple[str, str]] = {
    Stage.UNDERSTAND: ("right", "total"),
    Stage.PRACTICE: ("right", "screens"),
    Stage.USE: ("tasks", "tasks"),
}


@dataclass(frozen=True, slots=True)
class BadgeStageEvidence:
    """The evidence for one stage, summed over the lessons of a badge. Stored with the badge as JSON.

    UNDERSTAND: ``right`` of ``total`` questions; PRACTICE: ``right`` of ``total`` screens done without a mistake or
    help; USE: ``total`` tasks done, ``witnessed`` of them attested by a facilitator.
    """

    stage: Stage
    right: int
    total: int
    witnessed: int = 0


def sum_evidence(marks: Iterable[tuple[Stage, Mapping[str, Any]]]) -> tuple[BadgeStageEvidence, ...]:
    """One sum for each stage that has a mark, in the order of the stages.

    A mark that does not tell how much was right is left out, and told in the log: a badge says only what is known.
    """
    sums: dict[Stage, list[int]] = {}
    for stage, evidence in marks:
        right, total = _COUNT_KEYS[stage]
        if not all(isinstance(evidence.get(key), int) for key in (right, total)):
            log.error("a mark of the stage %s has no counts", stage)
            continue
        so_far = sums.setdefault(stage, [0, 0, 0])
        so_far[0] += evidence[right]
        so_far[1] += evidence[total]
        so_far[2] += evidence.get("witnessed", 0)
    return tuple(BadgeStageEvidence(stage, *sums[stage]) for stage in Stage if stage in sums)
