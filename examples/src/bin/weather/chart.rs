//! The picture: a line of two panels for each program. To the left how long callers waited, and where they got an error; to the right how
//! old the weather was that they got.

use std::error::Error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::customers::{Call, Seen};
use crate::station::{END, SCHEDULE, State};

const WIDTH: u32 = 1200;
const HEAD: u32 = 64;
const PANEL: u32 = 190;
const INK: RGBColor = RGBColor(40, 40, 40);
const WAIT: RGBColor = RGBColor(0, 95, 175);
const AGE: RGBColor = RGBColor(200, 120, 20);
const ERROR: RGBColor = RGBColor(200, 30, 40);
const DOWN: RGBColor = RGBColor(250, 226, 226);
const STALLS: RGBColor = RGBColor(252, 243, 214);
/// The axis of waiting, in milliseconds. Errors have a lane of their own above.
const WAITS: std::ops::Range<f64> = 0.001..4000.0;
const LANE: f64 = 2500.0;
const AGES: std::ops::Range<f64> = 0.0..2.6;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

pub(crate) fn draw(seen: &[Seen], file: &Path) -> Result<(), Box<dyn Error>> {
    let height = HEAD + PANEL * u32::try_from(seen.len())? + 10;
    let area = SVGBackend::new(file, (WIDTH, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let (head, body) = area.split_vertically(HEAD);
    text(&head, "What callers see of a weather service that fails and stalls", (16, 20), 19, INK)?;
    text(&head, "left: how long a call took (each dot a call), errors in red above", (16, 44), 13, WAIT)?;
    text(&head, "right: how old the answer was", (640, 44), 13, AGE)?;
    for (at, (colour, words)) in
        [(DOWN, "the service fails"), (STALLS, "the service stalls")].into_iter().enumerate()
    {
        let left = 880 + 160 * i32::try_from(at)?;
        head.draw(&Rectangle::new([(left, 36), (left + 16, 52)], colour.filled()))?;
        text(&head, words, (left + 22, 44), 13, INK)?;
    }
    for (one, line) in seen.iter().zip(body.split_evenly((seen.len(), 1))) {
        let share = 100.0 * one.errors() as f64 / one.calls.len() as f64;
        text(&line, &one.options, (16, 12), 14, INK)?;
        let errors = if one.errors() == 0 { "no errors".to_owned() } else { format!("{share:.0} % errors") };
        let sum = format!("{errors}, {} requests to the service", one.requests);
        text(&line, &sum, (880, 12), 13, if one.errors() == 0 { INK } else { ERROR })?;
        let (left, right) = line.margin(22, 0, 0, 0).split_horizontally(620);
        waits(&left, &one.calls)?;
        ages(&right, &one.calls)?;
    }
    area.present()?;
    Ok(())
}

fn seconds(call: &Call) -> f64 {
    call.at.as_secs_f64()
}

fn waits(area: &Area<'_>, calls: &[Call]) -> Result<(), Box<dyn Error>> {
    let mut chart = ChartBuilder::on(area)
        .x_label_area_size(24)
        .y_label_area_size(60)
        .margin_right(14)
        .build_cartesian_2d(0.0..END.as_secs_f64(), WAITS.log_scale())?;
    for (from, until, colour) in troubles() {
        chart.draw_series([Rectangle::new([(from, WAITS.start), (until, WAITS.end)], colour.filled())])?;
    }
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.12))
        .x_labels(7)
        .x_label_formatter(&|at| format!("{at:.0} s"))
        .y_labels(4)
        .y_label_formatter(&|wait| match wait {
            wait if *wait < 0.99 => format!("{:.0} µs", wait * 1e3),
            wait if *wait < 999.0 => format!("{wait:.0} ms"),
            wait => format!("{:.0} s", wait / 1e3),
        })
        .label_style(("sans-serif", 12).into_font().color(&INK))
        .draw()?;
    let dot = |call: &Call| {
        let wait = (call.took.as_secs_f64() * 1e3).clamp(WAITS.start, LANE);
        Circle::new((seconds(call), wait), 1, WAIT.mix(0.55).filled())
    };
    chart.draw_series(calls.iter().filter(|call| call.age.is_some()).map(dot))?;
    let error = |call: &Call| {
        let at = seconds(call);
        PathElement::new(vec![(at, LANE * 0.8), (at, WAITS.end * 0.95)], ERROR.mix(0.7).stroke_width(1))
    };
    chart.draw_series(calls.iter().filter(|call| call.age.is_none()).map(error))?;
    Ok(())
}

fn ages(area: &Area<'_>, calls: &[Call]) -> Result<(), Box<dyn Error>> {
    let mut chart = ChartBuilder::on(area)
        .x_label_area_size(24)
        .y_label_area_size(40)
        .margin_right(16)
        .build_cartesian_2d(0.0..END.as_secs_f64(), AGES)?;
    for (from, until, colour) in troubles() {
        chart.draw_series([Rectangle::new([(from, AGES.start), (until, AGES.end)], colour.filled())])?;
    }
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.12))
        .x_labels(7)
        .x_label_formatter(&|at| format!("{at:.0} s"))
        .y_labels(3)
        .y_label_formatter(&|age| format!("{age:.0} s"))
        .label_style(("sans-serif", 12).into_font().color(&INK))
        .draw()?;
    let dots = calls.iter().filter_map(|call| {
        let age = call.age?.as_secs_f64().min(AGES.end);
        Some(Circle::new((seconds(call), age), 1, AGE.mix(0.55).filled()))
    });
    chart.draw_series(dots)?;
    Ok(())
}

/// When the service fails or stalls, in seconds, and the colour of that.
fn troubles() -> impl Iterator<Item = (f64, f64, RGBColor)> {
    let begins = std::iter::once(0).chain(SCHEDULE.iter().map(|(until, _)| *until));
    begins.zip(SCHEDULE).filter_map(|(from, (until, state))| {
        let colour = match state {
            State::Well => return None,
            State::Down => DOWN,
            State::Stalls => STALLS,
        };
        Some((from as f64 / 1e3, until as f64 / 1e3, colour))
    })
}

fn text(area: &Area<'_>, text: &str, at: (i32, i32), size: u32, ink: RGBColor) -> Result<(), Box<dyn Error>> {
    let style = ("sans-serif", size).into_font().color(&ink).pos(Pos::new(HPos::Left, VPos::Center));
    area.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}
