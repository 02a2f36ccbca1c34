// Runs a Python file in pyodide under node.
// usage: node pyodide.mjs FOLDER FILE [ARGUMENT...]; FOLDER has pyodide.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, file, ...rest] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: folder, args: [] });
python.runPython(`import sys; sys.argv[:] = ${JSON.stringify([file, ...rest])}`);
python.runPython(readFileSync(file, "utf8"), { globals: python.toPy({ __name__: "__main__" }) });
