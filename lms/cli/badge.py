"""``lms badge``: revoke a badge."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from lms.cli.click_i18n import Group
from lms.cli.open_database import exit_with_error, open_database


@click.group(cls=Group)
def command() -> None:
    """Chăm sóc các huy hiệu đã trao."""


@command.command()
@click.argument("badge_id", metavar="MÃ")
def revoke(badge_id: str) -> None:
    """Thu lại một huy hiệu. MÃ là phần cuối của địa chỉ huy hiệu; trang của nó và /kiem-chung sẽ nói đã thu lại."""
    from lms.learning.badges.awarding import revoke_badge
    from lms.learning.errors import NotFound
    from lms.learning.store.database import write_sessions

    with open_database() as (engine, _settings):
        try:
            with write_sessions(engine).begin() as session:
                revoke_badge(session, badge_id.rpartition("/")[2].lower(), now=datetime.now(UTC))
        except NotFound:
            exit_with_error(f"Không có huy hiệu {badge_id} nào còn giá trị.")
    click.echo("Đã thu lại huy hiệu. Huy hiệu này không trao lại nữa.")
