"""What pyproject.toml cannot say: what goes into a wheel beside ``lms``, and from which commit it is made."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).resolve().parent

# From the top of the clone into the package, where lms/release.py finds them.
PACKAGED_FOLDERS = {"static": "static", "courses": "courses"}
PACKAGED_GUIDES = ("huong-dan-dung-lop.md", "huong-dan-soan-bai.md")  # which the site shows


class BuildWithContents(build_py):
    """Copies static files, courses and the guides into the package, and writes ``lms/release.json``."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:  # the program runs in the clone
            return
        package = Path(self.build_lib, "lms")
        for source, target in PACKAGED_FOLDERS.items():
            shutil.rmtree(package / target, ignore_errors=True)  # what an earlier build left
            shutil.copytree(ROOT / source, package / target, ignore=shutil.ignore_patterns(".*"))
        shutil.rmtree(package / "guides", ignore_errors=True)
        (package / "guides").mkdir()
        for name in PACKAGED_GUIDES:
            shutil.copy(ROOT / "docs" / name, package / "guides")
        record = {**release_of_source(), "digest": digest_of(package)}
        (package / "release.json").write_text(json.dumps(record, indent=1) + "\n", "ascii")
        for path in package.rglob("*"):  # the same wheel whatever the umask under which the clone was made
            path.chmod(0o755 if path.is_dir() else 0o644)


class SourceWithRelease(sdist):
    """Writes ``lms/release.json`` into the archive, in which there is no git to ask."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        record = Path(base_dir, "lms", "release.json")
        record.unlink(missing_ok=True)  # it may be a hard link to that of the source
        record.write_text(json.dumps(release_of_source(), indent=1) + "\n", "ascii")


def release_of_source() -> dict[str, str | None]:
    """Return commit and date of the source. lms/release.py is loaded by its path: ``lms`` need not be importable."""
    spec = importlib.util.spec_from_file_location("lms_release", ROOT / "lms" / "release.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.read_commit()


def digest_of(package: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.is_file() and path.name != "release.json"):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


setup(cmdclass={"build_py": BuildWithContents, "sdist": SourceWithRelease})
