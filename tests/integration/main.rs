//! All integration tests, in one binary: real servers, stateful fakes, the real program.
//!
//! Tests that need a real server stand under [`real`]: `tests/run` leaves that module out, loudly,
//! where no server can be had. Everything else runs anywhere.

#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "the tests name their own files")]

// What the harness offers is not all in use at every time.
mod conformance;
#[allow(dead_code)]
mod harness;
mod real;

mod schedule;
mod since;
mod state;

mod confluence;
mod fakes;
mod medium;
mod neighbours;
mod pictures;
mod sharepoint;

mod folder;
mod http;

mod architecture;
mod check;
mod crashes;
mod daily;
mod docs;
mod leaks;
mod preview;
mod unchanged;
mod values;
