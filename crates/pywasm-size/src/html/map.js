// The node in focus in, the map's elements out: a button for each of its parts, which a keyboard and
// a screen reader reach, and what is inside of them for the eye.

const map = document.getElementById("map");
const pen = document.createElement("canvas").getContext("2d");
const chipHeight = 19;
const shades = [0, -0.02, 0.015, -0.035, 0.03];
let drawn = [];

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Gives an element the colour of its node. */
function colour(made, node, index) {
  const kind = owner(node);
  made.dataset.kind = kind.kind;
  if (kind.kind === "section") made.style.setProperty("--hue", (255 + kind.index * 137) % 360);
  made.style.setProperty("--shade", shades[index % shades.length]);
}

function place(made, { x, y, w, h }) {
  Object.assign(made.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
}

/** How far down the names of the boxes around a box reach into it between `x` and `x + width`; what
 * begins more than `reach` below the last of them is left alone. */
function covered(box, x, width, reach) {
  const chips = [];
  for (let at = box.above; at; at = at.above) if (at.chip) chips.unshift(at.chip);
  let top = box.y;
  for (const chip of chips) {
    const beside = chip.x >= x + width || chip.x + chip.w <= x;
    if (!beside && chip.y < top + reach && chip.y + chipHeight > top) top = chip.y + chipHeight;
  }
  return top - box.y;
}

function label(box) {
  if (box.w < 32 || box.h < 15) return [];
  const width = Math.min(box.w, 1.3 * pen.measureText(box.node.name).width);
  const top = covered(box, box.x + (box.w - width) / 2, width, box.h);
  if (box.h - top < 15) return [];
  const font = Math.max(11, Math.min(17, Math.sqrt(box.w * (box.h - top)) / 11));
  const text = element("span", { className: "label" }, element("b", {}, box.node.name));
  text.style.fontSize = `${font}px`;
  text.style.paddingTop = `${top}px`;
  if (box.h - top >= 2.6 * font) text.append(element("i", {}, human(size(box.node))));
  return [text];
}

/** The name of an open box, over its upper left corner. */
function chip(box) {
  const { node, depth } = box;
  const room = box.w - 6;
  const width = Math.min(room, pen.measureText(`${node.name}  ${human(size(node))}`).width + 14);
  const top = covered(box, box.x, width, chipHeight);
  if (room < 30 || box.h - top < chipHeight + 4) return [];
  box.chip = { x: box.x + 3, y: box.y + top + (top > 0 ? 2 : 3), w: width };
  const made = element("div", { className: `chip depth${depth}`, ariaHidden: "true" }, element("b", {}, node.name));
  made.append(" ", element("span", {}, human(size(node))));
  Object.assign(made.style, { left: `${box.chip.x}px`, top: `${box.chip.y}px`, maxWidth: `${room}px` });
  return [made];
}

const spoken = (node) =>
  `${node.name}, ${human(size(node))}, ${share(node)}` +
  (node.children.length > 0 ? `, ${node.children.length} parts` : "");

/** Draws what is in `focus`. */
function draw(focus) {
  const { clientWidth: w, clientHeight: h } = map;
  pen.font = "600 12px system-ui, sans-serif";
  drawn = w > 0 && h > 0 ? layout(focus, { x: 0, y: 0, w, h }) : [];
  const under = document.createDocumentFragment();
  const over = document.createDocumentFragment();
  drawn.forEach((box, at) => {
    const { node, depth, open } = box;
    const outer = depth === 1;
    const tile = element(outer ? "button" : "div", { className: "tile" });
    tile.dataset.at = at;
    tile.dataset.size = size(node);
    place(tile, box);
    colour(tile, node, box.index);
    tile.classList.toggle("rest", node.from !== undefined);
    tile.classList.toggle("open", open);
    tile.classList.toggle("dim", !(node.lit ?? node.children.some((child) => child.lit)));
    if (outer) {
      tile.type = "button";
      tile.ariaLabel = spoken(node);
      tile.tabIndex = at === 0 ? 0 : -1;
    } else {
      tile.ariaHidden = "true";
    }
    if (open) {
      for (const name of chip(box)) {
        name.dataset.at = at;
        colour(name, node, 0);
        over.append(name);
      }
    } else {
      tile.append(...label(box));
    }
    under.append(tile);
    if (outer || open) {
      const frame = element("div", { className: `frame depth${depth}`, ariaHidden: "true" });
      place(frame, box);
      under.append(frame);
    }
  });
  map.replaceChildren(under, over);
  map.ariaLabel = `Parts of ${focus.name}, ${measures[measure].label} bytes; arrow keys move, Enter goes in, Backspace goes out`;
}

/** The outer button that the arrow key leads to from `from`. */
function neighbour(from, key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const middle = (box) => [box.x + box.w / 2, box.y + box.h / 2];
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  for (const box of drawn) {
    if (box.depth !== 1 || box === from) continue;
    const [bx, by] = middle(box);
    const ahead = (bx - x) * dx + (by - y) * dy;
    const aside = Math.abs((bx - x) * dy) + Math.abs((by - y) * dx);
    const cost = ahead + 3 * aside;
    if (ahead > 0.5 && cost < least) [best, least] = [box, cost];
  }
  return best;
}
