//! Shows what became of the projects as a table.

use anstyle::{AnsiColor, Style};
use pywasm_report::{
    align, format_size,
    workspace::{ProjectOutcome, WorkspaceSummary},
};

use crate::exit::Exit;

const FINE: u8 = Exit::Fine.code();
const EXCEEDED: u8 = Exit::Exceeded.code();

/// One line for each project, and one for all of them. The text has ANSI styles, which the writer
/// takes out again where they are not wanted.
pub(super) fn table(summary: &WorkspaceSummary) -> String {
    let size = |bytes: Option<u64>| bytes.map_or_else(|| "-".to_owned(), format_size);
    let mut rows = vec![["project", "wasm", "brotli", "time", "result"].map(str::to_owned)];
    for outcome in &summary.projects {
        rows.push([
            outcome.path.clone(),
            size(outcome.bytes("wasm")),
            size(outcome.bytes("brotli")),
            format!("{:.2} s", outcome.seconds),
            match outcome.exit {
                FINE => "ok".to_owned(),
                EXCEEDED => "over budget (3)".to_owned(),
                code => format!("failed ({code})"),
            },
        ]);
    }
    rows.push([
        match summary.projects.len() {
            1 => "1 project".to_owned(),
            count => format!("{count} projects"),
        },
        size(summary.bytes("wasm")),
        size(summary.bytes("brotli")),
        format!("{:.2} s", summary.timings.total),
        counts(summary),
    ]);

    let bold = Style::new().bold();
    let bad = AnsiColor::Red.on_default();
    let last = rows.len() - 1;
    let mut text = String::new();
    let lines = align(&rows, |column| [0, 4].contains(&column));
    for (at, (line, [.., result])) in lines.iter().zip(&rows).enumerate() {
        let style = match at {
            0 => bold,
            _ if at == last => bold,
            _ if result != "ok" => bad,
            _ => Style::new(),
        };
        text += &format!("{style}{line}{style:#}\n");
    }
    text
}

/// How many are well, and how many are not.
fn counts(summary: &WorkspaceSummary) -> String {
    let fine = |outcome: &&ProjectOutcome| outcome.exit == FINE;
    let fine = summary.projects.iter().filter(fine).count();
    let mut text = format!("{fine} ok");
    for (count, what) in [(summary.built - fine, "over budget"), (summary.failed, "failed")] {
        if count > 0 {
            text += &format!(", {count} {what}");
        }
    }
    text
}
