//! The engines: our own command and three that are not ours. In: an app's artifact and a case.
//! Out: the process to start.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    app::App,
    case::{Case, Mount},
    setup,
};

/// What runs an artifact.
#[derive(Clone, Copy)]
pub(crate) enum Engine {
    /// `pywasm run NAME.wasm`
    Pywasm,
    /// `pywasm run NAME.wasm.br`
    PywasmBrotli,
    /// `pywasm run NAME.TARGET.cwasm`
    PywasmAot,
    /// The Python package `wasmtime`.
    WasmtimePython,
    /// Node's `node:wasi`.
    Node,
    /// The wasmi command.
    Wasmi,
}

impl Engine {
    /// What a message calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pywasm => "pywasm run",
            Self::PywasmBrotli => "pywasm run (.wasm.br)",
            Self::PywasmAot => "pywasm run (.cwasm)",
            Self::WasmtimePython => "the Python package wasmtime",
            Self::Node => "node:wasi",
            Self::Wasmi => "wasmi",
        }
    }

    /// The command that runs a case.
    pub(crate) fn command(self, app: &App, case: &Case, dir: &Path, mounts: &[Mount]) -> Command {
        let wasm = app.dist().wasm();
        match self {
            Self::Pywasm => pywasm(&wasm, case, dir, mounts),
            Self::PywasmBrotli => pywasm(&app.dist().file("wasm.br"), case, dir, mounts),
            Self::PywasmAot => pywasm(&app.ahead_of_time().machine_code(), case, dir, mounts),
            Self::WasmtimePython => {
                let mut command = setup::limited(setup::wasmtime_python(), dir);
                command.arg(driver("run_wasmtime.py"));
                driven(command, &wasm, case, mounts)
            }
            Self::Node => {
                let mut command = setup::limited("node", dir);
                command.arg("--no-warnings").arg(driver("run_node.mjs"));
                driven(command, &wasm, case, mounts)
            }
            Self::Wasmi => {
                // wasmi mounts a folder under the name by which it is given.
                let mut command = setup::limited(setup::wasmi(), dir);
                command.args(mounts.iter().flat_map(|mount| ["--dir", &mount.name]));
                for (name, value) in &case.env {
                    command.arg("--env").arg(format!("{name}={value}"));
                }
                command.arg(&wasm).args(&case.args);
                command
            }
        }
    }
}

fn pywasm(file: &Path, case: &Case, dir: &Path, mounts: &[Mount]) -> Command {
    let mut command = setup::pywasm(dir);
    command.arg("run").arg(file);
    options(&mut command, case, mounts);
    command.arg("--").args(&case.args);
    command
}

/// The drivers take the options of `pywasm run`, before the file.
fn driven(mut command: Command, wasm: &Path, case: &Case, mounts: &[Mount]) -> Command {
    options(&mut command, case, mounts);
    command.arg(wasm).args(&case.args);
    command
}

fn options(command: &mut Command, case: &Case, mounts: &[Mount]) {
    for mount in mounts {
        command
            .arg("--dir")
            .arg(format!("{}::/{}", mount.host.display(), mount.name));
    }
    for (name, value) in &case.env {
        command.arg("--env").arg(format!("{name}={value}"));
    }
}

/// The program that runs a module in an engine.
pub(crate) fn driver(file: &str) -> PathBuf {
    setup::root().join("tests/engines").join(file)
}
