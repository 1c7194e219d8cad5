"""The files under ``static/``: read once, compressed once, and named by one hash of their contents.

Stylesheets that a page wants together are also served together, as ``css/components/band+coach.css``: on a thin line
each request costs as long as ten kilobytes. They are joined as they are written.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

STATIC_DIR = Path(__file__).resolve().parent.parent / "static"

# Our own table: on Windows ``mimetypes`` asks the registry, where another program may have made text/plain of .js.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
}
# Where joined stylesheets seem to lie, so that what they point to is found from there.
JOINED = "css/components/"
COMPRESSIBLE = frozenset({".css", ".js", ".json", ".svg", ".txt"})


@dataclass(frozen=True)
class Asset:
    """One file. The compressed forms are made when first asked for, and are None where they would save nothing."""

    media_type: str
    plain: bytes
    compressible: bool

    @functools.cached_property
    def brotli(self) -> bytes | None:
        import brotli  # behind the first request that can read it: browsers ask for it over https only

        return self._if_smaller(brotli.compress(self.plain)) if self.compressible else None

    @functools.cached_property
    def gzip(self) -> bytes | None:
        return self._if_smaller(gzip.compress(self.plain, 9, mtime=0)) if self.compressible else None

    def _if_smaller(self, packed: bytes) -> bytes | None:
        return packed if len(packed) < len(self.plain) else None


@dataclass(frozen=True, slots=True, eq=False)
class Assets:
    """All files by their path below the folder ("css/base.css"), and the build that names their contents."""

    build: str
    files: dict[str, Asset]

    def url(self, path: str) -> str:
        """The address of a file.

        Raises:
            KeyError: there is no such file; a page must not ask for it.
        """
        if path not in self.files:
            raise KeyError(f"static/{path} does not exist")
        return f"/static/{self.build}/{path}"

    def sheets(self, words: Iterable[str]) -> str:
        """The address of several stylesheets as one, in this order; a word is a file of css/ or of css/components/.

        Raises:
            KeyError: one of them does not exist.
        """
        path = f"{JOINED}{'+'.join(words)}.css"
        if self.find(path) is None:
            raise KeyError(f"static/{path}: one of these does not exist")
        return f"/static/{self.build}/{path}"

    def find(self, path: str) -> Asset | None:
        """The file at ``path``, or the stylesheets that it names as one."""
        found = self.files.get(path)
        if found is None and path.startswith(JOINED) and path.endswith(".css"):
            return _joined(self, tuple(path[len(JOINED) : -len(".css")].split("+")))
        return found


# Whoever makes up orders of our words makes us join them again, and fills no memory.
@functools.lru_cache(maxsize=100)
def _joined(assets: Assets, words: tuple[str, ...]) -> Asset | None:
    places = [(f"css/{word}.css", f"{JOINED}{word}.css") for word in words]
    files = [assets.files.get(plain) or assets.files.get(component) for plain, component in places]
    if len(set(words)) < len(words) or not all(files):
        return None
    return Asset(MEDIA_TYPES[".css"], b"".join(file.plain for file in files), compressible=True)


@functools.cache
def load_assets(folder: Path = STATIC_DIR) -> Assets:
    """Read the folder; files of an unknown kind stay out. The same process gets the same object."""
    digest = hashlib.sha256()
    files = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix in MEDIA_TYPES and file.is_file():
            path = file.relative_to(folder).as_posix()
            content = file.read_bytes()
            digest.update(f"{path}\0{len(content)}\0".encode())
            digest.update(content)
            files[path] = Asset(MEDIA_TYPES[file.suffix], content, file.suffix in COMPRESSIBLE)
    return Assets(digest.hexdigest()[:12], files)
