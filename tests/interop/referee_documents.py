"""Sound documents of every kind that the referee knows, as small as their kinds allow."""

from __future__ import annotations

import copy
from typing import Any

PACT: dict[str, Any] = {
    "id": "7a8f3b44-5c1d-4e8e-9a50-0d3a7a2f6c11",
    "specVersion": "3.0.3",
    "created": "2026-02-01T00:00:00Z",
    "status": "Active",
    "companyName": "Example Refining",
    "companyIds": ["urn:gln:4000001000005"],
    "productDescription": "Cobalt sulfate heptahydrate",
    "productIds": ["urn:gtin:4712345060507"],
    "productClassifications": ["urn:pact:productclassification:cas:7440-48-4"],
    "productNameCompany": "CoSO4-7",
    "validityPeriodStart": "2026-01-01T00:00:00Z",
    "validityPeriodEnd": "2028-12-31T00:00:00Z",
    "pcf": {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": "1",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "geographyCountry": "FI",
        "pcfExcludingBiogenicUptake": "9.05",
        "pcfIncludingBiogenicUptake": "7.219",
        "fossilGhgEmissions": "9.20",
        "landUseChangeGhgEmissions": "0.15",
        "landManagementFossilGhgEmissions": "0.003",
        "landManagementBiogenicCO2Removals": "-0.20",
        "technologicalCO2Removals": "-0.20",
        "ccsTechnologicalCO2CaptureIncluded": True,
        "biogenicNonCO2Emissions": "0.10",
        "biogenicCO2Uptake": "-1.831",
        "biogenicCarbonContent": "0.4995",
        "aircraftGhgEmissions": "0.01",
        "packagingEmissionsIncluded": True,
        "packagingGhgEmissions": "0.02",
        "fossilCarbonContent": "0.1",
        "recycledCarbonContent": "0.05",
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["PACT-3.0", "A-LATER-STANDARD"],
        "exemptedEmissionsPercent": "2",
        "primaryDataShare": "62.5",
        "dqi": {"technologicalDQR": "1.5", "geographicalDQR": "2", "temporalDQR": "3"},
    },
}
RESPONSE: dict[str, Any] = {"data": [PACT]}
EVENT: dict[str, Any] = {
    "type": "org.wbcsd.pact.ProductFootprint.RequestFulfilledEvent.3",
    "specversion": "1.0",
    "id": "e-1",
    "source": "//supplier.example/events",
    "time": "2026-03-01T00:00:00Z",
    "data": {"requestEventId": "r-1", "pfs": [PACT]},
}
_TIME = {
    "referencePeriodStart": "2025-01-01T00:00:00Z",
    "referencePeriodEnd": "2025-12-31T00:00:00Z",
    "created": "2026-01-10T00:00:00Z",
    "validityPeriodStart": "2026-01-01T00:00:00Z",
    "validityPeriodEnd": "2026-12-31T00:00:00Z",
}
PCF: dict[str, Any] = {
    "scopeOfPcfForm": [
        {"specVersion": "urn:io.catenax.pcf:datamodel:version:9.0.0", "partialFullPcf": "Cradle-to-gate"}
    ],
    "companyAndProductInformation": [
        {
            "companyInformation": [{"companyName": "Example", "companyIds": ["urn:bpn:id:BPNL000000000EXA"]}],
            "productInformation": [
                {
                    "productNameCompany": "Cell",
                    "productIds": ["urn:gtin:4712345060507"],
                    "declaredUnitOfMeasurement": "kilogram",
                    "declaredUnitAmount": 2.0,
                    "productMassPerDeclaredUnit": 2,
                }
            ],
        }
    ],
    "pcfAssessmentAndMethodology": [
        {
            "dataSourcesAndQuality": [{"primaryDataShare": 56.12}],
            "pcfAssessmentInformation": [
                {
                    "idAndVersion": [
                        {
                            "id": "3893bb5d-da16-4dc1-9185-11d97476c254",
                            "version": 0,
                            "status": "Active",
                            "retroOrProspectivePcfType": "Retrospective PCF",
                        }
                    ],
                    "boundarySpecifications": [{"exemptedEmissionsPercent": 1}],
                    "geography": [
                        {
                            "geographyRegionOrSubregion": "Europe",
                            "geographyCountry": "DE",
                            "geographyCountrySubdivision": "DE-BY",
                        }
                    ],
                    "time": [_TIME],
                }
            ],
        }
    ],
    "carbonContent": [
        {
            "carbonContentTotal": 0.5,
            "fossilCarbonContent": 0.1,
            "biogenicCarbonContent": 0.4,
            "recycledCarbonContent": 0.2,
        }
    ],
    "productLifeCycleStagesAndEmissions": [
        {
            "productionStage": [
                {
                    "pcfIncludingBiogenicUptake": 2.8,
                    "pcfExcludingBiogenicUptake": 4.3,
                    "fossilGhgEmissions": 0.5,
                    "biogenicNonCO2Emissions": 1,
                    "biogenicCO2Uptake": -1.5,
                    "landUseChangeGhgEmissions": 1.4,
                    "landManagementBiogenicCO2Emissions": 1.6,
                    "landManagementBiogenicCO2Removals": -0.4,
                    "aircraftGhgEmissions": 0.2,
                }
            ],
            "distributionStage": [
                {
                    "distributionStageIncluded": True,
                    "distributionStagePcfExcludingBiogenicUptake": 0.15,
                    "distributionStageFossilGhgEmissions": 0.15,
                }
            ],
            "packagingStage": [
                {
                    "packagingEmissionsIncluded": True,
                    "packagingPcfExcludingBiogenicUptake": 0.2,
                    "packagingFossilGhgEmissions": 0.2,
                }
            ],
        }
    ],
}
COMPONENT: dict[str, Any] = {
    "pcfValues": {
        "sharesPerStage": {
            "stage1RawMaterialAquisitionPreProcessing": {"stageValue": 7.25},
            "stage2MainProductProduction": {"stageValue": 2.5},
            "stage3Distribution": {"stageValue": 0.2},
            "stage4EndOfLifeRecycling": {"stageValue": 0},
            "declaredUnit": "CO2KG/KG",
            "absPcfValue": {"stageValue": 9.95},
        }
    },
    "secondaryEmissionFactorSources": ["ecoinvent 3.8"],
    "primaryDataShare": 56.12,
    "customerPartId": "PRT-12345",
    "technologicalRepresentativeness": 1,
    "geographicalRepresentativeness": 2,
    "timerelatedRepresentativeness": 2,
    "dataQualityRating": 1.67,
    "manufacturerPartId": "123",
    "validityPeriod": {"validFrom": "2026-01-01T00:00:00Z", "validTo": "2026-12-31T00:00:00Z"},
    "siteIdentifier": "BPNS000000000EXA",
    "legalidentifier": "BPNL000000000EXA",
    "productQualityParameter": ["purity: 99.8%"],
    "contentC02Metals": [
        "Material: Nickel, Specific Content: 50.5%; Material: Cobalt, Specific Content: 6.0%"
    ],
}
_FOOTPRINT = {"unit": "kg CO2e / kWh", "rulebook": [], "declaration": [], "manufacturingPlant": []}
_NOW = {"time": "2026-05-01T00:00:00Z"}
_METAL = {"location": "Cathode", "recycled": 16, "critical": True, "documentation": []}
PASSPORT: dict[str, Any] = {
    "identification": {
        "category": "EV",
        "idDmc": "1",
        "chemistry": "NMC",
        "identification": {"codes": [{"key": "GTIN", "value": "4712345060507"}]},
    },
    "operation": {
        "intoServiceDate": "2026-04-01",
        "manufacturer": {
            "manufacturer": "BPNL000000000EXA",
            "manufacturingDate": "2026-02-01",
            "facility": [],
        },
    },
    "characteristics": {
        "warranty": {"lifeValue": 8, "lifeUnit": "unit:year"},
        "physicalDimension": {"weight": {"value": 430, "unit": "unit:kilogram"}},
    },
    "sustainability": {
        "documents": {},
        "status": "original",
        "carbonFootprint": [
            {**_FOOTPRINT, "lifecycle": "total life cycle", "type": "Climate Change Total", "value": 61.5},
            {**_FOOTPRINT, "lifecycle": "total life cycle", "type": "Climate Change Fossil", "value": 60},
            {
                **_FOOTPRINT,
                "lifecycle": "total life cycle",
                "type": "Climate Change Biogenic Removals and Emissions",
                "value": 1,
            },
            {
                **_FOOTPRINT,
                "lifecycle": "total life cycle",
                "type": "Climate Change Land Use and Land Use Change",
                "value": 0.5,
            },
            {**_FOOTPRINT, "lifecycle": "raw material", "type": "Climate Change Total", "value": 40},
            {
                **_FOOTPRINT,
                "lifecycle": "main product production",
                "type": "Climate Change Total",
                "value": 20.5,
            },
            {**_FOOTPRINT, "lifecycle": "distribution", "type": "Climate Change Total", "value": 0.5},
            {
                **_FOOTPRINT,
                "lifecycle": "end of life and recycling",
                "type": "Climate Change Total",
                "value": 0.5,
            },
        ],
    },
    "materials": {
        "active": {
            "nickel": _METAL,
            "lithium": _METAL,
            "cobalt": _METAL,
            "lead": {**_METAL, "concentration": 0},
        },
        "hazardous": {"cadmium": {}, "mercury": {}, "lead": {**_METAL, "concentration": 0}},
        "composition": [
            {
                "concentration": 90,
                "unit": "unit:percent",
                "recycled": 10,
                "renewable": 0,
                "id": [{"type": "CAS", "id": "7440-48-4", "name": "cobalt"}],
            },
            {
                "concentration": 100000,
                "unit": "unit:partPerMillion",
                "recycled": 10,
                "renewable": 0,
                "id": [],
            },
        ],
    },
    "performance": {
        "rated": {
            "voltage": {"min": 240, "nominal": 355, "max": 403},
            "capacity": {"value": 220, "thresholdExhaustion": 80},
            "energy": {"value": 78},
            "roundTripEfficiency": {"initial": 96, "50PercentLife": 92, "depthOfDischarge": 90},
            "temperature": {"lower": -30, "upper": 60},
            "power": {"value": 200000, "at20SoC": 150000, "at80SoC": 190000},
            "resistance": {"cell": 0.0012, "pack": 0.1},
            "selfDischargingRate": 2,
        },
        "dynamic": {
            "stateOfCharge": {"value": 50, **_NOW},
            "capacity": {"fade": {"value": 10, **_NOW}, "capacity": {"value": 198, **_NOW}},
            "energy": {"soce": {"value": 90, **_NOW}, "remaining": {"value": 70.2, **_NOW}},
            "resistance": {
                "increase": {"cell": {"value": 50, **_NOW}},
                "remaining": {"cell": {"value": 0.0018, **_NOW}},
            },
        },
    },
    "conformity": {},
    "safety": {},
    "commercial": {"placedOnMarket": "2026-03-01"},
    "handling": {},
    "metadata": {
        "version": "1",
        "issueDate": "2026-03-01",
        "expirationDate": "2036-03-01",
        "economicOperatorId": "BPNL000000000EXA",
        "passportIdentifier": "550e8400-e29b-41d4-a716-446655440000",
        "predecessor": "00000000-0000-0000-0000-000000000000",
    },
}
CARBON: dict[str, Any] = {
    "batteryCarbonFootprint": 61.5,
    "carbonFootprintPerLifecycleStage": [
        {"lifecycleStage": "RawMaterialExtraction", "carbonFootprint": 40.25},
        {"lifecycleStage": "MainProduction", "carbonFootprint": 21},
        {"lifecycleStage": "Distribution", "carbonFootprint": 0.75},
        {"lifecycleStage": "Recycling", "carbonFootprint": -0.5},
    ],
    "carbonFootprintPerformanceClass": "B",
    "carbonFootprintStudy": "https://example.com/study",
    "absoluteCarbonFootprint": 4800,
}
CIRCULARITY: dict[str, Any] = {
    "dismantlingAndRemovalInformation": [],
    "sparePartSources": [],
    "recycledContent": [
        {"preConsumerShare": 5, "recycledMaterial": "Cobalt", "postConsumerShare": 12},
        {"preConsumerShare": 0, "recycledMaterial": "Nickel", "postConsumerShare": 3},
    ],
    "safetyMeasures": {},
    "endOfLifeInformation": {},
    "renewableContent": 3,
}
MATERIALS: dict[str, Any] = {
    "batteryChemistry": {"shortName": "NMC", "clearName": "nickel manganese cobalt"},
    "batteryMaterials": [
        {
            "batteryMaterialLocation": {"componentName": "Cathode"},
            "batteryMaterialIdentifier": "7440-48-4",
            "batteryMaterialName": "Cobalt",
            "batteryMaterialMass": 12000,
            "isCriticalRawMaterial": True,
        }
    ],
    "hazardousSubstances": [
        {
            "hazardousSubstanceName": "Cobalt",
            "hazardousSubstanceIdentifier": "7440-48-4",
            "hazardousSubstanceConcentration": 60,
        },
        {
            "hazardousSubstanceName": "Nickel",
            "hazardousSubstanceIdentifier": "7440-02-0",
            "hazardousSubstanceConcentration": 30,
        },
    ],
}
GENERAL: dict[str, Any] = {
    "productIdentifier": "PACK-1",
    "batteryPassportIdentifier": "urn:bmwk:123",
    "batteryCategory": "ev",
    "manufacturerInformation": {},
    "manufacturingDate": "2026-02-01T00:00:00Z",
    "batteryStatus": "Original",
    "batteryMass": 430,
    "manufacturingPlace": {},
    "operatorInformation": {},
    "puttingIntoService": "2026-04-01T00:00:00Z",
    "warrentyPeriod": "--06",
}
DILIGENCE: dict[str, Any] = {"supplyChainDueDiligenceReport": "https://example.com/report"}
_OF_UNIT = {
    "PcfCalculationMethods": ["ISO 14067"],
    "ReferenceImpactUnitForCalculation": "kwH",
    "QuantityOfMeasureForCalculation": 1,
    "PerformanceClass": "B",
    "WebLinkToPublicCarbonFootprintStudy": ["D-1"],
}
IDTA_CARBON: dict[str, Any] = {
    "ProductCarbonFootprints": [
        {**_OF_UNIT, "PcfCo2eq": 61.5, "LifeCyclePhases": ["A1-A3", "A4 - transport to final destination"]},
        {**_OF_UNIT, "PcfCo2eq": 61, "LifeCyclePhases": ["A1-A3"]},
        {**_OF_UNIT, "PcfCo2eq": 0.5, "LifeCyclePhases": ["A4 - transport to final destination"]},
    ]
}
TECHNICAL: dict[str, Any] = {
    "GeneralInformation": {
        "ManufacturerName": "Example",
        "ManufacturerIdentifier": "4000001000005",
        "WarrantyInformation": {},
        "BatteryCategory": "ev",
        "BatteryMass": 430,
    },
    "TechnicalPropertyAreas": {
        "CapacityEnergyVoltage": {
            "MinVoltage": 240,
            "NominalVoltage": 355,
            "MaxVoltage": 403,
            "RatedCapacity": 220,
            "CertifiedUsableBatteryEnergy": 74,
        },
        "RoundTripEnergyEfficiency": {
            "InitialRoundTripEnergyEfficiency": 96,
            "RoundTripEnergyEfficiencyAt50PercentOfCycleLife": 95,
        },
        "Resistance": {
            "InitialInternalResistanceAtBatteryCellLevel": 0.001,
            "InitialInternalResistanceAtBatteryPackLevel": 0.1,
        },
        "PowerCapability": {"MaximumPermittedBatteryPower": 200000, "PowerFade": 0},
        "Temperature": {
            "TemperatureRangeIdleState_LowerBoundary": -30,
            "TemperatureRangeIdleState_UpperBoundary": 60,
        },
        "Lifetime": {
            "ExpectedLifetimeInCalendarYears": 15,
            "ExpectedNumberOfCycles": 1000,
            "CapacityThresholdExhaustion": 80,
            "CrateOfRelevantCycleLifeTest": 1,
        },
    },
}
CONDITION: dict[str, Any] = {
    "NumberOfFullCycles": {"NumberOfFullCyclesValue": 10, "LastUpdate": "2026-05-01T00:00:00"},
    "InformationOnAccidents": [],
    "TemperatureInformation": {"LastUpdate": "2026-05-01T00:00:00"},
    "StateOfCharge": {"StateOfChargeValue": 50, "LastUpdate": "2026-05-01T00:00:00"},
}
_IDTA_CIRCULARITY = {
    "DismantlingAndRemovalInformation": [],
    "SparePartSources": [],
    "RecycledContentInformation": [
        {"PreConsumerShare": 5, "RecycledMaterial": "Cobalt", "PostConsumerShare": 12}
    ],
    "SafetyMeasures": {},
    "EndOfLifeInformation": {},
    "RenewableContent": 3,
}
IDTA_MATERIALS: dict[str, Any] = {
    "BatteryChemistry": {"ShortName": "NMC", "ClearName": "nickel manganese cobalt"},
    "BatteryMaterials": [
        {
            "BatteryMaterialLocation": {},
            "BatteryMaterialIdentifier": "7440-48-4",
            "BatteryMaterialName": "Cobalt",
            "BatteryMaterialMass": 12,
            "IsCriticalRawMaterial": True,
        }
    ],
    "HazardousSubstances": [],
}
NAMEPLATE: dict[str, Any] = {
    "URIOfTheProduct": "https://id.gs1.org/01/04712345060507/21/1",
    "AddressInformation": {},
    "SerialNumber": "1",
    "DateOfManufacture": "2026-02-01",
    "DateOfPuttingIntoService": "2026-04-01",
    "UniqueFacilityIdentifier": "4000001000005",
    "LifeCycleStage": "original",
    "ManufacturerIdentifier": "4000001000005",
    "Markings": [{"MarkingName": "CE", "IssueDate": "2026-01-01", "ExpiryDate": "2031-01-01"}],
}


