//! The row `interrupted`: the real program is stopped at each of its requests to the site, before the
//! site hears of it and after, by a connection that breaks and by a kill; the next runs heal. At a
//! place on this machine, which is sent no requests, it is killed at moments of its run.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crosspost::targets::Finding;
use image::ImageFormat;

use super::{Bench, Place, step};
use crate::harness::{
    photo,
    program::Run,
    proxy::{Fault, Rule, Seen},
};

/// Seconds that a request may take; a dead run's intent holds half as long again.
const TIMEOUT: f64 = 2.0;
/// Each mostly waits for a lease to end.
const AT_ONCE: usize = 16;
const FOR_EVER: Duration = Duration::from_secs(3600);
/// Into how many parts the run of a place on this machine is cut.
const MOMENTS: u32 = 12;
/// Below this the row would try next to nothing: a first publish alone has more.
const AT_LEAST: usize = 8;

/// What the run has to do that is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    /// A note that is not there.
    Create,
    /// A changed note.
    Update,
    /// A changed note, whose post somebody edits before the next run.
    UpdateThenEdit,
    /// A note that is taken down.
    Unpublish,
}

/// Where the run is interrupted, and how.
#[derive(Debug, Clone, Copy)]
enum Point {
    /// The connection breaks at the nth request, which never arrives.
    LostBefore(usize),
    /// The site does as the nth request asks; the connection breaks before the answer.
    LostAfter(usize),
    /// The program is killed at the nth request, which never arrives.
    KilledBefore(usize),
    /// The program is killed when the site has done as the nth request asks.
    KilledAfter(usize),
    /// The program is killed at this time after its start.
    KilledAt(Duration),
}

impl Job {
    /// What there is to do at this place.
    fn all(bench: &Bench<impl Place>) -> Vec<Self> {
        let mut all = vec![Self::Create];
        if bench.can.update {
            all.extend([Self::Update, Self::UpdateThenEdit]);
        }
        if bench.can.unpublish {
            all.push(Self::Unpublish);
        }
        all
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Unpublish => &["unpublish", "notes/one.md", "--format", "json"],
            _ => &["publish", "--format", "json"],
        }
    }

    /// What stands in the post afterwards.
    fn words(self) -> &'static str {
        if matches!(self, Self::Update | Self::UpdateThenEdit) { "The second words" } else { "The first words" }
    }
}

/// A project that is ready for the run.
fn prepare<P: Place>(place: P, job: Job) -> Bench<P> {
    let bench = Bench::with_timeout(place, TIMEOUT);
    picture(&bench, "first");
    bench.note("one", "", "![One](first.png)\n\nThe first words");
    if job != Job::Create {
        patiently(&bench, Job::Create);
        picture(&bench, "second");
        bench.note("one", "", &format!("![Two](second.png)\n\n{}", job.words()));
    }
    if let Some(proxy) = bench.place.proxy() {
        proxy.forget();
    }
    bench
}

/// A picture that is on no site yet, and small, since some scale a large one for seconds.
fn picture(bench: &Bench<impl Place>, name: &str) {
    let bytes = photo::bytes(&format!("{}{name}", bench.word), (8, 8), ImageFormat::Png);
    bench.project.write(&format!("notes/{name}.png"), bytes);
}

/// The points of a job, as many as an untroubled run has.
fn points<P: Place>(bench: &Bench<P>, job: Job) -> Vec<Point> {
    let began = Instant::now();
    bench.run(job.arguments()).expect(0);
    let Some(proxy) = bench.place.proxy() else {
        return (0..MOMENTS).map(|n| Point::KilledAt(began.elapsed() * n / MOMENTS)).collect();
    };
    let of = |(index, seen): (usize, Seen)| {
        let nth = index + 1;
        // What only asks is the same to the site, whether it arrives or not.
        if !seen.is_write() {
            return vec![Point::LostAfter(nth), Point::KilledBefore(nth)];
        }
        vec![Point::LostBefore(nth), Point::LostAfter(nth), Point::KilledBefore(nth), Point::KilledAfter(nth)]
    };
    proxy.requests().into_iter().enumerate().flat_map(of).collect()
}

/// Runs into the trouble; `false` when the run came to its end without it.
fn interrupt(bench: &Bench<impl Place>, job: Job, point: Point) -> bool {
    let fail = |fault: Fault, nth: usize| {
        let proxy = bench.place.proxy().expect("there are requests");
        proxy.fail(Rule::on("*", "", fault).nth(nth));
        proxy
    };
    let killed = match point {
        Point::LostBefore(nth) | Point::LostAfter(nth) => {
            let before = matches!(point, Point::LostBefore(_));
            let proxy = fail(if before { Fault::DropBefore } else { Fault::DropAfter }, nth);
            let run = bench.run(job.arguments());
            assert!(matches!(run.code, Some(0 | 1 | 3)), "{}", run.transcript());
            let told = run.stderr.contains("error: ") && run.stderr.contains("place");
            assert!(run.code == Some(0) || told, "{}", run.transcript());
            proxy.requests().iter().any(|seen| seen.faulty)
        }
        Point::KilledBefore(nth) => {
            let proxy = fail(Fault::SlowBefore(FOR_EVER), nth);
            kill_when(bench, job, || proxy.requests().len() >= nth)
        }
        Point::KilledAfter(nth) => {
            let proxy = fail(Fault::SlowAfter(FOR_EVER), nth);
            kill_when(bench, job, || proxy.requests().get(nth - 1).is_some_and(|seen| seen.status.is_some()))
        }
        Point::KilledAt(time) => {
            let began = Instant::now();
            kill_when(bench, job, || began.elapsed() >= time)
        }
    };
    if let Some(proxy) = bench.place.proxy() {
        proxy.heal();
    }
    killed
}

