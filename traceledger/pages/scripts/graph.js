/* The lineage graph on a canvas: boxes and lines that the server laid out, fetched in slices.

   Whatever is drawn here stands in the table beside it, too. Texts come from the page, so that they are in its
   language; names come from the server ready to be drawn, and reach the canvas as text only. */
(function () {
  "use strict";

  const GROUPS = 250;
  const LEAST = 0.02, MOST = 2.5, STEP = 1.3, MARGIN = 24, READABLE = 0.4;
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  class Graph extends LineagePicture {
    constructor(root) {
      const language = document.documentElement.lang || "en", words = new Map();
      for (const each of root.querySelectorAll("[data-word]")) words.set(each.dataset.word, each.textContent.trim());
      root.hidden = false;
      super(root, root.querySelector("canvas"), words, new Intl.NumberFormat(language, { maximumSignificantDigits: 4 }));
      this.said = root.querySelector("[data-said]");
      this.day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
      this.regions = new Intl.DisplayNames([language], { type: "region", fallback: "code" });
      this.address = new URL(root.dataset.address, location.href);
      this.opened = (this.address.searchParams.get("open") || "").split(",").filter(Boolean);
      this.turn = this.gliding = 0;
      this.listen();
      this.resize();
      this.load(null);
    }

    // ---- what the server sends ---------------------------------------------------------------------------

    async load(keep) {
      const turn = (this.turn += 1);
      this.root.setAttribute("aria-busy", "true");
      try {
        for (let slice = 0, slices = 1; slice < slices; slice += 1) {
          const found = await this.fetched(slice);
          if (turn !== this.turn) return;
          // The ledger went on between two slices: what was drawn is of another block.
          if (slice && found.as_of !== this.block) return void this.load(keep);
          if (!slice) this.begin(found);
          this.add(found.boxes, found.lines);
          slices = found.slices;
          if (!slice) this.start(keep);
          this.ask();
        }
        if (keep) this.tell(this.sentence(this.current));
        this.root.dataset.ready = String(this.boxes.length);
      } catch {
        if (turn === this.turn) this.tell(this.say("failed", {}));
      } finally {
        if (turn === this.turn) this.root.removeAttribute("aria-busy");
      }
    }

    async fetched(slice) {
      const address = new URL(this.address);
      this.open(address);
      address.searchParams.set("slice", slice);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }

    begin(found) {
      this.clear();
      this.sources = new Map();
      this.targets = new Map();
      this.area = found.area;
      this.opened = found.opened;
      this.block = found.as_of;
      // A few boxes need no more than a strip; the browser says when the size is another one.
      const needed = this.area[3] * Math.min(1, this.width / this.area[2]);
      this.canvas.classList.toggle("large", needed > this.height || this.opened.length > 0);
      this.resize();
    }

    add(boxes, lines) {
      super.add(boxes, lines);
      for (const line of lines) {
        push(this.sources, line.to, line.from);
        push(this.targets, line.from, line.to);
      }
    }

    /* The first time everything, later so that what was opened or closed stays where it was, if there is room. */
    start(keep) {
      const same = keep && this.wholes.get(keep.group);
      if (same) {
        this.current = same.box;
        this.view.x = keep.x - same.x * this.view.scale;
        this.view.y = keep.y - same.y * this.view.scale;
        this.reveal(same);
      } else {
        this.current = (this.boxes.find((box) => box && box.asked) || this.boxes[0]).box;
        this.look();
      }
    }

    toggle(box) {
      const place = this.onScreen(box);
      if (box.kind === "group") this.opened = [...this.opened, box.group];
      else this.opened = this.opened.length > GROUPS + 1 ? [] : this.opened.filter((each) => each !== box.group);
      const shown = new URL(location.href);
      this.open(shown);
      history.replaceState(null, "", shown);
      this.load({ group: box.group, x: place.x, y: place.y });
    }

    /* An address has room for so many groups; beyond them it is all or none. */
    open(address) {
      if (this.opened.length) address.searchParams.set("open", this.opened.length > GROUPS ? "all" : this.opened.join(","));
      else address.searchParams.delete("open");
    }

    openPage(box) {
      const at = box.batch.indexOf("/");
      const parts = [box.batch.slice(0, at), box.batch.slice(at + 1)].map(segment);
      location.assign(this.root.dataset.batches + parts.join("/"));
    }

    act(box) {
      if (box.kind === "batch") this.openPage(box);
      else if (box.kind !== "run") this.toggle(box);
    }

    // ---- where things are --------------------------------------------------------------------------------

    onScreen(box) {
      return { x: box.x * this.view.scale + this.view.x, y: box.y * this.view.scale + this.view.y };
    }

    fitting() {
      const [x, y, width, height] = this.area;
      const room = Math.min((this.width - 2 * MARGIN) / width, (this.height - 2 * MARGIN) / height, 1);
      const scale = clamp(room, LEAST, MOST);
      return {
        scale,
        x: (this.width - width * scale) / 2 - x * scale,
        y: (this.height - height * scale) / 2 - y * scale,
      };
    }

    /* All of it, or where that could not be read, the batch asked about and what is nearest. */
    look() {
      this.view = this.fitting();
      if (this.view.scale < READABLE) {
        const narrow = this.width < 600;
        this.view.scale = 0.6;
        this.centre(this.boxes[this.current], narrow ? 0.7 : 0.85);
      }
      this.ask();
    }

    centre(box, share = 0.5) {
      this.view.x = this.width * share - (box.x + box.width / 2) * this.view.scale;
      this.view.y = this.height / 2 - (box.y + Math.min(box.height, 300) / 2) * this.view.scale;
    }

    zoom(factor, x = this.width / 2, y = this.height / 2) {
      const scale = clamp(this.view.scale * factor, LEAST, MOST);
      const ratio = scale / this.view.scale;
      this.view = { scale, x: x - (x - this.view.x) * ratio, y: y - (y - this.view.y) * ratio };
      this.ask();
    }

    /* Bring a box into view, moving no more than needed. */
    reveal(box) {
      const { scale } = this.view;
      const at = this.onScreen(box);
      const width = Math.min(box.width * scale, this.width - 2 * MARGIN);
      const height = Math.min(box.height * scale, this.height - 2 * MARGIN);
      const x = clamp(at.x, MARGIN, this.width - MARGIN - width);
      const y = clamp(at.y, MARGIN, this.height - MARGIN - height);
      this.glide({ scale, x: this.view.x + x - at.x, y: this.view.y + y - at.y });
    }

    glide(to) {
      const from = { ...this.view }, began = performance.now();
      const turn = (this.gliding += 1);
      if (still.matches) {
        this.view = to;
        this.ask();
        return;
      }
      const step = (now) => {
        if (turn !== this.gliding) return;
        const part = Math.min(1, (now - began) / 160), eased = 1 - (1 - part) ** 3;
        for (const each of ["x", "y", "scale"]) this.view[each] = from[each] + (to[each] - from[each]) * eased;
        this.paint();
        if (part < 1) requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    }

    hit(x, y) {
      const at = { x: (x - this.view.x) / this.view.scale, y: (y - this.view.y) / this.view.scale };
      let found;
      for (const box of this.boxes) {
        if (box && at.x >= box.x && at.x <= box.x + box.width && at.y >= box.y && at.y <= box.y + box.height) {
          found = box;
        }
      }
      return found;
    }

    // ---- keyboard, pointer, buttons ----------------------------------------------------------------------

    listen() {
      const canvas = this.canvas;
      canvas.addEventListener("keydown", (event) => this.key(event));
      canvas.addEventListener("focus", () => {
        this.focused = true;
        this.tell(this.sentence(this.current));
        this.ask();
      });
      canvas.addEventListener("blur", () => {
        this.focused = false;
        this.ask();
      });
      canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
      this.pointers = new Map();
      canvas.addEventListener("pointerdown", (event) => this.press(event));
      canvas.addEventListener("pointermove", (event) => this.move(event));
      canvas.addEventListener("pointerup", (event) => this.lift(event));
      canvas.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
      for (const button of this.root.querySelectorAll("button[data-do]")) {
        button.addEventListener("click", () => this.push_button(button.dataset.do));
      }
      new ResizeObserver(() => {
        this.resize();
        this.ask();
      }).observe(canvas);
      for (const media of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
        matchMedia(media).addEventListener("change", () => {
          this.dress();
          this.ask();
        });
      }
    }

    push_button(what) {
      if (what === "in") this.zoom(STEP);
      else if (what === "out") this.zoom(1 / STEP);
      else if (what === "all") this.glide(this.fitting());
      else if (what === "open") {
        this.opened = ["all"];
        this.load({});
      } else if (what === "close") {
        this.opened = [];
        this.load({});
      }
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || this.current === undefined) return;
      const box = this.boxes[this.current];
      const steps = {
        ArrowLeft: () => this.go(this.along(box, this.sources)),
        ArrowRight: () => this.go(this.along(box, this.targets)),
        ArrowUp: () => this.go(this.beside(box, -1)),
        ArrowDown: () => this.go(this.beside(box, 1)),
        Home: () => this.go(this.boxes.find((each) => each && each.asked && each.kind !== "frame")),
        End: () => this.go(this.leftmost()),
        Enter: () => this.act(box),
        " ": () => box.kind !== "batch" && this.act(box),
        Escape: () => this.close(box),
        "+": () => this.zoom(STEP),
        "-": () => this.zoom(1 / STEP),
        0: () => this.glide(this.fitting()),
      };
      if (!(event.key in steps)) return;
      event.preventDefault();
      steps[event.key]();
    }

    close(box) {
      const whole = this.wholes.get(box.group);
      if (whole.kind === "frame") this.toggle(whole);
    }

    go(box) {
      if (!box) {
        this.tell(this.say("end", {}));
        return;
      }
      this.current = box.box;
      this.tell(this.sentence(this.current));
      this.reveal(box);
    }

    /* The nearest in height of those at the other ends of a box's lines. */
    along(box, ends) {
      if (box.kind === "frame") {
        const inside = this.boxes.filter((each) => each && each.group === box.group && each.kind !== "frame");
        return ends === this.targets ? inside[0] : this.beyond(inside, ends);
      }
      return this.nearest(box, (ends.get(box.box) || []).map((each) => this.boxes[each]));
    }

    beyond(inside, ends) {
      const outer = inside.flatMap((each) => ends.get(each.box) || []).map((each) => this.boxes[each]);
      return this.nearest(inside[0], outer.filter((each) => each && each.group !== inside[0].group));
    }

    nearest(box, boxes) {
      const middle = (each) => Math.abs(each.y + each.height / 2 - box.y - box.height / 2);
      return boxes.filter(Boolean).sort((a, b) => middle(a) - middle(b) || a.box - b.box)[0];
    }

    /* The next above or below in its column; from the first in a frame to the frame. */
    beside(box, way) {
      const inFrame = box.kind === "batch" || box.kind === "run";
      if (box.kind === "frame" && way > 0) {
        return this.boxes.find((each) => each && each.group === box.group && each.kind !== "frame");
      }
      const column = this.boxes.filter(
        (each) =>
          each && each !== box && (each.y - box.y) * way > 0 &&
          each.x < box.x + box.width && box.x < each.x + each.width &&
          (inFrame ? each.group === box.group && each.kind !== "frame" : !each.batch && each.kind !== "run"));
      const found = column.sort((a, b) => (a.y - b.y) * way)[0];
      if (found || !inFrame) return found;
      return way < 0 ? this.wholes.get(box.group) : undefined;
    }

    leftmost() {
      return this.boxes.reduce((best, each) => (each && (!best || each.x < best.x) ? each : best), undefined);
    }

    wheel(event) {
      // Whoever scrolls the page past the picture is not to be caught by it.
      if (!this.focused && !event.ctrlKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
    }

    press(event) {
      this.canvas.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      this.gliding += 1;
      this.dragged = this.pointers.size > 1;
    }

    move(event) {
      const before = this.pointers.get(event.pointerId);
      if (!before) {
        const over = this.hit(event.offsetX, event.offsetY);
        this.canvas.classList.toggle("over", Boolean(over && over.kind !== "run"));
        return;
      }
      const now = { x: event.offsetX, y: event.offsetY };
      if (this.pointers.size === 2) {
        const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
        this.zoom(distance(now, other) / Math.max(1, distance(before, other)), other.x, other.y);
      } else if (this.dragged || distance(now, before) > 4) {
        this.dragged = true;
        this.view.x += now.x - before.x;
        this.view.y += now.y - before.y;
        this.ask();
      } else return;
      this.pointers.set(event.pointerId, now);
    }

    lift(event) {
      this.pointers.delete(event.pointerId);
      if (this.dragged) return;
      const box = this.hit(event.offsetX, event.offsetY);
      if (!box) return;
      const again = box.box === this.current;
      this.current = box.box;
      this.tell(this.sentence(this.current));
      // A batch is chosen first and opened by a second click; a group opens at once.
      if (box.kind === "group" || (again && box.kind === "batch")) this.act(box);
      else if (box.kind === "frame") this.click_title(box, event);
      this.ask();
    }

    click_title(box, event) {
      const below = (event.offsetY - this.view.y) / this.view.scale - box.y;
      if (below < 40) this.toggle(box);
    }

    // ---- texts -------------------------------------------------------------------------------------------

    tell(text) {
      if (text && this.said.textContent !== text) this.said.textContent = text;
    }

    country(code) {
      try {
        return code ? this.regions.of(code) : "";
      } catch {
        return code;
      }
    }

    sentence(place) {
      const box = this.boxes[place];
      if (!box) return "";
      const marks = this.marks(box).map(([, text]) => text);
      if (box.asked) marks.unshift(this.say("asked", {}));
      const values = {
        name: box.name,
        marks: marks.length ? " " + marks.join(", ") + "." : "",
        stage: this.stage(box),
        before: (this.sources.get(place) || []).length,
        after: (this.targets.get(place) || []).length,
      };
      if (box.kind === "run") return this.say("run", { ...values, process: box.process });
      if (box.kind === "batch") {
        return this.say("batch", {
          ...values,
          material: box.material,
          place: [box.facility, this.country(box.country)].filter(Boolean).join(", "),
          mass: this.mass(box.made_mass_mg),
          co2e: this.mass(box.made_co2e_mg),
          date: this.day.format(box.made_at * 1000),
        });
      }
      return this.say(box.kind, {
        ...values,
        batches: this.number.format(box.batches),
        materials: box.materials.join(", "),
        first: this.day.format(box.first * 1000),
        last: this.day.format(box.last * 1000),
      });
    }

    ask() {
      if (this.waits) return;
      this.waits = true;
      requestAnimationFrame(() => {
        this.waits = false;
        this.paint();
      });
    }

    paint() {
      if (this.area) this.draw(this.boxes[this.current], this.focused);
    }

    mass(milligrams) {
      const amount = Number(milligrams);
      const [size, unit] = [[1e9, "t"], [1e6, "kg"], [1e3, "g"]].find(([least]) => Math.abs(amount) >= least) || [1, "mg"];
      return this.number.format(amount / size) + "\u00a0" + unit;
    }

  }

  const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
  const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

  function push(map, key, value) {
    if (map.has(key)) map.get(key).push(value);
    else map.set(key, [value]);
  }

  /* A name as one segment of an address, as the server writes it. */
  function segment(text) {
    const marked = text === "." || text === ".." || /(\.json|~)$/.test(text);
    return encodeURIComponent(marked ? text + "~" : text);
  }

  for (const root of document.querySelectorAll("[data-graph]")) new Graph(root);
})();
