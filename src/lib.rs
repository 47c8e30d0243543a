//! crosspost: one Markdown note, published everywhere it belongs, once.
//!
//! The rule of the house: `note ← render ← plan` know no network, file system, clock or
//! environment. `publish` sees only the traits of [`targets`] and [`state`]. A target's rendering
//! is pure, its API is not. Only `commands` puts the parts together.

pub mod check;
pub mod cli;
pub mod commands;
pub mod config;
pub mod error;
mod memory;
pub mod note;
mod parallel;
pub mod pictures;
pub mod plan;
pub mod preview;
pub mod publish;
pub mod render;
pub mod report;
pub mod secrets;
pub mod state;
pub mod targets;
