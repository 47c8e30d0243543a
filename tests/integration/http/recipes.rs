//! The recipes for products that no test can run: their requests, held to recorded exchanges. Those
//! for Kinto and WordPress run against real servers, in `real`.

use std::path::Path;

use crosspost::{
    config::Config,
    note::{Marker, NoteId},
};

use crate::{
    fakes::playback::Playback,
    harness::{program::Project, recipe},
};

/// Publishes a note, changes it, publishes again and takes it down, as a recipe says.
fn play(name: &str, host: &str, secret: (&str, &str)) {
    let marker = Marker::derive("hackit-weeknotes", &NoteId::of_path("notes/week.md"), "intranet");
    let server = Playback::of(&format!("{name}.json"), &marker.to_string());
    // Where people read the post stays as it is.
    let config = recipe::text(name)
        .replace(&format!("url      = \"{host}"), &format!("url      = \"{}", server.address));
    let mut project = Project::with_config(&config);
    project.env(secret.0, secret.1);
    let note = |text: &str| {
        let front = "title: Week 12\ntags: [digital, team]\ndate: 2026-03-02T09:00:00Z";
        project.write("notes/week.md", format!("---\n{front}\n---\n\n{text}\n"));
    };
    let run = |arguments: &[&str]| {
        let run = project.run(arguments);
        assert_eq!((run.code, server_trouble(&server)), (Some(0), String::new()), "{}", run.transcript());
    };
    note("First.");
    run(&["publish"]);
    note("Second.");
    run(&["publish"]);
    run(&["unpublish", "notes/week.md"]);
    assert_eq!(server.wrong(), [""; 0]);
}

/// What came otherwise than recorded so far.
fn server_trouble(server: &Playback) -> String {
    let wrong = server.wrong().into_iter().filter(|wrong| !wrong.starts_with("never came"));
    wrong.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_recipe_for_drupal_makes_the_recorded_requests() {
    play("drupal", "https://intranet.example.gov.uk", ("CROSSPOST_INTRANET_PASSWORD", "secret"));
}

#[test]
fn the_recipe_for_bookstack_makes_the_recorded_requests() {
    play("bookstack", "https://wiki.intranet.example.gov.uk", ("CROSSPOST_INTRANET_TOKEN", "id:secret"));
}

/// A recipe says what was checked, and can be read as it stands.
#[test]
fn every_recipe_can_be_read_and_says_what_was_checked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/intranets");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap().filter_map(Result::ok) {
        let name = entry.file_name().into_string().unwrap();
        let config = Config::parse(&recipe::text(&name), Path::new("crosspost.toml"));
        let target = config.unwrap_or_else(|error| panic!("{name}: {error}")).targets.remove(0);
        assert_eq!((target.kind(), target.capabilities().update), ("http", true), "{name}");
        let readme = std::fs::read_to_string(entry.path().join("README.md")).unwrap();
        assert!(readme.contains("**What was checked"), "{name}");
        count += 1;
    }
    assert!(count >= 4, "{count}");
}
