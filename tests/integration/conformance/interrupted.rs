//! The row `interrupted`: the real program is stopped at each of its requests to the site, before the
//! site hears of it and after, by a connection that breaks and by a kill; the next runs heal. At a
//! place on this machine, which is sent no requests, it is killed at moments of its run.

use std::{
    panic::AssertUnwindSafe,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crosspost::targets::Finding;
use image::ImageFormat;

use super::{Bench, Place, step};
use crate::harness::{
    photo,
    program::Run,
    proxy::{Fault, Proxy, Rule, Seen},
};

/// A request of the interrupted run may take so many times as long as a whole run that nobody troubles:
/// a dead run's intent holds half as long again, and the server has more to do.
const PATIENCE: f64 = 1.5;
/// But so many seconds at least, and so many at most.
const TIMEOUT: (f64, f64) = (1.0, 12.0);
/// Each mostly waits for a lease to end.
const AT_ONCE: usize = 8;
/// On a busy machine a request before the one that is meant may take longer than the short time. Each
/// try gives it twice as much as the one before.
const TRIES: usize = 4;
const FOR_EVER: Duration = Duration::from_secs(3600);
/// Into how many parts the run of a place on this machine is cut.
const MOMENTS: u32 = 12;
/// Below this the row would try next to nothing: a first publish alone has more.
const AT_LEAST: usize = 8;

/// What a run has to do. The jobs follow each other at one note: what heals one is where the next one
/// begins.
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

/// Where a run is interrupted, and how.
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

/// The life of one note: its jobs, each with the point at which it is interrupted, if it is.
type Life = Vec<(Job, Option<Point>)>;

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

    /// What stands in the note, and afterwards in the post.
    fn words(self) -> &'static str {
        match self {
            Self::Create => "The first words",
            Self::Update => "The second words",
            Self::UpdateThenEdit | Self::Unpublish => "The third words",
        }
    }

    /// Writes the note, with a picture that is on no site yet, and a small one, since some scale a
    /// large one for seconds.
    fn prepare(self, bench: &Bench<impl Place>) {
        if self != Self::Unpublish {
            let picture = format!("{self:?}.png");
            let bytes = photo::bytes(&format!("{}{picture}", bench.word), (8, 8), ImageFormat::Png);
            bench.project.write(&format!("notes/{picture}"), bytes);
            bench.note("one", "", &format!("![A picture]({picture})\n\n{}", self.words()));
        }
        bench.place.proxy().map(Proxy::forget);
    }

    /// Does it untroubled; the points that it can be interrupted at.
    fn points(self, bench: &Bench<impl Place>) -> Vec<Point> {
        self.prepare(bench);
        let began = Instant::now();
        bench.run(self.arguments()).expect(0);
        let took = began.elapsed();
        let Some(proxy) = bench.place.proxy() else {
            return (0..MOMENTS).map(|n| Point::KilledAt(took * n / MOMENTS)).collect();
        };
        let requests = proxy.requests().into_iter().enumerate();
        requests.flat_map(|(index, seen)| self.points_at(index + 1, &seen)).collect()
    }

    fn points_at(self, nth: usize, seen: &Seen) -> Vec<Point> {
        let killed = [Point::KilledBefore(nth), Point::KilledAfter(nth)];
        match (self, seen.is_write()) {
            // What only asks is the same to the site, whether it arrives or not.
            (Self::UpdateThenEdit, false) => Vec::new(),
            (_, false) => vec![Point::LostAfter(nth), Point::KilledBefore(nth)],
            // A run that lives on and heals by itself leaves nothing open that an edit could meet.
            (Self::UpdateThenEdit, true) => killed.to_vec(),
            (_, true) => [&killed[..], &[Point::LostBefore(nth), Point::LostAfter(nth)]].concat(),
        }
    }
}

/// As many lives as it takes to meet every point once, and the seconds that a request may take.
fn lives<P: Place>(place: &impl Fn() -> P) -> (Vec<Life>, f64) {
    let untroubled = Bench::new(place());
    let began = Instant::now();
    let jobs = Job::all(&untroubled).into_iter().map(|job| (job, job.points(&untroubled)));
    let jobs: Vec<(Job, Vec<Point>)> = jobs.collect();
    let each = began.elapsed().as_secs_f64() / f64::from(u32::try_from(jobs.len()).unwrap_or(u32::MAX));
    let count = jobs.iter().map(|(_, points)| points.len()).max().unwrap_or_default();
    let life = |n: usize| jobs.iter().map(|(job, points)| (*job, points.get(n).copied())).collect();
    ((0..count).map(life).collect(), (each * PATIENCE).clamp(TIMEOUT.0, TIMEOUT.1))
}

/// Goes through a life; what of it was not met, since a run came to its end before.
fn live<P: Place>(bench: &Bench<P>, life: &Life, timeout: f64) -> Vec<(usize, Point)> {
    let mut missed = Vec::new();
    for (index, (job, point)) in life.iter().enumerate() {
        let is_over = life[index..].iter().all(|(_, point)| point.is_none());
        if is_over {
            break;
        }
        job.prepare(bench);
        if let Some(point) = point {
            bench.give(Some(timeout));
            let is_met = interrupt(bench, *job, *point);
            bench.give(None);
            // A run on this machine may be over before its time comes.
            if !is_met {
                missed.push((index, *point));
            }
        }
        heal(bench, *job, point.is_some());
    }
    missed
}

