// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The texts that name things
library Text {
    uint256 private constant _LONGEST_IDENTIFIER = 256;
    uint256 private constant _LONGEST_SLUG = 64;

    /// @notice Whether a text of `length` bytes may be an identifier: 1 to 256 bytes.
    function isIdentifierLength(uint256 length) internal pure returns (bool) {
        return length != 0 && length <= _LONGEST_IDENTIFIER;
    }

    /// @notice Whether `text` is 1 to 64 characters of a-z, 0-9, '-', '_' and '.', the first a letter or digit.
    function isSlug(string calldata text) internal pure returns (bool) {
        bytes calldata characters = bytes(text);
        uint256 length = characters.length;
        if (length == 0 || length > _LONGEST_SLUG || !_isAlphanumeric(characters[0])) return false;
        for (uint256 i = 1; i < length; ++i) {
            bytes1 c = characters[i];
            if (!_isAlphanumeric(c) && c != "-" && c != "_" && c != ".") return false;
        }
        return true;
    }

    function _isAlphanumeric(bytes1 c) private pure returns (bool) {
        return (c >= "a" && c <= "z") || (c >= "0" && c <= "9");
    }
}
