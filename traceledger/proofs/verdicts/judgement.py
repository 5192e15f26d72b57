"""The verdict on a proof: by conditions that were given, and by a policy in a file; both must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from traceledger.proofs.trust import TrustRoot
from traceledger.proofs.verdicts.answer import Answer, Question
from traceledger.proofs.verdicts.policy_file import PolicyFile
from traceledger.proofs.verify.policy import Policy, require_freshness, violations
from traceledger.proofs.verify.report import VerifiedProof


@dataclass(frozen=True, slots=True)
class Judgement:
    """A proof that holds, and whether it is what was asked for.

    Attributes:
        found: the proof.
        reasons: why it is refused, a clause each; empty where it is not.
        policy: the policy, where one was given.
        answers: what its questions found, in their order.
    """

    found: VerifiedProof
    reasons: tuple[str, ...]
    policy: PolicyFile | None = None
    answers: tuple[Answer, ...] = ()

    def figures(self, question: str) -> Mapping[str, Any]:
        """What a question found, as plain values; empty where it was not asked."""
        return next((answer.figures for answer in self.answers if answer.question == question), {})

    @property
    def does_not_prove(self) -> list[str]:
        """What a policy's verdict does not prove: it stands beside the verdict. Without one, nothing."""
        said = [sentence for answer in self.answers for sentence in answer.not_proved]
        if self.policy is not None:
            said.append("That the policy is what a law or a customer asks for: whoever names it says so.")
        return list(dict.fromkeys(said))


@dataclass(frozen=True, slots=True)
class Judge:
    """What a proof must be.

    Attributes:
        conditions: given by themselves, on a command line for instance.
        policy: a policy in a file.
        questions: asked besides.
    """

    conditions: Policy = field(default_factory=Policy)
    policy: PolicyFile | None = None
    questions: Sequence[Question] = ()

    @property
    def _policies(self) -> list[Policy]:
        return [self.conditions] + ([] if self.policy is None else [self.policy.policy])

    def require_freshness(self, trusted: TrustRoot) -> None:
        """That conditions on what may change say of when they must hold.

        Raises:
            InputError: they do not.
        """
        require_freshness(self._policies, trusted)

    def judge(self, found: VerifiedProof) -> Judgement:
        """The verdict on a proof that holds.

        Raises:
            InputError: a freshness is missing.
        """
        asked = (*(() if self.policy is None else self.policy.questions), *self.questions)
        answers = tuple(question.ask(found) for question in asked)
        reasons = [
            *violations(self._policies, found),
            *(each for answer in answers for each in answer.reasons),
        ]
        return Judgement(found, tuple(dict.fromkeys(reasons)), self.policy, answers)
