"""A ledger on which everything happens: custody, differences, errors, corrections and second lives."""

from __future__ import annotations

from random import Random

from tests.scale import corrections
from tests.scale.ledger import Differences, Ledger
from tests.scale.lots import Lot, Scopes
from tests.scale.shapes import TON, dug, emitted, joined, pooled


def mixed(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """The works dig, split, refine and ship to the maker, who makes packs of it, some of which come back.

    ``size`` events. Asked: a pack that has something of everything in it.
    """
    life = _Life(ledger, random)
    most = ledger.events + size
    while ledger.events < most:
        life.go_on()
    return [life.last()]


class _Life:
    def __init__(self, ledger: Ledger, random: Random) -> None:
        self.ledger, self.random = ledger, random
        self.there: list[Lot] = []
        """Salt with the maker."""
        self.turn = 0

    def go_on(self) -> None:
        """Twelve lots are dug and refined, and what is made of them goes to the maker."""
        ledger, random, self.turn = self.ledger, self.random, self.turn + 1
        ores = [dug(ledger, random) for _ in range(6)]
        ledger.add(ores[0], emitted(random, TON // 10), "drying")
        parts = ledger.split(ores[1], [ores[1].mass // 3, ores[1].mass // 4])
        salts = joined(ledger, random, [(lot, lot.mass) for lot in (*ores[2:], parts[0])], 4)
        salts += joined(ledger, random, [(ores[0], ores[0].mass // 2), (ores[1], ores[1].mass)], 2)
        self._put_right(ores, parts[1])
        self._handed_over(salts)
        if self.turn % 4 == 0:
            self._second_life()
        if self.turn % 7 == 0:
            self._declared(ores[3], salts[0])

    def _put_right(self, ores: list[Lot], part: Lot) -> None:
        """One thing in each turn that was wrong."""
        ledger, random = self.ledger, self.random
        match self.turn % 5:
            case 0:
                corrections.reverse_mint(ledger, dug(ledger, random))
            case 1:
                ledger.add(part, emitted(random, TON // 10))
                corrections.reverse_split(ledger, part, ores[1])
                joined(ledger, random, [(ores[0], ores[0].mass // 3)])
            case 2:
                joined(ledger, random, [(ores[0], ores[0].mass // 3), (part, part.mass // 5)])
                corrections.reverse_run(ledger, ledger.last)
            case 3:
                self._restated_mint(ores[4])
            case _:
                self._restated_run()
        if ores[0].mass:
            self.there.append(self._shipped(joined(ledger, random, [(ores[0], ores[0].mass)])[0]))

    def _restated_mint(self, lot: Lot) -> None:
        minted = next(
            each for each in reversed(self.ledger.history) if each[0] == "mint" and each[2] == lot.id
        )
        one, two, three, _ = minted[6]
        what, record = {"mint": f"{lot.creator}/{lot.name}"}, (lot.id, minted[1])
        less: Scopes = (one // 2, two, three // 3, 0)
        corrections.restate(self.ledger, what, record, [lot.id], less, counts=False)
        if self.turn % 2:
            corrections.confirm(self.ledger, what, record, [lot.id], less)

    def _restated_run(self) -> None:
        run = self.ledger.last
        one, two, three, primary = run.emissions
        what = {"transformation": f"{run.participant}/{run.name}"}
        lots = [lot.id for lot in run.outputs]
        more: Scopes = (one + self.random.randrange(TON), two, three, primary)
        corrections.restate(self.ledger, what, (run.id, run.position), lots, more, counts=True)

    def _shipped(self, lot: Lot) -> Lot:
        shipment = self.ledger.ship([lot], "maker", emitted(self.random, TON // 20))
        self.ledger.receive(shipment)
        return lot

    def _handed_over(self, salts: list[Lot]) -> None:
        """Six lots: as sent, lost, dried, measured; and a receipt that was wrong."""
        ledger, random = self.ledger, self.random
        shipment = ledger.ship(salts[:4], "maker", emitted(random, TON // 10))
        less: Differences = {salts[1].id: ("loss", salts[1].mass - salts[1].mass // 200, {})}
        less[salts[2].id] = ("moisture", salts[2].mass - salts[2].mass // 100, {})
        held = {number: mass + mass // 300 for number, mass in salts[3].substances.items()}
        less[salts[3].id] = ("measurement", salts[3].mass - salts[3].mass // 400, held)
        ledger.receive(shipment, less)
        second = ledger.ship(salts[4:], "maker", emitted(random, TON // 10))
        ledger.receive(second)
        corrections.reverse_receipt(ledger, second)
        ledger.receive(second)
        self.there += salts

    def _second_life(self) -> None:
        """A pack is made, delivered, taken back and recycled."""
        ledger, random = self.ledger, self.random
        (pack,) = self._packs(self.there[-3:], 1)
        self.there = self.there[:-3]
        corrections.deliver(ledger, pack)
        corrections.take_back(ledger, pack, "scrap/yard")
        half = {number: mass // 2 for number, mass in pack.substances.items() if number != 3}
        made = [("salt", pack.mass // 2, half)]
        (salt,) = ledger.run(
            "scrap/yard", "shredding", [(pack, pack.mass)], made, emitted(random), recycling=1
        )
        shipment = ledger.ship([salt], "maker", emitted(random, TON // 20))
        ledger.receive(shipment)
        self.there.append(salt)

    def _packs(self, lots: list[Lot], count: int) -> list[Lot]:
        inputs = [(lot, lot.mass) for lot in lots]
        return joined(
            self.ledger, self.random, inputs, count, process="assembly", site="maker/line", material="pack"
        )

    def _declared(self, ore: Lot, salt: Lot) -> None:
        """An auditor about the one, which is used up; its maker about the other, which is a customer's."""
        corrections.declare(self.ledger, ore, by_auditor=True)
        corrections.declare(self.ledger, salt, by_auditor=False)

    def last(self) -> Lot:
        """All that the maker has, in one pack, and storage."""
        whole = pooled(self.ledger, self.random, self.there, site="maker/line")
        (pack,) = self._packs([whole], 1)
        self.ledger.add(pack, emitted(self.random), "storage")
        return pack
