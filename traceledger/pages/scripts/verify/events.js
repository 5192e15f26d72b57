// The contracts' events, and their canonical ABI encoding (R11). Emissions are eight amounts in mg CO2e: scopes 1 to 3,
// primary, biogenic, land use, aviation, removals. Ids and amounts are BigInt, addresses and hashes hexadecimal text.
"use strict";
(P => {
  const { refused, hex, number, keccak, utf8 } = P;
  const WORD = 32;
  const broken = () => refused("an event's data is malformed");

  const at = (data, place) => place + WORD > data.length ? broken() : data.subarray(place, place + WORD);
  const static_ = (name, read) => ({ name, size: WORD, dynamic: false, read: (data, place) => [read(at(data, place)), place + WORD] });
  const uint = (bits, of = x => x, name = `uint${bits}`) => static_(name, found => {
    const value = number(found);
    return value >> BigInt(bits) ? broken() : of(value);
  });
  const below = (most, least = 0) => uint(8, value => value < least || value > most ? broken() : Number(value));
  const text = bytes => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    try {
      return decoder.decode(bytes);
    } catch {  // a contract takes any bytes: those that are not UTF-8 are shown, or one text could make a file unreadable
      let shown = "";
      for (let n = 0; n < bytes.length;) {
        const size = bytes[n] < 0x80 ? 1 : bytes[n] < 0xe0 ? 2 : bytes[n] < 0xf0 ? 3 : 4;
        try {
          shown += decoder.decode(bytes.subarray(n, n + size));
          n += size;
        } catch {
          shown += `\\x${hex(bytes.subarray(n, n + 1)).slice(2)}`;
          n++;
        }
      }
      return shown;
    }
  };
  const label = size => static_(`bytes${size}`, found => {
    if (found.subarray(size).some(each => each)) broken();
    return text(found.subarray(0, found.findLastIndex(each => each) + 1));
  });
  const all = (codecs, data, base) => {
    let place = base, tail = base + codecs.reduce((sum, codec) => sum + codec.size, 0);
    if (tail > data.length) broken();
    const values = codecs.map(codec => {
      let value;
      if (codec.dynamic) {
        if (BigInt(base) + number(at(data, place)) !== BigInt(tail)) broken();
        [value, tail] = codec.read(data, tail);
        place += WORD;
      } else {
        [value, place] = codec.read(data, place);
      }
      return value;
    });
    return [values, tail];
  };
  const struct = (fields, make = x => x) => {
    const names = Object.keys(fields), codecs = Object.values(fields), dynamic = codecs.some(codec => codec.dynamic);
    return {
      name: `(${codecs.map(codec => codec.name)})`, size: dynamic ? WORD : codecs.reduce((sum, codec) => sum + codec.size, 0), dynamic,
      read(data, place) {
        const [values, end] = all(codecs, data, place);
        return [make(Object.fromEntries(names.map((name, n) => [name, values[n]]))), end];
      },
    };
  };
  const list = (item, make = x => x) => ({
    name: `${item.name}[]`, size: WORD, dynamic: true,
    read(data, place) {
      const length = number(at(data, place)), start = place + WORD;
      if (length * BigInt(item.size) > BigInt(data.length - start)) broken();
      const [values, end] = all(Array(Number(length)).fill(item), data, start);
      return [make(values), end];
    },
  });

  const Id = uint(256), Mg = uint(64), Seconds = Mg;
  const Flag = uint(1, Boolean, "bool"), Small = uint(16, Number), Address = static_("address", found =>
    found.subarray(0, 12).some(each => each) ? broken() : hex(found.subarray(12)));
  const Hash = static_("bytes32", hex), Label = label(32), Country = label(2);
  const Text = {
    name: "string", size: WORD, dynamic: true,
    read(data, place) {
      const length = number(at(data, place)), start = place + WORD;
      if (length > data.length - start) broken();
      const stop = start + Number(length), end = start + Math.ceil(Number(length) / WORD) * WORD;
      if (end > data.length || data.subarray(stop, end).some(each => each)) broken();
      return [text(data.subarray(start, stop)), end];
    },
  };
  const masses = pairs => {
    const found = new Map(pairs.map(each => [each.number, each.mg]));
    return found.size === pairs.length ? found : broken();
  };
  const Masses = list(struct({ number: Small, mg: Mg }), masses);
  const lanes = value => [0n, 64n, 128n, 192n].map(bits => BigInt.asUintN(64, value >> bits));
  const Emissions = struct({ amounts: Id, parts: Id }, ({ amounts, parts }) => [...lanes(amounts), ...lanes(parts)]);
  const evidence = list(struct({ sha256: Hash, uri: Text }));
  const substance = { number: Small, least: Small, highest: Small };
  const Terms = struct({ waste: Flag, product: Flag, mass: Small, substances: Small, contents: list(struct(substance)) });
  const parts = { batch: Id, mass: Mg, own: Mg, inherited: Mg, primary: Mg, substances: Masses };
  const Taken = struct(parts), Ids = list(Id);
  const Micro = static_("int32", found => BigInt.asIntN(256, number(found)));

  const indexed = codec => ({ ...codec, indexed: true });
  const ID = indexed(Id), BY = indexed(Address);
  const described = { reason: Text, evidence }, reversed = { at: Seconds, reason: Text, tag: Hash, evidence };
  const answered = { shipment: ID, by: BY, at: Seconds };
  // The field `by` is who acted; `parties`, `concerns` and `makes` are what an event says of itself (V2, R15).
  const named = event => [[event.batch, "named"]], namedAll = event => event.batches.map(each => [each, "named"]);
  const lots = event => event.batches.map(each => [each.batch, "named"]);
  const actor = event => [event.by], nobody = () => [];
  const split = event => event.children.map(({ identifier, taken }) =>
    ({ ...taken, identifier, taken: new Map([[event.parent, taken.mass]]), material: null, facility: null, waste: false }));
  const minted = event => [{
    ...event, taken: new Map(), own: total(event.emissions), inherited: 0n, primary: event.emissions[3], waste: false,
  }];
  const made = event => {
    const taken = new Map();
    event.inputs.forEach(each => taken.set(each.batch, (taken.get(each.batch) ?? 0n) + each.mass));
    return event.outputs.map(each => ({ ...each, taken, facility: event.facility }));
  };
  const total = emissions => emissions[0] + emissions[1] + emissions[2];

  const LEDGER = {
    BatchMinted: [
      { batch: ID, by: BY, facility: ID, material: Id, origin: below(3), mass: Mg, pieces: Mg, off: Flag, at: Seconds, emissions: Emissions,
        substances: Masses, identifier: Text, evidence },
      actor, event => [[event.batch, "made"]], minted],
    BatchSplit: [
      { parent: ID, by: BY, at: Seconds, children: list(struct({ identifier: Text, taken: Taken })), evidence },
      actor, event => [[event.parent, "taken"], ...event.children.map(each => [each.taken.batch, "made"])], split],
    Transformed: [
      { transformation: ID, by: BY, facility: ID, at: Seconds, recycling: Flag, allocation: below(1), emissions: Emissions,
        inputs: list(Taken), outputs: list(struct({
          batch: Id, material: Id, mass: Mg, pieces: Mg, weight: Mg, waste: Flag, off: Flag, own: Mg, inherited: Mg, primary: Mg,
          substances: Masses, identifier: Text })),
        losses: Masses, identifier: Text, process: Text, evidence },
      actor, event => [...event.inputs.map(each => [each.batch, "taken"]), ...event.outputs.map(each => [each.batch, "made"])], made],
    ShipmentOffered: [
      { shipment: ID, by: BY, receiver: BY, owner: Address, returnOf: Id, at: Seconds, emissions: Emissions,
        batches: list(struct({ batch: Id, mass: Mg, own: Mg })), identifier: Text, evidence },
      event => [event.by, event.receiver], lots],
    ShipmentReceived: [
      { ...answered, batches: list(struct({ batch: Id, mass: Mg, difference: below(3), substances: Masses })), tag: Hash, evidence },
      actor, lots],
    ShipmentRejected: [{ ...answered, reason: Text, batches: Ids, tag: Hash, evidence }, actor, namedAll],
    ShipmentCancelled: [{ ...answered, reason: Text, batches: Ids, tag: Hash, evidence }, actor, namedAll],
    EmissionsAdded: [
      { batch: ID, by: BY, at: Seconds, emissions: Emissions, own: Mg, record: Text, reason: Text, evidence }, actor, named],
    BatchRetired: [{ batch: ID, by: BY, how: below(2), at: Seconds, ...described }, actor, named],
    BatchTakenBack: [
      { batch: ID, by: BY, facility: ID, material: Id, at: Seconds, mass: Mg, own: Mg, inherited: Mg, primary: Mg, evidence }, actor, named],
    ErrorDeclared: [
      { batch: ID, by: BY, byAuditor: Flag, freezes: Flag, why: below(1), at: Seconds, corrective: Ids, evidence }, nobody, named],
    BatchRemeasured: [
      { batch: ID, custodian: BY, by: BY, byAuditor: Flag, at: Seconds, mass: Mg, substances: Masses, ...described },
      event => [event.custodian], named],
    EmissionsRestated: [
      { record: ID, by: BY, kind: below(3), counts: Flag, at: Seconds, emissions: Emissions, batches: Ids, ...described }, nobody, namedAll],
    RestatementConfirmed: [
      { record: ID, by: BY, kind: below(3), at: Seconds, emissions: Emissions, batches: Ids, evidence }, nobody, namedAll],
    BatchHeld: [{ batch: ID, by: BY, kind: below(2), at: Seconds, ...described }, nobody, named],
    BatchReleased: [{ batch: ID, by: BY, kind: below(2), at: Seconds, ...described }, nobody, named],
    TitleTransferred: [{ batch: ID, by: BY, newOwner: BY, at: Seconds, evidence }, event => [event.by, event.newOwner], named],
    StockAssigned: [
      { batch: ID, old: BY, custodian: BY, at: Seconds, ...described }, event => [event.old, event.custodian], named],
    MintReversed: [{ batch: ID, by: BY, ...reversed }, nobody, named],
    SplitReversed: [
      { batch: ID, parent: ID, by: BY, at: Seconds, putBack: Taken, reason: Text, tag: Hash, evidence },
      nobody, event => [[event.parent, "given back"], [event.batch, "named"]]],
    TransformationReversed: [
      { transformation: ID, by: BY, at: Seconds, inputs: list(Taken), outputs: Ids, reason: Text, tag: Hash, evidence },
      nobody, event => [...event.inputs.map(each => [each.batch, "given back"]), ...event.outputs.map(each => [each, "named"])]],
    ReceiptReversed: [
      { shipment: ID, by: BY, at: Seconds, batches: Ids, reason: Text, tag: Hash, evidence }, nobody, namedAll],
    RetirementReversed: [{ batch: ID, by: BY, ...reversed }, nobody, named],
    TakeBackReversed: [{ batch: ID, by: BY, ...reversed }, nobody, named],
    ErrorReversed: [{ batch: ID, by: BY, byAuditor: Flag, ...reversed }, nobody, named],
  };
  const REGISTRY = {
    ParticipantRegistered: { participant: BY, slug: Text, name: Text, country: Country, roles: list(Label), evidence },
    ParticipantStatusChanged: { participant: BY, state: below(3, 1), by: BY, at: Seconds, ...described },
    RolesChanged: { participant: BY, roles: list(Label), by: BY, at: Seconds, ...described },
    ParticipantRenamed: { participant: BY, name: Text, at: Seconds, evidence },
    CountryChanged: { participant: BY, facility: ID, country: Country, at: Seconds, ...described },
    Identified: { participant: BY, facility: ID, identifiers: list(struct({ scheme: Label, value: Text })), at: Seconds, evidence },
    OperatorAdded: { participant: BY, operator: BY, by: BY },
    OperatorRevoked: { participant: BY, operator: BY, by: BY },
    OperatorsDisabled: { participant: BY, by: BY, at: Seconds, ...described },
    FacilityRegistered: {
      facility: ID, participant: BY, identifier: Text, name: Text, kind: Label, country: Country, located: Flag, latitude: Micro,
      longitude: Micro, evidence },
    FacilityOffered: { facility: ID, holder: BY, to: BY, at: Seconds, evidence },
    FacilityTransferred: { facility: ID, holder: BY, to: BY, at: Seconds, evidence },
    FacilityConfirmed: { facility: ID, participant: BY, at: Seconds, evidence },
    MaterialDefined: { material: ID, slug: Text, name: Text, cas: Text, substances: list(Small), terms: Terms, evidence },
    MaterialAmended: { material: ID, substances: list(Small), terms: Terms, at: Seconds, ...described },
    OriginApproved: {
      facility: ID, material: ID, origins: uint(8), capacity: Mg, from: Seconds, until: Seconds, at: Seconds, evidence },
    ContentPermitted: { batch: ID, material: ID, by: BY, participant: Address, at: Seconds, identifier: Text, ...described },
    PauseChanged: { paused: Flag, by: BY },
    ActGuardChanged: { guard: BY },
  };

  const signature = (name, fields) => `${name}(${Object.values(fields).map(codec => codec.name)})`;
  const byTopic = events => new Map(Object.entries(events).map(([type, [fields, parties, concerns, makes]]) =>
    [keccak(utf8(signature(type, fields))), { type, fields: Object.entries(fields), parties, concerns, makes: makes ?? nobody }]));
  const TOPICS = {
    ledger: byTopic(LEDGER),
    registry: byTopic(Object.fromEntries(Object.entries(REGISTRY).map(([type, fields]) => [type, [fields]]))),
  };

  /** The event of a contract ("ledger", "registry") in a log; null where it is none of those that count (R10). */
  const eventOf = (contract, topics, data) => {
    const found = topics.length ? TOPICS[contract].get(hex(topics[0])) : null;
    if (!found) return null;
    const event = { type: found.type }, plain = found.fields.filter(([, codec]) => !codec.indexed);
    const keys = found.fields.filter(([, codec]) => codec.indexed);
    if (topics.length !== keys.length + 1) broken();
    keys.forEach(([name, codec], n) => { [event[name]] = codec.read(topics[n + 1], 0); });
    const [values, end] = all(plain.map(([, codec]) => codec), data, 0);
    if (end !== data.length) broken();
    plain.forEach(([name], n) => { event[name] = values[n]; });
    if (contract === "ledger") {
      Object.assign(event, { parties: found.parties(event), concerns: found.concerns(event) });
      event.makes = found.makes(event).map(({ batch, identifier, taken, material, facility, mass, own, inherited, primary, substances, waste }) =>
        ({ batch, identifier, taken, material, facility, mass, own, inherited, primary, substances, waste, creator: event.by }));
    }
    return event;
  };

  const topics = contract => [...TOPICS[contract].keys()];

  Object.assign(P, { eventOf, topics, total });
})(globalThis.TraceLedgerProof ??= {});
