"""Print QR codes and sign-in slips to the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from lms.learning.accounts.sign_in_slips import Slip

LOOPBACK_PREFIXES = ("127.", "localhost", "[::1]")


def print_qr(url: str) -> None:
    """Print a QR code, or a sentence if the terminal's encoding lacks block characters."""
    import segno

    try:
        segno.make(url, error="m").terminal(compact=True)
    except (OSError, UnicodeError):
        click.echo("(Cửa sổ này không vẽ được mã QR.)")


def print_slip(slip: Slip, public_url: str, *, awaits_network: bool = False) -> None:
    """Print a slip: whose it is, its QR code, code and URL, with a warning if other machines cannot open the URL.

    ``awaits_network``: the site will say another URL once this machine is in a network.
    """
    url = f"{public_url}/vao/{slip.token}"
    click.echo(f"Phiếu vào của {slip.account.name} (một lần, trong 7 ngày)")
    click.echo("Mã QR dưới đây chỉ người ấy quét, rồi chạm Vào:")
    print_qr(url)
    click.echo(f"Hoặc mở {public_url}/vao rồi gõ mã: {slip.code}")
    click.echo(f"Hoặc mở {url}")
    if awaits_network:
        return
    if urlsplit(public_url).netloc.startswith(LOOPBACK_PREFIXES):
        click.echo(
            "Địa chỉ này chỉ mở được trên chính máy này. Cho máy khác: mở trang bằng lms serve --lan rồi in phiếu lúc\n"
            "trang đang mở (lms user slip TÊN), hoặc đặt LMS_PUBLIC_URL."
        )
