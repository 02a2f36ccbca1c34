// A page's file in, a headless Chromium that shows it out, driven by the browser's own protocol over
// a pipe: clicks and keys are those of a real mouse and keyboard, and nothing else is to be installed.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
  "--remote-debugging-pipe",
];

export class Browser {
  #child;
  #profile = mkdtempSync(join(tmpdir(), "pywasm-browser-"));
  #calls = new Map();
  #session;
  #loaded;
  /** Addresses that the page asked for, and what it complained about. */
  requests = [];
  complaints = [];

  static async start({ width = 1280, height = 800, dark = false } = {}) {
    const browser = new Browser();
    const program = process.env.PYWASM_CHROMIUM ?? "chromium";
    const options = [...flags, `--user-data-dir=${browser.#profile}`, "about:blank"];
    browser.#child = spawn(program, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.#child.on("error", (error) => browser.#fail(error));
    browser.#child.on("exit", (code) => browser.#fail(new Error(`chromium ended with ${code}`)));
    let text = "";
    browser.#child.stdio[4].setEncoding("utf8").on("data", (chunk) => {
      const messages = (text + chunk).split("\0");
      text = messages.pop();
      messages.forEach((message) => browser.#take(JSON.parse(message)));
    });
    const { targetInfos } = await browser.call("Target.getTargets");
    const { targetId } = targetInfos.find(({ type }) => type === "page");
    browser.#session = (await browser.call("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    await Promise.all(["Page", "Runtime", "Network", "Log"].map((domain) => browser.call(`${domain}.enable`)));
    await browser.call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await browser.dark(dark);
    return browser;
  }

  call(method, params = {}) {
    const id = this.#calls.size + 1;
    this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`);
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  #take({ id, result, error, method, params }) {
    if (id !== undefined) {
      const { resolve, reject } = this.#calls.get(id);
      if (error) reject(new Error(error.message));
      else resolve(result);
    }
    if (method === "Page.loadEventFired") this.#loaded?.();
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.exception?.description);
    if (method === "Log.entryAdded") this.complaints.push(params.entry.text);
  }

  #fail(error) {
    for (const { reject } of this.#calls.values()) reject(error);
  }

  dark(on) {
    const features = [{ name: "prefers-color-scheme", value: on ? "dark" : "light" }];
    return this.call("Emulation.setEmulatedMedia", { features });
  }

  async open(file) {
    const loaded = new Promise((resolve) => (this.#loaded = resolve));
    await this.call("Page.navigate", { url: pathToFileURL(file).href });
    await loaded;
  }

  /** What the code gives in the page, after the page had time to lay itself out. */
  async evaluate(code) {
    const expression = `new Promise((done) => requestAnimationFrame(() => setTimeout(done))).then(() => (${code}))`;
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async move(x, y) {
    await this.call("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
  }

  async click(x, y) {
    await this.move(x, y);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.call("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
    }
  }

  async press(key, code = 0, text) {
    for (const type of ["keyDown", "keyUp"]) {
      await this.call("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code, text });
    }
  }

  async type(text) {
    await this.call("Input.insertText", { text });
  }

  async screenshot() {
    return Buffer.from((await this.call("Page.captureScreenshot", { format: "png" })).data, "base64");
  }

  async close() {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
