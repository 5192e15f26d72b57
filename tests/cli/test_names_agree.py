"""One word for one thing in the whole tree of commands: verbs, options, and what help calls their values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import click

from tests.cli.test_help import ALL, PAGE
from traceledger.cli.metavars import NAMES, NUMBERS, WORDS
from traceledger.operations.catalogue import OPERATIONS

RECORDING = {(*kind.row().noun.split(), kind.row().verb) for kind in OPERATIONS}
NARROWER = {
    "--as-of": {"BLOCK", "TIME", "BLOCK | TIME"},
    "--delay": {"DURATION", "N"},
    "--from": {"FILE", "TIME"},
    "--host": {"HOST", "IP"},
    "--kind": {"WORD"},
    "--lang": {"CODE", "CODE,…"},
    "--lot": {"BATCH", "BATCH=ANSWER"},
    "--output": {"FILE", "FOLDER", "NAME,WORD=VALUE,…"},
    "--participant": {"PARTICIPANT", "ADDRESS"},
    "--substance": {"SUBSTANCE", "SUBSTANCE=MASS"},
    "--target": {"TARGET", "TEXT"},
}
"""Options whose value is written in more than one way.

A key's consent is given before its company has a name.
"""


def options() -> Iterator[tuple[tuple[str, ...], click.Option]]:
    for path, command in ALL.items():
        for each in command.params:
            if isinstance(each, click.Option) and not each.hidden:
                yield path, each


def words(metavar: str) -> set[str]:
    return {word for word in re.findall(r"[A-Z][A-Z0-9]+[A-Z0-9]|\bN\b|\bID\b", metavar) if word != "CC"}


def test_verbs_are_of_the_list() -> None:
    section = PAGE.read_text("utf-8").partition("## Words of commands")[2].partition("\n## ")[0]
    rows = [
        line.split("|")[1]
        for line in section.partition("| option |")[0].splitlines()
        if line.startswith("| `")
    ]
    listed = {verb for row in rows for verb in re.findall(r"`([a-z-]+)`", row)}
    verbs = {
        path[-1]
        for path, command in ALL.items()
        if len(path) > 1 and path not in RECORDING and not isinstance(command, click.Group)
    }
    assert verbs - listed == set()


def test_values_are_called_by_words_of_one_list() -> None:
    known = {*NAMES, *NUMBERS, *WORDS, "URI", "SHA256", "VALUE", "ANSWER", "LEAST", "HIGHEST", "IP", "HASH"}
    known |= {"ORIGIN"}
    for path, option in options():
        assert words(option.metavar or "") - known == set(), (path, option.opts)
        if not (option.is_flag or option.count or isinstance(option.type, click.Choice)):
            assert option.metavar, (path, option.opts)


def test_an_option_is_written_the_same_way_everywhere() -> None:
    written = defaultdict(set)
    for _, option in options():
        if option.metavar:
            written[max(option.opts, key=len)].add(option.metavar)
    unlike = {name: found - NARROWER.get(name, set()) for name, found in written.items() if len(found) > 1}
    assert [name for name, found in unlike.items() if found] == []


def test_one_option_for_one_question() -> None:
    """Whose, when, as of which block, how many, into which file, without a question."""
    refused = {"--of", "--whose", "--company", "--last", "--max", "--count", "--out", "--file", "--force"}
    refused |= {"--no-confirm", "--date", "--time", "--when", "--until-block", "--at-block"}
    for path, option in options():
        if path in RECORDING:
            continue
        assert not refused.intersection(option.opts), path
        # When a lot came is not asked of what is on the ledger.
        assert "--at" not in option.opts or path == ("pact", "import"), path
        # A checkpoint is about a block; it is not of the state after it.
        assert "--block" not in option.opts or path == ("proof", "witness"), path
        assert ("-o" in option.opts) == ("--output" in option.opts), path
