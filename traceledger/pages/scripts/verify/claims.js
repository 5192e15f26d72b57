// What follows from a lineage and the state: who may act (T5 to T7), and the claims (docs/proof-format.md, "claims").
"use strict";
(P => {
  const { refused, byText, sum, word, mapped, arrayed, STATES, SHARE, ONE, UNIT, total } = P;
  const { Steps, EMITTING, measures, tellsParts, mixOf, co2eOf, coefficientsOf, rounded, asShares, weighted, idText } = P;

  /** Whom and what a lineage names: addresses, facilities and materials (V2). */
  const concernedBy = (lineage, source) => {
    const nodes = [...lineage.nodes.values()], lives = nodes.filter(node => node.takeBack).map(node => node.takeBack.event);
    const facilities = new Set([...nodes, ...lives].map(each => each.facility).filter(each => each !== null));
    const replayed = [...lineage.told.values(), ...lineage.divided.values()];
    const people = new Set([...replayed.map(node => node.creator), ...lineage.events.flatMap(({ event }) => event.parties)]);
    for (const each of facilities) people.add((source.facilities.get(each) ?? refused("the registration of a facility is missing")).participant);
    const owner = P.ownerOf(lineage);
    if (owner) people.add(owner);
    const materials = new Set([...nodes, ...lives].map(each => each.material).filter(each => each !== null));
    for (const each of materials) if (!source.materials.has(each)) refused("the definition of a material is missing");
    for (const each of people) if (!source.participants.has(each)) refused(`the registration of participant ${each} is missing`);
    return { people: [...people].sort(), facilities: [...facilities].sort((one, two) => one < two ? -1 : 1) };
  };

  const RATINGS = ["country_risk", "category_risk"], SCORES = ["saq", "ssi", "audit", "renewable_electricity"];
  const suffices = (kind, bound, value) =>
    RATINGS.includes(kind) ? !bound || value <= bound : !SCORES.includes(kind) || (value !== 0n && value >= bound);
  const lackOf = (validities, requirement, time) => {
    const kind = new TextDecoder().decode(P.unhex("0x" + word(kindOf(requirement)))).replace(/\0+$/, ""), schemes = new Set();
    let lack = "assessment_missing";
    for (const validity of validities) {
      const scheme = validity >> 160n;
      if (BigInt.asUintN(64, validity) > time || schemes.has(scheme)) continue;
      schemes.add(scheme);
      if (untilOf(validity) < time) lack = lack === "assessment_missing" ? "assessment_expired" : lack;
      else if (suffices(kind, requirement >> 224n, BigInt.asUintN(32, validity >> 128n))) return "";
      else lack = "assessment_insufficient";
    }
    return lack;
  };
  const untilOf = validity => BigInt.asUintN(64, validity >> 64n);
  const kindOf = requirement => BigInt.asUintN(224, requirement) << 32n;

  /** Who may act, and what is questioned, by the contracts' words (T5, T6, T7); `registry` and `assurance` ask for one. */
  const standingsOf = (registry, assurance, guardian, { people, facilities }, batches, time) => {
    const held = registry(3n), address = `0x${word(held).slice(24)}`;
    const guard = BigInt(address) === 0n ? "none" : address === guardian ? "assurance" : "other";
    const subjectOf = id => {
      const found = assurance(mapped(7, id)), due = BigInt.asUintN(64, found);
      return { critical: Number(found >> 64n & 0xffffn), overdue: guard === "assurance" && due > 0n && due < time };
    };
    const listOf = (ask, slot) => Array.from({ length: Number(ask(slot)) }, (_, n) => ask(arrayed(slot, n)));
    const requirements = new Map(), states = new Map();
    const mandatoryFor = role => {
      if (!requirements.has(role)) requirements.set(role, listOf(assurance, mapped(3, role)));
      return requirements.get(role);
    };
    const kept = (person, kind) => {
      const slot = mapped(mapped(2, person), kind), found = [];
      for (let n = 0n; n < 16n; n++) {
        const validity = assurance(slot + n);
        if (!untilOf(validity)) break;
        found.push(validity);
      }
      return found;
    };
    for (const person of people) {
      const account = registry(mapped(4, person)), subject = subjectOf(person);
      const state = STANDINGS[Number(account >> 176n & 0xffn)] ?? refused(`${person} is no participant at the stated block`);
      let blocked = "";
      if (guard === "assurance" && account >> 184n & 0xffn) {
        const needed = new Set(listOf(registry, mapped(5, person)).flatMap(mandatoryFor));
        for (const each of needed) {
          const lack = lackOf(kept(person, kindOf(each)), each, time);
          blocked ||= lack;
        }
      }
      if (subject.overdue) blocked = "finding_overdue";
      if (!(account >> 192n & 0xffffn)) blocked = "keys_disabled";
      states.set(person, { state, blocked, critical: subject.critical, events: Number(account >> 240n & 0xffffn) });
    }
    const sites = new Map(facilities.map(each => [each, subjectOf(each)]));
    const questioned = new Map(batches.map(each => [each, Number(assurance(mapped(8, each)))]));
    return { guard, paused: (held >> 160n & 1n) === 1n, states, sites, questioned };
  };
  const STANDINGS = [undefined, "active", "suspended", "terminated"];

  const SYMBOLS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag "
    + "Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th "
    + "Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
  ).split(" ");
  const symbol = number => number === 1000 ? "mica" : SYMBOLS[number - 1] ?? `#${number}`;

  const MINTED = ["mined", "post_consumer", "pre_consumer", "untraced"];
  const upTo = (lineage, node, field) => {  // a split batch has its parent's
    while (node[field] === null) {
      const parent = lineage.nodes.get(node.parents[0]);
      if (!parent) return node.takeBack ? node.takeBack.event[field] : refused("the event that made a batch is missing");
      node = parent;
    }
    return node[field];
  };

  /** Whether a batch, or what it was split off, was taken back (Rule 9). */
  const cameBack = (lineage, node) => {
    while (node && !node.takeBack && node.facility === null) node = lineage.nodes.get(node.parents[0]);
    return Boolean(node?.takeBack);
  };

  /** The origins of one substance as they are listed (W14). */
  const originRows = (lineage, source, substance, origins, left) => {
    const known = origins.map(origin => {
      if (origin.end === "recycled") {
        const node = [...lineage.nodes.values()].find(each => each.at.event.transformation === origin.id);
        const { by, identifier, facility } = node.at.event;
        const used = node.parents.some(each => cameBack(lineage, lineage.nodes.get(each)));
        return { ...origin, name: source.full(by, identifier), kind: used ? "post_consumer" : "pre_consumer", facility, run: true };
      }
      const node = lineage.nodes.get(origin.id), { name } = node, run = false;
      if (origin.end === "minted") return { ...origin, name, kind: MINTED[node.at.event.origin], facility: node.facility, run };
      if (origin.end === "untraced") return { ...origin, name, kind: "untraced", facility: upTo(lineage, node, "facility"), run };
      return { ...origin, name, kind: "taken_back", facility: node.takeBack?.event.facility ?? upTo(lineage, node, "facility"), run };
    });
    known.sort((one, two) => byText(one.name, two.name) || byText(one.kind, two.kind) || one.run - two.run);
    const weights = known.map(each => [each, each.weight]), shares = asShares(weights), masses = rounded(weights, ONE, left);
    return known.map((each, n) => ({
      [each.run ? "transformation" : "batch"]: each.name, facility: source.facility(each.facility),
      country: each.kind === "untraced" ? "" : source.facilities.get(each.facility)?.country ?? "", origin: each.kind,
      substance: symbol(substance), share: Number(shares[n][1]), mass_mg: `${masses[n][1]}`,
    }));
  };
  const recycledContent = (substance, rows) => {
    const of = (kind, field) =>
      rows.filter(row => row.origin === kind && (!field || field in row)).reduce((all, row) => all + row.share, 0);
    const post_consumer = of("post_consumer"), pre_consumer = of("pre_consumer");
    return {
      substance: symbol(substance), post_consumer, pre_consumer, take_back: of("post_consumer", "transformation"),
      waste_of_runs: of("pre_consumer", "transformation"), minted: of("post_consumer", "batch") + of("pre_consumer", "batch"),
    };
  };

  const SCOPES = ["scope1", "scope2", "scope3"];
  const PROCESSES = ["mining", "recycling", "recycling", "untraced origin"];
  /** Names the place and the process of each record, and sums cells by them. */
  const placesOf = (lineage, source) => {
    const sites = new Map(), events = new Map(lineage.recorded.map(({ n, event }) => [n, event]));
    for (const [batch, node] of lineage.told) {
      sites.set(batch, node.facility === null ? sites.get(node.parents[0]) : source.facilities.get(node.facility));
    }
    const placeOf = n => {
      const { type, by, facility, origin, process, reason, batch } = events.get(n);
      if (type === "BatchMinted") return [source.facility(facility), PROCESSES[origin]];
      if (type === "Transformed") return [source.facility(facility), process];
      if (type === "ShipmentOffered") return [`${source.slug(by)} (transport)`, "transport"];
      const site = sites.get(batch), here = site?.participant === by;
      return [here ? source.facility(site.id) : `${source.slug(by)} (custody)`, reason || "custody"];
    };
    const listed = amounts => rounded([...amounts].sort(([one], [two]) => byText(one, two)), UNIT).map(([name, mg]) => ({ name, mg: `${mg}` }));
    return cells => {
      const places = new Map(), processes = new Map(), scopes = [0n, 0n, 0n];
      const put = (map, key, amount) => map.set(key, (map.get(key) ?? 0n) + amount);
      for (const [n, cell] of cells) {
        const [place, process] = placeOf(n), amount = sum(cell);
        if (!amount) continue;
        put(places, place, amount);
        put(processes, process, amount);
        cell.forEach((each, scope) => { scopes[scope] += each; });
      }
      const byScope = rounded(scopes.map((amount, n) => [SCOPES[n], amount]), UNIT).map(([name, mg]) => ({ name, mg: `${mg}` }));
      return { by_facility: listed(places), by_process: listed(processes), by_scope: byScope };
    };
  };

  const PARTS = ["biogenic_mg", "land_use_mg", "aviation_mg", "removals_mg"];
  const footprintOf = (lineage, source, node, { list: steps, confirmed }, coefficients) => {
    const found = co2eOf(steps, lineage.asked, node.own, node.inherited), breakdown = placesOf(lineage, source);
    const own = node.own + total(found.added), whole = own + node.inherited, primary = node.primary + found.added[3];
    const share = whole ? (2n * primary * SHARE + whole) / (2n * whole) : 0n;
    const recorded = new Map(lineage.recorded.filter(({ event }) => EMITTING.has(event.type)).map(({ n, event }) => [n, event.emissions]));
    const borne = n => coefficients?.records.get(n) ?? 0n;
    const latest = new Map(steps.filter(step => step.kind === "restated" && step.used).map(step => [step.of, step.emissions]));
    const parts = PARTS.map((_, place) =>
      coefficients ? weighted([...recorded].map(([n, emissions]) => [(latest.get(n) ?? emissions)[4 + place], borne(n)])) : 0n);
    const changed = [...latest].filter(([n]) => borne(n) || sum(found.cells.get(n) ?? []));
    const answer = {
      own_mg: `${own}`, inherited_mg: `${node.inherited}`, total_mg: `${whole}`, primary_mg: `${primary}`,
      primary_share: Number(share > SHARE ? SHARE : share), ...breakdown(found.cells),
      parts: Object.fromEntries(PARTS.map((name, n) => [name, `${parts[n]}`])),
    };
    if (coefficients && changed.length) {  // W12
      const cells = new Map(found.cells);
      for (const [n, emissions] of changed) cells.set(n, SCOPES.map((_, scope) => emissions[scope] * borne(n) / (ONE / UNIT)));
      const rows = breakdown(cells);
      answer.restated = {
        total_mg: `${sum(rows.by_scope.map(each => BigInt(each.mg)))}`,
        primary_mg: `${primary + weighted(changed.map(([n, emissions]) => [emissions[3] - recorded.get(n)[3], borne(n)]))}`,
        ...rows, records: changed.length, confirmed: changed.every(([n]) => confirmed.has(n)),
      };
    }
    return answer;
  };

  /** The claims that follow (R13). */
  const claimsOf = (lineage, source, { people }, standing) => {
    const { asked, nodes } = lineage, node = nodes.get(asked), left = P.remainderOf(node), marks = P.marksOf(node.later);
    const walked = new Steps(lineage), steps = walked.list;
    const asks = steps.some(step => step.kind === "restated" || step.kind === "remeasured") || lineage.recorded.some(({ event }) => tellsParts(event));
    const coefficients = asks ? coefficientsOf(steps, asked) : null, booked = coefficients?.booked.toReversed() ?? [];
    const raised = steps.flatMap(step => step.kind === "remeasured" ? step.lots.filter(lot => lot.batch === asked).flatMap(lot => [...lot.raised]) : []);
    const numbers = [...new Set([...[...node.substances].filter(([, mg]) => mg).map(([each]) => each), ...raised])].sort((one, two) => one - two);
    const mixes = new Map(numbers.map(each => [each, mixOf(steps, asked, each)]));
    const origins = new Map(numbers.map(each =>
      [each, originRows(lineage, source, each, mixes.get(each).origins, left.substances.get(each) ?? 0n)]));
    const masses = of => numbers.map(each => ({ substance: symbol(each), mg: `${of(each)}` }));
    const used = lineage.recorded.some(({ event }) => measures(event)) ? walked.of(asked).used : new Map();
    const undone = P.undoneAmong(lineage.events), { custodian } = left.custody;
    const byName = (one, two) => byText(one.name, two.name);
    const named = [...nodes.values()].map(each => ({ name: each.name, marks: P.marksOf(each.later), findings: standing.questioned.get(each.batch) }));
    named.sort(byName);
    const sites = [...standing.sites].filter(([, site]) => site.critical).map(([id, site]) => ({ name: source.facility(id), ...site })).sort(byName);
    return {
      batch: node.name, material: source.materials.get(upTo(lineage, node, "material"))?.slug ?? idText(upTo(lineage, node, "material")),
      custodian: source.slug(custodian), owner: source.slug(P.ownerOf(lineage) ?? custodian),
      ...(node.takeBack ? { taken_back_by: source.slug(node.takeBack.event.by) } : {}),
      state: lineage.reversedBy ? "reversed" : STATES[left.custody.state], ...marks, tainted: [...nodes.values()].some(each => each.inError),
      mass_mg: `${left.mass}`, substances_mg: masses(each => left.substances.get(each) ?? 0n),
      made_mass_mg: `${node.mass}`, made_substances_mg: masses(each => node.substances.get(each) ?? 0n),
      co2e: footprintOf(lineage, source, node, walked, coefficients),
      origins: numbers.flatMap(each => origins.get(each)), recycled_content: numbers.map(each => recycledContent(each, origins.get(each))),
      booked_mass_mg: `${weighted(booked.map(([lot, part]) => [lot.bookedMass, part]))}`,
      booked_mg: masses(each => weighted(booked.map(([lot, part]) => [lot.booked.get(each) ?? 0n, part]))),
      ...(lineage.stops ? {} : {
        tolerance_used_mass_bp: `${used.get(0) ?? 0n}`,
        tolerance_used_bp: numbers.map(each => ({ substance: symbol(each), bp: `${used.get(each) ?? 0n}` })),
      }),
      traced_share: numbers.map(each => {
        const [traced, untraced, declared, confirmed] = asShares(mixes.get(each).parts.map(part => [0, part])).map(([, part]) => Number(part));
        return { substance: symbol(each), traced, untraced, declared, confirmed };
      }),
      participants: people.map(each => source.participants.get(each)).sort((one, two) => byText(one.slug, two.slug)).map(each => ({
        participant: each.slug, name: each.name, country: each.country, identifiers: each.identifiers, state: standing.states.get(each.address).state,
        blocked: standing.states.get(each.address).blocked, critical_findings: standing.states.get(each.address).critical,
      })),
      act_guard: standing.guard, paused: standing.paused,
      facilities_in_question: sites.map(({ name, critical, overdue }) => ({ facility: name, critical_findings: critical, overdue })),
      lots_in_question: named.filter(each => each.findings).map(each => ({ batch: each.name, findings: each.findings })),
      marked: named.filter(each => Object.values(each.marks).some(mark => mark)).map(each => ({ batch: each.name, ...each.marks })),
      batches: nodes.size, events: lineage.events.length - undone.events, reversed: undone.operations,
      created: { block: Number(node.at.block), time: Number(node.at.time) },
    };
  };

  Object.assign(P, { concernedBy, standingsOf, claimsOf });
})(globalThis.TraceLedgerProof ??= {});
