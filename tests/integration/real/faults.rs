//! The real program before targets that fail in every way that was seen: each kind of request meets
//! each fault once. Never two posts, a message that helps, and the next run heals.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::kills::{heal_and_check, project};
use crate::harness::{
    closed_port,
    everywhere::{Everywhere, Plan},
    proxy::{Fault, Reply, Rule},
    wordpress::{Flavour, Role},
};

const NOTE: &str = "notes/week.md";
/// Each mostly waits for a lease to end.
const AT_ONCE: usize = 5;
/// Longer than the time-out, shorter than a lease.
const SLOW: Duration = Duration::from_millis(3600);

/// A kind of request.
#[derive(Debug, Clone, Copy)]
struct Request {
    method: &'static str,
    path: &'static str,
    target: &'static str,
    /// Whether an update makes it, and not a first publish.
    update: bool,
}

const fn request(method: &'static str, path: &'static str, target: &'static str, update: bool) -> Request {
    Request { method, path, target, update }
}

const REQUESTS: [Request; 8] = [
    request("GET", r"/wp/v2/posts\?.*search=", "blog", false),
    request("GET", r"/wp/v2/media", "blog", false),
    request("POST", r"/wp/v2/media", "blog", false),
    request("POST", r"/wp/v2/posts(\?|$)", "blog", false),
    request("GET", r"/wp/v2/posts/\d+", "blog", true),
    request("POST", r"/wp/v2/posts/\d+", "blog", true),
    request("GET", r"/v1/me$", "medium", false),
    request("POST", r"/v1/users/.*/posts$", "medium", false),
];

fn faults() -> Vec<Fault> {
    vec![
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::CutAfter,
        Fault::HalfAfter,
        Fault::WarningAfter,
        Fault::SlowBefore(SLOW),
        Fault::SlowAfter(SLOW),
        Fault::AnswerAfter(Reply::empty(200)),
        Fault::AnswerAfter(Reply::html(200)),
        Fault::AnswerAfter(Reply::text(200, "application/json", "{}")),
        Fault::AnswerAfter(Reply::empty(500)),
        Fault::AnswerAfter(Reply::empty(503)),
        Fault::AnswerBefore(Reply::html(403)),
        Fault::AnswerBefore(Reply::redirect(301, "http://127.0.0.1:9/elsewhere")),
        Fault::AnswerBefore(Reply::json_error(429)),
        Fault::AnswerBefore(Reply::json_error(429).header("retry-after", "1")),
        Fault::AnswerBefore(Reply::json_error(503)),
        Fault::AnswerBefore(Reply::json_error(503).header("retry-after", "1")),
    ]
}

/// Meets one fault, and heals. `false` when the run did not come to the request: on a busy machine
/// another one may take longer than the short time-out.
fn meet(request: Request, fault: &Fault) -> bool {
    let context = format!("{request:?}: {fault:?}");
    let all = project("file:.crosspost", request.update);
    let proxy = if request.target == "medium" { all.medium_proxy() } else { &all.blog().proxy };
    proxy.fail(Rule::on(request.method, request.path, fault.clone()).times(1));
    let run = all.project.run(&["publish"]);
    if !proxy.requests().iter().any(|seen| seen.faulty) {
        return false;
    }
    assert!(matches!(run.code, Some(0 | 1 | 3)), "{context}: {}", run.transcript());
    let told = run.stderr.contains("error: ") && run.stderr.contains(request.target);
    assert!(run.code == Some(0) || told, "{context}: {}", run.transcript());
    assert!(all.posts().len() <= 1 && all.medium().stories().len() <= 1, "{context}");
    heal_and_check(&all, if request.update { "Second words." } else { "First words." }, &context);
    true
}

/// Every third of all requests and faults, so that three tests share the work.
fn share(share: usize) {
    let faults = faults();
    let all = REQUESTS.iter().flat_map(|request| faults.iter().map(move |fault| (*request, fault)));
    let mine: Vec<_> = all.skip(share).step_by(3).collect();
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((request, fault)) = mine.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let met = std::panic::catch_unwind(|| (0..3).any(|_| meet(*request, fault)));
                    if !met.unwrap_or(false) {
                        failed.lock().unwrap().push(format!("{request:?} {fault:?}"));
                    }
                }
            });
        }
    });
    println!("crash points and faults: {} (faults of sites, share {share})", mine.len());
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(mine.len() >= 40);
}

#[test]
fn each_request_may_fail_in_each_way_first_share() {
    share(0);
}

#[test]
fn each_request_may_fail_in_each_way_second_share() {
    share(1);
}

#[test]
fn each_request_may_fail_in_each_way_third_share() {
    share(2);
}

#[test]
fn a_site_that_cannot_be_reached_is_told_and_nothing_is_left_behind() {
    let all = Everywhere::new(&Plan::blog(Flavour::Wp71, Role::Author));
    all.note(NOTE, "Words.");
    let good = all.project.read("crosspost.toml");
    let url = all.blog().proxy.url.clone();
    let closed = format!("http://127.0.0.1:{}", closed_port());
    let not_tls = url.replace("http://", "https://");
    for other in [closed.as_str(), &not_tls, "http://nonexistent.invalid"] {
        let kind = "kind = \"wordpress\"\n";
        let config = good.replace(&url, other).replace(kind, &format!("{kind}insecure_http = true\n"));
        all.project.write("crosspost.toml", config);
        let run = all.project.run(&["publish"]).expect(1);
        assert!(run.stderr.contains("`blog`") && run.stderr.contains(other), "{}", run.transcript());
        assert!(!all.ledger().contains("\"intent\""), "{other}: {}", all.ledger());
    }
    all.project.write("crosspost.toml", good);
    all.publish();
    all.post();
}

#[test]
fn a_ledger_that_cannot_be_written_stops_a_publish_before_anything_is_sent() {
    // Nobody can make files there, root neither.
    let all = Everywhere::new(&Plan { state: "file:/proc/crosspost".to_owned(), ..Plan::default() });
    all.note(NOTE, "Words.");
    let run = all.project.run(&["publish"]).expect(1);
    assert!(run.stderr.contains("ledger") && run.stderr.contains("/proc/crosspost"), "{}", run.transcript());
    assert!(all.blog().proxy.writes().is_empty() && all.medium_proxy().writes().is_empty());
    assert!(all.posts().is_empty());
}

#[test]
fn a_disk_that_is_full_loses_nothing() {
    let all = Everywhere::new(&Plan { pages: false, ..Plan::default() });
    let ledger = all.project.root().join(".crosspost");
    std::fs::create_dir(&ledger).unwrap();
    let Some(_disk) = Disk::mount(&ledger) else { return };
    all.note(NOTE, "Words.");
    let ballast = ledger.join("ballast");
    assert!(std::fs::write(&ballast, vec![0; 1 << 20]).is_err(), "the disk is full");
    let run = all.project.run(&["publish"]).expect(1);
    assert!(run.stderr.contains("No space left"), "{}", run.transcript());
    assert!(all.posts().is_empty() && all.medium().posts() == 0);
    std::fs::remove_file(ballast).unwrap();
    all.publish();
    all.post();
    assert_eq!(all.medium().posts(), 1);
}

/// A small disk, unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Option<Self> {
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(at);
        if command.output().is_ok_and(|output| output.status.success()) {
            return Some(Self(at.to_owned()));
        }
        println!("SKIPPED: a full disk: this user may not mount one");
        None
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
