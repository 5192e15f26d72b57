"""Where CI is set, a test of something real that is skipped fails, and the run goes on."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]
TESTS = """
import pytest

@pytest.fixture
def absent():
    pytest.skip("it is not installed")

@pytest.mark.real
def test_in_its_set_up(absent): pass

@pytest.mark.real
def test_while_it_runs(): pytest.skip("it is not installed")

def test_of_nothing_real(absent): pass

def test_another(): pass
"""


def test_a_skip(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile(TESTS)
    pytester.makeconftest("from tests.conftest import pytest_runtest_makereport")
    pytester.makeini("[pytest]\nmarkers = real")
    monkeypatch.setenv("CI", "")
    pytester.inline_run("-p", "no:cacheprovider").assertoutcome(passed=1, skipped=3)
    monkeypatch.setenv("CI", "true")
    found = pytester.inline_run("-p", "no:cacheprovider")
    assert found.ret is pytest.ExitCode.TESTS_FAILED
    passed, skipped, failed = found.listoutcomes()
    assert [each.nodeid.partition("::")[2] for each in passed] == ["test_another"]
    assert [each.nodeid.partition("::")[2] for each in skipped] == ["test_of_nothing_real"]
    assert len(failed) == 2
    for each in failed:
        assert "skipped in CI, where it must run: it is not installed" in str(each.longrepr)
