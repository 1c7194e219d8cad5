"""How the person at the terminal calls ``lms``."""

from __future__ import annotations

import sys
from pathlib import Path


def command_name() -> str:
    """Return how to call ``lms`` again: ``make run`` calls it by its path in the virtual environment."""
    return sys.argv[0] if Path(sys.argv[0]).name.startswith("lms") else "lms"
