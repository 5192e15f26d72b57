"""The state machine's rules of assurance: auditors assess and find, participants correct, time passes."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.real_ledger import RealLedger
from tests.reference.model import ReferenceLedger
from tests.reference.registry import CONSORTIUM

ROLES = {"mine": "producer", "smelter": "producer", "maker": "manufacturer", "auditor": "auditor"}
SLUGS = tuple(ROLES)
FACILITIES = {
    "mine/pit": "mine",
    "mine/mill": "concentrator",
    "smelter/yard": "recycler",
    "smelter/oven": "refinery",
    "maker/plant": "plant",
}
DAY = 86_400
GATED = ("saq", "code_of_conduct")
RARELY = st.integers(0, 11).map(lambda number: number == 11)


class AssuranceRules(RuleBasedStateMachine):
    """Rules over the real contracts and the model beside them; ``now`` is the time of the next block."""

    real: RealLedger
    model: ReferenceLedger
    now: int

    @abstractmethod
    def step(self, op: dict[str, Any], account: str | None = None) -> None:
        """Let both perform the operation."""

    @abstractmethod
    def fresh(self, data: st.DataObject, kind: str) -> str:
        """An identifier: new, save for now and then."""

    @abstractmethod
    def actor(self, data: st.DataObject, slug: str) -> str:
        """The participant, save for now and then."""

    @rule(seconds=st.sampled_from((1, 3_600, DAY, 2 * DAY, 8 * DAY)))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    def subject(self, data: st.DataObject) -> dict[str, str]:
        """A participant as a whole, or a facility."""
        if data.draw(st.booleans()):
            return {"facility": data.draw(st.sampled_from([*FACILITIES, "mine/none"]))}
        return {"participant": data.draw(st.sampled_from((*SLUGS, "ghost") if data.draw(RARELY) else SLUGS))}

    def auditing(self, data: st.DataObject) -> str:
        """An account that may audit; now and then one that may not."""
        if data.draw(RARELY):
            return self.real.know(data.draw(st.sampled_from(("maker", "stranger"))))
        return data.draw(st.sampled_from((CONSORTIUM, self.real.know("auditor"))))

    def due(self, data: st.DataObject) -> int:
        return self.now + data.draw(st.sampled_from((-1, 0, 1, 2, 5, DAY, 3 * DAY, 9 * DAY)))

    @rule(data=st.data())
    def raise_finding(self, data: st.DataObject) -> None:
        category = data.draw(st.sampled_from(("labour", "ethics")))
        op = {
            "op": "raise_finding",
            "finding": self.fresh(data, "F"),
            **self.subject(data),
            "severity": data.draw(st.sampled_from(("minor", "critical", "critical"))),
            "category": "gossip" if data.draw(RARELY) else category,
            "due": self.due(data),
            "at": self.now,
        }
        self.step(op, self.auditing(data))

    @precondition(lambda self: self.model.findings)
    @rule(data=st.data())
    def follow_up(self, data: st.DataObject) -> None:
        """As a rule the next step towards closing a finding."""
        name = data.draw(st.sampled_from(list(self.model.findings)))
        finding = self.model.findings[name]
        following = {
            "open": ("submit_corrective_action",),
            "action_submitted": (
                "accept_corrective_action",
                "accept_corrective_action",
                "refuse_corrective_action",
            ),
            "action_accepted": ("close_finding",),
            "closed": ("reopen_finding",),
        }
        anything = tuple(dict.fromkeys(step for steps in following.values() for step in steps))
        kind = data.draw(st.sampled_from(anything if data.draw(RARELY) else following[finding.state]))
        op: dict[str, Any] = {"op": kind, "finding": list(name), "at": self.now, "due": self.due(data)}
        op["evidence"] = [] if data.draw(RARELY) else ["urn:report"]
        if data.draw(RARELY):
            op["finding"] = ["auditor", "never"]
        if kind == "submit_corrective_action":
            account = self.model.account_of(self.actor(data, finding.subject[0]))
        else:
            account = self.auditing(data)
        self.step(op, account)

    @rule(data=st.data())
    def assess(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from((*GATED, *GATED, "country_risk", "gut_feeling")))
        begin = self.now + data.draw(st.sampled_from((-9 * DAY, -1, 0, 1, 2, 3, DAY)))
        op = {
            "op": "assess",
            "assessment": self.fresh(data, "A"),
            **self.subject(data),
            "kind": kind,
            "value": 10_001 if data.draw(RARELY) else int(kind in ("country_risk", "saq")),
            "valid_from": begin,
            "valid_until": begin + data.draw(st.sampled_from((0, 1, DAY, 9 * DAY, 99 * DAY))),
            "at": self.now,
        }
        self.step(op, self.auditing(data))

    @rule(data=st.data(), kind=st.sampled_from(("propose_requirement", "enact_requirement")))
    def change_policy(self, data: st.DataObject, kind: str) -> None:
        announced = sorted(self.model.announced)
        role = data.draw(st.sampled_from(("producer", "manufacturer")))
        kinds = data.draw(st.sampled_from(((), ("saq",), GATED)))
        if kind == "enact_requirement" and announced and not data.draw(RARELY):
            role, kinds = data.draw(st.sampled_from(announced))
        op = {"op": kind, "role": role, "kinds": list(kinds)}
        self.step(op, self.real.know("maker") if data.draw(RARELY) else CONSORTIUM)
