"""The PACT API: every case of its conformance tests, by a client of our own, over TLS; then what else comes.

The numbers of cases are those of the shared table, which says what each asks for and what passes.
"""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.servers import Server, serving
from tests.cli.conftest import run_command
from tests.clients import client_of, write
from tests.interop.official import faults
from tests.interop.pact import ledger
from tests.interop.pact.test_footprints import RESTATED
from tests.once import once
from tests.web.authority import Certified, certified
from tests.web.pact_partner import Partner, listening, written
from tests.web.test_tokens import bearer, token

RUN = str(uuid.uuid4())
_PREFIX = "org.wbcsd.pact.ProductFootprint."


@dataclass(frozen=True)
class Tool:
    """What the conformance tests are run with."""

    server: Server
    files: Certified
    folder: Path
    partner: Partner
    secret: str
    http: httpx.Client

    def token_answer(
        self, name: str = "tool", secret: str | None = None, address: str = ""
    ) -> httpx.Response:
        return self.http.post(
            address or "/auth/token",
            data={"grant_type": "client_credentials"},
            auth=(name, self.secret if secret is None else secret),
        )

    @property
    def bearer(self) -> dict[str, str]:
        return bearer(self.token_answer().json()["access_token"])

    def get(self, path: str, **headers: str) -> httpx.Response:
        """As the tool does: values are put into the address as they are, and it says the type of no body."""
        given = self.bearer | {"Content-Type": "application/json"} | headers
        return self.http.get(path, headers=given)

    def post(self, event: dict[str, Any], **headers: str) -> httpx.Response:
        kind = {"Content-Type": "application/cloudevents+json; charset=UTF-8"}
        return self.http.post("/3/events", content=json.dumps(event), headers=self.bearer | kind | headers)

    def listed(self, query: str = "") -> list[dict[str, Any]]:
        answer = self.get(f"/3/footprints{query}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found


def removed(folder: Path, name: str) -> None:
    config = str(folder / "networks.toml")
    assert run_command("token", "remove", name, "--yes", "--config", config).code == 0


@contextmanager
def running(folder: Path, files: Certified, partner: Partner, *options: str) -> Iterator[Tool]:
    secret = token(folder, "tool", "--scope", "read:footprints")
    known = written(folder, partner, files, "tool")
    told = ("--masterdata", "acme.toml", "--partners", str(known), *files.options, *options)
    with (
        serving(folder, *told) as server,
        httpx.Client(base_url=server.url, verify=files.trusting, timeout=60) as http,
    ):
        yield Tool(server, files, folder, partner, secret, http)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "pact-ledger", ledger.make)


