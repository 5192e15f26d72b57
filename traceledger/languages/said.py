"""Errors in the language of who reads them. What can be said in English only is said in English."""

from __future__ import annotations

from traceledger.errors import FAULTS_SHOWN, TraceLedgerError
from traceledger.languages import Language
from traceledger.languages.phrases import in_language, phrase


def sentence_of(error: TraceLedgerError, language: Language) -> str:
    """What is wrong, where, and how to mend it, in one sentence.

    Example:
        >>> from traceledger.errors import InputError
        >>> from traceledger.languages import language
        >>> sentence_of(InputError("it is empty", where="mass", hint="give one"), language("de"))
        'mass: it is empty (give one)'
    """
    place = f"{in_language(error.where, language)}: " if error.where else ""
    mend = f" ({in_language(error.hint, language)})" if error.hint else ""
    return f"{place}{in_language(error.what, language)}{mend}"


def lines_of(error: TraceLedgerError, language: Language) -> list[str]:
    """That sentence, and one of each of the first faults that it gathers."""
    shown = [sentence_of(fault, language) for fault in error.further[:FAULTS_SHOWN]]
    more = len(error.further) - len(shown)
    rest = [in_language(phrase("and {number} more", number=more), language)] if more else []
    return [sentence_of(error, language), *shown, *rest]
