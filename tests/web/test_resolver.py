"""GS1 Digital Links at a server: redirects, link sets against both schemas, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run_command
from tests.index.support import DEPLOYED, open_index
from tests.interop.named_lots import KNOWN, named_lots
from tests.interop.official import faults
from tests.web.asking import Ask, asking
from traceledger.client.client import Client
from traceledger.config import networks
from traceledger.config.networks import write_template
from traceledger.web.settings import Settings

BASE = "https://ledger.example"
LOT = "/01/06400001000018/10/COS%2F89"
PAGE = f"{BASE}/batches/firm-0/https%3A%2F%2Ffirm.example%2Fde%2Fgtin%2F6400001000018%2Flot%2FCOS%252f89"
VOCABULARY = "https://ref.gs1.org/voc/"


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks a server over lots with GS1 keys, in this process."""
    folder, world = tmp_path_factory.mktemp("resolved"), named_lots()
    network = networks.load(write_template(folder)).get()
    network = replace(network, contracts=DEPLOYED, chain_id=world.chain.chain_id)
    network.folder.mkdir(parents=True)
    with open_index(network.index_file, world.chain) as index:
        index.sync(world.chain)
    client = Client(network, chain=world.chain)
    settings = Settings(allowed_hosts=("ledger.example",), masterdata=KNOWN)
    return asking(client, settings, BASE)


