//! The main job, with the real program: one note in one command to WordPress, Medium and a folder;
//! nothing sent for nothing; a dry run that touches nothing; what it says and how it ends.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    fakes::medium::CATE,
    harness::{
        everywhere::{Everywhere, Plan},
        wordpress::{Flavour, Role},
    },
};

const NOTE: &str = "notes/weeknote.md";

/// The example of the repository with a title and a category of the test's own, and its pictures.
fn write_example(all: &Everywhere) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let text = std::fs::read_to_string(examples.join("weeknote.md")).unwrap();
    let title = "Weeknote 24: bins, a broken form and a very good spreadsheet";
    assert!(text.contains(title));
    all.project.write(NOTE, text.replace(title, &all.word).replace("Digital services", &all.word));
    for picture in ["week-24.png", "where-people-stop.png"] {
        let bytes = std::fs::read(examples.join("pictures").join(picture)).unwrap();
        all.project.write(&format!("notes/pictures/{picture}"), bytes);
    }
    // An author may not create categories (WordPress fact 23), so the site has it.
    all.blog().site.post("wp/v2/categories", &json!({"name": all.word}));
}

fn edit(all: &Everywhere, note: &str, from: &str, to: &str) {
    let text = all.project.read(note);
    assert!(text.contains(from), "{from} is not in {note}");
    all.project.write(note, text.replace(from, to));
}

