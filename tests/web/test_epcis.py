"""Events of EPCIS over HTTP: what is asked for is found, all of it; what is sent goes to a desk."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.browser.servers import Server, serving
from tests.clients import PASSPHRASE, client_of, network_of
from tests.desk.browsing import desk_of, shown_in
from tests.interop.epcis import supply
from tests.interop.official import faults
from tests.web import test_tokens as tokens
from tests.web.conftest import Get
from traceledger.interop.epcis import documents
from traceledger.web.desk.drafts import Drafts, State

Document = dict[str, Any]
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def folder(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(example, tmp_path_factory.mktemp("epcis") / "it"))


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder, "--rate", "10000", "--burst", "10000") as running:
        yield running


def listed(answer: httpx.Response) -> list[Document]:
    found: list[Document] = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


def following(answer: httpx.Response) -> str:
    found = re.fullmatch('<(.+)>; rel="next"', answer.headers.get("link", ""))
    return found[1] if found else ""


def whole(get: Get, path: str) -> list[Document]:
    """All events, page after page."""
    found: list[Document] = []
    while path:
        answer = get(path)
        assert answer.status_code == 200, answer.text
        found += listed(answer)
        path = following(answer)
    return found


@pytest.fixture(scope="module")
def every(get: Get) -> list[Document]:
    return whole(get, "/events?perPage=500")


def test_pages_have_every_event_once(get: Get, every: list[Document], folder: Path) -> None:
    with client_of(folder) as client:
        recorded = client.index.database.one("SELECT count(DISTINCT position) FROM batch_event")
    assert recorded == (len(every),)
    assert whole(get, "/events?perPage=37") == every
    assert whole(get, "/events?orderDirection=DESC&perPage=50") == every[::-1]
    assert whole(get, "/events?eventCountLimit=12&perPage=5") == every[:12]


def test_answers_are_documents_of_the_standard(get: Get) -> None:
    answer = get("/events?perPage=500", headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["gs1-epcis-version"] == answer.headers["gs1-cbv-version"] == "2.0.0"
    assert not documents.read(answer.content, "answer", answers=True).refused


def has(event: Document, uri: str) -> bool:
    lists = (value for key, value in event.items() if key.lower().endswith("quantitylist"))
    return any(each["epcClass"] == uri for some in lists for each in some)


def asked(every: list[Document]) -> Iterator[tuple[str, Callable[[Document], bool]]]:
    """Questions, each with what finds the same among all events."""
    lot = next(each for each in every if each["bizStep"] == "shipping")["quantityList"][0]["epcClass"]
    run = next(each for each in every if "transformationID" in each)
    taken, site = run["inputQuantityList"][0]["epcClass"], run["bizLocation"]["id"]
    sent = next(each for each in every if "bizTransactionList" in each)
    paper, sender = sent["bizTransactionList"][0]["bizTransaction"], sent["sourceList"][0]["source"]
    middle = sorted(each["eventTime"] for each in every)[len(every) // 2]
    block = sorted(each["recordTime"] for each in every)[len(every) // 2]
    yield "eventType=TransformationEvent", lambda event: event["type"] == "TransformationEvent"
    yield f"GE_eventTime={quote(middle)}", lambda event: event["eventTime"] >= middle
    yield f"LT_eventTime={quote(middle)}", lambda event: event["eventTime"] < middle
    yield f"GE_recordTime={quote(block)}", lambda event: event["recordTime"] >= block
    yield f"LT_recordTime={quote(block)}", lambda event: event["recordTime"] < block
    yield "EQ_action=ADD|DELETE", lambda event: event.get("action") in ("ADD", "DELETE")
    yield "EQ_bizStep=cbv:BizStep-shipping", lambda event: event["bizStep"] == "shipping"
    yield (
        "EQ_disposition=in_transit&EQ_action=OBSERVE",
        lambda event: event.get("disposition") == "in_transit",
    )
    yield f"EQ_bizLocation={quote(site)}", lambda event: event.get("bizLocation") == {"id": site}
    yield f"EQ_readPoint={quote(site)}", lambda event: event.get("readPoint") == {"id": site}
    yield f"MATCH_anyEPCClass={quote(lot)}", lambda event: has(event, lot)
    yield (
        f"MATCH_epcClass={quote(lot)}",
        lambda event: any(each["epcClass"] == lot for each in event.get("quantityList", ())),
    )
    yield (
        f"MATCH_inputEPCClass={quote(taken)}",
        lambda event: any(each["epcClass"] == taken for each in event.get("inputQuantityList", ())),
    )
    yield (
        f"EQ_transformationID={quote(run['transformationID'])}",
        lambda event: event.get("transformationID") == run["transformationID"],
    )
    yield (
        f"EQ_bizTransaction_desadv={quote(paper)}",
        lambda event: paper in json.dumps(event.get("bizTransactionList", ())),
    )
    yield (
        f"EQ_source_possessing_party={quote(sender)}",
        lambda event: any(
            each == {"type": "possessing_party", "source": sender} for each in event.get("sourceList", ())
        ),
    )
    yield f"EQ_eventID={quote(run['eventID'])}", lambda event: event["eventID"] == run["eventID"]
    yield f"WD_bizLocation={quote(site)}", lambda event: event.get("bizLocation") == {"id": site}
    yield "EQ_tl:operation=ship|receive", lambda event: event["tl:operation"] in ("ship", "receive")
    yield "EQ_persistentDisposition_set=recalled", lambda event: False
    yield "EXISTS_errorDeclaration=true", lambda event: "errorDeclaration" in event


def test_every_parameter_finds_what_it_should(get: Get, every: list[Document]) -> None:
    for question, fits in asked(every):
        found = whole(get, f"/events?{question}&perPage=500")
        assert found == [event for event in every if fits(event)], question
    found = whole(get, "/events?orderBy=eventTime&perPage=100")
    times = [event["eventTime"] for event in found]
    assert (len(found), times) == (len(every), sorted(times))


@pytest.mark.parametrize(
    ("question", "status", "kind"),
    [
        ("EQ_colour=red", 400, "QueryParameterException"),
        ("EQ_bizStep=transforming", 400, "QueryParameterException"),
        ("GE_eventTime=yesterday", 400, "QueryParameterException"),
        ("perPage=0", 400, "QueryParameterException"),
        ("nextPageToken=x", 400, "QueryParameterException"),
        ("orderBy=colour", 400, "QueryParameterException"),
        ("eventType=TeaEvent", 400, "QueryParameterException"),
        ("MATCH_epc=urn:epc:id:sgtin:1.2.3", 400, "QueryParameterException"),
        ("maxEventCount=3", 413, "QueryTooLargeException"),
    ],
)
def test_what_is_refused(question: str, status: int, kind: str, get: Get) -> None:
    answer = get(f"/events?{question}")
    said = answer.json()
    assert (answer.status_code, said["status"], said["type"]) == (status, status, f"epcisException:{kind}")
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_event_by_its_id(get: Get, every: list[Document]) -> None:
    for event in every[:5]:
        found = get(f"/events/{quote(event['eventID'], safe='')}").json()
        assert found.pop("@context")
        assert found["eventID"] == event["eventID"]
    assert get("/events/urn:traceledger:event:x").status_code == 404
    assert get("/events", headers={"Accept": "application/xml"}).status_code == 406
    assert get("/events", headers={"GS1-EPCIS-Version": "1.2"}).status_code == 406


def test_what_there_is_to_ask_for(get: Get, every: list[Document]) -> None:
    steps = get("/bizSteps?perPage=500").json()["member"]
    assert {event["bizStep"] for event in every} <= set(steps)
    assert {event["type"] for event in every} <= set(get("/eventTypes").json()["member"])
    lots, path = [], "/epcs?perPage=100"
    while path:
        answer = get(path)
        lots += answer.json()["member"]
        path = following(answer)
    named = {each["tl:epc"] for event in every for each in event["tl:lots"]}
    assert named <= set(lots)
    site = get("/bizLocations?perPage=1").json()["member"][0]
    found = whole(get, f"/bizLocations/{quote(site, safe='')}/events?perPage=500")
    assert found == [event for event in every if event.get("bizLocation") == {"id": site}]


def test_named_queries(get: Get, every: list[Document]) -> None:
    query = {"name": "ships", "query": {"EQ_bizStep": ["shipping"], "perPage": 4}}
    made = get("/queries", "POST", json=query)
    assert (made.status_code, made.headers["location"]) == (201, "/queries/ships")
    assert get("/queries", "POST", json=query).status_code == 201
    assert get("/queries", "POST", json=query | {"query": {}}).status_code == 409
    assert [each["name"] for each in get("/queries").json()] == ["ships"]
    found = whole(get, "/queries/ships/events")
    assert found == [event for event in every if event["bizStep"] == "shipping"]
    wrong = get("/queries", "POST", json={"name": "x", "query": {"EQ_colour": ["red"]}})
    assert (wrong.status_code, wrong.json()["type"]) == (400, "epcisException:QueryParameterException")
    assert get("/queries/ships", "DELETE").status_code == 204
    assert get("/queries/ships").status_code == 404


def test_methods(get: Get) -> None:
    assert get("/events", "OPTIONS").headers["allow"] == "GET, HEAD, OPTIONS"
    assert get("/events", "PUT").status_code == 405
    said = get("/capture", "OPTIONS").headers
    assert said["gs1-capture-error-behaviour"] == "rollback"
    assert int(said["gs1-epcis-capture-limit"]) > 0
    assert get("/epcis/context.jsonld").json()["@context"]["tl"] == "urn:traceledger:epcis:1:"


@pytest.fixture(scope="module")
def company(folder: Path) -> tuple[str, str]:
    """A company, and a lot that it holds."""
    with client_of(folder) as client:
        for batch in client.index.batches():
            if batch.state.slug == "active" and not batch.held_by_custodian:
                return client.names().slug(batch.custodian), client.names().shown(batch.id)
    raise AssertionError


@pytest.fixture(scope="module")
def bearer(folder: Path, company: tuple[str, str]) -> dict[str, str]:
    options = ("--scope", "write:capture", "--participant", company[0])
    return tokens.bearer(tokens.token(folder, "erp", *options))


def document(lot: str, *more: Document, **other: str) -> bytes:
    owner, _, identifier = lot.partition("/")
    uri = f"urn:traceledger:batch:{owner}:{quote(identifier, safe='')}"
    held = {
        **{"type": "ObjectEvent", "eventTime": "2026-06-01T06:00:00Z", "eventTimeZoneOffset": "+00:00"},
        **{"action": "OBSERVE", "bizStep": "holding", "quantityList": [{"epcClass": uri}]},
        **{"tl:operation": "hold", "tl:reason": "assay pending"},
        **other,
    }
    return supply.document(held, *more)


def test_a_job_runs_until_a_clerk_has_signed(
    get: Get, folder: Path, company: tuple[str, str], bearer: dict[str, str]
) -> None:
    slug, lot = company
    sent = {"content": document(lot), "headers": bearer | JSON}
    made = get("/capture", "POST", **sent)
    assert made.status_code == 202, made.text
    at, job = made.headers["location"], made.json()
    assert (job["running"], job["success"], job["errors"]) == (True, True, [])
    assert [each["tl:verdict"] for each in job["tl:events"]] == ["becomes"]
    assert get("/capture", "POST", **sent).headers["location"] == at
    drafts = Drafts(network_of(folder).folder, slug)
    (draft,) = drafts.list()
    (operation,) = drafts.operations(draft)
    assert (operation["op"], operation["batch"], operation["as"]) == ("hold", lot, slug)
    for state in (State.SIGNING, State.SENDING, State.FINAL):
        drafts.move(draft, state)
    done = get(at, headers=bearer).json()
    assert (done["running"], done["success"], "finishedAt" in done) == (False, True, True)
    assert get("/capture", headers=bearer).json()[0]["captureID"] == job["captureID"]
    assert get("/capture?perPage=0", headers=bearer).status_code == 400


def test_an_event_waits_once(
    get: Get, folder: Path, company: tuple[str, str], bearer: dict[str, str]
) -> None:
    slug, lot = company
    drafts = Drafts(network_of(folder).folder, slug)
    first, second = ({"eventTime": f"2026-06-0{day}T06:00:00Z"} for day in (2, 3))
    made = get("/capture", "POST", content=document(lot, **first), headers=bearer | JSON).json()
    again = json.loads(document(lot, **first))
    again["epcisBody"]["eventList"] *= 2
    again["epcisBody"]["eventList"][1] = {**again["epcisBody"]["eventList"][0], **second}
    job = get("/capture", "POST", content=json.dumps(again), headers=bearer | JSON).json()
    assert [each["tl:verdict"] for each in job["tl:events"]] == ["left_out", "becomes"]
    assert made["captureID"] in job["tl:events"][0]["tl:why"]
    assert [draft.lines for draft in drafts.list()[:2]] == [1, 1]


def test_a_draft_whose_job_was_lost_is_taken_up(
    get: Get, folder: Path, company: tuple[str, str], bearer: dict[str, str]
) -> None:
    slug, lot = company
    network = network_of(folder).folder
    sent = {"content": document(lot, eventTime="2026-06-04T06:00:00Z"), "headers": bearer | JSON}
    made = get("/capture", "POST", **sent).json()
    count = len(Drafts(network, slug).list())
    # As where the server was killed between the two files.
    (network / "epcis" / slug / f"{made['captureID']}.json").unlink()
    assert get("/capture", "POST", **sent).json()["captureID"] == made["captureID"]
    assert len(Drafts(network, slug).list()) == count


def test_where_nothing_can_be_written_it_is_the_server_that_fails(
    get: Get, folder: Path, company: tuple[str, str], bearer: dict[str, str]
) -> None:
    slug, lot = company
    network = network_of(folder).folder
    sent = {"content": document(lot, eventTime="2026-06-05T06:00:00Z"), "headers": bearer | JSON}
    for place in (network / "epcis" / slug, network / "desk" / slug):
        aside = place.rename(place.with_name("aside"))
        place.write_text("no folder")
        assert get("/capture", "POST", **sent).status_code == 503
        place.unlink()
        aside.rename(place)
    assert get("/capture", "POST", **sent).json()["success"]


def test_a_wrong_event_stops_all_or_itself(
    get: Get, company: tuple[str, str], bearer: dict[str, str]
) -> None:
    wrong = {"type": "ObjectEvent", "eventTime": "yesterday", "eventTimeZoneOffset": "+00:00"}
    content = document(company[1], wrong | {"action": "OBSERVE", "epcList": []})
    stopped = get("/capture", "POST", content=content, headers=bearer | JSON).json()
    assert (stopped["running"], stopped["success"], len(stopped["errors"])) == (False, False, 1)
    assert stopped["errors"][0]["type"] == "epcisException:ValidationException"
    assert stopped["errors"][0]["detail"].startswith("event 2, /epcisBody/eventList/1/eventTime: ")
    proceeding = bearer | JSON | {"GS1-Capture-Error-Behaviour": "proceed"}
    going = get("/capture", "POST", content=content, headers=proceeding).json()
    assert (going["running"], len(going["errors"])) == (True, 1)


def test_who_may_not(get: Get, company: tuple[str, str], bearer: dict[str, str]) -> None:
    content = document(company[1])
    assert get("/capture", "POST", content=content, headers=JSON).status_code == 401
    assert get("/capture").status_code == 401
    text = bearer | {"Content-Type": "text/xml"}
    assert get("/capture", "POST", content=content, headers=text).status_code == 415
    assert get("/capture", "POST", content=b"{}", headers=bearer | JSON).status_code == 400
    many = get("/capture", "POST", content=b'{"x":[' + b"{}," * 300_000 + b"0]}", headers=bearer | JSON)
    assert (many.status_code, many.json()["type"]) == (413, "epcisException:CaptureLimitExceededException")
    large = get("/capture", "POST", content=b" " * (8 * 2**20 + 1), headers=bearer | JSON)
    assert (large.status_code, large.json()["type"]) == (
        413,
        "epcisException:CaptureLimitExceededException",
    )
    assert get("/capture/b11cc114-3dd4-5abd-96a6-10fb26b68e44", headers=bearer).status_code == 404


def test_what_a_clerk_signs_is_on_the_ledger(
    get: Get, folder: Path, company: tuple[str, str], bearer: dict[str, str]
) -> None:
    """From the body to the chain, through the desk and its key."""
    slug, lot = company
    sent = {"content": document(lot, eventTime="2026-06-09T06:00:00Z"), "headers": bearer | JSON}
    at = get("/capture", "POST", **sent).headers["location"]
    drafts = Drafts(network_of(folder).folder, slug)
    (draft,) = (each for each in drafts.list() if "2026-06-09" in str(drafts.operations(each)))
    with desk_of(folder, slug) as browser:
        page = browser.post("/key", {"key": slug, "passphrase": PASSPHRASE, "then": f"/drafts/{draft.id}"})
        assert lot in page.text and "assay pending" in page.text
        assert get(at, headers=bearer).json()["running"]
        browser.post(f"/drafts/{draft.id}/sign", {"shown": shown_in(page)})
        assert "All of it is recorded" in browser.settled(draft.id).text
    done = get(at, headers=bearer).json()
    assert (done["running"], done["success"]) == (False, True)
    with client_of(folder) as client:
        batch = client.index.batch(client.batch_id(lot))
        assert batch is not None and batch.held_by_custodian
    # The same event in another document.
    again = {**json.loads(sent["content"]), "creationDate": "2026-06-30T00:00:00Z"}
    job = get("/capture", "POST", content=json.dumps(again), headers=bearer | JSON).json()
    assert [each["tl:verdict"] for each in job["tl:events"]] == ["recorded"]


def test_the_official_schema_takes_answers(get: Get, shared: Path) -> None:
    schema = shared / "data/schemas/epcis/epcis-json-schema.json"
    assert faults(schema, get("/events?perPage=500").json()) == []
