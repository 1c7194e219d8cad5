"""Static files from memory, under ``/static/<build>/``."""

from __future__ import annotations

from lms.assets import Asset, Assets
from lms.http.content_coding import accepted_codings
from lms.http.errors import ReadOnlyUrl, UnknownStaticFile
from lms.live.responses import Headers, Receive, Scope, Send, find_header, send_body, send_error

PREFIX = "/static/"
_IMMUTABLE = b"public, max-age=31536000, immutable"
# A page that was open when the server got new files still requests the old build, and gets the current file.
_SHORT = b"public, max-age=60"


class StaticFiles:
    """ASGI application for everything under PREFIX."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        build, _, path = scope["path"].removeprefix(PREFIX).partition("/")
        asset = self.assets.find(path)
        if scope["method"] not in ("GET", "HEAD"):
            await send_error(scope, send, ReadOnlyUrl())
        elif asset is None:
            await send_error(scope, send, UnknownStaticFile())
        else:
            encoding, body = _smallest_encoding(asset, find_header(scope, b"accept-encoding") or "")
            headers: Headers = [(b"cache-control", _IMMUTABLE if build == self.assets.build else _SHORT)]
            if asset.compressible:
                headers.append((b"vary", b"accept-encoding"))
            if encoding:
                headers.append((b"content-encoding", encoding))
            await send_body(send, 200, asset.media_type, body, headers)


def _smallest_encoding(asset: Asset, accepted: str) -> tuple[bytes, bytes]:
    """The smallest encoding that the client accepts, as (content-encoding or b"", body).

    A file is compressed once, in some milliseconds: less than a thread would cost for every request.
    """
    for coding in accepted_codings(accepted):
        body = asset.brotli if coding == "br" else asset.gzip
        if body is not None:
            return coding.encode(), body
    return b"", asset.content
