// The walk: origin shares, CO2e by record, coefficients, and rounding that keeps sums (docs/proof-format.md, W1 to W14).
"use strict";
(P => {
  const { refused, sum, allocate, total } = P;
  const ONE = 1n << 128n, UNIT = 1n << 64n, SHARE = 10n ** 15n;
  const add = (map, key, amount) => map.set(key, (map.get(key) ?? 0n) + amount);
  const apart = (map, key) => {
    const found = map.get(key) ?? 0n;
    map.delete(key);
    return found;
  };
  const divide = (amount, weights) => {
    const whole = sum(weights);
    if (!whole && !amount) return weights.map(() => 0n);
    if (whole <= 0n || weights.some(each => each < 0n)) refused("the CO2e that the events state does not add up");  // W2
    return allocate(amount, weights);
  };

  const errorsIn = steps => {
    const found = new Map();
    for (const step of steps) if (step.kind === "inError") found.set(step.batch, found.get(step.batch) || step.confirmed);
    return found;
  };

  /** Where the weight of a substance ends, by kind and id: Map of "kind id" to { end, id, weight } (W4 to W8). */
  const originsOf = (steps, asked, substance, errors, throughRuns) => {
    const weights = new Map(), ended = new Map(), passed = new Set();
    const end = (kind, id, weight) => {
      const key = `${kind} ${id}`;
      ended.set(key, { end: kind, id, weight: weight + (ended.get(key)?.weight ?? 0n) });
    };
    const arrive = (batch, weight) => errors.has(batch) ? end("in error", batch, weight) : add(weights, batch, weight);
    const endAt = (kind, batch) => weights.has(batch) && end(kind, batch, apart(weights, batch));
    const undo = {
      minted: step => endAt(step.untraced ? "untraced" : "minted", step.batch),
      split: step => step.children.forEach(({ batch }) => weights.has(batch) && arrive(step.parent, apart(weights, batch))),
      remeasured: step => step.lots.forEach(lot => lot.raised.has(substance) && endAt("untraced", lot.batch)),
      takenBack: step => step.batch !== asked && !passed.has(step.n) && endAt("taken back", step.batch),  // W5
      reversed: step => passed.add(step.of),
      run(step) {
        const reached = step.outputs.map(each => each.batch).filter(each => weights.has(each));
        if (!reached.length) return;
        const masses = step.inputs.map(each => each.substances.get(substance) ?? 0n);
        if (!masses.some(each => each)) {
          reached.forEach(each => endAt("untraced", each));
          return;
        }
        const weight = sum(reached.map(each => apart(weights, each)));  // W3
        if (step.recycling && !throughRuns) {
          end("recycled", step.run, weight);  // W6
          return;
        }
        allocate(weight, masses).forEach((part, n) => masses[n] && arrive(step.inputs[n].batch, part));  // W7
      },
    };
    arrive(asked, ONE);
    for (const step of steps.toReversed()) undo[step.kind]?.(step);  // W1
    if (weights.size) refused("the event that made a batch is missing");
    return ended;
  };

  /** The mix of a substance: its origins, and the four parts of W8 in their order. */
  const mixOf = (steps, asked, substance) => {
    const origins = [...originsOf(steps, asked, substance, new Map(), false).values()], errors = errorsIn(steps);
    if (sum(origins.map(each => each.weight)) !== ONE) refused("not all of a substance has an origin");
    const parts = [0n, 0n, 0n, 0n];
    for (const { end, id, weight } of originsOf(steps, asked, substance, errors, true).values()) {
      parts[end === "untraced" ? 1 : end !== "in error" ? 0 : errors.get(id) ? 3 : 2] += weight;
    }
    return { origins, parts };
  };

  /** CO2e of a batch by record and scope, in units of 2^-64 mg, and what was added to it since its making (W9 to W11). */
  const co2eOf = (steps, asked, ownMade, inheritedMade) => {
    const own = new Map([[asked, ownMade * UNIT]]), inherited = new Map([[asked, inheritedMade * UNIT]]);
    const aside = new Map(), cells = new Map(), added = [0n, 0n, 0n, 0n], whole = new Set([asked]);
    for (const step of steps.toReversed()) {
      if (step.kind === "reversed") step.entries.forEach(each => each.child !== null && whole.has(each.batch) && whole.add(each.child));
    }
    const give = (n, parts) => {
      const cell = cells.get(n) ?? [0n, 0n, 0n];
      cells.set(n, cell.map((amount, scope) => amount + parts[scope]));
    };
    const put = (pool, batch, amount) => amount && add(pool, batch, amount);
    const emitted = (n, batch, emissions) => {
      const amount = apart(own, batch);
      if (amount) give(n, divide(amount, emissions.slice(0, 3)));
    };
    const partBack = (pool, batch, back, after) => {
      const amount = apart(pool, batch);
      if (!amount) return 0n;
      const [part, rest] = divide(amount, [back, after - back]);
      put(pool, batch, rest);
      return part;
    };
    const undo = {  // W10
      minted: step => emitted(step.n, step.batch, step.emissions),
      split: step => [own, inherited].forEach(pool => step.children.forEach(({ batch }) => put(pool, step.parent, apart(pool, batch)))),
      run(step) {
        let amount = 0n;
        for (const { batch, emissions } of step.outputs) {
          emitted(step.n, batch, emissions);
          amount += apart(inherited, batch);
        }
        if (!amount) return;
        divide(amount, step.inputs.flatMap(each => [each.own, each.inherited])).forEach((part, n) =>
          put(n % 2 ? inherited : own, step.inputs[n >> 1].batch, part));
      },
      added(step) {
        for (const { batch, emissions, after } of step.entries.toReversed()) {
          const parts = emissions.slice(0, 3);
          if (whole.has(batch)) {
            give(step.n, parts.map(each => each * UNIT));
            added.forEach((_, n) => { added[n] += emissions[n]; });
            continue;
          }
          const amount = apart(own, batch);
          if (!amount) continue;
          const [before, ...given] = divide(amount, [after - total(emissions), ...parts]);
          give(step.n, given);
          put(own, batch, before);
        }
      },
      reversed(step) {
        for (const entry of step.entries.toReversed().filter(each => !whole.has(each.batch))) {
          const backs = [partBack(own, entry.batch, entry.own, entry.ownAfter),
            partBack(inherited, entry.batch, entry.inherited, entry.inheritedAfter)];
          if (entry.child !== null) {
            put(own, entry.child, backs[0]);
            put(inherited, entry.child, backs[1]);
          } else aside.set(step.of, [...(aside.get(step.of) ?? []), [entry.batch, ...backs]]);
        }
      },
      takenBack({ batch }) {
        if (!whole.has(batch) && (own.has(batch) || inherited.has(batch))) refused("the CO2e of a product that was taken back does not add up");
      },
    };
    for (const step of steps.toReversed()) {
      undo[step.kind]?.(step);
      for (const [batch, ...backs] of aside.get(step.n) ?? []) [own, inherited].forEach((pool, n) => put(pool, batch, backs[n]));
      aside.delete(step.n);
    }
    const given = sum([...cells.values()].map(sum));
    if (given !== (ownMade + inheritedMade + total(added)) * UNIT) refused("the CO2e does not add up");
    return { cells, added };
  };

  /** Which part of 2^128 of each record a batch bears, and of each lot that was measured again (W12). */
  const coefficientsOf = (steps, asked) => {
    const parts = new Map([[asked, ONE]]), aside = new Map(), records = new Map(), booked = [];
    const of = batch => parts.get(batch) ?? 0n;
    const mean = entries => {
      const whole = sum(entries.map(each => each.weight));
      return whole ? sum(entries.map(each => of(each.batch) * each.weight)) / whole : 0n;
    };
    const join = (batch, part, { mass, before }) => {
      const held = of(batch);
      if (batch === asked || !(part || held)) return;
      if (mass <= 0n || mass > before) refused("more was taken of a batch than it weighed");
      parts.set(batch, (held * (before - mass) + part * mass) / before);
    };
    const undo = {
      minted: step => records.set(step.n, of(step.batch)),
      remeasured: step => step.lots.toReversed().forEach(lot => booked.push([lot, of(lot.batch)])),
      added: step => records.set(step.n, mean(step.entries)),
      split: step => step.children.toReversed().forEach(child => join(step.parent, of(child.batch), child)),
      run(step) {
        const part = mean(step.outputs), back = aside.get(step.n);
        aside.delete(step.n);
        records.set(step.n, part);
        for (let n = step.inputs.length - 1; n >= 0; n--) join(step.inputs[n].batch, back ? back[n] : part, step.inputs[n]);
      },
      takenBack(step) {
        if (step.batch !== asked) parts.set(step.batch, aside.get(step.n)?.[0] ?? 0n);
        if (step.batch !== asked) aside.delete(step.n);
      },
      reversed(step) {
        const back = [];
        for (const { batch, child } of step.entries) {
          if (child === null) back.push(of(batch));
          else parts.set(child, of(batch));
        }
        if (back.length) aside.set(step.of, back);
      },
    };
    for (const step of steps.toReversed()) undo[step.kind]?.(step);
    return { records, booked };
  };

  const floor = (amount, by) => amount >= 0n ? amount / by : -((-amount + by - 1n) / by);
  /** Rows of [key, amount] times `times` over `whole`, rounded so that they sum to the rounded sum (W13). */
  const rounded = (rows, whole, times = 1n) => {
    let running = 0n, before = 0n;
    return rows.map(([key, amount]) => {
      running += amount;
      const upto = floor(2n * running * times + whole, 2n * whole), part = upto - before;
      before = upto;
      return [key, part];
    });
  };
  const asShares = rows => rounded(rows, ONE, SHARE);  // W14
  /** The sum of [amount, coefficient], amounts signed, rounded once (W13). */
  const weighted = pairs => floor(2n * sum(pairs.map(([amount, part]) => amount * part)) + ONE, 2n * ONE);

  Object.assign(P, { ONE, UNIT, SHARE, mixOf, co2eOf, coefficientsOf, rounded, asShares, weighted });
})(globalThis.TraceLedgerProof ??= {});
