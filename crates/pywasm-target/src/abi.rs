//! Names what pywasm and a base agree on: what a base exports, the data that shaking and linking
//! look for in it, and where its runtime finds things in the guest.
//! `docs/internals/architecture.md` describes each; the base's runtime in C has the same names.

/// What a base or an artifact exports.
pub mod export {
    /// The memory.
    pub const MEMORY: &str = "memory";
    /// The start of an artifact.
    pub const START: &str = "_start";
    /// The start of a component's module, which goes on living.
    pub const INITIALIZE: &str = "_initialize";
    /// The start of an artifact after its snapshot.
    pub const RESUME: &str = "pywasm_resume";
    /// Starts the interpreter for a snapshot.
    pub const SNAPSHOT: &str = "pywasm_snapshot";
    /// Tidies up, so that the memory can be taken.
    pub const SETTLE: &str = "pywasm_settle";
    /// Writes the Python stack.
    pub const WHERE: &str = "pywasm_where";
    /// Lists what is in the heap.
    pub const OBJECTS: &str = "pywasm_objects";
    /// The buffer for the Python stack.
    pub const SCRATCH: &str = "pywasm_scratch";
    /// A plain `python` command line, which only a base needs.
    pub const COMMAND_LINE: &str = "pywasm_python";
    /// Where the start of an artifact looks for what goes back to an earlier memory.
    pub const FALLBACK: &str = "pywasm_fallback";
    /// Where the interpreter looks for the image.
    pub const IMAGE: &str = "pywasm_image";
}

/// Data symbols of a base.
pub mod symbol {
    /// CPython's table of builtin modules: name and init function, four bytes each.
    pub const INITTAB: &str = "_PyImport_Inittab";
    /// The table of the interpreter's syntax-tree objects.
    pub const PART_AST: &str = "pywasm_part_ast";
    /// The table of the interpreter's parser and compiler.
    pub const PART_COMPILER: &str = "pywasm_part_compiler";
    /// The table of what makes the constructors of named tuples.
    pub const PART_TUPLES: &str = "pywasm_part_tuples";
    /// The table of files that the runtime makes itself, such as those in `/tmp`.
    pub const PART_FILES: &str = "pywasm_part_files";
    /// The table of frozen modules, and its code: the two halves of importlib, which an interpreter runs
    /// when it is made.
    pub const FROZEN: [&str; 3] = [
        "bootstrap_modules",
        "_Py_M__importlib__bootstrap",
        "_Py_M__importlib__bootstrap_external",
    ];
    /// The list of linked extension modules.
    pub const EXTENSIONS: &str = "pywasm_extensions";
}

/// Modules of a base that come before the program, in this order, where it needs what they prepare.
pub mod start {
    /// Gives it the builtins that `site` adds.
    pub const SITE: &str = "_pywasm_site";
    /// Gives what is built in its docstrings.
    pub const DOCSTRINGS: &str = "_pywasm_docs";
    /// Both.
    pub const MODULES: [&str; 2] = [SITE, DOCSTRINGS];
}

/// Paths in the guest.
pub mod guest {
    /// Where the image is mounted.
    pub const MOUNT: &str = "/pywasm";
    /// The app's modules and data files, below the mount.
    pub const APP: &str = "app";
    /// How to start the program, below the mount.
    pub const ENTRY: &str = "etc/entry";
    /// The names of modules that were left out, below the mount.
    pub const OMITTED: &str = "etc/left-out";
    /// The modules that the smoke test imports, below the mount of the image's twin.
    pub const SMOKE: &str = "etc/smoke";
    /// `sys.prefix` of the plain `python` command line in a base.
    pub const PREFIX: &str = "/usr/local";
}
