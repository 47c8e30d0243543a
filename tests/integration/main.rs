//! All integration tests, in one binary: real servers, stateful fakes, the real program.
//!
//! Tests that need a real server stand under [`real`]: `tests/run` leaves that module out, loudly,
//! where no server can be had. Everything else runs anywhere.

// What the harness offers is not all in use at every time.
mod conformance;
#[allow(dead_code)]
mod harness;
mod real;

mod state;

mod fakes;
mod medium;

mod folder;

mod leaks;
