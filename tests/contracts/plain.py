"""Gas of OpenZeppelin's tokens as they come, to set beside the ledger's."""

from __future__ import annotations

from collections.abc import Iterator

from tests.contracts.world import Transaction, World

#: How these operations begin.
PLAIN = "OpenZeppelin"

AMOUNT = 24 * 10**9


def rows(world: World) -> Iterator[tuple[str, Transaction]]:
    """Minting and moving a token between accounts that hold others already, as those of the ledger do."""
    maker, buyer = world.accounts[1:3]
    lots = [world.batch(maker, f"PLAIN-{number}") for number in range(3)]
    unique = world.deploy_peer("PlainERC721")
    for owner, lot in zip((maker, buyer, maker), lots, strict=True):
        minted = world.send(maker, unique, "mint", owner, lot)
    yield f"{PLAIN} ERC-721: mint", minted
    yield f"{PLAIN} ERC-721: transfer", world.send(maker, unique, "transferFrom", maker, buyer, lots[2])
    many = world.deploy_peer("PlainERC1155")
    for owner, lot in zip((maker, buyer, maker), (lots[0], lots[0], lots[1]), strict=True):
        minted = world.send(maker, many, "mint", owner, lot, AMOUNT)
    yield f"{PLAIN} ERC-1155: mint of a new kind", minted
    part = (maker, buyer, lots[0], AMOUNT // 2, b"")
    yield f"{PLAIN} ERC-1155: transfer of a part", world.send(maker, many, "safeTransferFrom", *part)
    whole = (maker, buyer, lots[1], AMOUNT, b"")
    yield (
        f"{PLAIN} ERC-1155: transfer of all, new to its receiver",
        world.send(maker, many, "safeTransferFrom", *whole),
    )
