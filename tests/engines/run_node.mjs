// Runs a WASI module with Node's own `node:wasi`.
//
// usage: node run_node.mjs [--dir HOST::GUEST]... [--env KEY=VALUE]... MODULE [ARGS...]

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { argv, exit } from "node:process";
import { setFlagsFromString } from "node:v8";
import { WASI } from "node:wasi";

// A function of WASI that V8 calls in the fast way may start a collection of garbage, which that way does not
// allow: the process then dies by SIGSEGV, now and later (https://github.com/nodejs/node/issues/46777).
setFlagsFromString("--no-turbo-fast-api-calls");

const given = argv.slice(2);
const preopens = {};
const env = {};
while (given.length > 0 && given[0].startsWith("--")) {
  const [option, value] = given.splice(0, 2);
  if (option === "--dir") {
    const [host, guest] = value.split("::");
    preopens[guest] = host;
  } else if (option === "--env") {
    const at = value.indexOf("=");
    env[value.slice(0, at)] = value.slice(at + 1);
  } else {
    throw new Error(`unknown option ${option}`);
  }
}

const [file, ...args] = given;
const wasi = new WASI({ version: "preview1", args: [basename(file), ...args], env, preopens });
const module = await WebAssembly.compile(await readFile(file));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
exit(wasi.start(instance));
