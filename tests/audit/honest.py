"""Honest supply chains: random ones with plausible masses, yields, intensities, times and papers."""

from __future__ import annotations

import random
from typing import Any

from tests.audit.lived import Lived
from tests.audit.told import ToldLedger, facility_id
from tests.lots import address_of
from tests.reference.values import SYMBOLS
from traceledger.model.assurance import Assessment, Finding, FindingState, Severity
from traceledger.replay.pools import take_from

T, KG = 10**9, 10**6
HOUR, DAY = 3_600, 86_400
START = 1_610_236_800  # 2021-01-10T00:00:00Z: a chain of a few years lies in the past

MATERIALS = (
    ("cobalt-hydroxide", ["Co"], "21041-93-0"),
    ("cobalt-sulfate", ["Co"], "10026-24-1"),
    ("nickel-hydroxide", ["Ni"], ""),
    ("nickel-sulfate", ["Ni"], "10101-97-0"),
    ("spodumene", ["Li"], ""),
    ("lithium-hydroxide", ["Li"], "1310-66-3"),
    ("cam-811", ["Li", "Co", "Ni"], ""),
    ("cell", ["Li", "Co", "Ni"], ""),
    ("vehicle", ["Li", "Co", "Ni"], ""),
    ("leach-residue", ["Co"], ""),
    ("cobalt-slag", ["Co"], ""),
)
TERMS: dict[str, dict[str, Any]] = {
    "cobalt-hydroxide": {"tolerance": {"mass": "0.5 %", "substances": "1 %"}},
    "cobalt-slag": {"waste": True, "content": {"Co": "0 % - 5 %"}},
    "vehicle": {"product": True},
}
# Slug, country, facilities: identifier, kind, latitude, longitude.
PARTICIPANTS: tuple[tuple[str, str, list[tuple[str, str, str, str]]], ...] = (
    ("katanga", "CD", [("pit-4", "mine", "-10.716", "25.466")]),
    ("zambezi", "ZM", [("mine", "mine", "-12.802", "28.213")]),
    ("sorowako", "ID", [("ore-body", "mine", "-2.531", "121.357")]),
    (
        "pilbara",
        "AU",
        [("pit-2", "mine", "-21.050", "118.900"), ("kwinana", "refinery", "-32.220", "115.770")],
    ),
    (
        "kokkola",
        "FI",
        [("refinery", "refinery", "63.838", "23.130"), ("annexe", "refinery", "63.838", "23.130")],
    ),
    ("konin", "PL", [("cathodes", "factory", "52.223", "18.251")]),
    ("norrland", "SE", [("cells", "factory", "64.750", "20.950")]),
    ("oem", "DE", [("assembly", "factory", "52.423", "10.787")]),
    ("carrier", "DK", []),
    ("lusatia", "DE", [("shredder", "recycler", "51.480", "13.910")]),
    ("argus", "CH", []),
)
ORIGINS = (
    ("katanga", "pit-4", "cobalt-hydroxide", "300 t"),
    ("zambezi", "mine", "cobalt-hydroxide", "300 t"),
    ("sorowako", "ore-body", "nickel-hydroxide", "3000 t"),
    ("pilbara", "pit-2", "spodumene", "9000 t"),
)
# Where it is refined, into what, and how much of the substance the product holds (mass per cent).
ROUTES = {
    "cobalt-hydroxide": ("kokkola", "refinery", "cobalt-sulfate", "Co", (20.60, 20.95)),
    "nickel-hydroxide": ("kokkola", "refinery", "nickel-sulfate", "Ni", (22.00, 22.30)),
    "spodumene": ("pilbara", "kwinana", "lithium-hydroxide", "Li", (16.30, 16.50)),
}
# Grade (mass per cent) and kg CO2e per kg of minted lots; kg CO2e per kg of refined product.
LOTS = {
    "cobalt-hydroxide": ("Co", (31.0, 36.0), (4.0, 5.5)),
    "nickel-hydroxide": ("Ni", (36.0, 40.0), (3.6, 4.6)),
    "spodumene": ("Li", (2.6, 2.9), (0.20, 0.28)),
}
REFINING = {"cobalt-sulfate": (0.70, 0.95), "nickel-sulfate": (1.2, 1.7), "lithium-hydroxide": (5.5, 7.0)}


