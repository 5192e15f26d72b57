"""The catalogues are complete and current: a message that one language lacks fails here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.conftest import ROOT
from traceledger.languages import FOLDER, LANGUAGES

SCRIPT = ROOT / "scripts" / "translations"


def test_every_message_is_translated_and_current() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script reads, in a place of its own."""
    root = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "traceledger", root / "traceledger", ignore=shutil.ignore_patterns("__pycache__", "artifacts")
    )
    (root / "traceledger" / "artifacts").symlink_to(ROOT / "traceledger" / "artifacts")
    (root / "scripts").mkdir()
    shutil.copy(SCRIPT, root / "scripts")
    return root


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('msgstr "Zum Inhalt springen"', 'msgstr ""', "'Skip to the content' is not translated"),
        ('msgid "Skip to', '#, fuzzy\nmsgid "Skip to', "'Skip to the content' is fuzzy"),
        (
            'msgid "Network %(network)s: no block yet."\nmsgstr "Netzwerk %(network)s',
            'msgid "Network %(network)s: no block yet."\nmsgstr "Netzwerk %(netzwerk)s',
            "has other placeholders than",
        ),
        ('msgstr "Zum Inhalt springen"', 'msgstr "Zum <b>Inhalt</b>"', "has other placeholders than"),
        ('msgid "Skip to the content"', 'msgid "Skip to something"', "de.po is out of date"),
    ],
)
def test_what_is_wrong_fails(copy: Path, before: str, after: str, said: str) -> None:
    path = copy / "traceledger" / "languages" / "de.po"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    try:
        done = subprocess.run(
            [sys.executable, str(copy / "scripts" / "translations"), "--check"],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        path.write_text(text, "utf-8")
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize("language", LANGUAGES[1:], ids=[each.code for each in LANGUAGES[1:]])
def test_hardly_anything_stays_as_it_is_in_english(language: object) -> None:
    code = language.code  # type: ignore[attr-defined]
    with (FOLDER / f"{code}.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    same = [message.id for message in messages if message.id == message.string]
    assert len(messages) > 500
    assert len(same) < len(messages) / 8, same
