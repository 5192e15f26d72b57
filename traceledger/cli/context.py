"""What one run of the command knows: the options given, the client of its network, and where it prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from traceledger.cli.output import Output
    from traceledger.cli.passphrases import Passphrases
    from traceledger.client.client import Client
    from traceledger.config.networks import Network, Networks
    from traceledger.sending.remaining import Remaining

SERVED = "ended, as it was told to"
"""What a server says at its end; being told to end is no failure of it."""
Parameters = ParamSpec("Parameters")


class Session:
    """The options that may stand anywhere, and what is opened with them when it is first needed."""

    # No dataclass: every run of the command begins here, and must not wait for dataclasses to be imported.
    def __init__(self) -> None:
        self.network: str | None = None
        self.config: Path | None = None
        self.act_as: str | None = None
        self.json = False
        self.quiet = False
        self.verbosity = 0
        self.log_file: Path | None = None
        self.no_pager = False
        self.passphrase_file: Path | None = None
        self.offline: Path | None = None
        self.nonces: tuple[str, ...] = ()
        self.arguments: tuple[str, ...] = ()
        self.yes = False
        self.serves = False
        self._client: Client | None = None

    def hear(self) -> None:
        """Let the library's log be heard as far as the options that were seen until now ask for it."""
        from traceledger.cli.logs import hear

        hear(self.verbosity, quiet=self.quiet, file=self.log_file, arguments=self.arguments)

    @cached_property
    def output(self) -> Output:
        """Where results and talk go."""
        from traceledger.cli.output import Output

        return Output(
            as_json=self.json,
            quiet=self.quiet,
            verbose=self.verbosity > 0,
            pager=not self.no_pager,
            logged=self.log_file is not None,
        )

    def remaining(self, error: BaseException | None) -> Remaining | None:
        """How far a file of operations has come when this happened; to go on, one runs the same again."""
        if not getattr(error, "__notes__", ()):
            return None
        import shlex

        from traceledger.sending.remaining import remaining_of

        found = remaining_of(error)
        return None if found is None else found.by(shlex.join(["traceledger", *self.arguments]))

    def fail(self, made: Callable[[ModuleType], dict[str, Any]], remaining: Remaining | None) -> None:
        """Under ``--json``, print what went wrong, unless a result was printed.

        Args:
            made: makes the document, with the module of such documents.
            remaining: how far a file of operations has come, if it is about one.
        """
        # An option after what cannot be parsed was not seen yet.
        if not (self.json or "--json" in self.arguments):
            return
        from traceledger.documents import errors

        self.output.as_json = True
        document = made(errors)
        self.output.failure(document if remaining is None else errors.with_remaining(document, remaining))

    def networks(self) -> Networks:
        """The networks.toml in force."""
        from traceledger.config import networks

        return networks.load(self.config)

    def chosen(self) -> Network:
        """The network that was named, or the default one."""
        return self.networks().get(self.network)

    @cached_property
    def passphrases(self) -> Passphrases:
        """Gives the passphrase of each key, by its name."""
        from traceledger.cli.passphrases import Passphrases

        return Passphrases(self.passphrase_file, self._is_new_key, self.output.paused)

    def _is_new_key(self, name: str) -> bool:
        return self.client.signers.is_new(name)

    @property
    def client(self) -> Client:
        """The client of the chosen network."""
        if self._client is None:
            from traceledger.client.client import Client

            network = self.chosen()
            self._client = Client(network, passphrase=self.passphrases)
            self.output.detail(f"network {network.name} of {network.source}")
        return self._client

    def synced(self) -> Client:
        """The client, its index brought up to date with a progress bar if that takes long."""
        client = self.client
        with self.output.progress("Indexing blocks") as progress:
            added = client.refresh(progress=progress)
        if added is None:
            block = client.index.head_block()
            self.output.say(f"the index is read as of block {block}: another process is writing to it")
        if added:
            from traceledger.model.counting import counted

            self.output.detail(f"{counted(added, 'block')} indexed")
        if client.reads_a_copy:
            self.output.detail("the folder cannot be written: the index is read from a copy")
        return client

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Release what was opened, whatever happens."""
        try:
            yield
        finally:
            if self._client is not None:
                self._client.close()
                self._client = None


def account_address(client: Client, account: str) -> bytes:
    """The address of an account that is named by a stored key, a participant, or its address.

    Raises:
        UnknownNameError: there is neither a key nor a participant of that name.
    """
    from traceledger.model.hexadecimal import parsed_address

    if (address := parsed_address(account)) is not None:
        return address
    if not client.signers.is_new(account):
        return client.signers.address_of(account)
    client.sync()
    return client.directory().participant(account)


def with_session(
    function: Callable[Concatenate[Session, Parameters], None],
) -> Callable[Parameters, None]:
    """Give a command the session as its first argument."""
    decorated: Callable[Parameters, None] = click.make_pass_decorator(Session, ensure=True)(function)
    return decorated
