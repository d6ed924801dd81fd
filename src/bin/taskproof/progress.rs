//! What is shown on standard error to those who wait at a terminal. Nothing else reaches it from here.

use std::io::IsTerminal;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args;
use crate::settings::Settings;

/// What is over before this shows no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often a sign of life is given.
const BEAT: Duration = Duration::from_millis(120);

/// Whether somebody is there to wait, and wants to see it.
pub(crate) fn is_wanted(arguments: &args::Analysis) -> bool {
    std::io::stderr().is_terminal() && !arguments.no_progress && !arguments.quiet
}

/// Does a piece of work whose length is unknown, and says what it is if it takes long.
pub(crate) fn during<T>(settings: &Settings, what: &'static str, work: impl FnOnce() -> T) -> T {
    match settings.shows_progress {
        true => watched(PATIENCE, |done| spin(what, done), work),
        false => work(),
    }
}

/// Does `work`, and calls `show` in another thread if it takes longer than `patience`. What `show` receives from hangs
/// up when the work is done.
fn watched<T>(patience: Duration, show: impl FnOnce(&Receiver<()>) + Send, work: impl FnOnce() -> T) -> T {
    let (working, done) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if done.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                show(&done);
            }
        });
        let result = work();
        drop(working);
        result
    })
}

fn spin(what: &'static str, done: &Receiver<()>) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_elapsed(PATIENCE);
    bar.set_style(ProgressStyle::default_spinner());
    bar.set_message(what);
    while done.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
        bar.tick();
    }
    bar.finish_and_clear();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_long_is_shown() {
        let (sender, seen) = mpsc::channel();
        let show = |done: &Receiver<()>| {
            sender.send("shown").expect("the work waits for it");
            assert_eq!(done.recv(), Err(mpsc::RecvError), "the end of the work is the end of the show");
        };
        assert_eq!(watched(Duration::ZERO, show, || seen.recv()), Ok("shown"));
        let never = |_: &Receiver<()>| panic!("nothing took long");
        assert_eq!(watched(Duration::from_hours(1), never, || 7), 7);
    }
}
