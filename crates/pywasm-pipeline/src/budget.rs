//! Judges a finished build by the project's budgets. Only what is built as small as it gets is
//! judged: a build with `--profile dev` is meant to be large.

use pywasm_diagnostic::Diagnostic;
use pywasm_report::{Report, budget};

use crate::{Error, Profile, context::Context, report::warning};

/// What the build will be compared with; read before it begins, so that a wrong file stops it.
pub(crate) fn baseline(context: &Context<'_>) -> Result<budget::Baseline, Error> {
    let project = context.project;
    if context.settings.profile == Profile::Dev {
        return Ok(budget::Baseline::None);
    }
    project.budget.baseline(&project.root).map_err(Error::Baseline)
}

/// Enters the rows and their warnings into the report, and gives the warnings back.
pub(crate) fn judge(
    context: &Context<'_>,
    baseline: &budget::Baseline,
    module: &[u8],
    report: &mut Report,
) -> Vec<Diagnostic> {
    let wanted = &context.project.budget;
    if context.settings.profile == Profile::Dev || wanted.is_empty() {
        return Vec::new();
    }
    let gzip = wanted
        .limits
        .needs_gzip()
        .then(|| pywasm_dist::gzip(module).len() as u64);
    report.budgets = budget::judge(report, &wanted.limits, gzip, baseline);
    let warnings = wanted.warnings(report, &report.budgets, baseline);
    report.warnings.extend(warnings.iter().map(warning));
    warnings
}
