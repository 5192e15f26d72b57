"""networks.toml: what is read, refused and written back."""

from __future__ import annotations

from pathlib import Path

import pytest

from traceledger.config import networks
from traceledger.config.networks import Contracts, load, write_template
from traceledger.errors import InputError, NetworkError

SOUND = """\
default = "local" # mine
[networks.local]
kind = "embedded"
path = "chain"
chain_id = 7
[networks.far]
kind = "rpc"
url = "http://127.0.0.1:1"
path = "far"
chain_id = 8
keys = "keys"
"""


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "networks.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_template_is_sound(tmp_path: Path) -> None:
    network = load(write_template(tmp_path, chain_id=99)).get()
    assert (network.name, network.kind, network.chain_id) == ("local", "embedded", 99)
    assert network.folder == tmp_path / ".traceledger" / "local"
    assert network.contracts is None
    with pytest.raises(InputError, match="exists already"):
        write_template(tmp_path)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    found = load(file(tmp_path, SOUND))
    assert found.get("far").keys == tmp_path / "keys"
    assert found.get("local").keys == tmp_path / "chain" / "keys"
    with pytest.raises(InputError, match=r"no network 'near'.*far, local"):
        found.get("near")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "needs default"),
        ("default = 7\n[networks]", "needs default"),
        ("networks = 7\ndefault = 'x'", "needs default"),
        ("= 7", "not valid TOML"),
        (SOUND.replace('"embedded"', '"paper"'), r"networks\.local\.kind"),
        (SOUND.replace("chain_id = 7", "chain_id = 0"), r"networks\.local\.chain_id"),
        (SOUND.replace("chain_id = 7", 'chain_id = "7"'), r"networks\.local\.chain_id"),
        (SOUND.replace('path = "chain"', ""), r"networks\.local\.path"),
        (SOUND.replace('url = "http://127.0.0.1:1"', ""), "needs a url"),
        (SOUND.replace("[networks.far]", "[networks.'Far Away']"), "not a name"),
        (SOUND.replace('path = "chain"', r'path = "a\u0000b"'), r"networks\.local\.path: .*zero character"),
        (SOUND + 'stages = "a\\u0000b"\n', r"networks\.far\.stages: .*zero character"),
        (SOUND + "colour = 3\n", r"networks\.far\.colour"),
        (SOUND + "[networks.far.contracts]\nregistry = '0x12'\n", r"networks\.far\.contracts"),
        (SOUND.replace("[networks.local]", "[networks]\nlocal = 7\n[networks.other]"), r"networks\.local"),
    ],
)
def test_what_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    path = file(tmp_path, text)
    with pytest.raises(InputError, match=reason) as caught:
        load(path)
    assert str(path) in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "networks.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not valid UTF-8"):
        load(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a." * 100_000 + "b = 1", "dots"),
        ("\n".join(f"[k{number}.{'a.' * 900}b]" for number in range(500)), "dots"),
        ("x = {" + "a." * 2_000 + "b = 1}", "dots in line 1"),
        ("a = " + "[" * 100_000, "nests too deeply"),
        ("a = " + "9" * 5_000, "out of range"),
        ("#" * 2**21, "characters"),
    ],
)
def test_what_would_fill_the_memory_is_not_read(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"not valid TOML: .*{reason}"):
        load(file(tmp_path, text))


def test_a_deployment_is_recorded_and_the_rest_stays(tmp_path: Path) -> None:
    path = file(tmp_path, SOUND)
    contracts = Contracts(*(bytes([number]) * 20 for number in range(1, 8)))
    networks.record_contracts(load(path).get(), contracts)
    assert load(path).get().contracts == contracts
    assert load(path).get("far") == load(file(tmp_path, SOUND)).get("far")
    networks.record_contracts(load(path).get(), contracts)
    assert "# mine" in path.read_text()
    assert [item.name for item in tmp_path.iterdir()] == ["networks.toml"]


def test_where_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(tmp_path, SOUND)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    monkeypatch.delenv(networks.ENVIRONMENT, raising=False)
    assert networks.find() == path
    monkeypatch.setenv(networks.ENVIRONMENT, str(below / "none.toml"))
    with pytest.raises(NetworkError, match="cannot be read"):
        load()
    monkeypatch.delenv(networks.ENVIRONMENT)
    path.unlink()
    with pytest.raises(NetworkError, match="traceledger init"):
        load()
