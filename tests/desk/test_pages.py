"""The desk's pages, asked in this process: what they say, what forms do, that nothing in them acts."""

from __future__ import annotations

import html
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import ledgers
from tests.clients import client_of
from tests.desk.browsing import Browser, desk_of
from tests.once import once
from traceledger.client.client import Client
from traceledger.model.text import is_clean
from traceledger.web.desk.drafts import State
from traceledger.web.desk.routes import ROUTES

_LINK = re.compile(r'href="([^"#]+)')


def _busy(client: Client) -> None:
    """What a morning at the refiner's desk begins with."""
    client.submit(ledgers.MORNING)


@pytest.fixture(scope="session")
def busy_ledger(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example and that morning: to be read only."""
    return once(tmp_path_factory, "busy-desk", lambda folder: ledgers.later(example, folder, _busy))


@pytest.fixture
def desk(busy_ledger: Path, tmp_path: Path) -> Iterator[Browser]:
    """The refiner's desk."""
    with desk_of(Path(shutil.copytree(busy_ledger, tmp_path / "it")), "kokkola") as found:
        yield found


def text_of(page: str) -> str:
    """What a page says."""
    main = page[page.find("<main") : page.find("</main>")]
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
    return words.replace("( ", "(").replace(" )", ")")


def crawled(browser: Browser) -> dict[str, str]:
    """Every page that links lead to from the inbox, by its path."""
    place = f"/{browser.desk.entrance.place}"
    found: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in found or "/language/" in path:
            continue
        answer = browser.get(path)
        assert answer.status_code == 200, f"{path}: {text_of(answer.text)}"
        found[path] = answer.text if "html" in answer.headers["content-type"] else ""
        for link in _LINK.findall(found[path]):
            address = html.unescape(link)
            if address.startswith(f"{place}/"):
                waiting.append(address.removeprefix(place))
    return found


def test_the_inbox_says_what_is_due_and_leads_there(desk: Browser) -> None:
    page = text_of(desk.get("/").text)
    due = ("A corrective action is due", "A shipment of 3 lots waits", "1 lot is on hold")
    places = [page.index(each) for each in due]
    assert places == sorted(places)  # the urgent first
    assert "in " in page and "30 t" in page and "Katanga Example Mining" in page
    pages = crawled(desk)
    answered = {
        route.path
        for route in ROUTES
        if route.method == "GET" and any(route.matched(urlsplit(path).path) is not None for path in pages)
    }
    assert {
        "/lots/{maker}/{identifier}",
        "/lots/{maker}/{identifier}/mend",
        "/shipments/{sender}/{identifier}/answer",
        "/findings/{auditor}/{identifier}",
        "/record/{operation}",
        "/lots.{form}",
        "/sheet",
    } <= answered


def test_a_form_keeps_what_was_typed_and_says_faults_beside_fields(desk: Browser) -> None:
    typed = {"batch": "kokkola/COS-88-nope", "into.0.batch": "P", "into.0.mass.amount": "1,200"}
    page = desk.post("/record/split", {**typed, "do": "draft"}).text
    assert 'value="1,200"' in page and "may mean 1.200 or 1200" in page and "This field is missing" in page
    assert 'name="into.1.batch"' in desk.post("/record/split", {**typed, "more": "into"}).text
    page = desk.post("/record/split", {**typed, "into.0.mass.amount": "1", "at": "2026-06-21T06:00"}).text
    assert re.search(r'id="f-batch"[^>]*aria-invalid', page)
    assert desk.desk.drafts.list() == []
    answer = desk.post(
        "/record/split",
        {**typed, "batch": "likasi/HYD-031", "into.0.mass.amount": "1", "at": "2026-06-21T06:00"},
    )
    (draft,) = desk.desk.drafts.list()
    assert "What will be signed" in answer.text and "splits kokkola/P of 1 t" in text_of(answer.text)
    (change,) = (each for each in _LINK.findall(answer.text) if "/record/split?" in each)
    again = desk.ask("GET", f"http://127.0.0.1:40404{html.unescape(change)}").text
    assert re.search('name="batch" value="likasi/HYD-031"', again)
    assert draft.state is State.CHECKED


def test_what_the_contracts_would_refuse_is_said_with_how_to_mend_it(desk: Browser) -> None:
    form = {
        "batch": "kokkola/COS-88",
        "into.0.batch": "P",
        "into.0.mass.amount": "1",
        "at": "2026-06-21T06:00",
    }
    page = text_of(desk.post("/record/split", form).text)
    assert "would be refused" in page and "hold" in page and "Sign and send" not in page


def test_a_shipment_is_answered_lot_by_lot(desk: Browser) -> None:
    path = "/shipments/katanga/SEA-77/answer"
    assert "the consortium set no tolerance for its material" in text_of(desk.get(path).text)
    wet = {"answer": "differs", "mass.amount": "9.6", "mass.unit": "t", "difference": "moisture"}
    short = {"answer": "differs", "mass.amount": "9", "mass.unit": "t", "difference": "loss"}
    lots = {f"lots.{at}.name": f"katanga/N-{at + 1}" for at in range(3)}
    said = lots | {f"lots.0.{name}": value for name, value in wet.items()}
    said |= {f"lots.1.{name}": value for name, value in short.items()}
    page = text_of(desk.post(path, {**said, "do": "look"}).text)
    assert page.count("Then it is so") == 2
    assert "9.6 t (sent: 10 t) Cobalt 100 kg" in page and "Cobalt 90 kg (sent: 100 kg)" in page
    dry = desk.post(path, {**said, "lots.0.mass.amount": "0.05", "do": "draft"})
    assert "less than its substances weigh" in text_of(dry.text) and "say when it arrived" in dry.text.lower()
    page = text_of(desk.post(path, {**said, "at": "2026-06-25T09:00", "do": "draft"}).text)
    assert "9.6 t of katanga/N-1" in page and "(moisture)" in page and "0x" in page
    (draft,) = desk.desk.drafts.list()
    (operation,) = desk.desk.drafts.operations(draft)
    assert operation["lots"] == {
        "katanga/N-1": {"mass": "9.6 t", "difference": "moisture"},
        "katanga/N-2": {"mass": "9 t", "difference": "loss"},
    }
    again = desk.get(f"{path}?draft={draft.id}").text
    assert 'value="9.6"' in again and 'value="2026-06-25T09:00"' in again
    refused = desk.post(path, {**lots, "do": "none"}).text
    assert refused.count('value="refused" checked') == 3
    # What is said of a lot stays with it, wherever it stood when the page was made.
    turned = desk.post(path, {"lots.0.name": "katanga/N-3", "lots.0.answer": "refused", "do": "look"}).text
    assert re.findall(r'name="(lots.[0-9]).answer" value="refused" checked', turned) == ["lots.2"]


def test_what_is_wrong_is_put_right_by_the_first_operation_that_fits(desk: Browser) -> None:
    with client_of(desk.desk.network.folder.parent.parent) as client:
        client.split("likasi/HYD-031", into={"PART": "1 t"}, at=ledgers.THAT_DAY, act_as="kokkola")
    desk.desk.client.refresh()
    page = desk.get("/lots/kokkola/PART/mend").text
    (record,) = re.findall(r'name="record" value="([^"]+)"', page)
    said = desk.get("/lots/kokkola/PART/mend", params={"record": record, "wrong": "untrue"}).text
    assert text_of(said).index("Reverse a record this one fits") < text_of(said).index("Declare an error")
    (form,) = (each for each in _LINK.findall(said) if "/record/reverse?" in each)
    assert 'value="kokkola/PART"' in desk.ask("GET", f"http://127.0.0.1:40404{html.unescape(form)}").text
    with client_of(desk.desk.network.folder.parent.parent) as client:
        client.split("kokkola/PART", into={"PART-2": "0.1 t"}, at=ledgers.THAT_DAY, act_as="kokkola")
    desk.desk.client.refresh()
    said = desk.get("/lots/kokkola/PART/mend", params={"record": record, "wrong": "untrue"}).text
    assert "something was taken of it" in text_of(said)
    assert "Declare an error this one fits" in text_of(said)


SHEET = """op;batch;mass;reason;at
remeasure;kokkola/COS-90-2;1,5 t;assay;2026-06-20T06:00:00Z
remeasure;kokkola/COS-9O-2;1,5 t;assay;2026-06-20T06:00:00Z
hold;kokkola/COS-90-2;;assay;tomorrow
"""


def test_a_dropped_spreadsheet_is_given_back_with_its_faults_and_taken_without(desk: Browser) -> None:
    import openpyxl

    answer = desk.post("/sheet", files={"file": ("lots.csv", SHEET.encode())})
    page = answer.text
    assert "2 faults" in text_of(page)
    assert re.search(r'class="bad" id="c-1-3-B">kokkola/COS-9O-2', page)
    assert re.search(r'class="bad" id="c-1-4-E">tomorrow', page)
    (back,) = (each for each in _LINK.findall(page) if each.endswith("/marked"))
    book = openpyxl.load_workbook(io.BytesIO(desk.ask("GET", f"http://127.0.0.1:40404{back}").content))
    assert book.worksheets[1]["E4"].comment is not None
    assert desk.desk.drafts.list() == []
    mended = SHEET.replace("9O", "90").replace("tomorrow", "2026-06-20T06:00:00Z").splitlines(keepends=True)
    page = desk.post("/sheet", files={"file": ("lots.csv", "".join([mended[0], mended[3]]).encode())}).text
    (draft,) = desk.desk.drafts.list()
    assert (draft.origin.name, draft.origin.places) == ("lots.csv", ("2",))
    assert "What will be signed" in page
    assert "no file was chosen" in desk.post("/sheet", files={"other": ("a", b"")}).text.lower()


EXPORT = """Auswertung;;
Partie;Menge;Datum
kokkola/COS-90-2;0,2;20.06.2026
kokkola/COS-90-2;0,3;21.06.2026
"""
MAPPING = """
decimal = "comma"
[[sheet]]
operation = "add_emissions"
headings = 2
days = "dmy"
columns = {"Partie" = "batch", "Menge" = "emissions.scope2", "Datum" = "at"}
units = {"emissions.scope2" = "t"}
constants = {reason = "storage"}
"""


def test_an_export_of_another_program_is_dropped_with_its_mapping(desk: Browser) -> None:
    export = ("export.csv", EXPORT.encode())
    said = text_of(desk.post("/sheet", files={"file": export}).text)
    assert "choose where you drop the file what each row records" in said
    assert "--mapping" not in said
    wrong = {"file": export, "mapping": ("erp.toml", b"[[sheet]]\noperation = 1")}
    assert "erp.toml" in desk.post("/sheet", files=wrong).text
    page = desk.post("/sheet", files={"file": export, "mapping": ("erp.toml", MAPPING.encode())}).text
    assert text_of(page).count("COS-90-") == 2
    (draft,) = desk.desk.drafts.list()
    assert draft.origin.places == ("3", "4")


def test_templates_and_tables_are_downloaded_and_the_language_is_kept(desk: Browser) -> None:
    import openpyxl

    desk.get("/language/de?then=/lots")
    assert '<html lang="de"' in desk.get("/record").text
    answer = desk.get("/sheet/template?op=hold&op=split")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert len(book.sheetnames) >= 3
    assert "kokkola/COS-88" in desk.get("/lots.csv").text
    assert "COS-88" not in desk.get("/lots.csv?material=cobalt-hydroxide").text
    assert desk.get("/lots.parquet").status_code == 404


@pytest.mark.parametrize("company", ["katanga", "kokkola"])
def test_nothing_in_a_page_acts(
    company: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hostile = once(tmp_path_factory, "hostile-of-browser", ledgers.hostile)
    with desk_of(Path(shutil.copytree(hostile, tmp_path / "it")), company) as browser:
        pages = crawled(browser)
        assert len(pages) > 20
        for path, page in pages.items():
            assert "<script>alert(1)" not in page and "onerror=alert(2)>" not in page, path
            assert all(map(is_clean, page.split("\n"))), path
        assert any("&lt;script&gt;alert(1)" in page for page in pages.values())
