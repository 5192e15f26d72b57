// What accessibility.py asks a page. Functions only: nothing of the page is changed but marks on what had the focus.
const questions = {
  // Sentences about what cannot be read: cut off, beyond the edge, or in a part that scrolls and does not say so.
  cutOff() {
    const wide = document.documentElement.clientWidth, found = new Set();
    const told = each => each.outerHTML.slice(0, 160);
    const needed = document.documentElement.scrollWidth;
    if (needed > wide) found.add(`the page scrolls sideways: ${needed} > ${wide}`);
    for (const each of document.body.querySelectorAll('*')) {
      const box = each.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1 || each.ownerSVGElement) continue;
      const around = questions.scrolling(each);
      if (around) {
        if (!questions.isMarked(around)) found.add(`scrolls unmarked: ${told(around)}`);
        continue;
      }
      if (box.right > wide + 1 || box.left < -1) found.add(`beyond the edge: ${told(each)}`);
      if (each.matches('input, select, textarea')) continue;
      const hides = getComputedStyle(each).overflowX !== 'visible';
      if (hides && each.scrollWidth > each.clientWidth + 1) found.add(`cut off: ${told(each)}`);
    }
    return [...found].slice(0, 10);
  },

  // The part that scrolls sideways, in which an element is; those that hide it from eyes do not count.
  scrolling(each) {
    for (let up = each; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (/auto|scroll/.test(style.overflowX) && up.scrollWidth > up.clientWidth) return up;
    }
    return null;
  },

  // Whether who has a keyboard, or does not see, is told that it scrolls, and can.
  isMarked(part) {
    const named = part.getAttribute('aria-label') || part.getAttribute('aria-labelledby');
    return part.tabIndex === 0 && part.getAttribute('role') === 'region' && Boolean(named);
  },

  // What has the focus, whether that shows, and whether it had it before; null: nothing has it.
  focused() {
    const each = document.activeElement;
    if (!each || each === document.body) return null;
    const style = getComputedStyle(each), box = each.getBoundingClientRect();
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const again = each.hasAttribute('data-had-focus');
    each.setAttribute('data-had-focus', '');
    return {again, within, seen: outlined || style.boxShadow !== 'none', what: each.outerHTML.slice(0, 160)};
  },

  // Notes at each key what had the focus before it: asked for each key by itself, that is dear on a page of many links.
  watchFocus() {
    window.hadFocus = [];
    let begun = false;
    addEventListener('keydown', () => { if (begun) hadFocus.push(questions.focused()); begun = true; }, true);
  },

  // How many there are that the tabulator has to reach.
  reachable() {
    const all = document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex="0"]');
    return [...all].filter(each =>
      each.checkVisibility({visibilityProperty: true}) && !each.disabled && each.tabIndex >= 0
      && each.type !== 'hidden').length;
  },

  // Shows what is folded.
  unfold() {
    for (const each of document.querySelectorAll('details')) each.open = true;
  },

  // Elements that no browser of ours would make of a text: what an attack on a page would leave in it.
  planted() {
    const strange = document.querySelectorAll('[onerror],[onfocus],[onclick],[onload],img[src="x"],iframe,object,embed');
    const links = [...document.querySelectorAll('a[href],form[action],button[formaction]')]
      .filter(each => !/^(https?|file|mailto|data|blob):/.test(each.href || each.action || each.formAction));
    return [...strange, ...links].map(each => each.outerHTML.slice(0, 200));
  },
};
