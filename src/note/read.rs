//! A file's bytes → [`Source`]. What cannot be read is told with its place and with the command
//! that mends it.

use super::Source;
use crate::error::{Error, Place, Result};

/// The largest note that is read, in bytes: far beyond any text that a person wrote.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

impl Source {
    /// Decodes a file: UTF-8, with or without a byte order mark. Every line end that Markdown knows
    /// (LF, CRLF, CR: `CommonMark` 2.1) becomes `\n`, so that whoever reads lines after this reads
    /// the same ones. `path` is what messages show.
    ///
    /// # Errors
    /// A file that is not UTF-8, is empty, holds NUL, or is larger than [`MAX_BYTES`].
    pub fn decode(path: &str, bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_BYTES {
            return Err(bad(path, format!("the file is larger than {} MB", MAX_BYTES >> 20))
                .help("split the note, and keep pictures in files of their own"));
        }
        if let Some(encoding) = utf16(bytes) {
            return Err(not_utf8(Place::file(path), path, encoding));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes)
            .map_err(|error| not_utf8(place_of(path, bytes, error.valid_up_to()), path, "WINDOWS-1252"))?;
        if let Some(at) = bytes.iter().position(|b| *b == 0) {
            return Err(bad(path, "the file holds a NUL character".to_owned())
                .at(place_of(path, bytes, at))
                .help("it is no text, or a damaged one: write it again"));
        }
        if text.trim().is_empty() {
            return Err(bad(path, "the file is empty".to_owned()).help("write something in it, or remove it"));
        }
        Ok(Self { path: path.into(), text: fold_line_ends(text).into() })
    }
}

fn bad(path: &str, message: String) -> Error {
    Error::invalid(message).code("unreadable-note").at(Place::file(path))
}

fn not_utf8(place: Place, path: &str, encoding: &str) -> Error {
    Error::invalid("the file is not UTF-8")
        .code("not-utf8")
        .at(place)
        .detail("cause", format!("it looks like {encoding}"))
        .help(format!("save it as UTF-8, or run `iconv -f {encoding} -t UTF-8 '{path}' > new.md`"))
}

/// UTF-16 has a byte order mark, or a NUL in every other byte of its first line.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    let nul = |from: usize| bytes.len() > 3 && bytes.iter().take(64).skip(from).step_by(2).all(|b| *b == 0);
    match bytes {
        [0xff, 0xfe, ..] => Some("UTF-16LE"),
        [0xfe, 0xff, ..] => Some("UTF-16BE"),
        _ if bytes.iter().take(64).all(|b| *b == 0) => None,
        _ if nul(1) => Some("UTF-16LE"),
        _ if nul(0) => Some("UTF-16BE"),
        _ => None,
    }
}

fn place_of(path: &str, bytes: &[u8], at: usize) -> Place {
    let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
    let text = fold_line_ends(&before);
    Source { path: path.into(), text: text.as_str().into() }.place(text.len())
}

fn fold_line_ends(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        Source::decode("n.md", bytes).unwrap().text.to_string()
    }

    fn refused(bytes: &[u8]) -> String {
        Source::decode("n.md", bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_byte_order_mark_goes_and_every_line_end_is_folded() {
        assert_eq!(decoded(b"\xef\xbb\xbfa\r\nb\rc\n"), "a\nb\nc\n");
    }

    #[test]
    fn latin_1_is_named_with_its_place_and_the_command_that_converts_it() {
        insta::assert_snapshot!(refused(b"one\r\ncaf\xe9\n"), @r"
        error: the file is not UTF-8
          --> n.md:2:4
          cause: it looks like WINDOWS-1252
          help: save it as UTF-8, or run `iconv -f WINDOWS-1252 -t UTF-8 'n.md' > new.md`
        ");
    }

    #[test]
    fn utf_16_is_named_with_and_without_its_mark() {
        assert!(refused(b"\xff\xfea\0b\0").contains("UTF-16LE"));
        assert!(refused(b"a\0b\0c\0d\0").contains("UTF-16LE"));
        assert!(refused(b"\0a\0b\0c\0d").contains("UTF-16BE"));
    }

    #[test]
    fn nothing_white_space_nul_and_giants_are_refused() {
        assert!(refused(b"").contains("the file is empty"));
        assert!(refused(b"\xef\xbb\xbf \r\n\t").contains("the file is empty"));
        assert!(refused(b"a\nb\0").contains("n.md:2:2"));
        assert!(refused(&vec![b'a'; MAX_BYTES + 1]).contains("larger than 32 MB"));
        assert_eq!(decoded(&vec![b'a'; 10_000_000]).len(), 10_000_000);
    }
}
