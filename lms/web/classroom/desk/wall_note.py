"""What the desk says about walls that are not connected."""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.classroom.access.projectors import PairedWalls
from lms.message_catalog import mark_for_translation
from lms.web.language import translate, translate_in_context


@dataclass(frozen=True, slots=True)
class WallNote:
    """A sentence, and the word that leads to where walls are connected."""

    sentence: str
    link: str


NO_WALL = WallNote(mark_for_translation("Chưa nối màn chiếu."), mark_for_translation("Nối"))
ALL_GONE = WallNote(mark_for_translation("Màn chiếu đã tắt hoặc mất mạng."), mark_for_translation("Nối lại"))


def wall_note(walls: PairedWalls, *, mirrored_on_phones: bool, is_joining: bool) -> WallNote | None:
    """The note on walls that have gone, or of which there was none when the class went on from joining.

    None where phones show what a wall would show.
    """
    if walls.connected:
        gone = translate("{away} màn chiếu đã tắt hoặc mất mạng. Còn {connected} màn chiếu đang nối.").format(
            away=walls.away, connected=walls.connected
        )
        return WallNote(gone, translate_in_context("link", "Xem")) if walls.away else None
    if mirrored_on_phones or (is_joining and not walls.away):
        return None
    note = ALL_GONE if walls.away else NO_WALL
    return WallNote(translate(note.sentence), translate(note.link))
