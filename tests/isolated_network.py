"""A network without internet: two network namespaces, a laptop that serves the site and a phone, joined by a cable.

``laptop_and_phone`` also lets the laptop's address change.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.chromium import find_chromium
from tests.browser.site_process import serve_site

LAPTOP_ADDRESS = "10.77.0.1"  # these addresses exist in the two namespaces only
PHONE_ADDRESS = "10.77.0.2"
TIMEOUT_SECONDS = 60
REQUIREMENTS = "a network namespace needs `ip` (Debian: apt-get install iproute2) and root, or sudo without a password"


@dataclass(frozen=True)
class IsolatedNetwork:
    """``url`` can be reached from the phone only. ``on_laptop`` is the prefix of a command that runs there.
    ``chromium`` is an executable that starts Chromium on the phone."""

    url: str
    on_laptop: tuple[str, ...]
    chromium: Path
    data_dir: Path


@dataclass(frozen=True)
class LaptopAndPhone:
    """``on_laptop`` and ``on_phone`` are the prefixes of commands that run there."""

    ip: tuple[str, ...]
    laptop: str
    phone: str

    @property
    def on_laptop(self) -> tuple[str, ...]:
        return (*self.ip, "netns", "exec", self.laptop)

    @property
    def on_phone(self) -> tuple[str, ...]:
        return (*self.ip, "netns", "exec", self.phone)

    def move_laptop(self, before: str, after: str | None) -> None:
        """Take an address of the laptop away, and give it another, or none."""
        _run([*self.ip, "-n", self.laptop, "address", "delete", f"{before}/24", "dev", "cable"])
        if after is not None:
            _run([*self.ip, "-n", self.laptop, "address", "add", f"{after}/24", "dev", "cable"])


@contextmanager
def laptop_and_phone() -> Iterator[LaptopAndPhone]:
    """A laptop at LAPTOP_ADDRESS and a phone at PHONE_ADDRESS, until the block ends.

    Raises:
        RuntimeError: this machine cannot create network namespaces; the message names what is missing.
    """
    ip = _ip_command()
    # Random: a killed run leaves its namespaces behind, and a process id is used again.
    suffix = secrets.token_hex(4)
    laptop, phone = f"lms-laptop-{suffix}", f"lms-phone-{suffix}"
    with ExitStack() as cleanup:
        for namespace in (laptop, phone):
            _run([*ip, "netns", "add", namespace])
            cleanup.callback(_run, [*ip, "netns", "delete", namespace])  # deletes its end of the cable, too
            _run([*ip, "-n", namespace, "link", "set", "lo", "up"])
        _run([*ip, "-n", laptop, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", phone])
        for namespace, address in ((laptop, LAPTOP_ADDRESS), (phone, PHONE_ADDRESS)):
            _run([*ip, "-n", namespace, "address", "add", f"{address}/24", "dev", "cable"])
            _run([*ip, "-n", namespace, "link", "set", "cable", "up"])
        yield LaptopAndPhone(ip, laptop, phone)


@contextmanager
def serve_in_isolated_network(folder: Path) -> Iterator[IsolatedNetwork]:
    """Serve the real courses over plain http at an address that is not loopback, until the block ends.

    Raises:
        RuntimeError: this machine cannot create network namespaces; the message names what is missing.
    """
    with laptop_and_phone() as machines, serve_site(folder, host=LAPTOP_ADDRESS, inside=machines.on_laptop) as site:
        chromium = write_chromium_script(folder, inside=machines.on_phone)
        yield IsolatedNetwork(site.url, machines.on_laptop, chromium, site.data_dir)


def _ip_command() -> tuple[str, ...]:
    ip = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if ip is None:
        raise RuntimeError(REQUIREMENTS)
    return (ip,) if os.geteuid() == 0 else ("sudo", "-n", ip)


def write_chromium_script(folder: Path, inside: tuple[str, ...]) -> Path:
    """An executable that starts Chromium behind the command prefix ``inside``."""
    script = folder / "chromium-inside"
    script.write_text(f'#!/bin/sh\nexec {" ".join(inside)} {find_chromium()} "$@"\n')
    script.chmod(0o755)
    return script


def _run(command: list[str]) -> None:
    completed = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if completed.returncode:
        raise RuntimeError(f"{' '.join(command)}: {completed.stderr.strip()} ({REQUIREMENTS})")
