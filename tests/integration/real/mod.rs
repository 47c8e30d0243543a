//! Tests that need something real which is not on every machine: WordPress with PHP and MariaDB, a
//! release's editor scripts and the contracts' mock with Node, MediaWiki, Kinto, an S3 server, Chromium. `tests/run` counts
//! them as skipped where it cannot be had; a plain `cargo test` starts what is missing, or fails.

mod block_samples;
mod blocks;
mod browser;
mod check_remote;
mod ci;
mod confluence;
mod conformance;
mod contracts;
mod docs;
mod doctor;
mod faults;
mod intranet;
mod keyring;
mod kills;
mod kinto;
mod main_job;
mod mediawiki;
mod pictures;
mod recovery;
mod s3;
mod site_edits;
mod together;
mod wordpress;
mod wordpress_lab;
