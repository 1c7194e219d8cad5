"""How far the site's address reaches, by the settings alone: phones in the room, and phones at home."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

Reach = Literal["machine", "network", "everywhere"]


def reach_of(public_url: str) -> Reach:
    """Who can open this address: only this machine, whoever is in the same network, or everybody."""
    host = (urlsplit(public_url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return "machine"
    try:
        address = ip_address(host)
    except ValueError:
        # A name without a dot, or of a network's own kind, is known in that network only.
        return "everywhere" if "." in host and not host.endswith((".local", ".lan", ".home.arpa")) else "network"
    if address.is_loopback or address.is_unspecified:
        return "machine"
    return "everywhere" if address.is_global else "network"
