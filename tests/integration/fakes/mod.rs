//! Stand-ins for services that no test can use.

pub mod api;
pub mod confluence;
pub mod github;
mod hold;
pub mod medium;
pub mod playback;
pub mod sharepoint;
