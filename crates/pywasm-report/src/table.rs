//! Renders the stage table for a terminal.

use anstyle::{AnsiColor, Style};

use crate::{Report, align, format_size, report::StageRow};

const HEAD: [&str; 7] = ["stage", "in", "out", "change", "brotli", "sha256", "time"];

/// The columns that hold text; the others hold figures and are aligned right.
const TEXT: [bool; 7] = [true, false, false, false, false, true, false];

/// The number of digits of a digest that the table shows.
const DIGITS: usize = 12;

/// Renders a header, one line for each stage, and one for each file that was written. The text has
/// ANSI styles; the writer removes them where they are not wanted.
pub fn render_table(report: &Report) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(report.stages.iter().map(|stage| cells(report, stage)));
    let lines = align(&rows, |column| TEXT[column]);
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n", lines[0]);
    for line in &lines[1..] {
        text += line;
        text.push('\n');
    }
    let name = AnsiColor::Green.on_default();
    for file in report
        .artifacts
        .iter()
        .filter(|file| ["wasm", "brotli", "cwasm", "wasmedge", "wasmer"].contains(&file.kind.as_str()))
    {
        text += &format!(
            "{name}{}{name:#}  {} ({} bytes)\n",
            file.file,
            format_size(file.bytes),
            file.bytes
        );
    }
    text + &render_whole(report)
}

/// The largest packages that a line names.
const NAMED: usize = 4;

/// Renders what came along because packages come whole: one line, or nothing.
fn render_whole(report: &Report) -> String {
    let total: u64 = report.whole.iter().map(|entry| entry.bytes).sum();
    if report.whole.is_empty() {
        return String::new();
    }
    let mut parts: Vec<String> = report
        .whole
        .iter()
        .take(NAMED)
        .map(|entry| format!("{} {}", entry.package, format_size(entry.bytes)))
        .collect();
    if report.whole.len() > NAMED {
        parts.push(format!("{} more", report.whole.len() - NAMED));
    }
    format!(
        "whole packages add {}: {}\n",
        format_size(total),
        parts.join(", ")
    )
}

fn cells(report: &Report, stage: &StageRow) -> [String; 7] {
    let none = || "-".to_owned();
    [
        stage.stage.clone(),
        format_size(stage.bytes_in),
        format_size(stage.bytes_out),
        stage
            .change_permille
            .map_or_else(none, |permille| format!("{:+.1} %", permille as f64 / 10.0)),
        stage.brotli_bytes.map_or_else(none, format_size),
        stage.sha256.short(DIGITS),
        report
            .timings
            .stages
            .get(&stage.stage)
            .map_or_else(none, |seconds| format!("{seconds:.2} s")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ArtifactEntry, BaseInfo, Preinit, ProjectInfo, Settings, Timings, Tool};
    use pywasm_digest::Digest;

    fn sample() -> Report {
        let digest = Digest::compute(b"abc");
        Report {
            schema: crate::SCHEMA,
            tool: Tool {
                name: "pywasm".into(),
                version: "0.1.0".into(),
            },
            base: BaseInfo {
                id: "cpython-3.13.15-000000000000".into(),
                python: "3.13.15".into(),
            },
            project: ProjectInfo {
                name: "hello".into(),
                version: None,
                license: None,
                entry: "hello.py".into(),
            },
            settings: Settings {
                preinit: Preinit::None,
                ..Settings::default()
            },
            stages: vec![
                StageRow::new("shake", 9_737_967, 4_100_000, digest),
                StageRow {
                    brotli_bytes: Some(800_000),
                    ..StageRow::new("strip", 3_000_000, 2_900_000, digest)
                },
            ],
            artifacts: vec![ArtifactEntry {
                file: "hello.wasm".into(),
                kind: "wasm".into(),
                bytes: 2_900_000,
                sha256: digest,
            }],
            modules: Vec::new(),
            data: Vec::new(),
            inputs: Vec::new(),
            distributions: Vec::new(),
            replaced: Vec::new(),
            whole: Vec::new(),
            start: None,
            component: None,
            warnings: Vec::new(),
            budgets: Vec::new(),
            timings: Timings {
                total: 1.5,
                stages: [("shake".to_owned(), 1.25)].into(),
                shared_cache: None,
            },
        }
    }

    #[test]
    fn the_table_is_aligned() {
        let expected = "\
stage       in      out   change  brotli  sha256          time
shake  9.74 MB  4.10 MB  -57.8 %       -  ba7816bf8f01  1.25 s
strip  3.00 MB  2.90 MB   -3.3 %  800 kB  ba7816bf8f01       -
hello.wasm  2.90 MB (2900000 bytes)
";
        let plain: String = render_table(&sample())
            .split('\u{1b}')
            .enumerate()
            .map(|(at, part)| {
                if at == 0 {
                    part
                } else {
                    part.split_once('m').map_or("", |(_, rest)| rest)
                }
            })
            .collect();
        assert_eq!(plain, expected);
    }

    #[test]
    fn a_report_reads_back() {
        let json = serde_json::to_string(&sample()).expect("serializes");
        let back: Report = serde_json::from_str(&json).expect("reads back");
        assert_eq!(back, sample());
        assert!(!json.contains("notes"), "empty notes are omitted");
    }
}
