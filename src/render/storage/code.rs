//! Code and formulas.

use super::{escape, writer::Writer};

/// The languages of Data Center's code macro ("Code Block Macro" in its documentation), each with
/// other names under which notes know it. What is not here it shows as an error.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("actionscript3", &["actionscript", "as3"]),
    ("applescript", &[]),
    ("bash", &["sh", "shell", "zsh", "console"]),
    ("c#", &["csharp", "cs"]),
    ("coldfusion", &[]),
    ("cpp", &["c", "c++", "h", "hpp"]),
    ("css", &[]),
    ("delphi", &["pascal"]),
    ("diff", &["patch"]),
    ("erlang", &[]),
    ("groovy", &[]),
    ("html/xml", &["html", "xml", "xhtml", "svg"]),
    ("java", &[]),
    ("javafx", &[]),
    ("js", &["javascript", "json", "ts", "typescript"]),
    ("perl", &["pl"]),
    ("php", &[]),
    ("powershell", &["ps1"]),
    ("py", &["python"]),
    ("ruby", &["rb"]),
    ("sass", &["scss"]),
    ("scala", &[]),
    ("sql", &[]),
    ("text", &["plain", "txt", "none"]),
    ("vb", &["vbnet"]),
    ("yml", &["yaml"]),
];

impl Writer<'_> {
    pub(super) fn code_block(&mut self, language: Option<&str>, text: &str) {
        let known = language.and_then(|name| self.language(name));
        if let (Some(name), None) = (language, &known) {
            self.warn("code-language-lost", format!("Confluence does not highlight `{name}`"));
        }
        let parameter = known.map(|name| {
            format!("<ac:parameter ac:name=\"language\">{}</ac:parameter>", escape::escaped(&name))
        });
        self.push(&format!(
            "<ac:structured-macro ac:name=\"code\">{}<ac:plain-text-body>{}</ac:plain-text-body></ac:structured-macro>",
            parameter.unwrap_or_default(),
            escape::cdata(text)
        ));
    }

    /// The name under which the code macro knows a language.
    fn language(&self, name: &str) -> Option<String> {
        let name = name.to_lowercase();
        let known = LANGUAGES.iter().find(|(own, others)| *own == name || others.contains(&name.as_str()));
        match known {
            // Cloud has a list of its own, with all of these names, and shows others as plain text.
            _ if self.is_cloud() => Some(name),
            known => known.map(|(own, _)| (*own).to_owned()),
        }
    }

    pub(super) fn code_span(&mut self, code: &str) {
        self.within("<code>", "</code>", |writer| writer.text(&code.replace('\n', " ")));
    }

    pub(super) fn math_block(&mut self, tex: &str) {
        self.warn("math-as-code", "formulas are shown as TeX");
        self.code_block(None, tex);
    }

    pub(super) fn math_span(&mut self, tex: &str) {
        self.warn("math-as-code", "formulas are shown as TeX");
        self.code_span(tex);
    }
}
