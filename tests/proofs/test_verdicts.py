"""Verdicts by policies: a good ledger is accepted, and each bad one is refused for what is bad about it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.cli.conftest import run_command
from tests.proofs.conftest import RichWorld
from tests.proofs.rich_world import CART, RECYCLED
from tests.proofs.support import check
from tests.proofs.verdict_world import BILL, GLN, LEI, VerdictWorld, build
from traceledger.errors import InputError, place_of
from traceledger.events import (
    BatchTakenBack,
    LedgerEvent,
    ParticipantRegistered,
    RecordedEvent,
    StockAssigned,
)
from traceledger.model.article_8 import MINIMUMS
from traceledger.proofs import Policy, VerifiedProof, verify
from traceledger.proofs.succession import identity
from traceledger.proofs.verdicts import entity_list
from traceledger.proofs.verdicts.chain import UnbrokenChain
from traceledger.proofs.verdicts.handovers import HandOverKind, handovers
from traceledger.proofs.verdicts.judgement import Judge, Judgement
from traceledger.proofs.verdicts.policy_file import PolicyFile, load, read, shipped
from traceledger.proofs.verdicts.policy_questions import Supplied
from traceledger.walk import ONE


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> VerdictWorld:
    return build(tmp_path_factory.mktemp("verdicts"))


@pytest.fixture(scope="session")
def proofs(verdicts: VerdictWorld) -> dict[str, VerifiedProof]:
    return {name: verify(path, name, verdicts.trusted) for name, path in verdicts.proofs.items()}


def policy(text: str, folder: Path = Path(), **files: Path) -> PolicyFile:
    return read(text.encode(), "policy.toml", folder, Supplied(**files))


def judged(proof: VerifiedProof, text: str, folder: Path = Path(), **files: Path) -> Judgement:
    return Judge(policy=policy(text, folder, **files)).judge(proof)


def entities(folder: Path, rows: str, heads: str = "name,alt_names,identifiers,addresses") -> Path:
    path = folder / "list.csv"
    path.write_text(f"{heads}\n{rows}\n", "utf-8")
    return path


# --- Article 8 ----------------------------------------------------------------------------------------------


def test_article_8_by_the_articles_own_counting(proofs: dict[str, VerifiedProof]) -> None:
    for year in (2031, 2036):
        named = load(f"eu-battery-regulation-article-8-{year}")
        green = Judge(policy=named).judge(proofs["norr/GREEN"])
        assert green.reasons == ()
        (answer,) = green.answers
        assert answer.figures["metals"]["Co"]["share"] == 1.0
        assert answer.figures["metals"]["Co"]["exact"]["counted"] == str(10**9 * ONE)
        assert any("all batteries of the model" in each for each in green.does_not_prove)
        assert any("no Ni or Pb" in each for each in green.does_not_prove)
        mined = Judge(policy=named).judge(proofs["norr/GOOD"])
        assert list(mined.reasons) == [
            f"0.00 % of its Li counts as recovered by Article 8, not {MINIMUMS[3].percent(year)} %",
            f"0.00 % of its Co counts as recovered by Article 8, not {MINIMUMS[27].percent(year)} %",
        ]


def test_article_8_asks_for_metals_that_must_be_there(proofs: dict[str, VerifiedProof]) -> None:
    text = '[article_8]\ntarget = 2031\nmetals = ["Co", "nickel"]'
    assert judged(proofs["norr/GREEN"], text).reasons == ("it holds no Ni that could be recovered",)


def test_rules_of_ones_own_beside_the_policy(proofs: dict[str, VerifiedProof], tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('[active_material.process]\n"cathode" = false\n')
    made = judged(proofs["norr/GREEN"], '[article_8]\ntarget = 2031\nrules = "rules.toml"', tmp_path)
    assert "nothing of its Co is in what Article 8 divides by" in made.reasons
    assert made.answers[0].figures["rules"] == "rules.toml"


# --- the chain of custody -----------------------------------------------------------------------------------

CHAIN = "[chain]\nno_gaps = true\npapers = true"


def test_an_unbroken_chain(proofs: dict[str, VerifiedProof]) -> None:
    made = judged(proofs["norr/GOOD"], CHAIN)
    assert made.reasons == ()
    (row,) = made.answers[0].figures["handovers"]
    assert (row["from"], row["to"], row["name"]) == ("outback", "norr", "outback/S-GOOD")
    assert row["papers"][0]["sha256"] == hashlib.sha256(BILL).hexdigest()
    assert len(row["events"]) == 2
    assert any("GOOD-CAM got from one site" in each for each in made.does_not_prove)


@pytest.mark.parametrize(
    ("batch", "reason"),
    [
        ("norr/PAPERLESS", "shipment outback/S-PAPERLESS from outback to norr has no document on record"),
        ("norr/UNTRACED", "it holds, in whatever part, what nobody can trace to an origin: norr/OLD"),
        ("norr/WRONG", "an error is declared in outback/WRONG-SALT, on its way"),
        ("outback/WAY", "shipment outback/S-WAY from outback to norr has not arrived"),
        (
            "norr/BORDER",
            "norr/BORDER-CAM got from norr/works to norr/cells in another country without a shipment",
        ),
    ],
)
def test_each_gap_is_named(proofs: dict[str, VerifiedProof], batch: str, reason: str) -> None:
    assert judged(proofs[batch], CHAIN).reasons == (reason,)


def test_assigned_stock_and_products_that_came_back(rich_world: RichWorld) -> None:
    cart = check(rich_world.proofs[CART], rich_world.trusted)
    found = handovers(cart)
    assert HandOverKind.ASSIGNMENT in {each.kind for each in found}
    assert all(each.papers for each in found if each.kind is HandOverKind.ASSIGNMENT)
    # What was refused, cancelled, or received and sent again is no hand-over; the last receipt is.
    assert [each.name for each in found if each.kind is HandOverKind.SHIPMENT] == ["quarry/S2"]
    recycled = check(rich_world.proofs[RECYCLED], rich_world.trusted)
    (back,) = handovers(recycled)
    assert (back.kind, back.name, back.receiver) == (HandOverKind.TAKE_BACK, CART, "renew")
    said = UnbrokenChain(no_gaps=True, papers=True).ask(recycled).not_proved
    assert any("before they were taken back" in each for each in said)


@pytest.mark.parametrize(
    ("batch", "kind", "reason"),
    [
        (CART, StockAssigned, "works/COS was assigned by the consortium without a document on record"),
        (RECYCLED, BatchTakenBack, f"{CART} was taken back without a document on record"),
    ],
)
def test_what_came_without_a_shipment_needs_a_document(
    rich_world: RichWorld, batch: str, kind: type[LedgerEvent], reason: str
) -> None:
    proof = check(rich_world.proofs[batch], rich_world.trusted)

    def bare(item: RecordedEvent) -> RecordedEvent:
        return replace(item, event=replace(item.event, evidence=())) if isinstance(item.event, kind) else item

    nodes = {
        number: replace(node, later=tuple(map(bare, node.later)))
        for number, node in proof.upstream.nodes.items()
    }
    without = replace(proof, upstream=replace(proof.upstream, nodes=nodes))
    asked = UnbrokenChain(no_gaps=True, papers=False)
    assert reason in asked.ask(without).reasons
    assert reason not in asked.ask(proof).reasons


# --- regions ------------------------------------------------------------------------------------------------

REGION = """
[region]
name = "the region"
outside_sites = {outside}
[[region.areas]]
name = "its box"
country = "CN"
south = "34.3"
north = "49.3"
west = "73.4"
east = "96.5"
"""


def test_where_everything_was_made(proofs: dict[str, VerifiedProof]) -> None:
    def reasons(batch: str, text: str = REGION.replace("{outside}", '["urumqi/mine"]')) -> tuple[str, ...]:
        return judged(proofs[batch], text).reasons

    assert reasons("norr/GOOD") == reasons("norr/OUTSIDE") == ()
    # What is said to be outside says where it lies: that counts.
    assert reasons("norr/INSIDE") == ("something in it was made at urumqi/mine, which lies in its box",)
    assert reasons("norr/UNKNOWN") == (
        "whether something in it was made in the region is not known: lanzhou/mine in CN says no coordinates",
    )
    assert reasons("norr/UNTRACED") == ("nobody can show where norr/OLD comes from",)
    vouched = judged(proofs["norr/UNKNOWN"], REGION.replace("{outside}", '["lanzhou/mine"]'))
    assert vouched.reasons == ()
    assert "That lanzhou/mine lies outside: the policy says so." in vouched.does_not_prove
    assert reasons("norr/OUTSIDE", '[region]\nname = "x"\ncountries = ["cn"]') == (
        "something in it was made at harbin/mine in CN, which is in x",
    )


def test_a_site_of_a_region_by_its_number(proofs: dict[str, VerifiedProof]) -> None:
    for site in (f"GLN:{GLN}", "gln:40-000010-00005", "outback/pit"):
        made = judged(proofs["norr/GOOD"], f'[region]\nname = "x"\nsites = ["{site}"]')
        assert made.reasons == ("outback/pit is named as a site in x",)
    assert judged(proofs["norr/OUTSIDE"], f'[region]\nname = "x"\nsites = ["gln:{GLN}"]').reasons == ()


# --- lists --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "by"),
    [
        (f"Somebody,,lei:{LEI},", "identifier"),
        ("OUTBACK EXAMPLE MINING,,,", "name"),
        ('"outback  éxample-mining PTY. LIMITED",,,', "name"),
        ("Somebody,Else; Outback Example Mining Pty Ltd,,", "name"),
        (f"Somebody,,gln:{GLN},", "identifier"),
    ],
)
def test_who_is_listed_is_found(proofs: dict[str, VerifiedProof], tmp_path: Path, row: str, by: str) -> None:
    made = judged(
        proofs["norr/GOOD"], "[listed_entities]", listed_entities=entities(tmp_path, f"Nobody Here,,,\n{row}")
    )
    assert len(made.reasons) == 1
    assert "outback" in made.reasons[0] and f"(line 3, by its {by})" in made.reasons[0]
    assert hashlib.sha256((tmp_path / "list.csv").read_bytes()).hexdigest() in made.answers[0].shown[0]


def test_an_address_on_the_ledger_is_compared(proofs: dict[str, VerifiedProof], tmp_path: Path) -> None:
    proof = proofs["norr/GOOD"]
    address = next(each.address for each in proof.participants if each.slug == "outback")
    path = entities(tmp_path, f"Somebody,,,0x{address.hex()}")
    (reason,) = judged(proof, "[listed_entities]", listed_entities=path).reasons
    assert "by its address" in reason


def test_who_is_called_alike_is_refused_until_somebody_says(
    proofs: dict[str, VerifiedProof], tmp_path: Path
) -> None:
    path = entities(tmp_path, "Example Mining,\nNorr Example Cells of Norrland,\nNorr,", "name,programme")
    made = judged(proofs["norr/GOOD"], "[listed_entities]", listed_entities=path)
    assert set(made.reasons) == {
        "norr is in list.csv: Norr (line 4, by its name)",
        "outback is called like one of list.csv: Example Mining (line 2); are they different?",
    }
    path = entities(tmp_path, "Example Mining,\nNorr Example Cells of Norrland,", "name,programme")
    different = '[listed_entities]\ndifferent = ["outback", "norr"]'
    made = judged(proofs["norr/GOOD"], different, listed_entities=path)
    assert made.reasons == ()
    said = "\n".join(made.does_not_prove)
    assert "That outback is not Example Mining (line 2), whom it is called like: the policy says so." in said
    assert "programme were not compared" in said
    # Who is listed is not different for being called so.
    path = entities(tmp_path, f"Somebody,,lei:{LEI},")
    assert judged(proofs["norr/GOOD"], different, listed_entities=path).reasons


def test_a_former_name_is_compared(rich_world: RichWorld, tmp_path: Path) -> None:
    cart = check(rich_world.proofs[CART], rich_world.trusted)
    assert "Quarry and Daughters" in {each.name for each in cart.participants}
    former = next(
        event.name
        for event in cart.registry.registrations
        if isinstance(event, ParticipantRegistered) and event.slug == "quarry"
    )
    path = entities(tmp_path, f"{former} Ltd,,,")
    (reason,) = judged(cart, "[listed_entities]", listed_entities=path).reasons
    assert "quarry is in list.csv" in reason


def test_names_that_are_written_into_a_name(proofs: dict[str, VerifiedProof], tmp_path: Path) -> None:
    row = '"Somebody Co., Ltd. (including two aliases: Somebody Else; and Outback Example Mining Co.)",,,'
    (reason,) = judged(
        proofs["norr/GOOD"], "[listed_entities]", listed_entities=entities(tmp_path, row)
    ).reasons
    assert "by its name" in reason


def test_a_list_that_is_not_the_one_that_is_meant(tmp_path: Path) -> None:
    path = entities(tmp_path, "Somebody,,,")
    with pytest.raises(InputError, match="not that which the policy names"):
        policy(f'[listed_entities]\nsha256 = "{"0" * 64}"', listed_entities=path)
    with pytest.raises(InputError, match="asks for a list of entities"):
        load("uflpa")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column name"),
        (b"name\n", "it lists nobody"),
        (b"name,name\na,b\n", "is there twice"),
        (b"name\nA,\n", "cells, under"),
        (b"name,identifiers\n,lei:x\n", "an entity has no name"),
        (b"name,identifiers\nA,lei:529900T8BM49AURSDO56\n", "529900T8BM49AURSDO56"),
        (b"name,identifiers\nA,12345\n", "'12345' is no identifier"),
        (b"name,addresses\nA,1 Main Street\n", "no address of a ledger"),
        (b'name\n"A\n', "not valid CSV"),
        (b"name\n\xff\n", "not valid UTF-8"),
        (b"name\n" + b"A" * 200_000 + b"\n", "not valid CSV"),
    ],
)
def test_lists_that_cannot_be_understood(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        entity_list.load(path)


# --- material assistance ------------------------------------------------------------------------------------

ASSISTANCE = """
[material_assistance]
measure = "{measure}"
product = "battery_component"
year = 2027
prohibited_countries = ["CN"]
[material_assistance.thresholds.battery_component]
2026 = "60 %"
2028 = "70 %"
"""
MASS, COST = ASSISTANCE.replace("{measure}", "mass"), ASSISTANCE.replace("{measure}", "cost")


def test_shares_by_mass(proofs: dict[str, VerifiedProof]) -> None:
    assert judged(proofs["norr/GOOD"], MASS).reasons == ()
    made = judged(proofs["norr/OUTSIDE"], MASS)
    assert "0 % of its Co, by mass, is shown to come from nobody prohibited, not 60 %" in made.reasons
    assert any("cost ratio of the law" in each for each in made.does_not_prove)
    figures = made.answers[0].figures
    assert figures["by_substance"]["Co"]["by_country"] == {"CN": 1.0}
    assert {"name": "harbin", "why": "registered in CN"} in figures["prohibited"]
    # Of a whole but for a milligram that nobody can trace, that milligram counts as prohibited.
    untraced = judged(proofs["norr/UNTRACED"], MASS).answers[0].figures["by_substance"]["Co"]
    assert Fraction(str(untraced["not_prohibited_share"])) < 1


def test_a_ratio_of_costs(proofs: dict[str, VerifiedProof], tmp_path: Path) -> None:
    costs = tmp_path / "costs.csv"
    costs.write_text("component,participant,material,cost\nsalt,harbin,,40\ncells,,cell,60\n")
    made = judged(proofs["norr/OUTSIDE"], COST, costs=costs)
    assert made.reasons == ()
    assert made.answers[0].figures["costs"]["ratio"] == 0.6
    costs.write_text("component,participant,material,cost\nsalt,harbin,,40.000001\ncells,,cell,60\n")
    (reason,) = judged(proofs["norr/OUTSIDE"], COST, costs=costs).reasons
    assert reason == "59.99 % of the direct costs given is shown to be of nobody prohibited, not 60 %"
    costs.write_text("component,batch,cost\nframe,norr/ELSE,1\n")
    made = judged(proofs["norr/GOOD"], COST, costs=costs)
    assert (
        "Who made frame: nothing in the lineage is that, so it counts as prohibited." in made.does_not_prove
    )
    assert made.reasons
    with pytest.raises(InputError, match="a cost ratio needs direct costs"):
        policy(COST)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("component,cost\na,1\n", "one thing of the ledger"),
        ("component,material,cost\na,b,-1\n", "is no cost"),
        ("component,material,cost\na,b,NaN\n", "is no cost"),
        ("component,material,cost\na,b,1e400\n", "is no cost"),
        ("component,material,cost\na,b,0.0000001\n", "is no cost"),
        ("component,material,cost\na,b,0\n", "no costs in it"),
        ("component,material,price\na,b,0\n", "no column 'price'"),
        ("cost,cost\n1,1\n", "a column is missing, or there twice"),
    ],
)
def test_costs_that_cannot_be_understood(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        policy(COST, costs=path)


# --- the file -----------------------------------------------------------------------------------------------


def test_shipped_policies_are_read() -> None:
    assert shipped() == [
        "eu-battery-regulation-article-8-2031",
        "eu-battery-regulation-article-8-2036",
        "material-assistance",
        "uflpa",
    ]
    for name in shipped()[:3]:
        assert load(name).sha256 == hashlib.sha256(load(name).content).hexdigest()


def test_a_file_has_all_conditions_of_the_command_line() -> None:
    facility = "0x" + "0" * 63 + "7"
    text = f"""
