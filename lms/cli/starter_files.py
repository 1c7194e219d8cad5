"""The text of the files that start ``lms serve --lan`` by a double click: on Windows, macOS, and Linux desktops."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

MARK = "lms new starter"  # in every file, so that the command overwrites only what it wrote
NAME = "Mở lớp học"
STOPPED = "Trang học đã dừng. Xem dòng chữ ở trên nếu không phải tự mình dừng. Nhấn Enter để đóng."


@dataclass(frozen=True, slots=True)
class Installation:
    """What a starter starts: the interpreter that has this program, and the folders of its data and courses."""

    python: Path
    data_dir: Path
    courses_dir: Path


def batch_file(installation: Installation) -> str:
    """Return the text of Mo-lop.bat. Its first lines are ASCII: only chcp makes cmd.exe read UTF-8."""
    lines = [
        "@echo off",
        f"rem {MARK}",
        "chcp 65001 >nul",
        f"title {NAME}",
        f'set "LMS_DATA_DIR={_for_batch(installation.data_dir)}"',
        f'set "LMS_COURSES={_for_batch(installation.courses_dir)}"',
        f'"{_for_batch(installation.python)}" -m lms serve --lan',
        f"echo {STOPPED}",
        "pause >nul",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def shell_script(installation: Installation) -> str:
    """Return the text of Mo-lop.command, for macOS and Linux.

    Closing the window sends HUP, at which the site only reloads its courses: the script stops it instead.
    """
    return f"""#!/bin/sh
# {MARK}
export LMS_DATA_DIR={shlex.quote(str(installation.data_dir))}
export LMS_COURSES={shlex.quote(str(installation.courses_dir))}
{shlex.quote(str(installation.python))} -m lms serve --lan "$@" &
site=$!
trap 'kill "$site" 2>/dev/null' HUP INT TERM
wait "$site"
trap - HUP INT TERM
wait "$site" 2>/dev/null
echo {shlex.quote(STOPPED)}
read -r _
"""


def desktop_entry(script: Path) -> str:
    """Return the text of Mo-lop.desktop, which opens a terminal window with ``script``."""
    return f"""[Desktop Entry]
# {MARK}
Type=Application
Version=1.0
Name={NAME}
Comment=Mở trang học cho cả phòng, trên máy này
Exec=sh {_for_exec(script)}
Icon=applications-education
Terminal=true
Categories=Education;
"""


def _for_batch(path: Path) -> str:
    return str(path).replace("%", "%%")


def _for_exec(path: Path) -> str:
    """Quote an argument of Exec: once as an argument, once as a string of the file, and % as a field code."""
    quoted = re.sub(r'(["`$\\\\])', r"\\\1", str(path))
    return '"' + quoted.replace("\\", "\\\\").replace("%", "%%") + '"'