def _event(time: str, **more: Any) -> dict[str, Any]:
    return {"eventTime": time, "eventTimeZoneOffset": "+00:00", **more}


def _quantity(lot: str, amount: float) -> dict[str, Any]:
    return {"epcClass": f"urn:traceledger:batch:works:{lot}", "quantity": amount, "uom": "KGM"}


def _lot(name: str, cobalt: str, role: str = "output") -> dict[str, Any]:
    substances = [{"tl:substance": "Co", "tl:mass": cobalt}]
    return {"tl:epc": f"urn:traceledger:batch:works:{name}", "tl:role": role, "tl:substances": substances}


EPCIS: dict[str, Any] = {
    "@context": [
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        {"tl": "urn:traceledger:epcis:1:"},
    ],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-03-01T00:00:00Z",
    "epcisBody": {
        "eventList": [
            _event(
                "2026-01-01T00:00:00Z",
                type="ObjectEvent",
                action="ADD",
                bizStep="commissioning",
                recordTime="2026-01-02T00:00:00Z",
                quantityList=[_quantity("ORE", 1000)],
                **{
                    "tl:operation": "mint",
                    "tl:lots": [
                        {
                            "tl:epc": "urn:traceledger:batch:works:ORE",
                            "tl:substances": [{"tl:substance": "Co", "tl:mass": "100 kg"}],
                        }
                    ],
                    "tl:emissions": {"tl:scope1": "5 t", "tl:scope3": "1 t", "tl:primary": "6 t"},
                },
            ),
            _event(
                "2026-01-03T00:00:00Z",
                type="TransformationEvent",
                transformationID="urn:traceledger:transformation:works:R1",
                inputQuantityList=[_quantity("ORE", 500)],
                outputQuantityList=[_quantity("SULFATE", 700)],
                **{
                    "tl:operation": "transform",
                    "tl:lots": [_lot("SULFATE", "48 kg")],
                    "tl:losses": [{"tl:substance": "Co", "tl:mass": "2 kg"}],
                },
            ),
            _event(
                "2026-01-04T00:00:00Z",
                type="TransformationEvent",
                bizStep="repackaging",
                inputQuantityList=[
                    {"epcClass": "urn:epc:class:lgtin:4012345.012345.A", "quantity": 10, "uom": "KGM"}
                ],
                outputQuantityList=[
                    {"epcClass": "urn:epc:class:lgtin:4012345.012345.B", "quantity": 6, "uom": "KGM"},
                    {"epcClass": "urn:epc:class:lgtin:4012345.012345.C", "quantity": 4000, "uom": "GRM"},
                ],
            ),
            _event(
                "2026-01-05T00:00:00Z",
                type="TransformationEvent",
                inputQuantityList=[
                    {"epcClass": "urn:epc:class:lgtin:4012345.012345.D", "quantity": 10, "uom": "KGM"}
                ],
                outputQuantityList=[
                    {"epcClass": "urn:epc:class:lgtin:4012345.012345.E", "quantity": 9, "uom": "KGM"}
                ],
            ),
        ]
    },
}

