"""What is wrong is said in the page's language, whatever names it holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import traceledger
from traceledger.pages.languages import ENGLISH, LANGUAGES, language
from traceledger.pages.sentences import MESSAGES, trouble
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
    """The shapes of what the code calls wrong, each value as ``*``."""
    found = set()
    for module in ("trouble.py", "troubles.py"):
        for node in ast.walk(ast.parse((PACKAGE / "provenance" / module).read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Trouble"), args=[_, ast.Constant(value=str(text))]):
                    found.add(text)
                case ast.Call(func=ast.Name(id="Trouble"), args=[_, ast.JoinedStr(values=parts)]):
                    found.add("".join(p.value if isinstance(p, ast.Constant) else "*" for p in parts))
    return found


def test_every_clause_of_the_code_is_a_message() -> None:
    shapes = {re.sub(r"%\(\w+\)s", "*", message) for message in MESSAGES}
    shapes |= {re.sub(r"is (suspended|terminated)", "is *", shape) for shape in shapes}
    assert clauses_of_the_code() - shapes == set()


@pytest.mark.parametrize("clause", CLAUSES)
def test_english_stays_as_it_was(clause: str) -> None:
    assert trouble(clause, ENGLISH).replace("12.5%", "12.5 %").replace("cobalt", "Co") == clause


@pytest.mark.parametrize("spoken", LANGUAGES[1:], ids=[each.code for each in LANGUAGES[1:]])
@pytest.mark.parametrize("clause", CLAUSES)
def test_names_stay_and_all_else_is_translated(clause: str, spoken: object) -> None:
    said = trouble(clause, spoken)  # type: ignore[arg-type]
    assert said != clause
    # Word order differs between languages.
    assert sorted(re.findall(r"\w+/[\w-]+", said)) == sorted(re.findall(r"\w+/[\w-]+", clause))


def test_what_is_no_message_is_shown_as_it_is() -> None:
    assert trouble("something new: %(x)s", language("de")) == "something new: %(x)s"
