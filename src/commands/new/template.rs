//! What a new note is made from: a template's text, and the words in it.

use std::collections::BTreeMap;

use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use crate::error::{Error, Place, Result, nearest};

/// What a template can name, each with what it is.
pub const VARIABLES: &[(&str, &str)] = &[
    ("title", "the title"),
    ("date", "the day that the note is of, as 2026-11-23"),
    ("monday", "the Monday of that day's week"),
    ("author", "who writes"),
];

/// A template that was looked over.
pub struct Template {
    /// What people call it: `templates/retro.md`.
    shown: String,
    /// Its front matter, fences and all.
    head: String,
    body: String,
}

/// The words to fill in; what is not known is not in it.
pub type Words = BTreeMap<&'static str, String>;

impl Template {
    /// Looks a template over.
    ///
    /// # Errors
    /// What is not understood in it; a name that there is not.
    pub fn new(shown: &str, text: &str) -> Result<Self> {
        let text = text.replace("\r\n", "\n");
        let (head, body) = text.split_at(end_of_front_matter(&text));
        let template = Self { shown: shown.to_owned(), head: head.to_owned(), body: body.to_owned() };
        for name in template.names()? {
            if !VARIABLES.iter().any(|(known, _)| *known == name) {
                return Err(template.unknown(&name));
            }
        }
        Ok(template)
    }

    /// The names in it.
    ///
    /// # Errors
    /// What is not understood in it.
    pub fn names(&self) -> Result<Vec<String>> {
        let environment = Environment::new();
        let text = format!("{}{}", self.head, self.body);
        let compiled = environment.template_from_str(&text).map_err(|e| self.wrong(&e))?;
        Ok(compiled.undeclared_variables(false).into_iter().collect())
    }

    /// The note. In the front matter a word that would not be read as plain text stands in quotes.
    ///
    /// # Errors
    /// A word that is not known and that the template does not do without.
    pub fn fill(&self, words: &Words) -> Result<String> {
        let head = self.render(&self.head, words, quoted)?;
        Ok(head + &self.render(&self.body, words, str::to_owned)?)
    }

    fn render(&self, text: &str, words: &Words, write: fn(&str) -> String) -> Result<String> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_formatter(move |out, _, value| {
            let text = value.as_str().map_or_else(|| value.to_string(), write);
            out.write_str(&text).map_err(Into::into)
        });
        // A template's last line end is not shown.
        let text = if text.ends_with('\n') { format!("{text}\n") } else { text.to_owned() };
        environment.render_str(&text, words).map_err(|e| self.wrong(&e))
    }

    fn wrong(&self, error: &minijinja::Error) -> Error {
        if error.kind() == ErrorKind::UndefinedError {
            return Error::invalid("the template asks for a word that is not known")
                .at(Place::file(&self.shown))
                .help("an author comes from `--author`, from `author` in crosspost.toml, or from git's `user.name`")
                .help("or write `{% if author %}…{% endif %}` around it");
        }
        let said = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        let line = error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
        Error::invalid("the template is not understood").at(Place::new(&*self.shown, line, 0)).cause(said)
    }

    fn unknown(&self, name: &str) -> Error {
        let known: Vec<&str> = VARIABLES.iter().map(|(known, _)| *known).collect();
        let error = Error::invalid(format!("the template names `{name}`, which there is not"))
            .at(Place::file(&self.shown));
        match nearest(name, known.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("there are: {}", known.join(", "))),
        }
    }
}

/// Behind the line that closes the front matter; 0 where there is none.
fn end_of_front_matter(text: &str) -> usize {
    let Some(fence) = ["---\n", "+++\n"].into_iter().find(|fence| text.starts_with(fence)) else { return 0 };
    let closing = format!("\n{fence}");
    text.get(fence.len() - 1..).and_then(|rest| rest.find(&closing)).map_or(0, |at| at + 2 * fence.len())
}

/// A word as YAML reads it: plain where that is plain text, else in double quotes, which YAML reads
/// as JSON does.
fn quoted(text: &str) -> String {
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '-' | '/' | '.' | ',' | '(' | ')' | '\'' | '’' | '–' | '+' | ';')
    };
    let is_word = text.starts_with(char::is_alphabetic) && !text.ends_with(' ') && text.chars().all(plain);
    let is_date = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let other = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    if is_date || (is_word && !other.contains(&text.to_lowercase().as_str())) {
        return text.to_owned();
    }
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str, title: &str) -> String {
        let words = Words::from([("title", title.to_owned()), ("date", "2026-11-23".to_owned())]);
        Template::new("templates/t.md", template).unwrap().fill(&words).unwrap()
    }

    fn refused(template: &str) -> String {
        let words = Words::from([("title", "t".to_owned())]);
        let made = Template::new("templates/t.md", template).and_then(|template| template.fill(&words));
        made.unwrap_err().to_string()
    }

    #[test]
    fn words_are_quoted_in_the_front_matter_where_they_must_be_and_nowhere_else() {
        let template = "---\ntitle: {{ title }}\ndate: {{ date }}\n---\n# {{ title }}\n";
        assert_eq!(fill(template, "Bin day"), "---\ntitle: Bin day\ndate: 2026-11-23\n---\n# Bin day\n");
        assert_eq!(
            fill(template, "Bins: \"why\" #1"),
            "---\ntitle: \"Bins: \\\"why\\\" #1\"\ndate: 2026-11-23\n---\n# Bins: \"why\" #1\n"
        );
        assert_eq!(quoted("no"), "\"no\"");
        assert_eq!(quoted("2026"), "\"2026\"");
    }

    #[test]
    fn a_template_without_front_matter_is_all_text() {
        assert_eq!(fill("# {{ title }}\n\n---\n", "A: b"), "# A: b\n\n---\n");
    }

    #[test]
    fn what_is_wrong_with_a_template_is_told_with_its_place() {
        assert!(refused("---\ntitle: {{ titel }}\n---\n").contains("did you mean `title`?"));
        assert!(refused("a\n{% if %}\n").contains("--> templates/t.md:2"));
        assert!(refused("{{ author }}").contains("`--author`"));
    }
}
