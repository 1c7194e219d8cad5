"""Where the phones of a hall find this laptop: its address in the network, and those that it had before.

A laptop's address changes: it is started before the Wi-Fi is joined, or the router gives it another one. The former
addresses are kept in the data folder, since they are on paper that was printed before a restart.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

FILE_NAME = "hall-address.json"
NEWS_TIME = timedelta(minutes=15)  # for which a change is news at every step of a class
PAPER_TIME = timedelta(days=1)  # for which a start names the address on older paper
_MAX_FORMER = 20


@dataclass(frozen=True, slots=True)
class FormerUrl:
    """A URL that this site had until then."""

    url: str
    until: datetime


@dataclass(frozen=True, slots=True)
class HallAddress:
    """``url``: the public URL, ``since`` a change while people may have known another one.

    ``is_connected``: whether this machine is in any network now. ``others``: its URLs in networks that it has joined
    since the start, beside that of ``url``.
    """

    url: str
    since: datetime | None = None
    former: tuple[FormerUrl, ...] = ()
    is_connected: bool = True
    others: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Changes when a screen that shows the address must be rendered again."""
        return " ".join((self.url, "" if self.is_connected else "-", *self.others))

    def moved_to(self, url: str, now: datetime) -> HallAddress:
        """The address after the laptop moved to ``url``. A loopback URL becomes no former one: it is on no paper."""
        if url == self.url:
            return self
        left = () if is_loopback(self.url) else (FormerUrl(self.url, now),)
        return replace(self, url=url, since=now, former=(*self.former, *left)[-_MAX_FORMER:])

    def printed_since(self, moment: datetime) -> tuple[str, ...]:
        """The hosts that may be on paper which was printed at this moment or later, the latest first."""
        urls = (former.url for former in reversed(self.former) if former.until >= moment and former.url != self.url)
        return tuple(dict.fromkeys(host_and_port(url) for url in urls))

    def old_paper(self, now: datetime) -> str:
        """The host that a start or a change names as old; "" if there is none, or if it has been so for long."""
        if self.since is None or now - self.since > PAPER_TIME or not self.former or self.former[-1].url == self.url:
            return ""
        return host_and_port(self.former[-1].url)

    def is_news(self, now: datetime) -> bool:
        return self.since is not None and now - self.since < NEWS_TIME


def host_and_port(url: str) -> str:
    """The host and port of a URL, as people type them into a phone."""
    return url.partition("://")[2]


def is_loopback(url: str) -> bool:
    return (urlsplit(url).hostname or "").startswith(("127.", "localhost", "0."))


def load_hall_address(data_dir: Path, url: str, now: datetime) -> HallAddress:
    """The address at this start, with what an earlier one left; a damaged file counts for nothing."""
    try:
        stored = json.loads((data_dir / FILE_NAME).read_text("utf-8"))
        former = tuple(FormerUrl(str(entry["url"]), _moment(entry["until"])) for entry in stored["former"])
        last = HallAddress(str(stored["url"]), former[-1].until if former else None, former)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return HallAddress(url)
    return last.moved_to(url, now)


def save_hall_address(data_dir: Path, address: HallAddress) -> None:
    """Keep it for the next start; without, only that start does not know the address on older paper."""
    former = [{"url": former.url, "until": former.until.isoformat()} for former in address.former]
    try:
        (data_dir / FILE_NAME).write_text(json.dumps({"url": address.url, "former": former}), "utf-8")
    except OSError:
        log.debug("the address is not kept", exc_info=True)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
