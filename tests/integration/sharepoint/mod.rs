//! The SharePoint driver against the stand-in, with the real program.

mod access;
mod faults;
mod saving;

use std::sync::Arc;

use serde_json::Value;

use crate::{
    conformance::{Bench, sharepoint::Intranet, step},
    fakes::sharepoint::SharePoint,
};

/// A stand-in, and a project that publishes to it.
fn bench() -> (Arc<SharePoint>, Bench<Intranet>) {
    bench_with("")
}

/// The same with more in the target's table.
fn bench_with(extra: &'static str) -> (Arc<SharePoint>, Bench<Intranet>) {
    let sharepoint = Arc::new(SharePoint::start());
    let bench = Bench::new(Intranet::with(&sharepoint, extra));
    (sharepoint, bench)
}

/// Publishes, again while an interrupted run's claim holds.
fn publish_in_the_end(bench: &Bench<Intranet>) -> (i32, Value) {
    for _ in 0..20 {
        let (code, report) = bench.publish(&[]);
        if !report.to_string().contains("another run is at it") {
            return (code, report);
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    panic!("the claim does not end");
}

fn warnings(report: &Value) -> String {
    report["steps"][0]["warnings"].to_string()
}

#[track_caller]
fn assert_step(report: &Value, expected: &str) {
    assert_eq!(step(report, "one"), expected, "{report:#}");
}
