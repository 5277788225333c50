//! Progress on standard error, and only where a person can see it move.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that hides itself when standard error is not a terminal, so that files and pipes stay clean.
pub fn bar(label: &str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:<30} {bar:28} {pos:>6}/{len:<6}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(steps as u64).with_style(style).with_message(label.to_owned())
}
