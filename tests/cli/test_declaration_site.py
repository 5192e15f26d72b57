"""``declaration build`` and ``label``: what they write, what they leave alone, and what they say."""

from __future__ import annotations

import json
import shutil
import stat
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.pages.reading import Page
from traceledger.errors import InputError
from traceledger.languages import ENGLISH, language
from traceledger.pages.site import Entry, Site, folder_name, style_of

ID = "0x" + "ab" * 32
OTHER = "0x" + "cd" * 32


def entry(batch: str = "a/1", identifier: str = ID, files: tuple[str, ...] = ("index.html",)) -> Entry:
    return Entry(batch, folder_name(batch, identifier), "Ore", "A", "5", 0.5, (), ("en",), files)


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()
    }


@pytest.mark.parametrize(
    "name",
    [
        "a/../../etc/passwd",
        "a/..",
        "a/CON",
        "a/" + "W" * 5000,
        "a/\u202egnp.",
        "a/ ",
        "a/.hidden",
        "a/鈷",
        "a/x\x00y",
    ],
)
def test_a_folder_is_safe_whatever_a_batch_is_called(name: str, tmp_path: Path) -> None:
    made = folder_name(name, ID)

    assert len(made.encode()) < 100
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")
    (tmp_path / made).mkdir()
    assert [each.name for each in tmp_path.iterdir()] == [made]


def test_two_batches_never_share_a_folder() -> None:
    assert folder_name("oem/VIN-1", ID) != folder_name("oem/vin-1", OTHER)
    assert folder_name("oem/VIN 1", ID).lower() != folder_name("oem/VIN_1", OTHER).lower()
    assert "private" not in folder_name("oem/urn:traceledger:private:1:" + "0" * 64, ID)


def test_a_build_replaces_its_own_files_and_no_others(tmp_path: Path) -> None:
    site = Site.open(tmp_path)
    site.publish(entry(files=("index.html", "old.svg")), {"old.svg": "<svg/>", "index.html": "one"})
    site.finish([ENGLISH])
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    (tmp_path / entry().folder / "mine.txt").write_text("mine", "utf-8")

    again = Site.open(tmp_path)
    again.publish(entry(), {"index.html": "two"})
    again.publish(entry("b/2", OTHER), {"index.html": "three"})
    again.finish([ENGLISH])

    found = files_in(tmp_path)
    assert found["mine.txt"] == found[f"{entry().folder}/mine.txt"] == b"mine"
    assert found[f"{entry().folder}/index.html"] == b"two"
    assert f"{entry().folder}/old.svg" not in found
    listed = Page(found["index.html"].decode())
    assert [row[0] for row in listed.tables[0].rows[1:]] == ["a/1", "b/2"]
    assert not [name for name in found if name.endswith(".partial")]


def test_somebody_elses_pages_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="that says whose it is"):
        Site.open(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [
        "{",
        "[]",
        '{"format": "other"}',
        '{"format": "traceledger-site-1", "disclosed": false, "pages": ["../x"], "batches": []}',
        '{"format": "traceledger-site-1", "disclosed": false, "pages": [1], "batches": [{}]}',
    ],
)
def test_a_manifest_that_names_other_files_is_refused(manifest: str, tmp_path: Path) -> None:
    (tmp_path / "site.json").write_text(manifest, "utf-8")
    with pytest.raises(InputError, match="choose another folder"):
        Site.open(tmp_path)


def test_private_and_public_pages_do_not_mix(tmp_path: Path) -> None:
    site = Site.open(tmp_path / "own", disclosed=True)
    site.publish(entry(), {"index.html": "private"})
    site.finish([ENGLISH])
    modes = {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "own").rglob("*") if each.is_file()}
    assert modes == {0o600}
    with pytest.raises(InputError, match="show private texts"):
        Site.open(tmp_path / "own")
    Site.open(tmp_path / "all").finish([ENGLISH])
    with pytest.raises(InputError, match="pages for everybody"):
        Site.open(tmp_path / "all", disclosed=True)


def test_names_that_were_disclosed_stand_in_no_name_of_a_file(tmp_path: Path) -> None:
    name = folder_name("a/secret-lot", ID, disclosed=True)
    assert name == folder_name("a/urn:traceledger:private:1:" + "0" * 64, ID)
    site = Site.open(tmp_path / "own", disclosed=True)
    assert stat.S_IMODE(site.place(name).stat().st_mode) == 0o700


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    site = Site.open(tmp_path / "site")
    (tmp_path / "site" / entry().folder).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is a symbolic link"):
        site.publish(entry(), {"index.html": "one"})
    assert files_in(tmp_path / "elsewhere") == {}


