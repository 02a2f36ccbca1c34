// What the reader does in, what the page shows out: focus, breadcrumb, measure, search, list, tooltip.

const $ = (id) => document.getElementById(id);
const rows = 200;
let focus = root;
let result = find("");
let shownRows = rows;

/** The place of a node, for the address of the page: indices from the root on. */
const address = (node) =>
  line(node)
    .slice(1)
    .map((part) => (part.from === undefined ? part.index : `~${part.from}`))
    .join(".");

function addressed(text) {
  let node = root;
  for (const step of text.replace(/^#/, "").split(".").filter(Boolean)) {
    const next = step.startsWith("~") ? rest(node, Number(step.slice(1)) || 0) : node.children[Number(step)];
    if (!next || next.children.length === 0) break;
    node = next;
  }
  return node;
}

/** Goes to a node; to what it is in where there is nothing to go into. `mark` is the next stop of the
 * keyboard, which moves there when `event` came from it. */
function go(node, event, mark) {
  const from = focus;
  focus = node.children.length > 0 || !node.parent ? node : node.parent;
  shownRows = rows;
  const hash = address(focus);
  if (location.hash.replace(/^#/, "") !== hash) history.pushState(null, "", `#${hash}`);
  render();
  // On the way out, the keyboard stays on where it came from.
  const inside = line(from);
  const target = mark ?? (inside.includes(focus) ? inside[inside.indexOf(focus) + 1] : undefined);
  stop(
    drawn.findIndex((box) => box.depth === 1 && box.node === target),
    event.type === "keydown" || event.detail === 0,
  );
  say(`${focus.name}, ${human(size(focus))}, ${share(focus)}, ${focus.children.length} parts`);
}

/** Makes a button of the map the one that the Tab key stops at. */
function stop(at, moves) {
  const tile = map.querySelector(`button[data-at="${Math.max(at, 0)}"]`);
  if (!tile) return;
  map.querySelector('button[tabindex="0"]')?.setAttribute("tabindex", "-1");
  tile.tabIndex = 0;
  if (moves) tile.focus({ preventScroll: true });
}

const say = (text) => ($("status").textContent = text);

function render() {
  hideTip();
  crumbs();
  draw(focus);
  list();
  legend();
}

function crumbs() {
  const steps = line(focus).map((node) => {
    const here = node === focus;
    const step = element("button", { type: "button", disabled: here }, node.name || "(no name)");
    if (here) step.ariaCurrent = "location";
    step.addEventListener("click", (event) => go(node, event));
    return element("li", {}, step);
  });
  $("crumbs").replaceChildren(...steps);
  $("total").textContent = `${human(size(focus))} · ${share(focus)}`;
}

/** The parts of the focus, or what the search found, from the largest to the smallest. */
function list() {
  const { found, sum, searching } = result;
  const all = searching ? found : ordered(focus);
  const largest = all.length > 0 ? size(all[0]) : 0;
  $("list-title").textContent = searching
    ? `${found.length.toLocaleString("en")} found, ${human(sum)}`
    : `Parts of ${focus.name}`;
  const lines = all.slice(0, shownRows).map((node) => {
    const name = element("button", { type: "button" }, node.name || "(no name)");
    name.addEventListener("click", (event) => go(node, event, node));
    const cell = element("td", {}, name);
    if (searching && node.parent) cell.append(element("small", {}, path(node.parent) || root.name));
    const bar = element("span", { className: "bar", ariaHidden: "true" });
    colour(bar, node, 0);
    bar.style.width = `${(100 * size(node)) / largest}%`;
    cell.append(bar);
    return element("tr", {}, cell, element("td", {}, human(size(node))), element("td", {}, share(node)));
  });
  $("list").tBodies[0].replaceChildren(...lines);
  const left = all.length - lines.length;
  $("more").hidden = left <= 0;
  $("more").textContent = `Show ${Math.min(left, rows)} more of ${left.toLocaleString("en")}`;
}

function legend() {
  const kinds = new Map();
  for (const box of drawn) {
    const node = owner(box.node);
    const name = node.kind === "section" ? node.name : node.kind;
    if (node.kind !== "root") kinds.set(name, node);
  }
  const entries = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 14);
  $("legend").replaceChildren(
    ...entries.map(([name, node]) => {
      const sample = element("span", { className: "sample", ariaHidden: "true" });
      colour(sample, node, 0);
      return element("li", {}, sample, name);
    }),
  );
}

// The tooltip.

const tip = $("tip");
const hideTip = () => (tip.hidden = true);

function showTip(node, x, y) {
  const facts = [["Raw", human(node.bytes)]];
  if (measures.brotli.known) facts.push(["Brotli, about", human(node.brotli)]);
  if (node.retained !== undefined) facts.push(["Retained", human(node.retained)]);
  facts.push(["Share of the file", share(node)]);
  if (node.children.length > 0) facts.push(["Parts", node.children.length.toLocaleString("en")]);
  const table = element("dl", {});
  for (const [name, value] of facts) table.append(element("dt", {}, name), element("dd", {}, value));
  const where = node.parent && node.parent !== root ? [element("small", {}, path(node.parent))] : [];
  tip.replaceChildren(element("b", {}, node.name || "(no name)"), element("em", {}, node.kind), ...where, table);
  tip.hidden = false;
  const { offsetWidth: w, offsetHeight: h } = tip;
  tip.style.left = `${Math.max(4, x + 16 + w > innerWidth ? x - w - 12 : x + 16)}px`;
  tip.style.top = `${Math.max(4, y + 16 + h > innerHeight ? innerHeight - h - 8 : y + 16)}px`;
}

const boxOf = (target) => drawn[target.closest?.("[data-at]")?.dataset.at];

map.addEventListener("mousemove", (event) => {
  const box = boxOf(event.target);
  if (box) showTip(box.node, event.clientX, event.clientY);
  else hideTip();
});
map.addEventListener("mouseleave", hideTip);
map.addEventListener("focusin", (event) => {
  const box = boxOf(event.target);
  if (!box || !event.target.matches(":focus-visible")) return;
  const { left, top } = map.getBoundingClientRect();
  showTip(box.node, left + box.x + Math.min(box.w, 60), top + box.y + Math.min(box.h, 40));
});
map.addEventListener("focusout", hideTip);

// Going in and out.

map.addEventListener("click", (event) => {
  const box = boxOf(event.target);
  if (box) go(box.node, event, box.node.children.length > 0 ? undefined : box.node);
});

map.addEventListener("keydown", (event) => {
  const box = boxOf(event.target);
  const outer = drawn.filter((each) => each.depth === 1);
  let next;
  if (event.key.startsWith("Arrow") && box) next = neighbour(box, event.key);
  else if (event.key === "Home") next = outer[0];
  else if (event.key === "End") next = outer.at(-1);
  else if (event.key !== "Backspace" && event.key !== "Escape") return;
  else if (focus.parent) go(focus.parent, event);
  event.preventDefault();
  if (next) stop(drawn.indexOf(next), true);
});

addEventListener("popstate", () => {
  focus = addressed(location.hash);
  shownRows = rows;
  render();
});

// Search and measure.

$("search").addEventListener("input", (event) => {
  result = find(event.target.value);
  shownRows = rows;
  render();
  say(result.searching ? `${result.found.length} found, ${human(result.sum)}` : "");
});
$("search").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.value = "";
  event.target.dispatchEvent(new Event("input"));
});
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === $("search")) return;
  event.preventDefault();
  $("search").focus();
});
$("more").addEventListener("click", () => {
  shownRows += rows;
  list();
});

for (const input of document.querySelectorAll('input[name="measure"]')) {
  input.disabled = !measures[input.value].known;
  if (input.disabled) input.parentElement.title = "Not known of this file";
  input.addEventListener("change", () => {
    measure = input.value;
    // "Smaller" is another set by another measure.
    while (focus.from !== undefined) focus = focus.parent;
    result = find($("search").value);
    $("overlap").hidden = measure !== "retained";
    render();
  });
}

new ResizeObserver(() => {
  draw(focus);
  legend();
}).observe(map);
// The breadcrumb begins with the file's name: once is enough for the eye.
$("title").classList.toggle("unseen", $("title").textContent === root.name);
focus = addressed(location.hash);
render();
