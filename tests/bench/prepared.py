"""Chains and indexes that sections share, kept in ``.tools/bench`` so that a run can be taken up again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import ROOT
from tests.bench.timing import alone
from tests.scale.making import make
from tests.scale.stored import StoredChain

FOLDER = ROOT / ".tools" / "bench"


@dataclass(frozen=True)
class Asked:
    """A stored chain, and what to ask about it: ids of batches, and their numbers in the table of edges."""

    path: Path
    events: int
    batch: int
    node: int
    origin: int
    origin_node: int

    @property
    def index(self) -> Path:
        """Where its index is, or will be: another one for each state of the code that writes it."""
        return self.path.with_suffix(f".{_code()}.sqlite")


def chain(shape: str, size: int) -> Asked:
    """A chain, made where it is not there yet."""
    path = FOLDER / f"{shape}-{size}-{_maker()}.chain"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        make(shape, size, unfinished)
        unfinished.rename(path)
    stored = StoredChain.open(path)
    nodes = json.loads(stored.said("nodes"))
    (asked, *_), origin = json.loads(stored.said("asked")).values(), json.loads(stored.said("origin"))
    found = Asked(
        path=path,
        events=int(stored.said("events")),
        batch=int(asked),
        node=nodes[0],
        origin=int(origin[0]),
        origin_node=origin[1],
    )
    stored.close()
    return found


def indexed(of: Asked) -> Path:
    """The index of a chain, made where it is not there yet."""
    if not of.index.exists():
        for old in of.path.parent.glob(f"{of.path.stem}.*.sqlite*"):
            old.unlink()
        unfinished = of.path.with_suffix(".half.sqlite")
        for old in of.path.parent.glob(f"{unfinished.name}*"):
            old.unlink()
        alone("index", of.path, unfinished)
        unfinished.rename(of.index)
        alone("counted", of.path, of.index)  # A file that was moved is read in full by who opens it first.
    return of.index


def _maker() -> str:
    return _digest(ROOT / "tests" / "scale")


def _code() -> str:
    return _digest(ROOT / "traceledger")


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()[:8]
