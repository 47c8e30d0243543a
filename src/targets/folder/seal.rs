//! A seal: a comment at the end of a file that holds a digest of everything before it. By it a
//! later run knows a file that crosspost wrote and nobody has touched since, without a list of its
//! own that could be lost. What has no seal, or a broken one, is somebody's, and is left alone.

use crate::render::Digest;

/// How a kind of file writes a comment.
#[derive(Debug, Clone, Copy)]
pub enum Comment {
    /// `<!-- … -->`, for HTML and XML.
    Markup,
    /// `/* … */`, for CSS.
    Css,
}

impl Comment {
    fn around(self, text: &str) -> String {
        match self {
            Self::Markup => format!("<!-- {text} -->\n"),
            Self::Css => format!("/* {text} */\n"),
        }
    }
}

/// The text with its seal.
#[must_use]
pub fn sealed(text: String, comment: Comment) -> String {
    let mut text = text;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let seal = seal_of(&text, comment);
    text.push_str(&seal);
    text
}

/// Whether a file is as crosspost wrote it. Line ends do not matter: git changes them on some
/// systems.
#[must_use]
pub fn is_intact(text: &str) -> bool {
    let text = text.replace("\r\n", "\n");
    [Comment::Markup, Comment::Css].into_iter().any(|comment| {
        let cut = text.len().checked_sub(seal_of("", comment).len());
        let Some((body, seal)) = cut.and_then(|cut| text.split_at_checked(cut)) else { return false };
        seal == seal_of(body, comment)
    })
}

fn seal_of(text: &str, comment: Comment) -> String {
    comment.around(&format!("crosspost wrote this: {}", Digest::of(text.as_bytes()).short()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_is_intact_until_a_letter_of_it_changes() {
        for comment in [Comment::Markup, Comment::Css] {
            let text = sealed("a list".to_owned(), comment);
            assert!(is_intact(&text), "{text}");
            assert!(!is_intact(&text.replace("list", "lost")));
            assert!(!is_intact(&format!("{text} ")));
        }
    }

    #[test]
    fn line_ends_that_git_changed_do_not_break_a_seal() {
        assert!(is_intact(&sealed("a\nb".to_owned(), Comment::Markup).replace('\n', "\r\n")));
    }

    #[test]
    fn what_never_had_a_seal_is_not_ours() {
        for text in ["", "x", "é", "<!-- crosspost wrote this: 0000000000000000 -->\n", "<p>a page</p>"] {
            assert!(!is_intact(text), "{text}");
        }
    }
}
