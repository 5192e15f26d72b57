"""One process at a time, and words for those who wait in vain."""

from pathlib import Path

import pytest

from traceledger.errors import InputError, NetworkError
from traceledger.storage.locks import held


def test_a_second_holder_is_told_what_the_first_one_does(tmp_path: Path) -> None:
    lock = tmp_path / "made" / "sending.lock"
    words = r"made: another process is sending \(wait until it has ended, and try again\)"
    with (
        held(lock, doing="sending", seconds=0),
        pytest.raises(NetworkError, match=words),
        held(lock, doing="sending", seconds=0.1),
    ):
        pass
    with held(lock, doing="sending", seconds=0):
        assert lock.exists()


def test_the_thing_that_it_keeps_is_named(tmp_path: Path) -> None:
    lock, file = tmp_path / ".file.lock", tmp_path / "file"
    with (
        held(lock, doing="signing into the file", seconds=0, about=file),
        pytest.raises(NetworkError, match=r"/file: another process"),
        held(lock, doing="signing into the file", seconds=0, about=file),
    ):
        pass


def test_a_lock_ends_with_an_error_in_the_block(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), held(tmp_path / "lock", doing="x", seconds=0):
        raise ZeroDivisionError
    with held(tmp_path / "lock", doing="x", seconds=0):
        pass


def test_a_lock_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    lock = tmp_path / "file" / "lock"
    with (
        pytest.raises(InputError, match="cannot be written"),
        held(lock, doing="x", seconds=0, error=InputError),
    ):
        pass


def test_a_planted_link_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "lock").symlink_to(tmp_path / "precious")
    with pytest.raises(NetworkError), held(tmp_path / "lock", doing="x", seconds=0):
        pass
    assert (tmp_path / "precious").read_text() == "kept"
