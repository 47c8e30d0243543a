//! What people do to posts on the site, and how the program leaves it alone until told otherwise.

use serde_json::{Value, json};

use crate::harness::{
    everywhere::{Everywhere, Plan},
    program::Run,
    wordpress::{Flavour, Role},
};

const NOTE: &str = "notes/week.md";

/// A published post whose note has changed since.
struct Published {
    all: Everywhere,
    id: String,
}

impl Published {
    fn new(flavour: Flavour, role: Role) -> Self {
        let all = Everywhere::new(&Plan::blog(flavour, role));
        all.note(NOTE, "First words.");
        all.publish();
        let id = all.post()["id"].to_string();
        Self { all, id }
    }

    fn edit_site(&self, changes: &Value) {
        self.all.blog().site.post(&format!("wp/v2/posts/{}", self.id), changes);
    }

    fn edit_note(&self) {
        self.all.note(NOTE, "Second words.");
    }

    /// Publishes, which a person has to decide about; the site stays as it is.
    #[track_caller]
    fn refused(&self, told: &[&str]) -> Run {
        let before = self.post();
        let run = self.all.project.run(&["publish"]).expect(3);
        let said = format!("{}{}", run.stdout, run.stderr);
        for word in told {
            assert!(said.contains(word), "it tells {word}: {}", run.transcript());
        }
        let after = self.post();
        for part in ["content", "title", "status", "slug"] {
            assert_eq!(before[part], after[part], "{part} is left alone");
        }
        run
    }

    fn post(&self) -> Value {
        self.all.blog().site.post_by_id(&self.id)
    }

    fn shows(&self, words: &str) -> bool {
        Everywhere::content(&self.post()).contains(words)
    }
}

#[test]
fn an_edit_on_the_site_is_shown_and_left_alone_until_told_otherwise() {
    let there = Published::new(Flavour::Wp71, Role::Editor);
    let edited = Everywhere::content(&there.post()).replace("First words.", "First words, corrected.");
    there.edit_site(&json!({"content": edited}));

    there.all.forget();
    there.all.publish();
    assert!(there.all.requests().is_empty(), "nothing to send, nothing to ask");
    there.edit_note();
    let run = there.refused(&["edited on the site", "content", "--on-drift overwrite", "--on-drift keep"]);
    assert!(
        run.stdout.contains("- First words, corrected.") && run.stdout.contains("+ Second words."),
        "{}",
        run.stdout
    );

    there.all.project.run(&["publish", "--on-drift", "keep"]).expect(0);
    assert!(there.shows("corrected"));
    there.all.publish();
    assert!(there.shows("corrected"), "what was kept counts as published");
    there.all.note(NOTE, "Third words.");
    there.all.publish();
    assert!(there.shows("Third words."), "and is the base of what comes next");

    there.edit_site(&json!({"title": format!("{} retitled", there.all.word)}));
    there.edit_note();
    there.refused(&["title"]);
    there.all.project.run(&["publish", "--on-drift", "overwrite"]).expect(0);
    assert!(there.shows("Second words."));
    there.all.publish();
}

#[test]
fn an_edit_is_noticed_where_the_site_rewrites_what_it_is_sent() {
    let there = Published::new(Flavour::Wp71Network, Role::Author);
    there.all.note(NOTE, "Words & <kbd>keys</kbd>, changed.");
    there.all.publish();
    assert!(there.shows("changed"), "what the site rewrites is no edit");
    let edited = Everywhere::content(&there.post()).replace("changed", "improved");
    there.edit_site(&json!({"content": edited}));
    there.edit_note();
    there.refused(&["edited on the site"]);
}

#[test]
fn each_thing_that_can_happen_to_a_post_has_its_message_and_a_way_on() {
    let there = Published::new(Flavour::Wp61, Role::Editor);
    there.edit_site(&json!({"status": "private"}));
    there.edit_note();
    there.refused(&["status"]);
    there.all.project.run(&["publish", "--on-drift", "overwrite"]).expect(0);
    assert_eq!(there.post()["status"], "publish");

    // The note sets no slug, so the slug is the site's own.
    there.edit_site(&json!({"slug": format!("{}-other", there.all.word)}));
    there.all.note(NOTE, "Third words.");
    there.all.publish();
    assert_eq!(there.post()["slug"], format!("{}-other", there.all.word));

    there.all.blog().site.delete(&format!("wp/v2/posts/{}", there.id));
    there.edit_note();
    there.refused(&["in the site's trash", "--on-drift overwrite"]);
    there.all.project.run(&["publish", "--on-drift", "overwrite"]).expect(0);
    assert_eq!(there.post()["status"], "publish", "it is taken out of the trash");

    there.all.blog().site.delete(&format!("wp/v2/posts/{}?force=true", there.id));
    there.all.note(NOTE, "Fourth words.");
    let run = there.all.project.run(&["publish"]).expect(3);
    assert!(run.stderr.contains("was deleted on the site"), "{}", run.transcript());
    assert!(there.all.posts().is_empty(), "nothing is made again by itself");
    there.all.project.run(&["publish", "--on-drift", "overwrite"]).expect(0);
    assert!(Everywhere::content(&there.all.post()).contains("Fourth words."));
}

#[test]
fn status_tells_what_happened_on_the_sites() {
    let there = Published::new(Flavour::Wp71, Role::Editor);
    let edited = Everywhere::content(&there.post()).replace("First", "Edited");
    there.edit_site(&json!({"content": edited}));
    let run = there.all.project.run(&["status", "--remote"]);
    assert!(run.stdout.contains("edited there: content"), "{}", run.transcript());
    there.all.blog().site.delete(&format!("wp/v2/posts/{}", there.id));
    let run = there.all.project.run(&["status", "--remote"]).expect(3);
    assert!(run.stdout.contains("trash"), "{}", run.transcript());
    there.all.blog().site.delete(&format!("wp/v2/posts/{}?force=true", there.id));
    let run = there.all.project.run(&["status", "--remote"]).expect(3);
    assert!(run.stdout.contains("deleted"), "{}", run.transcript());
}
