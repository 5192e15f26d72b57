"""Whom short names mean, and what lots weigh, by the proved state of a final block: never by the index.

The index is a local file, and what moves custody or rights must not go where a changed row says. So the
registry's storage is asked, through a proof that leads from the block's header down to the slot::

    header of the final block --- by the trust root of networks.toml, if it names one; the embedded
        |                         chain's by its authority's seal; else as the node has it
        v  state root
    the registry's account, whose code is the one that was looked at
        |  storage root
        v
    the slot of the short name: an address, for ever

A node that does not offer ``eth_getProof`` answers with receipts instead: the registration's event stands in
a receipt that the header of its block vouches for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from traceledger.chain.rpc.transport import RpcError
from traceledger.errors import NetworkError, VerificationError
from traceledger.model.keccak import keccak
from traceledger.proofs import layout
from traceledger.proofs.proved_headers import BlockHeader, read_header
from traceledger.proofs.receipts import logs_of
from traceledger.proofs.seals import AuthoritySealing, sealing_of
from traceledger.proofs.tries import Nodes, nodes_of
from traceledger.proofs.trust import TrustedContract, TrustRoot, ValidatorRange, Validators
from traceledger.proofs.verify.directory import address_of, final_header
from traceledger.proofs.verify.state import ProvedState

if TYPE_CHECKING:
    from traceledger.chain.base import Chain
    from traceledger.config.networks import Network
    from traceledger.proofs.build.builder import ProvableChain

Registered = Callable[[str], int | None]
"""In which block a company of that short name was registered, as far as somebody knows who may be wrong."""

_AT_ONCE = 200
"""Batches in one proof: more make an answer too large for some nodes."""


class ProvedNames:
    """Asks a chain for proofs; what is proved once is kept, as a short name is one company's for ever.

    Args:
        network: of networks.toml, with contracts whose code was looked at.
        chain: its chain.
        trusted: what is believed of who makes a block final, where networks.toml names a trust root.
        registered: where to look for a registration, where the node offers no state proofs.
    """

    def __init__(
        self,
        network: Network,
        chain: Chain,
        trusted: TrustRoot | None = None,
        registered: Registered = lambda _slug: None,
    ) -> None:
        self._network = network
        self._chain = cast("ProvableChain", chain)
        self._trusted = trusted
        self._registered = registered
        self._found: dict[str, bytes] = {}
        self._codes: dict[bytes, bytes] = {}
        self._header: BlockHeader | None = None
        self._without_proofs = False

    def participant(self, slug: str) -> bytes | None:
        """Address of the company of that short name; ``None``: there is none at the newest final block.

        Raises:
            VerificationError: what the chain answers does not prove it.
            NetworkError: the network cannot be reached.
        """
        if slug not in self._found:
            found = self._look_up(slug)
            if found is None:
                return None
            self._found[slug] = found
        return self._found[slug]

    def masses(self, batches: Sequence[int]) -> dict[int, int]:
        """What is left of some batches at the newest final block, mg; those not there are left out.

        Where the node offers no state proofs, that is none.

        Raises:
            VerificationError: what the chain answers does not prove it.
        """
        found: dict[int, int] = {}
        ledger = self._network.deployed().ledger
        for start in range(0, len(batches), _AT_ONCE):
            some = batches[start : start + _AT_ONCE]
            slots = {each: layout.state_slot(each) for each in some}
            proved = self._prove(ledger, [*slots.values()], "ledger")
            if proved is None:
                return {}
            state, root = proved
            words = {each: state.word(root, slot) for each, slot in slots.items()}
            found |= {each: layout.mass_in(word) for each, word in words.items() if word}
        return found

    def _look_up(self, slug: str) -> bytes | None:
        registry = self._network.deployed().registry
        proved = self._prove(registry, [layout.slug_slot(slug)], "registry")
        return self._by_receipt(slug) if proved is None else address_of(*proved, slug)

    def _prove(self, address: bytes, keys: Sequence[int], name: str) -> tuple[ProvedState, bytes] | None:
        """The state with these keys, and the contract's storage root; ``None``: no state proofs there."""
        if self._without_proofs:
            return None
        # The newest one each time: nodes keep the state of a few blocks only.
        number, header = self._newest(), self._header
        if header is None or header.number != number:
            header = self._header = self._final(number)
        try:
            proof = self._chain.prove(address, keys, header.number)
        except RpcError as error:
            if not error.unsupported:
                raise
            self._without_proofs = True
            return None
        state = ProvedState(Nodes(nodes_of([proof])), header.state_root)
        return state, state.storage_root(self._contract(address, name), name)

    def _newest(self) -> int:
        """The newest block that is final: where nobody's seal counts, the newest that the trust root pins."""
        if self._trusted is not None and self._trusted.sealing == "none" and self._trusted.pinned:
            return max(each.number for each in self._trusted.pinned)
        return self._chain.final().number

    def _contract(self, address: bytes, name: str) -> TrustedContract:
        if self._trusted is not None:
            return self._trusted.contracts[name]
        # Its code was compared with that of this release when the network was opened.
        if address not in self._codes:
            self._codes[address] = keccak(self._chain.code(address))
        return TrustedContract(address, self._codes[address])

    def _final(self, number: int) -> BlockHeader:
        """The header of a block that is final, as far as can be told here."""
        if self._trusted is not None:
            last = min(number + sealing_of(self._trusted).followers, self._chain.head().number)
            found = [self._chain.header_rlp(each) for each in range(number, last + 1)]
            return final_header(found, self._trusted)
        embedded = self._network.kind == "embedded"
        qbft = not embedded and self._network.consensus == "qbft"
        header = read_header(self._chain.header_rlp(number), "qbft" if qbft else "plain")
        ref = self._chain.block_ref(number)
        if header.number != number or ref is None or ref.hash != header.hash:
            raise NetworkError(f"block {number} changed while it was read", hint="try again")
        if embedded and (why := self._unsealed(header)):
            raise VerificationError(
                f"block {number}: {why}",
                where=str(self._network.chain_file),
                hint="the file was changed: restore it from a backup",
            )
        return header

    def _unsealed(self, header: BlockHeader) -> str:
        """Why a header of the embedded chain is not its authority's; empty if it is, and for block 0."""
        authority = cast("_Embedded", self._chain).authority
        everybody = Validators((ValidatorRange(0, None, frozenset({authority})),))
        return AuthoritySealing(everybody).shortfall(header, ()) if header.number else ""

    def _by_receipt(self, slug: str) -> bytes | None:
        """Address of a company by the event of its registration, whose receipt a header vouches for."""
        from traceledger.events import ParticipantRegistered, decode

        number, registry = self._registered(slug), self._network.deployed().registry
        if number is None or number > self._chain.final().number:
            return None
        self._final(number)
        for index, receipt in enumerate(self._chain.receipt_rlps(number)):
            for log in logs_of(receipt, index):
                event = decode(log) if log.address == registry else None
                if isinstance(event, ParticipantRegistered) and event.slug == slug:
                    return event.participant
        return None


class _Embedded:
    """What is asked of an embedded chain beside what every chain has."""

    authority: bytes


def trust_root_of(network: Network) -> TrustRoot | None:
    """The trust root that networks.toml names, if it names one.

    Raises:
        InputError: it cannot be read, or is none.
        VerificationError: it is another network's.
    """
    from traceledger.proofs import trust

    if network.trust_root is None:
        return None
    found, ours = trust.load(network.trust_root), network.deployed()
    if found.chain_id != network.chain_id:
        raise VerificationError("it is about another chain", where=str(network.trust_root))
    if (found.registry.address, found.ledger.address) != (ours.registry, ours.ledger):
        raise VerificationError(
            "its contracts are not those of networks.toml",
            where=str(network.trust_root),
            hint="get the trust root of this network, or mend networks.toml",
        )
    return found
