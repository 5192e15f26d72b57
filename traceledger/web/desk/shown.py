"""What a clerk is shown before signing, and how it is known again: nothing else is signed.

A draft is looked at by the key that would sign it. What was shown goes through the form as a digest of the
file and of the proposal (``sending/proposal.py``); when it is signed, the proposal is made anew, and if its
digest differs, nothing is signed and the clerk is shown how things stand now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.languages.phrases import phrase

if TYPE_CHECKING:
    from traceledger.sending.proposal import Proposal, Proposed
    from traceledger.sending.rehearsal import Plan
    from traceledger.web.desk.drafts import Trouble


class ChangedError(InputError):
    """What would be signed is not what was shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft as a clerk is shown it.

    Attributes:
        plan: what each line would do, and what the contracts would say; ``None``: it has faults.
        troubles: its faults, or why it could not be looked at.
        digest: of what would be signed; empty: nothing can be.
        key: name of the key that would sign; empty: none is here.
        address: its address, 0x text.
    """

    plan: Plan | None
    troubles: tuple[Trouble, ...] = ()
    digest: str = ""
    key: str = ""
    address: str = ""

    @property
    def signable(self) -> bool:
        """Whether it can be signed: some of it is not recorded, and the contracts refuse nothing."""
        if self.plan is None or self.plan.refused:
            return False
        return self.plan.count("recorded") < len(self.plan.operations)


def digest_of(content: bytes, proposal: Proposal) -> str:
    """The digest of what would be signed.

    Args:
        content: of the operations file.
        proposal: what would be signed of it.
    """
    document = {
        "counts": dict(sorted(proposal.counts.items())),
        "items": [_item(each) for each in proposal.items],
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(hashlib.sha256(content).digest() + text.encode()).hexdigest()


def changed() -> ChangedError:
    """What is said where something else would be signed than was shown."""
    return ChangedError(
        phrase("things changed since this was shown, and nothing was signed"),
        hint=phrase("look at it again, and sign it as it is now"),
    )


def _item(item: Proposed) -> Mapping[str, Any]:
    return {
        "operation": item.operation,
        "summary": item.summary,
        "signer": item.signer,
        "parties": [(each.word, each.name, each.address) for each in item.parties],
        # By their names: the id of a new lot whose name is private follows from a salt that is drawn anew.
        "lots": [(each.name, str(each.mass_mg)) for each in item.lots],
    }


def _plain(value: bytes) -> str:
    return value.hex()
