"""An audit of a real chain finds what an audit of the told ledger finds; and the command shows it."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.frauds import FRAUDS
from tests.audit.honest import HonestChain
from traceledger.audit import audit, load_settings
from traceledger.cli import main
from traceledger.client.client import Client, connect
from traceledger.config.networks import write_template
from traceledger.documents import audits

PLANTED = (
    "put_cobalt_where_it_cannot_be",
    "swap_the_cargo",
    "refine_what_is_at_sea",
    "ship_before_it_is_mined",
    "sell_a_lot_twice",
    "go_on_after_a_withdrawal",
    "book_a_tenth_of_the_energy",
    "type_kilograms_as_milligrams",
    "book_kilograms_as_tonnes",
    "thin_the_sulfate_on_paper",
    "weigh_the_residue",
    "pour_it_into_slag",
    "correct_what_is_used",
    "gain_a_little_every_time",
    "write_the_lot_in_cyrillic",
    "write_the_lot_in_full_width",
    "write_the_lot_as_a_link",
    "pass_for_the_mine",
)
#: What rests on auditors' papers: not among the operations of the told ledger, but tested in test_papers.py.
PAPERS = ("lca-missing", "assessment-expired", "finding-overdue", "high-risk-origin")
#: What compares claimed times with those of blocks, which are this minute's here.
BLOCKS = ("minted-late", "capacity-in-retrospect", "clock-ahead", "claimed-in-future")


@pytest.fixture(scope="module")
def chain() -> HonestChain:
    chain = HonestChain(12)
    for name in PLANTED:
        FRAUDS[name][1](chain)
    chain.now = max(chain.now, chain.clock)
    return chain


@pytest.fixture(scope="module")
def folder(chain: HonestChain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real chain on which the same operations have run."""
    folder = tmp_path_factory.mktemp("audited")
    lines = [json.dumps(op) for op in chain.ledger.ops]
    (folder / "operations.jsonl").write_text("\n".join(lines), "utf-8")
    off = "\n".join(f'{rule} = "off"' for rule in (*PAPERS, *BLOCKS))
    (folder / "settings.toml").write_text(f"[rules]\n{off}\n", "utf-8")
    with connect(config=write_template(folder), passphrase=lambda _: "only a test") as client:
        client.deploy()
        client.submit(folder / "operations.jsonl", create_keys=True)
    return folder


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with connect(config=folder / "networks.toml", passphrase=lambda _: "only a test") as client:
        client.sync()
        yield client


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*arguments, "--config", str(folder / "networks.toml")])
    return code, out.getvalue(), err.getvalue()


def test_real_and_told_ledger_agree(chain: HonestChain, folder: Path, client: Client) -> None:
    settings = load_settings(folder / "settings.toml")

    told = audit(chain.ledger, now=chain.now, settings=settings)
    real = audit(client.index, now=chain.now, settings=settings)

    def issues(report: object) -> list[tuple[str, ...]]:
        found = audits.audit(report)["issues"]  # type: ignore[attr-defined]
        return sorted((i["rule"], i["level"], i["subject"]["name"], i["message"]) for i in found)

    assert issues(real) == issues(told)
    assert {FRAUDS[name][0] for name in PLANTED} <= {item.rule.id for item in real.found}
    assert real.batches == told.batches


def test_command_fails_and_prints_the_result(folder: Path) -> None:
    code, out, err = run(folder, "audit", "--all")

    assert code == 4
    assert "travel-too-fast" in out
    assert "of level high or above" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_command_writes_documents(form: str, folder: Path) -> None:
    code, out, _ = run(folder, "audit", "--all", "--format", form, "--as-of", "2026-12-31T00:00:00Z")
    document = json.loads(out)
    assert code == 4
    if form == "json":
        assert (document["failed"], document["at"]) == (True, "2026-12-31T00:00:00Z")
        assert (
            json.loads(run(folder, "audit", "--all", "--json", "--as-of", "2026-12-31T00:00:00Z")[1])
            == document
        )
    else:
        assert document["version"] == "2.1.0"
        assert document["runs"][0]["results"]


def test_command_keeps_to_its_scope(folder: Path, chain: HonestChain) -> None:
    first = next(op for op in chain.ledger.ops if op["op"] == "transform")
    code, out, _ = run(folder, "audit", f"{first['as']}/{first['outputs'][0]['batch']}", "--format", "json")
    document = json.loads(out)
    assert code == 0
    assert document["scope"]["kind"] == "batch"
    assert document["counts"]["high"] == 0

    code, out, _ = run(folder, "audit", "--participant", "zambezi", "--format", "json")
    assert json.loads(out)["scope"] == {"kind": "participant", "name": "zambezi"}


def test_command_obeys_the_policy(folder: Path, tmp_path: Path) -> None:
    lenient = tmp_path / "lenient.toml"
    lenient.write_text('fail_on = "never"', "utf-8")
    assert run(folder, "audit", "--all", "--settings", str(lenient))[0] == 0
    lenient.write_text("fail_on = 1", "utf-8")
    code, out, err = run(folder, "audit", "--all", "--settings", str(lenient))
    assert (code, out) == (2, "")
    assert "fail_on" in err


@pytest.mark.parametrize("arguments", [(), ("x/y", "--all"), ("--participant", "kokkola", "--all")])
def test_command_wants_one_subject(arguments: tuple[str, ...], folder: Path) -> None:
    code, _, err = run(folder, "audit", *arguments)
    assert code == 2
    assert "not clear" in err


def test_command_shows_the_default_settings(folder: Path, tmp_path: Path) -> None:
    code, out, _ = run(folder, "audit", "--show-settings")
    copy = tmp_path / "copy.toml"
    copy.write_text(out, "utf-8")
    assert code == 0
    assert load_settings(copy) == load_settings()
