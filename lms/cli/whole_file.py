"""Write a file that holds what must not be lost."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write the file whole or not at all, also across a power cut. Only its owner may read it, unless ``mode`` says so.

    Raises:
        OSError: it cannot be written; what was at ``path`` is still there.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode != 0o600:
            draft.chmod(mode)  # os.open subtracts the umask
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
