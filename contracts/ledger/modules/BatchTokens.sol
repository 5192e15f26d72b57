// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {BatchId} from "../../types/Ids.sol";
import {Module} from "./Module.sol";

/// @title BatchTokens
/// @notice Batches as ERC-721 shows them: whose they are. Custody changes by handshake only (Rule 3), so that
/// everything that would move a token is refused.
abstract contract BatchTokens is Module, IERC721Metadata, IERC721Errors {
    /// @dev ERC-5192, `locked(uint256)`.
    bytes4 private constant _LOCKED = 0xb45a3c0e;

    /// @inheritdoc IERC721Metadata
    string public constant name = "TraceLedger Batch";

    /// @inheritdoc IERC721Metadata
    string public constant symbol = "BATCH";

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC721).interfaceId
            || id == type(IERC721Metadata).interfaceId || id == _LOCKED;
    }

    /// @notice The batch's custodian, a participant. Reverts if there is no such batch.
    function ownerOf(uint256 tokenId) public view throughTheLedger returns (address custodian) {
        custodian = _lots[BatchId.wrap(tokenId)].custody.custodian();
        if (custodian == address(0)) revert ERC721NonexistentToken(tokenId);
    }

    /// @notice How many batches a participant holds, used up ones included.
    function balanceOf(address custodian) external view throughTheLedger returns (uint256) {
        if (custodian == address(0)) revert ERC721InvalidOwner(address(0));
        return _held[custodian];
    }

    /// @notice Empty: what is known about a batch is on the ledger.
    function tokenURI(uint256 tokenId) external view returns (string memory) {
        ownerOf(tokenId);
        return "";
    }

    /// @notice Nobody, as approvals are refused.
    function getApproved(uint256 tokenId) external view returns (address) {
        ownerOf(tokenId);
        return address(0);
    }

    /// @notice No, as approvals are refused.
    function isApprovedForAll(address, address) external pure returns (bool) {
        return false;
    }

    /// @notice Whether transfers are refused, as of any batch (ERC-5192).
    function locked(uint256 tokenId) external view returns (bool) {
        ownerOf(tokenId);
        return true;
    }

    /// @notice Refused: custody changes by shipment and receipt only (Rule 3).
    function transferFrom(address, address, uint256) external pure {
        revert CustodyByHandshakeOnly();
    }

    /// @notice Refused: custody changes by shipment and receipt only.
    function safeTransferFrom(address, address, uint256) external pure {
        revert CustodyByHandshakeOnly();
    }

    /// @notice Refused: custody changes by shipment and receipt only.
    function safeTransferFrom(address, address, uint256, bytes calldata) external pure {
        revert CustodyByHandshakeOnly();
    }

    /// @notice Refused: nobody moves a batch on another's behalf (Rule 3).
    function approve(address, uint256) external pure {
        revert CustodyByHandshakeOnly();
    }

    /// @notice Refused: nobody moves a batch on another's behalf.
    function setApprovalForAll(address, bool) external pure {
        revert CustodyByHandshakeOnly();
    }
}
