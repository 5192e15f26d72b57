"""A chain in memory that reorganises: random supply chains with assurance beside them, forked at will."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from eth_abi import encode
from eth_hash.auto import keccak

from tests.fake_chain import FakeChain
from tests.lots import address_of, id_of, pairs
from tests.simulator import ASSURANCE, DEPLOYER, EVIDENCE, LEDGER, MANAGER, REGISTRY, TAG, World
from traceledger.chain.base import Block, BlockRef, Log

ROLES = ("producer", "refiner", "carrier")
KINDS = ("saq", "audit", "code_of_conduct")
_FOUNDED = 2
SET_MANDATORY = bytes(keccak(b"setMandatory(bytes32,bytes32[],uint32[])"))[:4]


def label(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")


class Interrupting(tuple[Log, ...]):
    """Logs while reading which the process is interrupted."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Log]:
        raise KeyboardInterrupt


@dataclass
class ForkingChain(FakeChain):
    """``lag`` blocks below the head are not final. ``disturb`` is called after a block was read.

    ``claimed`` is what it says is final, whatever is. While it is ``deadly``, whoever writes what is in the
    last block given is interrupted.
    """

    lag: int = 0
    settled: int = 0
    disturb: Callable[[int], None] | None = field(default=None, repr=False)
    claimed: BlockRef | None = None
    deadly: bool = False

    def final(self) -> BlockRef:
        if self.claimed is not None:
            return self.claimed
        self.settled = max(self.settled, len(self.mined) - 1 - self.lag)
        return self.mined[self.settled].ref

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        last = min(self.limited(first, last), len(self.mined) - 1)
        for number in range(first, last + 1):
            if number >= len(self.mined):
                return
            block = self.mined[number]
            yield replace(block, logs=Interrupting()) if self.deadly and number == last else block
            if self.disturb is not None:
                self.disturb(number)


