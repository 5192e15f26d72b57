"""``traceledger role``: who holds which right of the consortium."""

from __future__ import annotations

import click

from traceledger.cli.commands import Group, recording
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import table


@click.group(cls=Group, more=recording("role"))
def role() -> None:
    """Rights of the consortium: which accounts hold them, and whether they are as deployed."""


@role.command("list")
@with_session
def list_(session: Session) -> None:
    """List who holds which right, replayed from the chain, and what is not as contract deploy sets it."""
    from traceledger.cli.figures import duration
    from traceledger.model.units import format_time

    session.synced()
    document = session.client.rights()
    columns = ("right", "account", "delay")
    session.output.result(
        document,
        lambda: table(
            columns,
            ((item["right"], item["account"], duration(item["delay_s"])) for item in document["members"]),
        ),
    )
    for item in document["announced"]:
        session.output.say(
            f"announced by {item['account']}, from {format_time(item['ready'])} on: {item['function']}"
            f" (target {item['target']}, data {item['data']})"
        )
    for item in document["requested"]:
        what = f"that {item['account']} lose all rights" if item["account"] else "that the pause end"
        until = format_time(item["until"])
        session.output.say(f"{item['requested_by']} asks {what}; another may agree until {until}")
    for difference in document["differences"]:
        session.output.say(f"not as deployed: {difference}")
