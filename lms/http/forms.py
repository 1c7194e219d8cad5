"""Form fields that Flask and the ASGI endpoints read in the same way."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from lms.http.errors import MalformedRequest

MAX_FIELDS = 200  # of one form; no question has as many options
_QUESTION_ID = re.compile("[a-z0-9-]{1,40}")
_LESSON_NUMBER = re.compile(r"[0-9]{1,3}")
_ROUND = re.compile("[1-9]")


def parse_form(body: bytes) -> dict[str, list[str]]:
    """The fields of a posted form by name, each with all its values.

    Raises:
        MalformedRequest: not UTF-8, or more than 200 fields.
    """
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise MalformedRequest from error


def parse_lesson_number(text: str) -> int:
    """Which of a class's lessons a page shows; 1 for a page that does not say.

    Raises:
        MalformedRequest: not a number.
    """
    if not text:
        return 1
    if not _LESSON_NUMBER.fullmatch(text):
        raise MalformedRequest
    return int(text)


def parse_question_and_round(question_id: str, round_: str) -> tuple[str, int]:
    """Which question a class answer is for, and in which of its rounds (1 to 9).

    Raises:
        MalformedRequest: not an id, or not a round.
    """
    if not _QUESTION_ID.fullmatch(question_id) or not _ROUND.fullmatch(round_):
        raise MalformedRequest
    return question_id, int(round_)
