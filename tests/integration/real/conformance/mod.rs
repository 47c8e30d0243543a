//! The conformance suite against real servers.

mod mediawiki;
mod wordpress;
