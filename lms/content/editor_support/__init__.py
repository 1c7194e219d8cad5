"""What editors outside need to know of the language, generated from the tables that its reader uses.

``python -m lms.content.editor_support`` writes the files of ``editors/vscode``; a test compares them.
"""

from __future__ import annotations

import json
from typing import Any

from lms.content.editor_support.grammar import grammar
from lms.content.editor_support.schema import front_matter_schema
from lms.content.editor_support.snippets import snippets
from lms.content.file_keys import KEYS_BY_STEM


def generated_files() -> dict[str, str]:
    """The files by their path in ``editors/vscode``."""
    files: dict[str, Any] = {f"schemas/{stem}.schema.json": front_matter_schema(stem) for stem in KEYS_BY_STEM}
    files["syntaxes/lesson.tmLanguage.json"] = grammar()
    files["snippets/lesson.code-snippets"] = snippets()
    return {path: json.dumps(content, ensure_ascii=False, indent=2) + "\n" for path, content in files.items()}
