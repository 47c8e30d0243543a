//! Several processes that write to one ledger, and some that are killed while they do. The
//! processes are this test binary itself, told by the environment what to do.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crosspost::state::{Key, Ledger, Swap};

use super::{
    Shared,
    entries::{commit, known, put, site},
};

const TASK: &str = "LEDGER_TEST_TASK";

/// Not a test of its own: what a process that [`spawn`] started does.
#[test]
#[ignore = "is run by other tests, as a process"]
fn child() {
    let Ok(task) = env::var(TASK) else { return };
    let variable = |name| env::var(name).unwrap();
    let ledger =
        crosspost::state::open(&variable("LEDGER_TEST_STATE"), variable("LEDGER_TEST_ROOT").as_ref())
            .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (what, argument) = task.split_once(' ').unwrap();
    match what {
        "increment" => runtime.block_on(increment(&*ledger, argument)),
        "write-for-ever" => runtime.block_on(write_for_ever(&*ledger)),
        other => panic!("unknown task {other}"),
    }
}

fn spawn(shared: &impl Shared, task: &str) -> Child {
    let (state, root) = shared.address();
    Command::new(env::current_exe().unwrap())
        .args(["state::processes::child", "--exact", "--ignored", "--nocapture"])
        .env(TASK, task)
        .env("LEDGER_TEST_STATE", state)
        .env("LEDGER_TEST_ROOT", root)
        .envs(shared.environment())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// `NAME TIMES`: raises the counter as often, each time noting itself as the winner of that round.
async fn increment(ledger: &dyn Ledger, argument: &str) {
    let (name, times) = argument.split_once(' ').unwrap();
    let key = Key::Site("counter".to_owned());
    for _ in 0..times.parse::<u32>().unwrap() {
        loop {
            let current = ledger.read(&key).await.unwrap();
            let mut rounds = current.as_ref().map(|entry| known(&entry.value).clone()).unwrap_or_default();
            rounds.insert(format!("round {:04}", rounds.len()), name.to_owned());
            let pairs: Vec<(&str, &str)> = rounds.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let change = put(site("counter", &pairs), current.map(|entry| entry.version));
            if matches!(commit(ledger, change).await, Swap::Done(_)) {
                break;
            }
        }
    }
}

/// Eight writers raise one counter: every round has one winner, and nobody's win is gone.
pub fn eight_writers_lose_no_update(shared: &impl Shared, times: usize) {
    let names: Vec<String> = (0..8).map(|n| format!("writer {n}")).collect();
    let children: Vec<Child> = names
        .iter()
        .map(|name| spawn(shared, &format!("increment {} {times}", name.replace(' ', "-"))))
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let entry = blocking(async { shared.writer().read(&Key::Site("counter".to_owned())).await.unwrap() });
    let entry = entry.unwrap();
    let rounds = known(&entry.value);
    assert_eq!(rounds.len(), 8 * times);
    for name in names {
        let wins = rounds.values().filter(|winner| **winner == name.replace(' ', "-")).count();
        assert_eq!(wins, times, "{name}");
    }
}

const WRITTEN: [&str; 3] = ["first", "second", "third"];

/// Raises three entries together, and says so each time it has been told that it is done.
async fn write_for_ever(ledger: &dyn Ledger) {
    loop {
        let (mut changes, mut next) = (Vec::new(), 0);
        for target in WRITTEN {
            let current = ledger.read(&Key::Site(target.to_owned())).await.unwrap();
            let count = current.as_ref().map_or(0, |entry| number(&known(&entry.value)["n"]));
            next = next.max(count + 1);
            changes.push((target, current.map(|entry| entry.version)));
        }
        let text = next.to_string();
        let batch = changes.into_iter().map(|(target, version)| put(site(target, &[("n", &text)]), version));
        let swaps = ledger.commit(batch.collect()).await.unwrap();
        // A write of the one before, which was killed, may still have arrived in between.
        if swaps.iter().all(|swap| matches!(swap, Swap::Done(_))) {
            println!("done {next}");
        }
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap()
}

/// Writers killed at any moment leave whole entries, none older than what they were told is done.
pub fn a_killed_writer_tears_nothing(shared: &impl Shared, kills: u64) {
    let mut promised = 0;
    for kill in 0..kills {
        let mut child = spawn(shared, "write-for-ever -");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Killed at another moment of the work each time, but never before it has begun.
        promised = promised.max(next_done(&mut lines).expect("the writer writes"));
        thread::sleep(Duration::from_micros(kill * 7919 % 23_000));
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(done) = next_done(&mut lines) {
            promised = promised.max(done);
        }
        let entries = blocking(async { shared.writer().read_all().await.unwrap() });
        assert_eq!(entries.len(), WRITTEN.len());
        for (key, entry) in entries {
            let found = number(&known(&entry.value)["n"]);
            assert!(found >= promised, "{key:?} is at {found}, after {promised} was promised");
        }
    }
    assert!(promised >= kills, "the writers made no progress");
}

fn next_done(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Option<u64> {
    lines.map_while(Result::ok).find_map(|line| line.strip_prefix("done ").map(number))
}

fn blocking<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
