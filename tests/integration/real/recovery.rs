//! Posts that were there before, ledgers that are gone, notes that move: each note keeps its post.

use serde_json::json;

use crate::{
    fakes::medium,
    harness::{
        everywhere::{Everywhere, Plan},
        wordpress::{Flavour, Role},
    },
};

const NOTE: &str = "notes/week.md";

fn blog() -> Everywhere {
    Everywhere::new(&Plan::blog(Flavour::Wp71, Role::Author))
}

fn lose_ledger(all: &Everywhere) {
    std::fs::remove_dir_all(all.project.root().join(".crosspost")).unwrap();
}

/// A note with a title of its own.
fn titled(all: &Everywhere, path: &str, front: &str, text: &str) {
    all.project.write(path, format!("---\n{front}---\n\n{text}\n"));
}

#[test]
fn a_lost_ledger_is_rebuilt_from_the_notes_and_the_site() {
    let all = blog();
    all.note(NOTE, "First words.");
    all.publish();
    let id = all.post()["id"].clone();

    lose_ledger(&all);
    let run = all.project.run(&["status", "--remote"]);
    assert!(run.stdout.contains("not in the ledger"), "{}", run.transcript());
    let run = all.publish();
    assert!(run.stdout.contains("1 adopted"), "{}", run.transcript());
    all.forget();
    all.publish();
    assert!(all.requests().is_empty());

    lose_ledger(&all);
    all.note(NOTE, "Second words.");
    let run = all.publish();
    assert!(run.stdout.contains("1 updated"), "{}", run.transcript());
    assert_eq!(all.post()["id"], id);

    lose_ledger(&all);
    let edited = Everywhere::content(&all.post()).replace("Second words.", "Somebody's words.");
    all.blog().site.post(&format!("wp/v2/posts/{id}"), &json!({"content": edited}));
    let run = all.project.run(&["publish"]).expect(3);
    assert!(run.stderr.contains("differs from the note"), "{}", run.transcript());
    assert!(Everywhere::content(&all.post()).contains("Somebody's words."));
}

#[test]
fn a_lost_ledger_is_no_reason_to_post_to_medium_again() {
    let all = Everywhere::new(&Plan { pages: false, ..Plan::default() });
    all.note(NOTE, "Words.");
    all.publish();
    lose_ledger(&all);
    let run = all.project.run(&["publish"]).expect(3);
    assert!(
        run.stdout.contains("1 adopted") && run.stderr.contains("crosspost resolve"),
        "{}",
        run.transcript()
    );
    all.project.run(&["publish"]).expect(3);
    assert_eq!(all.medium().posts(), 1);
    let url = all.medium().stories()[0].url.clone();
    all.project.run(&["resolve", NOTE, "--target", "medium", "--published", &url]).expect(0);
    all.publish();
    assert_eq!(all.medium().posts(), 1);

    // On a runner whose disk was thrown away, it is refused before anything is asked.
    let mut runner = Everywhere::new(&Plan { blog: None, pages: false, ..Plan::default() });
    runner.project.env("CI", "true");
    runner.note(NOTE, "Words.");
    let run = runner.project.run(&["publish"]).expect(3);
    assert!(run.stderr.contains("git:crosspost-ledger"), "{}", run.transcript());
    assert_eq!(runner.medium().posts(), 0);
}

#[test]
fn an_uncertain_story_waits_for_a_person_and_is_never_posted_again() {
    for created in [true, false] {
        let all = Everywhere::new(&Plan { pages: false, timeout: 5.0, ..Plan::default() });
        all.note(NOTE, "Words.");
        all.medium().fail(medium::Fault::Drop { created });
        let run = all.project.run(&["publish"]).expect(3);
        assert!(
            run.stderr.contains("may already have received") && run.stderr.contains("crosspost resolve"),
            "{}",
            run.transcript()
        );
        let run = all.project.run(&["status"]);
        assert!(run.stdout.contains("uncertain"), "{}", run.transcript());
        all.project.run(&["publish"]).expect(3);
        assert_eq!(all.medium().posts(), 1, "never again by itself");
        if created {
            let url = all.medium().stories()[0].url.clone();
            all.project.run(&["resolve", NOTE, "--target", "medium", "--published", &url]).expect(0);
        } else {
            all.project.run(&["resolve", NOTE, "--target", "medium", "--not-published"]).expect(0);
        }
        all.publish();
        assert_eq!(all.medium().stories().len(), 1);
        all.publish();
        assert_eq!(all.medium().stories().len(), 1);
        all.project.run(&["resolve", NOTE, "--target", "medium", "--not-published"]).expect(2);
    }
}

