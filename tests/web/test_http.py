"""How answers are asked for: methods, conditions, media types, languages, pieces; and what is refused."""

from __future__ import annotations

import itertools
import json
import time

import httpx
import pytest

from tests.browser.servers import Server
from tests.web.conftest import Get, Serve
from tests.web.patient import PATIENT, SECONDS
from traceledger.web.paging import Cursor
from traceledger.web.security import HEADERS

PROBLEM = "application/problem+json"


def test_conditions(get: Get) -> None:
    answer = get("batches/oem/VIN-1")
    for _ in range(300):
        if "last-modified" in answer.headers:
            break
        time.sleep(0.2)  # The newest block may be of this second, or a little ahead of the clock.
        answer = get("batches/oem/VIN-1")
    tag, changed = answer.headers["etag"], answer.headers["last-modified"]
    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"x", {tag.removeprefix("W/")}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": changed},
    ):
        again = get("batches/oem/VIN-1", headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), headers
    for headers in (
        {"If-None-Match": '"x"'},
        {"If-None-Match": '"x"', "If-Modified-Since": changed},
        {"If-Modified-Since": "never"},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        assert get("batches/oem/VIN-1", headers=headers).status_code == 200, headers


@pytest.mark.parametrize("path", ["batches/no/such", "/batches/no/such", "/batches/no/such.json"])
def test_of_what_is_not_there_nothing_is_unmodified(path: str, get: Get) -> None:
    for headers in ({"If-None-Match": "*"}, {"If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT"}):
        assert get(path, headers=headers).status_code == 404, headers


def test_what_one_asks_does_not_stand_on_the_page_of_another(get: Get) -> None:
    """Two addresses that mean the same have one answer, so nothing else of them may be in it."""
    first = get("/materials?buy-at-evil-example=&limit=&order=newest&lang=de")
    second = get("/materials?lang=de")
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert b"evil" not in first.content
    assert b"order=oldest&amp;lang=sv" in get("/materials?order=oldest&lang=de").content


def test_one_address_one_tag(get: Get) -> None:
    """Whatever differs, differs in its tag."""
    tags = [
        get(path, headers={"Accept-Language": language}).headers["etag"]
        for path in ("/batches", "/batches.json", "batches", "batches?limit=3", "/batches?lang=sv")
        for language in ("en", "de")
    ]
    # Of documents, the language is none; a page says its own.
    assert len(set(tags)) == len(tags) - 4


def test_methods(get: Get) -> None:
    for path in ("batches", "/batches", "/batches.json", "openapi.json"):
        whole, head = get(path), get(path, "HEAD")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["etag"] == whole.headers["etag"]
        options = get(path, "OPTIONS")
        assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
        for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
            refused = get(path, method)
            assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS"), method


def test_media_types(get: Get) -> None:
    for accepted in ("application/json", "application/*", "*/*", "text/html, */*;q=0.1", ""):
        assert get("status", headers={"Accept": accepted}).status_code == 200, accepted
    for accepted in ("text/html", "application/json;q=0", "image/png, text/*"):
        refused = get("status", headers={"Accept": accepted})
        assert (refused.status_code, refused.headers["content-type"]) == (406, PROBLEM), accepted
    page = get("/batches", headers={"Accept": "application/json"})
    assert (page.status_code, "add .json" in page.text) == (406, True)


def test_languages(get: Get) -> None:
    assert '<html lang="de"' in get("/batches", headers={"Accept-Language": "de-AT, en;q=0.5"}).text
    assert '<html lang="sv"' in get("/batches?lang=sv", headers={"Accept-Language": "de"}).text
    assert "Accept-Language" in get("/batches").headers["vary"]
    assert get("/batches?lang=tlh").status_code == 400
    assert get("batches?lang=de").status_code == 400


@pytest.mark.parametrize("path", ["/batches", "batches", "/nowhere", "nowhere", "/static/none.css"])
def test_every_answer_is_guarded(path: str, get: Get) -> None:
    headers = get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "set-cookie" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    ("path", "status", "code", "where"),
    [
        ("batches/oem/VIN-99", 404, "unknown-name", None),
        ("batches?custodian=nobody", 404, "unknown-name", None),
        ("batches?limit=0", 400, "bad-parameter", "limit"),
        ("batches?limit=501", 400, "bad-parameter", "limit"),
        ("batches?limit=1&limit=2", 400, "bad-parameter", "limit"),
        ("batches?color=red", 400, "bad-parameter", "color"),
        ("batches?state=lost", 400, "bad-parameter", "state"),
        ("batches?state=%ff", 400, "bad-query", None),
        ("batches?cursor=x", 400, "bad-cursor", "cursor"),
        ("batches/oem/%ff", 404, "no-such-page", None),
        ("batches/oem/VIN-1/trace?as_of=99999", 404, "unknown-name", "as_of"),
        ("emissions?base_year=2025&target=0%25 by 2030", 400, "input", "target"),
        ("blocks/first", 400, "input", "block"),
        ("blocks/99999999", 404, "unknown-name", None),
        ("nowhere", 404, "no-such-page", None),
    ],
)
def test_what_is_refused(path: str, status: int, code: str, where: str | None, get: Get) -> None:
    answer = get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    document = answer.json()
    assert (document["status"], document["code"]) == (status, code)
    assert where is None or document["where"] == where, document
    assert document["detail"]