class HonestChain(Lived):
    """Builds a chain step by step; ``ledger`` reads like an index, ``now`` is when it is audited."""

    def __init__(self, seed: int, *, cycles: int = 6) -> None:
        self.rng = random.Random(seed)
        self.ledger = ToldLedger()
        self._count = 0
        self.clock = START
        self._found()
        for cycle in range(cycles):
            self.clock = START + cycle * 45 * DAY + self.rng.randrange(10 * DAY)
            self._cycle()
        self._everyday()
        self.live()
        self.now = self.clock + 20 * DAY
        self._assure()

    # --- what anyone does ---------------------------------------------------------------------------

    def add(self, op: str, **fields: Any) -> None:
        recorded_at = fields.pop("recorded_at", None)
        slug = fields.pop("act_as", None)
        self.ledger.apply({"op": op, **({"as": slug} if slug else {}), **fields}, recorded_at=recorded_at)

    def name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-2023-{self._count:04}"

    def between(self, low: float, high: float) -> float:
        return self.rng.uniform(low, high)

    def pass_time(self, low: float, high: float) -> int:
        """Days go by; returns the time."""
        self.clock += round(self.between(low, high) * DAY)
        return self.clock

    def gases(self, total: float, primary: float = 0.5) -> dict[str, int]:
        parts = [round(total * part) for part in (0.5, 0.3, 0.2)]
        return dict(zip(("scope1", "scope2", "scope3"), parts, strict=True)) | {
            "primary": round(sum(parts) * primary)
        }

    def paper(self) -> list[dict[str, str]]:
        return [{"uri": "https://example.org/assay.pdf", "sha256": self.rng.randbytes(32).hex()}]

    def mint(self, slug: str, material: str, mass: float, **more: Any) -> str:
        facility = next(item[1] for item in ORIGINS if item[0] == slug)
        substance, grades, intensity = LOTS[material]
        weight = round(mass)
        grade = more.pop("grade", None) or self.between(*grades)
        emitted = more.pop("intensity", None)
        emitted = self.between(*intensity) if emitted is None else emitted
        recorded_at = more.pop("recorded_at", None)
        fields = {
            "batch": self.name("LOT"),
            "material": material,
            "facility": facility,
            "mass": weight,
            "substances": {substance: round(weight * grade / 100)},
            "origin": "mined",
            "emissions": self.gases(weight * emitted),
            "evidence": self.paper(),
            "at": self.clock,
        } | more
        self.add("mint", act_as=slug, recorded_at=recorded_at, **fields)
        return f"{slug}/{fields['batch']}"

    def ship(
        self,
        slug: str,
        batch: str,
        to: str,
        *,
        days: tuple[float, float],
        loss: float | None = None,
        found: dict[str, float] | None = None,
        dried: float | None = None,
    ) -> None:
        """Ship, and receive: with a loss, or with content ``found`` (relative), or ``dried`` (a share)."""
        shipment = self.name("SEA")
        mass = self.mass(batch)
        self.add(
            "ship",
            act_as=slug,
            shipment=shipment,
            batches=[batch],
            to=to,
            emissions=self.gases(mass * 0.1),
            at=self.pass_time(1, 4),
        )
        lost = self.between(0, 0.004) if loss is None else loss
        answer: dict[str, Any] = {"arrived": {batch: round(mass * (1 - lost))}}
        if found is not None:
            held = self.ledger.lot(batch).substances_mg
            now = {SYMBOLS[number]: round(amount * found[SYMBOLS[number]]) for number, amount in held.items()}
            lot = {"mass": round(mass * found.get("mass", 1.0)), "substances": now}
            answer = {"lots": {batch: lot | {"difference": "measurement"}}}
        elif dried is not None:
            answer = {"lots": {batch: {"mass": round(mass * (1 - dried)), "difference": "moisture"}}}
        at = self.pass_time(*days)
        self.add("receive", act_as=to, shipment=f"{slug}/{shipment}", **answer, at=at)

    def mass(self, batch: str) -> int:
        return self.ledger.lot(batch).mass_mg

    def run(self, slug: str, facility: str, process: str, inputs: dict[str, int], **more: Any) -> str:
        """Transform; ``material``, ``mass``, ``keep`` (by symbol, its yield), ``intensity``."""
        gave: dict[str, int] = {}
        for batch, mass in inputs.items():
            taken, _ = take_from(self.ledger.lot(batch), mass)
            for number, held in taken.substances_mg.items():
                gave[SYMBOLS[number]] = gave.get(SYMBOLS[number], 0) + held
        held = {name: int(amount * more["keep"](name)) for name, amount in gave.items()}
        mass = more["mass"](held)
        count = more.get("count", 1)
        outputs = [
            {
                "batch": self.name(more["material"].upper()),
                "material": more["material"],
                "mass": mass // count,
                "substances": {name: amount // count for name, amount in held.items()},
            }
            for _ in range(count)
        ]
        self.add(
            "transform",
            act_as=slug,
            transformation=self.name("RUN"),
            facility=facility,
            process=process,
            inputs=[{"batch": batch, "mass": amount} for batch, amount in inputs.items()],
            outputs=outputs,
            losses="balance",
            emissions=self.gases(mass * more["intensity"]),
            at=more.get("at") or self.clock,
        )
        return f"{slug}/{outputs[0]['batch']}"

    def refine(self, batch: str, material: str, **more: Any) -> str:
        """Refine all of a batch into the product of its route."""
        slug, facility, product, substance, contents = ROUTES[material]
        content = more.pop("content", None) or self.between(*contents)
        keep = more.pop("keep", None) or self.between(0.960, 0.985)
        intensity = more.pop("intensity", None)
        fields: dict[str, Any] = {
            "material": product,
            "keep": lambda _: keep,
            "mass": lambda held: round(held[substance] / content * 100),
            "intensity": self.between(*REFINING[product]) if intensity is None else intensity,
        }
        where = more.pop("facility", facility)
        return self.run(slug, where, "refining", {batch: self.mass(batch)}, **fields | more)

    # --- a chain ------------------------------------------------------------------------------------

    def _found(self) -> None:
        for material, substances, cas in MATERIALS:
            fields = {"name": material, "substances": substances, "cas": cas} | TERMS.get(material, {})
            self.add("define_material", material=material, **fields)
        for slug, country, facilities in PARTICIPANTS:
            self.add(
                "register_participant",
                participant=slug,
                name=slug.title(),
                country=country,
                roles=["auditor"] if slug == "argus" else ["producer"],
            )
            for identifier, kind, latitude, longitude in facilities:
                self.add(
                    "register_facility",
                    act_as=slug,
                    facility=identifier,
                    kind=kind,
                    country=country,
                    latitude=latitude,
                    longitude=longitude,
                )
        for slug, facility, material, capacity in ORIGINS:
            approval = {"facility": f"{slug}/{facility}", "material": material}
            self.add("approve_origin", **approval, capacity_per_year=capacity)
        self.approve_the_rest()

    def cobalt(self, slug: str = "katanga", mass: float = 24 * T, **more: Any) -> str:
        """A lot of cobalt hydroxide that has arrived at the refinery."""
        batch = self.mint(slug, "cobalt-hydroxide", mass, **more)
        self.ship(slug, batch, "kokkola", days=(40, 60))
        return batch

    def _cycle(self) -> None:
        begun = self.clock
        source = "katanga" if self.rng.random() < 0.7 else "zambezi"
        lot = self.mint(source, "cobalt-hydroxide", self.between(20, 26) * T)
        if self.rng.random() < 0.4:
            lot = self._part(source, lot)
        self.ship(source, lot, "kokkola", days=(40, 60))
        self.pass_time(1, 6)
        cobalt = self.refine(lot, "cobalt-hydroxide")
        self.clock = begun
        lot = self.mint("sorowako", "nickel-hydroxide", self.between(90, 120) * T)
        self.ship("sorowako", lot, "kokkola", days=(35, 50))
        self.pass_time(1, 6)
        nickel = self.refine(lot, "nickel-hydroxide")
        self.clock = begun
        lot = self.mint("pilbara", "spodumene", self.between(220, 260) * T)
        self.pass_time(3, 9)
        lithium = self.refine(lot, "spodumene")
        self._product(cobalt, nickel, lithium)

    def _part(self, slug: str, lot: str) -> str:
        child = self.name("PART")
        into = [{"batch": child, "mass": round(self.mass(lot) * self.between(0.7, 0.9))}]
        self.add("split", act_as=slug, batch=lot, into=into, at=self.pass_time(0.5, 2))
        return f"{slug}/{child}"

    def _product(self, cobalt: str, nickel: str, lithium: str) -> None:
        """Cathode material from 20 t of nickel sulfate, cells, cars."""
        arrived = []
        begun = self.clock
        for slug, batch in (("kokkola", cobalt), ("kokkola", nickel), ("pilbara", lithium)):
            self.clock = begun + 75 * DAY
            if slug == "kokkola" and self.rng.random() < 0.5:
                self.ship(slug, batch, "carrier", days=(0.2, 0.5))
                slug = "carrier"  # noqa: PLW2901
            self.ship(slug, batch, "konin", days=(8, 14) if slug != "pilbara" else (35, 50))
            arrived.append(self.clock)
        self.clock = max(arrived)
        self.pass_time(2, 8)
        inputs = {cobalt: round(2.6 * T), nickel: round(20 * T), lithium: round(4.1 * T)}
        cathode = self.run(
            "konin",
            "cathodes",
            "cathode",
            inputs,
            material="cam-811",
            keep=lambda _: 0.99,
            mass=lambda held: round(max(held["Ni"] / 0.475, held["Co"] / 0.0600, held["Li"] / 0.0705)),
            intensity=self.between(2.5, 3.5),
        )
        self.ship("konin", cathode, "norrland", days=(3, 6))
        self.pass_time(2, 8)
        cell = self.run(
            "norrland",
            "cells",
            "cell production",
            {cathode: self.mass(cathode)},
            material="cell",
            keep=lambda _: 0.98,
            mass=lambda held: round(held["Ni"] / 0.19),
            intensity=self.between(9, 13),
        )
        self.ship("norrland", cell, "oem", days=(2, 4))
        self.pass_time(2, 8)
        cars = self.mass(cell) // (300 * KG)
        self.cars = self.run(
            "oem",
            "assembly",
            "vehicle assembly",
            {cell: cars * 300 * KG},
            material="vehicle",
            keep=lambda _: 1.0,
            mass=lambda _: cars * 2_200 * KG,
            intensity=self.between(6, 7),
            count=2,
        )

    def _everyday(self) -> None:
        """What happens in practice: a lot entered by mistake, a rejected and a cancelled shipment."""
        wrong = self.mint("katanga", "cobalt-hydroxide", 20 * T)
        self.add(
            "declare_error",
            act_as="katanga",
            batch=wrong,
            reason="did_not_occur",
            at=self.pass_time(0.5, 3),
        )
        lot = self.mint("zambezi", "cobalt-hydroxide", 20 * T)
        for answer, who in (("reject", "kokkola"), ("cancel", "zambezi")):
            shipment = self.name("SEA")
            at = self.pass_time(1, 3)
            self.add("ship", act_as="zambezi", shipment=shipment, batches=[lot], to="kokkola", at=at)
            at = self.pass_time(2, 30)
            self.add(answer, act_as=who, shipment=f"zambezi/{shipment}", reason="papers", at=at)
        self.add(
            "add_emissions",
            act_as="zambezi",
            batch=lot,
            emissions=self.gases(50 * KG),
            reason="storage",
            at=self.pass_time(1, 3),
        )

    # --- papers -------------------------------------------------------------------------------------

    def assess(self, kind: str, participant: str, facility: str = "", **more: Any) -> None:
        fields = {"scheme": "", "value": 0, "valid_from": START, "valid_until": self.now + 300 * DAY} | more
        self.ledger.stated.append(
            Assessment(
                id=len(self.ledger.stated),
                assessor=address_of("argus"),
                identifier=self.name(kind.upper()),
                participant=address_of(participant),
                facility=facility_id((participant, facility)) if facility else None,
                kind=kind,
                issuer="Argus",
                occurred_at=START,
                recorded_at=START,
                evidence=(),
                **fields,
            )
        )

    def find(self, participant: str, severity: str, due_at: int, state: str) -> None:
        self.ledger.raised.append(
            Finding(
                id=len(self.ledger.raised),
                auditor=address_of("argus"),
                identifier=self.name("F"),
                participant=address_of(participant),
                facility=None,
                severity=Severity[severity.upper()],
                category="labour",
                description="working hours",
                state=FindingState[state.upper()],
                due_at=due_at,
                occurred_at=START,
            )
        )

    def _assure(self) -> None:
        for slug, _, facilities in PARTICIPANTS:
            for identifier, *_ in facilities:
                self.assess("lca", slug, identifier)
        for slug, facility, *_ in ORIGINS:
            self.assess("certificate", slug, facility, scheme="IRMA", valid_until=self.now - 30 * DAY)
            self.assess("certificate", slug, facility, scheme="IRMA")
        self.assess("country_risk", "katanga", value=3)
        self.find("katanga", "critical", self.now - 90 * DAY, "closed")
        self.find("sorowako", "critical", self.now + 30 * DAY, "action_accepted")
