//! A progress bar, on a terminal only.

use std::{io::IsTerminal, sync::Mutex};

use indicatif::{ProgressBar, ProgressStyle};

use super::output::Output;
use crate::publish::Progress;

/// Tells a person how far a run is.
pub struct Bar<'a> {
    output: &'a Output,
    bar: Mutex<Option<ProgressBar>>,
}

impl<'a> Bar<'a> {
    /// A bar that appears when there is something to do.
    pub fn new(output: &'a Output) -> Self {
        Self { output, bar: Mutex::new(None) }
    }

    /// Takes it off the screen.
    pub fn clear(&self) {
        if let Some(bar) = self.bar.lock().ok().and_then(|mut bar| bar.take()) {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar<'_> {
    fn begin(&self, steps: usize) {
        if steps < 2 || !self.output.shows_progress() || !std::io::stderr().is_terminal() {
            return;
        }
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        if let Ok(mut bar) = self.bar.lock() {
            *bar = Some(ProgressBar::new(steps as u64).with_style(style));
        }
    }

    fn step(&self, note: &str, target: &str) {
        if let Some(bar) = self.bar.lock().ok().as_ref().and_then(|bar| bar.as_ref()) {
            bar.set_message(format!("{note} → {target}"));
            bar.inc(1);
        }
    }

    fn note(&self, message: &str) {
        self.output.remark(message);
    }
}
