//! Requests held to a vendor's contract: for services that cannot be run here, where a stand-in of
//! our own making would agree with our own mistakes.
//!
//! The contracts are `OpenAPI` documents in `tests/lab/contracts`. A stand-in keeps a log of what it
//! was [`Sent`]; at the end each different request is sent once more, to a validating mock (Prism)
//! that answers for the contract. Prism passes over query parameters that no contract names, so
//! those are looked up here.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
};

use reqwest::Method;
use serde_json::Value;

use super::{http, lab_script};

/// A request, as it was received.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    /// `POST`.
    pub method: String,
    /// Path and query below the contract's address, as sent: `/sites/1/pages?$top=5`.
    pub path: String,
    /// The headers, by name in small letters.
    pub headers: BTreeMap<String, String>,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// Headers that belong to a connection and not to a request.
const OF_THE_CONNECTION: &[&str] = &["connection", "content-length", "host", "transfer-encoding"];

/// A contract with its mock, which ends when this is dropped or its process dies.
pub struct Contract {
    document: Value,
    url: String,
    mock: Child,
}

impl Contract {
    /// The contract in `tests/lab/contracts/NAME.openapi.json`.
    ///
    /// # Panics
    /// With the reason, when there is none or the mock does not start.
    pub fn named(name: &str) -> Self {
        let file = format!("{}/tests/lab/contracts/{name}.openapi.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{file}: {e}"));
        let mut mock = lab_script("contract-mock.sh")
            .arg(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash runs the lab's scripts");
        let mut line = String::new();
        let mut output = BufReader::new(mock.stdout.take().expect("it was asked for"));
        output.read_line(&mut line).expect("UTF-8");
        let url = line.trim().strip_prefix("URL=").unwrap_or_else(|| {
            panic!("the contracts' mock does not run: `tests/run` installs what is missing")
        });
        Self { document: serde_json::from_str(&text).expect("JSON"), url: url.to_owned(), mock }
    }

    /// What is wrong with these requests, a line for each that breaks the contract.
    pub fn violations(&self, sent: &[Sent]) -> Vec<String> {
        let different: BTreeSet<&Sent> = sent.iter().collect();
        let told = |request: &Sent| {
            let why = [self.unnamed_parameters(request), self.told_by_mock(request)].concat();
            let body: String = String::from_utf8_lossy(&request.body).chars().take(300).collect();
            (!why.is_empty())
                .then(|| format!("{} {}: {}\n{body}", request.method, request.path, why.join("; ")))
        };
        different.into_iter().filter_map(told).collect()
    }

    fn told_by_mock(&self, request: &Sent) -> Vec<String> {
        let method = Method::from_bytes(request.method.as_bytes()).expect("a method");
        let mut again = http::client().request(method, format!("{}{}", self.url, request.path));
        for (name, value) in &request.headers {
            if !OF_THE_CONNECTION.contains(&name.as_str()) {
                again = again.header(name, value);
            }
        }
        let answer = http::answer_of(again.body(request.body.clone())).expect("the mock answers");
        let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
        // A path or a method that the contract does not have.
        if header("content-type").is_some_and(|kind| kind.contains("problem+json")) {
            return vec![answer.text()];
        }
        let told: Value = header("sl-violations").map_or(Value::Null, |json| {
            serde_json::from_str(json).unwrap_or_else(|e| panic!("{e} in {json}"))
        });
        let of_request = |entry: &&Value| entry["location"][0] == "request";
        let told = told.as_array().into_iter().flatten().filter(of_request);
        told.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn unnamed_parameters(&self, request: &Sent) -> Vec<String> {
        let url = url::Url::parse(&format!("{}{}", self.url, request.path)).expect("an address");
        let known = self.query_parameters(&request.method.to_lowercase(), url.path());
        let names = url.query_pairs().map(|(name, _)| name.into_owned());
        names
            .filter(|name| !known.contains(name))
            .map(|name| format!("the contract has no query parameter `{name}` here"))
            .collect()
    }

    /// The query parameters of an operation: its path's, and its own.
    fn query_parameters(&self, method: &str, path: &str) -> BTreeSet<String> {
        let is_this = |template: &str| {
            let (template, path) = (template.split('/'), path.split('/'));
            template.clone().count() == path.clone().count()
                && template.zip(path).all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
        };
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let here = paths.filter(|(template, _)| is_this(template)).map(|(_, operations)| operations);
        here.flat_map(|operations| [&operations["parameters"], &operations[method]["parameters"]])
            .filter_map(Value::as_array)
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
            .collect()
    }
}

impl Drop for Contract {
    fn drop(&mut self) {
        // The mock ends with its standard input.
        drop(self.mock.stdin.take());
        let _ = self.mock.wait();
    }
}

/// Asserts that every one of these requests keeps a contract.
///
/// # Panics
/// With what is wrong with those that do not, and when there are none to look at.
#[track_caller]
pub fn assert_kept(name: &str, sent: &[Sent]) {
    assert!(!sent.is_empty(), "no request to hold to {name}");
    let violations = Contract::named(name).violations(sent);
    assert!(violations.is_empty(), "{name}:\n{}", violations.join("\n"));
}
