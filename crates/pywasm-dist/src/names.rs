//! Names the files of a build.

use pywasm_interpreter::{TARGETS, host_target};
use pywasm_report::{Stage, brotli_file_name, module_file_name};

use crate::NativeCompiler;

/// The name of the file with the checksums.
pub const SUMS: &str = "SHA256SUMS";

/// The names of a project's files.
#[derive(Clone, Copy, Debug)]
pub struct FileNames<'a> {
    project: &'a str,
}

impl<'a> FileNames<'a> {
    /// The names for the project of that name.
    #[must_use]
    pub fn new(project: &'a str) -> Self {
        Self { project }
    }

    /// The module.
    #[must_use]
    pub fn module(self) -> String {
        module_file_name(self.project)
    }

    /// The module in Brotli's format.
    #[must_use]
    pub fn brotli(self) -> String {
        brotli_file_name(self.project)
    }

    /// The module in gzip's format.
    #[must_use]
    pub fn gzip(self) -> String {
        self.module() + ".gz"
    }

    /// The module in Zstandard's format.
    #[must_use]
    pub fn zstd(self) -> String {
        self.module() + ".zst"
    }

    /// What the parts of the module are.
    #[must_use]
    pub fn symbols(self) -> String {
        format!("{}.symbols.json", self.project)
    }

    /// The report.
    #[must_use]
    pub fn report(self) -> String {
        format!("{}.report.json", self.project)
    }

    /// Machine code for wasmtime on the target.
    #[must_use]
    pub fn machine_code(self, target: &str) -> String {
        format!("{}.{target}.cwasm", self.project)
    }

    /// Machine code of another engine's compiler.
    #[must_use]
    pub fn native_code(self, compiler: NativeCompiler) -> String {
        format!("{}.{}.{}", self.project, compiler.name(), compiler.suffix())
    }

    /// What a file of machine code was made from.
    #[must_use]
    pub fn code_record(self, code: &str) -> String {
        format!("{code}.json")
    }

    /// All files that one build of the project writes and another does not, such as the `.br`
    /// that the profile `dev` does without.
    pub fn optional(self) -> impl Iterator<Item = String> {
        let stages = Stage::ALL.into_iter().filter(|stage| stage.gives_module());
        let stages = stages.map(move |stage| stage.kept_file(self.project));
        let host = host_target();
        let others = TARGETS.iter().filter(move |target| **target != host);
        let targets = others.map(|target| (*target).to_owned()).chain([host_target()]);
        let machine_code = targets.map(move |target| self.machine_code(&target));
        let native = NativeCompiler::ALL.map(|compiler| self.native_code(compiler));
        let code = machine_code.chain(native).flat_map(move |code| {
            let record = self.code_record(&code);
            [code, record]
        });
        [self.brotli()].into_iter().chain(stages).chain(code)
    }
}
