"""What the API answers, held against its own description and the commands."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.browser.servers import Server
from tests.cli.conftest import run_command
from tests.network.live import until
from tests.web.conftest import Get
from traceledger.documents import flat
from traceledger.documents.schemas import SCHEMAS
from traceledger.web.endpoints import endpoints
from traceledger.web.openapi import description
from traceledger.web.paging import is_list
from traceledger.web.paths import API, link
from traceledger.web.route import Route
from traceledger.web.routes import ROUTES

DOCUMENTS = [route for route in ROUTES if route.api and route.media is None]
BATCH = "oem/VIN-1"


def names(get: Get) -> Mapping[str, list[str]]:
    """Names of things to put into each path, as lists give them."""
    found = {
        "batches": [each["batch"] for each in get("batches?limit=100").json()["batches"]],
        "participants": [each["participant"] for each in get("participants").json()["participants"]],
        "facilities": [each["facility"] for each in get("facilities").json()["facilities"]],
        "materials": [each["material"] for each in get("materials").json()["materials"]],
        "shipments": [each["shipment"] for each in get("shipments").json()["shipments"]],
        "assessments": [each["assessment"] for each in get("assessments").json()["assessments"]],
        "findings": [each["finding"] for each in get("findings").json()["findings"]],
        "blocks": [str(each["block"]) for each in get("blocks").json()["blocks"]],
    }
    events = get(f"batches/{BATCH}/events").json()["events"]
    found["events"] = [f"{each['block']}/{each['log']}" for each in events]
    found["runs"] = [each["run"] for each in events if "run" in each]
    assert all(found.values())
    return found


def addresses(route: Route, known: Mapping[str, list[str]]) -> Iterator[str]:
    """Addresses of a row, with real names in its slots."""
    if not route.slots:
        yield API + route.path
        return
    kind, *_ = route.path.lstrip("/").split("/")
    more = route.path.split("}")[-1].strip("/")
    for name in known[kind]:
        yield API + link(kind, name, *filter(None, [more]))


def closed(schema: Any) -> Any:
    """The same schema, in which a member that it does not name is wrong."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inside = {name: closed(each) for name, each in schema.items()}
    if "properties" in inside and isinstance(inside.get("required"), list):
        inside.setdefault("additionalProperties", False)
    return inside


@pytest.fixture(scope="module")
def known(get: Get) -> Mapping[str, list[str]]:
    return names(get)


@pytest.mark.parametrize("route", DOCUMENTS, ids=lambda route: route.name)
def test_answers_are_as_described(route: Route, get: Get, known: Mapping[str, list[str]]) -> None:
    """And a schema names every member that is there."""
    from jsonschema import Draft202012Validator  # which takes seconds

    validator = Draft202012Validator(closed(SCHEMAS[route.name]))
    asked = [*addresses(route, known)][:60]
    for address in asked:
        answer = get(address)
        assert answer.status_code == 200, (address, answer.text)
        faults = [
            f"{fault.json_path}: {fault.message[:200]}" for fault in validator.iter_errors(answer.json())
        ]
        assert not faults, (address, faults[:5])


def test_schemas_are_schemas() -> None:
    from jsonschema import Draft202012Validator

    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    assert set(SCHEMAS) == {route.name for route in DOCUMENTS}


def test_the_description_is_served(get: Get) -> None:
    answer = get("openapi.json")
    assert answer.json() == json.loads(json.dumps(description(ROUTES, endpoints())))
    assert get("openapi.json", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_names_are_unique() -> None:
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    for rows in ([each for each in ROUTES if each.api], [each for each in ROUTES if each.template]):
        assert len({route.path for route in rows}) == len(rows)


@pytest.mark.parametrize("route", [each for each in ROUTES if each.template], ids=lambda each: each.name)
def test_a_page_and_its_twin(route: Route, get: Get, known: Mapping[str, list[str]]) -> None:
    address = next(addresses(route, known)).removeprefix(API)
    page = get(address)
    assert page.status_code == 200, page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    twin = get("/index.json" if address == "/" else f"{address}.json")
    assert twin.status_code == 200
    if route.api:
        assert twin.json() == get(API + address).json()


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (f"trace {BATCH}", f"batches/{BATCH}/trace"),
        (f"trace {BATCH} --as-of 11", f"batches/{BATCH}/trace?as_of=11"),
        (f"footprint {BATCH}", f"batches/{BATCH}/footprint"),
        (f"declaration show {BATCH}", f"batches/{BATCH}/declaration"),
        (f"batch show {BATCH}", f"batches/{BATCH}"),
        ("trace likasi/HYD-031 --down", "batches/likasi/HYD-031/impact"),
        ("facility list", "facilities?limit=500&order=oldest"),
        ("emissions report --year 2026", "emissions?year=2026"),
    ],
)
def test_as_the_command_prints_it(
    command: str, path: str, get: Get, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(example)
    printed = run_command(*command.split(), "--json")
    assert printed.code == 0, printed.err
    answer = get(path)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    document.pop("page", None)
    assert document == printed.document


def test_a_proof_file_verifies(get: Get, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = get(f"batches/{BATCH}/proof")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''VIN-1.proof"
    monkeypatch.chdir(workspace)
    Path("it.proof").write_bytes(answer.content)
    assert run_command("trust-root", "export", "-o", "root.json").code == 0
    assert run_command("proof", "verify", "it.proof", BATCH, "--trust-root", "root.json").code == 0


def test_the_log_says_no_names(server: Server, get: Get) -> None:
    get("batches/oem/VIN-1?as_of=secret", headers={"Authorization": "Bearer tl_secret"})
    path = Path(f"/proc/{server.pid}/cwd/access.jsonl")

    def logged() -> list[str]:
        return [
            each for each in path.read_text("utf-8").splitlines() if '"status":401' in each.replace(" ", "")
        ]

    # A line is written once its answer is sent.
    until(lambda: "{identifier}" in "".join(logged()[-1:]), "the line of the request")
    assert not re.search("secret|VIN", path.read_text("utf-8"))
    line = json.loads(logged()[-1])
    assert (line["method"], line["route"], line["status"]) == ("GET", "/batches/{creator}/{identifier}", 401)
    assert set(line) == {"time", "method", "route", "status", "bytes", "ms", "token"}


def test_lists_are_tables(get: Get) -> None:
    for route in DOCUMENTS:
        if not is_list(route):
            continue
        answer = get(f"{API}{route.path}.csv?limit=500")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
        rows = [*csv.DictReader(answer.text.splitlines())]
        document = get(f"{API}{route.path}?limit=500").json()
        assert len(rows) == len(flat.rows_of(document)), route.name
        for row, each in zip(rows, flat.rows_of(document), strict=True):
            plain = {name: value for name, value in each.items() if isinstance(value, str | int)}
            assert {name: row[name].removeprefix("'").lower() for name in plain} == {
                name: str(value).lower() for name, value in plain.items()
            }
    assert get("batches.csv", headers={"Accept": "application/json"}).status_code == 406


def test_the_table_of_hostile_texts_calculates_nothing() -> None:
    text = flat.csv([{"a": '=HYPERLINK("x")', "b": {"c": ["@x", "-1+1"]}, "+d": "-5", "e": None}])
    assert text.splitlines() == ["a,b.c,'+d,e", '"\'=HYPERLINK(""x"")","\'@x, \'-1+1",-5,']
