//! What the documentation shows and promises of a real site: the recording in the README, its first
//! blog, and what a publish costs.

use regex::Regex;

use crate::{
    docs::{assert_generated, commands::shell, document, recording::svg},
    fakes::medium::{CATE, Medium},
    harness::{
        program::{Project, Run},
        proxy::Proxy,
        unique,
        wordpress::{Flavour, Role, Site},
    },
};

/// The addresses in the documentation.
const BLOG: &str = "https://blogs.example.gov.uk/hackit";
const INTRANET: &str = "https://intranet.example.gov.uk";

#[test]
fn the_recording_is_what_the_program_prints() {
    let (blog, intranet) = (Site::shared(Flavour::Wp71Network), Site::shared(Flavour::Wp71));
    let medium = Medium::start();
    let token = unique("t");
    let mut project = Project::with_config(&format!(
        "project = \"{token}\"\n\
         [targets.blog]\nkind = \"wordpress\"\nurl = \"{}\"\nuser = \"edith\"\naudience = \"public\"\n\
         [targets.medium]\nkind = \"medium\"\napi = \"{}\"\naudience = \"public\"\ncanonical = \"blog\"\n\
         [targets.intranet]\nkind = \"wordpress\"\nurl = \"{}\"\nuser = \"edith\"\naudience = \"internal\"\n",
        blog.url,
        medium.api(),
        intranet.url
    ));
    project
        .env("CROSSPOST_BLOG_PASSWORD", &blog.user(Role::Editor).password)
        .env("CROSSPOST_INTRANET_PASSWORD", &intranet.user(Role::Editor).password)
        .env("CROSSPOST_MEDIUM_TOKEN", CATE.token)
        .replace(&blog.url, BLOG)
        .replace(&intranet.url, INTRANET)
        .replace(&format!("weeknote-24--{token}"), "weeknote-24-the-bin-form")
        .replace(&format!("weeknote-24-{token}"), "weeknote-24-the-bin-form")
        .replace(&token, "the bin form");
    let example = crate::docs::read("examples/weeknote.md");
    let (_, body) = example.split_once("## What we changed").expect("the example's table");
    let (table, _) = body.split_once("The address look-up").expect("the text below it");
    project.write(
        "notes/week-24.md",
        format!("---\ntitle: \"Weeknote 24: {token}\"\ndate: 2026-06-12\ntags: [weeknotes]\n---\n\nWe watched people.\n\n:::internal\nNot for everybody.\n:::\n{table}"),
    );
    let commands = ["crosspost publish --dry-run", "crosspost publish", "crosspost publish"];
    let screens: Vec<(&str, String)> =
        commands.iter().map(|command| (*command, screen(&project, command))).collect();
    assert!(screens[1].1.contains("3 created"), "{}", screens[1].1);
    assert!(screens[2].1.contains("3 unchanged"), "{}", screens[2].1);
    let title = "A note is planned, then published to a blog, to Medium and to an intranet; a second publish sends nothing";
    assert_generated("docs/pictures/publish.svg", &svg(title, &screens));
}

fn screen(project: &Project, command: &str) -> String {
    let words: Vec<&str> = command.split(' ').skip(1).chain(["--color", "always"]).collect();
    let Run { stdout, .. } = project.run(&words).expect(0);
    let story = Regex::new("-[0-9a-f]{12}\\b").expect("a regex");
    story.replace_all(&stdout, "-2f9c1b7e4a60").into_owned()
}

#[test]
fn the_first_blog_of_the_readme_is_published() {
    let site = Site::shared(Flavour::Wp71);
    let user = site.user(Role::Editor);
    let title = unique("First note");
    let readme = document("README.md");
    let project = Project::new();
    let note = readme.fences("markdown").next().expect("the README's note");
    project.write("weeknotes/notes/hello.md", note.text.replace("Hello from crosspost", &title));
    let script: String = readme.fences("sh blog").map(|fence| fence.text.as_str()).collect();
    let script = script
        .replace(BLOG, &site.url)
        .replace("crosspost-bot", &user.name)
        .replace("abcd EFGH 1234 ijkl MNOP 5678", &user.password);
    let output = shell(&project, &script);
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 to create. Nothing was sent"), "{said}");
    assert!(said.contains("1 created.") && said.contains("1 unchanged."), "{said}");
    let found = site.get(&format!("wp/v2/posts?search={title}&status=any&context=edit"));
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found[0]["title"]["raw"], title.as_str());
}

/// A note with two pictures that the site does not have, and terms that it has by now.
fn picture_note(project: &Project, name: &str, tag: &str, date: &str) {
    let token = unique("cost");
    for picture in ["a", "b"] {
        let pixels = unique(picture).into_bytes();
        project.write(&format!("notes/{token}-{picture}.png"), super::wordpress::pictures::png(&pixels));
    }
    project.write(
        &format!("notes/{name}.md"),
        format!(
            "---\ntitle: {token}\n{date}tags: [{tag}]\n---\n\n![a]({token}-a.png)\n\n![b]({token}-b.png)\n"
        ),
    );
}

#[test]
fn a_publish_costs_what_the_readme_says() {
    let site = Site::shared(Flavour::Wp71);
    let proxy = Proxy::in_front_of(&site.url);
    let mut project = Project::with_config(&format!(
        "project = \"{}\"\n[targets.blog]\nkind = \"wordpress\"\nurl = \"{}\"\nuser = \"edith\"\naudience = \"public\"\n",
        unique("costs"),
        proxy.url
    ));
    project.env("CROSSPOST_BLOG_PASSWORD", &site.user(Role::Editor).password);
    let cost = |path: &str| {
        proxy.forget();
        project.run(&["publish", path]).expect(0);
        proxy.requests().len()
    };
    let (tag, later) = (unique("tag"), "date: 2999-01-01\n");
    picture_note(&project, "first", &tag, later);
    let first = cost("notes/first.md");
    picture_note(&project, "second", &tag, later);
    let new = cost("notes/second.md");
    let unchanged = cost("notes/second.md");
    project.write("notes/second.md", format!("{}\nMore.\n", project.read("notes/second.md")));
    let changed = cost("notes/second.md");
    picture_note(&project, "undated", &tag, "");
    let undated = cost("notes/undated.md");

    let readme = crate::docs::read("README.md");
    let said = |row: &str| -> usize {
        let line =
            readme.lines().find(|line| line.starts_with(&format!("| {row} |"))).expect("the README's table");
        let cell = line.split('|').nth(2).unwrap_or_default();
        cell.trim().parse().unwrap_or_else(|_| panic!("{line}"))
    };
    assert_eq!(unchanged, said("An unchanged note"));
    assert_eq!(changed, said("A changed note"));
    assert_eq!(new, said("A new note with two new pictures"));
    assert_eq!(undated, said("The same without a date"));
    assert_eq!(first, said("The very first note on a site, with two pictures"));
}
