"""One word, one thing: old words that may not come back, by where. docs/glossary.md has their meanings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOLIDITY = ("contracts/*.sol", "contracts/[ilt]*/*.sol")
SHIPPED = ("contracts/*.sol", "contracts/[il]*/*.sol", "contracts/types/*.sol")
PAGES = ("README.md", "docs/*.md")
PACKAGE = ("traceledger/**/*.py",)

#: What must not be found: a pattern, where (and where it may), and the word to use instead.
FORBIDDEN = [
    (r"operator/identifier", (*SOLIDITY, *PAGES, *PACKAGE), (), "participant/identifier"),
    (
        r"\boperat(ed|es|ing) ?(by|participant)",
        (*SOLIDITY, *PAGES, *PACKAGE),
        (),
        "the facility's participant",
    ),
    (r"node operator|operator's guide|network('s)? operator", (*PAGES, *PACKAGE), (), "administrator"),
    (
        r"governance",
        (*SHIPPED, *PAGES, *PACKAGE),
        (),
        "the right: admission, policy, origins, stock, emergency",
    ),
    (
        # The policy right (docs/glossary.md) and what is named after it.
        r"(?<![a-z_])polic(y|ies)(?! (role|right))(?!_(role|delay))(?!role)",
        SHIPPED,
        (),
        "act guard, requirement, policy right",
    ),
    (
        r"\bact.?policy|(?<!propose_)(?<!enact_)policy",  # old spellings stay, hidden
        PACKAGE,
        (
            # Content-Security-Policy and its like are called so by their standards.
            "pages/frame.py",
            # A member is called so by its model.
            "passport/catenax_battery_pass.py",
            # What rights are called.
            "model/value_words.py",
            "web/security.py",
            "web/resolver.py",
            "web/desk/guard.py",
            "proofs/",
            "cli/proof.py",
            "cli/proof_conditions.py",
            "cli/proof_packet.py",
            "cli/verified_proof.py",
            "documents/verdicts.py",
            "cli/root.py",
            "errors.py",
            "cli/assurance.py",
            "cli/audit.py",
            "cli/contract.py",
            # The name of a right.
            "model/rights.py",
            "sending/rights.py",
            "client/methods.py",
        ),
        "act guard, requirement, settings, policy right",
    ),
    (r"act policy|policy (propose|enact|show)|(?<!--)policy file", PAGES, (), "requirement, settings"),
    (
        r"corrective (action )?plan|plan(ned)? correcti",
        (*SOLIDITY, *PAGES, *PACKAGE),
        (),
        "corrective action",
    ),
    (r"severit", ("traceledger/audit/*", "docs/audit.md"), ("audit/assurance.py",), "level (of an issue)"),
    (
        r"\bopenings?\b",
        ("traceledger/chain/**/*.py", "traceledger/config/*.py", "docs/networks.md"),
        (),
        "connect",
    ),
    (r"\bopenings?\b", ("traceledger/network/*.py", "traceledger/index/f*.py"), (), "connect"),
    (r"opening record|\bthe opening\b", ("traceledger/proofs/**/*.py", "docs/proof*.md"), (), "preamble"),
]


def _lines(where: tuple[str, ...], except_in: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in where:
        for file in sorted(ROOT.glob(pattern)):
            name = file.relative_to(ROOT).as_posix()
            if file.is_file() and not any(part in name for part in except_in):
                for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                    yield f"{name}:{number}", line


@pytest.mark.parametrize(("pattern", "where", "except_in", "instead"), FORBIDDEN)
def test_a_word_with_another_meaning_does_not_come_back(
    pattern: str, where: tuple[str, ...], except_in: tuple[str, ...], instead: str
) -> None:
    lines = list(_lines(where, except_in))
    assert lines
    found = [f"{place}: {line.strip()}" for place, line in lines if re.search(pattern, line, re.IGNORECASE)]
    assert not found, f"say {instead}"


def test_the_glossary_has_each_word_once() -> None:
    terms = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.MULTILINE)
    words = [word.strip() for term in terms for word in term.split(",")]
    assert len(words) == len(set(words))
    assert {"operator", "administrator", "policy", "settings", "plan", "opening", "severity", "level"} <= set(
        words
    )
