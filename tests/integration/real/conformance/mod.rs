//! The conformance suite against real servers.

mod http;
mod mediawiki;
mod wordpress;
