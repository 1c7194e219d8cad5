"""Static files: read and compressed once, and served under one hash of all contents.

The stylesheets of a page are served as one, such as ``css/components/note+coach.css``: on a slow line a request costs
as much time as ten kilobytes. Comments and indentation are for engineers and are not sent: a quarter less.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lms.release import packaged_folder

STATIC_DIR = packaged_folder("static") or Path(__file__).resolve().parent.parent / "static"

# Not from ``mimetypes``: on Windows it reads the registry, where another program may have set .js to text/plain.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
}
# Combined stylesheets are served from here, so that their relative URLs resolve as those of the components.
COMPONENT_FOLDER = "css/components/"
VENDOR_FOLDER = "vendor/"  # bundles by others, minified already
COMPRESSIBLE = frozenset({".css", ".js", ".json", ".svg", ".txt", ".webmanifest"})
# What is not sent. Lines keep their numbers, so that an error's line is that in the file. A comment after code that has
# quotation marks is sent, since it might be part of a string. tests/test_static.py holds that all code is sent.
UNSENT = {
    ".js": re.compile(rb"^[ \t]*(?://.*)?|[ \t]+// [^\"'`\n]*$", re.MULTILINE),
    ".css": re.compile(rb"^[ \t]+|[ \t]*/\*.*?\*/", re.MULTILINE | re.DOTALL),
}


@dataclass(frozen=True)
class Asset:
    """One file. Its compressed forms are made at first use, and are None if they would not be smaller."""

    media_type: str
    content: bytes
    compressible: bool

    @functools.cached_property
    def brotli(self) -> bytes | None:
        import brotli  # imported at the first request that accepts it, which browsers send over https only

        return self._if_smaller(brotli.compress(self.content)) if self.compressible else None

    @functools.cached_property
    def gzip(self) -> bytes | None:
        return self._if_smaller(gzip.compress(self.content, 9, mtime=0)) if self.compressible else None

    def _if_smaller(self, packed: bytes) -> bytes | None:
        return packed if len(packed) < len(self.content) else None


@dataclass(frozen=True, slots=True, eq=False)
class Assets:
    """All files by path below the static folder ("css/base.css"); ``build`` is the hash of all contents."""

    build: str
    files: dict[str, Asset]

    def url(self, path: str) -> str:
        """Return the URL path of a file.

        Raises:
            KeyError: there is no such file.
        """
        if path not in self.files:
            raise KeyError(f"static/{path} does not exist")
        return f"/static/{self.build}/{path}"

    def stylesheet_url(self, names: Iterable[str]) -> str:
        """Return the URL path of several stylesheets combined in this order.

        ``names`` are the names of files in css/ or css/components/, without ".css", or of folders in css/components/,
        of which all files belong together.

        Raises:
            KeyError: one of them does not exist.
        """
        path = f"{COMPONENT_FOLDER}{'+'.join(names)}.css"
        if self.find(path) is None:
            raise KeyError(f"static/{path}: one of these stylesheets does not exist")
        return f"/static/{self.build}/{path}"

    def find(self, path: str) -> Asset | None:
        """Return the file at ``path``, or the combined stylesheet that it names, or None."""
        asset = self.files.get(path)
        if asset is None and path.startswith(COMPONENT_FOLDER) and path.endswith(".css"):
            return _combined_stylesheet(self, tuple(path[len(COMPONENT_FOLDER) : -len(".css")].split("+")))
        return asset


# Bounded: a client may request any combination and order of names.
@functools.lru_cache(maxsize=100)
def _combined_stylesheet(assets: Assets, names: tuple[str, ...]) -> Asset | None:
    sheets = [_stylesheets_named(assets, name) for name in names]
    if len(set(names)) < len(names) or not all(sheets):
        return None
    content = b"".join(sheet.content for found in sheets for sheet in found)
    return Asset(MEDIA_TYPES[".css"], content, compressible=True)


def _stylesheets_named(assets: Assets, name: str) -> list[Asset]:
    """The file of this name, or the files of the folder of this name: first the one that is called as the folder is."""
    for path in (f"css/{name}.css", f"{COMPONENT_FOLDER}{name}.css"):
        if path in assets.files:
            return [assets.files[path]]
    folder = f"{COMPONENT_FOLDER}{name}/"
    main = f"{folder}{name}.css"
    paths = sorted((path for path in assets.files if path.startswith(folder)), key=lambda path: (path != main, path))
    return [assets.files[path] for path in paths]


@functools.cache
def load_assets() -> Assets:
    """Read the static folder once per process. Files of unknown type are left out."""
    digest = hashlib.sha256()
    files = {}
    for file in sorted(STATIC_DIR.rglob("*")):
        if file.suffix in MEDIA_TYPES and file.is_file():
            path = file.relative_to(STATIC_DIR).as_posix()
            content = file.read_bytes()
            if file.suffix in UNSENT and not path.startswith(VENDOR_FOLDER):
                content = UNSENT[file.suffix].sub(lambda unsent: b"\n" * unsent[0].count(b"\n"), content)
            digest.update(f"{path}\0{len(content)}\0".encode())
            digest.update(content)
            files[path] = Asset(MEDIA_TYPES[file.suffix], content, file.suffix in COMPRESSIBLE)
    return Assets(digest.hexdigest()[:12], files)
