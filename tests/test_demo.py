"""The cobalt-to-car example: it runs, its arithmetic is that of its sources, the demonstration shows it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_readme import blocks, environment, run_page, working_copy
from traceledger.client.client import Client, connect
from traceledger.config.networks import write_template
from traceledger.documents import traces
from traceledger.errors import ContractRefusalError
from traceledger.provenance import Trace
from traceledger.refusals import ParticipantNotActive

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "cobalt-to-car.jsonl"
OPERATIONS = [json.loads(line) for line in EXAMPLE.read_text("utf-8").splitlines() if line]
KG = 10**6
REFUSALS = {
    "unapproved-origin": "OriginNotApproved",
    "over-capacity": "CapacityExceeded",
    "cobalt-from-nothing": "SubstanceNotConserved",
    "spent-twice": "BatchNotActive",
}
CONTINENTS = {
    "Africa": {"CD", "ZM", "ZA"},
    "Asia": {"ID", "CN", "IN", "KR"},
    "Europe": {"DE", "FI", "PL", "SE", "DK", "NL"},
    "Oceania": {"AU"},
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The example on a chain of its own."""
    config = write_template(tmp_path_factory.mktemp("example"))
    with connect(config=config, passphrase=lambda _: "only a test") as client:
        client.deploy()
        done = client.submit(EXAMPLE, create_keys=True)
        assert (done.operations, done.sent) == (len(OPERATIONS), len(OPERATIONS))
        yield client


@pytest.fixture(scope="module")
def car(client: Client) -> Trace:
    return client.trace("oem/VIN-1")


def of_kind(*kinds: str) -> list[dict[str, Any]]:
    return [operation for operation in OPERATIONS if operation["op"] in kinds]


def kg_of(client: Client, batch: str) -> float:
    return client.trace(batch).made_mass_mg / KG


def test_it_is_the_chain_it_says_to_be() -> None:
    participants = of_kind("register_participant")
    countries = {participant["country"] for participant in participants}
    roles = {role for participant in participants for role in participant["roles"]}

    assert len(participants) >= 12
    assert all(countries & continent for continent in CONTINENTS.values())
    assert {"producer", "recycler", "processor", "manufacturer", "carrier", "auditor"} <= roles
    assert {
        "mint",
        "split",
        "ship",
        "receive",
        "reject",
        "cancel",
        "transform",
        "add_emissions",
        "retire",
    } <= {operation["op"] for operation in OPERATIONS}
    assert any(operation.get("allocation") == "economic" for operation in OPERATIONS)
    assert any(operation.get("arrived") for operation in OPERATIONS)


def test_readmes_state_its_size() -> None:
    count = f"{len(OPERATIONS)} operations"
    participants = len(of_kind("register_participant"))
    for page in ("README.md", "examples/README.md", "scripts/demo"):
        assert count in (ROOT / page).read_text("utf-8"), page
    countries = len({participant["country"] for participant in of_kind("register_participant")})
    assert f"{participants} companies" in (ROOT / "README.md").read_text("utf-8")
    assert f"{countries} countries" in (ROOT / "examples" / "README.md").read_text("utf-8")


def test_nothing_is_used_before_it_happened() -> None:
    made: dict[str, str] = {}
    for operation in of_kind("mint", "split", "transform", "ship", "receive"):
        actor, at = operation["as"], operation["at"]
        assert "2026-01-01" <= at < "2026-11-01"
        used = [operation.get("batch")] if operation["op"] == "split" else operation.get("batches", [])
        used += [item["batch"] for item in operation.get("inputs", [])]
        for name in used:
            full = name if name in made else f"{actor}/{name}"
            assert made[full] <= at, operation
        new = [operation.get("batch")] if operation["op"] == "mint" else []
        new += [item["batch"] for item in operation.get("into", []) + operation.get("outputs", [])]
        made |= {f"{actor}/{name}": at for name in new}


def test_evidence_is_the_document_beside_it() -> None:
    evidence = [item for operation in OPERATIONS for item in operation.get("evidence", [])]
    assert evidence
    for item in evidence:
        document = ROOT / "examples" / "documents" / item["uri"].rpartition("/")[2]
        assert hashlib.sha256(document.read_bytes()).hexdigest() == item["sha256"]


def test_car_is_traced_to_every_origin(car: Trace) -> None:
    document = traces.trace(car)

    assert set(document["substances_mg"]) == {"Li", "C", "Mn", "Co", "Ni", "mica"}
    assert set(document["traced_share"].values()) == {1.0}
    assert not car.tainted
    assert document["state"] == "delivered"
    countries = {origin["country"] for origin in document["origins"]}
    assert countries == {"CD", "ZM", "DE", "ID", "ZA", "AU", "CN", "IN"}
    for content in ("by_facility", "by_process", "by_scope"):
        assert sum(map(int, document["co2e"][content].values())) == car.footprint.total_mg


