//! The commands of every day that need no server: `new`, `open`, `status`, `man`, `doctor`.

use crate::{
    docs::commands::shell,
    fakes::medium::{CATE, DORA, EDITED, Medium, WRITTEN},
    harness::{
        closed_port,
        program::{Project, Run},
    },
};

const FOLDER: &str = "project = \"daily\"\ntimezone = \"Europe/London\"\n";
const PAGES: &str = "[targets.pages]\nkind = \"folder\"\npath = \"out\"\naudience = \"public\"\n";

fn project(more: &str) -> Project {
    Project::with_config(&format!("{FOLDER}{more}\n{PAGES}"))
}

#[test]
fn a_weeknote_is_called_by_its_monday_and_never_written_over() {
    let project = project("");
    let run = project.run(&["new", "weeknote", "--date", "2026-11-26"]).expect(0);
    assert_eq!(run.stdout, "notes/2026-11-23-weeknote.md\n");
    let note = project.read("notes/2026-11-23-weeknote.md");
    assert!(note.contains("title: Weeknote w/c 23 November\ndate: 2026-11-23\nstatus: draft"), "{note}");
    assert!(note.contains("\n## What we did\n") && !note.contains("author"), "{note}");
    project.write("notes/2026-11-23-weeknote.md", "# Ours\n\nWords.\n");
    let run = project.run(&["new", "weeknote", "--date", "2026-11-29"]).expect(2);
    assert!(run.stderr.contains("left alone"), "{}", run.transcript());
    assert_eq!(project.read("notes/2026-11-23-weeknote.md"), "# Ours\n\nWords.\n");
    project.run(&["check"]).expect(0);
}

