"""The addresses of this machine in its networks, and a thread that reports when they change."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0  # between two reads of the addresses; each is a dozen system calls
LOOPBACK = "127.0.0.1"
SIOCGIFADDR = 0xC0206921 if sys.platform == "darwin" else 0x8915  # ioctl: get the address of an interface
# Networks inside this machine, for containers and virtual machines: no phone is in them.
_INNER_INTERFACES = ("docker", "br-", "virbr", "veth", "vmnet", "vboxnet", "utun", "tun", "tap")


@dataclass(frozen=True, slots=True)
class Networks:
    """Where phones find this machine.

    ``address`` is 127.0.0.1 before it was in a network. ``others`` are those that it got beside it since the start.
    """

    address: str
    is_connected: bool = True
    others: tuple[str, ...] = ()

    def after(self, present: Sequence[str], at_start: Sequence[str]) -> Networks:
        """The networks with the ``present`` addresses. ``address`` stays while it is among them: it is on paper."""
        if not present:
            return Networks(self.address, is_connected=False)
        address = self.address if self.address in present else present[0]
        return Networks(address, others=tuple(a for a in present if a != address and a not in at_start))


def find_networks() -> Networks:
    present = lan_addresses()
    return Networks(present[0]) if present else Networks(LOOPBACK, is_connected=False)


def watch_networks(networks: Networks, on_change: Callable[[Networks], None], *, pause: float) -> None:
    """Read the addresses every ``pause`` seconds, in a thread until the process ends, and report each change."""
    threading.Thread(target=_watch, args=(networks, on_change, pause), name="networks", daemon=True).start()


def _watch(networks: Networks, on_change: Callable[[Networks], None], pause: float) -> None:
    at_start = lan_addresses()
    while True:
        time.sleep(pause)
        try:
            present = lan_addresses()
            if networks.address not in present and _is_own(networks.address):  # a second one of its interface
                present = [networks.address, *present]
            now = networks.after(present, at_start)
            if now != networks:
                networks = now
                on_change(networks)
        except Exception:  # the class goes on without it
            log.warning("cannot read the addresses of the networks", exc_info=True)


def lan_addresses() -> list[str]:
    """The addresses that phones may find this machine at, the likeliest first: that of the way to the internet."""
    found = [*_address_of_route(), *_addresses_of_interfaces()]
    if not found or os.name == "nt":
        found += _addresses_of_hostname()
    return [address for address in dict.fromkeys(found) if not address.startswith(("127.", "0.")) and _is_own(address)]


def _is_own(address: str) -> bool:
    """Whether this machine has the address: only then can a socket be bound to it."""
    if address == LOOPBACK:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _address_of_route() -> list[str]:
    """The address on the way to the internet. Nothing is sent: connecting a UDP socket only looks up the route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return [probe.getsockname()[0]]
    return []  # no default route: the router has no internet connection


def _addresses_of_interfaces() -> list[str]:
    """One address of each interface; on Windows, which knows them by its own name, none."""
    found: list[str] = []
    with suppress(ImportError, OSError):
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            for _, name in socket.if_nameindex():
                if name.startswith(_INNER_INTERFACES):
                    continue
                with suppress(OSError):  # the interface has no address
                    answer = fcntl.ioctl(probe, SIOCGIFADDR, name.encode().ljust(256, b"\0"))
                    found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _addresses_of_hostname() -> list[str]:
    """The addresses that the host name resolves to; on Windows these are all.

    Elsewhere they are what the hosts file says, which may be out of date, or else what the network's name server says,
    which in a hall without internet keeps one waiting for many seconds.
    """
    try:
        return socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []
