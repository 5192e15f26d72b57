// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId, FacilityId, MaterialId} from "../types/Ids.sol";
import {Evidence, Origin, OriginKind, ParticipantStatus} from "../types/Values.sol";
import {IActGuard} from "./IActGuard.sol";
import {IAdmission} from "./IAdmission.sol";

/// @title Who may act, where, and with which material
/// @notice Participants and their operator keys, facilities, materials, and approved origins with their capacity.
/// @dev Functions say which role of the AccessManager they are restricted to (`types/Roles.sol`); none of those is a
/// participant's or an auditor's (Rule 12). A key joins a participant with its own consent (Rule 1): its EIP-712
/// signature of `Consent(address participant,address operator,uint64 deadline)` in the domain "TraceLedger", version "1",
/// of this chain and this contract.
interface IParticipantRegistry is IAdmission {
    /// @notice How much of one substance lots of a material hold, in basis points of their mass.
    /// @param least Zero for no bound.
    /// @param highest 10,000 for no bound.
    struct Content {
        uint16 substance;
        uint16 least;
        uint16 highest;
    }

    /// @notice What a material is, and what measurements of it may do.
    /// @param waste Beside other outputs it bears no CO2e (Rule 6). It has a highest content of every substance that it
    /// tracks: 10,000 where `contents` gives none.
    /// @param product It may be retired as delivered (Rule 9). Waste is no product.
    /// @param toleranceMass Basis points of gross mass by which its custodian may remeasure a lot (Rule 5).
    /// @param toleranceSubstances The same of each substance.
    /// @param contents By ascending substance, each one that the material tracks (Rule 2).
    struct Terms {
        bool waste;
        bool product;
        uint16 toleranceMass;
        uint16 toleranceSubstances;
        Content[] contents;
    }

    /// @notice A name that others gave a company or a site.
    /// @param scheme Right-padded ASCII: "lei", "gln", "duns", "bpn", "eori", "rmi", "vat" and others.
    struct Identifier {
        bytes32 scheme;
        string value;
    }

    /// @notice A company was admitted. Its address is that of its first operator key and never changes.
    /// @param slug The short name that opens the full names of its batches, facilities and shipments.
    /// @param country ISO 3166-1 alpha-2.
    /// @param roles Role names as right-padded ASCII, for instance "producer", "carrier", "auditor".
    event ParticipantRegistered(
        address indexed participant, string slug, string name, bytes2 country, bytes32[] roles, Evidence[] evidence
    );

