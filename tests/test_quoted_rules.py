"""Code quotes the numbered rules of docs/ where it enforces them: each is quoted, and each quote exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("ledger", "ledger/modules", "libraries", "types")
CONTRACTS = [ROOT / "contracts", *(ROOT / "contracts" / part for part in SOURCES)]
ARITHMETIC = {"Take", "Allocate"}


def _texts(folders: list[Path], pattern: str) -> Iterator[str]:
    for folder in folders:
        for file in sorted(folder.glob(pattern)):
            yield file.read_text("utf-8")


def _quoted_rules(text: str) -> set[str]:
    return set(re.findall(r"\bRule (\d+)\b", text)) | set(re.findall(r"\b(Take|Allocate): ", text))


def _rules() -> tuple[set[str], set[str]]:
    """The rules in force, and those that are reserved."""
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    headings = re.findall(r"^### Rule (\d+): (.+)$", page, re.MULTILINE)
    reserved = {number for number, title in headings if title == "reserved"}
    return {number for number, _ in headings} - reserved, reserved


def test_the_contracts_quote_every_rule_in_force_and_no_other() -> None:
    in_force, reserved = _rules()
    assert {int(number) for number in in_force | reserved} == set(range(1, 15))
    assert set().union(*map(_quoted_rules, _texts(CONTRACTS, "*.sol"))) == in_force | ARITHMETIC


def test_the_replay_quotes_the_rules_that_it_computes_and_none_that_is_not() -> None:
    in_force, _ = _rules()
    quoted = set().union(*map(_quoted_rules, _texts([ROOT / "traceledger" / "replay"], "**/*.py")))
    assert quoted <= in_force | ARITHMETIC
    assert quoted >= {"3", "4", "6", "7", "8"} | ARITHMETIC


def test_the_verifier_quotes_every_numbered_must_of_the_format_and_no_other() -> None:
    page = (ROOT / "docs" / "proof-format.md").read_text("utf-8")
    numbered = re.findall(r"\*\*([A-Z]\d+)\.\*\*", page)
    assert len(numbered) == len(set(numbered))
    # The walk is the verifier's too, and who names what it finds.
    parts = [ROOT / "traceledger" / part for part in ("proofs", "walk", "provenance")]
    code = "".join(_texts(parts, "**/*.py"))
    assert set(re.findall(r"\b([A-Z]\d{1,2})\b", code)) == set(numbered)


def test_the_verifier_of_pages_quotes_them_too() -> None:
    page = (ROOT / "docs" / "proof-format.md").read_text("utf-8")
    numbered = set(re.findall(r"\*\*([A-Z]\d+)\.\*\*", page))
    code = "".join(_texts([ROOT / "traceledger" / "pages" / "scripts" / "verify"], "*.js"))
    comments = "".join(re.findall(r"//.*|/\*.*?\*/", code))
    # What it leaves to others: trust roots are checked, and successors followed, by who makes the page.
    assert set(re.findall(r"\b([A-Z]\d{1,2})\b", comments)) == numbered - {"B2", "B5", "W15"}


def test_the_pages_that_messages_and_docstrings_refer_to_exist() -> None:
    code = "".join(_texts([ROOT / "traceledger"], "**/*.py"))
    pages = set(re.findall(r"docs/[a-z-]+\.md", code))
    assert pages
    assert not [page for page in sorted(pages) if not (ROOT / page).is_file()]
