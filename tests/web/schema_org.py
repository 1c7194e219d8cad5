"""A judge of documents for search engines: the TypeScript types that others generate from schema.org's vocabulary."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

MODULES = Path(__file__).resolve().parents[2] / "node_modules"


def schema_org_errors(documents: list[dict[str, Any]], folder: Path) -> list[list[str]]:
    """What is wrong with each document: names of properties, values of enumerations, types of what is nested."""
    lines = [f'import type * as schema from "{MODULES / "schema-dts"}";']
    for number, document in enumerate(documents):
        lines.append(
            f"export const document{number}: schema.WithContext<schema.{document['@type']}> = {json.dumps(document)};"
        )
    (folder / "documents.ts").write_text("\n".join(lines), "utf-8")
    command = [str(MODULES / ".bin" / "tsc"), "--noEmit", "--strict", "--skipLibCheck", "--pretty", "false"]
    result = subprocess.run([*command, "documents.ts"], cwd=folder, capture_output=True, text=True, timeout=120)
    found: list[list[str]] = [[] for _ in documents]
    for line, text in re.findall(r"^documents\.ts\((\d+),\d+\): error (.*)", result.stdout, re.MULTILINE):
        found[int(line) - 2].append(text)  # the first line is the import
    if any(found) != bool(result.returncode):
        raise RuntimeError(result.stdout + result.stderr)
    return found
