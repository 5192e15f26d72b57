"""Who must not get in, and what must not be done: other programs, strangers' pages, old tabs, large forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.clients import PASSPHRASE
from tests.desk.browsing import URL, Browser, Clock, another, desk_of
from traceledger.errors import SigningError
from traceledger.web.desk.forms import plain_name
from traceledger.web.desk.server import address
from traceledger.web.desk.settings import DeskLimits
from traceledger.web.settings import Limits

HALL = {"op": "register_facility", "facility": "hall", "kind": "refinery", "country": "FI"}


def test_without_the_token_nothing_is_read(browser: Browser) -> None:
    desk = browser.desk
    stranger = another(browser)
    draft = desk.drafts.add([HALL])
    for path in ("/", "/drafts", f"/drafts/{draft.id}", "/key", "/receipts", "/nowhere"):
        answer = stranger.get(path)
        assert answer.status_code == 403 and "hall" not in answer.text and "kokkola" not in answer.text
    # Whoever does not know the desk's place does not even learn that it is right.
    assert stranger.ask("GET", f"{URL}/").status_code == 403
    assert stranger.post(f"/drafts/{draft.id}/discard").status_code == 403
    assert desk.drafts.get(draft.id) == draft


def test_a_token_opens_one_browser_once(folder: Path) -> None:
    clock = Clock()
    with desk_of(folder, "kokkola", clock=clock) as browser:
        desk = browser.desk
        first = address(desk, URL)
        second = address(desk, URL)
        other = another(browser)
        assert other.ask("GET", first).status_code == 403, "a newer address was printed"
        assert other.ask("HEAD", second).status_code == 403, "a preview takes nothing"
        answer = other.ask("GET", second)
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"]
        assert (
            f"Path=/{desk.entrance.place}" in cookie and "HttpOnly" in cookie and "SameSite=strict" in cookie
        )
        assert other.ask("GET", second).status_code == 200, "the same browser once more"
        assert other.get("/").status_code == 200
        assert another(browser).ask("GET", second).status_code == 403, "it was exchanged before"
        assert other.get("/").status_code == 403, "who saw it before its owner is out, too"
        other.enter()
        late = address(desk, URL)
        clock.now += 3601
        assert another(browser).ask("GET", late).status_code == 403
        clock.now += 12 * 3600
        assert other.get("/").status_code == 403, "nobody used it for long"


def test_an_old_tab_after_a_restart(browser: Browser, folder: Path) -> None:
    old = browser.at("/drafts")
    cookies = browser.cookies
    with desk_of(folder, "kokkola") as later:
        later.cookies = cookies
        answer = later.ask("GET", old)
        assert answer.status_code == 403 and "earlier desk" in answer.text
        assert later.get("/").status_code == 403


@pytest.mark.parametrize(
    "host", ["attacker.example:40404", "127.0.0.1:80", "127.0.0.1", "localhost:40405", "", "[::1]:40404"]
)
def test_rebinding(browser: Browser, host: str) -> None:
    answer = browser.get("/", headers={"Host": host})
    assert answer.status_code == 421 and "kokkola" not in answer.text


def test_a_page_of_a_stranger_sends_nothing(browser: Browser) -> None:
    desk = browser.desk
    draft = desk.drafts.add([HALL])
    forged: list[dict[str, str]] = [
        {"Origin": "https://attacker.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:9999", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:40404", "Sec-Fetch-Site": "cross-site"},
        {"Origin": URL, "Sec-Fetch-Site": "same-site"},
    ]
    for headers in forged:
        answer = browser.post(f"/drafts/{draft.id}/discard", headers=headers)
        assert answer.status_code == 403, headers
    bare = browser.ask("POST", browser.at(f"/drafts/{draft.id}/discard"), data={"csrf": browser.csrf})
    assert bare.status_code == 403, "a program that says not where it is from"
    for csrf in ("", "wrong", browser.csrf[:-1], browser.csrf + "x"):
        assert browser.post(f"/drafts/{draft.id}/discard", {"csrf": csrf}).status_code == 403
    # The token of another browser's forms is no use.
    other = another(browser).enter()
    assert other.csrf != browser.csrf
    assert other.post(f"/drafts/{draft.id}/discard", {"csrf": browser.csrf}).status_code == 403
    for method in ("GET", "HEAD"):
        assert browser.ask(method, browser.at(f"/drafts/{draft.id}/discard")).status_code == 405
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE"):
        assert browser.ask(method, browser.at("/")).status_code == 405
    assert desk.drafts.get(draft.id) == draft
    assert browser.post(f"/drafts/{draft.id}/discard").status_code == 200
    assert desk.drafts.list() == []


def test_no_page_is_kept_framed_or_runs_what_stands_in_it(browser: Browser) -> None:
    draft = browser.desk.drafts.add([HALL])
    pages = [browser.get(path) for path in ("/", "/drafts", f"/drafts/{draft.id}", "/key", "/receipts", "/x")]
    pages.append(another(browser).get("/"))
    for page in pages:
        headers = page.headers
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert 'content="same-origin"' in page.text
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", page.text)
    # Every address of a page is below the desk's place, or a file.
    found = {each for page in pages[:-1] for each in re.findall(r'(?:href|action)="([^"#]+)"', page.text)}
    place = f"/{browser.desk.entrance.place}/"
    assert all(each.startswith((place, "/static/", "data:,")) for each in found), found


def test_what_is_too_large_is_not_read(browser: Browser) -> None:
    assert browser.post("/lock", {"more": "x" * 2**20}).status_code == 413
    assert browser.post("/lock", {f"f{number}": "" for number in range(5000)}).status_code == 400
    for content, media in ((b"{}", "application/json"), (b"csrf=%FF", "application/x-www-form-urlencoded")):
        headers = {"Origin": URL, "Sec-Fetch-Site": "same-origin", "Content-Type": media}
        assert browser.ask("POST", browser.at("/lock"), content=content, headers=headers).status_code == 400
    assert browser.post("/lock", files={"sheet": ("a.xlsx", b"x")}).status_code == 400, "it takes no files"
    assert browser.get(f"/?{'x' * 5000}").status_code == 414
    # A body whose length nobody announced is counted as it comes.
    pieces = (b"x" * 2**16 for _ in range(32))
    headers = {"Origin": URL, "Content-Type": "application/x-www-form-urlencoded"}
    assert (
        browser.ask("POST", browser.at("/lock"), content=b"".join(pieces), headers=headers).status_code == 413
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\networks.toml", "networks.toml"),
        ("/etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x=1.csv", "aSet-Cookie: x=1.csv"),
        ("\u202exslx.exe", "xslx.exe"),
        ("..", "file"),
        ("x" * 500 + ".xlsx", "x" * 110 + "xxxxx.xlsx"),
    ],
)
def test_forged_names_of_files(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_wrong_passphrases_wait(folder: Path) -> None:
    clock = Clock()
    with desk_of(folder, "kokkola", clock=clock) as browser:
        for _ in range(3):
            answer = browser.post("/key", {"key": "kokkola", "passphrase": "secret guess"})
            assert answer.status_code == 403 and "secret guess" not in answer.text
        answer = browser.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE})
        assert answer.status_code == 403 and "wait 3 seconds" in answer.text
        clock.now += 2.1
        assert browser.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE}).status_code == 200
        assert "Unlocked: kokkola" in browser.get("/").text


def test_two_clerks_at_one_desk(folder: Path) -> None:
    clock = Clock()
    with desk_of(folder, "kokkola", clock=clock) as anna:
        desk, bert = anna.desk, another(anna).enter()
        draft = desk.drafts.add([HALL])
        page = anna.get("/key").text
        assert "kokkola-anna" in page and "it is a key of katanga" in page.replace("It", "it")
        assert anna.post("/key", {"key": "katanga", "passphrase": PASSPHRASE}).status_code == 403
        anna.post("/key", {"key": "kokkola-anna", "passphrase": PASSPHRASE})
        assert "kokkola-anna is unlocked in another browser" in bert.get("/").text
        assert "Unlock your key" in bert.get(f"/drafts/{draft.id}").text, "nobody signs with another's key"
        bert.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE})
        assert "Unlocked" not in anna.get("/").text
        assert "Unlocked: kokkola<" in bert.get("/").text
        # What a page asks by itself keeps no key unlocked.
        clock.now += 599
        bert.get(f"/drafts/{draft.id}?follow=1")
        bert.get(f"/drafts/{draft.id}/progress")
        clock.now += 2
        assert "Unlocked" not in bert.get("/").text
        with pytest.raises(SigningError):
            desk.clerks.key(desk.entrance.session(bert.cookies["traceledger-desk-40404"]))  # type: ignore[arg-type]


def test_secrets_stand_nowhere(browser: Browser, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    browser.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE})
    desk = browser.desk
    draft = desk.drafts.add([HALL], by="kokkola")
    kept = b"".join(path.read_bytes() for path in desk.drafts.folder.iterdir())
    secrets = (PASSPHRASE, *browser.cookies.values())
    pages = [browser.get(path).text for path in ("/", "/key", f"/drafts/{draft.id}")]
    for secret in secrets:
        assert secret.encode() not in kept and secret not in caplog.text
        assert not any(secret in page for page in pages)
        assert secret not in repr(vars(desk.clerks))
    for path in (desk.drafts.path(draft), desk.drafts.folder / f"{draft.id}.json"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert desk.drafts.folder.stat().st_mode & 0o777 == 0o700


def test_where_to_go_on_is_a_page_of_the_desk(browser: Browser) -> None:
    for then in ("https://attacker.example/", "//attacker.example", "/\\attacker.example", "javascript:1"):
        answer = browser.post(
            "/key", {"key": "kokkola", "passphrase": PASSPHRASE, "then": then}, follow_redirects=False
        )
        assert answer.headers["location"] == browser.at("/").removeprefix(URL)


def test_a_flood_of_strangers_does_not_shut_the_clerk_out(folder: Path) -> None:
    limits = DeskLimits(connection=Limits(rate=0.001, burst=20))
    with desk_of(folder, "kokkola", limits=limits) as browser:
        stranger = another(browser)
        answers = {stranger.ask("GET", f"{URL}/").status_code for _ in range(25)}
        assert answers == {403, 429}
        assert browser.get("/").status_code == 200
