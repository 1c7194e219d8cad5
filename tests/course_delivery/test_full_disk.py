"""On a disk that is really full the workshop says so, loses nothing, and goes on once there is room."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def on_small_disk(tmp_path: Path, what: str, size: str) -> dict[str, list]:
    """Play ``what`` of full_disk.py on a tmpfs of this size."""
    disk = tmp_path / "disk"
    disk.mkdir()
    play = f"{sys.executable} -m tests.course_delivery.full_disk {what} {disk}"
    script = f"mount -t tmpfs -o size={size},mode=755 none {disk} && {play}"
    done = subprocess.run(
        [shutil.which("unshare") or "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", "/")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_text_that_does_not_go_on_the_disk_is_refused_in_a_sentence_and_the_saved_one_stays(tmp_path: Path):
    seen = on_small_disk(tmp_path, "save", "12m")
    assert seen["before"][0] == 200
    status, told = seen["full"]
    assert status == 503
    assert "Đĩa của máy chủ đã đầy" in json.dumps(told, ensure_ascii=False)
    assert seen["latest when full"] == "một"
    assert seen["after"][0] == 200 and seen["after"][1]["number"] > 2


def test_a_course_that_does_not_go_on_the_disk_stays_as_it_was_until_there_is_room(tmp_path: Path):
    seen = on_small_disk(tmp_path, "publish", "400k")
    assert seen["before"] == ["done", 3]
    assert seen["full"] == ["No space left on device", 3]
    assert seen["after"] == ["done", 300_000]
    assert seen["versions"] == 1