def test_footprints_are_plausible(client: Client, car: Trace) -> None:
    """IVL 2019: 61 to 106 kg CO2e per kWh of pack; Polestar's published cars: 19.4 to 26.2 t."""
    pack = client.footprint("gothia/PACK-0001").total_mg / KG

    assert 61 <= pack / 78 <= 106
    assert 19_000 <= car.footprint.total_mg / KG <= 26_200


def test_recycled_cobalt_is_what_went_in(client: Client) -> None:
    """59 of 289.0 kg of cobalt sulfate came from the recycler."""
    content = traces.trace(client.trace("oem/VIN-1"))["recycled_content"]
    kinds = ("post_consumer", "pre_consumer")
    recycled = {name: sum(shares[kind] for kind in kinds) for name, shares in content.items()}

    assert recycled["Co"] == pytest.approx(59 / 289, abs=1e-4)
    assert recycled["Ni"] == pytest.approx(180 / 2161.5, abs=1e-4)
    assert recycled["Li"] == pytest.approx(30 / 431.3, abs=1e-4)
    assert recycled["Mn"] == recycled["C"] == recycled["mica"] == 0


@pytest.mark.parametrize(
    ("batch", "substance", "share", "tolerance"),
    [
        ("katanga/ORE-2026-014", "Co", 0.0047, 0),
        ("likasi/HYD-031", "Co", 0.35, 1e-6),
        ("kokkola/COS-88", "Co", 0.2097, 1e-5),
        ("lusatia/RNI-12", "Ni", 0.2233, 1e-5),
        ("sulawesi/NIS-301", "Ni", 0.2233, 1e-5),
        ("kalahari/MNS-55", "Mn", 0.3251, 1e-5),
        ("pilbara/LIH-118", "Li", 0.1654, 1e-5),
        ("konin/CAM-77", "Co", 0.0606, 1e-4),
        ("konin/CAM-77", "Ni", 0.4827, 1e-4),
    ],
)
def test_grades_are_those_of_the_sources(
    client: Client, batch: str, substance: str, share: float, tolerance: float
) -> None:
    document = traces.trace(client.trace(batch))
    grade = int(document["made_substances_mg"][substance]) / int(document["made_mass_mg"])
    assert grade == pytest.approx(share, abs=tolerance)


def without_transport(client: Client, batch: str) -> float:
    """kg CO2e of a batch, but for transport and storage."""
    by_process = client.footprint(batch).by_process
    return sum(mg for name, mg in by_process.items() if name not in ("transport", "warehouse")) / KG


def test_factors_are_those_of_the_sources(client: Client) -> None:
    cobalt = int(traces.trace(client.trace("kokkola/COS-88"))["made_substances_mg"]["Co"]) / KG
    recycler = ("lusatia/RCO-12", "lusatia/RNI-12", "lusatia/RLI-12")
    co, ni, li = (kg_of(client, name) for name in recycler)
    published = 4.89 * co + 3.90 * ni + 2.07 * 0.41 * 0.8805 * li

    assert without_transport(client, "kokkola/COS-88") / cobalt == pytest.approx(13.0, rel=0.005)
    for batch, factor in {
        "kokkola/COS-89": 36.1,
        "sulawesi/NIS-301": 4.72,
        "kalahari/MNS-55": 0.88,
        "heilongjiang/SPG-210": 2.65,
        "pilbara/LIH-118": 0.8805 * 9,
    }.items():
        assert without_transport(client, batch) / kg_of(client, batch) == pytest.approx(factor, rel=0.002), (
            batch
        )
    assert sum(without_transport(client, name) for name in recycler) == pytest.approx(published, rel=0.001)


def test_measured_supplier_stands_out(client: Client) -> None:
    measured, generic = (client.footprint(f"kokkola/COS-{lot}") for lot in (88, 89))
    per_kg = [
        whole.total_mg / kg_of(client, name) / KG
        for whole, name in ((measured, "kokkola/COS-88"), (generic, "kokkola/COS-89"))
    ]

    assert measured.primary_share > 0.6
    assert generic.primary_share < 0.05
    assert per_kg[0] < per_kg[1] / 5


def test_every_lot_of_the_readme_is_in_the_file() -> None:
    text = EXAMPLE.read_text("utf-8")
    readme = (ROOT / "examples" / "README.md").read_text("utf-8")
    for table_row in readme[readme.index("## Sources") :].splitlines():
        first = table_row.split("|")[1] if table_row.startswith("|") else ""
        for name in first.split("`")[1::2]:
            assert f'"{name.rstrip("…")}' in text, name


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_refused_attempts(client: Client, name: str) -> None:
    before = events(client)
    with pytest.raises(ContractRefusalError) as refused:
        client.submit(ROOT / "examples" / "refused" / f"{name}.jsonl")

    assert type(refused.value).__name__ == REFUSALS[name]
    assert events(client) == before


