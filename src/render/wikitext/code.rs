//! Code and formulas.

use super::{escape, writer::Writer};

impl Writer<'_> {
    /// Highlighted where the wiki can and the author says in which language.
    pub(super) fn code_block(&mut self, language: Option<&str>, text: &str) {
        let language = language.filter(|language| is_name(language));
        let fits = !text.to_ascii_lowercase().contains("</syntaxhighlight");
        match language {
            Some(language) if self.abilities.highlighting && fits => {
                self.push(&format!("<syntaxhighlight lang=\"{language}\">\n{text}\n</syntaxhighlight>"));
            }
            _ => self.push(&format!("<pre>\n{}\n</pre>", escape::code(text))),
        }
    }

    pub(super) fn code_span(&mut self, code: &str) {
        let code = escape::code(&code.replace(['\n', '\t'], " "));
        let simple = |c: char| c.is_alphanumeric() || " .,-+/()\\@$\"".contains(c);
        if code.chars().all(simple) {
            self.push(&format!("<code>{code}</code>"));
        } else {
            self.push(&format!("<code><nowiki>{code}</nowiki></code>"));
        }
    }

    pub(super) fn math_block(&mut self, tex: &str) {
        if self.has_math(tex) {
            self.push(&format!("<math display=\"block\">{}</math>", on_one_line(tex)));
        } else {
            self.code_block(None, tex);
        }
    }

    pub(super) fn math_span(&mut self, tex: &str, display: bool) {
        if self.has_math(tex) {
            let attribute = if display { " display=\"block\"" } else { "" };
            self.push(&format!("<math{attribute}>{}</math>", on_one_line(tex)));
        } else {
            self.code_span(tex);
        }
    }

    fn has_math(&self, tex: &str) -> bool {
        self.abilities.math && !tex.to_ascii_lowercase().contains("</math")
    }
}

fn on_one_line(tex: &str) -> String {
    tex.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a language that can stand in an attribute.
fn is_name(language: &str) -> bool {
    language.chars().all(|c| c.is_ascii_alphanumeric() || "+-#._".contains(c))
}
