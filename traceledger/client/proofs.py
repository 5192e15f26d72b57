"""The part of a client that proves to others what its network's chain holds."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from traceledger.client.connection import Connection
from traceledger.client.reading import Reading
from traceledger.errors import InputError
from traceledger.languages.phrases import phrase
from traceledger.model.frozen import frozen
from traceledger.model.units import format_time
from traceledger.names import full_name

if TYPE_CHECKING:
    from traceledger.proofs.build.builder import Exported, ProvableChain
    from traceledger.proofs.records import Checkpoint
    from traceledger.proofs.succession import Succession
    from traceledger.proofs.trust import Keepers, TrustRoot
    from traceledger.proofs.verify.directory import DirectoryFile


@frozen
class Proofs:
    """Proves what a connection reads. ``Client`` says what each method does."""

    connection: Connection

    def export(
        self,
        batch: str,
        path: Path,
        *,
        block: int | None,
        checkpoints: Sequence[Checkpoint],
        linked: bool | None,
        disclose: Collection[str],
    ) -> Exported:
        """Write a proof file."""
        from traceledger.proofs.build.export import export_file
        from traceledger.proofs.build.redaction import Disclosing, kinds_of

        held = self.connection
        held.check()
        held.sync()
        known = Disclosing(held.disclosures, kinds_of(disclose)) if disclose else None
        return export_file(
            path,
            Reading(held).batch_id(batch),
            (held.network, held.chain, held.index, known),
            block=block,
            checkpoints=tuple(checkpoints),
            linked=linked,
        )

    def directory(self, path: Path, participants: Sequence[str], batches: Sequence[str]) -> DirectoryFile:
        """Write a directory file: short names, and lots, proved at the newest final block."""
        from traceledger.proofs.build.directory import directory, write

        held = self.connection
        held.check()
        held.sync()
        index = held.index
        slugs = list(participants) or [each.slug for each in index.participants()]
        lots = [index.batch(Reading(held).batch_id(name)) for name in batches]
        named = [
            full_name(found.slug, lot.identifier)
            for lot in lots
            if lot is not None and (found := index.participant_at(lot.creator)) is not None
        ]
        file = directory(held.network, cast("ProvableChain", held.chain), slugs, named)
        write(path, file)
        return file

    def trust_root(
        self,
        *,
        witnesses: Sequence[bytes],
        threshold: int | None,
        pinned: Sequence[int],
        from_block: int,
        expires: int | None,
        keepers: Keepers | None,
    ) -> TrustRoot:
        """What a verifier of proof files is to believe, as the network stands now."""
        from traceledger.proofs.build.trust_roots import trust_root

        if expires is not None and expires <= time.time():
            raise InputError(
                phrase("{time} is over: nobody would believe it", time=format_time(expires)),
                where="expires",
                hint=phrase("give a time to come"),
            )
        held = self.connection
        held.check()
        _require_rights_as_deployed(held)
        made = trust_root(
            held.network,
            held.chain,
            witnesses=witnesses,
            threshold=threshold,
            pinned=tuple(pinned),
            from_block=from_block,
        )
        return replace(made, expires=expires, keepers=keepers)

    def succeed(self, old: TrustRoot, new: TrustRoot, keys: Sequence[str]) -> Succession:
        """Sign, with stored keys, that a trust root takes the place of another one."""
        from traceledger.proofs.succession import Succession, identity, to_sign

        signers, signed = self.connection.signers, to_sign(old, new)
        addresses = {key: signers.address_of(key) for key in keys}
        strangers = [
            key for key, at in addresses.items() if old.keepers is None or at not in old.keepers.addresses
        ]
        if strangers:
            raise InputError(
                f"{strangers[0]} is no keeper of the trust root",
                hint="traceledger trust-root show names them",
            )
        signatures = [signers.unlock(at).sign_hash(signed) for at in addresses.values()]
        return Succession(identity(old), new, tuple(signatures))

    def witness(self, key: str, block: int | None) -> Checkpoint:
        """Sign that a block is final, as the network's node has it."""
        from traceledger.proofs.build.export import final_block, sign_checkpoint

        held = self.connection
        held.check()
        signer = held.signers.unlock(held.signers.address_of(key))
        chain = held.chain
        return sign_checkpoint(signer, chain.chain_id, chain.genesis_hash(), final_block(chain, block))


def _require_rights_as_deployed(held: Connection) -> None:
    """Nobody believes contracts whose rights somebody changed (Rule 12).

    Raises:
        NetworkError: rights are not as ``contract deploy`` sets them.
    """
    from traceledger.errors import NetworkError

    held.sync()
    found = held.rights().differences(held.network.deployed())
    if found:
        raise NetworkError(
            f"the rights of the consortium are not as deployed: {found[0]}",
            hint="look at all of them with: traceledger role list",
        )
