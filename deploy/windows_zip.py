#!/usr/bin/env python3
"""Build a ZIP for Windows with Python inside: unzip, double-click, teach. Runs on Linux, too; needs the internet.

    python3 deploy/windows_zip.py            in the folder of a release, beside lms-*.whl and requirements.txt

Downloads Python's embeddable distribution, whose digest is pinned here, and the wheels of requirements.txt, whose
digests are pinned there. Needs nothing but Python with pip.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import io
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

PYTHON_VERSION = "3.13.5"
PYTHON_URL = f"https://www.python.org/ftp/python/{PYTHON_VERSION}/python-{PYTHON_VERSION}-embed-amd64.zip"
PYTHON_SHA256 = "7d2650fd9d1b9d002d4a315d5f354247fd6a44f30517c7ef577b08f57a0fb6d9"
WHEELS_MEGABYTES = 28  # measured; what pip will download is not known before
FOLDER = "Binh-dan-hoc-vu-so"
NOT_NEEDED = {"setuptools"}  # builds releases
# What a marker is asked about: the machine that the ZIP is for, not the one that builds it.
WINDOWS = {
    "os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64",
    "platform_python_implementation": "CPython", "implementation_name": "cpython",
    "python_version": PYTHON_VERSION.rpartition(".")[0], "python_full_version": PYTHON_VERSION,
}  # fmt: skip

FIREWALL = (
    "Windows hỏi về tường lửa (Firewall) thì đánh dấu cả hai ô Private, Public rồi bấm Allow access: có vậy máy của bà"
    " con mới vào được."
)
# The first lines are ASCII: only chcp makes cmd.exe read UTF-8. %~dp0 is the folder of this file, with a backslash.
START_FILE = f"""@echo off
chcp 65001 >nul
title Mở lớp học
cd /d "%~dp0"
if not exist "python\\python.exe" goto packed
set "LMS_DATA_DIR=%~dp0du-lieu"
echo {FIREWALL}
"python\\python.exe" -m lms serve --lan
echo Trang học đã dừng. Xem dòng chữ ở trên nếu không phải tự mình dừng. Nhấn Enter để đóng.
pause >nul
exit /b
:packed
echo Tệp này còn nằm trong tệp nén. Bấm chuột phải vào tệp nén, chọn Extract All (Giải nén tất cả),
echo rồi mở thư mục mới và bấm đúp lại Mo-lop.bat. Nhấn Enter để đóng.
pause >nul
"""
READ_ME = f"""Bình dân học vụ số, cho máy Windows ở phòng học. Không cần cài đặt, không cần internet.

1. Giải nén cả thư mục này ra máy (chuột phải, Extract All), như vào Documents. Đừng chạy trong tệp nén.
2. Bấm đúp Mo-lop.bat. Windows báo “Windows protected your PC” thì bấm More info, rồi Run anyway.
3. {FIREWALL}
4. Trình duyệt tự mở. Máy của bà con nối cùng Wi-Fi, quét mã QR trong cửa sổ đen.
5. Dừng: đóng cửa sổ đen.

