"""Static files from memory, under ``/static/<build>/``."""

from __future__ import annotations

from lms.assets import Asset, Assets
from lms.live.responses import Headers, Receive, Scope, Send, header, send_body, send_refusal

PREFIX = "/static/"
_FOR_EVER = b"public, max-age=31536000, immutable"
# A page that was open when the server got new files still asks with the old build: it gets what there is now.
_BRIEFLY = b"public, max-age=60"


class StaticFiles:
    """ASGI application for everything under PREFIX."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        build, _, path = scope["path"].removeprefix(PREFIX).partition("/")
        asset = self.assets.find(path)
        if scope["method"] not in ("GET", "HEAD"):
            await send_refusal(scope, send, 405, "Không làm được", "Địa chỉ này chỉ để xem.")
        elif asset is None:
            await send_refusal(scope, send, 404, "Không thấy trang", "Không có tệp nào ở địa chỉ này.")
        else:
            encoding, body = _best_form(asset, header(scope, b"accept-encoding") or "")
            headers: Headers = [(b"cache-control", _FOR_EVER if build == self.assets.build else _BRIEFLY)]
            if asset.compressible:
                headers.append((b"vary", b"accept-encoding"))
            if encoding:
                headers.append((b"content-encoding", encoding))
            await send_body(send, 200, asset.media_type, body, headers)


def _best_form(asset: Asset, accepted: str) -> tuple[bytes, bytes]:
    """The smallest form that the client reads, as (content-encoding or b"", bytes).

    Packing a file happens once, in some milliseconds: less than a thread would cost for every request.
    """
    readable = {part.strip().lower() for part in accepted.split(",") if not part.replace(" ", "").endswith(";q=0")}
    if "br" in readable and asset.brotli is not None:
        return b"br", asset.brotli
    if "gzip" in readable and asset.gzip is not None:
        return b"gzip", asset.gzip
    return b"", asset.plain
