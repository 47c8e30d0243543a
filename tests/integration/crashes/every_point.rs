//! A run is stopped at every one of its effects, and every one of them fails in every way; the next
//! run heals: one post at each target, as the note is, and nothing open in the ledger.
//!
//! The blog is a model in memory, the folder and Medium are the real drivers, the latter before its
//! stand-in. Over every kind of ledger.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use crosspost::{
    config::Config,
    plan::{Action, Outcome, decide::OnDrift},
    render::medium::Tables,
    secrets::Secrets,
    state::{self, Ledger, object::ObjectLedger},
    targets::{
        Target,
        medium::{MediumTarget, Mode, Settings, Visibility},
    },
};
use object_store::memory::InMemory;
use secrecy::SecretString;

use super::{
    effects::{Effects, Trouble},
    memory::Memory,
    model::{Kind, Model},
    world::{End, When, World, is_settled},
};
use crate::fakes::medium::{CATE, Medium};

const NOTE: &str = "notes/week.md";
const BEFORE: &str = "---\ntitle: Week\n---\n\nThe first words.\n\n![A picture](one.png)\n";
const AFTER: &str = "---\ntitle: Week\n---\n\nOther words.\n\n![Another](two.png)\n";

/// What the run that meets trouble has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    Create,
    Update,
}

/// A world with one note and three targets.
struct Scene {
    world: World,
    blog: Model,
    medium: Medium,
    folder: tempfile::TempDir,
}

impl Scene {
    async fn new(ledger: Box<dyn Ledger>, job: Job) -> Self {
        let blog = Model::new("blog", Kind::Askable, None);
        let medium = Medium::start();
        let folder = tempfile::tempdir().unwrap();
        let told = medium_target(&medium);
        let text = "project = \"world\"\n[targets.pages]\nkind = \"folder\"\naudience = \"public\"\npath = \"out\"\n";
        let config = Config::parse(text, &folder.path().join("crosspost.toml")).unwrap();
        let pages = config.target("pages").unwrap().clone();
        let (opened, connected) = (blog.clone(), pages.clone());
        let world = World::new(ledger)
            .target(Arc::new(blog.clone()), Box::new(move || Box::new(opened.clone())))
            .target(pages, Box::new(move || connected.connect(&Secrets::new("world")).unwrap()))
            .target(
                Arc::new(medium_target(&medium)),
                Box::new(move || Box::new(told.open(&SecretString::from(CATE.token)).unwrap())),
            );
        let scene = Self { world, blog, medium, folder };
        scene.world.notes.write(NOTE, BEFORE);
        if job == Job::Update {
            assert!(is_settled(&scene.world.heal(OnDrift::Fail).await.unwrap()));
            scene.world.notes.write(NOTE, AFTER);
        }
        scene
    }

    /// Runs again as people would: once, then whatever only they can tell, then to the end.
    async fn heal_and_check(&self, job: Job, context: &str) {
        let plan = self.world.heal(OnDrift::Fail).await.unwrap();
        let open = plan.steps.iter().any(|step| step.outcome == Outcome::Uncertain);
        let fine = plan.steps.iter().all(|s| &*s.target == "medium" || s.error.is_none());
        assert!(fine && plan.errors.is_empty(), "{context}: {:#?}", plan.steps);
        assert!(self.medium.stories().len() <= 1, "{context}: never two stories");
        if open {
            assert_eq!(plan.exit_code(), 3, "{context}: a person is asked");
            let story = self.medium.stories().first().map(|story| story.id.clone());
            self.world.resolve("medium", |_| story.clone()).await;
        }
        self.world.heal(OnDrift::Fail).await.unwrap();
        let last = self.world.heal(OnDrift::Fail).await.unwrap();
        let done = |action| matches!(action, Action::Unchanged | Action::Manual);
        assert!(last.steps.iter().all(|step| done(step.action)), "{context}: {:#?}", last.steps);
        assert!(!self.world.has_intents().await, "{context}: {:#?}", self.world.records().await);

        let words = if job == Job::Create { "The first words." } else { "Other words." };
        let posts = self.blog.state().posts.clone();
        assert_eq!(posts.len(), 1, "{context}: {posts:#?}");
        assert!(posts[0].body.contains(words) && !posts[0].body.contains("crosspost-picture:"), "{context}");
        assert_eq!(self.medium.stories().len(), 1, "{context}");
        let pages = self.pages();
        assert_eq!(pages.len(), 1, "{context}: {pages:?}");
        assert!(pages[0].contains(words), "{context}: {}", pages[0]);
    }

