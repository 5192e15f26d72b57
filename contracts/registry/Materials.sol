// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAdmission} from "../interfaces/IAdmission.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Contents, ContentsLibrary} from "../types/Contents.sol";
import {BatchId, Ids, MaterialId} from "../types/Ids.sol";
import {SubstanceSet, SubstanceSetLibrary} from "../types/SubstanceSet.sol";
import {Evidence, SubstanceMass} from "../types/Values.sol";
import {Participants} from "./Participants.sol";

/// @title Materials
/// @notice Kinds of material: the substances that they track, how much of each they hold, and what they are.
abstract contract Materials is Participants {
    /// @dev What is looked up of materials that are bounded or tolerant only.
    /// @param first Contents of the first nine substances.
    /// @param second Contents of the others, and the tolerances.
    struct Limits {
        Contents first;
        Contents second;
    }

    mapping(MaterialId material => SubstanceSet) private _materials;
    mapping(MaterialId material => Limits) private _limits;

    /// @inheritdoc IParticipantRegistry
    mapping(BatchId batch => MaterialId) public permittedContentOf;

    /// @inheritdoc IParticipantRegistry
    function defineMaterial(
        string calldata slug,
        string calldata name,
        string calldata cas,
        uint16[] calldata substances,
        Terms calldata terms,
        Evidence[] calldata evidence
    ) external restricted returns (MaterialId material) {
        _requireSlug(slug);
        _requirePlain(name);
        _requirePlain(cas);
        material = Ids.material(slug);
        if (_materials[material].isDefined()) revert MaterialAlreadyExists(material);
        _store(material, substances, terms);
        emit MaterialDefined(material, slug, name, cas, substances, terms, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function amendMaterial(
        MaterialId material,
        uint16[] calldata substances,
        Terms calldata terms,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external restricted {
        SubstanceSet before = substancesOf(material);
        _requirePlain(reason);
        SubstanceSet set = _store(material, substances, terms);
        // Rule 6: lots that exist bear CO2e as what they were made as.
        if (set.isWaste() != before.isWaste() || set.isProduct() != before.isProduct()) {
            revert UseUnchangeable(material);
        }
        // Rule 4: lots that exist hold them.
        for (uint256 lane = 0; before.at(lane) != 0; ++lane) {
            bool kept;
            (kept, set) = set.seek(before.at(lane));
            if (!kept) revert SubstanceRemoved(material, before.at(lane));
        }
        emit MaterialAmended(material, substances, terms, occurredAt, reason, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function permitContent(
        address participant,
        string calldata identifier,
        MaterialId material,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        _requireAuditor();
        address permittedBy = _speaker();
        // Rule 2: nobody permits itself.
        if (permittedBy == participant) revert OwnLot(participant);
        _requireParticipant(participant);
        _requireIdentifier(identifier);
        _requirePlain(reason);
        substancesOf(material);
        BatchId batch = Ids.batch(participant, identifier);
        permittedContentOf[batch] = material;
        emit ContentPermitted(batch, material, permittedBy, participant, occurredAt, identifier, reason, evidence);
    }

    /// @inheritdoc IAdmission
    function requireContent(MaterialId material, uint64 mass, SubstanceMass[] calldata substances, BatchId batch)
        external
        view
        returns (bool permitted)
    {
        SubstanceSet set = substancesOf(material);
        if (!set.isBounded()) return false;
        Limits storage limits = _limits[material];
        Contents contents = limits.first;
        uint256 next = 0;
        for (uint256 lane = 0; set.at(lane) != 0; ++lane) {
            if (lane == ContentsLibrary.PER_WORD) contents = limits.second;
            uint16 substance = set.at(lane);
            uint256 held = 0;
            // Both ascend, and every listed substance is the material's.
            if (next < substances.length && substances[next].substance == substance) held = substances[next++].mass;
            (uint16 least, uint16 highest) = contents.at(lane % ContentsLibrary.PER_WORD);
            held *= ContentsLibrary.ALL;
            // Rule 2.
            if (held >= uint256(least) * mass && held <= uint256(highest) * mass) continue;
            if (MaterialId.unwrap(permittedContentOf[batch]) == MaterialId.unwrap(material)) return true;
            revert ContentOutOfBounds(material, substance, held / mass, least, highest);
        }
        return false;
    }

    /// @inheritdoc IAdmission
    function toleranceOf(MaterialId material) external view returns (uint16 mass, uint16 substances) {
        if (!substancesOf(material).isTolerant()) return (0, 0);
        return _limits[material].second.tolerances();
    }

    /// @inheritdoc IAdmission
    function substancesOf(MaterialId material) public view returns (SubstanceSet substances) {
        substances = _materials[material];
        if (!substances.isDefined()) revert UnknownMaterial(material);
    }

    /// @dev Keeps of a material what the ledger asks for.
    function _store(MaterialId material, uint16[] calldata substances, Terms calldata terms)
        private
        returns (SubstanceSet set)
    {
        if (terms.waste && terms.product) revert WasteAndProduct();
        (uint16 ofMass, uint16 ofSubstances) = (terms.toleranceMass, terms.toleranceSubstances);
        if (ofMass > ContentsLibrary.ALL || ofSubstances > ContentsLibrary.ALL) {
            revert InvalidTolerance(ofMass, ofSubstances);
        }
        set = _substanceSet(substances).withUse(terms.waste, terms.product);
        (bool bounded, Limits memory limits) = _limitsOf(substances, terms.contents);
        limits.second = limits.second.withTolerances(ofMass, ofSubstances);
        set = set.withLimits(bounded, ofMass | ofSubstances != 0);
        _materials[material] = set;
        // Two slots that most materials do without.
        if (bounded || set.isTolerant() || Contents.unwrap(_limits[material].second) != 0) _limits[material] = limits;
    }

    /// @dev Of every substance its contents; where none are given, from none to all.
    function _limitsOf(uint16[] calldata substances, Content[] calldata contents)
        private
        pure
        returns (bool bounded, Limits memory limits)
    {
        uint256 next = 0;
        for (uint256 lane = 0; lane < substances.length; ++lane) {
            (uint16 least, uint16 highest) = (0, ContentsLibrary.ALL);
            if (next < contents.length && contents[next].substance == substances[lane]) {
                (least, highest) = _requireContentBounds(contents[next++]);
                bounded = bounded || least != 0 || highest != ContentsLibrary.ALL;
            }
            uint256 place = lane % ContentsLibrary.PER_WORD;
            if (lane < ContentsLibrary.PER_WORD) limits.first = limits.first.add(place, least, highest);
            else limits.second = limits.second.add(place, least, highest);
        }
        if (next == contents.length) return (bounded, limits);
        // Not tracked, or not ascending.
        revert InvalidContent(contents[next].substance, contents[next].least, contents[next].highest);
    }

    function _requireContentBounds(Content calldata content) private pure returns (uint16 least, uint16 highest) {
        (least, highest) = (content.least, content.highest);
        if (least <= highest && highest <= ContentsLibrary.ALL) return (least, highest);
        revert InvalidContent(content.substance, least, highest);
    }

    function _substanceSet(uint16[] calldata substances) private pure returns (SubstanceSet set) {
        uint256 count = substances.length;
        // Rule 13.
        if (count > SubstanceSetLibrary.CAPACITY) revert TooManySubstances(count, SubstanceSetLibrary.CAPACITY);
        set = SubstanceSetLibrary.EMPTY;
        uint16 previous = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint16 substance = substances[i];
            if (substance <= previous) revert SubstancesNotAscending(substance);
            set = set.add(i, substance);
            previous = substance;
        }
    }
}
