"""deploy/windows_zip.py: the ZIP that a volunteer unzips on Windows. Downloads come from this machine."""

from __future__ import annotations

import hashlib
import os
import re
import runpy
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "deploy" / "windows_zip.py"
TOP = "Binh-dan-hoc-vu-so/"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


def write_zip(path: Path, **contents: str) -> str:
    """Write a ZIP and return its SHA-256."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_wheel(folder: Path, name: str, **more: str) -> str:
    folder.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info"
    contents = {
        f"{name}/__init__.py": f"name = {name!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    return write_zip(folder / f"{name}-1.0-py3-none-any.whl", **contents, **more)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A small release: its wheel, a lock, the registry that has the locked wheels, and Python's distribution."""
    folder, registry = tmp_path / "release", tmp_path / "registry"
    write_wheel(folder, "lms", **{"lms-1.0.data/scripts/lms": "#!python", "lms-1.0.data/purelib/lms/extra.txt": "x"})
    flask, tzdata = write_wheel(registry, "flask"), write_wheel(registry, "tzdata")
    lock = (
        f"flask==1.0 \\\n    --hash=sha256:{flask}\n    # via lms\n"
        f"tzdata==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{tzdata}\n"
        f"jeepney==1.0 ; sys_platform == 'linux' \\\n    --hash=sha256:{'0' * 64}\n"
        f"setuptools==1.0 \\\n    --hash=sha256:{'0' * 64}\n"
    )
    (folder / "requirements.txt").write_text(lock, "utf-8")
    return folder


@pytest.fixture
def python_url(tmp_path: Path) -> Iterator[str]:
    served = tmp_path / "served"
    served.mkdir()
    write_zip(
        served / "python.zip",
        **{"python.exe": "MZ", "python313.zip": "", "python313._pth": "python313.zip\n.\n", "vcruntime140.dll": "MZ"},
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(served)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/python.zip"
    server.shutdown()
    server.server_close()


def build(release: Path, python_url: str, *options: str) -> subprocess.CompletedProcess[str]:
    folder = release.parent
    digest = hashlib.sha256((folder / "served" / "python.zip").read_bytes()).hexdigest()
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    env |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder / "registry")}
    chosen = ["--release", str(release), "--python-url", python_url, "--python-sha256", digest, *options]
    return subprocess.run(
        [sys.executable, SCRIPT, str(folder / "out.zip"), *chosen],
        env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def test_the_zip_has_python_packages_and_a_start_file_that_needs_nothing_else(release, python_url, tmp_path):
    done = build(release, python_url)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Sẽ tải: \S+ \(\d+\.\d MB\), và 2 gói của Python \(khoảng 28 MB\)\.", done.stdout)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        files = {name.removeprefix(TOP): archive.read(name) for name in archive.namelist()}
        assert all(name.startswith(TOP) for name in archive.namelist()), "unzipping fills one folder"
    [site] = {name.partition("/")[0] for name in files if name.startswith("site-")}
    assert files["python/python313._pth"] == f"python313.zip\r\n.\r\n..\\{site}\r\n".encode()
    assert {"python/python.exe", "python/vcruntime140.dll", f"{site}/flask/__init__.py"} <= set(files)
    assert {f"{site}/lms/__init__.py", f"{site}/lms/extra.txt"} <= set(files)
    assert f"{site}/tzdata/__init__.py" in files, "Windows has no time zones of its own"
    assert not [name for name in files if "jeepney" in name or "scripts" in name or "setuptools" in name]
    start, read_me = files["Mo-lop.bat"], files["DOC-TRUOC.txt"].decode("utf-8-sig")
    assert b"\n" not in start.replace(b"\r\n", b"")
    assert start.partition(b"chcp 65001")[0].isascii()
    assert start.startswith(b"@echo off"), "cmd.exe takes a byte order mark for a command"
    text = start.decode()
    assert 'set "LMS_DATA_DIR=%~dp0du-lieu"' in text
    assert '"python\\python.exe" -m lms serve --lan' in text
    assert text.count("tường lửa (Firewall)") == read_me.count("tường lửa (Firewall)") == 1
    again = build(release, python_url)
    assert again.stdout.splitlines()[-1] == done.stdout.splitlines()[-1], "the same release is the same ZIP"
    write_wheel(release, "lms", **{"lms/new.py": ""})
    assert build(release, python_url).returncode == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert f"{TOP}{site}/lms/__init__.py" not in archive.namelist(), "a release unzipped over another one is whole"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--python-sha256", "0" * 64), "không đúng mã SHA-256"),
        (("--python-url", "http://127.0.0.1:9/python.zip"), "không tải được http://127.0.0.1:9/python.zip"),
        (("--python-url", "python.zip"), "không tải được python.zip"),
        (("--release", "/no/such/folder"), "không phải thư mục của một bản phát hành"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_leaves_no_file(release, python_url, tmp_path, options, said):
    done = build(release, python_url, *options)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert said in done.stderr
    assert not list(tmp_path.glob("out.zip*"))


def test_a_package_that_was_changed_on_the_way_is_refused(release, python_url, tmp_path):
    write_wheel(tmp_path / "registry", "flask", **{"flask/evil.py": "boom"})
    done = build(release, python_url)
    assert (done.returncode, "gói sai mã" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert not list(tmp_path.glob("out.zip*"))


def test_of_the_real_lock_windows_gets_what_windows_needs():
    wanted = runpy.run_path(str(SCRIPT))["windows_requirements"]((ROOT / "requirements.txt").read_text("utf-8"))
    names = {line.partition("==")[0] for line in wanted.splitlines()}
    assert {"flask", "tzdata", "sqlalchemy", "wakepy"} <= names
    assert not names & {"jeepney", "setuptools"}
    assert all("--hash=sha256:" in line and ";" not in line for line in wanted.splitlines())
