//! Stand-ins for services that no test can use.

pub mod api;
pub mod confluence;
pub mod github;
pub mod medium;
pub mod playback;
pub mod sharepoint;
