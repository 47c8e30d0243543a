//! Stand-ins for services that no test can use.

pub mod medium;
pub mod sharepoint;
