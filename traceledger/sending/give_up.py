"""Giving up transactions that the nodes refuse for good, so that others can be sent again.

It takes a proof that no node has them (:func:`_unknown_to_all`). Somebody else may still hold the signed
bytes, so each nonce is then used by an empty transaction::

      unfinished --no node has it--> dead (loose: taken_by unknown), and in its place:
                                       |
             empty transaction signed (_empty), sent as any other
                |                      |                       |
                | it is final          | the old one is mined  | nodes refuse the empty one as well
                v                      v                       v
      the old one is void:    the old one is final or     discard that one in turn: nothing is sent in
      dead, taken_by it       failed, the empty one dead  its place (_WITH_NOTHING_IN_ITS_PLACE), and
                                                          other accounts are held back no longer

Nothing is sent either in the place of a step of the deployment, which is signed anew for the same nonce, nor
where the account's key is not at hand.
"""

from __future__ import annotations

from collections.abc import Sequence

from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak
from traceledger.model.progress import Progress
from traceledger.sending.dispatch import Dispatch
from traceledger.sending.jobs import DEPLOY
from traceledger.sending.outbox import Draft, Entry, OperationKey
from traceledger.signing.transaction import sign

DISCARD = "discard"
"""The operation of an empty transaction."""

_EMPTY_GAS = 21_000
_WITH_NOTHING_IN_ITS_PLACE = (DEPLOY, DISCARD)
"""A step of the deployment is signed anew for the same nonce; an empty one has been refused itself."""


def discard(dispatch: Dispatch, account: bytes, nonce: int, progress: Progress) -> list[Entry]:
    """Give up an account's unfinished transactions from a nonce on, and see to it that they become void.

    Later ones that a node has are kept: they can be mined once the nonces before them are used. Nothing is
    sent in the place of a step of the deployment, nor of an empty one, nor where the account's key is not at
    hand.

    Args:
        dispatch: what sends; its outbox need not be settled.
        account: who signed them.
        nonce: of the first.
        progress: told how many transactions of how many are settled.

    Returns:
        What was given up, as it stands at last: ``dead``, with the transaction that took the nonce where
        that is proven; or ``final`` or ``failed`` if it was mined after all.

    Raises:
        InputError: there is no unfinished transaction of that nonce.
        NetworkError: it is not proven that no node has it, or the network failed.
        SigningError: the key's passphrase is wrong; nothing was given up.
    """
    waiting = [it for it in dispatch.outbox.unfinished() if it.sender == account and it.nonce >= nonce]
    if not waiting or waiting[0].nonce != nonce:
        raise InputError(
            f"no unfinished transaction of {hexed(account)} has nonce {nonce}",
            where=dispatch.outbox.path,
            hint="see: traceledger outbox list --unfinished",
        )
    born = dispatch.chain.final().number
    lost = _unknown_to_all(dispatch, waiting)
    signers = dispatch.signers
    replaced = [it for it in lost if it.operation not in _WITH_NOTHING_IN_ITS_PLACE]
    voided = replaced if signers.has(account) else []
    dispatch.outbox.record([_empty(dispatch, it, born) for it in voided], instead_of=lost)
    if voided:
        dispatch.settle(progress)
    return [entry for it in lost if (entry := dispatch.outbox.find(it.hash)) is not None]


def _unknown_to_all(dispatch: Dispatch, waiting: Sequence[Entry]) -> list[Entry]:
    """Those that no node has, the first one among them.

    Raises:
        NetworkError: that is not proven of the first one.
    """
    first = waiting[0]
    try:
        found = dispatch.chain.survey(first.sender, [it.hash for it in waiting])
    except NetworkError as error:
        raise NetworkError(
            f"it is not proven that no node has the transaction, so nothing was given up: {error.what}",
            where=error.where,
            hint="every endpoint of the network must answer and be in step",
        ) from None
    lost = [it for it, known in zip(waiting, found.known, strict=True) if not known]
    if found.mined > first.nonce or first not in lost:
        state = "its nonce is used" if found.mined > first.nonce else "a node has it"
        raise NetworkError(
            f"the transaction of nonce {first.nonce} cannot be given up: {state}",
            where=first.source,
            hint="see what becomes of it: traceledger outbox resume",
        )
    return lost


def _empty(dispatch: Dispatch, entry: Entry, born: int) -> Draft:
    """What uses a nonce and does nothing: the account sends itself nothing."""
    account, nonce = entry.sender, entry.nonce
    unsigned = dispatch.terms.unsigned(nonce, _EMPTY_GAS, account, b"")
    raw = sign(unsigned, dispatch.signers.unlock(account))
    # Each its own operation, as the outbox takes no operation twice.
    key = OperationKey(account, account, keccak(nonce.to_bytes(32, "big")))
    return Draft(account, nonce, raw, key, 1, DISCARD, f"in place of {entry.operation}", born)
