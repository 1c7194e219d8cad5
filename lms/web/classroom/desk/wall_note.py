"""What the desk says about walls that are not connected."""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.classroom.access.projectors import PairedWalls


@dataclass(frozen=True, slots=True)
class WallNote:
    """A sentence, and the word that leads to where walls are connected."""

    sentence: str
    link: str


NO_WALL = WallNote("Chưa nối màn chiếu.", "Nối")
ALL_GONE = WallNote("Màn chiếu đã tắt hoặc mất mạng.", "Nối lại")


def wall_note(walls: PairedWalls, *, mirrored_on_phones: bool, is_joining: bool) -> WallNote | None:
    """The note on walls that have gone, or of which there was none when the class went on from joining.

    None where phones show what a wall would show.
    """
    if walls.connected:
        gone = f"{walls.away} màn chiếu đã tắt hoặc mất mạng. Còn {walls.connected} màn chiếu đang nối."
        return WallNote(gone, "Xem") if walls.away else None
    if mirrored_on_phones or (is_joining and not walls.away):
        return None
    return ALL_GONE if walls.away else NO_WALL
