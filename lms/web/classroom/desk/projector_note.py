"""What the desk says about projectors that are not connected."""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.classroom.access.projectors import PairedProjectors
from lms.message_catalog import mark_for_translation
from lms.web.language import translate, translate_in_context


@dataclass(frozen=True, slots=True)
class ProjectorNote:
    """A sentence, and the word that leads to where they are connected."""

    sentence: str
    link: str


NO_PROJECTOR = ProjectorNote(mark_for_translation("Chưa nối màn chiếu."), mark_for_translation("Nối"))
ALL_GONE = ProjectorNote(mark_for_translation("Màn chiếu đã tắt hoặc mất mạng."), mark_for_translation("Nối lại"))


def projector_note(projectors: PairedProjectors, *, mirrored_on_phones: bool, is_joining: bool) -> ProjectorNote | None:
    """The note on projectors that have gone, or of which there was none when the class went on from joining.

    None where phones show what a projector would show.
    """
    if projectors.connected:
        gone = translate("{away} màn chiếu đã tắt hoặc mất mạng. Còn {connected} màn chiếu đang nối.").format(
            away=projectors.away, connected=projectors.connected
        )
        return ProjectorNote(gone, translate_in_context("link", "Xem")) if projectors.away else None
    if mirrored_on_phones or (is_joining and not projectors.away):
        return None
    note = ALL_GONE if projectors.away else NO_PROJECTOR
    return ProjectorNote(translate(note.sentence), translate(note.link))