@pytest.fixture(scope="module")
def tool(made: Path, files: Certified, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    folder = Path(shutil.copytree(made, tmp_path_factory.mktemp("pact") / "it"))
    with listening(files) as partner, running(folder, files, partner) as found:
        yield found


@pytest.fixture(scope="module")
def first(tool: Tool) -> dict[str, Any]:
    """The footprint that gives the tool its parameters, with all that it needs of it."""
    found = tool.listed()[0]
    for name in ("productIds", "companyIds", "productClassifications", "validityPeriodStart", "status"):
        assert found[name]
    assert found["pcf"]["geographyCountry"]
    assert "#" not in found["productClassifications"][0]
    return found


def _event(kind: str, data: dict[str, Any], source: str, number: str = RUN) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {
        "type": f"{_PREFIX}{kind}.3",
        "specversion": "1.0",
        "id": number,
        "source": source,
        "time": now,
        "data": data,
    }


def test_cases_1_2_18_19_tokens(tool: Tool) -> None:
    answer = tool.token_answer()
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"
    discovered = tool.http.get("/.well-known/openid-configuration").json()["token_endpoint"]
    assert discovered.startswith(tool.server.url)
    assert tool.token_answer(address=discovered).status_code == 200
    for address in ("", discovered):
        answer = tool.token_answer("nobody", "nothing", address)
        assert answer.status_code in (400, 401)
        assert answer.json()["error"] == "invalid_client"
        assert tool.token_answer("another", None, address).status_code in (400, 401)


def test_cases_3_4_5_footprints(tool: Tool, first: dict[str, Any], shared: Path) -> None:
    answer = tool.get(f"/3/footprints/{first['id']}")
    assert answer.json()["data"]["id"] == first["id"]
    path = shared / "data" / "schemas" / "pact" / "derived_v3_0_ResponseSchema.json"
    assert faults(path, tool.get("/3/footprints").json()) == []
    link = tool.get("/3/footprints?limit=1").headers["link"]
    found = re.fullmatch(r'<([^>]+)>; rel="next"', link)
    assert found is not None
    assert found[1].startswith(tool.server.url + "/")
    assert tool.get(found[1].replace(tool.server.url, "")).json()["data"][0]["id"]


def test_pages_are_the_whole_and_a_last_one_has_no_link(tool: Tool) -> None:
    whole, address, found = tool.listed(), "/3/footprints?limit=2", list[dict[str, Any]]()
    for _ in range(len(whole)):
        answer = tool.get(address)
        found += answer.json()["data"]
        if "link" not in answer.headers:
            break
        address = answer.headers["link"].partition(">")[0].removeprefix(f"<{tool.server.url}")
    assert found == whole


@pytest.mark.parametrize("case", [6, 7, 16])
def test_cases_6_7_16_a_word_that_is_no_token(tool: Tool, first: dict[str, Any], case: int) -> None:
    shown = {"Authorization": f"Bearer very-invalid-access-token-{uuid.uuid4().hex}"}
    if case == 16:
        answer = tool.post(_event("PublishedEvent", {"pfIds": ["urn:gtin:4712345060507"]}, "x"), **shown)
    else:
        answer = tool.get("/3/footprints" + (f"/{first['id']}" if case == 7 else ""), **shown)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_case_8_no_such_footprint(tool: Tool) -> None:
    for number in ("random-string-as-id-x", str(uuid.uuid4())):
        answer = tool.get(f"/3/footprints/{number}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NoSuchFootprint")


def test_cases_9_10_11_17_over_plain_http(tool: Tool, first: dict[str, Any]) -> None:
    plain = tool.server.url.replace("https", "http")
    secret, shown = ("tool", tool.secret), tool.bearer
    event = json.dumps(_event("PublishedEvent", {"pf": {"productIds": ["urn:gtin:1"]}, "comment": "x"}, "x"))
    with httpx.Client(base_url=plain, follow_redirects=True) as http:
        answers = [
            http.post("/auth/token", data={"grant_type": "client_credentials"}, auth=secret),
            http.get("/3/footprints", headers=shown),
            http.get(f"/3/footprints/{first['id']}", headers=shown),
            http.post("/3/events", content=event, headers=shown),
        ]
    for answer in answers:
        assert not {"data", "access_token"} & answer.json().keys()
        assert not answer.history


def test_cases_12_13_14_requests_by_event(tool: Tool, first: dict[str, Any], shared: Path) -> None:
    asked = {"pf": {"productIds": first["productIds"]}, "comment": "Please send PCF data for this year."}
    assert tool.post(_event("RequestCreatedEvent", asked, tool.partner.url)).status_code == 200
    event = tool.partner.taken()
    path = shared / "data" / "schemas" / "pact" / "derived_v3_0_EventFulfilledSchema.json"
    assert faults(path, event) == []
    assert event["type"] == f"{_PREFIX}RequestFulfilledEvent.3"
    assert event["data"]["requestEventId"] == RUN
    assert {each for one in event["data"]["pfs"] for each in one["productIds"]} & set(first["productIds"])
    # The same id again: it is another request.
    asked = {"pf": {"productIds": ["urn:pact:null"]}, "comment": "x"}
    assert tool.post(_event("RequestCreatedEvent", asked, tool.partner.url)).status_code == 200
    event = tool.partner.taken()
    assert event["type"] == f"{_PREFIX}RequestRejectedEvent.3"
    assert event["data"]["requestEventId"] == RUN
    assert event["data"]["error"]["code"]
    assert event["data"]["error"]["message"]


def test_case_15_news_of_a_footprint(tool: Tool) -> None:
    number = str(uuid.uuid4())
    data = {"pfIds": ["urn:gtin:4712345060507"]}
    answer = tool.post(_event("PublishedEvent", data, tool.partner.url, number))
    assert (answer.status_code, answer.content) == (200, b"")
    (path,) = tool.folder.rglob("pact/events.jsonl")
    assert path.stat().st_mode & 0o077 == 0
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert any(each["id"] == number and each["data"] == data and each["who"] == "tool" for each in lines)


Fits = Callable[[dict[str, Any], dict[str, Any]], bool]


def _day(text: str, days: int) -> str:
    found = datetime.fromisoformat(text) + timedelta(days=days)
    return found.isoformat().replace("+00:00", "Z")


CASES: dict[int, tuple[Callable[[dict[str, Any]], str], Fits]] = {
    20: (
        lambda one: f"productId={one['productIds'][0]}",
        lambda one, each: one["productIds"][0] in each["productIds"],
    ),
    21: (
        lambda one: f"companyId={one['companyIds'][0]}",
        lambda one, each: one["companyIds"][0] in each["companyIds"],
    ),
    22: (
        lambda one: f"geography={one['pcf']['geographyCountry']}",
        lambda one, each: one["pcf"]["geographyCountry"] == each["pcf"]["geographyCountry"],
    ),
    23: (
        lambda one: f"classification={one['productClassifications'][0]}",
        lambda one, each: one["productClassifications"][0] in each["productClassifications"],
    ),
    24: (
        lambda one: f"validOn={one['validityPeriodStart']}",
        lambda one, each: (
            each["validityPeriodStart"] <= one["validityPeriodStart"] <= each["validityPeriodEnd"]
        ),
    ),
    25: (
        lambda one: f"validAfter={_day(one['validityPeriodStart'], -1)}",
        lambda one, each: each["validityPeriodStart"] > _day(one["validityPeriodStart"], -1),
    ),
    26: (
        lambda one: f"validBefore={_day(one['validityPeriodEnd'], 1)}",
        lambda one, each: each["validityPeriodEnd"] < _day(one["validityPeriodEnd"], 1),
    ),
    27: (lambda one: f"status={one['status']}", lambda one, each: one["status"] == each["status"]),
    28: (
        lambda one: f"status={one['status']}&productId={one['productIds'][0]}",
        lambda one, each: one["status"] == each["status"] and one["productIds"][0] in each["productIds"],
    ),
    29: (
        lambda one: f"status={one['status']}&status=kjhsdf&status=lkjsdf",
        lambda one, each: one["status"] == each["status"],
    ),
}


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("sign", ["", "$"])
def test_cases_20_to_29_filters(tool: Tool, first: dict[str, Any], case: int, sign: str) -> None:
    query, fits = CASES[case]
    asked = "&".join(f"{sign}{each}" for each in query(first).split("&"))
    found = tool.listed(f"?{asked}")
    assert found
    assert all(fits(first, each) for each in found)
    assert [each for each in tool.listed() if fits(first, each)] == found


def test_filters_that_find_nothing_and_such_as_are_none(tool: Tool) -> None:
    assert tool.listed("?productId=urn:gtin:0") == tool.listed("?status=Active&validOn=1999-01-01") == []
    assert tool.listed("?PRODUCTID=URN:GTIN:06400001000018&limit=1")
    # A class with a number sign ends there where it is put into an address as it is.
    assert tool.listed("?classification=urn:eclass:0173-1%2301-AAA001%23001")
    # The sign of an offset arrives as a blank.
    assert tool.listed("?validOn=2026-06-01T00:00:00+02:00") == tool.listed("?validOn=2026-06-01T00:00:00Z")
    for query in ("filter=x", "validOn=yesterday", "limit=0", "limit=x", "limit=1&limit=2", "after=x"):
        answer = tool.get(f"/3/footprints?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest"), query


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"type": "org.example.Other"}, "/type"),
        ({"time": "now"}, "/time"),
        ({"id": ""}, "/id"),
        ({"data": []}, "/data"),
        ({"data": {}}, "/data"),
        ({"data": {"productId": [1]}}, "/data/productId"),
        ({"data": {"productId": ["x"], "validOn": ["x"]}}, "/data/validOn"),
        ({"source": "https://evil.example"}, "/source"),
        ({"source": "//169.254.169.254/latest"}, "/source"),
    ],
)
def test_events_that_are_wrong_are_refused_with_their_place(
    tool: Tool, change: dict[str, Any], where: str
) -> None:
    asked = {"productId": ["urn:gtin:06400001000018"]}
    answer = tool.post(_event("RequestCreatedEvent", asked, tool.partner.url) | change)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert answer.json()["message"].startswith(where)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b'{"a": 1, "a": 2}', b"x" * 3_000_000])
