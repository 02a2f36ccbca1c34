//! Explains why a module cannot be imported: what it is, the chain of imports that leads to it, and what
//! to do.

use std::path::Path;

use pywasm_diagnostic::{Diagnostic, Location};
use pywasm_project::{closest, normalize};
use pywasm_scan::{Codecs, Line};

use crate::available::{Reason, Unavailable};
use crate::finder::FoundModule;
use crate::graph::Cause;
use crate::lookup::{Lookup, ModulePlace};
use crate::request::{Origin, Request};

/// Why one module cannot be imported, in words.
#[derive(Debug, Clone)]
pub(crate) struct Explanation {
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// A module that cannot be imported, and the imports that need it.
#[derive(Debug)]
pub(crate) struct MissingModule {
    pub(crate) text: Explanation,
    pub(crate) is_error: bool,
    /// Nothing that the build sees has it.
    pub(crate) is_nowhere: bool,
    /// Only `include` names it, so the fault is in the configuration.
    pub(crate) is_usage: bool,
    /// The chain of the first import.
    pub(crate) chain: Vec<String>,
    pub(crate) place: Option<Location>,
    /// How many more imports name it.
    pub(crate) others: usize,
}

impl MissingModule {
    /// The program adds to its import path, so a folder of the host may have the module.
    pub(crate) fn allow_external(&mut self, name: &str) {
        self.is_error = false;
        let top = name.split('.').next().unwrap_or(name);
        self.text.hint = format!(
            "the program changes `sys.path`: if a mounted folder or a zip file will have the module, say so: `external = [\"{top}\"]`"
        );
    }

    pub(crate) fn into_diagnostic(self) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.text.message).with_hint(self.text.hint);
        diagnostic.location = self.place;
        if self.is_usage {
            diagnostic = diagnostic.as_usage();
        }
        if self.chain.len() > 1 || diagnostic.location.is_none() {
            let lines: Vec<String> = self.chain.iter().map(|step| format!("\n  {step}")).collect();
            diagnostic = diagnostic.with_note(format!("the imports that lead to it:{}", lines.concat()));
        }
        match self.others {
            0 => diagnostic,
            1 => diagnostic.with_note("and 1 more import of it"),
            others => diagnostic.with_note(format!("and {others} more imports of it")),
        }
    }
}

/// Explains why a module cannot be imported. `included` says that the project's `include` names it.
pub(crate) fn explain(
    name: &str,
    reason: &Reason,
    located: &ModulePlace,
    request: &Request,
    lookup: &mut Lookup<'_>,
    unavailable: &Unavailable,
    included: bool,
) -> Explanation {
    let do_without = match included {
        true => "correct the name in `include`, or remove it".to_owned(),
        false => format!(
            "if the program works without it, catch the ImportError, or leave it out: `exclude = [\"{name}\"]`"
        ),
    };
    let top = name.split('.').next().unwrap_or(name);
    match reason {
        Reason::Excluded => Explanation {
            message: format!("module `{name}` is left out by `exclude`"),
            hint: do_without,
        },
        Reason::Refuses(text) => Explanation {
            message: match (lookup.origin(located), text.as_str()) {
                (Origin::Stdlib, "") => format!("module `{name}` is not available on WASI"),
                (Origin::Stdlib, text) => {
                    format!("module `{name}` is not available on WASI: {text}")
                }
                (_, "") => format!("module `{name}` raises ImportError when it is imported on WASI"),
                (_, text) => {
                    format!("module `{name}` raises ImportError when it is imported on WASI: {text}")
                }
            },
            hint: do_without,
        },
        Reason::Needs(_) => {
            let (needed, why) = follow_needs(&lookup.tables.unalias(name), unavailable);
            let message = match (lookup.origin(located), why) {
                (Origin::Stdlib, Some(Reason::Refuses(text))) if !text.is_empty() => {
                    format!(
                        "module `{name}` is not available on WASI because `{needed}` raises ImportError: {text}"
                    )
                }
                (Origin::Stdlib, _) => {
                    format!("module `{name}` is not available on WASI because it needs `{needed}`")
                }
                _ => format!("module `{name}` cannot be imported without `{needed}`"),
            };
            Explanation {
                message,
                hint: do_without,
            }
        }
        Reason::Missing => {
            if let Some(file) = lookup.finder.find_extension(name) {
                return Explanation {
                    message: format!(
                        "module `{name}` is compiled code, and there is no build of it for WASI: `{file}`"
                    ),
                    hint: format!("`pywasm check` suggests what to do; {do_without}"),
                };
            }
            let has_top = lookup.exists(top);
            if request.stdlib_names.contains(top) && !has_top {
                return Explanation {
                    message: format!("module `{name}` is not available on WASI"),
                    hint: do_without,
                };
            }
            explain_unknown(name, top, has_top, request, lookup, do_without)
        }
    }
}

