//! Stand-ins for services that no test can use.

pub mod github;
pub mod medium;
