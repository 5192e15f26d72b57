"""The check of a proof file in a page: its script, and what the page brings along for it.

A template that includes ``verification.html`` needs a :class:`Check` as ``verification``; the page's frame
holds :func:`script`. docs/proofs.md, *In the page*, has the contract between page and script.

Example:
    >>> script().startswith("/* The verifier of TraceLedger's proof files")
    True
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from traceledger.languages import Language
from traceledger.model.hexadecimal import hexed
from traceledger.model.shares import SHARE_UNITS
from traceledger.pages.word_tables import WORDS
from traceledger.pages.words import word
from traceledger.proofs.succession import identity
from traceledger.proofs.trust import TrustRoot

_FOLDER = Path(__file__).with_name("scripts")
SOURCES = tuple(
    _FOLDER / "verify" / f"{name}.js"
    for name in (
        "reading",
        "chain",
        "events",
        "replay",
        "lineage",
        "steps",
        "walk",
        "claims",
        "verifier",
        "page",
    )
)
"""What the script is made of, in the order in which it runs."""
BUNDLE = _FOLDER / "verify.js"
"""The script; ``scripts/bundle-verifier`` makes it."""


def script() -> str:
    """The script, as it stands in a ``script`` element of a page."""
    return BUNDLE.read_text("utf-8")


def fingerprint() -> str:
    """The SHA-256 of the sources, which the bundle names: 64 hexadecimal digits."""
    return hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()


@dataclass(frozen=True, slots=True)
class Check:
    """What a page brings along to check a proof file of its batch.

    Attributes:
        trusted: what it believes beforehand.
        document: the declaration that it shows.
        language: in which it is written.
        oldest: the block of the file that came with the page: an older one may lack what was found since.
    """

    trusted: TrustRoot
    document: Mapping[str, Any]
    language: Language
    oldest: int = 0

    @property
    def identity(self) -> str:
        """Of the trust root, as ``trust-root show`` says it."""
        return hexed(identity(self.trusted))

    @property
    def faults(self) -> dict[str, str]:
        """By what ``proof verify`` calls what is wrong, the word of the page's language."""
        return {fault: word(fault, "fault", self.language) for fault in WORDS["fault"]}

    def data(self, strings: Mapping[str, Any]) -> dict[str, Any]:
        """What the script reads, as JSON.

        Args:
            strings: its messages, by the names that it gives them.
        """
        return {
            "trust_root": self.trusted.to_dict(),
            "batch": self.document["id"],
            "block": self.document["chain"]["block"],
            "oldest": self.oldest,
            "figures": list(self._figures()),
            "strings": {**strings, "substances": self._substances()},
        }

    def _substances(self) -> dict[str, str]:
        return {name: word(name, "substance", self.language) for name in self.document["substances"]}

    def _figures(self) -> Iterator[dict[str, Any]]:
        """What the page shows and a file claims: by the path of the claim."""
        co2e = self.document["co2e"]
        restated = co2e.get("restated")
        total = "co2e.restated.total_mg" if restated else "co2e.total_mg"
        yield {"what": "co2e", "path": total, "value": (restated or co2e)["total_mg"]}
        if restated:
            # The share that the page shows is of what is known now, of which a file claims the amount.
            path = "co2e.restated.primary_mg"
            yield {"what": "primary_mg", "path": path, "value": restated["primary_mg"]}
        else:
            yield {"what": "primary", "path": "co2e.primary_share", "value": _units(co2e["primary_share"])}
        yield {"what": "mass", "path": "made_mass_mg", "value": self.document["made_mass_mg"]}
        for name, each in self.document["substances"].items():
            recycled = each["recycled_content"]
            shares = {
                f"traced_share.{name}.traced": ("traced", each["traced_share"]),
                f"recycled_content.{name}.post_consumer": ("post_consumer", recycled["post_consumer"]),
                f"recycled_content.{name}.pre_consumer": ("pre_consumer", recycled["pre_consumer"]),
            }
            for path, (what, share) in shares.items():
                yield {"what": what, "path": path, "value": _units(share), "substance": name}


def _units(share: float) -> int:
    """A share as proof files have it: it is the decimal of at most 15 places."""
    return int(Decimal(repr(share)) * SHARE_UNITS)
