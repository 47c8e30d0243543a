//! Mends a file: its bytes with some lines begun otherwise, and nothing else touched. Line ends and
//! the byte order mark stay as they are.

use std::collections::BTreeMap;

use super::Edit;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes with the edits made; `None` where the file is not the one that they were made for.
#[must_use]
pub fn mend(bytes: &[u8], edits: &[&Edit]) -> Option<Vec<u8>> {
    let edits: BTreeMap<u32, &Edit> = edits.iter().map(|edit| (edit.line, *edit)).collect();
    let (mark, mut rest) = match bytes.strip_prefix(MARK) {
        Some(rest) => (MARK, rest),
        None => (&[][..], bytes),
    };
    let mut out = mark.to_vec();
    let mut made = 0;
    for number in 1.. {
        let (line, after) = rest.split_at(line_length(rest));
        match edits.get(&number) {
            Some(edit) => {
                out.extend(edit.after.as_bytes());
                out.extend(line.strip_prefix(edit.before.as_bytes())?);
                made += 1;
            }
            None => out.extend(line),
        }
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    (made == edits.len()).then_some(out)
}

/// The length of the first line with its end: LF, CRLF or CR, as a note's decoding has it.
fn line_length(bytes: &[u8]) -> usize {
    match bytes.iter().position(|b| matches!(b, b'\n' | b'\r')) {
        None => bytes.len(),
        Some(at) if bytes[at..].starts_with(b"\r\n") => at + 2,
        Some(at) => at + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(line: u32, before: &str) -> Edit {
        Edit { line, before: before.to_owned(), after: "- ".to_owned() }
    }

    #[test]
    fn line_ends_and_the_byte_order_mark_stay() {
        let file = "\u{feff}• a\r\ntext\r•\tb\n• c";
        let edits = [edit(1, "• "), edit(3, "•\t"), edit(4, "• ")];
        let mended = mend(file.as_bytes(), &edits.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(String::from_utf8(mended).unwrap(), "\u{feff}- a\r\ntext\r- b\n- c");
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        assert_eq!(mend(b"text\n", &[&edit(1, "\u{2022} ")]), None);
        assert_eq!(mend("• a\n".as_bytes(), &[&edit(7, "• ")]), None);
    }

    proptest::proptest! {
        #[test]
        fn without_edits_nothing_changes(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            proptest::prop_assert_eq!(mend(&bytes, &[]), Some(bytes.clone()));
        }
    }
}
