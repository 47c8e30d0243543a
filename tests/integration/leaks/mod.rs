//! Nothing internal leaves: every trick of `tests/fixtures/leaks.txt` through the real program, and
//! a look at everything that it wrote and said.

mod compose;
mod look;
mod property;
mod table;

use look::Look;
use table::{Expectation, Trick};

use crate::harness::program::{Project, Run};

/// The hosts that are internal here. Their names stand in nothing that may leave.
const HOSTS: &str = r#"hosts = ["zqintranet.example.gov.uk", "*.zqcorp.example", "zqwiki", "zqbüro.example", "10.77.*", "[fd00:77::1]"]"#;

/// Every kind of target as a public one, with a header and a footer here and there.
const PUBLIC: &str = r#"
[targets.blog]
kind = "wordpress"
url = "https://blog.example"
user = "bot"
audience = "public"

[targets.old]
kind = "wordpress"
url = "https://old.example"
user = "bot"
format = "html"
audience = "public"

[targets.medium]
kind = "medium"
audience = "public"

[targets.pages]
kind = "folder"
path = "out"
audience = "public"
header = "*{{ title }}*{% if author %}, by {{ author }}{% endif %}"
footer = "{% if canonical %}From {{ canonical_host }}, {{ canonical }}{% endif %}"

[targets.wiki]
kind = "mediawiki"
url = "https://wiki.example"
user = "Bot@crosspost"
audience = "public"

[targets.space]
kind = "confluence"
url = "https://example.atlassian.net/wiki"
space = "NEWS"
user = "bot@example.org"
audience = "public"

[targets.sharepoint]
kind = "sharepoint"
url = "https://contoso.sharepoint.com/sites/news"
tenant = "contoso.onmicrosoft.com"
client = "11111111-2222-3333-4444-555555555555"
audience = "public"

[targets.api]
kind = "http"
url = "https://api.example"
auth = { kind = "bearer" }
audience = "public"
check = { path = "/me" }
post = { id = "/id" }
create = { path = "/posts", body = { title = "{{ title }}", slug = "{{ slug }}", tags = "{{ tags }}", summary = "{{ excerpt }}", html = "{{ body }}" } }
"#;

const INSIDE: &str = r#"
[targets.inside]
kind = "folder"
path = "colleagues"
audience = "internal"
"#;

/// Refused by the last look, target by target: one that does not take what it is about (Medium and a
/// category) gets the rest.
const PARTIAL: [&str; 2] = ["internal-host", "internal-leak"];

/// What stands where a link led inside.
const LABEL: &str = "[internal link]";

const PUBLIC_TARGETS: [&str; 8] = ["blog", "old", "medium", "pages", "wiki", "space", "sharepoint", "api"];

/// A project with all tricks as notes.
fn project(tricks: &[Trick], links: &str, targets: &str) -> Project {
    let project = Project::with_config(&format!(
        "project = \"leaks\"\n[internal]\n{HOSTS}\nlinks = \"{links}\"\n{targets}"
    ));
    for trick in tricks {
        project.write(&format!("notes/{}.md", trick.id), &trick.note);
    }
    project
}

/// What is run, besides a plan with its preview.
const COMMANDS: &[&[&str]] = &[
    &["plan"],
    &["publish", "--dry-run", "--verbose"],
    &["publish", "--verbose"],
    &["publish", "--format", "json"],
    &["status", "--verbose"],
    &["ledger", "check"],
];

/// All that the program says and writes of the tricks, and the report of the first run.
fn everything(project: &Project, commands: &[&[&str]]) -> (Look, serde_json::Value) {
    let mut look = Look::default();
    let plan = project.run(&["plan", "--preview", "preview", "--format", "json"]);
    let report = plan.json();
    look.said("plan --preview --format json", &plan);
    for command in commands {
        look.said(&command.join(" "), &project.run(command));
    }
    for folder in PUBLIC_TARGETS.map(|target| format!("preview/payload/{target}")) {
        look.written(project, &folder);
    }
    look.page(project);
    look.said("plan --format markdown", &project.run(&["plan", "--format", "markdown"]));
    look.written(project, "out");
    look.written(project, ".crosspost");
    (look, report)
}

impl Look {
    /// The page of the public targets: that of the plan, if there are no others.
    fn page(&mut self, project: &Project) {
        if project.root().join("preview/payload/inside").exists() {
            let public = PUBLIC_TARGETS.iter().flat_map(|target| ["--target", target]);
            let arguments: Vec<&str> = ["preview", "--out", "shown"].into_iter().chain(public).collect();
            self.said("preview --out", &project.run(&arguments));
            self.written(project, "shown");
        } else {
            self.written(project, "preview/index.html");
        }
    }

    fn said(&mut self, name: &str, run: &Run) {
        self.add(&format!("standard output of {name}"), &run.stdout);
        self.add(&format!("standard error of {name}"), &run.stderr);
    }

    fn written(&mut self, project: &Project, folder: &str) {
        for file in project.files(folder) {
            let text = std::fs::read(project.root().join(&file)).expect("a file");
            self.add(&file, &format!("{file}\n{}", String::from_utf8_lossy(&text)));
        }
    }
}

