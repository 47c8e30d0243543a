//! Every command line in the documentation is one that the program takes; what stands in a block
//! `sh run` is run, in a folder with the examples in it, as a reader would type it.

use clap::{Command, CommandFactory as _, Parser as _};
use crosspost::cli::Cli;

use super::{documents, markdown::Fence};
use crate::harness::program::Project;

/// What a reader of a fresh clone types in place of `crosspost`.
pub const FROM_SOURCE: &str = "cargo run --release -- ";

#[test]
fn every_command_line_in_the_documentation_is_one_that_the_program_takes() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in documents() {
        for fence in &page.fences {
            for line in fence.text.lines().filter_map(command_line) {
                seen += 1;
                // `--help` and `--version` end the parsing too, with something for standard output.
                let refusal = Cli::try_parse_from(&line).err().filter(clap::Error::use_stderr);
                wrong.extend(refusal.map(|error| format!("{}\n{error}", fence.place)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(seen >= 15, "only {seen} command lines were recognised");
}

#[test]
fn every_command_named_in_a_sentence_is_there_with_its_options() {
    let mut wrong = Vec::new();
    for page in documents() {
        for span in page.spans.iter().filter(|span| span.starts_with("crosspost ")) {
            wrong.extend(stranger(span).map(|word| format!("{}: `{span}`: {word}", page.path)));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn what_the_documentation_says_can_be_run_runs() {
    for page in documents() {
        for fence in page.fences("sh run") {
            run(fence);
        }
    }
}

fn run(fence: &Fence) {
    let project = Project::new();
    let examples = super::root().join("examples");
    for entry in walkdir::WalkDir::new(&examples).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(super::root()).expect("a file below");
            project.write(&path.display().to_string(), std::fs::read(entry.path()).expect("a file"));
        }
    }
    let output = shell(&project, &fence.text);
    assert!(
        output.status.success(),
        "{}\n{}{}",
        fence.place,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs a block as a reader's shell would, with the program on the path; the first line that fails
/// ends it.
pub fn shell(project: &Project, script: &str) -> std::process::Output {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_crosspost"));
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&folders).map(std::path::PathBuf::into_os_string);
    let bin = program.parent().expect("a folder").as_os_str().to_owned();
    let path = std::env::join_paths([bin].into_iter().chain(folders)).expect("a search path");
    // The harness knows which environment the program is to see.
    let typed = project.command(&[]);
    let mut command = std::process::Command::new("sh");
    command
        .args(["-e", "-u", "-c", &script.replace(FROM_SOURCE, "crosspost ")])
        .current_dir(project.root())
        .env_clear();
    let variables = typed.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    command.envs(variables).env("PATH", path).env("GIT_CONFIG_NOSYSTEM", "1");
    command.stdin(std::process::Stdio::null()).output().expect("a shell")
}

/// The words of a line that runs the program: as typed, behind a prompt, or as a step of a CI job.
pub fn command_line(line: &str) -> Option<Vec<String>> {
    let mut line = line.trim();
    for before in ["$ ", "- ", "run: ", "script: "] {
        line = line.strip_prefix(before).unwrap_or(line);
    }
    let line =
        line.strip_prefix(FROM_SOURCE).map_or_else(|| line.to_owned(), |rest| format!("crosspost {rest}"));
    (line.starts_with("crosspost ")).then(|| words(&line))
}

/// Words as a shell reads them, up to a comment, a pipe or the next command.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '#' | '|' | '&' | '>' | ';') if word.is_none() => return words,
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The first word of a command in a sentence that the program does not know. Values are left out
/// of sentences (`crosspost resolve --published URL`), so it is not parsed as a whole.
fn stranger(span: &str) -> Option<String> {
    let root = Cli::command();
    let mut command: &Command = &root;
    for word in span.split_whitespace().skip(1) {
        if let Some(flag) = word.strip_prefix("--") {
            let flag = flag.split('=').next().unwrap_or_default();
            let is_its = |c: &Command| c.get_arguments().any(|a| a.get_long() == Some(flag));
            if !is_its(command) && !is_its(&root) && !matches!(flag, "help" | "version") {
                return Some(word.to_owned());
            }
        } else if command.has_subcommands() {
            match command.find_subcommand(word) {
                Some(inner) => command = inner,
                None => return Some(word.to_owned()),
            }
        }
    }
    None
}

#[test]
fn command_lines_are_told_from_the_rest() {
    let words = |line| command_line(line).unwrap_or_default().join("|");
    assert_eq!(words("$ crosspost publish 'my note.md'  # now"), "crosspost|publish|my note.md");
    assert_eq!(words("      - run: crosspost plan --exit-code || true"), "crosspost|plan|--exit-code");
    assert_eq!(words("cargo run --release -- publish x.md"), "crosspost|publish|x.md");
    assert_eq!(words("cargo install crosspost"), "");
    assert_eq!(stranger("crosspost ledger copy A B"), None);
    assert_eq!(stranger("crosspost publish --dry-rum"), Some("--dry-rum".to_owned()));
    assert_eq!(stranger("crosspost pubish"), Some("pubish".to_owned()));
}
