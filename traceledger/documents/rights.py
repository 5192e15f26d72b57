"""The JSON of the consortium's rights: who holds which, and what is not as deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.config.networks import Contracts
    from traceledger.sending.role_events import Rights


def rights(found: Rights, contracts: Contracts) -> dict[str, Any]:
    """Members by right, with the delay of what they do by it, and differences from a deployment."""
    from traceledger.sending.role_events import NAMES

    members = [
        {"right": NAMES.get(role, str(role)), "account": hexed(account), "delay_s": delay}
        for role, accounts in sorted(found.members.items())
        for account, delay in sorted(accounts.items())
    ]
    return {"members": members, "differences": found.differences(contracts)}
