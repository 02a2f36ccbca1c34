// A page that `pywasm_size::html` wrote, in Chromium: areas, clicks, keys, search and the three
// measures. In: the page, one of a large tree, and where the screenshots go. Ends with 0 if all holds.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";

const [page, large, shots] = process.argv.slice(2);
const browser = await Browser.start();

const close = (actual, expected, what) =>
  assert.ok(Math.abs(actual - expected) <= 0.01 * expected, `${what}: ${actual} is not within 1 % of ${expected}`);

/** What is drawn, with the boxes that the browser gives it. */
const picture = () =>
  browser.evaluate(`(() => {
    const box = (of) => { const { x, y, width, height } = of.getBoundingClientRect(); return { x, y, width, height }; };
    const tiles = [...document.querySelectorAll("#map .tile")].map((tile) => ({
      ...box(tile),
      size: Number(tile.dataset.size),
      outer: tile.localName === "button",
      open: drawn[tile.dataset.at].open,
      name: tile.ariaLabel ?? "",
    }));
    const texts = (selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent);
    return {
      map: box(document.getElementById("map")),
      tiles,
      outer: tiles.filter((tile) => tile.outer),
      crumbs: texts("#crumbs button"),
      list: texts("#list tbody td:first-child button"),
      title: document.getElementById("list-title").textContent,
      total: root.bytes,
      brotli: root.brotli,
      focused: document.activeElement.ariaLabel,
    };
  })()`);

const area = (tiles) => tiles.reduce((sum, { width, height }) => sum + width * height, 0);
const sum = (tiles) => tiles.reduce((total, { size }) => total + size, 0);

/** The buttons fill the map in proportion, and so do all the tiles in them that are not open. */
function checkAreas({ map, tiles, outer }, total) {
  const whole = map.width * map.height;
  close(sum(outer), total, "the bytes of the parts");
  close(area(outer), whole, "the area of the parts");
  const innermost = tiles.filter(({ open }) => !open);
  assert.ok(innermost.length > outer.length, "something is drawn inside the parts");
  close(area(innermost), whole, "the area of what is in them");
  close(sum(innermost), total, "the bytes of what is in them");
  for (const tile of tiles) {
    const expected = (whole * tile.size) / total;
    // A hundredth, or what the browser rounds a side to.
    const slack = 0.01 * expected + (tile.width + tile.height) / 32;
    assert.ok(Math.abs(tile.width * tile.height - expected) <= slack, `${tile.name}: its area is not its share`);
  }
}

const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
const shot = async (name) => writeFileSync(join(shots, `${name}.png`), await browser.screenshot());

/** Clicks with the mouse on what the code finds. */
async function click(code) {
  const [x, y] = await browser.evaluate(
    `(() => { const { x, y, width, height } = (${code}).getBoundingClientRect(); return [x + width / 2, y + height / 2]; })()`,
  );
  await browser.click(x, y);
}

try {
  await browser.open(page);
  const start = await picture();
  assert.deepEqual(start.crumbs, ["hello.wasm"]);
  checkAreas(start, start.total);
  await shot("treemap-light");
  await browser.dark(true);
  await shot("treemap-dark");

  // In with the mouse: on the name of a part, which lies over what is in it.
  await click(`[...document.querySelectorAll(".chip b")].find((name) => name.textContent === "interpreter")`);
  const inside = await picture();
  assert.deepEqual(inside.crumbs, ["hello.wasm", "interpreter"]);
  checkAreas(inside, sum(inside.outer));
  await shot("treemap-inside");

  // Out by the breadcrumb, and in again by the browser's own way back.
  await click(`document.querySelector("#crumbs button")`);
  assert.deepEqual((await picture()).crumbs, ["hello.wasm"]);
  await browser.evaluate("history.back()");
  assert.deepEqual((await picture()).crumbs, ["hello.wasm", "interpreter"]);
  await browser.evaluate("history.forward()");

  // With keys only: back on the part that was left, to the largest, in, and out.
  await browser.evaluate(`document.querySelector('#map button[tabindex="0"]').focus()`);
  await browser.press("Home", 36);
  const largest = (await picture()).focused;
  assert.match(largest, /^interpreter, .* kB, \d+ %, 2 parts$/);
  await browser.press("Enter", 13, "\r");
  assert.deepEqual((await picture()).crumbs, ["hello.wasm", "interpreter"]);
  await browser.press("Backspace", 8);
  const back = await picture();
  assert.deepEqual(back.crumbs, ["hello.wasm"]);
  assert.equal(back.focused, largest);
  await browser.press("ArrowRight", 39);
  assert.notEqual((await picture()).focused, largest);

  // A tooltip under the mouse.
  await browser.move(...middle(back.outer.at(-1)));
  assert.match(await browser.evaluate(`document.getElementById("tip").innerText`), /Share of the file/);

  // Names are text, whatever they are.
  await browser.press("/", 191, "/");
  await browser.type("<img");
  const found = await picture();
  assert.deepEqual(found.list, ["<img src=x onerror=document.title='taken'>"]);
  assert.match(found.title, /^1 found, /);
  assert.equal(await browser.evaluate("document.images.length"), 0);
  await shot("treemap-search");
  await browser.press("Escape", 27);

  // The other measures.
  await click(`document.querySelector('input[value="brotli"]')`);
  const brotli = await picture();
  checkAreas(brotli, brotli.brotli);
  await click(`document.querySelector('input[value="retained"]')`);
  const retained = await picture();
  close(area(retained.outer), retained.map.width * retained.map.height, "the area by retained size");
  assert.ok(await browser.evaluate(`document.getElementById("overlap").innerText.includes("do not agree")`));

  // Ten thousand nodes: not more is drawn than can be seen, and what is too small can be opened.
  await browser.open(large);
  const many = await picture();
  assert.ok(many.tiles.length < 5200, `${many.tiles.length} tiles are drawn`);
  checkAreas(many, many.total);
  await click(`[...document.querySelectorAll(".tile.rest")].sort((a, b) => b.dataset.size - a.dataset.size)[0]`);
  const smaller = await picture();
  assert.match(smaller.crumbs.at(-1), /^[\d,]+ smaller$/);
  close(area(smaller.outer), smaller.map.width * smaller.map.height, "the area of what was too small");

  assert.deepEqual(browser.complaints, []);
  assert.ok(browser.requests.every((url) => url.startsWith("file:") && url.includes(".html")), `${browser.requests}`);
} finally {
  await browser.close();
}