#[test]
fn a_post_is_called_by_its_title_and_its_author_is_told_where_one_is() {
    let project = project("author = \"cate\"");
    let title = "Bins: \"why\" #1 {{ title }}";
    let run = project.run(&["new", "post", title, "--date", "2026-11-26"]).expect(0);
    assert_eq!(run.stdout, "notes/bins-why-1-title.md\n");
    let note = project.read("notes/bins-why-1-title.md");
    assert!(note.contains(r#"title: "Bins: \"why\" #1 {{ title }}""#), "{note}");
    assert!(note.contains("\nauthor: cate\n"), "{note}");
    project.run(&["new", "post", "Other", "--author", "dora"]).expect(0);
    assert!(project.read("notes/other.md").contains("\nauthor: dora\n"));
    let run = project.run(&["new", "post"]).expect(2);
    assert!(run.stderr.contains("crosspost new post \"Title\""), "{}", run.transcript());
    let run = project.run(&["new", "pots", "T"]).expect(2);
    assert!(run.stderr.contains("did you mean `post`?"), "{}", run.transcript());
}

#[test]
fn a_template_of_ones_own_goes_before_the_built_in_one() {
    let mut project = project("[templates]\nretro = \"shared/our-retro.md\"");
    project.write(
        "templates/weeknote.md",
        "---\ntitle: {{ title }}\nauthor: {{ author }}\n---\n## {{ monday }}\n",
    );
    project.write("shared/our-retro.md", "---\ntitle: Retro of {{ date }}\n---\n- good\n");
    project.write("gitconfig", "[user]\nname = Cate Smith\n");
    let git = project.root().join("gitconfig").display().to_string();
    project.env("GIT_CONFIG_GLOBAL", &git).env("EDITOR", "sh -c 'exit 3'");
    project.run(&["new", "weeknote", "--date", "2026-11-26"]).expect(0);
    let note = project.read("notes/2026-11-23-weeknote.md");
    assert_eq!(note, "---\ntitle: Weeknote w/c 23 November\nauthor: Cate Smith\n---\n## 2026-11-23\n");
    let run = project.run(&["new", "retro", "--date", "2026-11-26", "--format", "json"]).expect(0);
    assert_eq!(run.json()["note"], "notes/2026-11-26-retro.md");
    project.write("templates/broken.md", "---\ntitel: {{ date }}\n---\nx\n");
    let run = project.run(&["new", "broken"]).expect(2);
    assert!(run.stderr.contains("nothing was written"), "{}", run.transcript());
    assert_eq!(project.files("notes").len(), 2);
}

#[test]
fn an_editor_opens_the_new_note() {
    let mut project = project("");
    project.write("editor.sh", "echo Edited. >>\"$2\"\n");
    project.env("EDITOR", "sh editor.sh --wait");
    project.run(&["new", "post", "T", "--edit"]).expect(0);
    assert!(project.read("notes/t.md").ends_with("Edited.\n"));
    project.env("EDITOR", " ");
    let run = project.run(&["new", "post", "U", "--edit"]).expect(2);
    assert!(run.stderr.contains("`EDITOR`"), "{}", run.transcript());
    assert_eq!(project.files("notes"), ["notes/t.md"], "nothing is written that cannot be opened");
}

#[test]
fn open_tells_where_a_note_is() {
    let project = project("");
    project.write("notes/a.md", "# A\n\nText.\n");
    let run = project.run(&["open", "notes/a.md", "--print"]).expect(2);
    assert!(run.stderr.contains("has no post with an address"), "{}", run.transcript());
    project.run(&["publish"]).expect(0);
    let there = "[ROOT]/out/a.html\n";
    assert_eq!(project.run(&["open", "notes/a.md", "--print"]).expect(0).stdout, there);
    assert_eq!(project.run(&["open", "notes/a.md"]).expect(0).stdout, there, "there is no screen here");
    let run = project.run(&["open", "notes/a.md", "--target", "blog"]).expect(2);
    assert!(run.stderr.contains("no target is called `blog`"), "{}", run.transcript());
}

#[test]
fn status_shows_what_is_pending_without_asking_any_site() {
    let dead = format!("http://127.0.0.1:{}", closed_port());
    let blog = format!(
        "[targets.blog]\nkind = \"wordpress\"\nurl = \"{dead}\"\nuser = \"u\"\naudience = \"public\"\n"
    );
    let project = project(&blog);
    project.write("notes/a.md", "# A\n\nText.\n");
    project.write("notes/b.md", "# B\n\nText.\n");
    project.run(&["publish", "--target", "pages"]).expect(0);
    project.write("notes/a.md", "# A\n\nOther text.\n");
    let run = project.run(&["status"]).expect(0);
    let table: Vec<Vec<&str>> =
        run.stdout.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
    assert_eq!(table[0], ["NOTE", "TARGET", "STATE"], "{}", run.transcript());
    assert!(run.stdout.contains("2 notes: "), "{}", run.transcript());
    let rows = project.run(&["status", "--format", "json"]).expect(0).json()["notes"].clone();
    let told = |note: &str, target: &str| {
        let row =
            rows.as_array().into_iter().flatten().find(|row| row["note"] == note && row["target"] == target);
        row.map(|row| (row["state"].clone(), row["pending"].clone())).expect("a row")
    };
    assert_eq!(told("notes/a.md", "pages"), ("changed".into(), "update".into()));
    assert_eq!(told("notes/b.md", "pages"), ("published".into(), serde_json::Value::Null));
    assert_eq!(told("notes/b.md", "blog"), ("new".into(), "create".into()));
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let project = project("");
    assert!(project.run(&["man"]).expect(0).stdout.contains(".TH crosspost 1"));
    project.run(&["man", "--out", "man"]).expect(0);
    let pages = project.files("man");
    for page in ["man/crosspost.1", "man/crosspost-publish.1", "man/crosspost-ledger-copy.1"] {
        assert!(pages.iter().any(|known| known == page), "{pages:?}");
    }
}

#[test]
fn each_request_is_shown_with_its_time_and_no_secret() {
    let medium = Medium::start();
    let mut project = project(&format!(
        "[targets.medium]\nkind = \"medium\"\naudience = \"public\"\napi = \"{}\"\nfeed = \"{}?key=s3cret\"\n",
        medium.api(),
        medium.feed(CATE.username)
    ));
    project.env("CROSSPOST_MEDIUM_TOKEN", CATE.token);
    project.write("notes/a.md", "# A\n\nText.\n");
    let run = project.run(&["publish", "--verbose"]).expect(0);
    let of_story = run.stderr.lines().find(|line| line.starts_with("medium: POST ")).unwrap_or_default();
    assert!(of_story.contains("/posts → 201, ") && of_story.ends_with(" ms"), "{}", run.transcript());
    assert!(run.stderr.contains("?key=… → 200"), "{}", run.transcript());
    assert!(!run.stderr.contains("s3cret") && !run.stderr.contains(CATE.token), "{}", run.transcript());
    project.write("notes/a.md", "# A\n\nOther.\n");
    assert!(!project.run(&["plan"]).stderr.contains("medium: "));
}

fn doctor_of_medium(medium: &Medium, token: &str, more: &str) -> Run {
    let mut project = project(&format!(
        "[targets.medium]\nkind = \"medium\"\naudience = \"public\"\napi = \"{}\"\n{more}",
        medium.api()
    ));
    project.env("CROSSPOST_MEDIUM_TOKEN", token);
    project.run(&["doctor", "medium"])
}

#[test]
fn doctor_tells_whose_the_token_is_and_what_the_publication_takes() {
    let medium = Medium::start();
    let says = |token: &str, more: String, code: i32, words: &str| {
        let run = doctor_of_medium(&medium, token, &more).expect(code);
        assert!(run.stdout.contains(words), "{words}\n{}", run.transcript());
    };
    let feed = |name: &str| format!("feed = \"{}\"\n", medium.feed(name));
    says(CATE.token, feed(CATE.username), 0, &format!("✓ the token is @{}'s", CATE.username));
    says(CATE.token, feed(CATE.username), 0, "✓ its feed shows 0 stories");
    says(CATE.token, feed(DORA.username), 0, "docs/doctor.md#feed-of-another");
    says(CATE.token, feed("nobody-at-all"), 0, "docs/doctor.md#feed-unreadable");
    says(CATE.token, String::new(), 0, "docs/doctor.md#no-feed");
    says("wrong", String::new(), 1, "✗ Medium does not accept the token");
    says(CATE.token, format!("publication = \"{EDITED}\"\n"), 0, "✓ an editor of the publication");
    says(CATE.token, format!("publication = \"{WRITTEN}\"\n"), 1, "docs/doctor.md#publication-writer");
    says(CATE.token, format!("publication = \"{WRITTEN}\"\nvisibility = \"draft\"\n"), 0, "✓ a writer");
    says(DORA.token, format!("publication = \"{EDITED}\"\n"), 1, "docs/doctor.md#not-in-publication");
}

#[test]
fn doctor_looks_at_the_configuration_the_ledger_and_the_repository() {
    let project = project("");
    let run = project.run(&["doctor"]).expect(0);
    assert!(run.stdout.contains("docs/doctor.md#no-notes"), "{}", run.transcript());
    assert!(run.stdout.contains("no repository"), "{}", run.transcript());
    assert!(run.stdout.contains("`out` holds 0 pages"), "{}", run.transcript());
    assert_eq!(project.files("."), ["crosspost.toml"], "it changes nothing");
    project.write("notes/a.md", "# A\n\nText.\n");
    project.run(&["publish"]).expect(0);
    let run = project.run(&["doctor"]).expect(0);
    assert!(run.stdout.contains("✓ knows 1 notes, and can be written"), "{}", run.transcript());
    assert!(
        run.stdout.contains("`out` holds 1 pages") && run.stdout.ends_with("All is well.\n"),
        "{}",
        run.transcript()
    );
    project.write("crosspost.toml", "projcet = \"x\"\n");
    project.run(&["doctor"]).expect(2);
    project.write("crosspost.toml", format!("state = \"git:ledger\"\n{PAGES}"));
    let run = project.run(&["doctor", "--format", "json"]).expect(1).json();
    assert_eq!(run["summary"]["bad"], 1, "{run}");
    assert!(
        run["sections"][1]["findings"][0]["text"].as_str().is_some_and(|t| t.contains("no git repository")),
        "{run}"
    );
}

#[test]
fn doctor_tries_a_push_of_the_ledger_and_pushes_nothing() {
    let project = Project::with_config(&format!("project = \"p\"\nstate = \"git:ledger\"\n{PAGES}"));
    let git = |script: &str| {
        let output = shell(&project, script);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    git("git init -q -b main . && git init -q --bare -b main ../remote.git && git remote add origin ../remote.git
         for n in 1 2; do git -c user.name=a -c user.email=a@b.example commit -q --allow-empty -m $n; done
         git push -q origin main");
    let run = project.run(&["doctor"]).expect(0);
    assert!(run.stdout.contains("✓ knows 0 notes, and can be written"), "{}", run.transcript());
    assert!(run.stdout.contains("✓ a repository, its remote: origin"), "{}", run.transcript());
    assert_eq!(git("git --git-dir=../remote.git for-each-ref --format='%(refname)'"), "refs/heads/main\n");
    git("git clone -q --depth 1 \"file://$PWD/../remote.git\" clone && cp crosspost.toml clone");
    let run = project.run(&["doctor", "--config", "clone/crosspost.toml"]).expect(0);
    assert!(run.stdout.contains("docs/doctor.md#shallow-clone"), "{}", run.transcript());
    git("git remote set-url origin ../nowhere.git");
    let run = project.run(&["doctor"]).expect(1);
    assert!(run.stdout.contains("✗ the ledger's branch `ledger` cannot be fetched"), "{}", run.transcript());
}

#[test]
fn login_asks_nobody_where_nobody_may_be_asked() {
    let project = project("");
    let run = project.run(&["login", "pages"]).expect(2);
    assert!(run.stderr.contains("needs no password"), "{}", run.transcript());
    let run = project.run(&["login", "pagse"]).expect(2);
    assert!(run.stderr.contains("did you mean `pages`?"), "{}", run.transcript());
}