Mọi điều của lớp nằm trong thư mục du-lieu. Có bản mới thì dừng trang, giải nén đè lên thư mục cũ:
du-lieu giữ nguyên. Trước đó xóa thư mục site-… cũ thì nhẹ máy.
Sao lưu: chép thư mục du-lieu sang chỗ khác lúc trang đã dừng. Giữ riêng, đừng gửi cho ai.
"""


class CannotBuild(Exception):
    """The ZIP cannot be built; the message, in Vietnamese, says why."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path, nargs="?", help="the ZIP; default: lms-VERSION-windows.zip")
    parser.add_argument("--release", type=Path, default=Path(__file__).resolve().parents[1])
    parser.add_argument("--python-zip", type=Path, help="a copy of the distribution that is there already")
    parser.add_argument("--python-url", default=PYTHON_URL)
    parser.add_argument("--python-sha256", default=PYTHON_SHA256)
    options = parser.parse_args(arguments)
    try:
        wheel, requirements = _find_release(options.release)
        wanted = windows_requirements(requirements.read_text("utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            python = _python(options, wheels=wanted.count("=="))
            wheels = _download_wheels(wanted, Path(folder))
            files = layout(python, [*wheels, wheel])
        out = options.out or Path(f"{'-'.join(wheel.name.split('-')[:2])}-windows.zip")
        _write_zip(out, files)
    except CannotBuild as error:
        print(f"Chưa đóng gói được: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Chưa đóng gói được: {error.filename or options.release}: {error.strerror or error}", file=sys.stderr)
        return 1
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    unpacked = sum(map(len, files.values())) / 1e6
    print(f"Xong: {out}, {out.stat().st_size / 1e6:.1f} MB, giải nén ra {unpacked:.0f} MB.\nSHA-256 {digest}")
    return 0


def _find_release(folder: Path) -> tuple[Path, Path]:
    wheels, requirements = sorted(folder.glob("lms-*.whl")), folder / "requirements.txt"
    if len(wheels) != 1 or not requirements.is_file():
        raise CannotBuild(
            f"{folder} không phải thư mục của một bản phát hành (lms-….whl và requirements.txt)."
            " Trong bản sao mã nguồn thì làm trước: make release, rồi chạy python3 dist/deploy/windows_zip.py"
        )
    return wheels[0], requirements


def windows_requirements(text: str) -> str:
    """What of the lock a Windows machine needs. pip would ask the markers of the machine that it runs on."""
    try:
        from pip._vendor.packaging.requirements import Requirement  # in every pip
    except ImportError as error:
        raise CannotBuild("Python này không có pip. Cài pip cho nó, hay dùng Python trong .venv.") from error

    kept: list[str] = []
    for entry in re.sub(r"\\\n", " ", text).splitlines():
        line = entry.partition("#")[0].strip()
        if not line or line.startswith("-"):
            continue
        specification, *hashes = re.split(r"\s+(?=--hash=)", line)
        requirement = Requirement(specification)
        if requirement.name in NOT_NEEDED or (requirement.marker and not requirement.marker.evaluate(dict(WINDOWS))):
            continue
        extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
        kept.append(" ".join([f"{requirement.name}{extras}{requirement.specifier}", *hashes]))
    return "\n".join(kept) + "\n"


def _python(options: argparse.Namespace, *, wheels: int) -> bytes:
    """The distribution, after saying what will be downloaded, and how much."""
    pip_says = f"{wheels} gói của Python (khoảng {WHEELS_MEGABYTES} MB)"
    if options.python_zip:
        print(f"Sẽ tải {pip_says}.", flush=True)
        content = options.python_zip.read_bytes()
    else:
        try:
            with urllib.request.urlopen(options.python_url, timeout=60) as response:
                size = int(response.headers.get("Content-Length") or 0)
                print(f"Sẽ tải: {options.python_url} ({size / 1e6:.1f} MB), và {pip_says}.", flush=True)
                content = response.read()
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ValueError) as error:
            raise CannotBuild(f"không tải được {options.python_url} ({getattr(error, 'reason', error)}).") from error
    if hashlib.sha256(content).hexdigest() != options.python_sha256.lower():
        raise CannotBuild("bản Python tải về không đúng mã SHA-256 đã ghi; không dùng tệp ấy.")
    return content


def _download_wheels(requirements: str, folder: Path) -> list[Path]:
    listed, wheels = folder / "requirements.txt", folder / "wheels"
    listed.write_text(requirements, "utf-8")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:",
        "--platform", "win_amd64", "--python-version", WINDOWS["python_version"], "--implementation", "cp",
        "--dest", str(wheels), "--requirement", str(listed),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if line.startswith("ERROR")), done.stderr.strip())
        raise CannotBuild(f"pip không tải được các gói, hoặc có gói sai mã: {reason}")
    found = sorted(wheels.iterdir())
    print(f"Đã tải {len(found)} gói, {sum(path.stat().st_size for path in found) / 1e6:.1f} MB.", flush=True)
    return found


def layout(python: bytes, wheels: list[Path]) -> dict[str, bytes]:
    """All files of the ZIP by name."""
    files = {"Mo-lop.bat": _crlf(START_FILE), "DOC-TRUOC.txt": b"\xef\xbb\xbf" + _crlf(READ_ME)}
    with zipfile.ZipFile(io.BytesIO(python)) as archive:
        files |= {f"python/{name}": archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    paths = [name for name in files if re.fullmatch(r"python/python\d+\._pth", name)]
    if len(paths) != 1 or "python/python.exe" not in files:
        raise CannotBuild("tệp ấy không phải bản Python nhúng (embeddable) cho Windows.")
    # Each release has a folder of its own: it is unzipped over the one before, whose modules and courses would stay.
    packages = f"site-{hashlib.sha256(b''.join(wheel.read_bytes() for wheel in wheels)).hexdigest()[:8]}"
    # The only folders that this Python imports from; nothing that is installed on the machine gets in.
    files[paths[0]] = _crlf(f"{paths[0].removeprefix('python/').removesuffix('._pth')}.zip\n.\n..\\{packages}\n")
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                target = _installed_name(name)
                if target and not name.endswith("/"):
                    files[f"{packages}/{target}"] = archive.read(name)
    return files


def _installed_name(name: str) -> str:
    """Where a file of a wheel belongs below the folder of packages; "" for scripts and the like."""
    if ".." in Path(name).parts or name.startswith("/"):
        raise CannotBuild(f"tên tệp lạ trong một gói: {name}.")
    data = re.match(r"[^/]+\.data/(\w+)/(.+)", name)
    return name if data is None else data[2] if data[1] in ("purelib", "platlib") else ""


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _write_zip(path: Path, files: dict[str, bytes]) -> None:
    """Write a ZIP whose bytes depend on its content alone; it gets its name when it is whole."""
    draft = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(draft, "w") as archive:
            for name in sorted(files):
                entry = zipfile.ZipInfo(f"{FOLDER}/{name}", (2026, 1, 1, 0, 0, 0))
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, files[name])
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
