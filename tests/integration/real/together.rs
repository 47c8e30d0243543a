//! Several processes of the real program at once: on one machine, and in several clones.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::harness::{
    everywhere::{Everywhere, Plan},
    proxy::{Fault, Rule},
    wordpress::{Flavour, Role},
};

const RUNNERS: usize = 4;
const NOTES: usize = 3;

fn everywhere(state: &str, timeout: f64) -> (Everywhere, Plan) {
    let blog = Some((Flavour::Wp71, Role::Author));
    let plan = Plan { blog, pages: false, state: state.to_owned(), timeout, ..Plan::default() };
    (Everywhere::new(&plan), plan)
}

fn write_notes(all: &Everywhere) {
    for n in 0..NOTES {
        all.note(&format!("notes/{n}.md"), &format!("Words {n}."));
    }
}

/// Starts the program in a folder that has the project's files.
fn start(all: &Everywhere, folder: &Path) -> Child {
    let mut command = all.project.command(&["publish"]);
    command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// All runs end, each well or saying that somebody has to come back; each note is posted once.
fn all_end_well(all: &Everywhere, runs: Vec<Child>) {
    let begun = Instant::now();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 3)), "{:?}: {said}", output.status);
    }
    assert!(begun.elapsed() < Duration::from_secs(90), "nobody waits for ever");
    let posts = all.posts();
    assert_eq!(posts.len(), NOTES, "{posts:#?}");
    assert_eq!(all.medium().posts(), NOTES, "each story was sent once");
}

#[test]
fn several_runs_on_one_machine_post_each_note_once() {
    let (all, _) = everywhere("file:.crosspost", 20.0);
    write_notes(&all);
    let root = all.project.root();
    all_end_well(&all, (0..RUNNERS).map(|_| start(&all, &root)).collect());
    all.publish();
    assert!(!all.ledger().contains("\"intent\""), "{}", all.ledger());
}

#[test]
fn several_runs_in_clones_of_one_repository_post_each_note_once() {
    let (all, plan) = everywhere("git:crosspost-ledger", 20.0);
    write_notes(&all);
    let root = all.project.root();
    git(&root, &["init", "-q", "--bare", "remote.git"]);
    let clones: Vec<PathBuf> = (0..RUNNERS).map(|n| root.join(format!("clone-{n}"))).collect();
    for clone in &clones {
        git(&root, &["clone", "-q", "remote.git", &clone.display().to_string()]);
        std::fs::create_dir(clone.join("notes")).unwrap();
        std::fs::write(clone.join("crosspost.toml"), all.config(&plan)).unwrap();
        for n in 0..NOTES {
            let name = format!("notes/{n}.md");
            std::fs::copy(root.join(&name), clone.join(&name)).unwrap();
        }
    }
    all_end_well(&all, clones.iter().map(|clone| start(&all, clone)).collect());
    all.forget();
    all_end_well(&all, vec![start(&all, &clones[0])]);
    assert_eq!(all.requests(), Vec::<String>::new(), "all is known to all");
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git").current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_dead_runs_step_is_taken_over_within_one_command() {
    let (all, _) = everywhere("file:.crosspost", 3.0);
    all.note("notes/0.md", "Words.");
    let create = r"/wp/v2/posts(\?|$)";
    all.blog().proxy.fail(Rule::on("POST", create, Fault::SlowBefore(Duration::from_secs(3600))).times(1));
    let running = all.project.start(&["publish"]);
    wait_for(|| all.blog().proxy.count("POST", create) == 1);
    running.kill();
    let begun = Instant::now();
    let run = all.project.run(&["publish"]).expect(0);
    assert!(run.stderr.contains("waiting for another run"), "{}", run.transcript());
    assert!(run.stdout.contains("an earlier run was interrupted"), "{}", run.transcript());
    assert!(begun.elapsed() < Duration::from_secs(30));
    all.post();
}

#[test]
fn a_living_runs_step_is_left_to_it_however_slow_it_is() {
    let (all, _) = everywhere("file:.crosspost", 4.0);
    all.note("notes/0.md", "Words.");
    // Each request takes nearly as long as it may: the whole step longer than one lease.
    all.blog().proxy.fail(Rule::on("*", "", Fault::SlowAfter(Duration::from_millis(2500))));
    all.picture("notes/one.png");
    all.note("notes/0.md", "Words.\n\n![One](one.png)");
    let running = all.project.start(&["publish"]);
    wait_for(|| all.ledger().contains("\"intent\""));
    let run = all.project.run(&["publish"]);
    let first = running.wait();
    assert_eq!(first.code, Some(0), "{}", first.transcript());
    assert!(matches!(run.code, Some(0 | 3)), "{}", run.transcript());
    all.post();
    assert_eq!(all.blog().proxy.count("POST", r"/wp/v2/posts(\?|$)"), 1, "one run has posted");
}

fn wait_for(reached: impl Fn() -> bool) {
    let begun = Instant::now();
    while !reached() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never came to that");
        thread::sleep(Duration::from_millis(10));
    }
}