def events(client: Client) -> int:
    """How many events the contracts have emitted; a transaction that failed emits none."""
    client.sync()
    return client.index.status().logs


def test_supplier_is_audited_blocked_corrected_reinstated(tmp_path: Path) -> None:
    config = write_template(tmp_path)
    with connect(config=config, passphrase=lambda _: "only a test") as client:
        client.deploy()
        client.submit(EXAMPLE, create_keys=True)
        audit_supplier(client)


def audit_supplier(client: Client) -> None:
    """The example of the audited supplier, after the example chain."""
    folder = ROOT / "examples" / "assurance"
    assert client.standing("jharkhand").may_act
    client.submit(folder / "audited.jsonl")
    assert [item.reason for item in client.standing("jharkhand").obstacles] == ["suspended"]
    with pytest.raises(ParticipantNotActive):
        client.submit(folder / "blocked.jsonl")
    client.submit(folder / "corrected.jsonl")
    assert client.standing("jharkhand").may_act
    assert client.submit(folder / "blocked.jsonl").sent == 1
    assert not client.trace("oem/VIN-1").tainted


def test_evidence_of_the_audit_is_the_documents_beside_it() -> None:
    named = {}
    for path in (ROOT / "examples" / "assurance").iterdir():
        for line in path.read_text("utf-8").splitlines():
            operation = json.loads(line)
            given = operation.get("evidence", [])
            given += [operation] if operation["op"] == "record_evidence" else []
            named |= {item["uri"].rpartition("/")[2]: item["sha256"] for item in given}
    assert len(named) == 2
    for name, digest in named.items():
        document = ROOT / "examples" / "documents" / f"audit-{name}"
        assert hashlib.sha256(document.read_bytes()).hexdigest() == digest


def test_refused_attempts_are_all_of_the_folder() -> None:
    assert {path.stem for path in (ROOT / "examples" / "refused").iterdir()} == set(REFUSALS)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """scripts/demo in a copy of the repository, without a terminal and with a home of its own."""
    folder = tmp_path_factory.mktemp("demo")
    copy = working_copy(folder)
    (folder / "home").mkdir()
    done = subprocess.run(
        ["scripts/demo"],
        cwd=copy,
        env=environment(HOME=str(folder / "home"), LC_ALL="C"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return copy, done


def test_demo_shows_declaration_and_refusals(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = demo

    assert "Product Sustainability Declaration" in done.stdout
    assert done.stdout.count("examples/refused/") >= 4
    assert "Co is not conserved: 209.699785 kg went in, 251.64 kg came out" in done.stdout
    assert "is consumed" in done.stdout
    assert str(ROOT) not in done.stdout


def test_demo_shows_a_supplier_audited_blocked_corrected_reinstated(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = demo
    shown = done.stdout[done.stdout.index("A supplier is audited") : done.stdout.index("Try next:")]
    steps = (
        "it is suspended",
        "jharkhand is suspended and may not act",
        "action accepted",
        "closed",
        "may act      yes",
    )
    place = 0
    for step in steps:
        place = shown.index(step, place)


def test_demo_builds_the_pages_of_its_cars(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    copy, done = demo
    pages = copy / ".traceledger" / "demo" / "pages"

    assert f"file://{pages}/index.html" in done.stdout
    assert f"python3 -m http.server --bind 127.0.0.1 --directory {pages}" in done.stdout
    assert "traceledger serve" in done.stdout
    listed = (pages / "index.html").read_text("utf-8")
    assert all(f"oem/VIN-{number}<" in listed for number in (1, 2, 3))
    for language in ("de", "sv", "da", "nl", "fr", "zh-Hans"):
        assert len(list(pages.glob(f"*/index.{language}.html"))) == 3
    assert len(list(pages.glob("*/*.tlproof"))) == 3


def test_demo_ends_with_commands_that_work(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    copy, done = demo
    closing = done.stdout[done.stdout.index("Try next:") :].splitlines()
    commands = [line.strip() for line in closing if line.startswith("  ")]
    pasted = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
        cwd=copy,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert sum(command.startswith("traceledger ") for command in commands) >= 5
    assert pasted.returncode == 0, pasted.stdout + pasted.stderr


def test_readme_runs(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """It begins with the demonstration, and goes on where that ended."""
    copy, done = demo
    assert blocks("README.md", "bash")[0].strip() == "scripts/demo"
    printed = done.stdout + run_page("README.md", copy, ran="scripts/demo")

    assert "Product Sustainability Declaration" in printed
    assert "BatchNotActive - " in printed
    assert '"tainted": true' in printed


def test_demo_does_not_overwrite_a_folder(tmp_path: Path) -> None:
    kept = tmp_path / "mine"
    kept.mkdir()
    (kept / "file").touch()
    done = subprocess.run(
        [working_copy(tmp_path) / "scripts" / "demo", kept],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert [path.name for path in kept.iterdir()] == ["file"]