_PART: dict[str, Any] = {
    "globalAssetId": "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
    "localIdentifiers": [{"key": "manufacturerId", "value": "BPNL000000000EXA"}],
    "partTypeInformation": {"manufacturerPartId": "1", "nameAtManufacturer": "Cell"},
    "manufacturingInformation": {"productionDate": "2026-02-01", "country": "DEU", "sites": []},
}
_SERIAL: dict[str, Any] = _PART | {
    "partTypeInformation": {"customerPartId": "1", "nameAtCustomer": "Cell", "partClassification": []}
}
_BOM: dict[str, Any] = {
    "globalAssetId": "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
    "childItems": [
        {
            "globalAssetId": "550e8400-e29b-41d4-a716-446655440001",
            "quantity": {"value": 20, "unit": "unit:piece"},
            "hasAlternatives": False,
            "createdOn": "2026-02-03T00:00:00Z",
            "businessPartner": "BPNL000000000EXA",
        }
    ],
}

SOUND: dict[str, dict[str, Any]] = {
    "pact-footprint": PACT,
    "pact-response": RESPONSE,
    "pact-event": EVENT,
    "epcis": EPCIS,
    "catenax-pcf": PCF,
    "catenax-pcf-component": COMPONENT,
    "catenax-battery-pass": PASSPORT,
    "catenax-batch": _PART,
    "catenax-serial-part": _SERIAL,
    "catenax-bom-as-built": _BOM,
    "batterypass-carbon-footprint": CARBON,
    "batterypass-circularity": CIRCULARITY,
    "batterypass-material-composition": MATERIALS,
    "batterypass-general": GENERAL,
    "batterypass-due-diligence": DILIGENCE,
    "idta-carbon-footprint": IDTA_CARBON,
    "idta-circularity": _IDTA_CIRCULARITY,
    "idta-material-composition": IDTA_MATERIALS,
    "idta-technical-data": TECHNICAL,
    "idta-product-condition": CONDITION,
    "idta-nameplate": NAMEPLATE,
    "idta-handover-documentation": {"Documents": []},
}
"""By kind."""

GONE: Any = object()
"""Stands for a member that is taken out."""


def changed(kind: str, pointer: str, value: Any) -> Any:
    """The sound document of a kind, with another value at a place."""
    document = copy.deepcopy(SOUND[kind])
    place: Any = document
    *path, last = pointer.removeprefix("/").split("/")
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is GONE:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return document
