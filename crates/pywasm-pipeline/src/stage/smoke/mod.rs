//! The optimized module and a twin of the image in, nothing out, or the modules of the app that
//! cannot be imported: the artifact is started once before anything is written.
//!
//! The twin of the image differs in its entry: `_pywasm_smoke` imports the app's modules in the
//! place of the program. It starts as the artifact does, with or without a snapshot, and with the
//! machine code that each build on the same parts of the interpreter shares. In its world there is
//! no argument, folder or input, and no variable but those of `[tool.pywasm.env]`.

use std::collections::{BTreeMap, BTreeSet};

use pywasm_bundle::image::ImageBuilder;
use pywasm_diagnostic::Diagnostic;
use pywasm_interpreter::{Command, Image, Input, Interpreter, Output, Preset};
use pywasm_report::Stage;
use pywasm_resolve::{EntryKind, Module, ModuleKind, Origin, Preload};
use pywasm_target::abi::{export, guest};

use super::{
    StageLog,
    image::GuestImage,
    image::start_modules,
    optimize::OptimizedModule,
    resolve::Resolution,
    shake::{ShakenModule, Twin},
    sources::Sources,
};
use crate::{Error, context::Context};

/// The module that imports, in the image's twin only.
pub(crate) const MODULE: &str = "_pywasm_smoke";
/// Its source.
pub(crate) const SOURCE: &str = include_str!("_pywasm_smoke.py");

/// How much the imports may print.
const MOST_OUTPUT: usize = 4 << 20;

/// Adds what the twin of an image has besides the image's own files, but for [`MODULE`].
pub(crate) fn add_smoke_entry(image: &mut ImageBuilder, resolution: &Resolution) -> Result<(), Error> {
    let entry = format!(
        "kind=function\nmodule={MODULE}\nfunction=run\nprogram={MODULE}\nstart={}\n",
        start_modules(resolution)
    );
    image.add_file(guest::ENTRY, entry)?;
    image.add_file(guest::SMOKE, names(resolution)?)?;
    Ok(())
}

/// What to import, one name a line, in the order of the program as far as it is known: what the
/// entry surely imports, the entry where importing it does not run the program, and the app's
/// other modules and packages that are in no package.
fn names(resolution: &Resolution) -> Result<String, Error> {
    let graph = &resolution.graph;
    let mut lines = String::new();
    let mut seen = BTreeSet::new();
    for loaded in graph.preload(Preload::App) {
        lines += &format!("{loaded}\n");
        seen.insert(loaded.name);
    }
    let entry = &graph.entry;
    for module in graph.modules.values() {
        let ModuleKind::Source { .. } = &module.kind else {
            continue;
        };
        let is_main = module.name == entry.module && entry.kind != EntryKind::Function;
        let wanted = match is_main {
            true => has_guard(module, &resolution.sources)?,
            false => module.origin == Origin::App && !module.is_whole && !module.name.contains('.'),
        };
        if wanted && seen.insert(module.name.clone()) {
            lines += &format!("{}\n", module.name);
        }
    }
    Ok(lines)
}

/// Whether the module has an `if __name__ == "__main__":`, so that importing it under its own name
/// does not run the program.
fn has_guard(module: &Module, sources: &Sources) -> Result<bool, Error> {
    let ModuleKind::Source { path, .. } = &module.kind else {
        return Ok(false);
    };
    let bytes = sources.read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let guard = |line: &str| {
        line.starts_with("if")
            && line.contains("__name__")
            && line.contains("__main__")
            && line.contains("==")
    };
    Ok(text.lines().any(guard))
}

