//! One suite for every kind of target, run with the real program against the target's own server
//! (or its stand-in). What a kind cannot do is told by its capabilities, and then the suite expects
//! the program to say so; a new kind needs a [`Place`] and inherits all of it.
//!
//! The rows are those of `docs/conformance.md`: create, update, unchanged, drift, conflict, find again,
//! pictures, links, statuses, tags, overrides, unpublish, exactly once, interrupted.

pub mod confluence;
mod folder;
mod interrupted;
mod medium;
mod medium_by_hand;
mod overrides;
mod rows;
pub mod sharepoint;

use std::{cell::Cell, sync::Arc};

use crosspost::{config::Config, targets::Capabilities};
use serde_json::Value;
use tokio::sync::Notify;

use crate::harness::{
    program::{Project, Run},
    proxy::Proxy,
    unique,
};

pub use interrupted::interrupted;
pub use overrides::overrides;
pub use rows::*;

/// Where one kind of target publishes to in a test: its configuration and a way to look at, and to
/// meddle with, what is there.
pub trait Place {
    /// The target's table without its heading.
    fn table(&self) -> String;
    /// Environment variables (secrets) for a target called `place`.
    fn environment(&self) -> Vec<(String, String)>;
    /// The whole text of every post that holds a word: title, body, tags as names.
    fn posts(&self, project: &Project, word: &str) -> Vec<String>;
    /// Does what an editor would do on the site: in the one post that holds `word`, puts `to` in
    /// place of `from`. `false` where nobody can.
    fn edit(&self, project: &Project, word: &str, from: &str, to: &str) -> bool;

    /// What the program's requests to the site go through, so that they can be counted and made to
    /// fail. `None` for a place on this machine.
    fn proxy(&self) -> Option<&Proxy> {
        None
    }
    /// The example whose description of a service this is, where requests are described.
    fn example(&self) -> Option<&'static str> {
        None
    }
    /// Makes the next write succeed at the site and fail for the program, which hears nothing of
    /// it. `false` where that cannot happen.
    fn lose_next_answer(&self) -> bool;
    /// Does what a person does with what they were given for a note, where the kind has notes brought
    /// by hand: brings it there, and returns its address.
    fn bring(&self, _project: &Project, _name: &str) -> String {
        panic!("nothing is brought to this kind by hand")
    }
    /// What a person says of the post that holds a word to a program that cannot ask: its address,
    /// and its id where that does not tell it. `None` where there is no such post.
    fn told(&self, _word: &str) -> Option<(String, Option<String>)> {
        panic!("a site that can be asked needs nobody to tell what it has")
    }
    /// Holds the next update back before it reaches the site. `None` where the site has no lock, so
    /// that an edit of that very moment is lost.
    fn hold_next_update(&self) -> Option<Held<'_>> {
        None
    }
    /// Whether pictures count in a test of them (an upload can be seen).
    fn uploads(&self, project: &Project) -> Option<usize>;
}

/// An update that is held back.
pub struct Held<'a> {
    /// Whether it is on its way by now.
    pub has_come: Box<dyn Fn() -> bool + 'a>,
    /// Lets it go on (`notify_one`).
    pub gate: Arc<Notify>,
}

/// A project that publishes to one place.
pub struct Bench<P> {
    /// The project.
    pub project: Project,
    /// The place.
    pub place: P,
    /// A word that no other test has.
    pub word: String,
    /// What the kind can do.
    pub can: Capabilities,
    counted: Cell<usize>,
}

impl<P: Place> Bench<P> {
    /// A project with the place as its one target.
    pub fn new(place: P) -> Self {
        let word = unique("conform");
        let config = config(&word, &place.table());
        let mut project = Project::with_config(&config);
        for (name, value) in place.environment() {
            project.env(&name, &value);
        }
        let parsed =
            Config::parse(&config, &project.root().join("crosspost.toml")).expect("the place's table");
        let can = parsed.targets[0].capabilities();
        Self { project, place, word, can, counted: Cell::new(0) }
    }

    /// Gives every request from here on so many seconds; `None` for as many as the place says.
    pub fn give(&self, seconds: Option<f64>) {
        let table = self.place.table();
        let (own, others) = table.split_at(table.find("\n[").map_or(table.len(), |at| at + 1));
        let is_other = |line: &&str| seconds.is_none() || !line.starts_with("timeout");
        let mut lines: Vec<String> = own.lines().filter(is_other).map(str::to_owned).collect();
        lines.extend(seconds.map(|seconds| format!("timeout = {seconds:?}")));
        self.project.write("crosspost.toml", config(&self.word, &format!("{}\n{others}", lines.join("\n"))));
    }

