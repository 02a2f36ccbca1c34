//! Explains where a rehearsal stopped: a snapshot in, places of the program with what it does there
//! and the cure out.

use pywasm_interpreter::{Assumption, Notice, NoticeKind, STREAMS, Snapshot};
use pywasm_report::{ProgramPlace, RehearsalEnd, StartReport};
use pywasm_resolve::Origin;

use super::judge::{Cause, Judge, kind};

/// Explains the start of an artifact. `entry`: the module with which the program starts.
pub(super) fn explain(snapshot: &Snapshot, judge: &Judge, is_rehearsed: bool, entry: &str) -> StartReport {
    let place = |notice: &Notice| place(notice, judge, entry);
    let fallback = snapshot.fallback.as_ref();
    StartReport {
        rehearsal: match &snapshot.stop {
            Some(notice) => RehearsalEnd::Stopped(place(notice)),
            None if is_rehearsed => RehearsalEnd::Whole,
            None => RehearsalEnd::None,
        },
        assumptions: fallback
            .map(|fallback| fallback.assumptions.iter().map(name).collect())
            .unwrap_or_default(),
        fallback: fallback.map(|fallback| place(&fallback.first)),
        fallback_bytes: fallback.map_or(0, |fallback| fallback.bytes),
    }
}

fn name(assumption: &Assumption) -> String {
    match assumption {
        Assumption::Variable { name, value: None } => format!("{name} is not set"),
        Assumption::Variable {
            name,
            value: Some(value),
        } => format!("{name} is `{value}`"),
        Assumption::Missing(path) if path == "/" => "no folder is mounted at /".to_owned(),
        Assumption::Missing(path) => format!("no mounted folder has {path}"),
        Assumption::NoTerminal(fd) => {
            let stream = STREAMS.get(*fd as usize).unwrap_or(&"a stream");
            format!("{stream} is not a terminal")
        }
    }
}

fn place(notice: &Notice, judge: &Judge, entry: &str) -> ProgramPlace {
    let cause = judge.cause(notice);
    ProgramPlace {
        action: action(notice),
        module: cause.as_ref().map(|cause| cause.module.name.clone()),
        file: cause.as_ref().map(|cause| cause.module.shown.clone()),
        line: cause.as_ref().map(|cause| cause.line).filter(|&line| line > 0),
        hint: cause.and_then(|cause| hint(notice.kind, &cause, entry)),
    }
}

fn action(notice: &Notice) -> String {
    let what = &notice.what;
    match notice.kind {
        NoticeKind::Clock if what == "sleep" => "waits".to_owned(),
        NoticeKind::Clock => "reads the clock".to_owned(),
        NoticeKind::Entropy => "draws random numbers".to_owned(),
        NoticeKind::Environment if what.is_empty() => "reads the whole environment".to_owned(),
        NoticeKind::Environment => format!("reads the environment variable {what}"),
        NoticeKind::Argv => "reads sys.argv".to_owned(),
        NoticeKind::File if what == "stdin" => "reads standard input".to_owned(),
        NoticeKind::Missing => format!("looks at {what}"),
        NoticeKind::File => format!("uses {what}, a path outside of the artifact"),
        NoticeKind::Print => format!("writes to {what}"),
        NoticeKind::Terminal => format!("asks whether {what} is a terminal"),
        NoticeKind::Import => format!("calls {what}"),
        // The exception's own words may change with each build of a module.
        NoticeKind::Exit => format!("ends with {}", what.split(':').next().unwrap_or_default()),
    }
}

/// What to change. There is nothing where the program begins its own work.
fn hint(notice: NoticeKind, cause: &Cause<'_>, entry: &str) -> Option<String> {
    let name = &cause.module.name;
    if name == entry || notice == NoticeKind::Exit {
        return None;
    }
    // What is printed at build time would never be seen again.
    let accepted = kind(notice).filter(|_| notice != NoticeKind::Print);
    let accept = accepted.map(|kind| {
        format!(
            "if it may stay as it is at build time, set allow = [\"{kind}:{name}\"] under [tool.pywasm] in \
             pyproject.toml"
        )
    });
    let later = "do it in a function that the program calls later";
    Some(match (cause.module.origin, accept) {
        (Origin::App, Some(accept)) => format!("{later}; {accept}"),
        (Origin::App, None) => later.to_owned(),
        (_, accept) => accept?,
    })
}
