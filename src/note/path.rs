//! Paths that a note's text names, as paths from the root that all notes share.

use percent_encoding::percent_decode_str;

/// Joins a note's folder with a `src` or `href` that stands in the note: `notes/2026/a.md` and
/// `../img/b%20c.png#x` make `notes/img/b c.png`. A reference that begins with `/` starts from the
/// root. Query and fragment are dropped; `\` counts as `/`, also where it is percent-encoded.
///
/// # Errors
/// Half a sentence for a person, where the reference leads out of the root, names nothing, or is
/// no path.
pub fn resolve_relative(note_path: &str, reference: &str) -> Result<String, &'static str> {
    let path = reference.split(['#', '?']).next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8().map_err(|_| "is not UTF-8")?.replace('\\', "/");
    if path.contains(char::is_control) {
        return Err("holds a control character");
    }
    let folder = note_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let start = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or("leads out of the folder of the configuration")?;
            }
            name => parts.push(name),
        }
    }
    if path.is_empty() || parts.is_empty() { Err("names no file") } else { Ok(parts.join("/")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_starts_from_the_notes_folder() {
        for (reference, path) in [
            ("img/a.png", "notes/2026/img/a.png"),
            ("./img//a.png", "notes/2026/img/a.png"),
            ("../img/a%20b.png#x", "notes/img/a b.png"),
            ("../../a.png?v=1", "a.png"),
            ("/img/a.png", "img/a.png"),
            ("..\\img\\a.png", "notes/img/a.png"),
            ("caf%C3%A9.png", "notes/2026/café.png"),
        ] {
            assert_eq!(resolve_relative("notes/2026/w.md", reference).as_deref(), Ok(path), "{reference}");
        }
        assert_eq!(resolve_relative("w.md", "a.png").as_deref(), Ok("a.png"));
    }

    #[test]
    fn no_spelling_leads_out_of_the_root() {
        for reference in [
            "../../../a",
            "/../a",
            "%2e%2e/%2E%2E/../a",
            "..%2f..%2f..%2fa",
            "..\\..\\..\\a",
            "..%5c..%5c..%5ca",
        ] {
            assert!(resolve_relative("notes/2026/w.md", reference).is_err(), "{reference}");
        }
        for reference in ["", "#a", "../..", "%ff", "a%00b", "a\nb"] {
            assert!(resolve_relative("notes/2026/w.md", reference).is_err(), "{reference}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_result_is_always_a_plain_path(reference in "(\\.|\\.\\.|/|\\\\|%2e|%2f|%5c|[a-z]|\\PC){0,12}") {
            if let Ok(path) = resolve_relative("a/b/c.md", &reference) {
                proptest::prop_assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{}", path);
            }
        }
    }
}
