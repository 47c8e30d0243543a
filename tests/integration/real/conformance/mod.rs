//! The conformance suite against real servers.

mod wordpress;
