//! Judges an import by the `try` around it: whether it runs, and what its failure means for the program.

use pywasm_scan::{Condition, Form, Import, ImportTarget, OnFailure, Scan, When};

use crate::available::{Unavailable, needed_names};
use crate::discover::Universe;
use crate::graph::{EdgeKind, Severity};
use crate::loads::Certainty;
use crate::lookup::Lookup;
use crate::request::Origin;

/// What an import means for the program.
pub(crate) struct ImportVerdict {
    /// The word for it in the graph.
    pub(crate) kind: EdgeKind,
    /// What its failure means.
    pub(crate) severity: Severity,
    /// For an import that is made during the import of the importer, whether it runs.
    pub(crate) loads: Option<Certainty>,
    /// Whether the names that it takes from a module have to be defined.
    pub(crate) needs_names: bool,
}

/// Judges an import in a module of this origin. `None` if it never runs.
pub(crate) fn judge(
    import: &Import,
    scan: &Scan,
    origin: Origin,
    universe: &Universe,
    unavailable: &Unavailable,
    lookup: &mut Lookup<'_>,
) -> Option<ImportVerdict> {
    if !is_reached(import, scan, universe, lookup, unavailable)
        || stands_in_for_builtins(import, scan, lookup)
    {
        return None;
    }
    let idle = import.instead.iter().any(|attempt| {
        let mut imports = scan.try_bodies[*attempt].imports.iter();
        imports.all(|target| succeeds(target, universe, lookup, unavailable))
    });
    let severity = severity(import, origin, idle);
    Some(ImportVerdict {
        kind: kind(import),
        severity,
        loads: certainty(import, idle),
        needs_names: severity == Severity::Error
            && import.condition == Condition::Always
            && import.instead.is_empty(),
    })
}

/// Whether the import replaces imports of builtin modules, which cannot fail.
fn stands_in_for_builtins(import: &Import, scan: &Scan, lookup: &Lookup<'_>) -> bool {
    let is_builtin = |target: &ImportTarget| match target {
        ImportTarget::Module(name) => lookup.is_builtin(name),
        ImportTarget::Names { module, .. } => lookup.is_builtin(module),
        ImportTarget::Beyond(_) => false,
    };
    import.instead.iter().any(|attempt| {
        let attempt = &scan.try_bodies[*attempt];
        attempt.only_imports && attempt.imports.iter().all(is_builtin)
    })
}

fn kind(import: &Import) -> EdgeKind {
    match (import.form, import.on_failure, import.when) {
        (Form::Call, ..) => EdgeKind::Dynamic,
        (Form::Statement, OnFailure::Continue, _) => EdgeKind::Optional,
        (Form::Statement, OnFailure::Raise, When::Call) => EdgeKind::Lazy,
        (Form::Statement, OnFailure::Raise, When::Load) => EdgeKind::Static,
    }
}

/// What the import's failure means. `idle` says that the import that it replaces succeeds.
fn severity(import: &Import, origin: Origin, idle: bool) -> Severity {
    let may_not_run = import.when == When::Call || import.condition != Condition::Always;
    match origin {
        _ if import.on_failure == OnFailure::Continue || idle => Severity::Note,
        Origin::Stdlib => Severity::Note,
        Origin::Dependency if may_not_run => Severity::Warning,
        Origin::App | Origin::Dependency => Severity::Error,
    }
}

/// Whether the import runs during the import of its module; `None` for one in a function.
fn certainty(import: &Import, idle: bool) -> Option<Certainty> {
    let is_uncertain = import.condition == Condition::Unknown || import.form == Form::Call || idle;
    match (import.when, import.on_failure) {
        (When::Call, _) => None,
        (When::Load, _) if is_uncertain => Some(Certainty::Conditional),
        (When::Load, OnFailure::Continue) => Some(Certainty::Optional),
        (When::Load, OnFailure::Raise) => Some(Certainty::Always),
    }
}

/// Whether all modules that an import needs can be imported.
pub(crate) fn succeeds(
    wanted: &ImportTarget,
    universe: &Universe,
    lookup: &mut Lookup<'_>,
    unavailable: &Unavailable,
) -> bool {
    needed_names(wanted, universe, lookup)
        .iter()
        .all(|target| !unavailable.contains_key(target))
}

/// Whether the imports before it, in the bodies of `try` statements, let it run.
pub(crate) fn is_reached(
    import: &Import,
    scan: &Scan,
    universe: &Universe,
    lookup: &mut Lookup<'_>,
    unavailable: &Unavailable,
) -> bool {
    import.after.iter().all(|(attempt, done)| {
        let before = &scan.try_bodies[*attempt].imports[..*done];
        before
            .iter()
            .all(|wanted| succeeds(wanted, universe, lookup, unavailable))
    })
}