@pytest.mark.parametrize(
    "path",
    [
        LOT,
        f"{LOT}/",
        "/gtin/6400001000018/lot/COS%2F89",
        "/01/6400001000018/10/COS%2f89?17=271231&exp=1",
        "/01/06400001000018/10/COS%2F89/21/UNKNOWN-ITEM",
    ],
)
def test_a_key_in_every_notation_leads_to_its_batch(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert (answer.status_code, answer.headers["location"]) == (307, PAGE)
    assert (
        f'<{BASE}{LOT}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
        in answer.headers["link"]
    )
    assert f"<https://id.gs1.org{LOT}>" in answer.headers["link"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert not answer.content


@pytest.mark.parametrize(
    ("path", "batch"),
    [
        ("/01/06400001000018/21/7", "(01)06400001000018(21)7"),
        ("/01/06400001000018/10/ANY/21/7", "(01)06400001000018(21)7"),
        ("/00/164000012345678904", "urn:epc:id:sscc:6400001.1234567890"),
        ("/8003/06400001000032SER%2F1", "https://id.gs1.org/8003/06400001000032SER%2F1"),
        ("/giai/6400001TRUCK-9", "urn:epc:id:giai:6400001.TRUCK-9"),
        ("/01/06400001000025/10/P1", "PLAIN-1"),
    ],
)
def test_every_kind_of_key(ask: Ask, path: str, batch: str) -> None:
    document = ask(path, accept="application/json").headers["location"]
    assert document.startswith(f"{BASE}/api/v1/batches/firm-0/")
    assert ask(document).json()["batch"] == f"firm-0/{batch}"


def test_the_reader_s_language_counts(ask: Ask) -> None:
    page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    german = ask(LOT, accept=page, accept_language="de-AT,de;q=0.9")
    assert german.headers["location"] == f"{PAGE}?lang=de"
    assert ask(german.headers["location"]).headers["content-type"].startswith("text/html")
    assert 'lang="de"' in ask(german.headers["location"]).text
    assert ask(f"{LOT}?lang=sv", accept=page, accept_language="de").headers["location"] == f"{PAGE}?lang=sv"
    assert ask(LOT, accept="*/*").headers["location"] == PAGE
    assert {"accept", "accept-language"} <= {
        each.strip().lower() for each in german.headers["vary"].split(",")
    }


def test_a_type_that_is_asked_for(ask: Ask) -> None:
    for said in ("gs1:epcis", "https://gs1.org/voc/epcis", "https://ref.gs1.org/voc/epcis", "epcis"):
        location = ask(f"{LOT}?linkType={said}").headers["location"]
        assert location.startswith(
            f"{BASE}/events?MATCH_anyEPCClass=https%3A%2F%2Fid.gs1.org%2F01%2F06400001000018"
        )
    assert ask(f"{LOT}?linkType=gs1:dpp").headers["location"] == "https://firm.example/passport"
    assert ask(f"{LOT}?linkType=gs1:pip", accept_language="fr").headers["location"] == f"{PAGE}?lang=fr"
    missing = ask(f"{LOT}?linkType=gs1:recipeInfo")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-link")


@pytest.mark.parametrize("how", [{"accept": "application/linkset+json"}, "linkset", "all"])
def test_a_link_set_holds_by_both_schemas(ask: Ask, shared: Path, how: Any) -> None:
    answer = ask(f"{LOT}?linkType={how}") if isinstance(how, str) else ask(LOT, **how)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/linkset+json")
    assert "json-ld#context" in answer.headers["link"]
    plain = ask(LOT, accept='application/linkset+json;profile="https://www.rfc-editor.org/info/rfc9264"')
    schemas = shared / "data/schemas/gs1-linkset"
    for file, document in (("gs1-linkset-schema.json", answer.json()), ("linkset-schema.json", plain.json())):
        assert faults(schemas / file, document) == []
    (found,) = answer.json()["linkset"]
    assert found["anchor"] == f"{BASE}{LOT}"
    kinds = ("defaultLink", "pip", "traceability", "epcis", "sustainabilityInfo", "certificationInfo", "dpp")
    assert {VOCABULARY + each for each in kinds} <= {*found}
    (default,) = found[f"{VOCABULARY}defaultLink"]
    assert default == {"href": PAGE, "title": default["title"], "fwqs": False}
    assert {each["hreflang"][0] for each in found[f"{VOCABULARY}pip"]} == {
        "en",
        "de",
        "sv",
        "da",
        "nl",
        "fr",
        "zh",
    }
    assert found["related"][0]["href"] == "https://firm.example/leaflet.pdf"


def test_every_link_of_a_set_to_this_server_leads_somewhere(ask: Ask) -> None:
    (found,) = ask(f"{LOT}?linkType=linkset").json()["linkset"]
    links = [each for value in found.values() if isinstance(value, list) for each in value]
    own = [
        each for each in links if each["href"].startswith(BASE) and not {*each["href"].split("/")} & {"proof"}
    ]
    assert len(own) > 18
    for each in own:
        answer = ask(each["href"])
        assert answer.status_code == 200, each
        assert answer.headers["content-type"].partition(";")[0] in (
            each.get("type", "text/html"),
            "application/ld+json",
        )


def test_its_events_are_those_of_the_batch(ask: Ask) -> None:
    item, mapped = "/01/06400001000018/21/7", "/01/06400001000025/10/P1"
    named = {LOT: f"https://id.gs1.org{LOT}", item: f"https://id.gs1.org{item}"}
    for path, name in (named | {mapped: "urn:traceledger:batch:firm-0:PLAIN-1"}).items():
        events = ask(ask(f"{path}?linkType=gs1:epcis").headers["location"]).json()
        (event,) = events["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        assert name in json.dumps(event)


def test_a_kind_of_material_by_master_data(ask: Ask) -> None:
    assert ask("/01/06400001000018").headers["location"] == f"{BASE}/materials/salt"
    (found,) = ask("/gtin/6400001000018?linkType=all").json()["linkset"]
    assert found["anchor"] == f"{BASE}/01/06400001000018"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/01/06400001000019/10/COS%2F89", 400, "no-gs1-key"),
        ("/01/x", 400, "no-gs1-key"),
        ("/00/164000012345678904/10/L", 400, "no-gs1-key"),
        ("/01/06400001000018/10/" + "9" * 21, 400, "no-gs1-key"),
        ("/01/06400001000018/10/%E2%82%AC", 400, "no-gs1-key"),
        ("/01/06400001000018/10/a%2", 400, "no-gs1-key"),
        ("/01/06400001000018/lots/7", 400, "no-gs1-key"),
        ("/01/06400001000018/10/UNKNOWN", 404, "unknown-key"),
        ("/01/06400001000025/10/P2", 404, "unknown-key"),
        ("/01/04012345000009", 404, "unknown-key"),
        ("/01", 404, "no-such-page"),
        ("/05/06400001000018", 404, "no-such-page"),
    ],
)
def test_what_is_none_and_what_nobody_has(ask: Ask, path: str, status: int, code: str) -> None:
    answer = ask(path, accept="application/json")
    assert (answer.status_code, answer.json()["code"] if code != "no-such-page" else code) == (status, code)


def test_people_are_told_on_a_page_why_a_code_leads_nowhere(ask: Ask) -> None:
    for path, status in (("/01/06400001000018/10/UNKNOWN", 404), ("/01/06400001000019/10/A", 400)):
        answer = ask(path, accept="text/html,*/*;q=0.8", accept_language="de")
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert 'lang="de"' in answer.text
        assert ask(path, accept="*/*").headers["content-type"] == "application/problem+json"


def test_a_lot_that_two_made_is_named_twice(ask: Ask) -> None:
    answer = ask("/01/06400001000018/10/COS-88")
    assert answer.status_code == 400
    assert "firm-0/" in answer.json()["detail"] and "firm-1/" in answer.json()["detail"]


def test_the_resolver_describes_itself(ask: Ask) -> None:
    said = ask("/.well-known/gs1resolver").json()
    assert (said["resolverRoot"], said["supportedPrimaryKeys"]) == (BASE, ["all"])
    assert said["supportedLinkType"] == [{"namespace": VOCABULARY, "prefix": "gs1:"}]


def test_master_data_with_faults_are_told_before_anything_is_served(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text('participant = "a"\n[company]\ngln = "1"\n', "utf-8")
    done = run_command("serve", "--masterdata", str(file), "--config", str(write_template(tmp_path)))
    assert done.code == 2
    assert "[company]: gln" in done.err


def test_methods(ask: Ask) -> None:
    head = ask(LOT, "HEAD")
    assert (head.status_code, head.headers["location"]) == (307, PAGE)
    options = ask(LOT, "OPTIONS", origin="https://a.example")
    assert options.status_code == 204
    assert options.headers["access-control-allow-origin"] == "*"
    assert ask(LOT, "POST").status_code == 405