class AssuredWorld(World):
    """The simulator with everything else that the index stores: keys, standing, assurance, requirements."""

    def __init__(self, seed: int = 0, *, lag: int = 0) -> None:
        super().__init__(seed)
        self.chain = ForkingChain(seed, mined=self.chain.mined, lag=lag)
        self.findings: list[int] = []
        self.proposals: list[bytes] = []
        self.keys: list[tuple[bytes, bytes]] = []

    def clone(self) -> AssuredWorld:
        """The same world, to go another way from here; to be called between two blocks."""
        other = copy.copy(self)
        other.random, other.lots = Random(), copy.deepcopy(self.lots)
        other.happenings, other.findings = [], list(self.findings)
        other.proposals, other.keys = list(self.proposals), list(self.keys)
        other.chain = replace(self.chain, mined=list(self.chain.mined))
        return other

    def step(self) -> None:
        if self.random.random() < 0.7:
            others = (self.pause, self.standing, self.approve, self.record, self.assess, self.find)
            self.random.choice((self.key, self.decide, *others))()
        if self.random.random() < 0.4:
            self.correct()
        super().step()

    def correct(self) -> None:
        """A lot is measured, restated, sold by its owner, or not retired after all."""
        lots = self.active()
        retired = [lot for lot in self.lots.values() if lot.state == "retired"]
        if not lots:
            return
        lot = self.random.choice(lots)
        way = self.random.randint(0, 3)
        if way == 0:
            lot.mass += self.random.randint(0, 9)
            lot.substances = {n: mass + self.random.randint(0, 1) for n, mass in lot.substances.items()}
            now = (lot.mass, pairs(lot.substances), "assay", EVIDENCE)
            args = (lot.id, lot.custodian, DEPLOYER, True, 7, *now)
            self.emit(DEPLOYER, LEDGER, "BatchRemeasured", args)
        elif way == 1:
            args = (lot.id, DEPLOYER, 0, True, 7, self.emissions(), (lot.id,), "audited", EVIDENCE)
            self.emit(DEPLOYER, LEDGER, "EmissionsRestated", args)
        elif way == 2:
            args = (lot.id, lot.custodian, self.someone(), 7, ())
            self.emit(lot.custodian, LEDGER, "TitleTransferred", args)
        elif retired:
            lot = self.random.choice(retired)
            lot.state = "active"
            args = (lot.id, lot.custodian, 7, "a mistake", TAG, ())
            self.emit(lot.custodian, LEDGER, "RetirementReversed", args)

    def someone(self) -> bytes:
        return self.random.choice(list(self.slugs))

    def key(self) -> None:
        """A key is added, revoked, or added again."""
        if self.keys and self.random.random() < 0.6:
            name = self.random.choice(("OperatorRevoked", "OperatorAdded"))
            self.emit(DEPLOYER, REGISTRY, name, (*self.random.choice(self.keys), DEPLOYER))
            return
        self.keys.append((self.someone(), address_of(self.name("key"))))
        self.emit(DEPLOYER, REGISTRY, "OperatorAdded", (*self.keys[-1], DEPLOYER))

    def pause(self) -> None:
        """Everything is paused, or goes on."""
        self.emit(DEPLOYER, REGISTRY, "PauseChanged", (self.random.random() < 0.5, DEPLOYER))

    def standing(self) -> None:
        state = self.random.randint(1, 3)
        args = (self.someone(), state, DEPLOYER, 7, self.name("a\0reason"), EVIDENCE)
        self.emit(DEPLOYER, REGISTRY, "ParticipantStatusChanged", args)
        self.emit(args[0], REGISTRY, "ParticipantRenamed", (args[0], f"Renamed {args[1]}", 1, ()))

    def approve(self) -> None:
        facility, material = self.random.choice(list(self.facilities)), self.random.choice(self.materials)
        origins, capacity = self.random.randint(1, 15), self.random.choice((0, 5, 2**64 - 1))
        args = (facility, material, origins, capacity, 0, 2**64 - 1, 7, ())
        self.emit(DEPLOYER, REGISTRY, "OriginApproved", args)

    def record(self) -> None:
        args = (b"\x05" * 32, self.someone(), label("report"), "https://example.org/r.pdf", "an issuer")
        self.emit(DEPLOYER, ASSURANCE, "EvidenceRecorded", args)

    def assess(self) -> None:
        name, about = self.name("assessment"), self.someone()
        kinds = (label(self.random.choice(KINDS)), label("scheme"), self.random.randint(0, 10_000))
        args = (id_of(DEPLOYER, name), DEPLOYER, about, 0, *kinds, 1, 2**64 - 1, 7, name, "issuer", EVIDENCE)
        self.emit(DEPLOYER, ASSURANCE, "Assessed", args)

    def find(self) -> None:
        """A finding is raised, or one goes a step further."""
        if not self.findings or self.random.random() < 0.4:
            name = self.name("finding")
            self.findings.append(id_of(DEPLOYER, name))
            what = (
                self.someone(),
                0,
                0,
                self.random.randint(0, 2),
                label("labour"),
                99,
                7,
                name,
                "what is wrong",
            )
            self.emit(DEPLOYER, ASSURANCE, "FindingRaised", (self.findings[-1], DEPLOYER, *what, ()))
            return
        finding = self.random.choice(self.findings)
        name, extra = self.random.choice(
            (
                ("CorrectiveActionSubmitted", (7, "the action")),
                ("CorrectiveActionAccepted", (7,)),
                ("CorrectiveActionRefused", (7, "too late")),
                ("FindingClosed", (7,)),
                ("FindingReopened", (self.random.randint(100, 200), 7, "again")),
            )
        )
        self.emit(DEPLOYER, ASSURANCE, name, (finding, DEPLOYER, *extra, ()))

    def decide(self) -> None:
        """Requirements change, or a change is announced, announced anew, enacted or withdrawn."""
        role, kinds = label(self.random.choice(ROLES)), [label(self.random.choice(KINDS))]
        if self.random.random() < 0.3:
            self.emit(DEPLOYER, ASSURANCE, "MandatoryChanged", (role, kinds, [0]))
        elif self.proposals and self.random.random() < 0.6:
            operation = self.proposals.pop(self.random.randrange(len(self.proposals)))
            name = self.random.choice(("OperationExecuted", "OperationCanceled"))
            self.emit(DEPLOYER, MANAGER, name, (operation, 1))
        else:
            known = [*self.proposals, bytes(keccak(self.name("proposal").encode()))]
            operation = self.random.choice(known)
            self.proposals = [*(each for each in known[:-1] if each != operation), operation]
            data = SET_MANDATORY + encode(["bytes32", "bytes32[]", "uint32[]"], [role, kinds, [0]])
            when = self.random.randint(1, 2**40)
            args = (operation, self.random.randint(1, 9), when, DEPLOYER, ASSURANCE, data)
            self.emit(DEPLOYER, MANAGER, "OperationScheduled", args)


class Forks:
    """One chain that grows and reorganises. ``world`` is where it stands; what is settled stays."""

    def __init__(self, seed: int, *, lag: int) -> None:
        self.world = AssuredWorld(seed, lag=lag)
        self.chain: ForkingChain = self.world.chain
        self._past: dict[int, Any] = {}
        self._forks = 0
        self._keep()

    def _keep(self) -> None:
        self._past[len(self.chain.mined)] = self.world.clone()

    def grow(self, blocks: int) -> None:
        """Add that many blocks, with some operations each; now and then none."""
        for _ in range(blocks):
            for _ in range(self.world.random.choice((0, 1, 1, 2, 4))):
                before = len(self.chain.mined)
                self.world.step()
                if len(self.chain.mined) > before:
                    break
            else:
                self.chain.seal()
            self._keep()

    def fork(self, depth: int, blocks: int) -> int:
        """Drop up to ``depth`` blocks that are not final, add ``blocks``; returns how many were dropped."""
        self.chain.final()
        length = max(len(self.chain.mined) - depth, self.chain.settled + 1, _FOUNDED)
        dropped = len(self.chain.mined) - length
        self._forks += 1
        if dropped:
            self.world = self._past[length].clone()
            self.chain.mined = self.world.chain.mined
            self.chain.seed += 1_000
            self.world.chain = self.chain
            self.world.random = Random(f"{self.chain.seed}/{self._forks}")
        self.grow(blocks)
        return dropped
