//! What is sent: values stay in their places, and a dry run shows them.

use serde_json::json;

use super::Bench;
use crate::fakes::api::SECRET;

#[test]
fn no_value_breaks_out_of_its_place() {
    let bench = Bench::new();
    let title = r#"Say "hi", {{ tags }} \ </script> {"a": 1}"#;
    bench
        .project
        .write("notes/week.md", format!("---\ntitle: '{title}'\ntags: [one, 'two\"']\n---\n\nText.\n"));
    bench.publish().expect(0);
    let post = bench.post();
    assert_eq!(post["title"], json!(title));
    assert_eq!(post["tags"], json!(["one", "two\""]));
    assert_eq!(post["version"], json!(1));
}

#[test]
fn what_a_note_does_not_have_is_null_where_it_stands_alone() {
    let bench = Bench::new();
    bench.note("", "Text.");
    bench.publish().expect(0);
    assert_eq!(bench.post()["tags"], json!(null));
}

#[test]
fn what_a_note_does_not_have_is_an_error_within_a_text_before_anything_is_sent() {
    let bench =
        Bench::with(|config| config.replacen("\"{{ title }}\"", "\"{{ title }} by {{ author }}\"", 1));
    bench.note("", "Text.");
    let run = bench.publish().expect(2);
    assert!(run.stderr.contains("cannot be filled in"), "{}", run.transcript());
    assert!(bench.api.requests().is_empty());
}

#[test]
fn a_dry_run_shows_the_requests_without_the_secret() {
    let bench = Bench::new();
    bench.note("tags: [one]\n", "Text.");
    let run = bench.project.run(&["publish", "--dry-run", "--verbose", "--preview", "out"]).expect(0);
    let file =
        bench.project.read("out/payload/intranet/notes/week.http").replace(&bench.api.address, "[API]");
    let shown: String =
        file.lines().filter(|line| !line.contains("crosspost:")).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(shown, @r#"
    ### create
    POST [API]/api/posts
    accept: application/json
    authorization: (secret)
    content-type: application/json

    {
      "tags": [
        "one"
      ],
      "title": "Week 12"
    }

    ### update
    PUT [API]/api/posts/ID
    accept: application/json
    authorization: (secret)
    content-type: application/json

    {
      "tags": [
        "one"
      ],
      "title": "Week 12",
      "version": 1
    }
    "#);
    assert!(run.stderr.contains("POST [API]/api/posts"), "{}", run.transcript());
    assert!(!run.transcript().contains(SECRET) && !file.contains(SECRET));
    assert!(bench.api.posts().is_empty());
}

#[test]
fn a_change_of_the_description_changes_the_posts() {
    let bench = Bench::new();
    bench.note("", "Text.");
    bench.publish().expect(0);
    let config = bench.project.read("crosspost.toml");
    bench
        .project
        .write("crosspost.toml", config.replace("tags = \"{{ tags }}\"", "tags = \"{{ tags or [] }}\""));
    let run = bench.publish().expect(0);
    assert!(run.stdout.contains("updated"), "{}", run.transcript());
    assert_eq!(bench.post()["tags"], json!([]));
}

#[test]
fn unpublish_deletes_the_post() {
    let bench = Bench::new();
    bench.note("", "Text.");
    bench.publish().expect(0);
    bench.project.run(&["unpublish", "notes/week.md"]).expect(0);
    assert!(bench.api.posts().is_empty());
}
