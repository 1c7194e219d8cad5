"""The fields of a posted form."""

from __future__ import annotations

from urllib.parse import parse_qs

from lms.live.error_responses import Malformed

MOST_FIELDS = 200  # of one form; no question has so many options


def fields_of(body: bytes) -> dict[str, list[str]]:
    """By name, each with all its values.

    Raises:
        Malformed: no form in UTF-8, or more than 200 fields.
    """
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise Malformed from error
