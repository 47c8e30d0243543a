//! Stand-ins for services that no test can use.

pub mod confluence;
pub mod medium;
