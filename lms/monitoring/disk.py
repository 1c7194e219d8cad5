"""Free space where the site writes, and sizes in words."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import make_url

from lms.config import Settings

MIN_FREE_BYTES = 256 * 1024 * 1024  # below it the site is not ready: the next answers may not be kept
LOW_FREE_BYTES = 1024 * 1024 * 1024  # below it somebody should look


def free_bytes(settings: Settings) -> int:
    """Free space of the data folder, and of SQLite's file if it lies elsewhere: the smaller one.

    Raises:
        OSError: a folder is gone.
    """
    folders = {settings.data_dir}
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        folders.add(Path(url.database).absolute().parent)
    return min(shutil.disk_usage(folder).free for folder in folders)


def size_in_words(size: int) -> str:
    """A number of bytes as people read it, such as "12,4 GB"."""
    for unit, name in ((10**9, "GB"), (10**6, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}".replace(".", ",")
    return "dưới 1 MB"
