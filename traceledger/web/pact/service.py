"""What a server has one of for the PACT API: access tokens, partners, and what delivers answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.interop.pact.memory import Memory
from traceledger.web.pact.journal import Journal
from traceledger.web.pact.messenger import Messenger
from traceledger.web.pact.outbox import Outbox
from traceledger.web.pact.register import Register

if TYPE_CHECKING:
    from traceledger.config.networks import Network
    from traceledger.web.access_tokens import AccessTokens
    from traceledger.web.pact.partners import Partner
    from traceledger.web.settings import Settings


class PactService:
    """The parts that outlive a request.

    Args:
        network: in whose folder everything lies.
        settings: how the server is run.
        access: gives access tokens.
    """

    def __init__(self, network: Network, settings: Settings, access: AccessTokens) -> None:
        self.access = access
        self.journal = Journal(network.pact_folder / "events.jsonl")
        self.outbox = Outbox(network.pact_folder / "out")
        self.memory = Memory()
        self.register = Register(network.pact_folder / "footprints.sqlite")
        self.messenger = Messenger(settings.pact.partners, self.outbox, self.journal)
        self._partners = {each.token: each for each in settings.pact.partners}
        # Secrets in the clear do not leave this machine.
        self.plain_is_safe = settings.stays_here

    def partner(self, token: str) -> Partner | None:
        """Whose system asks by a token of that name; ``None``: nobody's that is known."""
        return self._partners.get(token)
