//! `docs/commands.md`, which is what the program says of itself.

use std::fmt::Write as _;

use clap::{Command, CommandFactory as _};
use crosspost::cli::Cli;

use super::assert_generated;

const INTRODUCTION: &str = "# Commands

What `crosspost --help` says of itself and of each command. This page is generated; a test holds it to the program.
";

#[test]
fn the_page_of_commands_is_what_the_program_says() {
    let mut page = INTRODUCTION.to_owned();
    add(&mut page, &Cli::command(), "crosspost");
    assert_generated("docs/commands.md", &page);
}

fn add(page: &mut String, command: &Command, name: &str) {
    let _ = write!(page, "\n## {name}\n\n```text\n{}```\n", help(name));
    for inner in command.get_subcommands() {
        add(page, inner, &format!("{name} {}", inner.get_name()));
    }
}

/// The help as the real program prints it. The options of every command are told once, at the top.
fn help(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').skip(1).chain(["--help"]).collect();
    let output = crate::harness::program::Project::new().command(&words).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let text = match text.split_once("\n\nOptions of every command:") {
        Some((own, _)) if name.contains(' ') => own.to_owned(),
        _ => text,
    };
    let lines = text.trim_end().lines().map(str::trim_end);
    lines.fold(String::new(), |page, line| page + line + "\n")
}
