//! Titles of pages: what a wiki takes, and how it writes what it takes (MediaWiki's
//! `MediaWikiTitleCodec`). Pure.

/// A title's greatest length in bytes, without its namespace.
const LONGEST: usize = 255;

/// Names that begin a namespace on every wiki, in small letters.
const NAMESPACES: &[&str] = &[
    "category",
    "category talk",
    "file",
    "file talk",
    "help",
    "help talk",
    "image",
    "image talk",
    "media",
    "mediawiki",
    "mediawiki talk",
    "project",
    "project talk",
    "special",
    "talk",
    "template",
    "template talk",
    "user",
    "user talk",
];

/// The title that a page would have for a note's title, behind `before` (`News:Weeknotes/`).
/// `prefixes` are the wiki's own namespaces and links to other wikis, in small letters.
///
/// What MediaWiki forbids is written with the full-width form of the same character.
#[must_use]
pub fn page_title(title: &str, before: &str, prefixes: &[&str], first_letter: bool) -> String {
    let mut title = replaced(&spaced(title));
    if let Some(rest) = title.strip_prefix(':') {
        title = format!("：{rest}");
    }
    if before.is_empty() {
        title = without_prefix(&title, prefixes);
    }
    if first_letter && (before.is_empty() || before.ends_with(':')) {
        title = with_first_letter(&title);
    }
    let own = before.split_once(':').map_or(before, |(_, prefix)| prefix);
    shortened(&title, LONGEST.saturating_sub(own.len()))
}

/// Blanks as MediaWiki writes them: one at a time, none at the ends; an underscore is one too, and
/// marks of direction are none.
#[must_use]
pub fn spaced(text: &str) -> String {
    let shown = text.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'));
    let blanks: String = shown.map(|c| if c == '_' || c.is_control() { ' ' } else { c }).collect();
    blanks.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without what no title may hold.
#[must_use]
pub fn replaced(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    let mut rest = title.chars();
    while let Some(c) = rest.next() {
        let is_forbidden = match c {
            '#' | '<' | '>' | '[' | ']' | '{' | '}' | '|' | '\u{fffd}' => true,
            '%' => rest.as_str().get(..2).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())),
            '&' => is_entity(rest.as_str()),
            '~' => out.ends_with("~~"),
            '.' => is_step(&out, rest.as_str()),
            _ => false,
        };
        out.push(if is_forbidden { full_width(c) } else { c });
    }
    out
}

fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or('?'),
        _ => '?',
    }
}

fn is_entity(rest: &str) -> bool {
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '#').next().unwrap_or_default();
    !name.is_empty() && rest.get(name.len()..).is_some_and(|after| after.starts_with(';'))
}

/// Whether a dot would be a step of a path, as in `a/../b`.
fn is_step(before: &str, after: &str) -> bool {
    let begins = before.is_empty() || before.ends_with('/');
    begins
        && ["", ".", "/", "./"]
            .iter()
            .any(|step| after == *step || (step.ends_with('/') && after.starts_with(step)))
}

/// Keeps `Help: how to` from being a page of the namespace `Help`.
fn without_prefix(title: &str, prefixes: &[&str]) -> String {
    match title.split_once(':') {
        Some((first, rest)) if is_prefix(&first.trim().to_lowercase(), prefixes) => {
            format!("{first}：{rest}")
        }
        _ => title.to_owned(),
    }
}

fn is_prefix(word: &str, prefixes: &[&str]) -> bool {
    NAMESPACES.contains(&word) || prefixes.contains(&word)
}

/// With a capital first letter, as most wikis write all titles.
#[must_use]
pub fn with_first_letter(title: &str) -> String {
    let mut letters = title.chars();
    let Some(first) = letters.next() else { return String::new() };
    let mut upper = first.to_uppercase();
    // Where a capital has several letters (ß), MediaWiki leaves the small one.
    match (upper.next(), upper.next()) {
        (Some(capital), None) => format!("{capital}{}", letters.as_str()),
        _ => title.to_owned(),
    }
}

fn shortened(title: &str, longest: usize) -> String {
    if title.len() <= longest {
        return title.to_owned();
    }
    let mut end = longest.saturating_sub('…'.len_utf8());
    while !title.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", title[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> String {
        page_title(text, "", &["news", "wikipedia"], true)
    }

    #[test]
    fn an_ordinary_title_stays() {
        for text in ["Week 12: results & more", "50% of C++ isn't ~easy~", "Über “uns”...", "A/B test"] {
            assert_eq!(title(text), text);
        }
    }

    #[test]
    fn what_a_wiki_forbids_is_written_wide() {
        assert_eq!(title("PR #12 [draft] {x|y} <b>"), "PR ＃12 ［draft］ ｛x｜y｝ ＜b＞");
        assert_eq!(title("100%41 &amp; ~~~~ a/../b"), "100％41 ＆amp; ~~～~ a/．./b");
        assert_eq!(title(": x"), "： x");
    }

    #[test]
    fn blanks_and_the_first_letter_are_as_the_wiki_has_them() {
        assert_eq!(title("  hello_ \u{a0}world\u{200e}\n"), "Hello world");
        assert_eq!(title("ßa"), "ßa");
        assert_eq!(page_title("hello", "", &[], false), "hello");
        assert_eq!(page_title("hello", "News:", &[], true), "Hello");
        assert_eq!(page_title("hello", "News:Weeknotes/", &[], true), "hello");
    }

    #[test]
    fn a_title_stays_in_its_namespace() {
        assert_eq!(title("Help: how to"), "Help： how to");
        assert_eq!(title("news:x"), "News：x");
        assert_eq!(page_title("Help: x", "Weeknotes/", &[], true), "Help: x");
    }

    #[test]
    fn a_long_title_is_cut_between_characters() {
        let long = title(&"é".repeat(300));
        assert!(long.len() <= LONGEST && long.ends_with("é…"), "{}", long.len());
    }
}
