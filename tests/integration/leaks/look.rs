//! A look at texts through every veil that a word can wear: markup, percent-encoding, character
//! references, invisible characters, letter case. Written on its own, not with the program's means.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::table::Trick;

/// Parts of the internal hosts' names, in every spelling, lower case.
const HOSTS: [&str; 12] = [
    "zqintranet",
    "zqcorp",
    "zqwiki",
    "zqbüro",
    "zqbu\u{308}ro",
    "zqbro-mva",
    "10.77.0.1",
    "172818433",
    "0a4d0001",
    "012.0115",
    "fd00:77",
    "fd00:0077",
];

/// Named texts, each in all its forms.
#[derive(Default)]
pub struct Look {
    texts: Vec<(String, Vec<String>)>,
}

impl Look {
    pub fn add(&mut self, name: &str, text: &str) {
        self.texts.push((name.to_owned(), forms(text)));
    }

    /// Where a trick's secret stands.
    pub fn leaks_of(&self, trick: &Trick) -> Vec<String> {
        self.find(&trick.secret)
    }

    /// Where internal hosts stand.
    pub fn hosts(&self) -> Vec<String> {
        HOSTS.iter().flat_map(|host| self.find(host)).collect()
    }

    fn find(&self, word: &str) -> Vec<String> {
        let found = |(name, forms): &(String, Vec<String>)| {
            let form = forms.iter().find(|form| form.contains(word))?;
            let line = form.lines().find(|line| line.contains(word)).unwrap_or_default();
            let at = line.find(word).unwrap_or_default();
            let near: String =
                line.chars().skip(line[..at].chars().count().saturating_sub(80)).take(200).collect();
            Some(format!("`{word}` stands in {name}: {near}"))
        };
        self.texts.iter().filter_map(found).collect()
    }
}

/// What a reader sees of some HTML, in lower case, its blanks as single spaces.
pub fn shown(html: &str) -> String {
    // Code that stands as it is in XML is no tag.
    let html = html.replace("<![CDATA[", "").replace("]]>", "");
    let text = without_references(&without_tags(&html)).to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a label stands twice in one text.
pub fn is_doubled(html: &str, label: &str) -> bool {
    without_references(html).to_lowercase().contains(&format!("{label} {label}"))
}

fn forms(text: &str) -> Vec<String> {
    let plain = text.to_lowercase();
    let read = decoded(&plain);
    let bare = decoded(&without_tags(&plain));
    let unseen: String = read.chars().filter(|c| !is_unseen(*c)).collect();
    vec![plain, read, bare, unseen]
}

fn decoded(text: &str) -> String {
    let mut text = without_references(&without_references(text));
    for _ in 0..4 {
        text = percent_encoding_free(&text);
    }
    text.to_lowercase()
}

fn percent_encoding_free(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%');
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn without_references(text: &str) -> String {
    static REFERENCE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("&(#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]+);").expect("a pattern"));
    let meaning = |found: &Captures<'_>| {
        let name = &found[1];
        let code = name.strip_prefix('#').map(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).unwrap_or(0),
            None => number.parse().unwrap_or(0),
        });
        match (code.and_then(char::from_u32), name) {
            (Some(c), _) => c.to_string(),
            (None, "amp") => "&".to_owned(),
            (None, "lt") => "<".to_owned(),
            (None, "gt") => ">".to_owned(),
            (None, "quot") => "\"".to_owned(),
            (None, "period") => ".".to_owned(),
            (None, "shy") => String::new(),
            (None, _) => " ".to_owned(),
        }
    };
    REFERENCE.replace_all(text, meaning).into_owned()
}

fn without_tags(text: &str) -> String {
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?s)<[^>]*>").expect("a pattern"));
    TAG.replace_all(text, "").into_owned()
}

fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\\')
}
