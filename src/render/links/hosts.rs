//! Which hosts are internal, however an address spells them.

use std::{
    borrow::Cow,
    net::{Ipv4Addr, Ipv6Addr},
};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::note::leak::without_tags;

/// The internal hosts, as globs: `intranet.example.gov.uk`, `*.corp.example`, `10.*`. A `*` also
/// stands for several labels; `*.corp.example` does not mean `corp.example` itself.
#[derive(Debug, Clone, Default)]
pub struct InternalHosts {
    patterns: Vec<String>,
    names: GlobSet,
    /// Patterns of IPv4 addresses: `10.*` means no file `10.html` and no number `10.5`.
    addresses: GlobSet,
    /// Whether there are IPv6 addresses among the names.
    ipv6: bool,
}

/// The host that relative addresses get, to tell them from others: RFC 2606 keeps it free.
const NOWHERE: &str = "crosspost.invalid";

/// A name is no longer than this (RFC 1035, 2.3.4), in bytes.
const LONGEST_NAME: usize = 253;

impl InternalHosts {
    /// Compiles the globs.
    ///
    /// # Errors
    /// The first pattern that is no glob of hosts, and why: a sentence.
    pub fn new(patterns: &[String]) -> Result<Self, String> {
        let (mut names, mut addresses) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        let mut ipv6 = false;
        for pattern in patterns {
            let normal = normal_pattern(pattern)?;
            ipv6 |= normal.contains(':');
            let glob = GlobBuilder::new(&normal).build();
            let glob =
                glob.map_err(|error| format!("`{pattern}` is not a pattern of hosts: {}", error.kind()))?;
            let set = if is_address_pattern(&normal) { &mut addresses } else { &mut names };
            set.add(glob);
        }
        let build = |set: GlobSetBuilder| {
            set.build().map_err(|error| format!("the patterns of hosts are too many: {error}"))
        };
        Ok(Self { patterns: patterns.to_vec(), names: build(names)?, addresses: build(addresses)?, ipv6 })
    }

    /// The globs as they were given.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether there are any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.addresses.is_empty()
    }

    /// Whether an address leads to an internal host, or hands one on (`?url=https://intranet…`).
    /// It is read as browsers read it: letter case, a final dot, port, user, `//host`, backslashes,
    /// tabs and line ends, percent-encoding, Punycode and odd IPv4 numbers make no difference.
    #[must_use]
    pub fn is_internal(&self, href: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let base = Url::parse("https://crosspost.invalid/").ok();
        let url = Url::options().base_url(base.as_ref()).parse(href);
        let host = url.as_ref().ok().and_then(Url::host_str).filter(|host| *host != NOWHERE);
        host.is_some_and(|host| self.matches(host)) || self.mentions(href).is_some()
    }

    /// The first internal host that stands anywhere in a text: in an attribute, in code, in prose;
    /// also percent-encoded, behind character references, or with markup in its middle. A host
    /// without a dot (`intranet`) only counts where an address begins (`//intranet`, `@intranet`),
    /// since it may be a word as well.
    #[must_use]
    pub fn mentions(&self, text: &str) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        self.mention_in(text).or_else(|| {
            let shown = if text.contains('<') { without_tags(text) } else { String::new() };
            [decoded(text), decoded(&shown)]
                .into_iter()
                .filter(|form| form != text)
                .find_map(|form| self.mention_in(&form))
        })
    }

    fn mention_in(&self, text: &str) -> Option<String> {
        self.name_in(text).or_else(|| self.ipv6.then(|| self.ipv6_in(text)).flatten())
    }

    fn name_in(&self, text: &str) -> Option<String> {
        let mut from = 0;
        while let Some(start) = text[from..].find(is_host_char).map(|at| from + at) {
            let end = text[start..].find(|c| !is_host_char(c)).map_or(text.len(), |at| start + at);
            let (before, word) = (&text[..start], &text[start..end]);
            let opens = ["//", "\\", "@"].iter().any(|sign| before.ends_with(sign));
            let named = (opens || word.contains(is_dot)) && self.word_matches(word);
            if named || (opens && self.is_number_of(word)) {
                return Some(word.to_owned());
            }
            from = end;
        }
        None
    }

    fn ipv6_in(&self, text: &str) -> Option<String> {
        let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != ':');
        let mut addresses = words.filter(|word| word.contains(':') && word.len() > 2);
        let parsed = |word: &str| word.strip_suffix(':').unwrap_or(word).parse::<Ipv6Addr>();
        let is_it = |word: &&str| {
            [parsed(word), word.parse()].into_iter().flatten().any(|a| self.matches(&a.to_string()))
        };
        addresses.find(is_it).map(str::to_owned)
    }

    /// Whether this is an IPv4 address as one number, or in octal or hexadecimal digits (URL
    /// Standard, 3.5).
    fn is_number_of(&self, word: &str) -> bool {
        let begins = word.starts_with(|c: char| c.is_ascii_digit());
        let host = begins.then(|| Host::parse(word.trim_end_matches('.')).ok()).flatten();
        matches!(host, Some(Host::Ipv4(address)) if self.matches(&address.to_string()))
    }

    fn word_matches(&self, word: &str) -> bool {
        let word: Cow<'_, str> =
            if word.contains(is_ignored) { word.replace(is_ignored, "").into() } else { word.into() };
        let word = word.trim_matches(|c: char| is_dot(c) || matches!(c, '-' | '_'));
        (1..=LONGEST_NAME * 4).contains(&word.len()) && self.matches(word)
    }

    fn matches(&self, host: &str) -> bool {
        let host = normal_host(host);
        self.names.is_match(&host) || (host.parse::<Ipv4Addr>().is_ok() && self.addresses.is_match(&host))
    }
}

