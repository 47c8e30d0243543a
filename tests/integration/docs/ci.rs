//! The action and the templates for CI: YAML, with command lines that the program takes, actions pinned
//! by commit, and no more rights than they need.

use clap::Parser as _;
use crosspost::cli::Cli;
use granit_parser::{Event, Parser};
use serde_json::{Map, Value};

use super::{commands::command_line, read};

const FILES: [&str; 3] = ["action.yml", "examples/ci/github.yml", "examples/ci/gitlab-ci.yml"];

/// A YAML document without anchors; every scalar is a text.
fn yaml(path: &str) -> Value {
    let text = read(path);
    let mut parser = Parser::new_from_str(&text);
    let mut next = || loop {
        match parser.next_event() {
            Some(Ok((Event::StreamStart | Event::DocumentStart(..), _))) => {}
            Some(Ok((event, _))) => return event,
            other => panic!("{path}: {other:?}"),
        }
    };
    let first = next();
    node(first, &mut next)
}

fn node<'a>(event: Event<'a>, next: &mut impl FnMut() -> Event<'a>) -> Value {
    match event {
        Event::Scalar(text, ..) => Value::String(text.into_owned()),
        Event::SequenceStart(..) => {
            let mut list = Vec::new();
            loop {
                match next() {
                    Event::SequenceEnd => return Value::Array(list),
                    event => list.push(node(event, next)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut map = Map::new();
            loop {
                match next() {
                    Event::MappingEnd => return Value::Object(map),
                    key => {
                        let Value::String(key) = node(key, next) else { panic!("a key is a text") };
                        let event = next();
                        let value = node(event, next);
                        assert!(map.insert(key.clone(), value).is_none(), "`{key}` stands twice");
                    }
                }
            }
        }
        other => panic!("{other:?}"),
    }
}

/// All values of a key, however deep.
fn all<'v>(value: &'v Value, key: &str) -> Vec<&'v Value> {
    match value {
        Value::Object(map) => {
            map.iter().flat_map(|(k, v)| (k == key).then_some(v).into_iter().chain(all(v, key))).collect()
        }
        Value::Array(list) => list.iter().flat_map(|v| all(v, key)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_command_line_of_the_templates_is_one_that_the_program_takes() {
    let mut seen = 0;
    for file in FILES {
        yaml(file);
        for line in read(file).lines().filter_map(command_line) {
            seen += 1;
            let parsed = Cli::try_parse_from(&line);
            assert!(parsed.is_ok(), "{file}: {line:?}: {}", parsed.unwrap_err());
        }
    }
    assert_eq!(seen, 3, "those of GitLab");
}

#[test]
fn every_command_line_of_the_actions_script_is_one_that_the_program_takes() {
    let script = read("action/run.sh");
    let lines = script.lines().filter_map(|line| Some(line.split_once("crosspost ")?.1));
    let lines = lines.filter_map(|line| Some(line.split_once(r#" "${options[@]}""#)?.0));
    let commands: Vec<String> = lines.map(|line| format!("crosspost {line} --config c --since r")).collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    for command in commands {
        let parsed = Cli::try_parse_from(command.split(' '));
        assert!(parsed.is_ok(), "{command}: {}", parsed.unwrap_err());
    }
}

#[test]
fn what_others_have_made_is_pinned_by_its_commit() {
    for file in FILES {
        let yaml = yaml(file);
        for uses in all(&yaml, "uses") {
            let (_, commit) = uses.as_str().and_then(|uses| uses.split_once('@')).expect("a version");
            let is_commit = commit.len() == 40 && commit.bytes().all(|digit| digit.is_ascii_hexdigit());
            assert!(is_commit || commit == "COMMIT", "{file}: {uses}");
        }
    }
}

#[test]
fn the_workflow_asks_for_no_more_rights_than_it_needs() {
    let workflow = yaml("examples/ci/github.yml");
    assert_eq!(workflow["permissions"], serde_json::json!({}));
    let rights = |job: &str| workflow["jobs"][job]["permissions"].clone();
    assert_eq!(rights("check"), serde_json::json!({"contents": "read", "pull-requests": "write"}));
    assert_eq!(rights("publish"), serde_json::json!({"contents": "write"}));
    assert_eq!(workflow["concurrency"]["cancel-in-progress"], "false");
    assert!(
        workflow["on"]["schedule"][0]["cron"].is_string()
            && workflow["on"].get("pull_request_target").is_none()
    );
}

#[test]
fn the_page_tells_every_input_and_output_of_the_action() {
    let (action, page) = (yaml("action.yml"), read("docs/ci.md"));
    let names = ["inputs", "outputs"].map(|part| action[part].as_object().expect("a table").clone());
    for (name, about) in names.iter().flatten() {
        assert!(page.contains(&format!("| `{name}` |")), "docs/ci.md does not tell of `{name}`");
        assert!(about["description"].is_string(), "{name}");
    }
    // The scripts read what the action hands over, and nothing that it does not.
    let script = read("action/run.sh");
    let handed: Vec<&str> = all(&action, "env")
        .iter()
        .filter_map(|env| env.as_object())
        .flat_map(Map::keys)
        .map(String::as_str)
        .filter(|name| name.starts_with("INPUT_"))
        .collect();
    let read_there = regex::Regex::new("INPUT_[A-Z]+").expect("a regex");
    for name in read_there.find_iter(&script) {
        assert!(handed.contains(&name.as_str()), "{} is not handed over", name.as_str());
    }
    assert_eq!(handed.len(), 5, "{handed:?}");
}
