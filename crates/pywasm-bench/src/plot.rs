//! Draws the starts as an SVG chart: stacked bars of the phases' medians, whiskers from the smallest
//! to the largest total.

use std::path::Path;

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::{
    Error,
    chart::{phases, short},
    figures::{count, digits, span, time},
    result::{ArtifactFigures, Bench},
};

type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

const WIDTH: u32 = 960;
/// Above the bars: title and legend. Below: the axis.
const TOP: u32 = 84;
const AXIS: u32 = 46;
const ROW: u32 = 56;
/// Beside the bars: names, and figures.
const LEFT: u32 = 220;
const RIGHT: u32 = 190;
/// The longest name, in characters.
const NAME: usize = 26;
/// A whisker that is longer than this many times the longest bar is cut off, since one slow
/// start would squeeze all bars. Its figure is told anyway.
const WHISKER: f64 = 1.6;

/// Colours that stay apart for every kind of eye.
const PHASES: [(&str, RGBColor); 3] = [
    ("load", RGBColor(0x00, 0x72, 0xb2)),
    ("instantiate", RGBColor(0xe6, 0x9f, 0x00)),
    ("run", RGBColor(0x00, 0x9e, 0x73)),
];
const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const FAINT: RGBColor = RGBColor(0x66, 0x66, 0x66);
const GRID: RGBColor = RGBColor(0xe4, 0xe4, 0xe4);

/// Checks that a chart can be written to `path`; the chart is drawn last, and a wrong path is better
/// reported before all the work.
///
/// # Errors
/// When the name is not that of an SVG file, or its folder is not there.
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

/// Draws the chart into a file, whole or not at all.
///
/// # Errors
/// When the chart cannot be drawn, or the file cannot be written.
pub fn write_plot(bench: &Bench, path: &Path) -> Result<(), Error> {
    pywasm_host::replace_file(path, svg(bench)?.as_bytes())
        .map_err(Error::io(format!("write {}", path.display())))
}

fn svg(bench: &Bench) -> Result<String, Error> {
    let mut text = String::new();
    let rows = u32::try_from(bench.artifacts.len()).unwrap_or(u32::MAX);
    let height = rows.saturating_mul(ROW).saturating_add(TOP + AXIS);
    {
        let canvas = SVGBackend::with_string(&mut text, (WIDTH, height)).into_drawing_area();
        draw(bench, &canvas).map_err(|error| Error::Chart(error.to_string()))?;
    }
    Ok(text)
}

fn draw(bench: &Bench, canvas: &Canvas<'_>) -> Drawn {
    canvas.fill(&WHITE)?;
    heading(bench, canvas)?;

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
        .label_style(letters(14, FAINT, HPos::Center, VPos::Top))
        .x_label_formatter(&|ms| tick(*ms))
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
        // No cap where the whisker goes on.
        if artifact.total_ms.max <= end {
            chart.draw_series([line(vec![(max, middle - 0.12), (max, middle + 0.12)])])?;
        }
        let (x, y) = chart.backend_coord(&(max.max(from), middle));
        label(artifact, at == 0, canvas, x, y)?;
    }
    canvas.present()?;
    Ok(())
}

/// Title, circumstances and legend.
fn heading(bench: &Bench, canvas: &Canvas<'_>) -> Drawn {
    let machine = &bench.machine;
    canvas.draw_text(
        "Start from machine code made ahead of time",
        &letters(22, INK, HPos::Left, VPos::Top),
        (24, 16),
    )?;
    canvas.draw_text(
        &format!(
            "medians of {} in turns; whiskers: fastest and slowest; wasmtime {}, {} {}, {}",
            count(bench.runs, "start"),
            machine.engine_version,
            machine.os,
            machine.arch,
            count(machine.cpus, "CPU")
        ),
        &letters(15, FAINT, HPos::Left, VPos::Top),
        (24, 44),
    )?;
    let mut x = i32::try_from(LEFT)?;
    for (name, colour) in PHASES {
        canvas.draw(&Rectangle::new([(x, 68), (x + 12, 80)], colour.filled()))?;
        canvas.draw_text(name, &letters(15, INK, HPos::Left, VPos::Center), (x + 18, 74))?;
        x += 44 + 7 * i32::try_from(name.len())?;
    }
    Ok(())
}

/// An artifact's name on the left of its bar, and its figures on the right of the whisker.
fn label(artifact: &ArtifactFigures, is_first: bool, canvas: &Canvas<'_>, x: i32, y: i32) -> Drawn {
    let total = artifact.total_ms;
    let mut told = time(total.median);
    if !is_first {
        told += &format!(", {} times the first", digits(artifact.ratio.total));
    }
    canvas.draw_text(
        &short(&artifact.name, NAME),
        &letters(17, INK, HPos::Right, VPos::Center),
        (i32::try_from(LEFT)? - 12, y),
    )?;
    canvas.draw_text(
        &told,
        &letters(15, INK, HPos::Left, VPos::Center),
        (x + 10, y - 9),
    )?;
    canvas.draw_text(
        &span(total, "to"),
        &letters(13, FAINT, HPos::Left, VPos::Center),
        (x + 10, y + 9),
    )?;
    Ok(())
}

fn letters(size: i32, colour: RGBColor, h_pos: HPos, v_pos: VPos) -> TextStyle<'static> {
    ("sans-serif", size)
        .into_font()
        .color(&colour)
        .pos(Pos::new(h_pos, v_pos))
}

/// A number on the axis, without zeros behind it.
fn tick(ms: f64) -> String {
    let text = format!("{ms:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::tests::sample;

    #[test]
    fn names_and_figures_are_in_the_chart() {
        let svg = svg(&sample()).expect("it is drawn");
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
            [0.0, 0.5, 10.0, 0.125].map(tick),
            ["0", "0.5", "10", "0.125"].map(str::to_owned)
        );
    }
}
