//! A stand-in for Confluence, Cloud and Data Center, since neither can be run by tests. It is held to
//! Atlassian's documentation and, where that is silent, to what others report: it keeps state, refuses a
//! second page of a title, an update that is not the next version and a body that is no XML, rewrites
//! what it stores, shows strangers nothing, and fails when it is told to.

mod cloud;
mod faults;
mod older;
mod reply;
mod server;
mod state;
mod storing;

pub use faults::{Fault, Kind};
pub use server::{Confluence, Log};
pub use state::{Edition, HOME, Page, SPACE, Strangers, TOKEN, USER};