/// `action outcome` of the step at a target.
fn step(report: &Value, target: &str) -> String {
    let steps = report["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["target"] == target).unwrap();
    format!("{} {}", step["action"].as_str().unwrap(), step["outcome"].as_str().unwrap())
}

fn publishes_everywhere(flavour: Flavour, role: Role) {
    let all = Everywhere::new(&Plan { blog: Some((flavour, role)), ..Plan::default() });
    write_example(&all);

    let (code, report) = all.json(&["publish"]);
    assert_eq!(code, Some(0), "{report:#}");
    for target in ["blog", "medium", "pages"] {
        assert_eq!(step(&report, target), "create done", "{report:#}");
    }
    let post = all.post();
    assert_eq!(post["status"], "publish");
    assert_eq!(post["title"]["raw"], *all.word);
    let content = Everywhere::content(&post);
    assert!(post.to_string().contains("nineteen minutes and forty seconds"), "its footnotes are there");
    assert!(!content.contains("waste contract"), "internal passages stay inside: {content}");
    assert!(!content.contains("crosspost-pending"), "every address is known: {content}");
    assert_ne!(post["featured_media"], 0);
    let stories = all.medium().stories();
    assert_eq!(stories.len(), 1);
    assert_eq!(stories[0].title, all.word);
    let link =
        post["link"].as_str().unwrap().replace(&origin(&all.blog().site.url), &origin(&all.blog().proxy.url));
    assert_eq!(stories[0].canonical, link, "the canonical address is the blog's permalink");
    assert!(!stories[0].content.contains("waste contract"));
    let pages: Vec<String> = all.project.files("out").into_iter().filter(|f| f.ends_with(".html")).collect();
    assert!(pages.len() >= 2, "a page and the index: {pages:?}");
    assert!(pages.iter().any(|page| all.project.read(page).contains(&all.word)));

    all.forget();
    let (code, report) = all.json(&["publish"]);
    assert_eq!((code, &report["summary"]["unchanged"]), (Some(0), &json!(3)), "{report:#}");
    assert_eq!(all.requests(), Vec::<String>::new(), "an unchanged note costs no request");

    edit(&all, NOTE, "extremely patient", "endlessly patient");
    let (code, report) = all.json(&["publish"]);
    assert_eq!(code, Some(0), "{report:#}");
    let steps = ["blog", "medium", "pages"].map(|target| step(&report, target));
    assert_eq!(steps, ["update done", "manual planned", "update done"], "{report:#}");
    assert!(Everywhere::content(&all.post()).contains("endlessly patient"));
    assert_eq!(all.medium().posts(), 1, "a story is never posted again");
}

fn origin(url: &str) -> String {
    url::Url::parse(url).unwrap().origin().ascii_serialization()
}

#[test]
fn one_command_publishes_everywhere_and_again_sends_nothing() {
    publishes_everywhere(Flavour::Wp71, Role::Editor);
}

#[test]
fn an_author_of_a_network_publishes_everywhere() {
    publishes_everywhere(Flavour::Wp71Network, Role::Author);
}

#[test]
fn an_old_wordpress_is_published_to_as_well() {
    publishes_everywhere(Flavour::Wp61, Role::Author);
}

#[test]
fn requests_are_as_few_as_can_be() {
    let all = Everywhere::new(&Plan::blog(Flavour::Wp71, Role::Author));
    let tag = all.word.clone();
    let day = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d").to_string();
    let front = |title: &str| format!("---\ntitle: {tag} {title}\ndate: {day}\ntags: [{tag}]\n---\n\n");
    all.project.write("notes/first.md", front("first") + "The first.\n");
    all.publish();
    all.picture("notes/one.png");
    all.picture("notes/two.png");
    all.project.write("notes/second.md", front("second") + "![One](one.png)\n\n![Two](two.png)\n");

    all.forget();
    all.publish();
    let (posts, media) = ("/wp-json/wp/v2/posts", "/wp-json/wp/v2/media");
    let create = ["GET", "POST", "POST", "POST"].into_iter().zip([posts, media, media, posts]);
    let create: Vec<String> = create.map(|(method, path)| format!("{method} {path}")).collect();
    assert_eq!(all.requests(), create, "a look-up, two pictures, the post");

    all.forget();
    edit(&all, "notes/second.md", "![One]", "Now with words.\n\n![One]");
    all.publish();
    let id = all.posts()[1]["id"].to_string();
    assert_eq!(all.requests(), [format!("GET {posts}/{id}"), format!("POST {posts}/{id}")]);

    all.forget();
    all.publish();
    assert_eq!(all.requests(), Vec::<String>::new());
}

#[test]
fn a_dry_run_writes_nothing_anywhere() {
    let all = Everywhere::new(&Plan::default());
    write_example(&all);
    for command in [&["plan"][..], &["publish", "--dry-run"], &["plan", "--exit-code"]] {
        let run = all.project.run(command);
        assert_eq!(
            run.code,
            Some(if command.contains(&"--exit-code") { 4 } else { 0 }),
            "{}",
            run.transcript()
        );
        assert!(run.stdout.contains("3 to create"), "{}", run.transcript());
    }
    assert!(all.blog().proxy.writes().is_empty() && all.medium_proxy().writes().is_empty());
    assert_eq!(
        all.project.files(".").iter().filter(|file| !file.contains("notes/")).count(),
        1,
        "the configuration"
    );

    all.publish();
    let before = (all.ledger(), all.project.files("."));
    edit(&all, NOTE, "extremely patient", "endlessly patient");
    all.forget();
    let run = all.project.run(&["plan", "--exit-code"]).expect(4);
    assert!(run.stdout.contains("2 to update"), "{}", run.transcript());
    assert!(all.blog().proxy.writes().is_empty() && all.medium_proxy().writes().is_empty());
    assert_eq!((all.ledger(), all.project.files(".")), before);
}

#[test]
fn a_preview_is_what_is_sent() {
    let all = Everywhere::new(&Plan::default());
    all.note(NOTE, "Some *words* & a [link](https://example.org/?a=1&b=2).\n\n- one\n- two");
    all.project.run(&["plan", "--preview", "look"]).expect(0);
    all.forget();
    all.publish();
    let writes = all.blog().proxy.writes();
    assert_eq!(writes.len(), 1);
    assert_eq!(writes[0].json()["content"], all.project.read("look/payload/blog/notes/weeknote.html"));

    // Medium's body waits for the blog's permalink; once that is known, its preview is exact too.
    let later = Everywhere::new(&Plan { medium: true, ..Plan::blog(Flavour::Wp71, Role::Author) });
    later.note(NOTE, "Some *words*.");
    later.project.run(&["publish", "--target", "blog"]).expect(0);
    later.project.run(&["plan", "--preview", "look"]).expect(0);
    later.publish();
    let story = &later.medium_proxy().writes()[0];
    assert_eq!(story.json()["content"], later.project.read("look/payload/medium/notes/weeknote.html"));
}

#[test]
fn the_json_is_one_document_of_schema_1() {
    let all = Everywhere::new(&Plan::default());
    write_example(&all);
    let (_, report) = all.json(&["publish"]);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["schema", "command", "dry_run", "summary", "steps", "errors"]);
    assert_eq!(report["schema"], 1);
    assert_eq!((&report["command"], &report["dry_run"]), (&json!("publish"), &json!(false)));
    let counts = [
        "create",
        "update",
        "unchanged",
        "adopt",
        "manual",
        "blocked",
        "failed",
        "uncertain",
        "skipped",
        "unpublish",
    ];
    assert_eq!(keys(&report["summary"]), counts);
    let step = &report["steps"][0];
    let names = ["note", "target", "action", "outcome", "reason", "remote_id", "url", "warnings"];
    assert_eq!(keys(step), names);
    assert_eq!((&step["note"], &step["remote_id"]), (&json!(NOTE), &json!(all.post()["id"].to_string())));
    let medium = report["steps"].as_array().unwrap().iter().find(|s| s["target"] == "medium").unwrap();
    let table = medium["warnings"].as_array().unwrap().iter().find(|w| w["line"] == 54);
    assert!(table.is_some_and(|w| w["code"].is_string() && w["message"].is_string()), "{medium:#}");

    let (code, plan) = all.json(&["plan"]);
    assert_eq!((code, &plan["dry_run"]), (Some(0), &json!(true)));
    all.project.write("crosspost.toml", "nonsense = 1\n");
    let (code, failed) = all.json(&["publish"]);
    assert_eq!((code, keys(&failed)), (Some(2), vec!["schema".into(), "command".into(), "errors".into()]));
}

