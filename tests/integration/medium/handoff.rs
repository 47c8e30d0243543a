//! Medium without a token, with the real program: a folder of pages is the original, and the author
//! brings each note to Medium's stand-in, whose feed is read.

use serde_json::Value;

use crate::{
    fakes::medium::{CATE, Medium},
    harness::program::{Project, Run},
};

const NOTE: &str = "notes/week-12.md";
const PAGE: &str = "crosspost-out/handoff/medium/notes/week-12.html";
const ORIGINAL: &str = "https://notes.example.gov.uk/week-12.html";

struct Desk {
    project: Project,
    medium: Medium,
}

/// A project with one note.
fn desk() -> Desk {
    let medium = Medium::start();
    let feed = medium.feed(CATE.username);
    let project = Project::with_config(&format!(
        "project = \"desk\"\n[targets.pages]\nkind = \"folder\"\npath = \"out\"\naudience = \"public\"\n\
         url = \"https://notes.example.gov.uk/\"\n[targets.medium]\nkind = \"medium\"\nmode = \"handoff\"\n\
         audience = \"public\"\ncanonical = \"pages\"\nfeed = \"{feed}\"\n"
    ));
    let desk = Desk { project, medium };
    desk.write("First words.");
    desk
}

impl Desk {
    fn write(&self, text: &str) {
        self.project.write(
            NOTE,
            format!(
                "---\ntitle: Week 12\nslug: week-12\ndate: 2026-03-20\ntags: [weeknotes]\n---\n\n{text}\n"
            ),
        );
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.project.run(arguments)
    }

    /// Publishes, and returns the step at Medium.
    #[track_caller]
    fn publish(&self, code: i32) -> Value {
        let report = self.run(&["publish", "--format", "json"]).expect(code).json();
        let steps = report["steps"].as_array().expect("steps");
        steps.iter().find(|step| step["target"] == "medium").expect("a step at Medium").clone()
    }

    /// Imports the original as Medium's import page does.
    fn import(&self) -> String {
        let content = format!(
            "<h1>Week 12</h1><p>First words.</p><p><em>Originally published at </em><a href=\"{ORIGINAL}\">\
             <em>https://notes.example.gov.uk</em></a><em> on March 20, 2026.</em></p>"
        );
        self.medium.bring("Week 12", &content, &[])
    }

    fn ledger(&self) -> String {
        self.project.files(".crosspost").iter().map(|file| self.project.read(file)).collect()
    }
}

fn ended(step: &Value) -> String {
    format!("{} {}", step["action"].as_str().unwrap(), step["outcome"].as_str().unwrap())
}

#[test]
fn a_note_is_handed_over_then_found_in_the_feed_and_never_handed_over_again() {
    let desk = desk();
    let step = desk.publish(0);
    assert_eq!(ended(&step), "manual done", "{step:#}");
    let ways = step["by_hand"].as_array().unwrap();
    assert_eq!(ways[0], format!("import {ORIGINAL} at https://medium.com/p/import"));
    assert_eq!(ways[1], format!("or copy the story from {PAGE} into https://medium.com/new-story"));
    assert!(ways[2].as_str().unwrap().contains("crosspost resolve notes/week-12.md --target medium"));
    let page = desk.project.read(PAGE);
    for part in ["<p>First words.</p>", ORIGINAL, "<strong>weeknotes</strong>", "Originally published at"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }

    let before =
        (desk.ledger(), std::fs::metadata(desk.project.root().join(PAGE)).unwrap().modified().unwrap());
    let step = desk.publish(0);
    assert_eq!(ended(&step), "manual done");
    assert!(step["reason"].as_str().unwrap().starts_with("waiting for you since 20"), "{step:#}");
    let after =
        (desk.ledger(), std::fs::metadata(desk.project.root().join(PAGE)).unwrap().modified().unwrap());
    assert_eq!(before, after, "nothing is written again");
    let status = desk.run(&["status"]).expect(0);
    assert!(
        status.stdout.contains("manual") && status.stdout.contains("waiting for you"),
        "{}",
        status.stdout
    );

    let url = desk.import();
    let step = desk.publish(0);
    assert_eq!((ended(&step), &step["url"]), ("adopt done".to_owned(), &Value::from(url)), "{step:#}");
    assert_eq!(ended(&desk.publish(0)), "unchanged done");
    desk.write("Second words.");
    let step = desk.publish(0);
    assert_eq!(
        (ended(&step), &step["reason"]),
        ("manual planned".to_owned(), &"changed since; edit it there".into())
    );
    assert!(step["by_hand"].is_null(), "{step:#}");
    assert_eq!(desk.medium.posts(), 0, "nothing is ever sent");
    assert!(desk.medium.log().iter().all(|request| request.token.is_none()), "and no secret is needed");
}

