//! The text of a note's file, and positions in it.

use std::sync::Arc;

use crate::error::Place;

/// The text of a file, decoded, with the path that errors show.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path relative to the configuration's folder, with `/` on every system.
    pub path: Arc<str>,
    /// UTF-8 without byte order mark; line ends are `\n` (CRLF is folded when the file is read).
    pub text: Arc<str>,
}

impl Source {
    /// The place of a byte offset.
    #[must_use]
    pub fn place(&self, offset: usize) -> Place {
        let before = &self.text[..floor_char_boundary(&self.text, offset)];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        Place::new(&*self.path, clamp(line), clamp(column))
    }

    /// The place of a whole line.
    #[must_use]
    pub fn line(&self, line: u32) -> Place {
        Place::new(&*self.path, line, 1)
    }
}

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
