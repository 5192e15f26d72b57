"""The JSON of the consortium's rights: who holds which, and what is not as deployed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.config.networks import Contracts
    from traceledger.sending.role_events import Requested, Rights


def members(found: Rights) -> list[dict[str, Any]]:
    """Who holds which right, with the delay in seconds of what it does by it."""
    from traceledger.sending.role_events import NAMES

    return [
        {"right": NAMES.get(role, str(role)), "account": hexed(account), "delay_s": delay}
        for role, accounts in sorted(found.members.items())
        for account, delay in sorted(accounts.items())
    ]


def rights(found: Rights, contracts: Contracts, requested: Iterable[Requested] = ()) -> dict[str, Any]:
    """Members by right, with the delay of what they do by it; what is announced and asked; what differs."""
    from traceledger.artifacts.calls import shown_function

    announced = [
        {
            "account": hexed(each.account),
            "function": shown_function(each.data),
            "target": hexed(each.target),
            "data": hexed(each.data),
            "ready": each.ready,
        }
        for each in sorted(found.announced.values(), key=lambda each: each.ready)
    ]
    asked = [
        {
            "request": "resume" if each.account is None else "remove_account",
            "account": None if each.account is None else hexed(each.account),
            "requested_by": hexed(each.requested_by),
            "until": each.until,
        }
        for each in requested
    ]
    differences = found.differences(contracts)
    return {
        "members": members(found),
        "announced": announced,
        "requested": asked,
        "differences": differences,
    }