/// A host in one spelling: ASCII (Punycode), lower case, no final dot, no brackets.
fn normal_host(host: &str) -> String {
    let decoded = percent_decode_str(host).decode_utf8_lossy();
    let bare = decoded.trim_start_matches('[').trim_end_matches(']');
    let parsed = if bare.is_ascii() { None } else { Host::parse(bare).ok() };
    let text = parsed.map_or_else(|| bare.to_owned(), |host| host.to_string());
    text.trim_end_matches('.').to_ascii_lowercase()
}

/// A pattern in the spelling of [`normal_host`].
fn normal_pattern(pattern: &str) -> Result<String, String> {
    let bare = pattern.trim().trim_end_matches('.');
    let ipv6 = bare.contains("::") || (bare.starts_with('[') && bare.ends_with(']') && bare.contains(':'));
    let bare = if ipv6 { bare.trim_start_matches('[').trim_end_matches(']') } else { bare };
    if bare.is_empty() || bare.contains(['/', '\\', '@', ' ']) || (bare.contains(':') && !ipv6) {
        return Err(format!("`{pattern}` is not a host: leave out scheme, user, port and path"));
    }
    if let Ok(address) = bare.parse::<Ipv6Addr>() {
        return Ok(address.to_string());
    }
    let labels: Result<Vec<String>, String> =
        bare.split('.').map(|label| normal_label(pattern, label)).collect();
    Ok(labels?.join("."))
}

fn is_address_pattern(pattern: &str) -> bool {
    let part = |c: char| {
        c.is_ascii_digit() || matches!(c, '.' | '*' | '?' | '[' | ']' | '-' | '{' | '}' | ',' | '!')
    };
    pattern.chars().all(part) && pattern.contains(|c: char| c.is_ascii_digit())
}

fn normal_label(pattern: &str, label: &str) -> Result<String, String> {
    if label.is_ascii() {
        return Ok(label.to_ascii_lowercase());
    }
    match Host::parse(label) {
        Ok(host) if !label.contains(['*', '?', '[', '{']) => Ok(host.to_string()),
        _ => Err(format!(
            "`{pattern}` mixes wildcards with letters beyond ASCII: write that part in Punycode (`xn--…`)"
        )),
    }
}

fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

/// Characters of which a host consists, those included that IDNA drops or folds.
fn is_host_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_') || is_dot(c) || is_ignored(c)
}

/// Dropped by IDNA's mapping (UTS 46), or at least not seen in a text.
fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A text without character references, percent-encoding (also several times, as in an address
/// within another) and what browsers drop from addresses.
fn decoded(text: &str) -> String {
    let mut text = unescaped(text);
    for _ in 0..4 {
        if !text.contains('%') {
            break;
        }
        text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    text.retain(|c| !matches!(c, '\t' | '\n' | '\r'));
    text
}

/// Numeric character references, and the named ones that can stand in a host or before it.
fn unescaped(text: &str) -> String {
    const NAMED: [(&str, &str); 8] = [
        ("&amp;", "&"),
        ("&period;", "."),
        ("&sol;", "/"),
        ("&commat;", "@"),
        ("&bsol;", "\\"),
        ("&shy;", ""),
        ("&zwj;", ""),
        ("&zwnj;", ""),
    ];
    let mut text = text.to_owned();
    for (name, meaning) in NAMED {
        if text.contains(name) {
            text = text.replace(name, meaning);
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("&#") {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
        let (number, tail) = after.split_at(end);
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        let c = code.ok().and_then(char::from_u32);
        out.push_str(&c.map_or_else(|| "&#".to_owned(), String::from));
        rest = if c.is_some() { tail.strip_prefix(';').unwrap_or(tail) } else { after };
    }
    out + rest
}
