//! An argument of another crate's type that is no key, whoever speaks of it besides: one error at each function.

use std::ops::Range;

use cached_core::{Memo, memoize};

#[memoize]
fn length(range: &Range<f64>) -> u32 {
    range.end as u32
}

#[memoize]
async fn length_later(id: u32, ranges: &[Range<f64>]) -> u32 {
    id + ranges.len() as u32
}

struct Desk {
    by_value: Memo<Range<f64>, u32>,
    by_reference: Memo<Range<f64>, u32>,
}

impl Desk {
    #[memoize(in = self.by_value)]
    fn by_value(&self, range: Range<f64>) -> u32 {
        range.end as u32
    }

    #[memoize(in = self.by_reference)]
    fn by_reference(&self, range: &Range<f64>) -> u32 {
        range.end as u32
    }
}

async fn later() {
    length_later(1, &[0.0..1.0]).await;
    length_later::warm([(1, vec![0.0..1.0])]).await;
}

fn main() {
    length(&(0.0..1.0));
    length::warm([0.0..1.0]);
    let desk = Desk { by_value: Memo::new(), by_reference: Memo::new() };
    desk.by_value(0.0..1.0);
    desk.by_reference(&(0.0..1.0));
    desk.by_value_warm([0.0..1.0]);
    desk.by_reference_warm([0.0..1.0]);
    drop(later());
}
