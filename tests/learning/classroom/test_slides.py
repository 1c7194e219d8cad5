"""Slides: what of a section stands on the wall at once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.model import Callout, FacilitatorNote, Poll, Prose, Section
from lms.learning.classroom.session.slides import MOST_WORDS, slides_of, weight

SENTENCES = " ".join(f"Câu số {number} có đúng bảy tiếng." for number in range(60))


def section(*parts) -> Section:
    return Section("muc", "Mục", tuple(parts), 1)


def words(html: str) -> list[str]:
    return re.sub(r"<[^>]*>", " ", html).split()


def test_a_short_section_is_one_slide_without_notes_and_questions():
    prose, tip = Prose("<p>Mã OTP có sáu số.</p>"), Callout("<p>Đừng đọc cho ai.</p>", "warning")
    note, poll = FacilitatorNote("<p>Hỏi cả phòng.</p>"), Poll("q1", "<p>Hỏi</p>", (), (), 3)
    assert slides_of(section(prose, note, tip, poll)) == ((prose, tip),)


def test_a_section_of_nothing_but_notes_is_an_empty_slide():
    assert slides_of(section(FacilitatorNote("<p>Hỏi cả phòng.</p>"))) == ((),)


@pytest.mark.parametrize(
    "html",
    [
        "".join(f"<p>{SENTENCES[:300]}</p>" for _ in range(6)),
        f"<p>{SENTENCES}</p>",
        f"<ul>{''.join(f'<li>Việc thứ {number} bác làm hôm nay</li>' for number in range(40))}</ul>",
    ],
)
def test_what_is_too_long_is_cut_and_nothing_of_it_is_lost(html):
    slides = slides_of(section(Prose(html)))
    assert len(slides) > 1
    assert all(sum(weight(part.html) for part in slide) <= MOST_WORDS for slide in slides)
    assert [word for slide in slides for part in slide for word in words(part.html)] == words(html)


def test_a_callout_that_is_cut_stays_a_callout():
    slides = slides_of(section(Callout(f"<p>{SENTENCES}</p>", "warning")))
    assert len(slides) > 1
    assert {part.tone for slide in slides for part in slide} == {"warning"}


@given(st.lists(st.sampled_from(["<p>một hai ba</p>", "<ul><li>bốn</li><li>năm</li></ul>", f"<p>{SENTENCES}</p>"])))
def test_whatever_an_author_writes_stands_on_some_slide_in_its_order(blocks):
    slides = slides_of(section(*map(Prose, blocks)))
    assert [word for slide in slides for part in slide for word in words(part.html)] == words("".join(blocks))
