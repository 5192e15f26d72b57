"""What happens in an honest year besides making and shipping: it is measured, corrected and taken back."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.audit.told import ToldLedger
from traceledger.replay.pools import take_from

T, KG, DAY = 10**9, 10**6, 86_400


class Lived:
    """Further steps of an honest chain, in an order that its seed decides."""

    ledger: ToldLedger
    rng: random.Random
    clock: int
    cars: str

    # What the chain itself can do.
    add: Callable[..., None]
    name: Callable[[str], str]
    between: Callable[[float, float], float]
    pass_time: Callable[[float, float], int]
    gases: Callable[..., dict[str, int]]
    paper: Callable[[], list[dict[str, str]]]
    mint: Callable[..., str]
    ship: Callable[..., None]
    mass: Callable[[str], int]
    refine: Callable[..., str]

    def approve_the_rest(self) -> None:
        """Untraced stock at the refinery, and what the recycler makes and takes back."""
        for facility, material, origin, capacity in (
            ("kokkola/refinery", "cobalt-hydroxide", "untraced", "20 t"),
            ("lusatia/shredder", "cobalt-sulfate", "pre_consumer", "500 t"),
            ("lusatia/shredder", "cobalt-sulfate", "post_consumer", "500 t"),
            ("lusatia/shredder", "nickel-sulfate", "post_consumer", "500 t"),
            ("lusatia/shredder", "vehicle", "post_consumer", "9000 t"),
        ):
            approval = {"material": material, "origin": origin, "capacity_per_year": capacity}
            self.add("approve_origin", facility=facility, **approval)

    def live(self) -> None:
        """A year with everything that is not of every day."""
        steps = [
            self.measured_on_arrival,
            self.dried_on_the_way,
            self.stock_taken,
            self.wrong_run_reversed,
            self.wrong_mint_reversed,
            self.wrong_receipt_reversed,
            self.wrong_split_reversed,
            self.restated,
            self.old_stock_used,
            self.slag_recycled,
            self.car_taken_back,
            self.held_and_released,
        ]
        self.rng.shuffle(steps)
        for step in steps:
            self.pass_time(1, 5)
            step()

    def arrived(self, **more: Any) -> str:
        """A small lot of cobalt hydroxide at the refinery."""
        lot = self.mint("zambezi", "cobalt-hydroxide", self.between(8, 12) * T)
        self.ship("zambezi", lot, "kokkola", days=(40, 60), **more)
        return lot

    def measured_on_arrival(self) -> None:
        """An assay exchange: the umpire's content and weight lie on either side of the first ones."""
        for _ in range(3):
            found = {"Co": self.between(0.996, 1.004), "mass": self.between(0.998, 1.002)}
            lot = self.arrived(found=found)
            self.pass_time(1, 3)
            self.refine(lot, "cobalt-hydroxide")

    def dried_on_the_way(self) -> None:
        """Water dries off; the cobalt stays."""
        lot = self.arrived(dried=self.between(0.005, 0.03))
        self.pass_time(1, 3)
        self.refine(lot, "cobalt-hydroxide")

    def stock_taken(self) -> None:
        """A little more or less than the books say."""
        lot = self.arrived()
        mass = round(self.mass(lot) * self.between(0.997, 1.003))
        said = {"mass": mass, "reason": "stock_taking", "evidence": self.paper()}
        self.add("remeasure", act_as="kokkola", batch=lot, at=self.pass_time(3, 9), **said)

    def wrong_run_reversed(self) -> None:
        """A run is typed with the yield of another plant, taken back, and typed as it was."""
        lot = self.arrived()
        self.pass_time(1, 3)
        ran = self.clock
        self.refine(lot, "cobalt-hydroxide", keep=0.6, at=ran)
        run = self.ledger.ops[-1]["transformation"]
        wrong = {"of": {"transformation": run}, "reason": "incorrect_data", "at": self.pass_time(0.2, 2)}
        self.add("reverse", act_as="kokkola", **wrong)
        self.refine(lot, "cobalt-hydroxide", at=ran)

    def wrong_mint_reversed(self) -> None:
        """A lot of ten times the mass, minted anew with its papers."""
        dug = {"at": self.clock, "evidence": self.paper()}
        wrong = self.mint("zambezi", "cobalt-hydroxide", 90 * T, **dug)
        why = {"of": {"mint": wrong}, "reason": "incorrect_data", "at": self.pass_time(0.2, 2)}
        self.add("reverse", act_as="zambezi", **why)
        self.mint("zambezi", "cobalt-hydroxide", 9 * T, **dug)

    def wrong_receipt_reversed(self) -> None:
        """Half of the cargo is typed as lost, a week too late; the receipt is given anew."""
        lot = self.mint("zambezi", "cobalt-hydroxide", 10 * T)
        self.ship("zambezi", lot, "kokkola", days=(45, 60), loss=0.5)
        shipment = f"zambezi/{self.ledger.ops[-2]['shipment']}"
        came = self.clock - 7 * DAY
        wrong = {"of": {"receive": shipment}, "reason": "incorrect_data", "at": self.pass_time(0.2, 2)}
        self.add("reverse", act_as="kokkola", **wrong)
        self.add("receive", act_as="kokkola", shipment=shipment, at=came, recorded_at=self.clock)
        self.refine(lot, "cobalt-hydroxide")

    def wrong_split_reversed(self) -> None:
        """A part is split off the wrong lot."""
        lot = self.mint("zambezi", "cobalt-hydroxide", 10 * T)
        part = self.name("PART")
        into = [{"batch": part, "mass": 3 * T}]
        self.add("split", act_as="zambezi", batch=lot, into=into, at=self.pass_time(0.5, 1))
        wrong = {"of": {"split": part}, "reason": "did_not_occur", "at": self.pass_time(0.5, 1)}
        self.add("reverse", act_as="zambezi", **wrong)
        self.ship("zambezi", lot, "kokkola", days=(40, 60))

    def restated(self) -> None:
        """Power of the year was renewable, as an audit finds."""
        lot = self.mint("zambezi", "cobalt-hydroxide", 10 * T)
        known = self.ledger.ops[-1]["emissions"]
        less = known | {"scope2": known["scope2"] // 2, "primary": known["primary"] // 2}
        said = {"of": {"mint": lot}, "emissions": less, "reason": "power", "evidence": self.paper()}
        self.add("restate_emissions", act_as="zambezi", at=self.pass_time(30, 60), **said)
        confirmed = {"of": {"mint": lot}, "evidence": self.paper(), "at": self.pass_time(3, 9)}
        self.add("confirm_restatement", act_as="argus", **confirmed)

    def old_stock_used(self) -> None:
        """Stock from before, of which nobody can show the origin, goes into a run."""
        fields = {"facility": "kokkola/refinery", "origin": "untraced", "batch": self.name("OLD")}
        said = {"mass": 2 * T, "substances": {"Co": round(0.66 * T)}, "emissions": self.gases(9 * T)}
        said |= {"material": "cobalt-hydroxide", "evidence": self.paper(), "at": self.clock}
        self.add("mint", act_as="kokkola", **fields | said)
        self.pass_time(1, 3)
        self.refine(f"kokkola/{fields['batch']}", "cobalt-hydroxide")

    def slag_recycled(self) -> None:
        """Slag of the refinery holds some cobalt, which a recycler gets out."""
        lot = self.arrived()
        self.pass_time(1, 3)
        mass = self.mass(lot)
        held = take_from(self.ledger.lot(lot), mass)[0].substances_mg[27]
        slag, product = self.name("SLAG"), self.name("COS")
        outputs = [
            self._sulfate(product, round(held * 0.965)),
            {"batch": slag, "material": "cobalt-slag", "mass": 2 * T, "substances": {"Co": held // 50}},
        ]
        self._run("kokkola", "refinery", "refining", [(lot, mass)], outputs, 0.85)
        slag = f"kokkola/{slag}"
        self.ship("kokkola", slag, "lusatia", days=(8, 14), loss=0.0)
        self.pass_time(2, 6)
        again = [self._sulfate(self.name("REC"), round(held // 50 * 0.9))]
        self._run("lusatia", "shredder", "recycling", [(slag, 2 * T)], again, 3.2, recycling=True)

    def car_taken_back(self) -> None:
        """Cars are delivered; years later they come back, and are recycled."""
        sold = {"how": "delivered", "reason": "sold", "at": self.clock}
        self.add("retire", act_as="oem", batch=self.cars, **sold)
        back = {"facility": "lusatia/shredder", "evidence": self.paper(), "at": self.pass_time(20, 60)}
        self.add("take_back", act_as="lusatia", batch=self.cars, **back)
        self.pass_time(2, 6)
        mass, held = self.mass(self.cars), self.ledger.lot(self.cars).substances_mg
        nickel = round(held[28] * 0.9)
        outputs = [
            self._sulfate(self.name("REC"), round(held[27] * 0.92)),
            {
                "batch": self.name("REC"),
                "material": "nickel-sulfate",
                "mass": round(nickel / 0.222),
                "substances": {"Ni": nickel},
            },
        ]
        inputs = [(self.cars, mass)]
        self._run("lusatia", "shredder", "recycling", inputs, outputs, 1.1, recycling=True)

    def held_and_released(self) -> None:
        """A lot waits for its assay."""
        lot = self.arrived()
        said = {"reason": "assay pending", "at": self.pass_time(0.1, 1)}
        self.add("hold", act_as="kokkola", batch=lot, **said)
        self.add("release", act_as="kokkola", batch=lot, at=self.pass_time(3, 20))
        self.refine(lot, "cobalt-hydroxide", at=self.pass_time(1, 3))

    def _sulfate(self, name: str, cobalt: int) -> dict[str, Any]:
        mass = round(cobalt / self.between(0.206, 0.2095))
        held = {"Co": cobalt}
        return {"batch": name, "material": "cobalt-sulfate", "mass": mass, "substances": held}

    def _run(
        self,
        slug: str,
        facility: str,
        process: str,
        inputs: list[tuple[str, int]],
        outputs: list[dict[str, Any]],
        intensity: float,
        **more: Any,
    ) -> None:
        useful = sum(output["mass"] for output in outputs if output["material"] != "cobalt-slag")
        self.add(
            "transform",
            act_as=slug,
            transformation=self.name("RUN"),
            facility=facility,
            process=process,
            inputs=[{"batch": batch, "mass": mass} for batch, mass in inputs],
            outputs=outputs,
            losses="balance",
            emissions=self.gases(useful * intensity),
            at=self.clock,
            **more,
        )
