//! The promise of "never twice, never over somebody's edit", tried against the library itself: a
//! run is stopped at each of its effects, disturbed by a second run, and robbed of its ledger, and
//! must then heal.

pub(crate) mod effects;
mod every_point;
pub(crate) mod memory;
pub(crate) mod model;
mod sequences;
mod together;
pub(crate) mod world;