    /// Writes a note whose title and text hold the word.
    pub fn note(&self, name: &str, front: &str, text: &str) {
        let word = &self.word;
        self.project.write(
            &format!("notes/{name}.md"),
            format!(
                "---\ntitle: {word} {name}\ndate: 2026-03-02T09:00:00Z\n{front}---\n\n{text} {word}{name}.\n"
            ),
        );
    }

    /// How many requests have come since the last call; 0 at a place on this machine.
    pub fn requests(&self) -> usize {
        let all = self.place.proxy().map_or(0, |proxy| proxy.requests().len());
        all - self.counted.replace(all)
    }

    /// The kind of target.
    pub fn kind(&self) -> String {
        let table: toml::Table = self.place.table().parse().expect("the place's table");
        table["kind"].as_str().expect("a kind").to_owned()
    }

    /// Runs `publish` and returns its exit code and report.
    pub fn publish(&self, arguments: &[&str]) -> (i32, Value) {
        let run = self.run(&[&["publish", "--format", "json"], arguments].concat());
        (run.code.unwrap_or(-1), run.json())
    }

    /// What a publish says of a new note.
    pub fn made(&self) -> &'static str {
        if self.can.by_hand { "manual done" } else { "create done" }
    }

    /// Where a person brings notes there: brings this one, and tells the program where it is.
    pub fn bring(&self, name: &str) {
        if self.can.by_hand {
            assert!(self.posts(name).is_empty(), "nobody has brought it there");
            let url = self.place.bring(&self.project, name);
            let note = format!("notes/{name}.md");
            self.run(&["resolve", &note, "--target", "place", "--published", &url]).expect(0);
        }
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.project.run(arguments)
    }

    /// The posts of a note.
    pub fn posts(&self, name: &str) -> Vec<String> {
        self.place.posts(&self.project, &format!("{}{name}", self.word))
    }

    /// Asserts that there is exactly one post of a note, and returns its text.
    pub fn one_post(&self, name: &str) -> String {
        let posts = self.posts(name);
        assert_eq!(posts.len(), 1, "one post of {name}: {posts:#?}");
        posts.into_iter().next().unwrap_or_default()
    }
}

/// The configuration of a project of a test's own: markers are made from its name.
fn config(word: &str, table: &str) -> String {
    format!("project = \"{word}\"\n[targets.place]\n{table}")
}

/// `action outcome` of a note's step.
pub fn step(report: &Value, name: &str) -> String {
    let note = format!("notes/{name}.md");
    let steps = report["steps"].as_array().expect("steps");
    let step =
        steps.iter().find(|s| s["note"] == note).unwrap_or_else(|| panic!("no step of {note}: {report:#}"));
    format!("{} {}", step["action"].as_str().unwrap_or(""), step["outcome"].as_str().unwrap_or(""))
}

/// The suite for one kind: a test for each row.
#[macro_export]
macro_rules! conformance {
    ($place:expr) => {
        #[test]
        fn create() {
            $crate::conformance::create($place);
        }
        #[test]
        fn update() {
            $crate::conformance::update($place);
        }
        #[test]
        fn unchanged() {
            $crate::conformance::unchanged($place);
        }
        #[test]
        fn costs() {
            $crate::conformance::costs($place);
        }
        #[test]
        fn drift() {
            $crate::conformance::drift($place);
        }
        #[test]
        fn conflict() {
            $crate::conformance::conflict($place);
        }
        #[test]
        fn find_again() {
            $crate::conformance::find_again($place);
        }
        #[test]
        fn pictures() {
            $crate::conformance::pictures($place);
        }
        #[test]
        fn links() {
            $crate::conformance::links($place);
        }
        #[test]
        fn statuses() {
            $crate::conformance::statuses($place);
        }
        #[test]
        fn tags() {
            $crate::conformance::tags($place);
        }
        #[test]
        fn overrides() {
            $crate::conformance::overrides($place);
        }
        #[test]
        fn unpublish() {
            $crate::conformance::unpublish($place);
        }
        #[test]
        fn exactly_once() {
            $crate::conformance::exactly_once($place);
        }
        #[test]
        fn interrupted() {
            $crate::conformance::interrupted(|| $place);
        }
        #[test]
        fn wrong_secret() {
            $crate::conformance::wrong_secret($place);
        }
    };
}

/// Every kind of target has its place in the suite: a driver without one fails here.
#[test]
fn every_kind_of_target_is_in_the_suite() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration");
    for driver in crosspost::targets::DRIVERS {
        let kind = driver.kind();
        let here = [format!("conformance/{kind}.rs"), format!("real/conformance/{kind}.rs")];
        assert!(here.iter().any(|file| root.join(file).exists()), "{kind} is not in the conformance suite");
    }
}
