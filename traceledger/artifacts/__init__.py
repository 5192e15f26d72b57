"""The compiled contracts: ABI and bytecode, as ``scripts/compile-contracts`` wrote them.

Example:
    >>> ledger = load("BatchLedger")
    >>> ledger.matches(ledger.deployed), ledger.matches(load("AssuranceRegistry").deployed)
    (True, False)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from traceledger.model.hexadecimal import digits

ContractName = Literal[
    "AccessManager",
    "ParticipantRegistry",
    "Handling",
    "Corrections",
    "BatchLedger",
    "AssuranceRegistry",
    "Safeguard",
]
#: In the order in which they are deployed.
NAMES: tuple[ContractName, ...] = get_args(ContractName)


@dataclass(frozen=True, slots=True)
class Artifact:
    """One contract: its ABI, its creation bytecode, and the code that it leaves on the chain.

    ``immutables`` are the (start, length) of the bytes in ``deployed`` that the constructor fills in,
    ``slots`` the storage slot of each state variable by its Solidity name.
    """

    name: ContractName
    abi: tuple[Mapping[str, Any], ...]
    bytecode: bytes
    deployed: bytes
    immutables: tuple[tuple[int, int], ...]
    slots: Mapping[str, int]

    def matches(self, code: bytes) -> bool:
        """Whether ``code``, read from a chain, is this contract, whatever its immutables are."""
        # Immutables are in the code itself, which so differs from deployment to deployment.
        return len(code) == len(self.deployed) and self._blank(code) == self._blank(self.deployed)

    def _blank(self, code: bytes) -> bytes:
        blanked = bytearray(code)
        for start, length in self.immutables:
            blanked[start : start + length] = bytes(length)
        return bytes(blanked)


@cache
def load(name: ContractName) -> Artifact:
    """The committed artifact of a contract."""
    document = json.loads(files(__name__).joinpath(f"{name}.json").read_text("utf-8"))
    references = document["immutableReferences"].values()
    return Artifact(
        name=name,
        abi=tuple(document["abi"]),
        bytecode=digits(document["bytecode"]),
        deployed=digits(document["deployedBytecode"]),
        immutables=tuple((item["start"], item["length"]) for group in references for item in group),
        slots=document["storageSlots"],
    )