title = "all"
[conditions]
material = ["cell", "pack"]
custodian = "norr"
origin_country = {{allow = ["au", "CL"]}}
approved_origin = "{facility}"
max_co2e_per_kg = "12 kg"
min_recycled = {{Co = "16 %", lithium = "6 %"}}
min_traced = {{Co = "95 %"}}
max_untraced = {{Co = "5 %"}}
min_primary_share = "50 %"
no_tainted = true
no_marks = true
no_hold = true
no_suspended = true
no_critical_findings = true
as_of = 2026-01-17T06:00:00Z
max_age = "30 days"
"""
    assert policy(text).policy == Policy(
        materials=frozenset({"cell", "pack"}),
        custodian="norr",
        allowed_countries=frozenset({"AU", "CL"}),
        approved_origins=frozenset({7}),
        max_co2e_mg_per_kg=12 * 10**6,
        min_recycled={27: 1_600, 3: 600},
        min_traced={27: 9_500},
        max_untraced={27: 500},
        min_primary_share=5_000,
        no_tainted=True,
        no_marks=True,
        no_hold=True,
        no_suspended=True,
        no_critical_findings=True,
        as_of_time=1_768_629_600,
        max_age=30 * 86_400,
    )
    assert policy("[conditions]\nas_of = 7").policy == Policy(as_of_block=7)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "it asks for nothing"),
        ("title = 3\n[chain]", 1, "3 is not text"),
        ("\n[condition]\nno_tainted = true", 2, "there is no 'condition' here"),
        ("[conditions]\nno_taint = true", 2, "did you mean"),
        ('[conditions]\nno_tainted = "yes"', 2, "neither true nor false"),
        ('[conditions]\n\nmin_recycled = {Co = "101 %"}', 3, "'101 %' is not a percentage"),
        ("[conditions]\nmin_recycled = {Co = 16}", 2, "16 is not a percentage"),
        ('[conditions.min_recycled]\nCo = "1 %"\n\ncobalt = "2 %"', 4, "'cobalt' is there twice"),
        ('[conditions.min_recycled]\nXx = "1 %"', 2, "Xx"),
        ('[conditions]\nmin_primary_share = "16"', 2, "'16' is not a percentage"),
        ('[conditions]\norigin_country = {allow = ["AU"], deny = ["au"]}', 2, "AU is allowed and denied"),
        ('[conditions]\norigin_country = {allow = ["AU", "au"]}', 2, "AU is there twice"),
        ('[conditions]\norigin_country = {deny = ["ZZ"]}', 2, "ZZ"),
        (
            '[conditions]\nmin_traced = {Co = "100 %"}\nmax_untraced = {Co = "1 %"}',
            3,
            "one of both says nothing",
        ),
        ("[conditions]\nas_of = 0", 2, "no block that says of when"),
        ("[conditions]\nas_of = 2026-01-17T06:00:00", 2, "not a time with its zone"),
        ('[conditions]\nmax_age = "soon"', 2, "soon"),
        ('[conditions]\napproved_origin = ["0x7"]', 2, "is not an id"),
        ('[conditions]\nmaterial = ["a", "a"]', 2, "'a' is there twice"),
        ("[conditions]\nmaterial = []", 2, "not a list of texts"),
        ("conditions = 3", 1, "it is not a table"),
        ("[article_8]\ntarget = 2030", 2, "no target of 2030"),
        ("[article_8]\n# nothing", 1, "target is missing"),
        ('[article_8]\ntarget = 2031\nmetals = ["Cu"]', 3, "no target of 'Cu'"),
        ("[chain]\nno_gaps = false", 1, "it asks for nothing"),
        ('[region]\nname = "x"', 1, "nothing is in the region"),
        ('[region]\nname = "x"\nsites = ["pit"]', 3, "'pit' names no site"),
        ('[region]\nname = "x"\nsites = ["gln:4000001000006"]', 3, "4000001000006"),
        ('[region]\nname = "x"\nsites = ["a/b"]\noutside_sites = ["a/b"]', 4, "in the region and outside"),
        (REGION.replace("{outside}", '["a/b"]').replace('"49.3"', '"91"'), 9, "not an angle"),
        (REGION.replace("{outside}", '["a/b"]').replace('"49.3"', '"30"'), 5, "has no inside"),
        (REGION.replace("{outside}", '["a/b"]').replace('"CN"', '"XX"'), 7, "XX"),
        ('[region]\nname = "x"\nareas = 3', 3, "not a list of tables"),
        (MASS.replace("2027", "2025"), 5, "there is no threshold"),
        (
            MASS.replace('product = "battery_component"', 'product = "battery"'),
            4,
            "no thresholds of 'battery'",
        ),
        (MASS.replace('"70 %"', '"170 %"'), 9, "'170 %' is not a percentage"),
        (MASS.replace("2028", '"next year"'), 9, "is no year"),
        (MASS.replace('"mass"', '"weight"'), 3, "is no measure"),
        ("[chain]\nno_gaps = true\nno_gaps = true", 3, "no_gaps: not valid TOML"),
        ("[chain]\nno_gaps = true\n[chain]\npapers = true", 3, "chain: not valid TOML"),
        ("a." * 2_000 + "b = 1", None, "dots in line 1"),
        ("x = " + "[" * 5_000, 1, "x: not valid TOML"),
    ],
)
def test_what_is_not_understood_is_refused_by_line_and_key(text: str, line: int | None, said: str) -> None:
    with pytest.raises(InputError) as caught:
        policy(text)
    assert said in str(caught.value), str(caught.value)
    assert place_of(caught.value.where).line == line, str(caught.value)
    assert "policy.toml" in str(caught.value)


def test_files_that_are_no_policies(tmp_path: Path) -> None:
    huge, latin = tmp_path / "huge.toml", tmp_path / "latin.toml"
    huge.write_bytes(b"#" * (2**20 + 1))
    latin.write_bytes("# é".encode("latin-1"))
    for path, said in ((huge, "larger than"), (latin, "not valid UTF-8"), (tmp_path / "none.toml", "read")):
        with pytest.raises(InputError, match=said):
            load(str(path))
    with pytest.raises(InputError, match=r"there is no policy 'uflap'.*did you mean"):
        load("uflap")
    with pytest.raises(InputError, match="there is no policy"):
        load("..")


# --- the command --------------------------------------------------------------------------------------------


def test_a_packet_for_an_authority(verdicts: VerdictWorld, tmp_path: Path) -> None:
    bills = tmp_path / "bills"
    bills.mkdir()
    (bills / "bill; rm -rf.pdf").write_bytes(BILL)
    (bills / "other.pdf").write_bytes(b"something else")
    (bills / "link.pdf").symlink_to(bills / "other.pdf")
    ours = entities(tmp_path, "Nobody Here,,,")
    given = (
        "--trust-root",
        str(verdicts.folder / "root.json"),
        "--policy",
        "uflpa",
        "--listed-entities",
        str(ours),
    )

    def run(batch: str, *more: str) -> tuple[int, str, str]:
        path = verdicts.proofs[batch]
        done = run_command("proof", "verify", str(path), batch, *given, "--papers", str(bills), *more)
        return done.code, done.out, done.err

    packet = tmp_path / "packet"
    code, out, err = run("norr/GOOD", "--packet", str(packet))
    assert code == 0, err
    assert out.startswith("Verified: norr/GOOD")
    before_found = out[: out.index("\nFound")]
    assert "What this verdict does not prove" in before_found
    assert "packet written to" in err
    for line in (packet / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((packet / name).read_bytes()).hexdigest() == digest
    assert [path.read_bytes() for path in (packet / "papers").iterdir()] == [BILL]
    assert (packet / "proof.tlproof").read_bytes() == verdicts.proofs["norr/GOOD"].read_bytes()
    contents = (packet / "contents.txt").read_text()
    assert contents.startswith("Verified: norr/GOOD")
    assert identity(verdicts.trusted).hex() in contents
    assert "outback/S-GOOD: outback to norr" in contents
    assert json.loads((packet / "verdict.json").read_text())["verdict"] == "accepted"
    assert "outback/S-GOOD" in (packet / "handovers.csv").read_text()
    # There it is not written over, and of what is refused none is made.
    assert run("norr/GOOD", "--packet", str(packet))[0] == 2
    other = tmp_path / "other"
    code, out, _ = run("norr/PAPERLESS", "--packet", str(other))
    assert (code, out.split(":")[0], other.exists()) == (4, "Refused", False)


def test_the_command_says_what_is_not_proved_first(verdicts: VerdictWorld, tmp_path: Path) -> None:
    root = str(verdicts.folder / "root.json")
    path = str(verdicts.proofs["norr/GREEN"])
    verify_ = ("proof", "verify", path, "norr/GREEN", "--trust-root", root)
    done = run_command(*verify_, "--policy", "eu-battery-regulation-article-8-2031", "--json")
    assert done.code == 0, done.err
    assert list(done.document)[:4] == ["verdict", "reasons", "does_not_prove", "judged_by"]
    assert done.document["judged_by"]["answers"]["article_8"]["metals"]["Li"]["share"] == 1.0
    # Options hold besides.
    done = run_command(*verify_, "--policy", "eu-battery-regulation-article-8-2031", "--custodian", "oem")
    assert done.code == 4
    assert done.out.startswith("Refused")
    assert "norr holds it, not oem" in done.out
    # A freshness of either is one of both; without any, neither is of today.
    mine = tmp_path / "mine.toml"
    mine.write_text("[conditions]\nno_tainted = true\n")
    assert run_command(*verify_, "--policy", str(mine)).code == 2
    assert run_command(*verify_, "--policy", str(mine), "--max-age", "90 days").code == 0
    ours = entities(tmp_path, "RENEW EXAMPLE RECYCLING,,,")
    done = run_command(*verify_, "--listed-entities", str(ours))
    assert done.code == 4 and "renew is in list.csv" in done.out
    for wrong in (
        ("--costs", str(ours)),
        ("--papers", str(tmp_path)),
        ("--packet", str(tmp_path / "new")),
        ("--packet", str(tmp_path / "new"), "--policy", str(mine)),
    ):
        assert run_command(*verify_, *wrong).code == 2, wrong
