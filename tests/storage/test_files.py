"""Files appear whole or not at all, never through a planted link, whatever happens in between."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.disks import tiny_disk
from traceledger.errors import InputError, NetworkError, SigningError
from traceledger.storage import files


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_created_file_has_its_content_and_mode(tmp_path: Path) -> None:
    files.create(tmp_path / "key", "secret é\n", mode=files.OWNER_ONLY)
    assert (tmp_path / "key").read_bytes() == "secret é\n".encode()
    assert mode_of(tmp_path / "key") == 0o600
    assert names(tmp_path) == ["key"]


@pytest.mark.parametrize("content", ["old", ""])
def test_create_refuses_what_is_there(tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(files.AlreadyThereError, match=r"key: exists already"):
        files.create(tmp_path / "key", "new")
    assert (tmp_path / "key").read_text() == content
    assert names(tmp_path) == ["key"]


@pytest.mark.parametrize("target", ["elsewhere", "nowhere"])
def test_create_follows_no_planted_link(tmp_path: Path, target: str) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    (tmp_path / "key").symlink_to(tmp_path / target)
    with pytest.raises(files.AlreadyThereError):
        files.create(tmp_path / "key", "secret", mode=files.OWNER_ONLY)
    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("target", ["elsewhere", "nowhere"])
def test_replace_takes_the_place_of_a_planted_link(tmp_path: Path, target: str) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    (tmp_path / "list").symlink_to(tmp_path / target)
    files.replace(tmp_path / "list", "new")
    assert not (tmp_path / "list").is_symlink()
    assert (tmp_path / "list").read_text() == "new"
    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


def test_an_ensured_file_is_not_made_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "d.sqlite").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="symbolic link to nothing"):
        files.ensure(tmp_path / "d.sqlite", mode=files.OWNER_ONLY)
    assert not (tmp_path / "nowhere").exists()
    files.ensure(tmp_path / "made" / "d.sqlite", mode=files.OWNER_ONLY)
    files.ensure(tmp_path / "made" / "d.sqlite", mode=files.OWNER_ONLY)
    assert mode_of(tmp_path / "made" / "d.sqlite") == 0o600


def test_replacing_keeps_the_mode_unless_one_is_given(tmp_path: Path) -> None:
    path = tmp_path / "networks.toml"
    files.create(path, "a", mode=0o640)
    before = mode_of(path)
    files.replace(path, "b")
    assert mode_of(path) == before
    files.replace(path, "c", mode=files.OWNER_ONLY)
    assert (mode_of(path), path.read_text()) == (0o600, "c")


def test_a_device_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no ordinary file"):
        files.replace(tmp_path / "pipe", "text")
    with pytest.raises(InputError, match="no ordinary file"):
        files.replace(tmp_path, "text")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize("verb", [files.creating, files.replacing])
def test_a_failure_midway_leaves_nothing(tmp_path: Path, verb: "type") -> None:
    path = tmp_path / "proof"
    if verb is files.replacing:
        path.write_text("old")
    with pytest.raises(ZeroDivisionError), verb(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert names(tmp_path) == (["proof"] if verb is files.replacing else [])
    assert verb is files.creating or path.read_text() == "old"


def test_a_folder_appears_with_its_content_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "above" / "net"
    with pytest.raises(ZeroDivisionError), files.drafting_folder(place) as draft:
        (draft / "file").write_text("x")
        raise ZeroDivisionError
    assert names(tmp_path / "above") == []
    place.mkdir()
    with files.drafting_folder(place) as draft:
        (draft / "file").write_text("x")
    assert (place / "file").read_text() == "x"
    with pytest.raises(NetworkError, match="not empty"), files.drafting_folder(place, error=NetworkError):
        pass
    assert names(tmp_path / "above") == ["net"]


KILLED = """
import sys
from pathlib import Path
from traceledger.storage import files
with getattr(files, sys.argv[1])(Path(sys.argv[2])) as file:
    file.write(b"half of it")
    file.flush()
    print("written", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("verb", ["creating", "replacing"])
def test_who_is_killed_midway_changes_nothing(tmp_path: Path, verb: str) -> None:
    path = tmp_path / "file"
    if verb == "replacing":
        path.write_text("old")
    command = [sys.executable, "-c", KILLED, verb, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    if verb == "replacing":
        assert path.read_text() == "old"
        files.replace(path, "new")
    else:
        assert not path.exists()
        files.create(path, "new")
    assert path.read_text() == "new"


def test_of_many_that_create_at_once_one_succeeds(tmp_path: Path) -> None:
    path, barrier, made = tmp_path / "key", threading.Barrier(8), []

    def create(mine: str) -> None:
        with files.creating(path) as file:
            file.write(mine.encode())
            barrier.wait()
        made.append(mine)

    def attempt(mine: str) -> None:
        with contextlib.suppress(files.AlreadyThereError):
            create(mine)

    threads = [threading.Thread(target=attempt, args=(str(n) * 1000,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [path.read_text()]
    assert names(tmp_path) == ["key"]


def test_of_many_that_replace_at_once_each_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list"
    threads = [
        threading.Thread(target=files.replace, args=(path, str(number) * 100_000)) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = path.read_text()
    assert len(text) == 100_000
    assert len(set(text)) == 1
    assert names(tmp_path) == ["list"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    with tiny_disk(tmp_path / "disk", 64) as place:
        yield place


@pytest.mark.parametrize("verb", [files.create, files.replace])
def test_a_full_disk_leaves_what_was(small_disk: Path, verb: "type") -> None:
    path = small_disk / "file"
    if verb is files.replace:
        path.write_text("old")
    with pytest.raises(NetworkError, match=r"file: cannot be written: the disk is full \(free some space\)"):
        verb(path, "x" * 200_000, error=NetworkError)
    assert names(small_disk) == (["file"] if verb is files.replace else [])
    assert verb is files.create or path.read_text() == "old"
    path.unlink(missing_ok=True)
    verb(path, "y" * 20_000)


def test_a_read_only_disk_is_named(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(
        InputError, match=r"file: cannot be written: Read-only file system \(the disk is mounted"
    ):
        files.replace(small_disk / "file", "x")


@pytest.mark.parametrize(
    ("place", "words"),
    [("none/file", "No such file or directory .make the folder"), ("plain/file", "Not a directory")],
)
def test_other_failures_name_the_path(tmp_path: Path, place: str, words: str) -> None:
    (tmp_path / "plain").write_text("")
    with pytest.raises(SigningError, match=rf"file: cannot be written: {words}"):
        files.create(tmp_path / place, "x", error=SigningError)


def test_a_folder_without_permission_is_named() -> None:
    place = Path(tempfile.mkdtemp())
    place.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)  # root may write everywhere
    try:
        with pytest.raises(InputError, match=r"cannot be written: Permission denied \(mend the permissions"):
            files.create(place / "file", "x")
    finally:
        if root:
            os.seteuid(0)
        place.rmdir()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device without end")
def test_a_device_without_end_is_read_no_further_than_allowed(tmp_path: Path) -> None:
    """A file of somebody else's folder may be a link to anything, and its size be said to be 0."""
    (tmp_path / "link").symlink_to("/dev/zero")
    reason = "link: cannot be read: larger than 16777216 bytes"
    with pytest.raises(InputError, match=reason), files.explained(tmp_path / "link", verb="read"):
        files.content_of(tmp_path / "link")
    (tmp_path / "small").write_bytes(b"12345")
    assert files.content_of(tmp_path / "small", 5) == b"12345"
    with pytest.raises(OSError, match="larger than 4 bytes"):
        files.text_of(tmp_path / "small", "ascii", 4)
