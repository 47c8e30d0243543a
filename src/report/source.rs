//! Where the lines of a note can be opened: on the forge that a runner works for, or in an editor.

use std::fmt::Write as _;

/// Makes addresses of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// What stands before the path, percent-encoded; none where lines cannot be opened.
    before: Option<String>,
    /// What stands between the path and the line.
    between: &'static str,
}

impl Sources {
    /// Lines at a forge: `tree` is the address of the files of one commit
    /// (`https://github.com/o/r/blob/COMMIT`), `folder` the project's within it.
    #[must_use]
    pub fn at_forge(tree: &str, folder: &str) -> Self {
        let folder = folder.trim_matches('/');
        let inside = if folder.is_empty() { String::new() } else { format!("{}/", encoded(folder)) };
        Self { before: Some(format!("{}/{inside}", tree.trim_end_matches('/'))), between: "#L" }
    }

    /// Lines in an editor that has an address scheme (`vscode`); `root` is the project's folder.
    #[must_use]
    pub fn in_editor(scheme: &str, root: &str) -> Self {
        let root = encoded(root.trim_end_matches('/').trim_start_matches('/'));
        Self { before: Some(format!("{scheme}://file/{root}/")), between: ":" }
    }

    /// The address of a line; of the file where the line is 0.
    #[must_use]
    pub fn line(&self, path: &str, line: u32) -> Option<String> {
        let file = format!("{}{}", self.before.as_ref()?, encoded(path));
        Some(if line > 0 { format!("{file}{}{line}", self.between) } else { file })
    }
}

/// A path in an address (RFC 3986, unreserved and `/`).
fn encoded(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_an_address_at_the_forge_and_in_the_editor() {
        let forge = Sources::at_forge("https://github.com/o/r/blob/abc", "site");
        assert_eq!(
            forge.line("notes/a b)#.md", 3).unwrap(),
            "https://github.com/o/r/blob/abc/site/notes/a%20b%29%23.md#L3"
        );
        let editor = Sources::in_editor("vscode", "/home/jo/my notes");
        assert_eq!(editor.line("a.md", 3).unwrap(), "vscode://file/home/jo/my%20notes/a.md:3");
        assert_eq!(editor.line("a.md", 0).unwrap(), "vscode://file/home/jo/my%20notes/a.md");
        assert_eq!(Sources::default().line("a.md", 1), None);
    }
}
