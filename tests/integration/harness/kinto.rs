//! A real Kinto, shared by all tests of a run, as [`super::wordpress`] is: tests tell their own
//! records by [`unique`](super::unique) words.

use std::{collections::BTreeMap, fs};

use reqwest::Method;
use serde_json::Value;

use super::{http, start};

/// The variable that holds the path of its `env` file.
const VARIABLE: &str = "CROSSPOST_TEST_KINTO";
/// Where the recipe keeps its posts.
const NEWS: &str = "buckets/intranet/collections/news/records";

/// A running Kinto.
pub struct Kinto {
    /// Its address, ending in `/v1`.
    pub url: String,
    values: BTreeMap<String, String>,
}

impl Kinto {
    /// The server that all tests share.
    ///
    /// # Panics
    /// With the reason, when it does not run and cannot be started.
    pub fn shared() -> Self {
        let env = match std::env::var_os(VARIABLE) {
            Some(path) => fs::read_to_string(&path)
                .unwrap_or_else(|e| panic!("{VARIABLE} names {}: {e}", path.display())),
            None => start::shared("kinto", ""),
        };
        let pairs = env.lines().filter_map(|line| line.split_once('='));
        let values: BTreeMap<_, _> = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        // Keeps it from being stopped as idle.
        fs::write(format!("{}/used", values["DIR"]), "").expect("the server's folder can be written to");
        Self { url: values["URL"].clone(), values }
    }

    /// The password of both accounts.
    pub fn password(&self) -> String {
        self.values["PASSWORD"].clone()
    }

    /// All records of the collection `news`, as the colleague sees them.
    pub fn news(&self) -> Vec<Value> {
        let list = self.ask(Method::GET, NEWS, None);
        list["data"].as_array().cloned().unwrap_or_default()
    }

    /// The records in which a word stands.
    pub fn news_with(&self, word: &str) -> Vec<Value> {
        self.news().into_iter().filter(|record| record.to_string().contains(word)).collect()
    }

    /// Changes fields of a record, as the colleague.
    pub fn edit(&self, id: &str, fields: &Value) {
        self.ask(Method::PATCH, &format!("{NEWS}/{id}"), Some(&serde_json::json!({ "data": fields })));
    }

    /// Asks as the colleague; must succeed.
    ///
    /// # Panics
    /// With the server's words, when it does not.
    pub fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let login = (self.values["EDITOR"].as_str(), self.values["PASSWORD"].as_str());
        let answer = http::send(method, &format!("{}/{path}", self.url), Some(login), body);
        answer.expect("Kinto answers").expect(200)
    }
}