def test_of_two_builds_at_once_none_forgets_the_other(tmp_path: Path) -> None:
    def build(name: str, identifier: str) -> None:
        with Site.opened(tmp_path) as site:
            site.publish(entry(name, identifier), {"index.html": name})
            site.finish([ENGLISH])

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(build, f"a/{n}", f"0x{n}" + "0" * 63) for n in range(8)]
        for job in jobs:
            job.result()
    assert sorted(Site.open(tmp_path).entries) == sorted(
        each.name for each in tmp_path.iterdir() if each.is_dir()
    )


def test_pages_of_earlier_builds_find_their_list(tmp_path: Path) -> None:
    german = language("de")
    site = Site.open(tmp_path)
    both = replace(entry(files=("index.de.html", "index.html")), languages=("en", "de"))
    site.publish(both, {"index.de.html": "de", "index.html": "en"})
    site.finish([ENGLISH, german])
    again = Site.open(tmp_path)
    again.publish(replace(entry("b/2", OTHER), languages=("de",)), {"index.html": "de"})
    again.finish([german])
    assert 'lang="de"' in (tmp_path / "index.de.html").read_text("utf-8")


def test_what_a_killed_build_left_is_taken_away(tmp_path: Path) -> None:
    site = Site.open(tmp_path)
    (site.place(entry().folder) / f".index.html.{'0a' * 8}.partial").write_text("half", "utf-8")
    site.publish(entry(), {"index.html": "one"})
    assert files_in(tmp_path).keys() == {f"{entry().folder}/index.html", "site.json"}


def test_a_batch_whose_folder_is_gone_is_listed_no_more(tmp_path: Path) -> None:
    site = Site.open(tmp_path)
    site.publish(entry(), {"index.html": "one"})
    site.publish(entry("b/2", OTHER), {"index.html": "two"})
    shutil.rmtree(tmp_path / entry().folder)
    site.finish([ENGLISH])
    listed = Page((tmp_path / "index.html").read_text("utf-8"))
    assert [row[0] for row in listed.tables[0].rows[1:]] == ["b/2"]


def test_a_style_sheet_cannot_leave_its_element(tmp_path: Path) -> None:
    bad = tmp_path / "bad.css"
    bad.write_text("a{}</STYLE><script>", "utf-8")
    with pytest.raises(InputError, match="would end the style sheet"):
        style_of(bad)
    # A page carries the sheet without its comments.
    bad.write_text("a{} </sty/* x */le><script>", "utf-8")
    with pytest.raises(InputError, match="would end the style sheet"):
        style_of(bad)
    bad.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="no text in UTF-8"):
        style_of(bad)


@pytest.mark.usefixtures("filled")
def test_build(cli: Run) -> None:
    done = cli("declaration", "build", "kokkola/BLEND", "-o", "site", "--proof", "--lang", "de,en", "--json")

    assert done.code == 0, done.err
    (made,) = done.document["declarations"]
    assert made["batch"] == "kokkola/BLEND"
    names = {Path(each).name for each in made["files"]}
    assert {"index.html", "index.en.html", "check.html", "check.en.html", "declaration.json"} <= names
    assert all(Path(each).exists() for each in made["files"])
    proof = next(each for each in made["files"] if each.endswith(".tlproof"))
    assert cli("trust-root", "export", "-o", "root.json").code == 0
    assert cli("proof", "verify", proof, "kokkola/BLEND", "--trust-root", "root.json").code in (0, 4)
    shown = cli("declaration", "show", "kokkola/BLEND", "--json").document
    assert json.loads((Path(made["page"]).parent / "declaration.json").read_text("utf-8")) == shown
    assert 'lang="de"' in Path(made["page"]).read_text("utf-8")