/// Kills the program as a crash would; `false` when it came to its end before.
fn kill_when(bench: &Bench<impl Place>, job: Job, is_time: impl Fn() -> bool) -> bool {
    let mut running = bench.project.start(job.arguments());
    while !is_time() && !running.is_over() {
        thread::sleep(Duration::from_millis(2));
    }
    running.kill().code.is_none()
}

/// Runs as often as a person would: a busy machine may take longer than the short time-out, and who
/// takes a post down is told to try again as long as the dead run's intent holds.
fn patiently(bench: &Bench<impl Place>, job: Job) -> Run {
    let began = Instant::now();
    loop {
        let run = bench.run(job.arguments());
        let again = run.code == Some(1) || (job == Job::Unpublish && run.code == Some(3));
        if !again || began.elapsed() > Duration::from_secs(20) {
            return run;
        }
        thread::sleep(Duration::from_millis(300));
    }
}

/// Runs again, and checks what came of it.
fn heal(bench: &Bench<impl Place>, job: Job) {
    assert!(bench.posts("one").len() <= 1, "never two posts: {:#?}", bench.posts("one"));
    if job == Job::UpdateThenEdit {
        keeps_an_edit(bench);
    }
    let run = patiently(bench, job);
    if run.code == Some(3) {
        ask_a_person(bench, &run);
    } else {
        assert_eq!(run.code, Some(0), "{}", run.transcript());
    }
    bench.bring("one");
    patiently(bench, Job::Create);
    bench.requests();
    let (code, report) = bench.publish(&[]);
    let last = if job == Job::Unpublish { "skipped planned" } else { "unchanged done" };
    assert_eq!((code, step(&report, "one").as_str()), (0, last), "{report:#}");
    assert_eq!(bench.requests(), 0, "nothing is left to do");
    if job == Job::Unpublish {
        assert!(bench.posts("one").is_empty(), "{:#?}", bench.posts("one"));
    } else {
        let text = bench.one_post("one");
        assert!(text.contains(job.words()) && !text.contains("crosspost-picture:"), "{text}");
    }
    bench.run(&["ledger", "check"]).expect(0);
    let ledger: String =
        bench.project.files(".crosspost").iter().map(|file| bench.project.read(file)).collect();
    assert!(!ledger.contains("\"intent\""), "nothing is open in the ledger: {ledger}");
}

/// Where a site cannot be asked whether it has the post, somebody looks.
fn ask_a_person(bench: &Bench<impl Place>, run: &Run) {
    assert!(bench.can.find != Finding::Certain, "{}", run.transcript());
    assert!(run.stderr.contains("crosspost resolve"), "{}", run.transcript());
    let mut arguments = vec!["resolve", "notes/one.md", "--target", "place"];
    let address = bench.place.address(&format!("{}one", bench.word));
    match &address {
        Some(address) => arguments.extend(["--published", address]),
        None => arguments.push("--not-published"),
    }
    bench.run(&arguments).expect(0);
}

/// What somebody edits after the interruption stays until somebody says otherwise. The edit leaves the
/// post's words alone, so that afterwards the same can be said of it as of any other.
fn keeps_an_edit(bench: &Bench<impl Place>) {
    let word = format!("{}one", bench.word);
    assert!(bench.place.edit(&bench.project, &word, " words ", " words (a colleague agrees) "));
    let run = patiently(bench, Job::Update);
    let text = bench.one_post("one");
    assert!(text.contains("a colleague agrees"), "the edit is still there: {}", run.transcript());
    if run.code == Some(0) {
        // The interruption was survived: what is done needs no look.
        assert_eq!(step(&run.json(), "one"), "unchanged done", "{}", run.transcript());
        return;
    }
    assert_eq!(run.code, Some(3), "{}", run.transcript());
    bench.run(&["publish", "--on-drift", "overwrite"]).expect(0);
    assert!(!bench.one_post("one").contains("a colleague agrees"));
}

/// Wherever a run is interrupted, and however, the next ones bring one post as the note is, lose no
/// edit, and leave nothing open. A site that cannot be asked has one post at most: a person is asked.
pub fn interrupted<P: Place>(place: impl Fn() -> P + Sync) {
    let bench = prepare(place(), Job::Create);
    let kind = bench.kind();
    let mut all: Vec<(Job, Point)> = Vec::new();
    for job in Job::all(&bench) {
        let untroubled = prepare(place(), job);
        all.extend(points(&untroubled, job).into_iter().map(|point| (job, point)));
    }
    let (next, met, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((job, point)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tried = std::panic::catch_unwind(AssertUnwindSafe(|| {
                        let bench = prepare(place(), *job);
                        let is_met = interrupt(&bench, *job, *point);
                        heal(&bench, *job);
                        is_met
                    }));
                    match tried {
                        Ok(true) => drop(met.fetch_add(1, Ordering::Relaxed)),
                        // A run on this machine may be over before its time comes.
                        Ok(false) if matches!(point, Point::KilledAt(_)) => {}
                        _ => failed
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push(format!("{job:?} {point:?}")),
                    }
                }
            });
        }
    });
    let (met, failed) = (met.into_inner(), failed.into_inner().unwrap_or_else(PoisonError::into_inner));
    println!("crash points and faults: {met} (interrupted, {kind})");
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(met >= AT_LEAST, "only {met} of {}", all.len());
}
