// Runs a Python file in pyodide under node, with the modules and data beside it.
// usage: node pyodide.mjs FOLDER FILE [ARGUMENT...]; FOLDER has pyodide.
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, file, ...rest] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: folder, args: [] });
python.mountNodeFS("/program", dirname(file));
python.runPython(`import sys; sys.path.insert(0, "/program"); sys.argv[:] = ${JSON.stringify([file, ...rest])}`);
try {
  python.runPython(readFileSync(file, "utf8"), { globals: python.toPy({ __name__: "__main__" }) });
} catch (error) {
  console.error(error.message); // the traceback
  process.exit(1);
}
