"""What every refusal of the contracts has: the Solidity error's arguments, and a sentence made of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from traceledger.errors import ContractRefusalError
from traceledger.languages.phrases import Phrase


class Refusal(ContractRefusalError):
    """A refusal of the contracts. ``scripts/translations`` finds the messages of each in its class.

    Attributes:
        arguments: the Solidity error's, by name.
        shown: the same as people read them: by name, and with units; words of ours as phrases.
        ids: names of those that are ids.
    """

    what_template: ClassVar[str] = "the contracts refused the operation"
    mend: ClassVar[str] = ""

    def __init__(
        self, arguments: Mapping[str, Any], shown: Mapping[str, str], ids: Collection[str] = ()
    ) -> None:
        super().__init__(Phrase(self.what_template, shown), hint=Phrase(self.mend, shown))
        self.arguments = dict(arguments)
        self.shown = dict(shown)
        self.ids = frozenset(ids)


class UnknownRefusal(Refusal):
    """The contracts refused with data that none of their errors explains."""

    what_template = "the contracts refused the operation with {data}"
    mend = "check that client and contracts are of the same release"
