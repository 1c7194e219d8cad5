"""Splitting a section into slides."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.model import Callout, FacilitatorNote, Poll, Prose, Section
from lms.learning.classroom.session.slides import MAX_SLIDE_WORDS, section_slides, weighted_word_count

SENTENCES = " ".join(f"Câu số {number} có đúng bảy tiếng." for number in range(60))


def section(*parts) -> Section:
    return Section("muc", "Mục", tuple(parts), 1)


def words(html: str) -> list[str]:
    return re.sub(r"<[^>]*>", " ", html).split()


def test_a_short_section_is_one_slide_without_notes_and_questions():
    prose, tip = Prose("<p>Mã OTP có sáu số.</p>"), Callout("<p>Đừng đọc cho ai.</p>", "warning")
    note, poll = FacilitatorNote("<p>Hỏi cả phòng.</p>"), Poll("q1", "<p>Hỏi</p>", (), (), 3)
    assert section_slides(section(prose, note, tip, poll)) == ((prose, tip),)


def test_a_section_of_nothing_but_notes_is_an_empty_slide():
    assert section_slides(section(FacilitatorNote("<p>Hỏi cả phòng.</p>"))) == ((),)


@pytest.mark.parametrize(
    "html",
    [
        "".join(f"<p>{SENTENCES[:300]}</p>" for _ in range(6)),
        f"<p>{SENTENCES}</p>",
        f"<ul>{''.join(f'<li>Việc thứ {number} bác làm hôm nay</li>' for number in range(40))}</ul>",
    ],
)
def test_long_blocks_are_split_and_nothing_is_lost(html):
    slides = section_slides(section(Prose(html)))
    assert len(slides) > 1
    assert all(sum(weighted_word_count(part.html) for part in slide) <= MAX_SLIDE_WORDS for slide in slides)
    assert [word for slide in slides for part in slide for word in words(part.html)] == words(html)


def test_a_split_callout_stays_a_callout():
    slides = section_slides(section(Callout(f"<p>{SENTENCES}</p>", "warning")))
    assert len(slides) > 1
    assert {part.tone for slide in slides for part in slide} == {"warning"}


@pytest.mark.slow
@given(st.lists(st.sampled_from(["<p>một hai ba</p>", "<ul><li>bốn</li><li>năm</li></ul>", f"<p>{SENTENCES}</p>"])))
def test_every_block_is_on_a_slide_in_order(blocks):
    slides = section_slides(section(*map(Prose, blocks)))
    assert [word for slide in slides for part in slide for word in words(part.html)] == words("".join(blocks))
