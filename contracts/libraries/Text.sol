// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The texts that name things
library Text {
    uint256 private constant _LONGEST_IDENTIFIER = 256;
    uint256 private constant _LONGEST_SLUG = 64;

    uint256 private constant _WORD = 32;
    uint256 private constant _ONES = type(uint256).max / 255;
    uint256 private constant _LOW_BITS = _ONES * 0x7f;
    uint256 private constant _SPACES = _ONES * 0x20;

    /// @dev Added to a byte of seven bits, this sets its eighth bit if the byte is no less than a space.
    uint256 private constant _TO_SPACE = _ONES * 0x60;

    /// @notice Whether a text of `length` bytes may be an identifier: 1 to 256 bytes.
    function isIdentifierLength(uint256 length) internal pure returns (bool) {
        return length != 0 && length <= _LONGEST_IDENTIFIER;
    }

    /// @notice Whether `text` may be an identifier: 1 to 256 bytes, none of them an ASCII control character.
    function isIdentifier(string calldata text) internal pure returns (bool) {
        return isIdentifierLength(bytes(text).length) && isPlain(text);
    }

    /// @notice Whether no byte of `text` is an ASCII control character: below a space, or DEL.
    /// @dev 32 bytes at a time.
    function isPlain(string calldata text) internal pure returns (bool) {
        bytes calldata rest = bytes(text);
        uint256 controls = 0;
        while (rest.length > _WORD) {
            controls |= _controls(uint256(bytes32(rest)));
            rest = rest[_WORD:];
        }
        unchecked {
            // What is missing of the last word is taken to be spaces.
            return controls | _controls(uint256(bytes32(rest)) | (_SPACES >> (8 * rest.length))) == 0;
        }
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

    /// @dev Not zero exactly if some byte of `word` is a control character. Sums of seven bits do not reach the next byte:
    /// their eighth bits say which bytes are DEL, and which are no less than a space.
    function _controls(uint256 word) private pure returns (uint256) {
        unchecked {
            uint256 low = word & _LOW_BITS;
            return ((low + _ONES) | ~(low + _TO_SPACE)) & ~(word | _LOW_BITS);
        }
    }

    function _isAlphanumeric(bytes1 c) private pure returns (bool) {
        return (c >= "a" && c <= "z") || (c >= "0" && c <= "9");
    }
}
