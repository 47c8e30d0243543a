//! The real program, killed while it publishes to a real WordPress, to Medium's stand-in and to a
//! folder: before and after each of its requests, and at random times. The next run heals.

use std::{
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::harness::{
    everywhere::{Everywhere, Plan},
    program::Run,
    proxy::{Fault, Proxy, Rule},
    wordpress::{Flavour, Role},
};

const NOTE: &str = "notes/week.md";
/// Seconds; a dead run's intent holds half as long again.
const TIMEOUT: f64 = 3.0;
/// Each mostly waits for a lease to end.
const AT_ONCE: usize = 5;
const FOR_EVER: Duration = Duration::from_secs(3600);

/// Which requests the program is killed at.
#[derive(Debug, Clone, Copy)]
enum Target {
    Blog,
    Medium,
}

/// When it is killed.
#[derive(Debug, Clone, Copy)]
enum Death {
    /// At the nth request to a target, which never arrives.
    Before(Target, usize),
    /// At the nth request to a target, when it has been answered but the answer has not arrived.
    After(Target, usize),
    /// After some time.
    At(Duration),
}

/// A project whose notes and ledger are as `state` says, ready for its first or its next publish.
pub fn project(state: &str, update: bool) -> Everywhere {
    let plan = Plan {
        blog: Some((Flavour::Wp71, Role::Author)),
        state: state.to_owned(),
        timeout: TIMEOUT,
        ..Plan::default()
    };
    let all = Everywhere::new(&plan);
    if state.starts_with("git:") {
        make_clone(&all);
    }
    all.picture("notes/one.png");
    all.note(NOTE, "First words.\n\n![One](one.png)");
    if update {
        publish_patiently(&all);
        all.picture("notes/two.png");
        all.note(NOTE, "Second words.\n\n![Two](two.png)");
        all.forget();
    }
    all
}

/// Makes the project a clone of a bare remote that lies in it, out of the notes' way.
fn make_clone(all: &Everywhere) {
    let root = all.project.root();
    for arguments in [
        &["init", "-q", "--bare", "remote.git"][..],
        &["init", "-q"],
        &["remote", "add", "origin", "./remote.git"],
    ] {
        let output = Command::new("git").current_dir(&root).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Publishes, and kills the program. `false` when it came to its end before.
fn publish_and_kill(all: &Everywhere, death: Death) -> bool {
    let proxy = |target| match target {
        Target::Blog => &all.blog().proxy,
        Target::Medium => all.medium_proxy(),
    };
    let reached: Box<dyn Fn() -> bool> = match death {
        Death::Before(target, nth) => {
            proxy(target).fail(Rule::on("*", "", Fault::SlowBefore(FOR_EVER)).nth(nth));
            Box::new(move || proxy(target).requests().len() >= nth)
        }
        Death::After(target, nth) => {
            proxy(target).fail(Rule::on("*", "", Fault::SlowAfter(FOR_EVER)).nth(nth));
            Box::new(move || answered(proxy(target), nth))
        }
        Death::At(time) => {
            let begun = Instant::now();
            Box::new(move || begun.elapsed() >= time)
        }
    };
    let mut running = all.project.start(&["publish"]);
    while !reached() && !running.is_over() {
        thread::sleep(Duration::from_millis(5));
    }
    let killed = running.kill().code.is_none();
    all.blog().proxy.heal();
    all.medium_proxy().heal();
    killed
}

fn answered(proxy: &Proxy, nth: usize) -> bool {
    proxy.requests().get(nth - 1).is_some_and(|seen| seen.status.is_some())
}

/// Publishes; again, where a busy machine took longer than the short time-out.
fn publish_patiently(all: &Everywhere) -> Run {
    let publish = || all.project.run(&["publish"]);
    (0..2).map(|_| publish()).find(|run| run.code != Some(1)).unwrap_or_else(publish)
}

/// Publishes again as a person would, and checks what came of it.
pub fn heal_and_check(all: &Everywhere, words: &str, context: &str) {
    let run = publish_patiently(all);
    if run.code == Some(3) {
        assert!(run.stderr.contains("crosspost resolve"), "{context}: {}", run.transcript());
        // Who looks too early sees nothing: a slow request may still arrive.
        thread::sleep(Duration::from_secs(1));
        let answer = match all.medium().stories().first() {
            Some(story) => vec!["--published".to_owned(), story.url.clone()],
            None => vec!["--not-published".to_owned()],
        };
        let mut arguments = vec!["resolve", NOTE, "--target", "medium"];
        arguments.extend(answer.iter().map(String::as_str));
        all.project.run(&arguments).expect(0);
    } else {
        assert_eq!(run.code, Some(0), "{context}: {}", run.transcript());
    }
    all.publish();
    all.forget();
    all.publish();
    assert_eq!(all.requests(), Vec::<String>::new(), "{context}: nothing is left to do");

    let posts = all.posts();
    assert_eq!(posts.len(), 1, "{context}: one post: {posts:#?}");
    assert!(Everywhere::content(&posts[0]).contains(words), "{context}");
    assert_eq!(all.medium().stories().len(), 1, "{context}: one story");
    let pages = all.project.files("out").into_iter().filter(|file| file.ends_with("week.html"));
    let pages: Vec<String> = pages.map(|file| all.project.read(&file)).collect();
    assert!(pages.len() == 1 && pages[0].contains(words), "{context}: one page: {pages:?}");
    assert!(!all.ledger().contains("\"intent\""), "{context}: {}", all.ledger());
}

/// Tries all deaths, some at once; returns how many took place.
fn die(deaths: &[Death], state: &str, update: bool) -> usize {
    let (next, killed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let words = if update { "Second words." } else { "First words." };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(death) = deaths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let all = project(state, update);
                    let done = usize::from(publish_and_kill(&all, *death));
                    killed.fetch_add(done, Ordering::Relaxed);
                    heal_and_check(&all, words, &format!("{state} {death:?}"));
                }
            });
        }
    });
    killed.into_inner()
}

/// Before and after each request that an untroubled run makes.
fn each_request(update: bool) -> Vec<Death> {
    let all = project("file:.crosspost", update);
    all.publish();
    let blog = all.blog().proxy.requests().len();
    let medium = all.medium_proxy().requests().len();
    let at =
        |target, count| (1..=count).flat_map(move |n| [Death::Before(target, n), Death::After(target, n)]);
    at(Target::Blog, blog).chain(at(Target::Medium, medium)).collect()
}

#[test]
fn killed_at_any_request_of_a_first_publish_it_heals() {
    let deaths = each_request(false);
    assert!(deaths.len() >= 12, "{deaths:?}");
    let (tried, killed) = (deaths.len(), die(&deaths, "file:.crosspost", false));
    println!("crash points and faults: {killed} (killed at a request, create)");
    assert_eq!(killed, tried);
}

#[test]
fn killed_at_any_request_of_an_update_it_heals() {
    let deaths = each_request(true);
    assert!(deaths.len() >= 6, "{deaths:?}");
    let (tried, killed) = (deaths.len(), die(&deaths, "file:.crosspost", true));
    println!("crash points and faults: {killed} (killed at a request, update)");
    assert_eq!(killed, tried);
}

#[test]
fn killed_at_any_time_it_heals_over_a_ledger_in_git() {
    let deaths: Vec<Death> = (0..12).map(|n| Death::At(Duration::from_millis(60 * n))).collect();
    let killed = die(&deaths, "git:crosspost-ledger", false);
    println!("crash points and faults: {killed} (killed at some time, ledger in git)");
    assert!(killed >= 6, "only {killed}");
}
