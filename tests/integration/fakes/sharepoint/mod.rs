//! A stand-in for SharePoint with Microsoft Graph and Microsoft Entra in front of it, since no
//! tenant can be used for tests. It is held to Microsoft's documentation: it keeps state, checks
//! what it is sent, takes a page's name only once, hides a page until it is published, rewrites the
//! HTML of text web parts, and fails in the ways that are documented. What it was sent is held to
//! the vendor's contract by the tests under `real`.

mod answers;
mod login;
mod server;
mod site;
mod state;

pub use login::{CLIENT, EXPIRED, ID_TOKEN, JOB_TOKEN, SECRET, TENANT};
pub use server::SharePoint;
pub use state::Fault;
