//! References of the public text whose definitions were cut: `[^1]` and `[text][ref]` would show
//! as they are typed.

use std::collections::BTreeSet;

use super::Cleared;
use crate::error::Warning;

impl Cleared {
    /// A warning for each line that refers to a footnote or a link which only an internal passage
    /// defines.
    #[must_use]
    pub fn dangling_references(&self) -> Vec<Warning> {
        let mut lost: BTreeSet<String> = self.removed.iter().filter_map(|line| definition(line)).collect();
        if lost.is_empty() {
            return Vec::new();
        }
        for line in self.text.lines() {
            definition(line).map(|label| lost.remove(&label));
        }
        let lines = self.text.lines().zip(1usize..);
        lines.flat_map(|(line, number)| self.dangling_in(line, number, &lost)).collect()
    }

    fn dangling_in(&self, line: &str, number: usize, lost: &BTreeSet<String>) -> Vec<Warning> {
        let line = line.to_lowercase();
        let refers = |label: &&String| {
            let reference = format!("[{label}]");
            line.match_indices(&reference).any(|(at, _)| !line[at + reference.len()..].starts_with('('))
        };
        let warn = |label: &String| {
            let message =
                format!("`[{label}]` is only defined in an internal passage and will show as it is typed");
            Warning::new("reference-to-internal", self.source_line(number), message)
        };
        lost.iter().filter(refers).map(warn).collect()
    }
}

/// The label that a line defines, in lower case: `^1` of `[^1]: text`, `ref` of `[Ref]: https://…`.
fn definition(line: &str) -> Option<String> {
    let (label, _) = line.trim_start().strip_prefix('[')?.split_once("]:")?;
    (!label.is_empty() && !label.contains(['[', ']'])).then(|| label.to_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::note::{Audience, Note, Source, audience::clear};

    fn warnings(text: &str) -> Vec<String> {
        let note = Note::parse(Source { path: "n.md".into(), text: text.into() }, &[]).unwrap();
        let found = clear(&note, Audience::Public).unwrap().dangling_references();
        found.into_iter().map(|w| format!("{} {}", w.line, w.message)).collect()
    }

    #[test]
    fn a_reference_to_what_was_cut_is_told_with_its_line() {
        let text = "One[^1] and [this][Ref].\n\n:::internal\n[^1]: x\n[ref]: https://x\n:::\nSee [ref].\n";
        assert_eq!(
            warnings(text),
            [
                "1 `[^1]` is only defined in an internal passage and will show as it is typed",
                "1 `[ref]` is only defined in an internal passage and will show as it is typed",
                "7 `[ref]` is only defined in an internal passage and will show as it is typed",
            ]
        );
    }

    #[test]
    fn what_is_defined_elsewhere_too_or_not_referred_to_is_no_matter() {
        assert_eq!(warnings("One[^1].\n\n[^1]: y\n\n:::internal\n[^1]: x\n[^2]: z\n:::\n"), [""; 0]);
    }
}
