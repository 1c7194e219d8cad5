"""The JSON Schema of a file's front matter, from the keys that its reader knows.

Every value is text to the reader, but a YAML parser makes numbers and booleans of some: the schema takes both.
"""

from __future__ import annotations

from typing import Any

from lms.content.editor_support.spellings import keyword_pattern
from lms.content.file_keys import KEYS_BY_STEM
from lms.content.front_matter_keys import Key, ValueKind
from lms.content.practice.vocabulary import DEVICES

Schema = dict[str, Any]
_TITLES = {"course": "khóa học (course.md)", "hieu": "Hiểu ngay", "lam": "Làm được", "dung": "Dùng liền"}
_ANYTHING = {"type": ["string", "number", "boolean"], "minLength": 1}
_VALUES: dict[ValueKind, Schema] = {
    "text": _ANYTHING,
    "count": {"type": ["integer", "string"], "minimum": 1, "maximum": 999999, "pattern": r"^0*[1-9][0-9]{0,5}$"},
    "percent": {
        "type": ["number", "string"],
        "minimum": 0,
        "maximum": 100,
        "pattern": r"^0*(?:100(?:[.,]0+)?|[0-9]{1,2}(?:[.,][0-9]{1,4})?)$",
    },
    "date": {"type": "string", "pattern": r"^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"},
    "yes-or-no": {"type": ["string", "boolean"], "pattern": f"^(?:{keyword_pattern(('có', 'yes', 'không', 'no'))})$"},
    "colour": {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"},
    "device": {"type": "string", "pattern": f"^(?:{keyword_pattern(DEVICES.spelling(code) for code in DEVICES)})$"},
}
_MAX_ITEMS: dict[ValueKind, int] = {"colour": 2}


def front_matter_schema(stem: str) -> Schema:
    """The schema of the front matter of ``course``, ``hieu``, ``lam`` or ``dung``."""
    keys = KEYS_BY_STEM[stem]
    schema: Schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Phần đầu tệp: {_TITLES[stem]}",
        "type": "object",
        "properties": {key.spellings[0]: _of_key(key) for key in keys},
        "patternProperties": {f"^(?:{keyword_pattern(key.spellings)})$": _of_key(key) for key in keys},
        "additionalProperties": False,
    }
    needed = [_has(key) for key in keys if key.required and not key.has_default]
    return schema | ({"allOf": needed} if needed else {})


def _has(key: Key) -> Schema:
    """At least one property has one of the key's names."""
    return {"not": {"propertyNames": {"not": {"pattern": f"^(?:{keyword_pattern(key.spellings)})$"}}}}


def _of_key(key: Key) -> Schema:
    value = _VALUES[key.value]
    several: Schema = {"type": "array", "items": value, "minItems": 1}
    if key.value in _MAX_ITEMS:
        several["maxItems"] = _MAX_ITEMS[key.value]
    described: Schema = {"description": f"{key.spellings[0]} ({', '.join(key.spellings[1:])})"}
    if key.kind == "map":
        return described | {"type": "object", "additionalProperties": _ANYTHING}
    if key.kind == "list":
        return described | several
    if key.kind in ("texts", "words"):
        return described | {"anyOf": [_words_on_a_line(value) if key.kind == "words" else value, several]}
    return described | value


def _words_on_a_line(value: Schema) -> Schema:
    """Several words on one line with commas between them, as in "Android, iPhone"."""
    if "pattern" not in value:
        return value
    one = value["pattern"].removeprefix("^").removesuffix("$")
    return {"type": "string", "pattern": rf"^{one}(?:\s*,\s*{one})*$"}
