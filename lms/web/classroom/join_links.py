"""QR codes and addresses that lead a phone to a class and into the room's Wi-Fi."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.state import Wifi
from lms.web.request_context import settings
from lms.web.urls import qr_svg, site_host


def class_qr(code: str) -> Markup:
    """The QR code of a class. A URL in capitals needs fewer modules, so it can be scanned from farther away."""
    return qr_svg(f"{settings().public_url}/LOP/{code}".upper())


def join_address() -> Markup:
    """The address to type, which may wrap after a dot or a slash but not inside a word."""
    return Markup(re.sub(r"[./]", r"\g<0><wbr>", f"{escape(site_host())}/lop"))  # noqa: S704  (escaped)


def wifi_qr(wifi: Wifi) -> Markup:
    """The QR code that connects a phone to the network. Name and password may contain any character."""
    if not wifi.password:
        return qr_svg(f"WIFI:T:nopass;S:{_escape_wifi(wifi.name)};;")
    return qr_svg(f"WIFI:T:WPA;S:{_escape_wifi(wifi.name)};P:{_escape_wifi(wifi.password)};;")


def wifi_with_qr(class_session: ClassSession) -> tuple[Wifi, Markup] | None:
    """The class's network and its QR code; None without one, and after the class has closed."""
    wifi = class_session.state.wifi
    return (wifi, wifi_qr(wifi)) if wifi and not class_session.is_closed else None


def _escape_wifi(text: str) -> str:
    """Escape a value of the ``WIFI:`` format; unlike segno, also commas, which end a value on some phones."""
    return re.sub(r'([\\;,:"])', r"\\\1", text)
