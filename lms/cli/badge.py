"""``lms badge``: taking back a badge that should not have been given."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from lms.cli.click_i18n import Group
from lms.cli.db_session import opened_store, refuse


@click.group(cls=Group)
def command() -> None:
    """Chăm sóc các huy hiệu đã trao."""


@command.command()
@click.argument("badge_id", metavar="MÃ")
def revoke(badge_id: str) -> None:
    """Thu lại một huy hiệu. MÃ là phần cuối của địa chỉ huy hiệu; trang của nó và /kiem-chung sẽ nói đã thu lại."""
    from lms.learning.badges.awarding import revoke_badge
    from lms.learning.errors import NotFound
    from lms.learning.store.database import writing

    with opened_store() as (engine, _settings):
        try:
            with writing(engine).begin() as session:
                revoke_badge(session, badge_id.rpartition("/")[2].lower(), now=datetime.now(UTC))
        except NotFound:
            refuse(f"Không có huy hiệu {badge_id} nào còn giá trị.")
    click.echo("Đã thu lại huy hiệu. Huy hiệu này không trao lại nữa.")
