//! Formats the result as a table.

use anstyle::Style;
use pywasm_report::{align, format_size};

use crate::{
    figures::{format_count, format_digits, format_span, format_time},
    result::{ArtifactFigures, BenchResult},
};

const HEAD: [&str; 11] = [
    "artifact",
    "raw",
    "brotli",
    "compile",
    "load",
    "instantiate",
    "run",
    "total",
    "min - max",
    "peak memory",
    "ratio",
];

/// Formats one line for each artifact, and one that explains the figures. The text has ANSI styles,
/// which the writer removes where they are not wanted.
#[must_use]
pub fn render_table(bench: &BenchResult) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(bench.artifacts.iter().map(cells));
    // Only the names are aligned on the left.
    let lines = align(&rows, |column| column == 0);
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n", lines[0]);
    for line in &lines[1..] {
        text += line;
        text.push('\n');
    }
    for artifact in &bench.artifacts {
        if let (Some(call), Some(time), Some(rate)) =
            (&artifact.call, artifact.call_ms, artifact.calls_per_second)
        {
            text += &format!(
                "{}: the run is the first call of {call}; later ones take {} ({}), {rate:.0} a second\n",
                artifact.name,
                format_time(time.median),
                format_span(time, "-")
            );
        }
    }
    let (machine, dim) = (&bench.machine, Style::new().dimmed());
    text += &format!(
        "{dim}medians of {} and {}; total = load + instantiate + run; \
         wasmtime {}, {} {}, {}{dim:#}\n",
        format_count(bench.runs, "start"),
        format_count(bench.compile_runs, "compilation"),
        machine.engine_version,
        machine.os,
        machine.arch,
        format_count(machine.cpus, "CPU")
    );
    text
}

fn cells(artifact: &ArtifactFigures) -> [String; 11] {
    let total = artifact.total_ms;
    [
        artifact.name.clone(),
        format_size(artifact.raw_bytes),
        format_size(artifact.brotli_bytes),
        format_time(artifact.compile_ms.median),
        format_time(artifact.load_ms.median),
        format_time(artifact.instantiate_ms.median),
        format_time(artifact.run_ms.median),
        format_time(total.median),
        format_span(total, "-"),
        format_size(artifact.peak_memory_bytes),
        format_digits(artifact.ratio.total),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::tests::sample;

    #[test]
    fn the_table_is_aligned() {
        let expected = "\
artifact      raw   brotli  compile      load  instantiate       run     total       min - max  peak memory  ratio
hello     3.00 MB  1.00 MB   1.50 s  0.200 ms     0.050 ms  0.350 ms  0.600 ms  0.600 - 1.20 ms      30.0 MB   1.00
a <b> & c  18.0 MB  4.00 MB   6.00 s  0.800 ms     0.200 ms   1.40 ms   2.40 ms  2.40 - 4.80 ms       120 MB   4.00
";
        let plain = anstream::adapter::strip_str(&render_table(&sample())).to_string();
        let words = |text: &str| {
            text.lines()
                .map(|line| line.split_whitespace().map(str::to_owned).collect())
                .collect::<Vec<Vec<_>>>()
        };
        assert_eq!(words(&plain)[..3], words(expected));
        let lengths: Vec<_> = plain.lines().take(3).map(|line| line.chars().count()).collect();
        assert!(lengths.iter().all(|length| *length == lengths[0]), "{plain}");
    }
}
