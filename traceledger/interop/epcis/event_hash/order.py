"""In which order the fields of an event are hashed, and of which kind each is (CBV 2.0, section 8.9.2).

Business transactions, destinations and sources, instance or lot master data and fields of other namespaces
follow after these, in the order of their names: the published vectors have them so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from traceledger.interop.epcis.vocabulary import Vocabulary


class Shape(Enum):
    """How the values of a field are written."""

    VALUE = auto()
    """One, or several of the same name: identifiers, numbers, text."""
    TIME = auto()
    """UTC with milliseconds."""
    EPCS = auto()
    """A list, each of which is an ``epc``."""
    QUANTITIES = auto()
    """A list, each of which is a ``quantityElement``."""
    PLACE = auto()
    """An object with an ``id``."""
    DISPOSITIONS = auto()
    """What is set and unset."""
    SENSORS = auto()
    """A list, each of which is a ``sensorElement``."""


Kind = Shape | Vocabulary
"""A shape, or the vocabulary that the value is a word of."""

EVENT: Mapping[str, Kind] = {
    "eventTime": Shape.TIME,
    "eventTimeZoneOffset": Shape.VALUE,
    "certificationInfo": Shape.VALUE,
    "epcList": Shape.EPCS,
    "parentID": Shape.VALUE,
    "inputEPCList": Shape.EPCS,
    "childEPCs": Shape.EPCS,
    "quantityList": Shape.QUANTITIES,
    "childQuantityList": Shape.QUANTITIES,
    "inputQuantityList": Shape.QUANTITIES,
    "outputEPCList": Shape.EPCS,
    "outputQuantityList": Shape.QUANTITIES,
    "action": Shape.VALUE,
    "transformationID": Shape.VALUE,
    "bizStep": Vocabulary.BIZ_STEP,
    "disposition": Vocabulary.DISPOSITION,
    "persistentDisposition": Shape.DISPOSITIONS,
    "readPoint": Shape.PLACE,
    "bizLocation": Shape.PLACE,
    "sensorElementList": Shape.SENSORS,
}
QUANTITY: Mapping[str, Kind] = dict.fromkeys(("epcClass", "quantity", "uom"), Shape.VALUE)
DISPOSITIONS: Mapping[str, Kind] = dict.fromkeys(("set", "unset"), Vocabulary.DISPOSITION)
PLACE: Mapping[str, Kind] = {"id": Shape.VALUE}
METADATA: Mapping[str, Kind] = {
    **dict.fromkeys(("time", "startTime", "endTime"), Shape.TIME),
    **dict.fromkeys(
        ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), Shape.VALUE
    ),
}
REPORT: Mapping[str, Kind] = {
    "type": Vocabulary.MEASUREMENT,
    "exception": Vocabulary.ALERT,
    **dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"), Shape.VALUE),
    "time": Shape.TIME,
    **dict.fromkeys(("microorganism", "chemicalSubstance", "value"), Shape.VALUE),
    "component": Vocabulary.COMPONENT,
    **dict.fromkeys(("stringValue", "booleanValue", "hexBinaryValue", "uriValue"), Shape.VALUE),
    **dict.fromkeys(("minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), Shape.VALUE),
    **dict.fromkeys(("uom", "coordinateReferenceSystem"), Shape.VALUE),
}
TYPED: Mapping[str, tuple[str, Vocabulary]] = {
    "bizTransactionList": ("bizTransaction", Vocabulary.TRANSACTION),
    "sourceList": ("source", Vocabulary.SOURCE_OR_DESTINATION),
    "destinationList": ("destination", Vocabulary.SOURCE_OR_DESTINATION),
}
"""Lists of what has a type: what each is called, and of which vocabulary its type is."""

LEFT_OUT = frozenset(
    ("@context", "type", "eventID", "recordTime", "errorDeclaration", "rdfs:comment", "comment")
)
"""What takes no part: what others add to an event, that it is declared wrong, and comments."""