/// Finds the module that makes an import fail, and why that one cannot be imported.
pub(crate) fn find_cause(
    name: &str,
    reason: &Reason,
    request: &Request,
    lookup: &mut Lookup<'_>,
    unavailable: &Unavailable,
) -> (String, Cause) {
    let (needs, reason) = match reason {
        Reason::Needs(_) => follow_needs(name, unavailable),
        reason => (name.to_owned(), Some(reason)),
    };
    let top = needs.split('.').next().unwrap_or(&needs).to_owned();
    let cause = match reason {
        Some(Reason::Excluded) => Cause::Excluded,
        Some(Reason::Refuses(_)) => {
            let located = lookup.locate(&needs);
            match lookup.origin(&located) {
                Origin::Stdlib => Cause::NotOnWasi,
                _ => Cause::Refuses,
            }
        }
        _ => match lookup.finder.find_extension(&needs) {
            Some(file) => Cause::Native(file),
            None if request.stdlib_names.contains(&top) && !lookup.exists(&top) => Cause::NotOnWasi,
            None => Cause::Nowhere,
        },
    };
    (needs, cause)
}

/// Explains that a module does not exist anywhere.
fn explain_unknown(
    name: &str,
    top: &str,
    has_top: bool,
    request: &Request,
    lookup: &mut Lookup<'_>,
    do_without: String,
) -> Explanation {
    if has_top && name != top {
        let (parent, tail) = name.rsplit_once('.').unwrap_or(("", name));
        let is_package = match lookup.locate(parent) {
            ModulePlace::Disk(found) => found.is_package(),
            _ => false,
        };
        if !is_package {
            return Explanation {
                message: format!("there is no module `{name}`: `{parent}` is not a package"),
                hint: do_without,
            };
        }
        let prefix = format!("{parent}.");
        let siblings = lookup.finder.modules_in(Some(parent));
        let names = siblings
            .iter()
            .filter_map(|sibling| sibling.strip_prefix(&prefix));
        let hint = closest(tail, names).map_or(do_without, |near| format!("did you mean `{parent}.{near}`?"));
        return Explanation {
            message: format!("there is no module `{name}` in the package `{parent}`"),
            hint,
        };
    }
    let message = format!(
        "there is no module `{top}`: neither in the app, nor in its dependencies, nor in Python's standard library"
    );
    let declared = request.dependencies.iter().map(|text| distribution_name(text));
    if let Some(found) = declared
        .into_iter()
        .find(|found| normalize(found) == normalize(top))
    {
        let hint = format!(
            "`{found}` is a dependency of the project, and `pywasm build` installs it unless the project sets `install = false`; in that case, put it into a folder that `paths` names"
        );
        return Explanation { message, hint };
    }
    let own = lookup.finder.modules_in(None);
    let names = own
        .iter()
        .map(String::as_str)
        .filter(|name| !name.starts_with('_'))
        .chain(
            request
                .builtins
                .iter()
                .map(String::as_str)
                .filter(|name| !name.starts_with('_')),
        );
    let hint = match closest(top, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("name the folder that it is in: `paths = [\"...\"]`; {do_without}"),
    };
    Explanation { message, hint }
}

/// Follows a chain of needs to its last module, and gives the reason why that one cannot be imported.
fn follow_needs<'u>(name: &str, unavailable: &'u Unavailable) -> (String, Option<&'u Reason>) {
    let mut needed = name.to_owned();
    // A chain has no circles, since each step was found through the next. The bound is for safety.
    for _ in 0..1000 {
        match unavailable.get(&needed) {
            Some(Reason::Needs(next)) => needed.clone_from(next),
            reason => return (needed, reason),
        }
    }
    (needed, None)
}

/// Takes the name of a dependency from `name[extra] >= 1; marker`.
fn distribution_name(text: &str) -> String {
    let name = |c: &char| c.is_ascii_alphanumeric() || "-_.".contains(*c);
    text.trim().chars().take_while(name).collect()
}

/// Makes the location of a line of a file, with the line's text.
pub(crate) fn locate_line(path: &Path, shown: &str, line: Option<Line>, codecs: &Codecs) -> Location {
    let mut place = Location::line(shown, line.map_or(0, Line::number));
    if let Some(line) = line
        && let Ok(source) = pywasm_scan::read_source(path, codecs)
    {
        // Universal newlines, as the parser counts them.
        let text = source.text.replace("\r\n", "\n").replace('\r', "\n");
        let at = usize::try_from(line.number() - 1).unwrap_or(usize::MAX);
        if let Some(text) = text.lines().nth(at) {
            let trimmed = text.trim_start();
            let indent = text.chars().count() - trimmed.chars().count();
            place.column = u32::try_from(indent + 1).unwrap_or(u32::MAX);
            place.width = u32::try_from(trimmed.trim_end().chars().count()).unwrap_or(u32::MAX);
            place.text = text.to_owned();
        }
    }
    place
}

/// Whether the module is a package, for messages about `__main__`.
pub(crate) fn is_package(located: &ModulePlace) -> bool {
    matches!(located, ModulePlace::Disk(FoundModule::Source(source)) if source.is_package)
        || matches!(located, ModulePlace::Disk(FoundModule::Namespace(_)))
}