#[test]
fn a_dry_run_hands_nothing_over() {
    let desk = desk();
    let run = desk.run(&["publish", "--dry-run"]).expect(0);
    assert!(run.stdout.contains("import the address of the post at `pages`"), "{}", run.stdout);
    assert!(run.stdout.contains("1 to do by hand"), "{}", run.stdout);
    assert_eq!(desk.project.files("."), ["crosspost.toml", "notes/week-12.md"]);
}

#[test]
fn a_note_that_changes_while_it_waits_is_handed_over_again() {
    let desk = desk();
    desk.publish(0);
    desk.write("Second words.");
    let step = desk.publish(0);
    assert!(step["reason"].as_str().unwrap().ends_with("and the note has changed"), "{step:#}");
    assert!(desk.project.read(PAGE).contains("Second words."));
    let step = desk.publish(0);
    assert!(!step["reason"].as_str().unwrap().contains("changed"), "{step:#}");
}

#[test]
fn a_change_that_came_with_the_story_is_told_afterwards() {
    let desk = desk();
    desk.publish(0);
    desk.import();
    desk.write("Second words.");
    assert_eq!(ended(&desk.publish(0)), "adopt done");
    assert_eq!(ended(&desk.publish(0)), "manual planned", "the story has the first words");
}

#[test]
fn a_story_of_the_same_title_is_asked_about_and_not_taken() {
    let desk = desk();
    desk.publish(0);
    let url = desk.medium.bring("Week 12", "<h1>Week 12</h1><p>Without its last line.</p>", &[]);
    let step = desk.publish(0);
    assert_eq!(step["reason"], "a post like it is there", "{step:#}");
    let line =
        format!("if {url} is it: `crosspost resolve notes/week-12.md --target medium --published {url}`");
    assert_eq!(step["by_hand"], serde_json::json!([line]));
    desk.run(&["resolve", NOTE, "--target", "medium", "--published", &url]).expect(0);
    assert_eq!(ended(&desk.publish(0)), "unchanged done");
}

#[test]
fn a_story_that_was_there_before_is_a_suspected_duplicate_and_can_be_adopted() {
    let desk = desk();
    let url = desk.medium.bring("Week 12", "<h1>Week 12</h1><p>By hand, long ago.</p>", &[]);
    let step = desk.publish(3);
    assert_eq!(ended(&step), "blocked planned", "{step:#}");
    assert!(
        step["error"].to_string().contains(&format!("adopt {NOTE} --target medium --url {url}")),
        "{step:#}"
    );
    desk.run(&["adopt", NOTE, "--target", "medium", "--url", &url, "--yes"]).expect(0);
    assert_eq!(ended(&desk.publish(0)), "unchanged done");
}