/// Runs into the trouble; `false` when the run came to its end without it.
fn interrupt(bench: &Bench<impl Place>, job: Job, point: Point) -> bool {
    let fail = |fault: Fault, nth: usize| {
        let proxy = bench.place.proxy().expect("there are requests");
        proxy.fail(Rule::on("*", "", fault).nth(nth));
        proxy
    };
    let is_met = match point {
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
    bench.place.proxy().map(Proxy::heal);
    is_met
}

/// Kills the program as a crash would; `false` when it came to its end before.
fn kill_when(bench: &Bench<impl Place>, job: Job, is_time: impl Fn() -> bool) -> bool {
    let mut running = bench.project.start(job.arguments());
    while !is_time() && !running.is_over() {
        thread::sleep(Duration::from_millis(2));
    }
    running.kill().code.is_none()
}

/// Runs again, and checks what came of it.
fn heal(bench: &Bench<impl Place>, job: Job, was_interrupted: bool) {
    if job == Job::UpdateThenEdit && was_interrupted {
        keeps_an_edit(bench);
    }
    let run = run_again(bench, job);
    match run.code {
        Some(3) => ask_a_person(bench, &run),
        code => assert_eq!(code, Some(0), "{}", run.transcript()),
    }
    bench.bring("one");
    if was_interrupted {
        check(bench, job);
    }
}

/// There is one post, as the note is, and nothing is left to do.
fn check(bench: &Bench<impl Place>, job: Job) {
    if bench.can.find != Finding::Certain {
        // What a person told, the ledger knows from now on.
        bench.run(&["publish"]).expect(0);
    }
    bench.place.proxy().map(Proxy::forget);
    let (code, report) = bench.publish(&[]);
    let last = if job == Job::Unpublish { "skipped planned" } else { "unchanged done" };
    assert_eq!((code, step(&report, "one").as_str()), (0, last), "{report:#}");
    let requests = bench.place.proxy().map(Proxy::requests).unwrap_or_default();
    assert!(requests.is_empty(), "nothing is left to do: {requests:#?}");
    if job == Job::Unpublish {
        assert!(bench.posts("one").is_empty(), "{:#?}", bench.posts("one"));
    } else {
        let text = bench.one_post("one");
        assert!(text.contains(job.words()) && !text.contains("crosspost-picture:"), "{text}");
    }
    bench.run(&["ledger", "check"]).expect(0);
    let files = bench.project.files(".crosspost");
    let ledger: String = files.iter().map(|file| bench.project.read(file)).collect();
    assert!(!ledger.contains("\"intent\""), "nothing is open in the ledger: {ledger}");
}

/// Runs again; a post is taken down once the dead run's intent is over, as its message says.
fn run_again(bench: &Bench<impl Place>, job: Job) -> Run {
    let began = Instant::now();
    loop {
        let run = bench.run(job.arguments());
        let is_busy = job == Job::Unpublish && run.code == Some(3);
        if !is_busy || began.elapsed() > Duration::from_secs(40) {
            return run;
        }
        thread::sleep(Duration::from_millis(300));
    }
}

/// Where a site cannot be asked whether it has the post, somebody looks.
fn ask_a_person(bench: &Bench<impl Place>, run: &Run) {
    assert!(bench.can.find != Finding::Certain, "{}", run.transcript());
    assert!(run.stderr.contains("crosspost resolve"), "{}", run.transcript());
    let mut arguments = vec!["resolve", "notes/one.md", "--target", "place"];
    let told = bench.place.told(&format!("{}one", bench.word));
    match &told {
        Some((address, id)) => {
            arguments.extend(["--published", address]);
            arguments.extend(id.iter().flat_map(|id| ["--id", id]));
        }
        None => arguments.push("--not-published"),
    }
    bench.run(&arguments).expect(0);
}

/// What somebody edits after the interruption stays until somebody says otherwise. The edit leaves the
/// post's words alone, so that afterwards the same can be said of it as of any other.
fn keeps_an_edit(bench: &Bench<impl Place>) {
    let word = format!("{}one", bench.word);
    assert!(bench.place.edit(&bench.project, &word, " words ", " words (a colleague agrees) "));
    let run = run_again(bench, Job::Update);
    let text = bench.one_post("one");
    assert!(text.contains("a colleague agrees"), "the edit is still there: {}", run.transcript());
    if run.code == Some(0) {
        // It was killed when all was done: what is done needs no look.
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
    let (mut open, mut timeout) = lives(&place);
    let points = |lives: &[Life]| lives.iter().flatten().filter(|(_, point)| point.is_some()).count();
    let all = points(&open);
    for _ in 0..TRIES {
        open = live_all(&place, open, timeout);
        timeout *= 2.0;
    }
    let missed = points(&open);
    let bench = Bench::new(place());
    println!("crash points and faults: {} (interrupted, {})", all - missed, bench.kind());
    let may_miss = bench.place.proxy().is_none();
    assert!(may_miss || missed == 0, "never met: {open:?}");
    assert!(all - missed >= AT_LEAST, "only {} of {all}", all - missed);
}

/// Goes through these lives, some at once; those that are to be gone through again, each for a point
/// that was not met.
fn live_all<P: Place>(place: &(impl Fn() -> P + Sync), lives: Vec<Life>, timeout: f64) -> Vec<Life> {
    let (open, again, failed) = (Mutex::new(lives), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(life) = { lock(&open).pop() } {
                    let lived = AssertUnwindSafe(|| live(&Bench::new(place()), &life, timeout));
                    match std::panic::catch_unwind(lived) {
                        Ok(missed) => lock(&again).extend(missed.into_iter().map(|(index, point)| {
                            let only =
                                |(at, (job, _)): (usize, &(Job, _))| (*job, (at == index).then_some(point));
                            life.iter().enumerate().map(only).collect::<Life>()
                        })),
                        Err(_) => lock(&failed).push(life),
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(failed.is_empty(), "{failed:#?}");
    again.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
