"""What documents say in English clauses, as messages: what is wrong with a batch, and what an audit found.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> TROUBLES.anew("katanga, whom its lineage names, is suspended", ENGLISH)
    'katanga, whom its lineage names, is suspended'
    >>> ISSUES.knows("came back to katanga, which had shipped it")
    True
"""

from __future__ import annotations

from traceledger.languages import translatable
from traceledger.pages.sentences import Sentences

TROUBLES = Sentences(
    (
        translatable("what made it was reversed: it never was"),
        translatable("an error is declared in %(batches)s"),
        translatable("it is frozen"),
        translatable("it is disputed: its maker declared an error in it"),
        translatable("it is on hold"),
        translatable("on hold upstream: %(batches)s"),
        translatable("its maker recalls it"),
        translatable("its maker recalls what is upstream: %(batches)s"),
        translatable("%(company)s, whom its lineage names, is suspended"),
        translatable("%(company)s, whom its lineage names, is terminated"),
        translatable("%(company)s, whom its lineage names, may not act: %(why)s"),
        translatable("facility %(facility)s is blocked: %(why)s"),
        translatable("%(severity)s finding %(finding)s about lot %(batch)s is open"),
        translatable("%(severity)s finding %(finding)s about facility %(facility)s is open"),
        translatable("%(severity)s finding %(finding)s about %(company)s is open"),
        translatable("%(percent)s of its %(substance)s is untraced"),
    )
)
"""The clauses of ``wrong``: ``provenance/trouble.py`` and ``troubles.py``."""

ISSUES = Sentences(
    (
        translatable("is called %(name)s, which looks like %(other)s"),
        translatable("is written otherwise, but looks like %(other)s"),
        translatable("is, in another writing, the GS1 lot of %(other)s"),
        translatable("no life-cycle assessment of it or of %(company)s is valid now"),
        translatable("minted without any evidence, such as an assay or a weighing slip"),
        translatable("%(assessment)s ended on %(day)s and its renewal begins on %(day_next)s"),
        translatable("%(assessment)s ended on %(day)s and was not renewed"),
        translatable("%(severity)s finding %(finding)s (%(category)s) is %(number)s days overdue"),
        translatable("origin of high risk: %(reasons)s; assessed on site"),
        translatable("origin of high risk: %(reasons)s"),
        translatable(
            "%(mass)s correct %(batch)s, of which %(mass_gone)s of %(mass_whole)s had been used or handed "
            "on: that part is told twice"
        ),
        translatable(
            "%(number_side)s of %(number)s measurements of %(material)s from %(facility)s by %(company)s "
            "found more %(substance)s: %(mass)s, %(percent)s of %(mass_whole)s"
        ),
        translatable(
            "%(number_side)s of %(number)s measurements of %(material)s from %(facility)s by %(company)s "
            "found less %(substance)s: %(mass)s, %(percent)s of %(mass_whole)s"
        ),
        translatable("made of %(batch)s, which was declared in error; held by %(company)s"),
        translatable("minted under the lot text of %(batch)s"),
        translatable("rests on the same document as %(batch)s (SHA-256 %(hash)s)"),
        translatable("repeats %(batch)s: same mass, substances and time"),
        translatable("came back to %(company)s, which had shipped it"),
        translatable("minted as of %(day)s, recorded %(number)s days later"),
        translatable("a lot (%(mass)s) minted as of before the ledger began"),
        translatable("%(number)s lots (%(mass)s) minted as of before the ledger began"),
        translatable(
            "%(mass)s of %(material)s, %(percent)s of the capacity of %(year)s, were recorded after that "
            "year had ended"
        ),
        translatable(
            "%(process)s %(run)s brought %(percent)s of its %(substance)s through; expected "
            "%(percent_least)s to %(percent_most)s (%(source)s)"
        ),
        translatable(
            "%(process)s %(run)s brought %(percent)s of its %(substance)s through; expected "
            "%(percent_usual)s in its other runs"
        ),
        translatable("%(mass)s of substances in %(mass_whole)s"),
        translatable("%(percent)s %(substance)s, but %(material)s holds at most %(percent_most)s"),
        translatable("%(percent)s %(substance)s; its other lots hold %(percent_usual)s"),
        translatable(
            "%(process)s %(run)s made %(mass)s of %(mass_taken)s; at most %(number)s times the mass is "
            "expected"
        ),
        translatable("%(mass)s of %(mass_sent)s (%(percent)s) were missing when %(company)s received it"),
        translatable("%(mass)s of %(mass_taken)s %(substance)s (%(percent)s) declared lost in %(year)s"),
        translatable(
            "%(mass)s of %(material)s minted in %(year)s, %(percent)s of its capacity for %(origin)s"
        ),
        translatable("%(mass)s of %(material)s minted in %(year)s, %(percent)s of its capacity"),
        translatable("%(number)s kg CO2e per kg at this step; usually %(number_usual)s there"),
        translatable(
            "%(number)s kg CO2e per kg; published for %(material)s: %(number_low)s to %(number_high)s "
            "(%(source)s)"
        ),
        translatable("minted without any CO2e of its own"),
        translatable("%(process)s: without any CO2e of its own"),
        translatable("%(mass)s; a lot of %(material)s weighs %(mass_least)s or more"),
        translatable("%(mass)s; a lot of %(material)s weighs %(mass_most)s at most"),
        translatable(
            "%(number)s kg CO2e per kg; %(material)s has %(number_low)s to %(number_high)s, whoever makes it"
        ),
        translatable("%(mass)s %(substance)s; a lot holds %(mass_least)s to %(mass_most)s"),
        translatable(
            "%(number)s kg CO2e per kg of substances; with %(substance)s it is %(number_low)s to "
            "%(number_high)s, whoever makes it"
        ),
        translatable(
            "%(percent)s %(substance)s; %(material)s holds %(percent_least)s or more, and an auditor "
            "permitted less"
        ),
        translatable("%(percent)s %(substance)s; %(material)s holds %(percent_least)s or more"),
        translatable(
            "bears %(percent)s of the CO2e of %(process)s %(run)s, with %(percent_expected)s of its mass or "
            "content"
        ),
        translatable("is waste, and bears %(percent)s of the CO2e of %(process)s %(run)s"),
        translatable("is all that %(process)s %(run)s made: waste that holds %(percent)s of what was taken"),
        translatable("%(deed)s of %(when)s was recorded at %(when_recorded)s, before it can have happened"),
        translatable("%(deed)s claims a time %(number)s h after it was recorded at %(when)s"),
        translatable("emissions of %(when)s lie before its %(deed)s of %(when_before)s"),
        translatable("%(deed)s of %(when)s lies before its %(deed_before)s of %(when_before)s"),
        translatable("%(process)s %(run)s of %(when)s uses %(batch)s, whose %(deed)s was at %(when_before)s"),
        translatable(
            "%(process)s %(run)s was done %(number)s h after its last input was there; %(process_again)s "
            "takes %(number_least)s h or more"
        ),
        translatable(
            "%(number_km)s km from %(facility)s to %(facility_to)s in %(number)s h; nothing is that fast"
        ),
        translatable(
            "%(number_km)s km from %(facility)s to %(facility_to)s in %(number)s h; %(mass)s go by ship, "
            "rail or road"
        ),
        translatable("offered to %(company)s %(number)s days ago and offered still"),
        translatable("%(mass)s held by %(company)s, untouched for %(number)s days"),
        translatable("%(country)s is on the settings' list"),
        translatable("%(assessment)s is high"),
    )
)
"""The messages of issues: the rules of ``traceledger.audit``."""
