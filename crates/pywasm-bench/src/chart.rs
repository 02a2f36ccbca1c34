//! Draws the starts as bars of text for a terminal.

use anstyle::{AnsiColor, Style};

use crate::{
    figures::format_time,
    result::{ArtifactFigures, BenchResult},
};

/// The longest bar, and the longest name, in characters.
const BAR: f64 = 50.0;
const NAME: usize = 24;

/// Each phase has its own character, so that the bars can be read without colour.
const PHASES: [(&str, &str, Style); 3] = [
    ("load", "█", AnsiColor::Blue.on_default()),
    ("instantiate", "▓", AnsiColor::Yellow.on_default()),
    ("run", "░", AnsiColor::Green.on_default()),
];

/// Draws one stacked bar for each artifact from the medians of its phases, and a legend.
#[must_use]
pub fn render_chart(bench: &BenchResult) -> String {
    let names: Vec<_> = bench
        .artifacts
        .iter()
        .map(|one| shorten(&one.name, NAME))
        .collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let longest = bench
        .artifacts
        .iter()
        .map(|one| phases(one).iter().sum::<f64>())
        .fold(f64::MIN_POSITIVE, f64::max);
    let mut text = "\n".to_owned();
    for (artifact, name) in bench.artifacts.iter().zip(&names) {
        text += &format!("{name:<width$}  ");
        let (mut end, mut drawn) = (0.0, 0);
        for (median, (_, shape, style)) in phases(artifact).into_iter().zip(PHASES) {
            end += median;
            // The ends are rounded, not the lengths, so that the whole bar has the right length.
            let until = ((end / longest * BAR).round() as usize).max(drawn);
            text += &format!("{style}{}{style:#}", shape.repeat(until - drawn));
            drawn = until;
        }
        text += &format!(" {}\n", format_time(artifact.total_ms.median));
    }
    text += &" ".repeat(width + 2);
    for (name, shape, style) in PHASES {
        text += &format!("{style}{shape}{style:#} {name}   ");
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// Returns the medians of the phases, in the order of a start.
pub(crate) fn phases(artifact: &ArtifactFigures) -> [f64; 3] {
    [
        artifact.load_ms.median,
        artifact.instantiate_ms.median,
        artifact.run_ms.median,
    ]
}

/// Shortens a long name to its end, where paths differ.
pub(crate) fn shorten(name: &str, most: usize) -> String {
    let count = name.chars().count();
    if count <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().skip(count - most + 1).collect();
    format!("…{kept}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::tests::sample;

    #[test]
    fn the_slowest_has_the_longest_bar() {
        let plain = anstream::adapter::strip_str(&render_chart(&sample())).to_string();
        let lines: Vec<_> = plain.lines().collect();
        let count = |line: &str, shape: char| line.chars().filter(|letter| *letter == shape).count();
        assert_eq!(
            ['█', '▓', '░']
                .map(|shape| count(lines[2], shape))
                .iter()
                .sum::<usize>(),
            50
        );
        assert_eq!(count(lines[2], '█'), 17);
        assert!(lines[1].starts_with("hello      █"), "{plain}");
        assert!(lines[2].ends_with("2.40 ms"), "{plain}");
        assert_eq!(lines[3].trim(), "█ load   ▓ instantiate   ░ run");
    }

    #[test]
    fn long_names_keep_their_end() {
        assert_eq!(shorten("abc", 3), "abc");
        assert_eq!(shorten("a/long/path/x", 5), "…th/x");
    }
}
