//! Random sequences of what happens to notes, sites, runs and ledgers. Whatever the sequence: never
//! two posts of one note, never an edit of the site gone, and at the end the sites show the notes.

use std::{collections::BTreeMap, sync::Arc};

use crosspost::plan::decide::OnDrift;
use proptest::{
    prelude::*,
    test_runner::{Config, TestError, TestRunner},
};

use super::{
    effects::{Effects, Trouble},
    memory::Memory,
    model::{Kind, Model},
    world::{When, World, is_settled},
};

/// How long a sequence is.
const LENGTH: usize = 30;

/// One thing that happens. Notes are told by a number.
#[derive(Debug, Clone)]
enum Event {
    /// Nothing: what a failing sequence is shortened with.
    Rest,
    EditNote(usize),
    /// It keeps its text.
    Rename(usize),
    /// It is renamed and edited at once, but keeps its title.
    RenameAndEdit(usize),
    EditSite(usize),
    Publish(When),
    /// A run with trouble at an effect.
    Trouble(usize, Trouble, When),
    /// A run is held at an effect while another one publishes.
    Interleave(usize),
    /// Only where notes have ids: a note that was renamed before is not known again by its path.
    LoseLedger,
}

fn event() -> impl Strategy<Value = Event> {
    let when = || prop_oneof![Just(When::Now), Just(When::Tomorrow)];
    let trouble = prop::sample::select(Trouble::ALL.to_vec());
    prop_oneof![
        1 => Just(Event::Rest),
        4 => (0..3_usize).prop_map(Event::EditNote),
        1 => (0..3_usize).prop_map(Event::Rename),
        1 => (0..3_usize).prop_map(Event::RenameAndEdit),
        1 => (0..3_usize).prop_map(Event::EditSite),
        3 => when().prop_map(Event::Publish),
        5 => (0..40_usize, trouble, when()).prop_map(|(at, trouble, when)| Event::Trouble(at, trouble, when)),
        2 => (0..40_usize).prop_map(Event::Interleave),
        1 => Just(Event::LoseLedger),
    ]
}

/// What a sequence is played on.
struct Stage {
    world: World,
    blog: Model,
    medium: Option<Model>,
    memory: Memory,
    with_ids: bool,
    notes: BTreeMap<usize, Paper>,
    edits: Vec<String>,
    count: usize,
}

/// A note as its author sees it.
struct Paper {
    path: String,
    version: usize,
}

impl Stage {
    fn new(with_medium: bool, with_ids: bool) -> Self {
        let memory = Memory::default();
        let blog = Model::new("blog", Kind::Askable, None);
        let medium = with_medium.then(|| Model::new("medium", Kind::Mute, Some("blog")));
        let mut world = World::new(Box::new(memory.clone()));
        for model in [Some(blog.clone()), medium.clone()].into_iter().flatten() {
            let opened = model.clone();
            world = world.target(Arc::new(model), Box::new(move || Box::new(opened.clone())));
        }
        Self { world, blog, medium, memory, with_ids, notes: BTreeMap::new(), edits: Vec::new(), count: 0 }
    }

    fn write(&mut self, note: usize) {
        self.count += 1;
        let paper =
            self.notes.entry(note).or_insert_with(|| Paper { path: format!("notes/{note}.md"), version: 0 });
        paper.version = self.count;
        let id = if self.with_ids { format!("id: note-{note}\n") } else { String::new() };
        let text = format!("---\n{id}title: Note {note}\n---\n\n{} v{}.\n", word(note), paper.version);
        self.world.notes.write(&paper.path, &text);
    }

    fn rename(&mut self, note: usize) {
        self.count += 1;
        let Some(paper) = self.notes.get_mut(&note) else { return };
        let to = format!("notes/{note}-{}.md", self.count);
        self.world.notes.rename(&paper.path, &to);
        paper.path = to;
    }

    /// An editor adds to a post on the site.
    fn edit_site(&mut self, note: usize) {
        self.count += 1;
        let mut state = self.blog.state();
        if let Some(post) = state.posts.iter_mut().find(|post| post.body.contains(&word(note))) {
            let edit = format!("edit{}", self.count);
            post.body = post.body.replacen("<p>", &format!("<p>{edit} "), 1);
            self.edits.push(edit);
        }
    }