#[test]
fn one_bad_note_does_not_stop_the_others_and_the_worst_code_counts() {
    let all = Everywhere::new(&Plan { medium: false, ..Plan::default() });
    all.note("notes/good.md", "Good.");
    all.project.write("notes/bad.md", "---\ntitel: Bad\n---\n\nBad.\n");
    let run = all.project.run(&["publish"]).expect(2);
    assert!(run.stdout.contains("2 created, 1 failed"), "{}", run.transcript());
    assert!(
        run.stderr.contains("notes/bad.md:2:1") && run.stderr.contains("did you mean `title`"),
        "{}",
        run.stderr
    );
    assert!(all.post()["title"]["raw"].as_str().unwrap().contains("notes/good.md"));
}

#[test]
fn only_the_targets_that_are_named_are_published_to() {
    let all = Everywhere::new(&Plan::default());
    all.note(NOTE, "Words.");
    let run = all.project.run(&["publish", "--target", "pages"]).expect(0);
    assert!(run.stdout.contains("1 created"), "{}", run.transcript());
    assert_eq!(all.requests(), Vec::<String>::new());
    let run = all.project.run(&["publish", "--target", "medium"]).expect(0);
    assert!(run.stdout.contains("waits for `blog`"), "{}", run.transcript());
    assert_eq!(all.medium().posts(), 0, "not without its canonical address");
    let run = all.project.run(&["publish", "--target", "blgo"]).expect(2);
    assert!(run.stderr.contains("did you mean `blog`"), "{}", run.stderr);
}

#[test]
fn no_secret_is_ever_shown_and_no_colour_without_a_terminal() {
    let mut all = Everywhere::new(&Plan::default());
    write_example(&all);
    let mut said = vec![all.project.run(&["publish", "--verbose"]).expect(0)];
    said.push(all.project.run(&["status", "--remote"]));
    said.push(all.project.run(&["plan", "--preview", "look", "--format", "json"]));
    let password = all.blog().user.password.clone();
    for wrong in ["wrong-secret", "wröng"] {
        all.project.env("CROSSPOST_BLOG_PASSWORD", wrong).env("CROSSPOST_MEDIUM_TOKEN", wrong);
        all.note("notes/new.md", "New.");
        let run = all.project.run(&["publish", "--verbose"]);
        assert!(matches!(run.code, Some(1 | 2)), "{}", run.transcript());
        said.push(run);
    }
    let said: String = said.iter().flat_map(|run| [&*run.stdout, &*run.stderr]).collect();
    let ledger = all.ledger();
    let squeezed = password.replace(' ', "");
    for secret in [&*password, &*squeezed, CATE.token, "wrong-secret", "wröng"] {
        assert!(
            !said.contains(secret) && !ledger.contains(secret),
            "{secret} stands in what was said: {said}"
        );
    }
    assert!(!said.contains('\u{1b}'), "no escape sequences: {said}");
}

#[test]
fn exit_codes_tell_what_is_to_be_done() {
    let all = Everywhere::new(&Plan::blog(Flavour::Wp71, Role::Author));
    all.project.run(&["publish"]).expect(2); // no notes
    all.project.run(&["publish", "--no-such-option"]).expect(2);
    all.note(NOTE, "Words.");
    all.project.run(&["plan", "--exit-code"]).expect(4);
    all.publish();
    all.project.run(&["plan", "--exit-code"]).expect(0);
    let id = all.post()["id"].to_string();
    all.blog().site.post(&format!("wp/v2/posts/{id}"), &json!({"title": format!("{} edited", all.word)}));
    all.note(NOTE, "Other words.");
    all.project.run(&["publish"]).expect(3);
    all.project.run(&["plan", "--exit-code"]).expect(3);
    let away = all.project.read("crosspost.toml").replace(&all.blog().proxy.url, "http://127.0.0.1:9");
    all.project.write("crosspost.toml", away);
    all.project.run(&["publish"]).expect(1);
}
