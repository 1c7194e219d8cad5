"""Unpack a ZIP from elsewhere: only plain files, only inside the folder, never more than the limits."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

from lms.content.files_digest import is_hidden_or_system_file
from lms.course_delivery.durable_files import sync_folder, write_synced
from lms.course_delivery.errors import UnsafeArchive

# Far beyond real courses: those of this repository are 300 files and 3 MB.
MAX_ARCHIVE_BYTES = 200 << 20
MAX_FILES = 5_000
MAX_FILE_BYTES = 30 << 20
MAX_TOTAL_BYTES = 300 << 20
MAX_RATIO = 50  # of the unpacked to the packed size, beyond the first bytes
FREE_OF_RATIO_BYTES = 10 << 20
MAX_DIRECTORY_BYTES = 4 << 20  # of the list of names, which is read whole

_END = struct.Struct("<4s4H2LH")  # the end of central directory record
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]|[. ](?:/|\Z)')  # Windows does not take these either
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_DAMAGED = "Tệp ZIP này hỏng, bị cắt, hoặc không phải ZIP."


def unpack(archive: Path, folder: Path) -> None:
    """Unpack into ``folder``, which is created. Hidden files and those that file managers add are left out.

    Raises:
        UnsafeArchive: something in it is not allowed, or it is damaged. The folder may hold a part.
        OSError: the disk does not take it.
    """
    size = archive.stat().st_size
    if size > MAX_ARCHIVE_BYTES:
        raise UnsafeArchive(f"Tệp ZIP lớn hơn {MAX_ARCHIVE_BYTES >> 20} MB.")
    _check_directory_size(archive)
    folder.mkdir()
    folder.chmod(0o755)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _check_members(opened.infolist(), size)
            for target in _folders(members):
                (folder / target).mkdir(exist_ok=True)
                (folder / target).chmod(0o755)
            for member, name in members:
                if not member.is_dir():
                    with opened.open(member) as file:
                        data = file.read(member.file_size + 1)
                    if len(data) != member.file_size:
                        raise UnsafeArchive(f"{_DAMAGED} Xem tệp “{name}”.")
                    write_synced(folder / name, data)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error):
        raise UnsafeArchive(_DAMAGED) from None
    for target in [".", *_folders(members)]:
        sync_folder(folder / target)


def _check_directory_size(archive: Path) -> None:
    """Refuse a ZIP whose list of names is long before it is read: it would fill the memory."""
    with archive.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _END.size - 0xFFFF - 20))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise UnsafeArchive(_DAMAGED)
    entries, directory_size = _END.unpack_from(tail, at)[4:6]
    if entries > MAX_FILES or tail[max(0, at - 20) : at].startswith(b"PK\x06\x07"):  # or of 64 bits
        raise UnsafeArchive(f"ZIP này có hơn {MAX_FILES} tệp.")
    if directory_size > MAX_DIRECTORY_BYTES:
        raise UnsafeArchive(_DAMAGED)


def _check_members(infos: list[zipfile.ZipInfo], archive_size: int) -> list[tuple[zipfile.ZipInfo, str]]:
    """The members to unpack with their names."""
    if len(infos) > MAX_FILES:
        raise UnsafeArchive(f"ZIP này có hơn {MAX_FILES} tệp.")
    for info in infos:
        _check_name(info.orig_filename)
        _check_kind(info)
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL_BYTES:
        raise UnsafeArchive(f"ZIP này bung ra hơn {MAX_TOTAL_BYTES >> 20} MB.")
    if total > FREE_OF_RATIO_BYTES + MAX_RATIO * archive_size:
        raise UnsafeArchive(f"ZIP này bung ra gấp hơn {MAX_RATIO} lần: trông như bom nén.")
    members: list[tuple[zipfile.ZipInfo, str]] = []
    spelt: dict[str, str] = {}
    plain: set[str] = set()
    for info in infos:
        name = unicodedata.normalize("NFC", info.orig_filename).rstrip("/")
        if _is_left_out(name):
            continue
        other = spelt.setdefault(name.casefold(), name)
        if other != name or name in plain:
            raise UnsafeArchive(f"ZIP này có hai tệp cùng tên: “{_shown(other)}” và “{_shown(name)}”.")
        members.append((info, name))
        if not info.is_dir():
            plain.add(name)
    for name in _folders(members):
        if name in plain:
            raise UnsafeArchive(f"Trong ZIP, “{_shown(name)}” vừa là tệp vừa là thư mục.")
    return members


def _check_name(name: str) -> None:
    parts = name.removesuffix("/").split("/")
    if not name or name.startswith("/") or ".." in parts or _NO_NAME.search(name.removesuffix("/")):
        raise UnsafeArchive(f"Tên tệp trong ZIP dẫn ra ngoài, hay có ký tự lạ: “{_shown(name)}”.")
    if "" in parts or "." in parts or any(map(_DEVICES.match, parts)) or len(name.encode()) > 500 or len(parts) > 12:
        raise UnsafeArchive(f"Tên tệp trong ZIP không dùng được: “{_shown(name)}”.")


def _check_kind(info: zipfile.ZipInfo) -> None:
    name, kind = _shown(info.orig_filename), stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise UnsafeArchive(f"“{name}” trong ZIP là một liên kết. Thay bằng tệp thật.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnsafeArchive(f"“{name}” trong ZIP không phải tệp thường.")
    if info.flag_bits & 0x1:
        raise UnsafeArchive("ZIP này có mật khẩu. Nén lại, đừng đặt mật khẩu.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnsafeArchive(f"“{name}” nén theo kiểu lạ. Nén lại kiểu ZIP thường.")
    if info.file_size > MAX_FILE_BYTES:
        raise UnsafeArchive(f"“{name}” lớn hơn {MAX_FILE_BYTES >> 20} MB.")


def _is_left_out(name: str) -> bool:
    return any(map(is_hidden_or_system_file, name.split("/")))


def _folders(members: list[tuple[zipfile.ZipInfo, str]]) -> list[str]:
    """All folders, each after the one that holds it."""
    folders = {parent.as_posix() for _, name in members for parent in Path(name).parents}
    return sorted((folders | {name for info, name in members if info.is_dir()}) - {"."})


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[:120]
