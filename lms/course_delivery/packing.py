"""Pack courses as a ZIP that another site pulls. The same courses make the same bytes."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from lms.content.files_digest import list_course_files
from lms.course_delivery.archive import MAX_FILE_BYTES

_DATE = (2026, 1, 1, 0, 0, 0)  # the files' own dates say nothing, and differ from host to host


class CannotPack(Exception):
    """A file must not be packed; the message is a Vietnamese sentence."""


def pack_courses(folders: Sequence[Path]) -> bytes:
    """The ZIP, with a folder for each course. Hidden files and those that begin with ``_`` stay at home.

    Raises:
        CannotPack: a link leads out of its course, or a file is too large for the site that pulls.
        OSError: a file cannot be read.
    """
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            for path in sorted(list_course_files(folder)):
                name = unicodedata.normalize("NFC", f"{folder.name}/{path.relative_to(folder).as_posix()}")
                if not path.resolve().is_relative_to(folder.resolve()):
                    raise CannotPack(f"“{name}” là liên kết trỏ ra ngoài khóa học; bác chép tệp thật vào.")
                if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
                    raise CannotPack(f"“{name}” lớn hơn {MAX_FILE_BYTES >> 20} MB, hay không phải tệp thường.")
                info = zipfile.ZipInfo(name, _DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o100644 << 16
                archive.writestr(info, path.read_bytes())
    return output.getvalue()
