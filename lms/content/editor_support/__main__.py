"""Write the generated files of ``editors/vscode``."""

from __future__ import annotations

from pathlib import Path

from lms.content.editor_support import generated_files

FOLDER = Path(__file__).parents[3] / "editors" / "vscode"

for path, text in generated_files().items():
    (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
    (FOLDER / path).write_text(text, "utf-8")
