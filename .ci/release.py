"""Build a release into a folder: wheel, sdist, the locked requirements, deploy/, and their digests.

Everything is built twice, in two folders and under two umasks, and the builds must be the same bytes. Called by ``make
release``; ``--changed`` builds the working tree although it has changes, and says so in the name of the commit.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_BUILD = "from setuptools import build_meta as b; b.build_wheel('out'); b.build_sdist('out')"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--changed", action="store_true")
    options = parser.parse_args()
    if not (ROOT / ".git").exists():
        print("A release is made in a clone: it names the commit.", file=sys.stderr)
        return 2
    is_changed = bool(_git("status", "--porcelain"))
    if is_changed and not options.changed:
        print("There are changes that are not committed; a release is made of a commit.", file=sys.stderr)
        return 2
    commit, date, seconds = _git("log", "-1", "--format=%H %cI %ct").split()
    record = {"commit": f"{commit[:12]}-changed" if is_changed else commit, "date": date}
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        files = _build(Path(first), record, int(seconds), umask=0o022)
        again = _build(Path(second), record, int(seconds), umask=0o077)
        if files != again:
            differing = sorted(name for name in {*files, *again} if files.get(name) != again.get(name))
            print(f"Two builds of one commit differ: {', '.join(differing)}", file=sys.stderr)
            return 1
    _write(options.folder, files)
    return 0


def _git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=True).stdout


def _build(folder: Path, record: dict[str, str], seconds: int, *, umask: int) -> dict[str, bytes]:
    """Copy the files of the clone to ``folder``, build there, and return name and content of wheel and sdist."""
    os.umask(umask)
    for name in _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").rstrip("\0").split("\0"):
        if (ROOT / name).is_file():
            target = folder / "source" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    source = folder / "source"
    (source / "lms" / "release.json").write_text(json.dumps(record) + "\n", "ascii")
    (source / "out").mkdir()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(seconds), "PYTHONDONTWRITEBYTECODE": "1", "TZ": "UTC"}
    # The files of the metadata, which setuptools writes itself, get their permissions from the umask.
    done = subprocess.run(
        [sys.executable, "-c", f"import os; os.umask(0o022); {_BUILD}"],
        cwd=source, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{done.stderr}")
    built = {path.name: path.read_bytes() for path in sorted((source / "out").iterdir())}
    return {
        name: _without_time_and_owner(content, seconds) if name.endswith(".tar.gz") else content
        for name, content in built.items()
    }


def _without_time_and_owner(archive: bytes, seconds: int) -> bytes:
    """Write a .tar.gz again, with all that depends on the machine fixed. setuptools does so for wheels only."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(archive)) as old, tarfile.open(fileobj=plain, mode="w") as new:
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = seconds, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() else 0o644
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    return gzip.compress(plain.getvalue(), 9, mtime=seconds)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    os.umask(0o022)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    shutil.copyfile(ROOT / "requirements.txt", folder / "requirements.txt")
    shutil.copytree(ROOT / "deploy", folder / "deploy", dirs_exist_ok=True)
    names = sorted([*files, "requirements.txt", *(f"deploy/{path.name}" for path in (ROOT / "deploy").iterdir())])
    digests = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(digests), "utf-8")
    print("".join(digests), end="")


if __name__ == "__main__":
    sys.exit(main())
