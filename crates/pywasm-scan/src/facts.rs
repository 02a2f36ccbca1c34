//! Names the facts of a file that are not names in it: what leads to the interpreter's compiler.

/// A file uses one of the functions that compile source text.
pub const BUILTINS: &[&str] = &["builtin compile", "builtin eval", "builtin exec"];

/// A file may hand `typing` a string as a type, which compiles it.
pub const TEXT: &str = "typing text";

/// A file takes modules out of `sys.modules`.
pub const DELETES_MODULES: &str = "sys.modules deleted";

/// Functions whose call returns a decorator. Only as a decorator does their use end with the top level.
pub const DECORATORS: &[&str] = &["dataclass"];
