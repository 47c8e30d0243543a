//! The MediaWiki adapter and its dialect against a real MediaWiki.

mod reading;