#[test]
fn the_feed_settles_what_it_can() {
    let all = Everywhere::new(&Plan { pages: false, feed: true, timeout: 5.0, ..Plan::default() });
    all.note(NOTE, "Words.");
    all.medium().fail(medium::Fault::Drop { created: true });
    all.project.run(&["publish"]).expect(3);
    let run = all.publish();
    assert!(run.stdout.contains("1 adopted"), "{}", run.transcript());
    assert_eq!(all.medium().posts(), 1);
}

#[test]
fn a_post_that_is_there_already_is_suspected_and_can_be_adopted() {
    let all = blog();
    let title = format!("{} by hand", all.word);
    let there = all.blog().site.post(
        "wp/v2/posts",
        &json!({"title": title, "content": "By hand.", "status": "publish", "author": author(&all)}),
    );
    let id = there["id"].to_string();
    titled(&all, NOTE, &format!("title: {title}\n"), "By crosspost.");
    let run = all.project.run(&["publish"]).expect(3);
    let line = format!("crosspost adopt {NOTE} --target blog --id {id}");
    assert!(run.stderr.contains(&line), "{}", run.transcript());
    assert_eq!(all.posts().len(), 1, "nothing was posted");

    let refused = all.project.run(&["adopt", NOTE, "--target", "blog", "--id", &id]).expect(3);
    assert!(
        refused.stdout.contains("- By hand.") && refused.stdout.contains("+ By crosspost."),
        "{}",
        refused.transcript()
    );
    all.project.run(&["adopt", NOTE, "--target", "blog", "--id", &id, "--yes"]).expect(0);
    let run = all.publish();
    assert!(run.stdout.contains("1 updated"), "{}", run.transcript());
    assert_eq!(all.post()["id"].to_string(), id);
    assert!(Everywhere::content(&all.post()).contains("By crosspost."));
    lose_ledger(&all);
    all.publish();
    assert_eq!(all.post()["id"].to_string(), id, "from now on it carries the marker");
}

fn author(all: &Everywhere) -> serde_json::Value {
    all.blog().site.send(Some(Role::Author), reqwest::Method::GET, "wp/v2/users/me", None).json()["id"]
        .clone()
}

#[test]
fn a_note_that_is_renamed_moved_retitled_or_given_an_id_keeps_its_post() {
    let all = blog();
    all.note(NOTE, "Words.");
    all.publish();
    let id = all.post()["id"].clone();
    let front = |title: &str| format!("title: {} {title}\n", all.word);

    // Renamed, without any other change: nothing to send, and the next rename is followed too.
    let text = all.project.read(NOTE);
    let (first, second) = ("notes/2026/renamed.md", "notes/2026/again.md");
    let rename = |from: &str, to: &str, text: &str| {
        std::fs::remove_file(all.project.root().join(from)).unwrap();
        all.project.write(to, text);
    };
    rename(NOTE, first, &text);
    all.publish();
    rename(first, second, &text.replace("Words.", "Changed words."));
    all.publish();
    assert_eq!(all.post()["id"], id);
    // Retitled, then given an id, then moved with it.
    titled(&all, second, &front("retitled"), "Changed words.");
    all.publish();
    titled(&all, second, &format!("id: the-week\n{}", front("retitled")), "More words.");
    all.publish();
    rename(second, "notes/there.md", &all.project.read(second).replace("More", "Even more"));
    all.publish();
    assert_eq!(all.post()["id"], id);
    assert!(Everywhere::content(&all.post()).contains("Even more words."));
    assert_eq!(all.post()["title"]["raw"], format!("{} retitled", all.word));
}