@pytest.mark.usefixtures("filled")
def test_build_writes_the_same_bytes_again(cli: Run) -> None:
    for folder in ("one", "two"):
        assert cli("declaration", "build", "kokkola/BLEND", "katanga/KOL-1", "-o", folder).code == 0
    assert files_in(Path("one")) == files_in(Path("two"))


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kokkola/NONE"], "kokkola/NONE"),
        (["kokkola/BLEND", "--lang", "pt"], "nothing is written in 'pt'"),
        (["kokkola/BLEND", "--url", "javascript:alert(1)"], "is no web address"),
        (["kokkola/BLEND", "--url", "https://a.example/?x=1"], "cannot be continued"),
        (["kokkola/BLEND", "--url", "https://a.example/?"], "cannot be continued"),
        (["kokkola/BLEND", "--url", 'https://a.example/"x'], "cannot be continued"),
        (["kokkola/BLEND", "--url", "https://me:secret@a.example/"], "is no web address"),
        (["kokkola/BLEND", "--url", "https://a.example:99999/"], "is no web address"),
        (["kokkola/BLEND", "--kwh", "0"], "no number above zero"),
        (["kokkola/BLEND", "--kwh", "nan"], "no number above zero"),
        (["kokkola/BLEND", "--style", "none.css"], "none.css"),
    ],
)
def test_what_cannot_be_built_is_said(cli: Run, arguments: list[str], said: str) -> None:
    done = cli("declaration", "build", *arguments, "-o", "site")

    assert done.code == 2
    assert said in done.err
    assert not (Path("site") / "index.html").exists()


@pytest.mark.usefixtures("filled")
def test_codes_hold_digital_links_at_a_resolver_of_one_s_own(cli: Run) -> None:
    resolver, known = "https://ledger.example", Path("kokkola.toml")
    known.write_text(
        'participant = "kokkola"\n[[lots]]\nbatch = "kokkola/BLEND"\n'
        'epcs = ["urn:uuid:4ad2c9b9-7f7f-4a51-9d1e", "urn:epc:class:lgtin:6400001.000001.B-1"]\n',
        "utf-8",
    )
    own = "lusatia/https://id.example/01/04012345000009/10/R1"
    more = ("--resolver", resolver, "--masterdata", str(known))
    for batch, path in ((own, "/01/04012345000009/10/R1"), ("kokkola/BLEND", "/01/06400001000018/10/B-1")):
        made = cli("declaration", "label", batch, *more, "-o", "l.svg", "--json", "--yes")
        assert made.document["address"] == resolver + path
    assert cli("declaration", "build", "kokkola/BLEND", own, "-o", "site", *more).code == 0
    pages = [each.read_text("utf-8") for each in Path("site").glob("*/index.html")]
    assert sum("https://ledger.example/01/06400001000018/10/B-1" in page for page in pages) == 1
    assert sum("https://ledger.example/01/04012345000009/10/R1" in page for page in pages) == 1
    assert "--resolver" in cli("declaration", "build", own, "-o", "s", "--resolver", "ledger").err


@pytest.mark.usefixtures("filled")
def test_label(cli: Run) -> None:
    address = "https://cars.example/declarations/blend"
    made = cli("declaration", "label", "kokkola/BLEND", "--url", address, "-o", "l.svg", "--json")
    assert made.document["address"] == address
    svg = Path("l.svg").read_text("utf-8")
    assert f'width="{made.document["millimetres"] + 46}mm"' in svg
    assert "kokkola/BLEND" in svg
    assert cli("declaration", "label", "kokkola/BLEND", "--url", address, "-o", "l.png").code == 0
    width, dots = read_png(Path("l.png").read_bytes())
    assert width / 12 / 2 == made.document["millimetres"]
    # The quiet zone: four modules of nothing, then the dark corner of the finder.
    assert all(dots[48 + row * width] for row in range(48))
    assert not dots[48 * width + 48]

    missing = cli("declaration", "label", "kokkola/BLEND", "-o", "m.svg")
    assert "has no GS1 key, and no address is given" in missing.err
    assert cli("declaration", "label", "kokkola/BLEND", "--url", address, "-o", "l.jpg").code == 2


def read_png(content: bytes) -> tuple[int, list[int]]:
    """Width, and each dot: 1 where it is light."""
    width = struct.unpack(">I", content[16:20])[0]
    assert content[24] == 1, "one bit a dot"
    at, data = 8, b""
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        data += content[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    raw, line, dots = zlib.decompress(data), -(-width // 8), list[int]()
    bits = bytes(line)
    for row in range(width):
        kind, read = raw[row * (line + 1)], raw[row * (line + 1) + 1 : (row + 1) * (line + 1)]
        assert kind in (0, 2), "no filter, or that of the row above"
        bits = bytes((each + above) % 256 for each, above in zip(read, bits, strict=True)) if kind else read
        dots += [bits[x // 8] >> (7 - x % 8) & 1 for x in range(width)]
    return width, dots


def test_no_folder_is_left_of_a_name_that_is_not_there(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    assert Site.open(tmp_path).entries == {}
