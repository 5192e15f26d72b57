"""Blocks that changed anything, the raw events in them, and how far the server is."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from traceledger.documents import blocks as documents
from traceledger.errors import InputError, UnknownNameError
from traceledger.model.hexadecimal import parsed_hash
from traceledger.web.paging import MOST, Paged, asked_piece, cut, paged
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query

_NUMBER = re.compile("[0-9]{1,12}")


def blocks(reading: Reading, asked: Asked[Paged]) -> Document:
    """Blocks that changed anything."""
    piece = asked_piece(reading, asked, "blocks")
    found = reading.index.raw.blocks(after=piece.after, newest=piece.newest, most=piece.limit + 1)
    page = paged(reading, asked, "blocks", piece, [each.number for each in found])
    return documents.blocks(found[: piece.limit], reading.index.final_block()) | {"page": page}


class BlockQuery(Paged):
    """Which of its events."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="Events in one answer, at most.")] = MOST
    order: Annotated[
        Literal["newest", "oldest"],
        Field(description="Which events come first, by place in the block."),
    ] = "oldest"


def block(reading: Reading, asked: Asked[BlockQuery]) -> Document:
    """A block, by number or hash: every event of our contracts in it, raw and decoded."""
    named = asked.path["block"]
    hash_ = parsed_hash(named)
    if hash_ is None and not _NUMBER.fullmatch(named):
        raise InputError(f"{named!r} is neither a block's number nor its hash", where="block")
    number = reading.index.raw.number_of(hash_) if hash_ is not None else int(named)
    found = None if number is None else reading.index.raw.block(number)
    if found is None:
        raise UnknownNameError(
            f"block {named} is not in the index, or changed nothing on this ledger",
            hint="/blocks lists those that did",
        )
    piece = asked_piece(reading, asked, "block")
    logs, numbers = cut(reading.index.raw.logs(found.number), piece)
    document = documents.block(found, logs, reading.contracts, reading.index.final_block())
    return document | {"page": paged(reading, asked, "block", piece, numbers)}


def status(reading: Reading, asked: Asked[Query]) -> Document:
    """What the server follows, how far its index is, and whether the chain can be reached."""
    state = reading.following
    return documents.status(
        reading.index.status(),
        network=reading.network.name,
        changed=reading.head.changed,
        following={"looked_at": state.looked_at, "trouble": state.trouble or None},
    )