def test_a_browser_is_told_in_a_page(get: Get) -> None:
    answer = get("/batches/oem/%3Cscript%3E", headers={"Accept-Language": "de"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<script>" not in answer.text
    assert '<html lang="de"' in answer.text


def pieces(get: Get, path: str, kind: str, **query: object) -> list[str]:
    """A list from its first to its last piece."""
    found: list[str] = []
    cursor: dict[str, object] = {}
    while True:
        document = get(path, params={**query, **cursor}).json()
        found += [json.dumps(each) for each in document[kind]]
        if document["page"]["next"] is None:
            return found
        cursor = {"cursor": document["page"]["next"]}


@pytest.mark.parametrize("kind", ["batches", "participants", "shipments", "blocks"])
def test_pieces_make_the_whole(kind: str, get: Get) -> None:
    whole = pieces(get, kind, kind, limit=500, order="oldest")
    assert len(whole) > 2
    assert pieces(get, kind, kind, limit=2, order="oldest") == whole
    assert pieces(get, kind, kind, limit=1, order="newest") == whole[::-1]


def test_the_next_piece_is_linked(get: Get) -> None:
    first = get("batches?limit=3")
    second = get(first.links["next"]["url"])
    assert second.json()["batches"] == get("batches?limit=6").json()["batches"][3:]


def test_forged_cursors(get: Get) -> None:
    """None of them leads anywhere but to an answer or a refusal."""
    given = Cursor.read(get("batches?limit=1").json()["page"]["next"])
    tried = [
        Cursor(row, block, hash_, given.of).text()
        for row, block, hash_ in itertools.product(
            (0, 1, 2**63, 2**64 - 1), (0, given.block, 2**64 - 1), (given.hash, bytes(8))
        )
    ]
    statuses = {get("batches", params={"cursor": each}).status_code for each in tried}
    assert statuses == {200, 410}
    other = Cursor(given.row, given.block, given.hash, bytes(8)).text()
    assert get("batches", params={"cursor": other}).json()["code"] == "bad-cursor"
    assert get("participants", params={"cursor": given.text()}).json()["code"] == "bad-cursor"
    assert get("batches", params={"cursor": given.text(), "state": "active"}).json()["code"] == "bad-cursor"


def test_strange_hosts(server: Server, serve: Serve) -> None:
    def status(url: str, host: str) -> int:
        return PATIENT.get(f"{url}/api/v1/status", headers={"Host": host}).status_code

    strange = (
        "localhost:@evil.example",
        "localhost:80?x=1#",
        "[::1]evil.example",
        "[::1",
        "localhost:123456",
    )
    for host in ("evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80", *strange):
        assert status(server.url, host) == 421, host
    for host in ("localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8080"):
        assert status(server.url, host) == 200, host
    named = serve("--allowed-host", "ledger.example")
    assert (status(named.url, "Ledger.Example:443"), status(named.url, "example")) == (200, 421)


def test_too_much(server: Server) -> None:
    at = f"{server.url}/api/v1/batches"
    assert PATIENT.get(at, params={"custodian": "x" * 5000}).json()["code"] == "address-too-long"
    assert PATIENT.post(at, content=b"x").json()["code"] == "body-too-large"
    assert PATIENT.request("GET", at, content=iter([b"x"])).status_code == 413
    assert PATIENT.get(at, headers={"X": "x" * 20_000}).json()["code"] == "headers-too-large"


def test_too_often(serve: Serve) -> None:
    running = serve("--rate", "0.5", "--burst", "3")
    with httpx.Client(base_url=running.url, timeout=SECONDS) as client:
        answers = [client.get("/api/v1/status") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    assert answers[-1].json()["code"] == "too-many-requests"


def test_a_proxy_says_whose_request_it_is(serve: Serve) -> None:
    """Where it is known as one; else nobody escapes the limit by saying so."""
    believed, not_believed = (
        serve("--rate", "0.01", "--burst", "2", *more) for more in (["--forwarded-by", "127.0.0.1"], [])
    )
    for running, expected in ((believed, [200] * 4), (not_believed, [200, 200, 429, 429])):
        found = [
            PATIENT.get(f"{running.url}/api/v1/status", headers={"X-Forwarded-For": f"198.51.100.{each}"})
            for each in range(4)
        ]
        assert [each.status_code for each in found] == expected


def test_cross_origin(get: Get, serve: Serve) -> None:
    origin = {"Origin": "https://dashboard.example"}
    assert not [name for name in get("status", headers=origin).headers if name.startswith("access-control")]
    running = serve("--cors", origin["Origin"])
    ask = {
        **origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    with httpx.Client(base_url=running.url, timeout=SECONDS) as client:
        answer = client.get("/api/v1/status", headers=origin)
        assert answer.headers["access-control-allow-origin"] == origin["Origin"]
        assert "access-control-allow-credentials" not in answer.headers
        assert client.options("/api/v1/status", headers=ask).status_code == 200
        stranger = client.get("/api/v1/status", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in stranger.headers
        page = client.get("/batches", headers=origin)
        assert "access-control-allow-origin" not in page.headers


def test_files_are_kept_for_good(get: Get) -> None:
    page = get("/batches").text
    path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    sheet = get(path)
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in sheet.headers["cache-control"]
    assert get(path, headers={"If-None-Match": sheet.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/..%2f..%2fetc/passwd",
        "/static/",
        "//etc/passwd",
        "/%00",
    ],
)
def test_no_other_files(path: str, server: Server) -> None:
    import http.client

    host = server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert (answer.status, b"root:" in answer.read()) == (404, False)
    connection.close()
