//! Draws the starts as an SVG chart: stacked bars show the medians of the phases, and whiskers reach
//! from the smallest to the largest total.

use std::path::Path;

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::{
    Error,
    chart::{phases, shorten},
    figures::{format_count, format_digits, format_span, format_time},
    result::{ArtifactFigures, BenchResult},
};

type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type DrawResult = Result<(), Box<dyn std::error::Error>>;

const WIDTH: u32 = 960;
/// The space above the bars, for title and legend, and below them, for the axis.
const TOP: u32 = 84;
const AXIS: u32 = 46;
const ROW: u32 = 56;
/// The space beside the bars, for names and figures.
const LEFT: u32 = 220;
const RIGHT: u32 = 190;
/// The longest name, in characters.
const NAME: usize = 26;
/// A whisker is cut off at this many times the longest bar, since one slow start would squeeze all
/// bars. Its figure is still shown.
const WHISKER: f64 = 1.6;

/// Colours that colour-blind people can distinguish.
const PHASES: [(&str, RGBColor); 3] = [
    ("load", RGBColor(0x00, 0x72, 0xb2)),
    ("instantiate", RGBColor(0xe6, 0x9f, 0x00)),
    ("run", RGBColor(0x00, 0x9e, 0x73)),
];
const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const FAINT: RGBColor = RGBColor(0x66, 0x66, 0x66);
const GRID: RGBColor = RGBColor(0xe4, 0xe4, 0xe4);

/// Checks that a chart can be written to `path`. Call it first: the chart is drawn last, and a wrong path
/// would cost all the work before.
///
/// # Errors
/// When the name does not end in `.svg`, or its folder does not exist.
pub fn check_plot(path: &Path) -> Result<(), Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if path.extension().is_none_or(|end| end != "svg") {
        return Err(Error::NotSvg(path.to_owned()));
    }
    if path.is_dir() {
        return Err(Error::ChartIsFolder(path.to_owned()));
    }
    if !folder.is_dir() {
        return Err(Error::NoChartFolder {
            path: path.to_owned(),
            folder: folder.to_owned(),
        });
    }
    Ok(())
}

/// Draws the chart and writes the whole file at once.
///
/// # Errors
/// When the chart cannot be drawn, or the file cannot be written.
pub fn write_plot(bench: &BenchResult, path: &Path) -> Result<(), Error> {
    pywasm_host::replace_file(path, svg(bench)?.as_bytes())
        .map_err(Error::io(format!("write {}", path.display())))
}

fn svg(bench: &BenchResult) -> Result<String, Error> {
    let mut text = String::new();
    let rows = u32::try_from(bench.artifacts.len()).unwrap_or(u32::MAX);
    let height = rows.saturating_mul(ROW).saturating_add(TOP + AXIS);
    {
        let canvas = SVGBackend::with_string(&mut text, (WIDTH, height)).into_drawing_area();
        draw(bench, &canvas).map_err(|error| Error::Chart(error.to_string()))?;
    }
    Ok(text)
}

