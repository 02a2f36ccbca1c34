//! Draws how an artifact starts: a report in; out comes a bar of the modules that were imported at build
//! time and of those that a start may still import, with the report's sentences.

use pywasm_report::{Report, Stage};

use super::escape;

/// The width of the bar.
const WIDTH: u64 = 240;

/// Draws the start of an artifact with a snapshot; empty for one without.
pub(super) fn render(report: &Report) -> String {
    let preinit = report
        .stages
        .iter()
        .find(|row| row.stage == Stage::Preinit.to_string());
    let modules = preinit.and_then(|row| row.notes.iter().find(|note| note.name == "imported modules"));
    let (Some(start), Some(modules)) = (&report.start, modules) else {
        return String::new();
    };
    let built = (WIDTH * modules.live.min(modules.total))
        .checked_div(modules.total)
        .unwrap_or(WIDTH);
    let sentences: String = start
        .render()
        .lines()
        .map(|line| format!("<p>{}</p>\n", escape(line)))
        .collect();
    format!(
        "<details id=\"start\">\n<summary>\
         <svg viewBox=\"0 0 {WIDTH} 12\" width=\"{WIDTH}\" height=\"12\" aria-hidden=\"true\">\
         <rect class=\"later\" width=\"{WIDTH}\" height=\"12\" rx=\"3\"/>\
         <rect class=\"built\" width=\"{built}\" height=\"12\" rx=\"3\"/></svg> \
         {live} of {total} modules are imported at build time; {left} at the start, if at all</summary>\n\
         {sentences}</details>\n",
        live = modules.live.min(modules.total),
        total = modules.total,
        left = modules.total.saturating_sub(modules.live),
    )
}