    async fn play(&mut self, event: &Event) {
        match event {
            Event::Rest => return,
            Event::EditNote(note) => self.write(*note),
            Event::Rename(note) => self.rename(*note),
            Event::RenameAndEdit(note) if self.notes.contains_key(note) => {
                self.rename(*note);
                self.write(*note);
            }
            Event::EditSite(note) => self.edit_site(*note),
            Event::Publish(when) => {
                let _ = self.world.publish(&Effects::untroubled(), *when, OnDrift::Fail).await;
            }
            Event::Trouble(at, trouble, when) => {
                let _ = self.world.publish(&Effects::with(*at, *trouble), *when, OnDrift::Fail).await;
            }
            Event::Interleave(at) => {
                let other = async || {
                    let _ = self.world.publish(&Effects::untroubled(), When::Now, OnDrift::Fail).await;
                };
                let _ = self.world.publish_while(&Effects::with(*at, Trouble::StopBefore), other).await;
            }
            Event::LoseLedger if self.with_ids => self.memory.lose(),
            // Nothing to move, or nothing that could be found again.
            Event::RenameAndEdit(_) | Event::LoseLedger => {}
        }
        self.check();
    }

    /// What holds at any time.
    fn check(&self) {
        for note in self.notes.keys() {
            let posts = self.blog.posts_of(&word(*note));
            assert!(posts.len() <= 1, "note {note} twice at the blog: {posts:#?}");
            let stories = self.medium.iter().flat_map(|medium| medium.posts_of(&word(*note)));
            assert!(stories.count() <= 1, "note {note} twice at medium");
        }
        let state = self.blog.state();
        for edit in &self.edits {
            assert!(state.posts.iter().any(|post| post.body.contains(edit)), "{edit} is gone");
        }
    }

    /// What people do at the end: say what is at Medium, and let the notes win.
    async fn heal(&self) {
        for _ in 0..3 {
            let plan = self.world.heal(OnDrift::Overwrite).await.unwrap();
            let Some(medium) = &self.medium else {
                assert!(is_settled(&plan), "{:#?}", plan.steps);
                continue;
            };
            let stories = medium.state().posts.clone();
            let at = |title: &str| stories.iter().position(|story| story.title == title);
            self.world.resolve("medium", |record| at(&record.title).map(|id| id.to_string())).await;
        }
        let again = self.world.heal(OnDrift::Fail).await.unwrap();
        assert!(is_settled(&again), "{:#?}", again.steps);
        assert!(!again.has_changes(), "nothing is left to do: {:#?}", again.steps);
        assert!(!self.world.has_intents().await, "the ledger is clean: {:#?}", self.world.records().await);
        for (note, paper) in &self.notes {
            let posts = self.blog.posts_of(&word(*note));
            assert_eq!(posts.len(), 1, "note {note} is at the blog once");
            let text = format!("{} v{}.", word(*note), paper.version);
            assert!(posts[0].body.contains(&text), "the blog shows {text}: {}", posts[0].body);
            if let Some(medium) = &self.medium {
                assert_eq!(medium.posts_of(&word(*note)).len(), 1, "note {note} is at medium once");
            }
        }
    }
}

fn word(note: usize) -> String {
    format!("words-of-{note}")
}

fn holds(with_medium: bool, cases: u32) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sequences = (any::<bool>(), prop::collection::vec(event(), LENGTH));
    let outcome = TestRunner::new(config).run(&sequences, |(with_ids, events)| {
        let mut stage = Stage::new(with_medium, with_ids);
        runtime.block_on(async {
            stage.write(0);
            for event in &events {
                stage.play(event).await;
            }
            stage.heal().await;
        });
        Ok(())
    });
    if let Err(TestError::Fail(why, (with_ids, mut events))) = outcome {
        events.retain(|event| !matches!(event, Event::Rest));
        panic!("{why}\nids: {with_ids}\nafter: {events:?}");
    }
}

#[test]
fn whatever_happens_a_site_that_can_be_asked_has_each_note_once() {
    holds(false, 1000);
}

#[test]
fn whatever_happens_a_site_that_cannot_be_asked_is_told_at_most_once() {
    holds(true, 1000);
}
