"""What the desk says about walls that are not connected."""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.classroom.access.projectors import PairedWalls


@dataclass(frozen=True, slots=True)
class WallNote:
    """``needs_wall``: no wall is connected, so that what to do belongs beside the sentence."""

    sentence: str
    needs_wall: bool


def wall_note(walls: PairedWalls, *, mirrored_on_phones: bool) -> WallNote | None:
    """The note on walls that have gone. None where phones show what a wall would show."""
    if walls.connected:
        gone = f"{walls.away} màn chiếu đã tắt hoặc mất mạng. Còn {walls.connected} màn chiếu đang nối."
        return WallNote(gone, needs_wall=False) if walls.away else None
    if mirrored_on_phones or not walls.away:
        return None
    return WallNote("Màn chiếu đã tắt hoặc mất mạng.", needs_wall=True)
