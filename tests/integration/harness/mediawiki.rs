//! A real MediaWiki, shared by all tests of a run, as [`super::wordpress`] is: tests tell their own
//! pages by [`unique`](super::unique) words.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Mutex, PoisonError},
};

use reqwest::{Method, header::SET_COOKIE};
use serde_json::Value;

use super::{http, start};

/// The variable that holds the path of its `env` file.
const VARIABLE: &str = "CROSSPOST_TEST_MEDIAWIKI";

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// `Publisher`, who may edit, upload and rename, and may not delete.
    Publisher,
    /// `Admin`, who may do all that and delete.
    Admin,
}

/// A running wiki.
pub struct Wiki {
    /// Its address, without `/` at the end.
    pub url: String,
    /// `1.39.17`.
    pub version: String,
    values: BTreeMap<String, String>,
    open: Mutex<BTreeMap<Account, Login>>,
}

/// Cookies and a token.
#[derive(Clone)]
struct Login {
    cookies: String,
    token: String,
}

impl Wiki {
    /// The wiki that all tests share.
    ///
    /// # Panics
    /// With the reason, when it does not run and cannot be started.
    pub fn shared() -> Self {
        let env = match std::env::var_os(VARIABLE) {
            Some(path) => fs::read_to_string(&path)
                .unwrap_or_else(|e| panic!("{VARIABLE} names {}: {e}", path.display())),
            None => start::shared("mediawiki", "api.php?action=query&meta=tokens&type=login&format=json"),
        };
        let pairs = env.lines().filter_map(|line| line.split_once('='));
        let values: BTreeMap<_, _> = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        // Keeps it from being stopped as idle.
        fs::write(format!("{}/used", values["DIR"]), "").expect("the wiki's folder can be written to");
        Self {
            url: values["URL"].clone(),
            version: values["VERSION"].clone(),
            values,
            open: Mutex::default(),
        }
    }

    /// The name of an account's bot password.
    pub fn user(&self, account: Account) -> String {
        self.values[if account == Account::Admin { "ADMIN_USER" } else { "BOT_USER" }].clone()
    }

    /// The bot password of both accounts.
    pub fn password(&self) -> String {
        self.values["BOT_PASSWORD"].clone()
    }

    /// Asks the API as the administrator, by POST, with a token; must succeed.
    ///
    /// # Panics
    /// With the wiki's words, when it does not.
    pub fn ask(&self, fields: &[(&str, &str)]) -> Value {
        self.ask_as(Account::Admin, fields)
    }

    /// The same as anybody.
    ///
    /// # Panics
    /// With the wiki's words, when it does not succeed.
    pub fn ask_as(&self, account: Account, fields: &[(&str, &str)]) -> Value {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let login = open.entry(account).or_insert_with(|| self.log_in(account)).clone();
        let fields = [fields, &[("token", &login.token)]].concat();
        let (answer, _) = self.post(&fields, &login.cookies);
        assert!(answer.get("error").is_none(), "{answer:#}");
        answer
    }

    fn log_in(&self, account: Account) -> Login {
        let tokens = ("action", "query");
        let (answer, cookies) = self.post(&[tokens, ("meta", "tokens"), ("type", "login")], "");
        let token = answer["query"]["tokens"]["logintoken"].as_str().expect("a token").to_owned();
        let (user, password) = (self.user(account), self.password());
        let login = [("action", "login"), ("lgname", &user), ("lgpassword", &password), ("lgtoken", &token)];
        let (answer, cookies) = self.post(&login, &cookies);
        assert_eq!(answer["login"]["result"], "Success", "{answer:#}");
        let (answer, _) = self.post(&[tokens, ("meta", "tokens")], &cookies);
        let token = answer["query"]["tokens"]["csrftoken"].as_str().expect("a token").to_owned();
        Login { cookies, token }
    }

    /// The answer, and the cookies from here on.
    fn post(&self, fields: &[(&str, &str)], cookies: &str) -> (Value, String) {
        let fields = [fields, &[("format", "json"), ("formatversion", "2")]].concat();
        let request =
            http::client().request(Method::POST, &self.values["API"]).header("cookie", cookies).form(&fields);
        let answer = http::answer_of(request).expect("MediaWiki answers");
        let new = answer.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut all: BTreeMap<&str, &str> =
            cookies.split("; ").filter_map(|cookie| cookie.split_once('=')).collect();
        all.extend(new.filter_map(|cookie| cookie.split(';').next()?.split_once('=')));
        let cookies: Vec<String> = all.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (answer.expect(200), cookies.join("; "))
    }

    /// What a reader would see of wikitext that somebody saves, as HTML.
    pub fn parsed(&self, wikitext: &str) -> String {
        let answer = self.ask(&[
            ("action", "parse"),
            ("text", wikitext),
            ("title", "Parsed"),
            ("contentmodel", "wikitext"),
            ("prop", "text"),
            ("pst", "1"),
            ("disablelimitreport", "1"),
            ("disableeditsection", "1"),
            ("disabletoc", "1"),
            ("wrapoutputclass", ""),
        ]);
        answer["parse"]["text"].as_str().expect("the page's HTML").to_owned()
    }

    /// Title and wikitext of all pages in which a word stands, from the database: a search of the
    /// program's own would share its mistakes.
    pub fn pages_with(&self, word: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for namespace in ["0", "3000"] {
            let mut next: Vec<(String, String)> = Vec::new();
            loop {
                let mut query = vec![
                    ("action", "query"),
                    ("generator", "allpages"),
                    ("gapnamespace", namespace),
                    ("gapfilterredir", "nonredirects"),
                    ("gaplimit", "max"),
                    ("prop", "revisions"),
                    ("rvprop", "content"),
                    ("rvslots", "main"),
                ];
                query.extend(next.iter().map(|(name, value)| (name.as_str(), value.as_str())));
                let answer = self.ask(&query);
                for page in answer["query"]["pages"].as_array().into_iter().flatten() {
                    let text = page["revisions"][0]["slots"]["main"]["content"].as_str().unwrap_or_default();
                    let title = page["title"].as_str().unwrap_or_default();
                    if text.contains(word) || title.contains(word) {
                        found.push((title.to_owned(), text.to_owned()));
                    }
                }
                let Some(more) = answer["continue"].as_object() else { break };
                next = more
                    .iter()
                    .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
                    .collect();
            }
        }
        found
    }

    /// Puts text into a page, as the administrator.
    pub fn write(&self, title: &str, text: &str) {
        self.write_as(Account::Admin, title, text);
    }

    /// Puts text into a page.
    ///
    /// # Panics
    /// With the wiki's words, when it does not take it.
    pub fn write_as(&self, account: Account, title: &str, text: &str) {
        let answer = self.ask_as(account, &[("action", "edit"), ("title", title), ("text", text)]);
        assert_eq!(answer["edit"]["result"], "Success", "{answer:#}");
    }

    /// The wikitext of a page; `None` where there is none.
    pub fn text(&self, title: &str) -> Option<String> {
        let query = [
            ("action", "query"),
            ("titles", title),
            ("prop", "revisions"),
            ("rvprop", "content"),
            ("rvslots", "main"),
        ];
        let answer = self.ask(&query);
        let text = answer.pointer("/query/pages/0/revisions/0/slots/main/content")?;
        text.as_str().map(str::to_owned)
    }
}
