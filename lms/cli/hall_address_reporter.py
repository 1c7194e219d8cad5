"""Show in the terminal, on the site and on paper where the phones find this laptop, also after a change."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from lms.cli.lan_address import Networks
from lms.cli.slips import print_qr
from lms.hall_address import load_hall_address, save_hall_address

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.server import AsgiApp

JOIN_A_NETWORK = "Nối Wi-Fi của phòng hay bật điểm phát sóng: địa chỉ và mã QR tự hiện ở đây."


class HallAddressReporter:
    """Reports changes of a laptop's address in the hall's network to the terminal and the site."""

    def __init__(self, site: AsgiApp, settings: Settings, networks: Networks) -> None:
        self._site = site
        self._settings = settings
        self._has_own_url = bool(os.environ.get("LMS_PUBLIC_URL"))  # given by the operator, whatever the network is
        self.networks = networks
        self._address = load_hall_address(settings.data_dir, settings.public_url, _now())
        self._publish()

    @property
    def url(self) -> str:
        """Where the phones find the site, whatever its public URL is."""
        return self._url_of(self.networks.address)

    @property
    def printed_before(self) -> str:
        """The host that is on paper and old now; "" if there is none, or none that this start knows of."""
        return "" if self._has_own_url else self._address.old_paper(_now())

    def report_change(self, networks: Networks) -> Settings:
        """Print and publish what has changed in the networks; returns the settings with the address as it is now."""
        before, self.networks = self.networks, networks
        new_url = self._settings.public_url if self._has_own_url else self._url_of(networks.address)
        self._address = replace(
            self._address.moved_to(new_url, _now()),
            is_connected=networks.is_connected,
            others=tuple(map(self._url_of, networks.others)),
        )
        self._settings = replace(self._settings, public_url=new_url)
        self._publish()
        self._print(before)
        return self._settings

    def _url_of(self, address: str) -> str:
        if urlsplit(self._settings.public_url).port is None and not self._has_own_url:  # see try_bind_http_port
            return f"http://{address}"
        return f"http://{address}:{self._settings.port}"

    def _publish(self) -> None:
        if not self._has_own_url:
            self._site.set_hall_address(self._address)
            save_hall_address(self._settings.data_dir, self._address)

    def _print(self, before: Networks) -> None:
        click.echo("")
        if not self.networks.is_connected:
            click.echo(f"Máy này không còn nối mạng nào, máy của bà con không vào được. {JOIN_A_NETWORK}")
        elif self.networks.address != before.address:
            click.echo(f"Địa chỉ trong mạng nay là: {self.url}")
            if self.printed_before:
                click.echo(f"Tờ giấy ghi {self.printed_before} thì in lại.")
            print_lan_qr(self.url)
            click.echo("Phiếu vào ở trên vẫn dùng được: mở địa chỉ này, thêm /vao, rồi gõ mã của phiếu.")
        elif not before.is_connected:
            click.echo(f"Đã nối lại mạng, địa chỉ vẫn là: {self.url}")
        for address in self.networks.others:
            if address not in before.others and address != before.address:
                click.echo(f"Máy này có thêm một mạng, địa chỉ ở đó: {self._url_of(address)}")
                print_lan_qr(self._url_of(address))
        sys.stdout.flush()


def _now() -> datetime:
    return datetime.now(UTC)


def print_lan_qr(url: str) -> None:
    click.echo("Mã QR dưới đây là địa chỉ ấy: máy của bà con quét để mở trang học.")
    print_qr(url)
