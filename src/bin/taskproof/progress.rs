//! What is shown on standard error to those who wait at a terminal. Nothing else reaches it from here.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args;

/// What is over before this shows no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// Whether somebody is there to wait, and wants to see it.
pub(crate) fn is_wanted(arguments: &args::Analysis) -> bool {
    std::io::stderr().is_terminal() && !arguments.no_progress && !arguments.quiet
}

/// A bar for a number of things that are done one after another, or side by side.
pub(crate) struct Steps {
    bar: ProgressBar,
    started: Instant,
    is_wanted: bool,
}

impl Steps {
    pub(crate) fn new(number: usize, arguments: &args::Analysis) -> Self {
        let bar = ProgressBar::with_draw_target(Some(number as u64), ProgressDrawTarget::hidden());
        Self { bar, started: Instant::now(), is_wanted: is_wanted(arguments) }
    }

    /// For things of which it is known only on the way how many there are: shows their rate, and the time that is left.
    pub(crate) fn of_unknown(what: &'static str, arguments: &args::Analysis) -> Self {
        let steps = Self::new(0, arguments);
        let template = "{wide_bar} {pos}/{len} {msg}, {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            steps.bar.set_style(style);
        }
        steps.bar.set_message(what);
        steps
    }

    pub(crate) fn step(&self) {
        self.advance(1, 0);
    }

    /// Some are done, and more are known to be there.
    pub(crate) fn advance(&self, done: usize, more: usize) {
        if self.is_wanted && self.bar.is_hidden() && self.started.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc_length(more as u64);
        self.bar.inc(done as u64);
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
