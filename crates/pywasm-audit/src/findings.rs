//! Turns an audit into findings: one for each fact that is worth reporting and each place in the
//! project that leads to it. SARIF and the annotations of CI systems are made of these.

use crate::model::{Audit, DistributionAudit, Importer, Level, Spot};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A dependency has compiled code that WASI cannot run.
    NativeCode,
    /// WASI lacks a module of CPython's standard library.
    MissingModule,
    /// A call fails on WASI.
    FailingCall,
    /// Something stops a build, or may go wrong in the artifact.
    BuildProblem,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub rule: Rule,
    /// How bad it is; a note at least.
    pub level: Level,
    /// What, why and what to do; may have several lines.
    pub text: String,
    /// Where in the project.
    pub place: Option<Spot>,
}

impl Audit {
    /// All findings: of distributions, modules, calls, then problems.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut add = |rule, level, text, place: Option<&Spot>| {
            findings.push(Finding {
                rule,
                level,
                text,
                place: place.filter(|place| place.in_project).cloned(),
            });
        };
        for one in self.distributions.iter().filter(|one| one.level >= Level::Note) {
            add(Rule::NativeCode, one.level, describe(one), one.place.as_ref());
        }
        for one in &self.stdlib {
            let what = match one.importable {
                true => "does nothing on WASI",
                false => "is not on WASI",
            };
            let text = format!("module `{}` {what}: {}\n{}", one.module, one.reason, one.hint);
            let own: Vec<&Importer> = one.importers.iter().filter(|one| one.place.in_project).collect();
            if own.is_empty() {
                add(Rule::MissingModule, one.level, text, one.place.as_ref());
                continue;
            }
            for importer in own {
                add(
                    Rule::MissingModule,
                    importer.level,
                    text.clone(),
                    Some(&importer.place),
                );
            }
        }
        // What stands in a file of a dependency has no line that CI could show.
        for one in self.calls.iter().filter(|one| one.place.in_project) {
            let text = format!("`{}` {}: {}\n{}", one.call, one.effect(), one.reason, one.hint);
            add(Rule::FailingCall, one.level, text, Some(&one.place));
        }
        for one in &self.problems {
            let mut text = one.message.clone();
            for more in one.notes.iter().chain(&one.hint) {
                text = format!("{text}\n{more}");
            }
            add(Rule::BuildProblem, one.level, text, one.place.as_ref());
        }
        findings
    }
}

/// What is wrong with a distribution, why, and what to do.
fn describe(audited: &DistributionAudit) -> String {
    let remedies: Vec<String> = audited
        .remedies
        .iter()
        .map(|remedy| format!("\n- {}: {}", remedy.kind.as_str(), remedy.text))
        .collect();
    format!(
        "{} {}: {}{}",
        audited.title(),
        audited.outcome(),
        audited.reason,
        remedies.concat()
    )
}
