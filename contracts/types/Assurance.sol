// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice How severe a finding is. Only critical ones can block.
enum Severity {
    Minor,
    Major,
    Critical
}

/// @notice Where a finding stands. A refused corrective action and a reopened finding are open again.
enum FindingState {
    None,
    Open,
    CorrectiveActionSubmitted,
    CorrectiveActionAccepted,
    Closed
}

/// @dev Kinds of assessment. The value is a score or a share in basis points: 0 to 10,000.
bytes32 constant SAQ = "saq";
bytes32 constant SSI = "ssi";
bytes32 constant AUDIT = "audit";
bytes32 constant RENEWABLE_ELECTRICITY = "renewable_electricity";

/// @dev Kinds of assessment. The value is a rating: 1 low, 2 medium, 3 high.
bytes32 constant COUNTRY_RISK = "country_risk";
bytes32 constant CATEGORY_RISK = "category_risk";

/// @dev Kinds of assessment that have no value but zero.
bytes32 constant CODE_OF_CONDUCT = "code_of_conduct";
bytes32 constant LCA = "lca";
bytes32 constant CERTIFICATE = "certificate";

/// @dev Categories of findings.
bytes32 constant LABOUR = "labour";
bytes32 constant HUMAN_RIGHTS = "human_rights";
bytes32 constant HEALTH_AND_SAFETY = "health_and_safety";
bytes32 constant ENVIRONMENT = "environment";
bytes32 constant ETHICS = "ethics";
bytes32 constant QUALITY = "quality";
