"""A neighbourhood hall: a laptop and a phone in two network namespaces, joined by a cable, with nothing else around."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.served import served

LAPTOP_ADDRESS = "10.77.0.1"  # seen from these namespaces only
PHONE_ADDRESS = "10.77.0.2"
WHAT_IT_NEEDS = "a network namespace needs `ip` (Debian: apt-get install iproute2) and root, or sudo without a password"


@dataclass(frozen=True)
class Hall:
    """``url`` answers the phone only. ``laptop`` and ``phone`` stand before a command to run there; ``chromium`` is a
    program on the phone."""

    url: str
    laptop: tuple[str, ...]
    phone: tuple[str, ...]
    chromium: Path
    data_dir: Path


@contextmanager
def opened_hall(folder: Path) -> Iterator[Hall]:
    """Serve the real courses over plain http at an address that is not loopback, until the block ends.

    Raises:
        RuntimeError: the machine does not let us; the message says what is missing.
    """
    ip = _ip_command()
    # Not the process's number: a run that was killed leaves its hall behind, and another one gets the number again.
    own = secrets.token_hex(4)
    laptop, phone = f"lms-laptop-{own}", f"lms-phone-{own}"
    with ExitStack() as cleanup:
        for namespace in (laptop, phone):
            _run([*ip, "netns", "add", namespace])
            cleanup.callback(_run, [*ip, "netns", "delete", namespace])  # takes the cable with it
            _run([*ip, "-n", namespace, "link", "set", "lo", "up"])
        _run([*ip, "-n", laptop, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", phone])
        for namespace, address in ((laptop, LAPTOP_ADDRESS), (phone, PHONE_ADDRESS)):
            _run([*ip, "-n", namespace, "address", "add", f"{address}/24", "dev", "cable"])
            _run([*ip, "-n", namespace, "link", "set", "cable", "up"])
        inside = (*ip, "netns", "exec", laptop)
        site = cleanup.enter_context(served(folder, host=LAPTOP_ADDRESS, inside=inside))
        in_phone = (*ip, "netns", "exec", phone)
        yield Hall(site.url, inside, in_phone, _chromium_in(in_phone, folder), site.data_dir)


def _ip_command() -> tuple[str, ...]:
    ip = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if ip is None:
        raise RuntimeError(WHAT_IT_NEEDS)
    return (ip,) if os.geteuid() == 0 else ("sudo", "-n", ip)


def _chromium_in(phone: tuple[str, ...], folder: Path) -> Path:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise RuntimeError("Chromium is missing: apt-get install chromium")
    script = folder / "chromium-in-the-hall"
    script.write_text(f'#!/bin/sh\nexec {" ".join(phone)} {program} "$@"\n')
    script.chmod(0o755)
    return script


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()} ({WHAT_IT_NEEDS})")