fn draw(bench: &BenchResult, canvas: &Canvas<'_>) -> DrawResult {
    canvas.fill(&WHITE)?;
    draw_heading(bench, canvas)?;

    let longest = (bench.artifacts.iter())
        .map(|one| phases(one).iter().sum::<f64>())
        .fold(f64::MIN_POSITIVE, f64::max);
    let slowest = (bench.artifacts.iter())
        .map(|one| one.total_ms.max)
        .fold(longest, f64::max);
    let end = slowest.min(longest * WHISKER) * 1.02;
    let rows = bench.artifacts.len();
    let mut chart = ChartBuilder::on(canvas)
        .margin_top(TOP)
        .margin_left(LEFT)
        .margin_right(RIGHT)
        .x_label_area_size(AXIS)
        .build_cartesian_2d(0.0..end, 0.0..rows as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_labels(8)
        .x_max_light_lines(1)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(FAINT)
        .label_style(text_style(14, FAINT, HPos::Center, VPos::Top))
        .x_label_formatter(&|ms| format_tick(*ms))
        .x_desc("milliseconds")
        .draw()?;
    for (at, artifact) in bench.artifacts.iter().enumerate() {
        let middle = (rows - at) as f64 - 0.5;
        let mut from = 0.0;
        for (median, (_, colour)) in phases(artifact).into_iter().zip(PHASES) {
            let corners = [(from, middle - 0.3), (from + median, middle + 0.3)];
            chart.draw_series([Rectangle::new(corners, colour.filled())])?;
            from += median;
        }
        let (min, max) = (artifact.total_ms.min.min(end), artifact.total_ms.max.min(end));
        let line = |points: Vec<(f64, f64)>| PathElement::new(points, INK.stroke_width(2));
        chart.draw_series([
            line(vec![(min, middle), (max, middle)]),
            line(vec![(min, middle - 0.12), (min, middle + 0.12)]),
        ])?;
        // A whisker that was cut off has no cap.
        if artifact.total_ms.max <= end {
            chart.draw_series([line(vec![(max, middle - 0.12), (max, middle + 0.12)])])?;
        }
        let (x, y) = chart.backend_coord(&(max.max(from), middle));
        draw_label(artifact, at == 0, canvas, x, y)?;
    }
    canvas.present()?;
    Ok(())
}

/// Draws the title, the conditions of the measurement, and the legend.
fn draw_heading(bench: &BenchResult, canvas: &Canvas<'_>) -> DrawResult {
    let machine = &bench.machine;
    canvas.draw_text(
        "Start from machine code made ahead of time",
        &text_style(22, INK, HPos::Left, VPos::Top),
        (24, 16),
    )?;
    canvas.draw_text(
        &format!(
            "medians of {} in turns; whiskers: fastest and slowest; wasmtime {}, {} {}, {}",
            format_count(bench.runs, "start"),
            machine.engine_version,
            machine.os,
            machine.arch,
            format_count(machine.cpus, "CPU")
        ),
        &text_style(15, FAINT, HPos::Left, VPos::Top),
        (24, 44),
    )?;
    let mut x = i32::try_from(LEFT)?;
    for (name, colour) in PHASES {
        canvas.draw(&Rectangle::new([(x, 68), (x + 12, 80)], colour.filled()))?;
        canvas.draw_text(name, &text_style(15, INK, HPos::Left, VPos::Center), (x + 18, 74))?;
        x += 44 + 7 * i32::try_from(name.len())?;
    }
    Ok(())
}

/// Draws an artifact's name to the left of its bar, and its figures to the right of the whisker.
fn draw_label(artifact: &ArtifactFigures, is_first: bool, canvas: &Canvas<'_>, x: i32, y: i32) -> DrawResult {
    let total = artifact.total_ms;
    let mut text = format_time(total.median);
    if !is_first {
        text += &format!(", {} times the first", format_digits(artifact.ratio.total));
    }
    canvas.draw_text(
        &shorten(&artifact.name, NAME),
        &text_style(17, INK, HPos::Right, VPos::Center),
        (i32::try_from(LEFT)? - 12, y),
    )?;
    canvas.draw_text(
        &text,
        &text_style(15, INK, HPos::Left, VPos::Center),
        (x + 10, y - 9),
    )?;
    canvas.draw_text(
        &format_span(total, "to"),
        &text_style(13, FAINT, HPos::Left, VPos::Center),
        (x + 10, y + 9),
    )?;
    Ok(())
}

fn text_style(size: i32, colour: RGBColor, h_pos: HPos, v_pos: VPos) -> TextStyle<'static> {
    ("sans-serif", size)
        .into_font()
        .color(&colour)
        .pos(Pos::new(h_pos, v_pos))
}

/// Formats a number on the axis without trailing zeros.
fn format_tick(ms: f64) -> String {
    let text = format!("{ms:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::tests::sample;

    #[test]
    fn names_and_figures_are_in_the_chart() {
        let svg = svg(&sample()).expect("a chart");
        for part in [
            "<svg",
            "hello",
            "a &lt;b&gt; &amp; c",
            "2.40 ms",
            "instantiate",
            "</svg>",
        ] {
            assert!(svg.contains(part), "no {part} in {svg}");
        }
    }

    #[test]
    fn ticks_have_no_empty_digits() {
        assert_eq!(
            [0.0, 0.5, 10.0, 0.125].map(format_tick),
            ["0", "0.5", "10", "0.125"].map(str::to_owned)
        );
    }
}
