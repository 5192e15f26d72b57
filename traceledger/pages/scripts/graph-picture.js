/* Draws a lineage on a canvas: boxes and lines as the server laid them out. Names are drawn as text, nothing else. */
(function () {
  "use strict";

  const NAMES = 0.72, READABLE = 0.45, SIGNS = 0.12, BEND = 0.12, STROKES = 256, MOST_LINES = 2500;

  class Picture {
    constructor(root, canvas, words, number) {
      this.root = root;
      this.canvas = canvas;
      this.pen = canvas.getContext("2d");
      this.words = words;
      this.number = number;
      this.view = { x: 0, y: 0, scale: 1 };
      this.clear();
      this.dress();
    }

    clear() {
      this.boxes = [];
      this.lines = [];
      this.bundles = null;
      this.wholes = new Map();
    }

    add(boxes, lines) {
      for (const box of boxes) {
        [box.x, box.y, box.width, box.height] = box.area;
        this.boxes[box.box] = box;
        if (box.kind === "group" || box.kind === "frame") this.wholes.set(box.group, box);
      }
      this.lines.push(...lines);
      this.bundles = null;
    }

    /* By two groups all lines from one to the other. */
    bundled() {
      const found = new Map();
      for (const line of this.lines) {
        const from = this.boxes[line.from], to = this.boxes[line.to];
        if (!from || !to || from.group === to.group) continue;
        const ends = from.group + to.group, known = found.get(ends);
        if (known) known.takes += line.takes;
        else found.set(ends, { ...line, a: this.wholes.get(from.group), b: this.wholes.get(to.group) });
      }
      return [...found.values()];
    }

    say(word, values) {
      return (this.words.get(word) || "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? "");
    }

    stage(box) {
      const stages = box.stages || (box.stage ? [box.stage] : []);
      return stages.map((each) => this.words.get("stage." + each) || each).join(", ");
    }

    marks(box) {
      const found = [];
      for (const [mark, field] of MARKS) {
        const value = box[field];
        if (value === true) found.push([mark, this.say(mark, {})]);
        else if (value) found.push([mark, this.number.format(value) + " " + this.say(mark, {})]);
      }
      return found;
    }

    dress() {
      const style = getComputedStyle(this.root);
      const colour = (name) => style.getPropertyValue(name).trim() || style.color;
      this.ink = {
        surface: colour("--surface"), raised: colour("--surface-raised"), text: colour("--text"),
        quiet: colour("--text-quiet"), line: colour("--line"), faint: colour("--line-quiet"),
        focus: colour("--focus"), error: colour("--bad"), tainted: colour("--warning"),
        untraced: colour("--unknown"), accent: colour("--accent"),
      };
      this.font = style.fontFamily;
    }

    /* The canvas has as many pixels as the screen has there. */
    resize() {
      const { clientWidth, clientHeight } = this.canvas, ratio = devicePixelRatio || 1;
      if (this.width) this.view.x += (clientWidth - this.width) / 2;
      [this.width, this.height, this.ratio] = [clientWidth, clientHeight, ratio];
      this.canvas.width = Math.round(clientWidth * ratio);
      this.canvas.height = Math.round(clientHeight * ratio);
    }

    draw(current, focused) {
      const pen = this.pen, { x, y, scale } = this.view;
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, this.width, this.height);
      this.seen = { left: -x / scale, top: -y / scale, right: (this.width - x) / scale, bottom: (this.height - y) / scale };
      pen.setTransform(this.ratio * scale, 0, 0, this.ratio * scale, this.ratio * x, this.ratio * y);
      const shown = this.boxes.filter((box) => box && this.visible(box));
      for (const box of shown) if (box.kind === "frame") this.drawFrame(box);
      this.drawLines(current);
      if (scale < SIGNS) this.drawDots(shown);
      else for (const box of shown) this.drawBox(box);
      if (current) this.drawCurrent(current, focused);
    }

    visible(box) {
      const seen = this.seen;
      return box.x < seen.right && box.x + box.width > seen.left && box.y < seen.bottom && box.y + box.height > seen.top;
    }

    drawLines(current) {
      const plain = [], bold = [];
      for (const line of this.lines) {
        line.a = line.a || this.boxes[line.from];
        line.b = line.b || this.boxes[line.to];
        if (!line.a || !line.b) continue;
        if (line.a === current || line.b === current) bold.push(line);
        else if (plain.length <= MOST_LINES && this.crosses(line)) plain.push(line);
      }
      const pixel = 1 / this.view.scale;
      // Thousands of lines are a grey field: between two groups one thick line then stands for all of them.
      if (plain.length > MOST_LINES) this.drawBundles();
      else this.stroke(plain, plain.length > MOST_LINES / 6 ? this.ink.faint : this.ink.line, Math.max(1.2, 0.8 * pixel));
      this.stroke(bold, this.ink.focus, Math.max(2.5, 2 * pixel));
    }

    drawBundles() {
      const pixel = 1 / this.view.scale;
      this.bundles = this.bundles || this.bundled();
      for (const line of this.bundles) {
        if (!this.crosses(line)) continue;
        this.stroke([line], this.ink.faint, pixel * Math.min(4, 0.6 + Math.log10(line.takes)));
      }
    }

    crosses({ a: from, b: to, through }) {
      const seen = this.seen;
      let top = Math.min(from.y, to.y), bottom = Math.max(from.y + from.height, to.y + to.height);
      for (const way of through || []) [top, bottom] = [Math.min(top, way[2]), Math.max(bottom, way[2])];
      return from.x + from.width < seen.right && to.x > seen.left && top < seen.bottom && bottom > seen.top;
    }

    stroke(lines, colour, width) {
      const pen = this.pen, bent = this.view.scale > BEND;
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      // Many short paths: one long one, which crosses itself, takes far longer.
      for (let at = 0; at < lines.length; at += STROKES) {
        pen.beginPath();
        for (const line of lines.slice(at, at + STROKES)) this.trace(line, bent);
        pen.stroke();
      }
    }

    trace({ a: from, b: to, through }, bent) {
      const pen = this.pen, end = [to.x, to.x, middle(to)];
      let x = from.x + from.width, y = middle(from);
      pen.moveTo(x, y);
      for (const [left, right, height] of through ? [...through, end] : [end]) {
        const half = Math.min(60, (left - x) / 2);
        if (bent) pen.bezierCurveTo(x + half, y, left - half, height, left, height);
        else pen.lineTo(left, height);
        if (right > left) pen.lineTo(right, height);
        [x, y] = [right, height];
      }
    }

    drawFrame(box) {
      this.plate(box, this.ink.raised, this.edgeOf(box), 1.5, box.untraced ? [6, 4] : []);
    }

    drawTitle(box) {
      if (this.view.scale < SIGNS) return;
      const size = Math.min(28, Math.max(14, 13 / this.view.scale));
      const count = "  (" + this.number.format(box.batches) + ")";
      this.write("\u2212  " + parts(box.name)[1], box.x + 14, box.y + 6 + size, box.width - 28, { size, bold: true, end: count });
    }

    /* So small that only where something is, and whether anything is wrong with it, can be seen. */
    drawDots(shown) {
      const pen = this.pen;
      for (const box of shown) {
        if (box.kind === "frame") continue;
        pen.fillStyle = this.edgeOf(box);
        pen.fillRect(box.x, box.y, box.width, box.height);
      }
    }

    drawBox(box) {
      if (box.kind === "run") this.drawRun(box);
      else if (box.kind === "batch") this.drawBatch(box);
      else if (box.kind === "frame") this.drawTitle(box);
      else this.drawGroup(box);
    }

    drawRun(box) {
      const pen = this.pen;
      pen.beginPath();
      pen.arc(box.x + box.width / 2, box.y + box.height / 2, box.width / 2 - 4, 0, 7);
      pen.fillStyle = this.ink.surface;
      pen.fill();
      pen.strokeStyle = this.ink.line;
      pen.lineWidth = 2;
      pen.stroke();
    }

    drawGroup(box) {
      const marks = this.marks(box), { scale } = this.view, left = box.x + 12, room = box.width - 24;
      this.plate({ ...box, x: box.x + 4, y: box.y + 4 }, this.ink.surface, this.ink.line, 1, []);
      this.plate(box, this.ink.surface, this.edgeOf(box), box.asked ? 3 : 1.5, box.untraced ? [6, 4] : []);
      if (scale < SIGNS) return;
      const [owner, own] = parts(box.name), end = box.places > 1 ? " +" + (box.places - 1) : "";
      const count = this.say("count", { batches: this.number.format(box.batches) });
      const second = owner ? owner + " \u00b7 " + count : count;
      if (scale < NAMES) {
        const size = Math.min(24, 12 / scale);
        this.write(own, left, box.y + 8 + size, room, { size, bold: true, end });
        if (marks.length) this.drawMarks(marks, left, box.y + 14 + 2.2 * size, room, size * 0.8);
        else this.write(this.number.format(box.batches) + (owner && " \u00b7 ") + owner, left, box.y + 12 + 2.1 * size, room, { size: size * 0.85, quiet: true });
        return;
      }
      this.write("+  " + own, left, box.y + 22, room, { size: 14, bold: true, end });
      this.write(second, left, box.y + 39, room, { quiet: true });
      this.write(this.stage(box), left, box.y + 55, room, { quiet: true });
      if (marks.length) this.drawMarks(marks, left, box.y + 72, room, 11);
      else this.write(box.materials.join(", "), left, box.y + 72, room, { quiet: true });
    }

    drawBatch(box) {
      const marks = this.marks(box), { scale } = this.view;
      this.plate(box, this.ink.surface, this.edgeOf(box), box.asked ? 3 : 1.2, box.untraced ? [5, 3] : []);
      if (marks.length && scale < READABLE && scale > SIGNS) this.sign(marks[0][0], box.x + 18, box.y + box.height / 2, 10);
      if (scale < READABLE) return;
      const own = parts(box.name)[1];
      this.write(own, box.x + 8, box.y + (marks.length ? 14 : 21), box.width - 16, { size: marks.length ? 12 : Math.min(18, Math.max(13, 11 / scale)) });
      if (marks.length) this.drawMarks(marks, box.x + 8, box.y + 28, box.width - 16, 11);
    }

    edgeOf(box) {
      if (box.declared_in_error) return this.ink.error;
      if (box.tainted) return this.ink.tainted;
      if (box.untraced) return this.ink.untraced;
      return box.asked ? this.ink.accent : this.ink.line;
    }

    plate(box, fill, edge, width, dashes) {
      const pen = this.pen;
      pen.beginPath();
      pen.roundRect(box.x, box.y, box.width, box.height, 6);
      pen.fillStyle = fill;
      pen.fill();
      pen.setLineDash(dashes);
      pen.strokeStyle = edge;
      pen.lineWidth = Math.max(width, 0.7 / this.view.scale);
      pen.stroke();
      pen.setLineDash([]);
    }

    /* A sign of its own shape and a word for each mark: colour alone tells nothing. */
    drawMarks(marks, x, y, room, size) {
      const end = x + room;
      for (const [mark, text] of marks) {
        if (end - x < 3 * size) return;
        this.sign(mark, x + size / 2, y - size * 0.36, size / 2);
        x += 1.4 * size + this.write(text, x + 1.4 * size, y, end - x - 1.4 * size, { size, ink: this.ink[mark] }) + size;
      }
    }

    sign(mark, x, y, size) {
      const pen = this.pen;
      pen.fillStyle = this.ink[mark];
      pen.beginPath();
      if (mark === "error") {
        pen.rect(x - size, y - size, 2 * size, 2 * size);
      } else if (mark === "tainted") {
        pen.moveTo(x, y - size);
        pen.lineTo(x + size, y + size);
        pen.lineTo(x - size, y + size);
      } else {
        pen.moveTo(x, y - size);
        pen.lineTo(x + size, y);
        pen.lineTo(x, y + size);
        pen.lineTo(x - size, y);
      }
      pen.fill();
    }

    drawCurrent(box, focused) {
      const pen = this.pen, wide = Math.max(2, 2 / this.view.scale);
      pen.beginPath();
      pen.roundRect(box.x - 2 * wide, box.y - 2 * wide, box.width + 4 * wide, box.height + 4 * wide, 8);
      pen.strokeStyle = this.ink.focus;
      pen.lineWidth = focused ? 1.6 * wide : 0.6 * wide;
      pen.stroke();
    }

    /* Text that fits, with an ellipsis where it does not; gives its width. */
    write(text, x, y, room, { size = 12, bold = false, quiet = false, ink = null, end = "" } = {}) {
      const pen = this.pen;
      pen.font = (bold ? "600 " : "") + size + "px " + this.font;
      pen.fillStyle = ink || (quiet ? this.ink.quiet : this.ink.text);
      let shown = text + end;
      if (pen.measureText(shown).width > room) {
        const letters = [...text];
        let least = 0, most = letters.length;
        while (least < most) {
          const half = (least + most + 1) >> 1;
          if (pen.measureText(letters.slice(0, half).join("") + "\u2026" + end).width <= room) least = half;
          else most = half - 1;
        }
        shown = letters.slice(0, least).join("") + "\u2026" + end;
      }
      pen.fillText(shown, x, y);
      return pen.measureText(shown).width;
    }
  }

  const MARKS = [["error", "declared_in_error"], ["tainted", "tainted"], ["untraced", "untraced"]];
  const middle = (box) => box.y + (box.kind === "frame" ? Math.min(box.height, 600) / 2 : box.height / 2);

  /* Isolated, so that a name that runs from right to left does not turn what stands beside it. */
  const apart = (text) => (/^[ -~]*$/.test(text) ? text : "\u2068" + text + "\u2069");

  /* Whose it is, and how they call it. */
  function parts(name) {
    const at = name.indexOf("/");
    return at < 0 ? ["", apart(name)] : [apart(name.slice(0, at)), apart(name.slice(at + 1))];
  }

  globalThis.LineagePicture = Picture;
})();
