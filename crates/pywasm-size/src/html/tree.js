// The tree in the page in; its nodes with parents, sizes by measure, paths and matches of a search out.

const root = JSON.parse(document.getElementById("tree").textContent);

// The nodes without children by name too, so that all code can go through them.
const nodes = [];
for (let todo = [root]; todo.length > 0; ) {
  const node = todo.pop();
  node.at = nodes.push(node) - 1;
  node.children ??= [];
  node.children.forEach((child, index) => {
    child.parent = node;
    child.index = index;
    todo.push(child);
  });
}

// Brotli of a node without an estimate is that of its parts. Children come later in `nodes`.
for (let at = nodes.length - 1; at >= 0; at--) {
  const node = nodes[at];
  node.brotli ??= node.children.reduce((sum, child) => sum + child.brotli, 0);
}

const measures = {
  bytes: { label: "Raw", of: (node) => node.bytes, known: true },
  brotli: { label: "Brotli", of: (node) => node.brotli, known: root.brotli > 0 },
  retained: {
    label: "Retained",
    of: (node) => node.retained ?? node.bytes,
    known: nodes.some((node) => node.retained !== undefined),
  },
};
let measure = "bytes";

const size = (node) => measures[measure].of(node);

/** The children from the largest to the smallest, those without bytes left out. */
function ordered(node) {
  node.orders ??= {};
  node.orders[measure] ??= node.children
    .filter((child) => size(child) > 0)
    .sort((a, b) => size(b) - size(a) || a.index - b.index);
  return node.orders[measure];
}

/** The children from the one at `from` on, as one node that can be opened like any other. */
function rest(node, from) {
  const children = ordered(node).slice(from);
  const sum = (key) => children.reduce((total, child) => total + (measures[key].of(child) ?? 0), 0);
  return {
    name: `${children.length.toLocaleString("en")} smaller`,
    kind: "other",
    bytes: sum("bytes"),
    brotli: sum("brotli"),
    retained: measures.retained.known ? sum("retained") : undefined,
    children,
    orders: { [measure]: children },
    parent: node,
    from,
  };
}

/** From the root to the node. */
function line(node) {
  const nodes = [];
  for (let at = node; at; at = at.parent) nodes.unshift(at);
  return nodes;
}

const path = (node) => line(node).slice(1).map((part) => part.name).join(" / ");

/** The kind that gives a node its colour: its own, or that of what it is in. */
function owner(node) {
  const inherits = ["area", "file", "function", "other", "section"];
  let at = node;
  while (at.parent && inherits.includes(at.kind)) {
    if (at.kind === "section" && at.parent === root) return at;
    at = at.parent;
  }
  return at;
}

/** Bytes as the command line writes them. */
function human(bytes) {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = "";
  for (const larger of ["kB", "MB", "GB"]) {
    if (value < 999.5) break;
    value /= 1000;
    unit = larger;
  }
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${unit}`;
}

/** What part of the file a node is, by the measure. */
function share(node) {
  const whole = measure === "retained" ? root.bytes : size(root);
  const percent = whole > 0 ? (100 * size(node)) / whole : 0;
  return `${percent >= 9.95 ? percent.toFixed(0) : percent >= 0.095 ? percent.toFixed(1) : percent > 0 ? "<0.1" : "0"} %`;
}

/** The nodes whose names hold the text, the largest first; each node is marked with whether it is
 * one of them, in one or above one (`lit`). The sum counts no byte twice. */
function find(text) {
  const wanted = text.trim().toLowerCase();
  const found = [];
  let sum = 0;
  for (const node of nodes) {
    const inside = node.parent?.inside ?? false;
    const hit = wanted !== "" && node.name.toLowerCase().includes(wanted);
    node.inside = inside || hit;
    node.lit = wanted === "" || node.inside;
    if (hit) found.push(node);
    if (hit && !inside) sum += size(node);
  }
  for (let at = nodes.length - 1; at > 0; at--) {
    if (nodes[at].lit) nodes[at].parent.lit = true;
  }
  found.sort((a, b) => size(b) - size(a) || a.at - b.at);
  return { found, sum, searching: wanted !== "" };
}
