"""What is wrong is said in the page's language, whatever names it holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import traceledger
from tests.audit.frauds import FRAUDS
from tests.audit.honest import HonestChain
from traceledger.audit import audit
from traceledger.languages import ENGLISH, LANGUAGES, language
from traceledger.pages.clauses import ISSUES, TROUBLES
from traceledger.provenance.trouble import REASONS, listed

PACKAGE = Path(traceledger.__file__).parent

CLAUSES = [
    "what made it was reversed: it never was",
    f"an error is declared in {listed(['a/1', 'b/2', 'c/3', 'd/4', 'e/5'])}",
    "an error is declared in a/1",
    "its maker recalls what is upstream: a/1, b/2",
    *(f"katanga, whom its lineage names, may not act: {why}" for why in REASONS.values()),
    *(f"facility katanga/pit: 4 is blocked: {why}" for why in REASONS.values()),
    "critical finding argus/NC 1 about x about lot katanga/A is open",
    "minor finding argus/NC-1 about facility katanga/pit is open",
    "major finding argus/NC-1 about katanga is open",
    "12.5 % of its Co is untraced",
]


def clauses_of_the_code() -> set[str]:
    """What the code calls wrong, with a name for each value that its name does not explain."""
    examples = {
        "obstacle.reason": "suspended",
        "untraced_percent(units)": "3 %",
    }
    found = set()
    for module in ("trouble.py", "troubles.py"):
        for node in ast.walk(ast.parse((PACKAGE / "provenance" / module).read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Trouble"), args=[_, ast.Constant(value=str(text))]):
                    found.add(text)
                case ast.Call(func=ast.Name(id="Trouble"), args=[_, ast.JoinedStr(values=parts)]):
                    values = (
                        part.value if isinstance(part, ast.Constant) else ast.unparse(part.value)
                        for part in parts
                        if isinstance(part, ast.Constant | ast.FormattedValue)
                    )
                    found.add("".join(examples.get(str(value), str(value)) for value in values))
    return found


def test_every_clause_of_the_code_is_a_message() -> None:
    assert len(clauses_of_the_code()) > 8
    assert [clause for clause in clauses_of_the_code() if not TROUBLES.knows(clause)] == []


@pytest.mark.parametrize("name", FRAUDS)
def test_every_issue_of_an_audit_is_a_message(name: str) -> None:
    chain = HonestChain(17)
    FRAUDS[name][1](chain)
    found = audit(chain.ledger, now=max(chain.now, chain.clock)).found
    assert [item.issue.message for item in found if not ISSUES.knows(item.issue.message)] == []


@pytest.mark.parametrize("clause", CLAUSES)
def test_english_stays_as_it_was(clause: str) -> None:
    assert TROUBLES.anew(clause, ENGLISH).replace("12.5%", "12.5 %").replace("cobalt", "Co") == clause


@pytest.mark.parametrize("spoken", LANGUAGES[1:], ids=[each.code for each in LANGUAGES[1:]])
@pytest.mark.parametrize("clause", CLAUSES)
def test_names_stay_and_all_else_is_translated(clause: str, spoken: object) -> None:
    said = TROUBLES.anew(clause, spoken)  # type: ignore[arg-type]
    assert said != clause
    # Word order differs between languages.
    assert sorted(re.findall(r"\w+/[\w-]+", said)) == sorted(re.findall(r"\w+/[\w-]+", clause))


def test_what_is_no_message_is_shown_as_it_is() -> None:
    assert TROUBLES.anew("something new: %(x)s", language("de")) == "something new: %(x)s"
