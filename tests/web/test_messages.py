"""The words on the pages of translated lessons: every sentence that is marked has its English."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[2] / "lms" / "web"
ENGLISH = WEB / "locale" / "en" / "LC_MESSAGES" / "messages"
KEYWORDS = {"_": None, "translate": None, "translate_markup": None, "mark_for_translation": None}
_TAG = re.compile(r"</?[a-z]+>")
_PLACE = re.compile(r"%\(\w+\)s|\{\w*\}")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.with_suffix(".po").open("rb") as file:
        return read_po(file, locale="en")


def marked_sentences() -> set[str]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    found = extract_from_dir(WEB, method_map=methods, options_map=options, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def test_every_sentence_that_is_marked_has_its_english_and_no_english_is_left_over(english):
    translated = {message.id for message in english if message.id and message.string}
    assert translated == marked_sentences(), "run make messages, and write the English of what is new"


def test_a_translation_has_the_places_of_its_sentence(english):
    for message in english:
        if message.id:
            assert sorted(_PLACE.findall(message.string)) == sorted(_PLACE.findall(message.id)), message.id


def test_a_translation_cannot_break_the_markup_around_it(english):
    for message in english:
        if message.id:
            assert _TAG.findall(message.string) == _TAG.findall(message.id), message.id
            assert not set('"<>&') & set(_TAG.sub("", message.string)), message.id


def test_the_compiled_file_is_made_of_the_written_one(english):
    compiled = read_mo(io.BytesIO(ENGLISH.with_suffix(".mo").read_bytes()))
    assert {message.id: message.string for message in compiled if message.id} == {
        message.id: message.string for message in english if message.id
    }, "run make messages"
