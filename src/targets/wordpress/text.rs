//! Small conversions of text between the note's words and WordPress's.

/// Resolves the entities that WordPress stores or shows in names and titles: the five of XML and
/// numeric ones. Others stay as they are.
#[must_use]
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (character, length) = entity(from).unwrap_or(('&', 1));
        out.push(character);
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character that the entity at the start of `text` stands for, and the entity's length.
fn entity(text: &str) -> Option<(char, usize)> {
    let (name, _) = text.get(1..)?.split_once(';')?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)?
        }
    };
    Some((character, name.len() + 2))
}

/// The text without anything in angle brackets, as WordPress's own messages carry links.
#[must_use]
pub fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => out.push(character),
            _ => {}
        }
    }
    out
}

/// A term's name as WordPress stores it, for searching (WordPress fact 22).
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// By which two terms' names are the same: entities resolved, white space folded, case ignored,
/// accents not (WordPress fact 22).
#[must_use]
pub fn term_key(name: &str) -> String {
    unescape(name).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The slug that WordPress would make of a title, or nearly (`sanitize_title`): accents are
/// removed, punctuation is dropped, spaces, dots and slashes become hyphens, and other scripts than
/// Latin are percent-encoded.
#[must_use]
pub fn slug_guess(title: &str) -> String {
    let mut out = String::new();
    for character in unescape(title).to_lowercase().chars() {
        match character {
            'a'..='z' | '0'..='9' | '_' => out.push(character),
            '-' | '.' | '/' | '\u{2013}' | '\u{2014}' => hyphen(&mut out),
            c if c.is_whitespace() => hyphen(&mut out),
            c if c.is_alphanumeric() && is_latin(c) => out.push_str(&slug::slugify(c.to_string())),
            c if c.is_alphanumeric() => {
                let mut bytes = [0; 4];
                let bytes = c.encode_utf8(&mut bytes).as_bytes();
                let encoded = percent_encoding::percent_encode(bytes, percent_encoding::NON_ALPHANUMERIC);
                out.push_str(&encoded.to_string().to_lowercase());
            }
            _ => {}
        }
    }
    out.trim_matches('-').chars().take(200).collect()
}

/// Whether WordPress knows a letter without accents for it (`remove_accents`).
fn is_latin(character: char) -> bool {
    character < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&character)
}

fn hyphen(out: &mut String) {
    if !out.ends_with('-') {
        out.push('-');
    }
}

/// A file name that travels in a header and that every server takes: ASCII, one dot, the ending
/// that the media type calls for.
#[must_use]
pub fn file_name(name: &str, media_type: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem: String = slug::slugify(stem).chars().take(80).collect();
    let stem = stem.trim_matches('-');
    let stem = if stem.is_empty() { "picture" } else { stem };
    let ending = match media_type {
        "image/jpeg" => "jpg",
        "image/svg+xml" => "svg",
        "image/x-icon" | "image/vnd.microsoft.icon" => "ico",
        other => other.rsplit('/').next().unwrap_or("bin"),
    };
    format!("{stem}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_of_names_are_resolved_and_others_are_left() {
        assert_eq!(unescape("R&amp;D &#8217;&#x27; &lt;b&gt; &eacute; & ;&"), "R&D ’' <b> &eacute; & ;&");
    }

    #[test]
    fn an_entity_is_resolved_once() {
        assert_eq!(unescape("&amp;lt;"), "&lt;");
    }

    #[test]
    fn numbers_that_are_no_characters_are_left() {
        assert_eq!(unescape("&#xD800;&#99999999999;&#;"), "&#xD800;&#99999999999;&#;");
    }

    #[test]
    fn terms_are_the_same_in_any_case_but_not_without_their_accents() {
        assert_eq!(term_key("R&amp;D  Notes"), term_key("r&d notes"));
        assert_ne!(term_key("Ébène"), term_key("ebene"));
    }

    #[test]
    fn a_title_gives_the_slug_that_wordpress_makes_of_it() {
        for (title, slug) in [
            ("Week 12: what we did", "week-12-what-we-did"),
            ("It's R&D, isn't it?", "its-rd-isnt-it"),
            ("Été à Œuvre", "ete-a-oeuvre"),
            ("Release 3.2 — notes", "release-3-2-notes"),
            ("a/b", "a-b"),
            ("日本 2", "%e6%97%a5%e6%9c%ac-2"),
            ("!!!", ""),
        ] {
            assert_eq!(slug_guess(title), slug, "{title}");
        }
    }

    #[test]
    fn a_file_name_is_ascii_and_ends_as_its_type_does() {
        assert_eq!(file_name("équipe photo.PNG", "image/png"), "equipe-photo.png");
        assert_eq!(file_name("a\"b\r\n.php.jpeg", "image/jpeg"), "a-b-php.jpg");
        assert_eq!(file_name("日本.webp", "image/webp"), "ri-ben.webp");
        assert_eq!(file_name("…", "image/gif"), "picture.gif");
    }

    proptest::proptest! {
        #[test]
        fn what_is_escaped_reads_the_same_again(text in ".*") {
            proptest::prop_assert_eq!(unescape(&escape(&text)), unescape(&text.replace('&', "&amp;")));
        }

        #[test]
        fn a_file_name_can_always_stand_in_a_header(name in ".*") {
            let name = file_name(&name, "image/png");
            proptest::prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.'));
        }
    }
}
