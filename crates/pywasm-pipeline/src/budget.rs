//! A finished build's report in, the same with its budgets judged out. Only what is built as
//! small as it gets is judged: a build with `--profile dev` is meant to be large.

use pywasm_diagnostic::Diagnostic;
use pywasm_project::Project;
use pywasm_release::archive;
use pywasm_report::{Report, budget};

use crate::{Error, Profile, tell};

/// What the build will be compared with; read before it begins, so that a wrong file stops it.
pub(crate) fn baseline(project: &Project, profile: Profile) -> Result<budget::Baseline, Error> {
    if profile == Profile::Dev {
        return Ok(budget::Baseline::None);
    }
    project.budget.baseline(&project.root).map_err(Error::Baseline)
}

/// Enters the rows and their warnings into the report, and gives the warnings back.
pub(crate) fn judge(
    project: &Project,
    profile: Profile,
    baseline: &budget::Baseline,
    module: &[u8],
    report: &mut Report,
) -> Vec<Diagnostic> {
    let wanted = &project.budget;
    if profile == Profile::Dev || wanted.is_empty() {
        return Vec::new();
    }
    let gzip = wanted
        .limits
        .wants_gzip()
        .then(|| archive::gzip(module).len() as u64);
    report.budgets = budget::judge(report, &wanted.limits, gzip, baseline);
    let warnings = wanted.warnings(report, &report.budgets, baseline);
    report.warnings.extend(warnings.iter().map(tell::warning));
    warnings
}
