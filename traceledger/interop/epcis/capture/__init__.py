"""Events of EPCIS 2.0 become operations of the ledger: the mapping, and what is said of each event.

A stranger reads it in this order:

1. ``plan`` has the steps: what is recognised, joined (``joining``), put in order (``order``); ``rules`` says
   which rule an event falls under.
2. The rules, by what happens to lots: ``making`` (new material), ``running`` (runs, assemblies, lots that
   are divided), ``handing`` (shipped, received, refused; ``underway``: what is on its way already),
   ``ending`` (held up, measured, retired, taken
   back), ``wrong`` (declared in error). ``literal`` reads events that say which operation they were written
   from, by the terms of docs/epcis.md.
3. What they ask: ``scene`` (who acts, where, which lots, how much), ``naming`` (by which keys), ``world``
   and ``effects`` (how lots stand, and what each operation leaves of them), ``containers`` (what is packed
   in what), ``said`` (the terms of our namespace), ``amounts`` (quantities), ``recorded`` (what the ledger
   has, by events' hashes), ``defining`` (what a header needs to stand on the ledger before).
4. ``verdicts`` is what comes out.

Standards: GS1 EPCIS 2.0.1, sections 7.3 and 7.4; Core Business Vocabulary 2.0, sections 7 and 8.
"""

from traceledger.interop.epcis.capture.defining import Definitions, missing
from traceledger.interop.epcis.capture.plan import plan
from traceledger.interop.epcis.capture.verdicts import COUNTED, SAID, CapturePlan, Row, Verdict

__all__ = ["COUNTED", "SAID", "CapturePlan", "Definitions", "Row", "Verdict", "missing", "plan"]
