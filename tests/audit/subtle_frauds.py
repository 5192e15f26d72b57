"""Frauds with the books: late entries, units, shifted burdens, corrections and names; see ``frauds``."""

from __future__ import annotations

from tests.audit.honest import DAY, HOUR, START, HonestChain, T
from tests.audit.planting import FRAUDS, Subject, fraud
from traceledger.replay.pools import take_from


@fraud("minted-late")
def find_a_lot_in_the_drawer(chain: HonestChain) -> Subject:
    """Ore of unknown origin is minted as of a month that nobody remembers."""
    recorded = chain.clock + 1
    lot = chain.mint("katanga", "cobalt-hydroxide", 20 * T, at=chain.clock - 120 * DAY, recorded_at=recorded)
    return "batch", lot


@fraud("capacity-in-retrospect")
def use_what_was_left_of_last_year(chain: HonestChain) -> Subject:
    """The mine had sold less than was approved; half a year later it had not."""
    for part in range(2):
        when = {"at": START + (300 + part) * DAY, "recorded_at": START + 520 * DAY}
        chain.mint("zambezi", "cobalt-hydroxide", 25 * T, **when)
    return "facility", "zambezi/mine"


@fraud("units-implausible")
def type_kilograms_as_milligrams(chain: HonestChain) -> Subject:
    """24 t, typed as 24000."""
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 24_000)


@fraud("units-implausible")
def book_tonnes_as_grams(chain: HonestChain) -> Subject:
    """A thousandth of the CO2e of the mine."""
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 20 * T, intensity=0.0045)


@fraud("units-implausible")
def book_kilograms_as_tonnes(chain: HonestChain) -> Subject:
    """A thousand times the CO2e."""
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 20 * T, intensity=4_500.0)


@fraud("content-missing")
def thin_the_sulfate_on_paper(chain: HonestChain) -> Subject:
    """Sulfate of 12 % cobalt: what the drums hold besides goes unseen."""
    return "batch", chain.refine(chain.cobalt(), "cobalt-hydroxide", content=12.0)


def refine_beside(chain: HonestChain, beside: dict[str, object], kept: float, **more: object) -> str:
    """Refine a lot into sulfate and something else; full name of the latter."""
    lot = chain.cobalt()
    chain.pass_time(1, 3)
    mass = chain.mass(lot)
    (held,) = take_from(chain.ledger.lot(lot), mass)[0].substances_mg.values()
    product = {
        "batch": chain.name("COS"),
        "material": "cobalt-sulfate",
        "mass": round(held * kept / 0.208),
        "substances": {"Co": int(held * kept)},
    }
    other = {"batch": chain.name("BY"), **beside}
    other["substances"] = {"Co": int(held * (0.97 - kept))}
    outputs = [product | ({"weight": 1} if "allocation" in more else {}), other]
    chain.add(
        "transform",
        act_as="kokkola",
        transformation=chain.name("RUN"),
        facility="refinery",
        process="refining",
        inputs=[{"batch": lot, "mass": mass}],
        outputs=outputs,
        losses="balance",
        emissions=chain.gases(mass),
        at=chain.clock,
        **more,
    )
    return f"kokkola/{other['batch']}"


@fraud("emissions-shifted")
def weigh_the_residue(chain: HonestChain) -> Subject:
    """The residue is worth 99 times the sulfate, it is said, and bears its CO2e."""
    beside = {"material": "leach-residue", "mass": 3 * T, "weight": 99}
    return "batch", refine_beside(chain, beside, 0.96, allocation="economic")


@fraud("emissions-shifted")
def pour_it_into_slag(chain: HonestChain) -> Subject:
    """More than half of the cobalt is said to be in 90 t of slag, which then bears CO2e by its mass."""
    return "batch", refine_beside(chain, {"material": "cobalt-slag", "mass": 92 * T}, 0.45)


@fraud("correction-repeats")
def correct_what_is_used(chain: HonestChain) -> Subject:
    """The lot is refined; then it is declared wrong, and minted once more in full."""
    lot = chain.cobalt()
    chain.refine(lot, "cobalt-hydroxide")
    again = chain.mint("katanga", "cobalt-hydroxide", 24 * T)
    wrong = {"reason": "incorrect_data", "corrective": [again], "at": chain.pass_time(1, 3)}
    chain.add("declare_error", act_as="katanga", batch=lot, **wrong)
    return "batch", again


@fraud("differences-biased")
def gain_a_little_every_time(chain: HonestChain) -> Subject:
    """Each lot holds 0.6 % more cobalt than was sent, on paper: room for what comes from elsewhere."""
    for _ in range(8):
        lot = chain.mint("zambezi", "cobalt-hydroxide", 20 * T)
        chain.ship("zambezi", lot, "kokkola", days=(40, 60), found={"Co": 1.006})
    return "participant", "kokkola"


@fraud("looks-alike")
def write_the_lot_in_cyrillic(chain: HonestChain) -> Subject:
    """The second lot of that number has a Cyrillic letter in it."""
    chain.mint("katanga", "cobalt-hydroxide", 20 * T, batch="KOLWEZI-77")
    chain.pass_time(3, 9)
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 21 * T, batch="K\u041eLWEZI-77")


@fraud("looks-alike")
def write_the_lot_in_full_width(chain: HonestChain) -> Subject:
    """Another company's number, in the digits of a Japanese keyboard."""
    chain.mint("katanga", "cobalt-hydroxide", 20 * T, batch="KOLWEZI-78")
    chain.pass_time(3, 9)
    return "batch", chain.mint("zambezi", "cobalt-hydroxide", 21 * T, batch="KOLWEZI-\uff17\uff18")


@fraud("looks-alike")
def write_the_accent_apart(chain: HonestChain) -> Subject:
    """The same letters; the accent is a character of its own."""
    chain.mint("katanga", "cobalt-hydroxide", 20 * T, batch="POT\u00c9-2024")
    chain.pass_time(3, 9)
    return "batch", chain.mint("katanga", "cobalt-hydroxide", 21 * T, batch="POTE\u0301-2024")


@fraud("looks-alike")
def write_the_lot_as_a_link(chain: HonestChain) -> Subject:
    """The EPC URI of the one is the Digital Link of the other."""
    chain.mint("katanga", "cobalt-hydroxide", 20 * T, batch="urn:epc:class:lgtin:952012.0345678.KOL-79")
    chain.pass_time(3, 9)
    link = "https://id.gs1.org/01/09520123456788/10/KOL-79"
    return "batch", chain.mint("zambezi", "cobalt-hydroxide", 21 * T, batch=link)


@fraud("looks-alike")
def pass_for_the_mine(chain: HonestChain) -> Subject:
    """A trader under the mine's name, but for one letter."""
    fields = {"name": "Katang\u0430", "country": "CD", "roles": ["producer"]}
    chain.add("register_participant", participant="katanga-trading", **fields)
    return "participant", "katanga-trading"


@fraud("clock-ahead")
def record_tonight_in_the_morning(chain: HonestChain) -> Subject:
    """The lot is weighed on the ledger seven hours before it is."""
    lot = chain.mint("katanga", "cobalt-hydroxide", 20 * T, recorded_at=chain.clock - 7 * HOUR)
    return "batch", lot


SUBTLE = frozenset(FRAUDS)