/// The code of every error that is told of a note.
fn codes(report: &serde_json::Value, trick: &Trick) -> Vec<String> {
    let path = format!("notes/{}.md", trick.id);
    let told = report["errors"].as_array().into_iter().flatten();
    let ours = told.filter(|error| error["path"] == path.as_str());
    ours.map(|error| error["code"].as_str().unwrap_or("none").to_owned()).collect()
}

/// What a target would be sent for a trick, if anything.
fn payload(project: &Project, target: &str, trick: &Trick) -> Option<String> {
    // A described API shows whole requests.
    let ending = if target == "api" { "http" } else { "html" };
    let file = project.root().join(format!("preview/payload/{target}/notes/{}.{ending}", trick.id));
    std::fs::read_to_string(file).ok()
}

/// What is wrong with how a trick ended at the public targets.
fn outcome(project: &Project, report: &serde_json::Value, trick: &Trick) -> Vec<String> {
    let codes = codes(report, trick);
    let mut wrong = Vec::new();
    for target in PUBLIC_TARGETS {
        let payload = payload(project, target, trick);
        let text = payload.as_deref().map(look::shown).unwrap_or_default();
        match &trick.expectation {
            Expectation::Cut | Expectation::Label | Expectation::Gone => {
                if payload.is_none() {
                    wrong.push(format!("{target}: not published: {codes:?}"));
                } else if trick.note.contains("Shown") && !text.contains("shown") {
                    wrong.push(format!("{target}: what is public is gone: {text}"));
                } else if trick.expectation == Expectation::Label
                    && !text.contains(LABEL)
                    && !(target == "blog" && trick.name.contains("footnote"))
                {
                    // WordPress's own footnotes stand beside the body.
                    wrong.push(format!("{target}: no label: {text}"));
                } else if look::is_doubled(payload.as_deref().unwrap_or_default(), LABEL) {
                    wrong.push(format!("{target}: two labels: {text}"));
                }
            }
            Expectation::Inside if payload.is_some() => wrong.push(format!("{target}: published")),
            Expectation::Refused(code) if !PARTIAL.contains(&code.as_str()) && payload.is_some() => {
                wrong.push(format!("{target}: published"));
            }
            Expectation::Inside | Expectation::Refused(_) => {}
        }
    }
    match &trick.expectation {
        Expectation::Refused(code) if !codes.contains(code) => {
            wrong.push(format!("not refused for {code}: {codes:?}"));
        }
        _ => {}
    }
    wrong
}

fn report_all(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with how the tricks ended under a policy for links.
fn run(links: &str, commands: &[&[&str]]) {
    let tricks = table::read();
    assert!(tricks.len() >= 200, "{} tricks", tricks.len());
    let project = project(&tricks, links, PUBLIC);
    let (look, report) = everything(&project, commands);
    let mut wrong = look.hosts();
    for trick in &tricks {
        let leaks = look.leaks_of(trick).into_iter();
        let outcome = if links == "label" { outcome(&project, &report, trick) } else { Vec::new() };
        wrong.extend(leaks.chain(outcome).map(|what| format!("{} ({}): {what}", trick.name, trick.id)));
    }
    report_all(&wrong);
}

#[test]
fn no_trick_gets_anything_out() {
    run("label", COMMANDS);
}

#[test]
fn nor_where_links_become_plain_text() {
    run("unlink", &[&["publish", "--verbose"]]);
}

#[test]
fn nor_where_they_are_refused() {
    run("refuse", &[&["publish", "--verbose"]]);
}

#[test]
fn colleagues_get_everything_and_the_log_nothing() {
    let tricks = table::read();
    let project = project(&tricks, "label", &format!("{PUBLIC}{INSIDE}"));
    let (look, _) = everything(&project, COMMANDS);
    let mut wrong = Vec::new();
    for trick in &tricks {
        let leaks = look.leaks_of(trick).into_iter();
        // The ledger knows a note by its title, that of an internal one too.
        let leaks =
            leaks.filter(|what| trick.expectation != Expectation::Inside || !what.contains(".crosspost/"));
        wrong.extend(leaks.map(|what| format!("{} ({}): {what}", trick.name, trick.id)));
        let inside = payload(&project, "inside", trick).unwrap_or_default();
        let all = matches!(trick.expectation, Expectation::Cut | Expectation::Label | Expectation::Inside);
        // A definition's text is not shown where nothing refers to it, and comments nowhere.
        if all && trick.is_shown_inside() && !inside.to_lowercase().contains(&trick.secret) {
            wrong.push(format!("{} ({}): colleagues do not get it", trick.name, trick.id));
        }
    }
    wrong.extend(look.hosts());
    report_all(&wrong);
}

/// A kind that is not among the public targets above would be looked at by nobody.
#[test]
fn every_kind_of_target_is_among_the_public_ones() {
    for driver in crosspost::targets::DRIVERS {
        assert!(PUBLIC.contains(&format!("kind = \"{}\"", driver.kind())), "{}", driver.kind());
        assert!(compose::CONFIG.contains(&format!("kind = \"{}\"", driver.kind())), "{}", driver.kind());
    }
}
