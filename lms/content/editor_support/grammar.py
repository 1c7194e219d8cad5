"""The patterns that colour the language inside Markdown: roles, arrows, quotes, blocks, attributes."""

from __future__ import annotations

from typing import Any

from lms.content.blocks import BLOCK_NAMES, BLOCK_OPTIONS
from lms.content.editor_support.spellings import all_keyword_spellings, keyword_pattern
from lms.content.file_keys import KEYS_BY_STEM
from lms.content.practice.arrows import ARROWS
from lms.content.practice.vocabulary import ATTRIBUTES, QUOTES, ROLES, RULES, SUB_LINES

_LIST, _SIGN = "punctuation.definition.list", "punctuation.separator"
_ROLE, _BLOCK, _TARGET = "keyword.control.role", "keyword.control.block", "entity.name.section.target"
_ATTRIBUTE = "entity.other.attribute-name"
_STYLES = {"=>": "markup.inserted", "->": "markup.changed", "x>": "markup.deleted"}


def colour_patterns() -> list[dict[str, Any]]:
    roles, quotes, sub_lines = (keyword_pattern(all_keyword_spellings(words)) for words in (ROLES, QUOTES, SUB_LINES))
    blocks, options = (
        keyword_pattern(all_keyword_spellings(BLOCK_NAMES)),
        keyword_pattern(all_keyword_spellings(BLOCK_OPTIONS)),
    )
    attributes, rules = (
        keyword_pattern(all_keyword_spellings(ATTRIBUTES)),
        keyword_pattern(all_keyword_spellings(RULES)),
    )
    return [
        _pattern("comment.line.percentage", r"^\s*%%.*$"),
        _captured(rf"^(\s*-)\s+(\[)({roles})(\])(?=\s)", _LIST, _SIGN, _ROLE, _SIGN),
        _captured(rf"^(\s*>)\s*({quotes})\s*(:)", _SIGN, "keyword.other.quote", _SIGN),
        _captured(rf"^(\s{{2,}}-)\s+({sub_lines})\s*(:)", _LIST, "keyword.other.sub-line", _SIGN),
        _captured(rf"^\s*(:::)\s*({blocks})(?:\s+({options}))?\s*$", _SIGN, _BLOCK, "storage.modifier"),
        _pattern(_SIGN, r"^\s*:::\s*$"),
        *(_captured(rf"(?<=\s)({arrow})\s+(.+)$", _STYLES[arrow], _TARGET) for arrow in ARROWS),
        _captured(rf"(?<=[\s{{(,])({attributes})(=)", _ATTRIBUTE, _SIGN),
        _pattern("variable.other.placeholder", r"\{\{[^{}]+\}\}"),
        _pattern("support.function.rule", rf"~(?:{rules})(?=\s|$)"),
        _captured(rf"^({keyword_pattern(_keys())})(:)(?=\s|$)", "entity.name.tag.key", _SIGN),
    ]


def _keys() -> list[str]:
    keys = {spelling for keys in KEYS_BY_STEM.values() for key in keys for spelling in key.spellings}
    return sorted(keys, key=lambda key: (-len(key), key))


def _pattern(name: str, match: str) -> dict[str, Any]:
    return {"name": name, "match": match}


def _captured(match: str, *names: str) -> dict[str, Any]:
    return {"match": match, "captures": {str(number): {"name": name} for number, name in enumerate(names, 1)}}
