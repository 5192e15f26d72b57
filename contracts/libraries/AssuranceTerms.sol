// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {
    AUDIT,
    CATEGORY_RISK,
    CERTIFICATE,
    CODE_OF_CONDUCT,
    COUNTRY_RISK,
    ENVIRONMENT,
    ETHICS,
    HEALTH_AND_SAFETY,
    HUMAN_RIGHTS,
    LABOUR,
    LCA,
    QUALITY,
    RENEWABLE_ELECTRICITY,
    SAQ,
    SSI
} from "../types/Assurance.sol";

/// @title The kinds of assessments and the categories of findings
library AssuranceTerms {
    uint32 private constant _BASIS_POINTS = 10_000;
    uint32 private constant _LOW_RISK = 1;
    uint32 private constant _HIGH_RISK = 3;

    /// @notice The values that an assessment of `kind` can have, both inclusive.
    /// @return known Whether there is such a kind.
    function valuesOf(bytes32 kind) internal pure returns (bool known, uint32 least, uint32 most) {
        if (kind == SAQ || kind == SSI || kind == AUDIT || kind == RENEWABLE_ELECTRICITY) {
            return (true, 0, _BASIS_POINTS);
        }
        if (kind == COUNTRY_RISK || kind == CATEGORY_RISK) return (true, _LOW_RISK, _HIGH_RISK);
        return (kind == CODE_OF_CONDUCT || kind == LCA || kind == CERTIFICATE, 0, 0);
    }

    /// @notice Whether an assessment of `kind` that found `value` is good enough where it is mandatory.
    /// @param bound The least value or, of a risk, the highest; zero for any. A score of nothing is a failed assessment and
    /// counts for nothing, whatever the bound.
    function suffices(bytes32 kind, uint32 value, uint32 bound) internal pure returns (bool) {
        (, uint32 least, uint32 most) = valuesOf(kind);
        if (most == 0) return true;
        if (least != 0) return bound == 0 || value <= bound;
        return value != 0 && value >= bound;
    }

    /// @notice Whether there is such a category of findings.
    function isCategory(bytes32 category) internal pure returns (bool) {
        return category == LABOUR || category == HUMAN_RIGHTS || category == HEALTH_AND_SAFETY
            || category == ENVIRONMENT || category == ETHICS || category == QUALITY;
    }
}
