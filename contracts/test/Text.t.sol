// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Text} from "../libraries/Text.sol";
import {Base} from "./Base.sol";

/// @title Which texts are plain
contract TextTest is Base {
    function test_isPlain_ofWholeWordsAndParts() external view {
        string memory word = "0123456789abcdefghijklmnopqrstuv";
        assertTrue(this.isPlain(""), "nothing");
        assertTrue(this.isPlain(word), "one word");
        assertTrue(this.isPlain(string.concat(word, word, "z")), "two words and a byte");
        assertTrue(!this.isPlain(string.concat(word, word, "\n")), "in the last byte");
        assertTrue(!this.isPlain(string.concat("\n", word)), "in the first byte");
        assertTrue(!this.isPlain(string.concat(word, "\x7f", word)), "in the second word");
        assertTrue(this.isPlain(unicode"Mine de cobalt é 钴矿 ~ "), "other scripts");
    }

    function testFuzz_isPlain_isAsByteByByte(bytes memory text, uint8 length, bytes1 odd, uint8 at) external view {
        uint256 end = text.length < length ? text.length : length;
        bytes memory cut = new bytes(end);
        for (uint256 i = 0; i < end; ++i) {
            // Mostly plain, so that the odd byte decides.
            cut[i] = uint8(text[i]) % 64 == 0 ? text[i] : bytes1(uint8(0x20 + uint8(text[i]) % 95));
        }
        if (end != 0) cut[at % end] = odd;
        bool plain = true;
        for (uint256 i = 0; i < end; ++i) {
            plain = plain && uint8(cut[i]) >= 0x20 && cut[i] != 0x7f;
        }
        assertTrue(this.isPlain(string(cut)) == plain, "plain");
    }

    function isPlain(string calldata text) external pure returns (bool) {
        return Text.isPlain(text);
    }
}
