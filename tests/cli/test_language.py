"""A refusal is said in the user's language; what programs read stays as it is."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run
from traceledger.errors import ExitCode
from traceledger.languages import LANGUAGES
from traceledger.refusals import BatchAlreadyExists

MINT = "batch mint KOL-1 --as katanga --material cobalt-hydroxide --facility pit-4 --origin mined --mass 1t"


@pytest.mark.usefixtures("filled")
def test_a_refusal_is_said_in_the_users_language(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {"batch": "katanga/KOL-1"}
    for language in LANGUAGES:
        monkeypatch.setenv("TRACELEDGER_LANGUAGE", language.code)
        refused = cli(*MINT.split(), "--json")
        assert refused.code == ExitCode.REFUSED
        what = language.gettext(BatchAlreadyExists.what_template).format_map(shown)
        mend = language.gettext(BatchAlreadyExists.mend).format_map(shown)
        assert refused.err.splitlines()[-1] == f"error: {what} ({mend})"
        assert refused.document["error"]["message"] == "batch katanga/KOL-1 exists already"
    monkeypatch.setenv("TRACELEDGER_LANGUAGE", "tlh")
    assert "exists already" in cli(*MINT.split()).err