    /// The pages of the folder but for the list of them.
    fn pages(&self) -> Vec<String> {
        let files = walkdir::WalkDir::new(self.folder.path().join("out")).into_iter().filter_map(Result::ok);
        let html = files.filter(|file| file.path().extension().is_some_and(|e| e == "html"));
        html.map(|file| fs::read_to_string(file.path()).unwrap())
            .filter(|text| text.contains("content=\"crosspost:"))
            .collect()
    }
}

fn medium_target(medium: &Medium) -> MediumTarget {
    let common = Model::new("medium", Kind::Mute, Some("blog")).common().clone();
    let settings = Settings {
        mode: Mode::Api,
        handoff: PathBuf::new(),
        api: medium.api(),
        feed: None,
        publication: None,
        visibility: Visibility::Public,
        license: None,
        notify: false,
        tables: Tables::List,
    };
    MediumTarget { common, settings }
}

/// Tries each trouble that is `wanted` at each effect, and tells how many that were.
async fn every_point(open: impl Fn() -> Box<dyn Ledger>, wanted: impl Fn(&str, Trouble) -> bool) -> usize {
    let mut points = 0;
    for job in [Job::Create, Job::Update] {
        let effects = Effects::untroubled();
        let scene = Scene::new(open(), job).await;
        let End::Finished(Ok(plan)) = scene.world.publish(&effects, When::Now, OnDrift::Fail).await else {
            panic!("an untroubled run comes to its end");
        };
        assert!(is_settled(&plan), "{:#?}", plan.steps);
        for (at, name) in effects.seen().into_iter().enumerate() {
            for trouble in Trouble::ALL.into_iter().filter(|trouble| wanted(name, *trouble)) {
                let scene = Scene::new(open(), job).await;
                let end = scene.world.publish(&Effects::with(at, trouble), When::Now, OnDrift::Fail).await;
                let stops = matches!(trouble, Trouble::StopBefore | Trouble::StopAfter);
                let context = format!("{job:?}: {trouble:?} at effect {at}, {name}");
                assert_eq!(stops, matches!(end, End::Stopped), "{context}");
                scene.heal_and_check(job, &context).await;
                points += 1;
            }
        }
    }
    points
}

/// What is not a use of the ledger is tried over the one in memory.
fn of_the_ledger(name: &str, trouble: Trouble) -> bool {
    matches!(name, "read" | "scan" | "commit") && trouble != Trouble::Refused
}

/// Reports a count where the test runner shows it.
fn counted(what: &str, points: usize, at_least: usize) {
    println!("crash points and faults: {points} ({what})");
    assert!(points >= at_least, "{what}: only {points}");
}

#[tokio::test]
async fn a_run_heals_after_trouble_at_any_effect() {
    let points = every_point(|| Box::new(Memory::default()), |_, _| true).await;
    counted("ledger in memory", points, 150);
}

#[tokio::test]
async fn a_run_heals_over_a_ledger_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let count = std::cell::Cell::new(0);
    let open = || {
        count.set(count.get() + 1);
        state::open(&format!("file:{}", count.get()), folder.path()).unwrap()
    };
    counted("ledger in a folder", every_point(open, of_the_ledger).await, 60);
}

#[tokio::test]
async fn a_run_heals_over_a_ledger_in_object_storage() {
    let open =
        || Box::new(ObjectLedger::new(Arc::new(InMemory::new()), "memory:", "ledger")) as Box<dyn Ledger>;
    counted("ledger in object storage", every_point(open, of_the_ledger).await, 60);
}

#[tokio::test]
async fn a_run_heals_over_a_ledger_in_git() {
    let folder = tempfile::tempdir().unwrap();
    let count = std::cell::Cell::new(0);
    let open = || {
        count.set(count.get() + 1);
        let (bare, clone) = (format!("{}.git", count.get()), format!("{}", count.get()));
        git(folder.path(), &["init", "-q", "--bare", &bare]);
        git(folder.path(), &["clone", "-q", &bare, &clone]);
        state::open("git:crosspost-ledger", &folder.path().join(clone)).unwrap()
    };
    // What is not a use of the ledger is tried over the others.
    let wanted =
        |name: &str, trouble| name == "commit" && matches!(trouble, Trouble::StopAfter | Trouble::LostAfter);
    counted("ledger in git", every_point(open, wanted).await, 10);
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git").current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
