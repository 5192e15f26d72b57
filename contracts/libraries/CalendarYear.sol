// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Calendar years
library CalendarYear {
    uint256 private constant _DAY = 86_400;

    /// @dev Days from 1 March of year 0 (proleptic Gregorian) to 1 January 1970.
    uint256 private constant _EPOCH_DAYS = 719_468;

    uint256 private constant _DAYS_PER_ERA = 146_097;
    uint256 private constant _YEARS_PER_ERA = 400;

    /// @dev 1 January is day 306 of a year that begins on 1 March.
    uint256 private constant _JANUARY = 306;

    /// @notice The Gregorian calendar year (UTC) of `timestamp`, in seconds since 1970.
    /// @dev Years are counted from 1 March, so that the leap day is the last day of its year. In an era of 400
    /// such years, the day of the era, less the leap days before it, divides by 365.
    function yearOf(uint64 timestamp) internal pure returns (uint256) {
        unchecked {
            uint256 day = timestamp / _DAY + _EPOCH_DAYS;
            uint256 dayOfEra = day % _DAYS_PER_ERA;
            uint256 yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / (_DAYS_PER_ERA - 1)) / 365;
            uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
            uint256 year = day / _DAYS_PER_ERA * _YEARS_PER_ERA + yearOfEra;
            return dayOfYear < _JANUARY ? year : year + 1;
        }
    }
}