    /// @notice The participant's standing changed: suspended, reinstated (active) or terminated.
    event ParticipantStatusChanged(
        address indexed participant,
        ParticipantStatus status,
        address indexed changedBy,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice The participant has these roles from now on.
    event RolesChanged(
        address indexed participant,
        bytes32[] roles,
        address indexed changedBy,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice The participant has another name. Its address and slug stay.
    event ParticipantRenamed(address indexed participant, string name, uint64 occurredAt, Evidence[] evidence);

    /// @notice The country of a participant (or, if it is not zero, of a facility) had been recorded wrongly.
    event CountryChanged(
        address indexed participant,
        FacilityId indexed facility,
        bytes2 country,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice What others call a participant or, if it is not zero, a facility of it. One of the same scheme takes the
    /// place of the one before.
    event Identified(
        address indexed participant,
        FacilityId indexed facility,
        Identifier[] identifiers,
        uint64 occurredAt,
        Evidence[] evidence
    );

    /// @notice `operator` may sign for `participant` from now on, by its own consent.
    /// @param addedBy The account that called.
    event OperatorAdded(address indexed participant, address indexed operator, address indexed addedBy);

    /// @notice `operator` may no longer sign for `participant`. It can never sign for anyone else.
    /// @param revokedBy The account that called.
    event OperatorRevoked(address indexed participant, address indexed operator, address indexed revokedBy);

    /// @notice All keys that the participant had were disabled at once, for ever.
    event OperatorsDisabled(
        address indexed participant, address indexed disabledBy, uint64 occurredAt, string reason, Evidence[] evidence
    );

    /// @notice A participant declared a facility of its own.
    /// @param kind Right-padded ASCII. "mine" and "recycler" are origin kinds; any other kind is an origin of untraced
    /// material only.
    /// @param located Whether the participant says where it is; if not, both coordinates are zero.
    /// @param latitude Micro-degrees, north positive (WGS 84).
    /// @param longitude Micro-degrees, east positive (WGS 84).
    event FacilityRegistered(
        FacilityId indexed facility,
        address indexed participant,
        string identifier,
        string name,
        bytes32 kind,
        bytes2 country,
        bool located,
        int32 latitude,
        int32 longitude,
        Evidence[] evidence
    );

    /// @notice The holder of a facility offers it to `to`; the zero address withdraws the offer.
    event FacilityOffered(
        FacilityId indexed facility, address indexed from, address indexed to, uint64 occurredAt, Evidence[] evidence
    );

    /// @notice The facility is `to`'s from now on. Its id stays, and so do findings about it; its approvals pause.
    event FacilityTransferred(
        FacilityId indexed facility, address indexed from, address indexed to, uint64 occurredAt, Evidence[] evidence
    );

    /// @notice The consortium agreed to the facility's change of hands: its approvals are in force again.
    event FacilityConfirmed(
        FacilityId indexed facility, address indexed participant, uint64 occurredAt, Evidence[] evidence
    );

    /// @notice A kind of material was defined.
    /// @param cas CAS registry number, or empty.
    /// @param substances The tracked substances that batches of it may hold, ascending.
    event MaterialDefined(
        MaterialId indexed material,
        string slug,
        string name,
        string cas,
        uint16[] substances,
        Terms terms,
        Evidence[] evidence
    );

    /// @notice From now on lots of the material may hold these substances, on these terms. Earlier lots hold none recorded
    /// of those that were added.
    event MaterialAmended(
        MaterialId indexed material,
        uint16[] substances,
        Terms terms,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice The consortium expects `material` from `facility`, up to `capacityPerYear` milligrams a calendar
    /// year of each of `origins`. Zero withdraws the approvals.
    /// @param origins Bit 0 mined, 1 post-consumer, 2 pre-consumer, 3 untraced: an approval of its own for each.
    /// @param from The first second at which material may come to be.
    /// @param until The last one.
    event OriginApproved(
        FacilityId indexed facility,
        MaterialId indexed material,
        uint8 origins,
        uint64 capacityPerYear,
        uint64 from,
        uint64 until,
        uint64 occurredAt,
        Evidence[] evidence
    );

    /// @notice An auditor permits one lot, which may not exist yet, to be outside its material's contents.
    /// @param participant Who makes the lot, under the identifier.
    /// @param permittedBy The auditor, or the consortium's account itself.
    event ContentPermitted(
        BatchId indexed batch,
        MaterialId indexed material,
        address indexed permittedBy,
        address participant,
        uint64 occurredAt,
        string identifier,
        string reason,
        Evidence[] evidence
    );

    /// @notice Nobody may act from now on, or everybody again who might before.
    event PauseChanged(bool paused, address indexed changedBy);

    /// @notice From now on `guard` is asked about who is watched; the zero address stands for none.
    event ActGuardChanged(IActGuard indexed guard);

    /// @notice `account` is no operator of any participant.
    error UnknownOperator(address account);

    /// @notice `operator` signed for `participant` once, but was revoked.
    error OperatorIsRevoked(address operator, address participant);

    /// @notice `operator` is or was a key of `participant`; a key belongs to one participant for ever.
    error OperatorAlreadyRegistered(address operator, address participant);

    /// @notice `operator` did not sign that it joins `participant` until `deadline`: somebody else's key, another
    /// participant, deadline, chain or registry, or a changed signature. A key joins by its own consent only (Rule 1).
    error NoConsent(address operator, address participant, uint64 deadline);

    /// @notice The consent held until `deadline`; the key signs a new one.
    error ConsentExpired(address operator, uint64 deadline);

    /// @notice `participant` has keys in force, so it needs no recovery: they add others themselves. Disable them first.
    error OperatorsInForce(address participant, uint256 count);

    /// @notice `operator` is not a key of `participant`, so it cannot be revoked there.
    error NotAnOperatorOf(address operator, address participant);

    /// @notice `operator` is the only key of `participant`; add another before revoking it.
    error LastOperator(address operator, address participant);

    /// @notice No participant has that address.
    error UnknownParticipant(address participant);

    /// @notice The address or the slug is taken.
    error ParticipantAlreadyExists(address participant, string slug);

    /// @notice The participant is suspended or terminated.
    error ParticipantNotActive(address participant, ParticipantStatus status);

    /// @notice The participant's standing does not allow that change (only suspended ones are reinstated,
    /// terminated ones stay so).
    error StatusChangeNotAllowed(address participant, ParticipantStatus from, ParticipantStatus to);

    /// @notice Emergency rights have paused the network: until they or the administrator resume it, nobody mints, ships,
    /// receives or transforms.
    error NetworkPaused();

    /// @notice The network is paused, or not, already.
    error PauseUnchanged(bool paused);

    /// @notice The participant has that role already, or does not have it, so that nothing would change.
    error RoleUnchanged(address participant, bytes32 role);

    /// @notice `caller` may not do this: it is not the act guard in force.
    error NotActGuard(address caller);

    /// @notice `caller` may not do this: it is neither an active auditor nor the consortium.
    error NotAuditorNorConsortium(address caller);

    /// @notice A slug is 1 to 64 characters of a-z, 0-9, '-', '_' and '.', the first a letter or digit.
    error InvalidSlug(string slug);

    /// @notice An identifier is 1 to 256 bytes, without ASCII control characters: it is shown on one line.
    error InvalidIdentifier(string identifier);

    /// @notice The participant has changed its name and identifiers 32,766 times: proofs of it would not end.
    error TooManyChanges(address participant);

    /// @notice Names and reasons have no ASCII control characters: they are shown on one line, and not obeyed.
    error ControlCharacter(string text);

    /// @notice Coordinates lie within 90 and 180 degrees; a facility that is not located has zeros.
    error InvalidLocation(bool located, int32 latitude, int32 longitude);

    /// @notice No facility has that id.
    error UnknownFacility(FacilityId facility);

    /// @notice The participant has a facility of that identifier already.
    error FacilityAlreadyExists(FacilityId facility);

    /// @notice `participant` does not hold `facility`; `belongsTo` does.
    error ForeignFacility(FacilityId facility, address participant, address belongsTo);

    /// @notice A facility that is offered goes to another participant than the one that holds it.
    error SameParticipant(FacilityId facility, address participant);

    /// @notice The facility is not offered to `participant`, so that it cannot accept it.
    error FacilityNotOffered(FacilityId facility, address participant);

    /// @notice The facility has changed hands, and the consortium has not confirmed it: until then its approvals pause.
    error ApprovalsPaused(FacilityId facility);

    /// @notice The facility has not changed hands since it was last confirmed, so that there is nothing to confirm.
    error FacilityNotSold(FacilityId facility);

    /// @notice The facility is neither a mine nor a recycler: only untraced material can come from it.
    error NotAnOrigin(FacilityId facility);

    /// @notice Mined material comes from mines only, recycled material from recyclers only.
    error OriginMismatch(FacilityId facility, OriginKind kind, Origin origin);

    /// @notice Approvals are of one to four origins: bits 0 to 3 of the mask.
    error InvalidOrigins(uint8 origins);

    /// @notice An approval does not end before it begins.
    error InvalidPeriod(uint64 from, uint64 until);

    /// @notice The consortium does not expect this material of this origin from this facility.
    error OriginNotApproved(FacilityId facility, MaterialId material, Origin origin);

    /// @notice The consortium expects this material of this origin from this facility at other times: from `from` until
    /// `until`, both included.
    error ApprovalNotInForce(
        FacilityId facility, MaterialId material, Origin origin, uint64 occurredAt, uint64 from, uint64 until
    );

    /// @notice Of that substance lots of the material hold `least` to `highest` basis points, and this one holds
    /// `content` (rounded down). Mend the figures, or have an auditor permit the lot.
    error ContentOutOfBounds(MaterialId material, uint16 substance, uint256 content, uint16 least, uint16 highest);

    /// @notice Nobody permits a lot of the participant for which it acts.
    error OwnLot(address participant);

    /// @notice No material has that id.
    error UnknownMaterial(MaterialId material);

    /// @notice A material of that slug is defined already, or of another one with the same id: choose another slug.
    error MaterialAlreadyExists(MaterialId material);

    /// @notice Substances are listed once each, by ascending number, from one up.
    error SubstancesNotAscending(uint16 substance);

    /// @notice A material tracks `limit` substances at most.
    error TooManySubstances(uint256 count, uint256 limit);

    /// @notice A material is waste or a product, not both: what nobody wants is not delivered.
    error WasteAndProduct();

    /// @notice A material that is waste, or a product, stays so, and another does not become so: lots that were made
    /// bear CO2e accordingly.
    error UseUnchangeable(MaterialId material);

    /// @notice A substance that the material tracks stays tracked: lots hold it.
    error SubstanceRemoved(MaterialId material, uint16 substance);

    /// @notice A tolerance is at most 10,000 basis points, which is all.
    error InvalidTolerance(uint16 mass, uint16 substances);

    /// @notice Contents are listed by ascending substance, each one that the material tracks, with a least one that is no
    /// more than the highest one, which is at most 10,000 basis points.
    error InvalidContent(uint16 substance, uint16 least, uint16 highest);

    /// @notice Admits a company. Restricted to the admission role.
    /// @param participant Address of its first operator key.
    /// @param deadline Until when the key's consent holds.
    /// @param consent Signature by which the key joins the participant of its own address.
    function registerParticipant(
        address participant,
        string calldata slug,
        string calldata name,
        bytes2 country,
        bytes32[] calldata roles,
        Evidence[] calldata evidence,
        uint64 deadline,
        bytes calldata consent
    ) external;

    /// @notice Stops an active participant from acting; it reports all the same. Restricted to the admission role.
    function suspendParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Lets a suspended participant act again. For auditors, and the consortium speaking as one.
    function reinstateParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Ends the relationship for good: its keys sign nothing any more. Restricted to the admission role.
    function terminateParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Gives a participant roles and takes others away. Restricted to the admission role.
    /// @dev Reverts `RoleUnchanged` for one that it has, or has not, already.
    function changeRoles(
        address participant,
        bytes32[] calldata granted,
        bytes32[] calldata revoked,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Corrects the country of a participant or, if it is not zero, of a facility of it. Restricted to the
    /// admission role.
    function changeCountry(
        address participant,
        FacilityId facility,
        bytes2 country,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Says what the participant for which the caller acts is called from now on. Not for terminated ones.
    function renameParticipant(string calldata name, uint64 occurredAt, Evidence[] calldata evidence) external;

    /// @notice Says what others call the participant for which the caller acts or, if it is not zero, a facility of it.
    function identify(
        FacilityId facility,
        Identifier[] calldata identifiers,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Adds a key to the participant for which the caller acts, whether or not that may act now.
    /// @param deadline Until when the key's consent holds.
    /// @param consent Signature by which `operator` joins.
    function addOperator(address operator, uint64 deadline, bytes calldata consent) external;

    /// @notice Revokes a key of the participant for which the caller acts, but never the last one.
    function revokeOperator(address operator) external;

    /// @notice Adds `added` and revokes `revoked` at once.
    function rotateOperator(address revoked, address added, uint64 deadline, bytes calldata consent) external;

    /// @notice Revokes a key of any participant, but never the last one. Restricted to the admission role.
    function revokeOperatorFor(address participant, address operator) external;

    /// @notice Disables all keys that a participant has, at once and for ever. Restricted to the admission role.
    function disableOperators(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Gives a participant without keys in force a new one. Restricted to the policy role, so that it is announced.
    /// @param consent Signature by which `operator` joins.
    function recoverOperator(address participant, address operator, uint64 deadline, bytes calldata consent) external;

    /// @notice Stops everybody from acting, as if suspended. Restricted to the emergency role.
    function pause() external;

    /// @notice Ends the pause. Restricted to the administrator: two emergency accounts at once (`Safeguard`), or announced.
    function resume() external;

    /// @notice Declares a facility of the participant for which the caller acts.
    /// @dev Refused, with the act guard's error, while a facility of that participant is blocked (Rule 1).
    /// @param located Whether `latitude` and `longitude` (micro-degrees) say where it is.
    function registerFacility(
        string calldata identifier,
        string calldata name,
        bytes32 kind,
        bytes2 country,
        bool located,
        int32 latitude,
        int32 longitude,
        Evidence[] calldata evidence
    ) external returns (FacilityId facility);

    /// @notice Offers a facility of the participant for which the caller acts to another one; to the zero address to
    /// nobody any more.
    function transferFacility(FacilityId facility, address to, uint64 occurredAt, Evidence[] calldata evidence) external;

    /// @notice Takes a facility over that is offered to the participant for which the caller acts.
    /// @dev The facility's id, watch and findings stay. Its approvals pause until the consortium confirms (Rule 11).
    function acceptFacility(FacilityId facility, uint64 occurredAt, Evidence[] calldata evidence) external;

    /// @notice Puts the approvals of a facility that changed hands in force again. Restricted to the origins role.
    function confirmFacility(FacilityId facility, uint64 occurredAt, Evidence[] calldata evidence) external;

    /// @notice Defines a material. Restricted to the origins role.
    /// @param substances Ascending, at most 15.
    function defineMaterial(
        string calldata slug,
        string calldata name,
        string calldata cas,
        uint16[] calldata substances,
        Terms calldata terms,
        Evidence[] calldata evidence
    ) external returns (MaterialId material);

    /// @notice Has a material track further substances, and changes its contents and tolerances. Restricted to the origins
    /// role.
    /// @param substances All from now on, ascending, at most 15; those before among them.
    /// @param terms All from now on; waste and product as before.
    function amendMaterial(
        MaterialId material,
        uint16[] calldata substances,
        Terms calldata terms,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Approves, changes or (zero) withdraws origins. Restricted to the origins role.
    /// @param origins Bit 0 mined (of a mine), 1 post-consumer and 2 pre-consumer (of a recycler), 3 untraced.
    /// @param capacityPerYear Milligrams a calendar year of each of them.
    /// @param from The first second; zero if open.
    /// @param until The last second; the largest number if open.
    function approveOrigin(
        FacilityId facility,
        MaterialId material,
        uint8 origins,
        uint64 capacityPerYear,
        uint64 from,
        uint64 until,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Permits one lot of a participant to be outside the contents of that material. For auditors, and the
    /// consortium speaking as one, but nobody for the participant for which it acts.
    /// @param identifier The lot's, under which the participant makes it.
    function permitContent(
        address participant,
        string calldata identifier,
        MaterialId material,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Sets the act guard; the zero address removes it. Restricted to the policy role.
    /// @dev Who is watched stays watched, and nobody else becomes so: a guard that takes over from another, or that
    /// knew of something before it was set, has to watch whom it may refuse.
    function setActGuard(IActGuard guard) external;

    /// @notice Says whether the act guard is asked about a participant at its every act. For the act guard only.
    /// @dev Reverts `NotActGuard` or `UnknownParticipant`. Kept beside the standing, which is read anyway: who is not
    /// watched pays nothing for there being a guard.
    function watchParticipant(address participant, bool watched) external;

    /// @notice Says whether the act guard is asked at every act at a facility. For the act guard only.
    /// @dev Reverts `NotActGuard` or `UnknownFacility`.
    function watchFacility(FacilityId facility, bool watched) external;

    /// @notice Whether the participant has that role.
    function hasRole(address participant, bytes32 role) external view returns (bool);

    /// @notice The roles of the participant.
    function rolesOf(address participant) external view returns (bytes32[] memory roles);

    /// @notice The participants in a role, whatever their standing.
    function participantsInRole(bytes32 role) external view returns (address[] memory participants);

    /// @notice Whether the act guard is asked about the participant.
    function isWatched(address participant) external view returns (bool);

    /// @notice Whether the act guard is asked about the facility.
    function isFacilityWatched(FacilityId facility) external view returns (bool);

    /// @notice Whose facility it is and which kind of origin it is; zero where there is none.
    function facilityOf(FacilityId facility) external view returns (address participant, OriginKind kind);

    /// @notice To whom the facility is offered, and whether its approvals are paused; zeros where there is none.
    function saleOf(FacilityId facility) external view returns (address offeredTo, bool approvalsPaused);

    /// @notice Milligrams a calendar year that the facility may mint of the material and origin, and when; zeros where
    /// there is no approval.
    function approvalOf(FacilityId facility, MaterialId material, Origin origin)
        external
        view
        returns (uint64 capacityPerYear, uint64 from, uint64 until);

    /// @notice In which material that lot may be outside the contents; zero for none.
    function permittedContentOf(BatchId batch) external view returns (MaterialId);

    /// @notice Whether nobody may act.
    function paused() external view returns (bool);

    /// @notice The act guard in force.
    function actGuard() external view returns (IActGuard);
}
