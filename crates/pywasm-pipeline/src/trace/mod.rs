//! A project and a world to run it in, what a build has to be told out: the program runs with
//! everything bundled, what it imports and opens is written down, and what a normal build would
//! not bundle of that becomes lines of `include` and `data`.
//!
//! Nothing of C is changed for it: the traced program runs on the whole base, and a module that is
//! added to its image (`_pywasm_trace`) keeps the record. The image is placed behind the base's
//! memory as it starts, so nothing is compiled to machine code anew, and nothing is written to
//! `dist/`.

mod everything;
mod lacking;
mod record;

use std::{collections::BTreeMap, fs};

use pywasm_base::Base;
use pywasm_bundle::image::ImageBuilder;
use pywasm_diagnostic::Diagnostic;
use pywasm_dist::FileNames;
use pywasm_host::WorkFolder;
use pywasm_interpreter::{Command, Image, InterpreterError, Mount, Output, Preset};
use pywasm_project::Project;
use pywasm_report::Stage;
use pywasm_resolve::Origin;
use pywasm_target::abi::{export, guest};
use serde::Serialize;

use crate::{
    Error, Profile, Tools,
    context::{Context, StageSettings},
    stage::{
        StageLog, data, extensions, image,
        link::{self, LinkedBase},
        resolve::{self, Resolution},
    },
};
use record::Record;

/// The paths that a trace's lines name, for the fuzz targets.
pub(crate) fn read_opened(text: &str) -> Vec<String> {
    Record::parse(text).opened.into_iter().collect()
}

/// What the traced program sees of this machine, besides its standard streams.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Arguments, without the program's name.
    pub args: Vec<String>,
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// Folders.
    pub mounts: Vec<Mount>,
}

/// How the traced program ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TraceEnd {
    /// With an exit code.
    Exit(u32),
    /// The module trapped, with this message.
    Trap(String),
}

/// What a trace found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// How the program ended.
    pub ended: TraceEnd,
    /// Modules and patterns that `include` lacks, sorted.
    pub include: Vec<String>,
    /// Globs that `data` lacks, sorted.
    pub data: Vec<String>,
    /// Modules that are nowhere, for which the program ended.
    pub missing: Vec<String>,
    /// Files that were read and that no key can bring, as messages name them, sorted.
    pub unreachable: Vec<String>,
    /// What is wrong with a build that has these lines.
    pub problems: Vec<String>,
    /// How many modules the program imported that were not imported by the interpreter's start.
    pub imported: usize,
    /// How many files of the image it opened.
    pub opened: usize,
}

/// The modules that keep the record, and where: nothing of them is the program's.
const MODULE: &str = "_pywasm_trace";
const SOURCE: &str = include_str!("_pywasm_trace.py");
/// What is added to the module that runs last before the program.
const TAIL: &str = "\nimport _pywasm_trace\ndel sys.modules['_pywasm_trace'], _pywasm_trace\n";
/// The folder that the host mounts for the record, and the record in it.
const MOUNT: &str = "/.pywasm-trace";
const RECORD: &str = "record";

/// Runs the project's program with everything bundled, and tells what a build would lack.
///
/// # Errors
/// When the project cannot be resolved or bundled, or the program not be started. That it fails is
/// no error.
pub fn trace(project: &Project, base: &Base, world: &World, tools: Tools<'_>) -> Result<Trace, Error> {
    if project.component.is_some() {
        let wrong = Diagnostic::new("`trace` runs a program, and this project is a component, whose functions a host calls")
            .with_hint(
                "build it with `--profile dev`; `pywasm run dist/NAME.wasm --explain-imports --invoke CALL` then says \
                 what a call has looked for in vain",
            );
        return Err(Error::Project(wrong.into()));
    }
    let context = Context {
        project,
        base,
        world: None,
        settings: StageSettings::for_questions(),
        tools,
    };
    let mut log = StageLog::new(tools.progress, false, false);
    let normal = resolve::run(&context, &mut log)?;

    tools.progress.step(Stage::Bundle.name());
    let (image, files) = everything(&context, &normal)?;
    let sides = extensions::run(&context, &normal, &mut log)?;
    let linked = link::run(&context, sides, &mut log)?;
    tools.progress.step("run");
    let (ended, record) = run(&context, &linked, &image, world)?;
    tools.progress.step("compare");
    lacking::lacking(&context, ended, &record, &files, normal)
}

/// The image with everything in it, and what of it is the project's or a dependency's.
fn everything(context: &Context<'_>, normal: &Resolution) -> Result<(Vec<u8>, Files), Error> {
    let layout = context.layout();
    let mut image = ImageBuilder::new();
    // Its modules are in the cache of other builds; all else is compiled as it is imported.
    let with_sources = Context {
        settings: StageSettings {
            profile: Profile::Dev,
            ..context.settings
        },
        ..*context
    };
    image::add_modules(&with_sources, &mut image, normal, Some((image::HELPER, TAIL)))?;
    let files = everything::add(context, &mut image)?;
    for file in data::read(context, normal)? {
        if !image.contains(&file.place) {
            image.add_file(&file.place, file.bytes)?;
        }
    }
    image.add_file(&layout.place(Origin::Stdlib, &format!("{MODULE}.py")), SOURCE)?;
    image.add_dir(&layout.folder(Origin::App))?;
    image.add_file(guest::ENTRY, image::entry_file(context, normal))?;
    image.add_file(guest::OMITTED, "")?;
    Ok((image.build()?, files))
}

/// Files of the project and its dependencies by their places in the image, relative to the mount.
type Files = BTreeMap<String, everything::File>;

fn run(
    context: &Context<'_>,
    linked: &LinkedBase<'_>,
    image: &[u8],
    world: &World,
) -> Result<(TraceEnd, Record), Error> {
    let folder = WorkFolder::create().map_err(|error| Error::io("make", &std::env::temp_dir(), error))?;
    let path = folder.path().join(RECORD);
    fs::write(&path, "").map_err(|error| Error::io("write", &path, error))?;
    let mut mounts = world.mounts.clone();
    mounts.push(Mount {
        host: folder.path().to_owned(),
        guest: MOUNT.to_owned(),
        writable: true,
    });
    let command = Command {
        args: [FileNames::new(&context.project.name).module()]
            .into_iter()
            .chain(world.args.iter().cloned())
            .collect(),
        env: world.env.clone(),
        mounts,
        // Standard output is for what the trace finds.
        output: Output::Errors,
        ..Command::default()
    };
    let image = Image {
        export: export::IMAGE,
        bytes: image,
    };
    let interpreter = context.tools.interpreter;
    let ended = match interpreter.run(&linked.read()?, &command, Preset::Image(image)) {
        Ok(exit) => TraceEnd::Exit(exit.code),
        Err(InterpreterError::Trap(trap)) => TraceEnd::Trap(trap),
        Err(error) => return Err(Error::Trace(error)),
    };
    let record = fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
    Ok((ended, Record::parse(&String::from_utf8_lossy(&record))))
}
