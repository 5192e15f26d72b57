// The check in a page: docs/proofs.md, "In the page". Only text is ever put into the page, never markup.
"use strict";
(P => {
  const SHARE = 1e15;

  /** Text of others, seen as it is: what acts on its surroundings, or nobody sees, is written as an escape. */
  const shown = text => String(text).slice(0, 200)
    .replace(/[\p{C}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu, each => `\\u{${each.codePointAt(0).toString(16)}}`)
    .replace(/(\p{M}{6})\p{M}+/gu, "$1…");

  /** What a path such as `traced_share.Co.traced` leads to in claims; lists are entered by substance or name. */
  const claimAt = (claims, path) => path.split(".").reduce((found, step) => {
    if (Array.isArray(found)) return found.find(each => each.substance === step || each.name === step);
    return found !== null && typeof found === "object" && Object.hasOwn(found, step) ? found[step] : undefined;
  }, claims);

  /** What is wrong at the stated block, gravest first: [word, names]. As `proof verify` says it. */
  const faultsOf = claims => {
    const found = [], others = claims.marked.filter(each => each.batch !== claims.batch);
    const note = (word, names) => (names === true || names.length) && found.push([word, names === true ? [] : names]);
    const names = (list, name, test) => list.filter(test).map(each => each[name]);
    note("reversed", claims.state === "reversed");
    note("tainted", claims.tainted);
    note("frozen", claims.frozen);
    note("disputed", claims.disputed);
    note("on hold", claims.held);
    note("on hold upstream", names(others, "batch", each => each.held));
    note("recalled", claims.recalled);
    note("recalled upstream", names(others, "batch", each => each.recalled));
    for (const state of ["suspended", "terminated"]) note(state, names(claims.participants, "participant", each => each.state === state));
    note("blocked", names(claims.participants, "participant", each => each.state === "active" && each.blocked));
    note("blocked", names(claims.facilities_in_question, "facility", each => each.overdue));
    note("paused", claims.paused);
    note("open finding", names(claims.participants, "participant", each => each.critical_findings));
    note("open finding", names(claims.facilities_in_question, "facility", each => each.critical_findings));
    note("open finding", names(claims.lots_in_question, "batch", each => each.findings));
    note("untraced", names(claims.traced_share, "substance", each => each.untraced));
    return found;
  };

  const start = (data, place) => {
    const strings = data.strings, { lang } = document.documentElement, language = lang === "en" ? "en-GB" : lang || "en-GB";
    const element = (name, parent, className = "") => {
      const made = parent.appendChild(document.createElement(name));
      if (className) made.className = className;
      return made;
    };
    /** A message, its {placeholders} filled in as text of their own direction. */
    const say = (parent, message, values = {}) => {
      for (const [n, part] of (strings[message] ?? message).split(/\{(\w+)\}/).entries()) {
        if (n % 2) element("bdi", parent).textContent = shown(values[part] ?? "");
        else parent.append(part);
      }
      return parent;
    };
    const line = (parent, message, values, className) => say(element("p", parent, className), message, values);
    const NOTES = { verified: "good", faulty: "warning" };
    const headline = (to, verdict, values) => {
      const note = element("div", to, `note ${NOTES[verdict] ?? "bad"}`);
      to.dataset.verdict = verdict;
      say(element("strong", element("p", note, "verdict-line")), verdict, values);
      return note;
    };
    const number = value => new Intl.NumberFormat(language).format(value);
    const time = seconds =>
      `${new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(seconds * 1000)} UTC`;
    const amount = (path, value) => {
      if (value === undefined) return "–";
      if (/(_|\.)mg$/.test(path) && /^-?\d+$/.test(value)) return `${number(BigInt(value))} mg (${number(Number(value) / 1e9)} t)`;
      const share = typeof value === "number" ? value / SHARE : NaN;
      return share <= 1 ? new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 4 }).format(share) : value;
    };
    const label = ({ what, substance }) =>
      (strings.figures[what] ?? what) + (substance ? ` · ${strings.substances[substance] ?? substance}` : "");
    const figures = () => [...data.figures, ...[...document.querySelectorAll("[data-claim]")].map(each =>
      ({ path: each.dataset.claim, value: each.dataset.value, what: each.dataset.what ?? each.dataset.claim }))];

    const WHY = [
      [/about another batch/, "other_batch"], [/about another network/, "other_network"], [/trust root has expired/, "expired"],
      [/is not final|pins|witnesses saw/, "not_final"],
    ];
    const refusal = error => {
      if (error instanceof P.Malformed) return "malformed";
      return error instanceof P.Refused ? WHY.find(([words]) => words.test(error.message))?.[1] ?? "refused" : "unreadable";
    };
    const facts = (parent, found) => {
      const block = number(found.block), list = element("ul", parent);
      const fact = (message, values) => say(element("li", list), message, values);
      fact("events", { events: number(found.events), batches: number(found.batches) });
      for (const how of ["sealed", "witnessed", "pinned"].filter(each => found.finality[each])) {
        fact(how === "sealed" ? found.sealing : how, { count: number(found.finality.witnesses) });
      }
      if (found.claims.act_guard === "other") fact("guard");
      if (found.claims.batch.includes("urn:traceledger:private:")) fact("private_name", { id: found.batch });
      if (data.block !== undefined && data.block !== found.block) fact("blocks", { page: number(data.block), block });
      fact("unknowable", { block, time: time(found.time) });
      fact("recorded");
      fact("brought", { identity: found.identity });
    };
    const report = (to, found) => {
      const { claims } = found, asOf = { block: number(found.block), time: time(found.time) }, faults = faultsOf(claims);
      const compared = figures().map(each => ({ ...each, proved: claimAt(claims, each.path) }));
      const others = compared.filter(({ value, proved }) => String(value) !== String(proved));
      const older = found.block < (data.oldest ?? 0);
      const verdict = others.length ? "differs" : older ? "older" : faults.length ? "faulty" : "verified";
      const note = headline(to, verdict, asOf), list = others.length || faults.length ? element("ul", note) : null;
      for (const each of others) {
        const { path, value, proved } = each;
        const typed = typeof proved === "number" ? Number(value) : value;
        say(element("li", list), "page_says", { what: label(each), page: amount(path, typed), file: amount(path, proved) });
      }
      for (const [word, names] of faults) {
        const item = say(element("li", list), strings.faults[word] ?? word);
        names.slice(0, 5).forEach((name, n) => say(item, n ? ", {name}" : ": {name}", { name }));
        if (names.length > 5) item.append(" …");
      }
      facts(to, found);
      const proved = element("dl", to, "facts");
      for (const each of compared) {
        element("dt", proved).textContent = shown(label(each));
        element("dd", proved).textContent = shown(amount(each.path, each.proved));
      }
    };

    const input = place.querySelector("#verify-file"), to = place.querySelector("#verify-verdict");
    const bar = place.querySelector("#verify-progress");
    let run = 0;
    const check = async file => {
      const mine = ++run, mineStill = () => mine === run;
      to.replaceChildren();
      delete to.dataset.verdict;
      bar.hidden = false;
      line(to, "working", {});
      const progress = part => { if (mineStill()) bar.value = part; };
      let show;
      try {
        const found = await P.verify(file, data.trust_root, { batch: data.batch, progress });
        show = () => report(to, found);
      } catch (error) {
        show = () => {
          const detail = line(headline(to, refusal(error)), "{what}", { what: error.message }, "quiet");
          detail.lang = "en";
          detail.dir = "ltr";
        };
      }
      if (!mineStill()) return;
      to.replaceChildren();
      bar.hidden = true;
      show();
      to.setAttribute("tabindex", "-1");
      to.focus();
    };
    input.addEventListener("change", () => { if (input.files.length) check(input.files[0]); });
    place.hidden = false;
  };

  const block = globalThis.document?.getElementById("verify-data"), place = globalThis.document?.getElementById("verify");
  if (block && place) start(JSON.parse(block.textContent), place);
})(globalThis.TraceLedgerProof ??= {});
