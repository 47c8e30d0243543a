//! A stand-in for Medium, since no account can be used for tests (and no new tokens are given
//! out). It is held to Medium's API documentation, its SDKs and what people reported: it keeps
//! state, checks what it is sent, makes two stories of the same request sent twice, offers no way
//! to list, read, change or remove one, and fails in the ways that were seen.

mod faults;
mod feed;
mod posts;
mod reply;
mod server;
mod state;

pub use faults::Fault;
pub use server::Medium;
pub use state::{CATE, DORA, EDITED, Received, Story, WRITTEN};