/// Starts the artifact on the twin of its image, where there is one.
pub(crate) fn run(
    context: &Context<'_>,
    optimized: &OptimizedModule,
    shaken: &ShakenModule,
    image: &GuestImage,
    log: &mut StageLog<'_>,
) -> Result<(), Error> {
    let Some(image) = &image.smoke else {
        return Ok(());
    };
    let image = Image {
        export: export::IMAGE,
        bytes: image,
    };
    let environment = &context.project.environment;
    let interpreter = context.tools.interpreter;
    log.time(Stage::Smoke, || {
        start(interpreter, optimized, shaken.twin.as_ref(), image, environment)
    })
}

fn start(
    interpreter: &dyn Interpreter,
    optimized: &OptimizedModule,
    twin: Option<&Twin>,
    image: Image<'_>,
    environment: &BTreeMap<String, String>,
) -> Result<(), Error> {
    // What the program has done with the compiler in its rehearsal, the test does here: without a
    // compiler it can only run in the twin, which has one.
    let needs_twin = twin.is_some_and(|twin| !twin.cut.is_empty());
    let module = match twin {
        Some(twin) if needs_twin => &twin.module,
        _ => &optimized.bytes,
    };
    let memory = match twin {
        None => None,
        Some(twin) => {
            let snapshot = interpreter.snapshot(&twin.module, image, None);
            Some(snapshot.map_err(Error::Smoke)?.memory)
        }
    };
    let (function, preset) = match &memory {
        None => (export::START, Preset::Image(image)),
        Some(memory) => (export::RESUME, Preset::Memory(memory)),
    };
    let command = Command {
        function: function.to_owned(),
        args: vec![MODULE.to_owned()],
        env: environment.clone().into_iter().collect(),
        input: Input::Bytes(Vec::new()),
        output: Output::Capture(MOST_OUTPUT),
        ..Command::default()
    };
    let exit = interpreter.run(module, &command, preset).map_err(Error::Smoke)?;
    let failures = failures(&String::from_utf8_lossy(&exit.stderr), exit.code);
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Error::Imports(failures))
    }
}

/// What cannot be imported, each with its traceback.
fn failures(stderr: &str, code: u32) -> Vec<Diagnostic> {
    let marks = ['\0', '\x01'];
    let mut failures = Vec::new();
    // What is being imported; empty before the first and after the last.
    let (mut current, mut rest_of_current) = ("", stderr);
    for (at, mark) in stderr.match_indices(marks) {
        let rest = &stderr[at + 1..];
        let rest = &rest[..rest.find(marks).unwrap_or(rest.len())];
        let (name, text) = rest.split_once('\n').unwrap_or((rest, ""));
        if mark == "\x01" {
            failures.push(failure(name, text));
        }
        (current, rest_of_current) = (name, text);
    }
    if !stderr.contains("\0\n") {
        let ended = format!("{rest_of_current}the program ended with exit code {code}");
        failures.push(failure(current, &ended));
    }
    failures
}

fn failure(name: &str, text: &str) -> Diagnostic {
    Diagnostic::new(format!("the artifact cannot import `{name}`"))
        .with_note(text.trim_end())
        .with_hint(
            "nothing was written; it is imported without arguments and folders, and with the variables of \
             [tool.pywasm.env]: if it needs more, build with --no-smoke, or do it in a function",
        )
}

#[cfg(test)]
mod tests {
    use super::failures;

    #[test]
    fn what_fails_is_told_with_its_traceback() {
        let told = failures("\0a\nnoise\n\0b\n\x01b\nTraceback\nValueError: no\n\0c\n\0\n", 0);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].message, "the artifact cannot import `b`");
        assert_eq!(told[0].notes, ["Traceback\nValueError: no"]);
        assert!(failures("\0a\n\0\n", 0).is_empty());
        assert!(failures("\0\n", 0).is_empty());
    }

    #[test]
    fn an_import_that_ends_the_process_is_told() {
        let told = failures("\0a\n\0b\nbye\n", 3);
        assert_eq!(told[0].message, "the artifact cannot import `b`");
        assert_eq!(told[0].notes, ["bye\nthe program ended with exit code 3"]);
    }
}
