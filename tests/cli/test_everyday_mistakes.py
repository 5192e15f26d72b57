"""What people mistype every day: each ends in one sentence that says what was probably meant."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run, head
from tests.cli.terminal import typing
from traceledger.errors import ExitCode

INPUT, SIGNING = ExitCode.INPUT, ExitCode.SIGNING
MINT = "batch mint NEW --as katanga --material cobalt-hydroxide --facility pit-4 --mass 2t --origin mined"
MISTAKES: dict[str, tuple[str, int, str, list[str]]] = {
    "a verb that is mistyped": (
        "batch lst",
        INPUT,
        "no such command 'lst'",
        ["traceledger batch list"],
    ),
    "a noun that is mistyped": ("batchs list", INPUT, "no such command 'batchs'", ["traceledger batch"]),
    "a verb without its noun": (
        "mint NEW",
        INPUT,
        "no such command 'mint'",
        ["traceledger batch mint"],
    ),
    "a verb of another noun": (
        "batch register",
        INPUT,
        "no such command 'register'",
        ["traceledger participant register", "traceledger facility register"],
    ),
    "the verb before its noun": ("list batch", INPUT, "no such command 'list'", ["traceledger batch list"]),
    "a word of other programs": ("batch delete KOL-1", INPUT, "'delete'", ["traceledger batch retire"]),
    "a noun inside a noun": ("network nod list", INPUT, "'nod'", ["traceledger network node"]),
    "an option": ("batch list --materail x", INPUT, "no such option '--materail'", ["--material"]),
    "an option of other programs": ("submit x.jsonl --dry-run", INPUT, "'--dry-run'", ["--check"]),
    "the beginning of an option": ("batch list --mat x", INPUT, "'--mat'", ["--material"]),
    "a state": ("batch list --state activ", INPUT, "'activ' is not one of", ["active"]),
    "an origin": (f"{MINT} --origin mind".replace("--origin mined ", ""), INPUT, "--origin", ["mined"]),
    "all that is missing": (
        "participant register new",
        INPUT,
        "missing options '--name' and '--country'",
        [],
    ),
    "a network": ("batch list --network locl", INPUT, "there is no network 'locl'", ["local"]),
    "a key": ("key show katnga", SIGNING, "there is no key 'katnga'", ["katanga"]),
    "a company": ("participant show kokola", INPUT, "there is no participant 'kokola'", ["kokkola"]),
    "whoever acts": (MINT.replace("--as katanga", "--as katango"), INPUT, "'katango'", ["katanga"]),
    "a material": (
        MINT.replace("cobalt-hydroxide", "cobalt-hidroxide"),
        INPUT,
        "there is no material 'cobalt-hidroxide'",
        ["cobalt-hydroxide"],
    ),
    "a site": (MINT.replace("pit-4", "pit4"), INPUT, "there is no facility 'pit4'", ["katanga/pit-4"]),
    "a batch without its owner": ("trace KOL-1", INPUT, "names no known participant", ["katanga/KOL-1"]),
    "a batch of another owner": ("trace kokkola/KOL-1", INPUT, "no batch", ["katanga/KOL-1"]),
    "the case of a batch": ("trace katanga/kol-1", INPUT, "no batch", ["katanga/KOL-1"]),
    "another separator": ("trace katanga:KOL-1", INPUT, "names no known", ["katanga/KOL-1"]),
    "two letters that changed places": (
        "batch show kokkola/CSO-1",
        INPUT,
        "there is no batch 'kokkola/CSO-1'",
        ["kokkola/COS-1"],
    ),
    "a shipment": (
        "batch receive katanga/SEA1 --as kokkola",
        INPUT,
        "there is no shipment 'katanga/SEA1'",
        ["katanga/SEA-1"],
    ),
    "nothing that is known": ("trace katanga/4711", INPUT, "its full name is creator/identifier", []),
}


def test_each_is_answered(filled: Path, cli: Run) -> None:
    before = head(filled)
    for what, (typed, code, sentence, suggestions) in MISTAKES.items():
        said = cli(*typed.split())
        assert (said.code, said.out, said.err.count("\n")) == (code, "", 1), (what, said)
        assert sentence in said.err, (what, said.err)
        for name in suggestions[:1]:
            assert f"did you mean {name}" in said.err, (what, said.err)
        error = cli(*typed.split(), "--json").document["error"]
        assert error["suggestions"][: len(suggestions)] == suggestions, (what, error)
        assert ("did you mean" in (error["hint"] or "")) == bool(error["suggestions"]), what
    assert head(filled) == before


def test_what_is_missing_is_asked_for_at_a_terminal(filled: Path, cli: Run) -> None:
    before = head(filled)
    answers = ["cobalt-hydroxide", "pit-4", "2 stone", "2 t", "mind", "mined", "NEW"]
    made = typing("batch", "mint", "--as", "katanga", typed="\n".join([*answers, ""]))
    assert (made.code, "mint katanga/NEW" in made.out) == (0, True), made
    assert "Where its material comes from: mined, post_consumer, pre_consumer or untraced" in made.err
    assert "unknown unit 'stone' in '2 stone' (use mg, g, kg or t)" in made.err
    assert "(did you mean mined?)" in made.err
    after = head(filled)
    assert after != before
    # Whoever ends it in the midst has done nothing; a program is never asked, nor who wants no talk.
    ended = typing("batch", "mint", "--as", "katanga", typed="cobalt-hydroxide\n")
    assert (ended.code, "error: " in ended.err or "interrupted" in ended.err) == (130, True)
    for quiet in ("--json", "--quiet"):
        unasked = typing("batch", "mint", "X", "--as", "katanga", quiet, typed="cobalt-hydroxide\n")
        assert (unasked.code, "missing options" in unasked.err) == (INPUT, True)
    assert head(filled) == after


def test_what_must_be_given_is_marked(cli: Run) -> None:
    text = " ".join(cli("batch", "mint", "--help").out.split())
    for option in ("--material", "--facility", "--mass", "--origin"):
        assert "[required]" in text.partition(f" {option} ")[2].partition(" --")[0], option
    assert "[required]" not in text.partition(" --at ")[2].partition(" --")[0]