#[test]
fn stories_that_were_there_before_are_tied_all_at_once() {
    let desk = desk();
    for (n, title) in [(1, "Old news"), (2, "Twice"), (3, "Nowhere")] {
        desk.project.write(&format!("notes/{n}.md"), format!("---\ntitle: {title}\n---\n\nWords.\n"));
    }
    let url = desk.medium.bring("Old  News", "<h1>Old News</h1><p>Other words.</p>", &[]);
    let twice = ["<p>One.</p>", "<p>Two.</p>"].map(|text| desk.medium.bring("Twice", text, &[]));
    let arguments = ["adopt", "--all", "--target", "medium"];
    let run = desk.run(&arguments).expect(3);
    assert!(run.stdout.contains(&format!("\"Old  News\"  {url}")), "{}", run.transcript());
    assert!(
        run.stdout.contains(&format!("2 posts look like it: {}, {}", twice[1], twice[0])),
        "{}",
        run.stdout
    );
    assert!(run.stderr.contains("add `--yes`"), "{}", run.stderr);
    assert_eq!(desk.ledger(), "", "nobody has said yes");
    let run = desk.run(&[&arguments[..], &["--yes"]].concat()).expect(3);
    assert!(run.stdout.contains("1 found, 1 left to you, 2 without a post at `medium`"), "{}", run.stdout);
    let report = desk.run(&["publish", "--format", "json"]).json();
    let steps = report["steps"].as_array().unwrap().iter();
    let at_medium: Vec<String> = steps.filter(|s| s["target"] == "medium").map(ended).collect();
    assert_eq!(at_medium, ["unchanged done", "blocked planned", "manual done", "manual done"], "{report:#}");
}

#[test]
fn what_a_person_says_is_believed() {
    let desk = desk();
    desk.publish(0);
    desk.run(&["resolve", NOTE, "--target", "medium", "--not-published"]).expect(0);
    assert_eq!(desk.publish(0)["reason"], "bring it there", "it is handed over again");
    let url = "https://medium.com/@cate/week-12-2f9c1b7e4a60";
    desk.run(&["resolve", NOTE, "--target", "medium", "--published", url]).expect(0);
    let step = desk.publish(0);
    assert_eq!((ended(&step), &step["url"]), ("unchanged done".to_owned(), &Value::from(url)));
}

#[test]
fn a_page_that_is_gone_is_written_again_and_a_strangers_file_is_left_alone() {
    let desk = desk();
    desk.publish(0);
    std::fs::remove_dir_all(desk.project.root().join("crosspost-out")).unwrap();
    assert!(desk.publish(0)["reason"].as_str().unwrap().starts_with("waiting"));
    assert!(desk.project.read(PAGE).contains("First words."));
    desk.project.write(PAGE, "Mine.");
    let step = desk.publish(2);
    assert!(step["error"].to_string().contains("in the way"), "{step:#}");
    assert_eq!(desk.project.read(PAGE), "Mine.");
}

#[test]
fn a_lost_ledger_is_not_an_empty_one() {
    let mut desk = desk();
    desk.publish(0);
    std::fs::remove_dir_all(desk.project.root().join(".crosspost")).unwrap();
    // The page at the original is found again, so the ledger was lost: the author may have been told.
    assert_eq!(ended(&desk.publish(3)), "blocked uncertain");
    std::fs::remove_dir_all(desk.project.root().join(".crosspost")).unwrap();
    desk.project.env("CI", "true");
    assert_eq!(ended(&desk.publish(3)), "blocked planned");
}

#[test]
fn a_feed_that_cannot_be_read_stops_the_handing_over() {
    let desk = desk();
    let config = desk.project.read("crosspost.toml").replace("/feed/@cate", "/feed/@nobody");
    desk.project.write("crosspost.toml", config);
    let step = desk.publish(1);
    assert!(step["error"].to_string().contains("the feed of `medium` cannot be read"), "{step:#}");
    assert!(!desk.project.root().join(PAGE).exists());
}

#[test]
fn a_note_whose_original_is_not_public_waits() {
    let desk = desk();
    let text = desk.project.read(NOTE).replace("slug:", "status: draft\nslug:");
    desk.project.write(NOTE, text);
    assert_eq!(ended(&desk.publish(0)), "skipped planned");
    assert!(!desk.project.root().join(PAGE).exists());
}