def test_bodies_that_are_none(tool: Tool, body: bytes) -> None:
    kind = {"Content-Type": "application/cloudevents+json"}
    answer = tool.http.post("/3/events", content=body, headers=tool.bearer | kind)
    assert answer.status_code in (400, 413)
    assert answer.json()["code"] == "BadRequest"


def test_only_those_are_answered_by_event_whom_the_operator_knows(tool: Tool) -> None:
    secret = token(tool.folder, "stranger", "--scope", "read:footprints")
    word = bearer(tool.token_answer("stranger", secret).json()["access_token"])
    asked = _event("RequestCreatedEvent", {"productId": ["urn:gtin:1"]}, tool.partner.url)
    answer = tool.post(asked, **word)
    assert (answer.status_code, answer.json()["code"]) == (403, "AccessDenied")
    assert tool.get("/3/footprints", **word).status_code == 200


def test_rights_and_removal(tool: Tool) -> None:
    secret = token(tool.folder, "erp", "--scope", "read:private")
    word = bearer(tool.token_answer("erp", secret).json()["access_token"])
    answer = tool.get("/3/footprints", **word)
    assert (answer.status_code, answer.json()["code"]) == (403, "AccessDenied")
    # The secret itself is no access token, and an access token no secret.
    assert tool.get("/3/footprints", Authorization=f"Bearer {tool.secret}").status_code == 400
    assert tool.http.get("/api/v1/status", headers=tool.bearer).status_code == 401
    secret = token(tool.folder, "short", "--scope", "read:footprints")
    word = bearer(tool.token_answer("short", secret).json()["access_token"])
    assert tool.get("/3/footprints", **word).status_code == 200
    removed(tool.folder, "short")
    assert tool.get("/3/footprints", **word).status_code == 400
    # Another one of that name is another one.
    token(tool.folder, "short", "--scope", "read:footprints")
    assert tool.get("/3/footprints", **word).status_code == 400
    answer = tool.http.get("/3/footprints")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"grant_type=password", {}, "unsupported_grant_type"),
        (b"", {}, "invalid_request"),
        (b"grant_type=client_credentials&grant_type=x", {}, "invalid_request"),
        (b"grant_type=client_credentials", {"Authorization": "Basic !"}, "invalid_client"),
        (b"grant_type=client_credentials", {"Authorization": "Bearer x"}, "invalid_client"),
        (b"\xff", {}, "invalid_request"),
    ],
)
def test_requests_for_tokens_that_are_wrong(
    tool: Tool, body: bytes, headers: dict[str, str], code: str
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = tool.http.post("/auth/token", content=body, headers=kind | headers)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == code


def test_credentials_in_the_form(tool: Tool) -> None:
    form = {"grant_type": "client_credentials", "client_id": "tool", "client_secret": tool.secret}
    assert tool.http.post("/auth/token", data=form).json()["access_token"]


def test_what_a_partner_s_discovery_says_of_other_hosts_is_not_believed(tool: Tool) -> None:
    tool.partner.elsewhere = "https://127.0.0.1:1/steal"
    tool.partner.fails = 1
    asked = _event("RequestCreatedEvent", {"productId": ["urn:gtin:06400001000018"]}, tool.partner.url)
    assert tool.post(asked).status_code == 200
    # It is tried again after a fault of the partner's.
    assert tool.partner.taken()["data"]["pfs"]
    tool.partner.elsewhere = ""
    assert not [*tool.folder.rglob("pact/out/*.json")] or tool.partner.fails == 0


def test_an_answer_that_is_not_taken_holds_up_no_other(tool: Tool) -> None:
    stuck, free = str(uuid.uuid4()), str(uuid.uuid4())
    tool.partner.refuses = stuck
    for number in (stuck, free):
        asked = _event("RequestCreatedEvent", {"productId": ["urn:gtin:06400001000018"]}, tool.partner.url)
        assert tool.post(asked | {"id": number}).status_code == 200
    assert tool.partner.taken()["data"]["requestEventId"] == free
    tool.partner.refuses = ""
    assert tool.partner.taken()["data"]["requestEventId"] == stuck


def test_a_restatement_shows_in_the_answers(made: Path, files: Certified, tmp_path: Path) -> None:
    """And the other reading: a word that is no token is answered with 401."""
    folder = Path(shutil.copytree(made, tmp_path / "it"))
    with listening(files) as partner, running(folder, files, partner, "--unknown-token", "401") as tool:
        answer = tool.get("/3/footprints", Authorization="Bearer x")
        assert (answer.status_code, answer.json()["code"]) == (401, "AccessDenied")
        before = {each["id"]: each for each in tool.listed("?status=active&geography=fi")}
        with client_of(folder) as client:
            client.submit(write(tmp_path / "a.jsonl", RESTATED))
            client.sync()
        after = tool.listed("?status=Active&geography=FI")
        (new,) = after
        (old,) = before
        assert new["precedingPfIds"] == [old]
        answer = tool.get(f"/3/footprints/{old.upper()}").json()["data"]
        assert answer == before[old] | {"status": "Deprecated"}
        partner.fails = 1_000_000
        asked = {"productId": new["productIds"], "status": ["Active"]}
        assert tool.post(_event("RequestCreatedEvent", asked, partner.url)).status_code == 200
    text = (folder / "acme.toml").read_text()
    (folder / "acme.toml").write_text(text.replace("1.2 %", "1.4 %"))
    removed(folder, "tool")
    with listening(files) as partner, running(folder, files, partner) as tool:
        # What the partner did not take is delivered after the server's next start, as it was written.
        told = partner.taken()["data"]
        assert (told["requestEventId"], new in told["pfs"]) == (RUN, True)
        # What master data bring follows what was there, which is served on.
        found = tool.listed("?geography=FI&productId=urn:gtin:06400001000018")
        assert [each["status"] for each in found] == ["Active", *["Deprecated"] * (len(found) - 1)]
        assert found[0]["precedingPfIds"] == [new["id"]]
        assert found[1] == new | {"status": "Deprecated"}
        assert found[2]["id"] == old


def test_in_the_clear_only_on_this_machine(made: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "it"))
    secret = token(folder, "tool", "--scope", "read:footprints")
    form, told = {"grant_type": "client_credentials"}, ("--masterdata", "acme.toml")
    with serving(folder, *told) as server:
        assert httpx.post(f"{server.url}/auth/token", data=form, auth=("tool", secret)).status_code == 200
    with serving(folder, *told, "--forwarded-by", "127.0.0.1") as server:
        passed = {"X-Forwarded-For": "192.0.2.7"}
        answer = httpx.post(f"{server.url}/auth/token", data=form, auth=("tool", secret), headers=passed)
        assert answer.status_code == 400
        assert "TLS" in answer.json()["error_description"]
        assert httpx.get(f"{server.url}/.well-known/openid-configuration").status_code == 400
        passed |= {"X-Forwarded-Proto": "https", "Host": "127.0.0.1"}
        answer = httpx.get(f"{server.url}/.well-known/openid-configuration", headers=passed)
        assert answer.json()["token_endpoint"] == "https://127.0.0.1/auth/token"
    assert "over TLS only" in (folder.parent / "it.log").read_text()