#[test]
fn a_new_note_in_the_place_of_one_that_moved_leaves_its_post_alone() {
    let all = blog();
    all.note(NOTE, "Old words.");
    all.publish();
    let old = all.project.read(NOTE);
    all.project.write("notes/moved.md", &old);
    titled(&all, NOTE, &format!("title: {} new\n", all.word), "New words.");
    let run = all.project.run(&["publish"]).expect(3);
    assert!(run.stderr.contains("`id: notes/week.md`"), "{}", run.transcript());
    assert!(Everywhere::content(&all.post()).contains("Old words."));

    all.project.write("notes/moved.md", old.replace("---\ntitle", "---\nid: notes/week.md\ntitle"));
    titled(&all, NOTE, &format!("id: new\ntitle: {} new\n", all.word), "New words.");
    all.publish();
    let posts = all.posts();
    assert_eq!(posts.len(), 2);
    assert!(Everywhere::content(&posts[0]).contains("Old words."));
    assert!(Everywhere::content(&posts[1]).contains("New words."));
}

#[test]
fn a_copied_note_with_the_same_id_is_an_error_and_posts_nothing() {
    let all = blog();
    let front = |n: u8| format!("id: same\ntitle: {} {n}\n", all.word);
    titled(&all, "notes/one.md", &front(1), "One.");
    titled(&all, "notes/two.md", &front(2), "Two.");
    let run = all.project.run(&["publish"]).expect(2);
    assert!(run.stderr.contains("notes/one.md, notes/two.md"), "{}", run.transcript());
    assert!(all.posts().is_empty());
}

#[test]
fn unpublish_takes_a_post_down_and_publish_leaves_it_there() {
    let all = blog();
    all.note(NOTE, "Words.");
    all.publish();
    let run = all.project.run(&["unpublish", NOTE, "--dry-run"]).expect(0);
    assert!(run.stdout.contains("1 to take down"), "{}", run.transcript());
    assert_eq!(all.post()["status"], "publish");
    all.project.run(&["unpublish", NOTE]).expect(0);
    assert_eq!(all.post()["status"], "trash");
    let (code, again) = all.json(&["unpublish", NOTE]);
    assert_eq!((code, &again["steps"][0]["action"]), (Some(0), &json!("skipped")), "{again:#}");
    all.note(NOTE, "Other words.");
    all.publish();
    assert_eq!(all.post()["status"], "trash", "what was taken down stays down");
}

#[test]
fn the_post_of_a_note_that_is_gone_is_told_and_only_pruned_when_asked() {
    let all = blog();
    all.note(NOTE, "Words.");
    all.note("notes/other.md", "Other words.");
    all.publish();
    std::fs::remove_file(all.project.root().join(NOTE)).unwrap();
    for command in [&["plan"][..], &["publish"], &["publish", "--prune", "--dry-run"]] {
        let run = all.project.run(command).expect(0);
        assert!(format!("{}{}", run.stdout, run.stderr).contains(NOTE), "{}", run.transcript());
        assert!(all.posts().iter().all(|post| post["status"] == "publish"), "{command:?}");
    }
    // A note that cannot be read may be the one that is missing.
    all.project.write("notes/broken.md", "---\ntitel: x\n---\n");
    all.project.run(&["publish", "--prune"]).expect(2);
    assert!(all.posts().iter().all(|post| post["status"] == "publish"));
    std::fs::remove_file(all.project.root().join("notes/broken.md")).unwrap();

    let (code, report) = all.json(&["publish", "--prune"]);
    assert_eq!((code, &report["summary"]["unpublish"]), (Some(0), &json!(1)), "{report:#}");
    for post in all.posts() {
        let gone = post["title"]["raw"].as_str().unwrap().contains(NOTE);
        assert_eq!(post["status"], if gone { "trash" } else { "publish" });
    }
    let run = all.project.run(&["publish", "--prune"]).expect(0);
    assert!(!run.stderr.contains(NOTE), "{}", run.transcript());
    std::fs::remove_file(all.project.root().join("notes/other.md")).unwrap();
    all.project.run(&["publish", "--prune"]).expect(0);
    assert!(all.posts().iter().all(|post| post["status"] == "trash"), "the last note too");
}
