//! A table as a picture: a bar for each contender, the best on top.

use std::error::Error;
use std::path::Path;

use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::peers::{OURS, RAW};
use crate::report::{Report, Row};
use crate::table::figure;

const WIDTH: u32 = 900;
const LINE: u32 = 22;
/// Above the bars, and below them.
const HEAD: u32 = 34;
const FOOT: u32 = 58;
/// Beside them, for names and for figures.
const NAMES: u32 = 330;
const FIGURES: u32 = 70;
/// Where figures lie further apart, a bar says how many digits they have.
const LARGEST_RATIO_OF_LENGTHS: f64 = 20.0;

/// A bar: what it stands for, how long it is, and where the chained calls' tick is.
struct Bar<'a> {
    row: &'a Row,
    length: f64,
    tick: Option<f64>,
}

/// Draws into a file. Whoever has no figures is not in the picture.
pub(crate) fn draw(report: &Report, file: &Path) -> Result<(), Box<dyn Error>> {
    let bar = |row| Some(Bar { row, length: row.median()?, tick: row.dependent_median() });
    let mut bars: Vec<Bar<'_>> = report.rows.iter().filter_map(bar).collect();
    bars.sort_by(|a, b| a.length.total_cmp(&b.length));
    let lengths = || bars.iter().flat_map(|bar| [Some(bar.length), bar.tick]).flatten();
    let (least, most) = (lengths().fold(f64::INFINITY, f64::min), lengths().fold(0.0, f64::max).max(1e-9));
    let count = u32::try_from(bars.len())?;
    let area = SVGBackend::new(file, (WIDTH, HEAD + LINE * count + FOOT)).into_drawing_area();
    area.fill(&WHITE)?;
    let picture = Picture { report, bars: &bars, area };
    if least > 0.0 && most / least > LARGEST_RATIO_OF_LENGTHS {
        picture.draw((least / 2.0..most).log_scale(), "logarithmic scale")
    } else {
        picture.draw(0.0..most, "linear scale")
    }
}

struct Picture<'a> {
    report: &'a Report,
    bars: &'a [Bar<'a>],
    area: DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
}

const INK: RGBColor = RGBColor(40, 40, 40);
const LIMIT: RGBColor = RGBColor(150, 150, 150);
const OWN: RGBColor = RGBColor(0, 95, 175);
const OTHER: RGBColor = RGBColor(215, 170, 110);

fn colour(row: &Row) -> RGBColor {
    match row.library.as_str() {
        OURS => OWN,
        RAW => LIMIT,
        _ => OTHER,
    }
}

/// A round number, without the digits after its point that say nothing.
fn label(value: f64) -> String {
    let text = figure(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

impl Picture<'_> {
    fn draw<X>(&self, scale: X, kind: &str) -> Result<(), Box<dyn Error>>
    where
        X: AsRangedCoord<Value = f64>,
        X::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let below = self.bars.len() as f64;
        let mut chart = ChartBuilder::on(&self.area)
            .margin_top(HEAD)
            .margin_left(NAMES)
            .margin_right(FIGURES)
            .margin_bottom(FOOT - 30)
            .x_label_area_size(30)
            .build_cartesian_2d(scale, below..0.0)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .x_labels(8)
            .x_label_formatter(&|value| label(*value))
            .light_line_style(WHITE)
            .bold_line_style(INK.mix(0.12))
            .label_style(("sans-serif", 12).into_font().color(&INK))
            .draw()?;
        let start = chart.x_range().start;
        for (index, bar) in self.bars.iter().enumerate() {
            let top = index as f64;
            let body = [(start, top + 0.15), (bar.length, top + 0.85)];
            chart.draw_series([Rectangle::new(body, colour(bar.row).filled())])?;
            if let Some(tick) = bar.tick {
                let line = vec![(tick, top + 0.05), (tick, top + 0.95)];
                chart.draw_series([PathElement::new(line, INK.stroke_width(2))])?;
            }
            let end = bar.tick.map_or(bar.length, |tick| tick.max(bar.length));
            let (right, middle) = chart.plotting_area().map_coordinate(&(end, top + 0.5));
            let (left, _) = chart.plotting_area().map_coordinate(&(start, top));
            self.text(&figure(bar.length), (right + 6, middle), HPos::Left, 12, INK)?;
            let name = format!("{}  {}", bar.row.library, bar.row.setup);
            let ink = if bar.row.library == OURS { OWN } else { INK };
            self.text(&name, (left - 8, middle), HPos::Right, 12, ink)?;
        }
        self.frame(kind)
    }

    /// What the picture shows, and how.
    fn frame(&self, kind: &str) -> Result<(), Box<dyn Error>> {
        let (width, height) = self.area.dim_in_pixel();
        let middle = i32::try_from(width / 2)?;
        self.text(&self.report.title, (middle, 18), HPos::Center, 16, INK)?;
        let chained = if self.bars.iter().any(|bar| bar.tick.is_some()) {
            "; tick: where each call needs the last one's result"
        } else {
            ""
        };
        let note = format!("{}, {kind}, less is better{chained}", self.report.unit.words());
        self.text(&note, (middle, i32::try_from(height)? - 12), HPos::Center, 12, INK)
    }

    fn text(
        &self,
        text: &str,
        at: (i32, i32),
        side: HPos,
        size: u32,
        ink: RGBColor,
    ) -> Result<(), Box<dyn Error>> {
        let style = ("sans-serif", size).into_font().color(&ink).pos(Pos::new(side, VPos::Center));
        self.area.draw(&Text::new(text.to_owned(), at, style))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unit;

    fn drawn(rows: Vec<Row>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("w.svg");
        let report =
            Report { name: "w".into(), title: "a title".into(), threads: 1, unit: Unit::Nanoseconds, rows };
        draw(&report, &file).unwrap();
        std::fs::read_to_string(file).unwrap()
    }

    fn row(library: &str, length: f64) -> Row {
        Row::new(library, "as it is", vec![length])
    }

    #[test]
    fn a_picture_has_a_bar_a_figure_and_a_name_for_each() {
        let svg = drawn(vec![row("other", 7.0), row(OURS, 5.25)]);
        for text in ["a title", "other  as it is", "5.25", "7.00", "linear scale", "nanoseconds per call"] {
            assert!(svg.contains(text), "{text} in {svg}");
        }
        assert!(svg.find("5.25") < svg.find("7.00"), "the best on top");
    }

    #[test]
    fn far_apart_means_a_logarithmic_scale() {
        let svg = drawn(vec![row("raw", 3.0), row("slow", 1_300.0)]);
        assert!(svg.contains("logarithmic scale"));
    }

    #[test]
    fn labels_keep_the_zeros_before_the_point() {
        assert_eq!([0.0, 0.5, 10.0, 1_000.0, 20_000.0].map(label), ["0", "0.5", "10", "1000", "20000"]);
    }

    #[test]
    fn zeros_and_nothing_can_be_drawn() {
        drawn(vec![row("none", 0.0), row("one", 1.0)]);
        drawn(vec![row("none", 0.0)]);
        drawn(vec![Row::new("unmeasured", "", Vec::new())]);
        drawn(Vec::new());
    }
}
