// A node and a rectangle in, rectangles for what is in it out: areas are proportional to sizes on
// every level, and what would be too small to see is one rectangle together.

/** Squarified treemap (Bruls, Huizing, van Wijk 2000): a box for each weight, the largest first. */
function squarify(weights, { x, y, w, h }) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const boxes = [];
  const scale = total > 0 ? (w * h) / total : 0;
  for (let first = 0, end = 0; first < weights.length; first = end) {
    // A row along the shorter side takes weights for as long as its worst box gets no longer.
    const side = Math.max(Math.min(w, h), 1e-9);
    let area = 0;
    let worst = Infinity;
    for (; end < weights.length; end++) {
      const more = area + weights[end] * scale;
      const longest = (side * side * weights[first] * scale) / (more * more);
      const flattest = (more * more) / (side * side * weights[end] * scale);
      if (Math.max(longest, flattest) > worst) break;
      worst = Math.max(longest, flattest);
      area = more;
    }
    const thick = area / side;
    const wide = w >= h;
    for (let along = 0; first < end; first++) {
      const length = (weights[first] * scale) / thick;
      boxes.push(wide ? { x, y: y + along, w: thick, h: length } : { x: x + along, y, w: length, h: thick });
      along += length;
    }
    if (wide) [x, w] = [x + thick, w - thick];
    else [y, h] = [y + thick, h - thick];
  }
  return boxes;
}

// In square pixels: what is smaller is not drawn by itself. And how many boxes a page bears.
const smallest = { outer: 16, inner: 45 };
const most = { outer: 1500, all: 5000 };

/** The parts of a node that are large enough for a box of their own, and the rest of them as one. */
function parts(node, area, outer) {
  const children = ordered(node);
  const total = children.reduce((sum, child) => sum + size(child), 0);
  const least = (total * (outer ? smallest.outer : smallest.inner)) / area;
  let count = Math.min(children.length, most.outer);
  while (count > 0 && size(children[count - 1]) < least) count--;
  // One that is left over may as well be drawn.
  if (children.length - count <= 1) return children;
  const shown = children.slice(0, count);
  const others = rest(node, count);
  const place = shown.findIndex((child) => size(child) < size(others));
  shown.splice(place < 0 ? count : place, 0, others);
  return shown;
}

/** The boxes for what is in `node`, the outer before the inner: { node, depth, x, y, w, h, open }. */
function layout(node, whole) {
  const boxes = [];
  const queue = [{ node, depth: 0, ...whole }];
  for (let at = 0; at < queue.length; at++) {
    const box = queue[at];
    const roomy = box.depth === 0 || (box.w >= 56 && box.h >= 40 && box.depth < 4);
    // What is in "smaller" is opened by a click only: it would be dust.
    box.open = roomy && ordered(box.node).length > 0 && boxes.length < most.all && !(box.depth > 0 && box.node.from);
    if (box.depth > 0) boxes.push(box);
    if (!box.open) continue;
    const inner = parts(box.node, box.w * box.h, box.depth === 0);
    const places = squarify(inner.map(size), box);
    inner.forEach((child, index) => queue.push({ node: child, depth: box.depth + 1, index, above: box, ...places[index] }));
  }
  if (boxes.length === 0 && size(node) > 0) boxes.push({ node, depth: 1, index: 0, open: false, ...whole });
  return boxes;
}
