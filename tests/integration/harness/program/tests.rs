//! The harness of the program, tried on the program itself.

use super::Project;

#[test]
fn the_program_runs_in_its_project() {
    let project = Project::new();
    let run = project.run(&["--version"]).expect(0);
    assert!(!run.stdout.contains(env!("CARGO_PKG_VERSION")), "{}", run.transcript());
}

#[test]
fn the_environment_holds_only_what_a_test_gives() {
    let mut project = Project::new();
    project.env("CROSSPOST_BLOG_PASSWORD", "x");
    let command = project.command(&[]);
    let names: Vec<_> = command.get_envs().map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["CROSSPOST_BLOG_PASSWORD", "HOME", "PATH", "TZ"]);
}

#[test]
fn files_are_written_with_their_folders_and_listed() {
    let project = Project::with_config("project = \"x\"\n");
    project.write("notes/2026/b.md", "# B\n");
    project.write("notes/a.md", "# A\n");
    assert_eq!(project.files("notes"), ["notes/2026/b.md", "notes/a.md"]);
    assert_eq!(project.read("crosspost.toml"), "project = \"x\"\n");
}

#[test]
fn folders_and_ports_become_placeholders() {
    let mut project = Project::new();
    project.replace("127.0.0.1:8080", "[BLOG]");
    let text = format!("{}/a.md at 127.0.0.1:8080", project.root().display());
    assert_eq!(project.placeholders(text.as_bytes()), "[ROOT]/a.md at [BLOG]");
}

#[test]
fn a_started_program_can_be_killed() {
    let project = Project::new();
    let run = project.start(&["--version"]).kill();
    assert!(matches!(run.code, None | Some(0)), "{}", run.transcript());
}
