//! From the rounds of a contender to the figures that are shown.

use serde::{Deserialize, Serialize};

/// The middle of some measurements, and the quarter on either side of it.
///
/// The median, because disturbances only ever add time: a mean would carry each of them, a minimum would show a
/// round that no user meets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) lower_quartile: f64,
    pub(crate) upper_quartile: f64,
}

impl Summary {
    /// `None` where nothing was measured.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let quantile = |share| quantile(&values, share);
        Some(Self {
            median: quantile(0.5)?,
            lower_quartile: quantile(0.25)?,
            upper_quartile: quantile(0.75)?,
        })
    }
}

/// The value below which a share of the sorted values lies, between neighbours in proportion.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = share * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last index"
    )]
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (sorted[above] - sorted[below]) * position.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(values: &[f64]) -> (f64, f64, f64) {
        let summary = Summary::of(values.to_vec()).unwrap();
        (summary.lower_quartile, summary.median, summary.upper_quartile)
    }

    #[test]
    fn the_median_of_an_odd_number_is_the_middle_one() {
        assert_eq!(summary(&[9.0, 1.0, 5.0]), (3.0, 5.0, 7.0));
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(summary(&[4.0, 1.0, 3.0, 2.0]), (1.75, 2.5, 3.25));
    }

    #[test]
    fn one_value_is_all_of_them() {
        assert_eq!(summary(&[7.0]), (7.0, 7.0, 7.0));
    }

    #[test]
    fn nothing_has_no_median() {
        assert_eq!(Summary::of(Vec::new()), None);
    }

    #[test]
    fn one_disturbed_round_does_not_move_the_median() {
        assert_eq!(summary(&[10.0, 11.0, 12.0, 11.0, 1e9]), (11.0, 11.0, 12.0));
    }
}
