//! The templates of headers and footers: Markdown, filled in with a note's values.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};

use crate::{
    error::{Error, Result, nearest},
    note::directive,
};

/// What a template can name, each with what it is.
pub const VARIABLES: &[(&str, &str)] = &[
    ("title", "the note's title at this target"),
    ("canonical", "the address of the original"),
    ("canonical_host", "the host in that address"),
    ("date", "the note's date, as 2026-11-13, on the configuration's calendar"),
    ("author", "the note's author"),
];

/// The variables that a template can name, by name; what a note does not have is not in it.
pub(super) type Values = BTreeMap<&'static str, Value>;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    // What a note does not have may be asked for (`{% if author %}`), and not shown.
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_formatter(|out, _, value| {
        let text = value.to_string();
        let text = if value.is_safe() { Cow::Borrowed(&*text) } else { escaped(&text) };
        out.write_str(&text).map_err(Into::into)
    });
    environment
});

/// A template that was looked over: it can be read, and names nothing that there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    source: String,
    names: BTreeSet<String>,
}

/// What is wrong with a template, and on which of its lines, from 1.
#[derive(Debug)]
pub struct Wrong {
    /// The error, without a place.
    pub error: Error,
    /// The line within the template.
    pub line: u32,
}

impl Template {
    /// Looks a template over.
    ///
    /// # Errors
    /// What is not understood in it; a name that there is not; internal passages, which only notes
    /// have.
    pub fn new(source: &str) -> Result<Self, Wrong> {
        for (line, number) in source.split('\n').zip(1..) {
            if directive::is_suspect(line) {
                let error = Error::invalid("a template has no internal passages")
                    .help("it belongs to one target: write what that target's audience may read");
                return Err(Wrong { error, line: number });
            }
        }
        let compiled = ENVIRONMENT.template_from_str(source).map_err(|e| wrong(&e))?;
        let names: BTreeSet<String> = compiled.undeclared_variables(false).into_iter().collect();
        let known = |name: &String| VARIABLES.iter().any(|(known, _)| known == name);
        if let Some(name) = names.iter().find(|name| !known(name)) {
            return Err(Wrong { error: unknown(name), line: line_of(source, name) });
        }
        Ok(Self { source: source.to_owned(), names })
    }

    /// As the configuration gives it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it names a variable.
    pub(super) fn names(&self, variable: &str) -> bool {
        self.names.contains(variable)
    }

    /// The Markdown, filled in.
    ///
    /// # Errors
    /// A value that this note does not have.
    pub(super) fn fill(&self, values: &Values) -> Result<String> {
        ENVIRONMENT.render_str(&self.source, Value::from(values.clone())).map_err(|e| match e.kind() {
            ErrorKind::UndefinedError => self.lacking(values),
            _ => wrong(&e).error,
        })
    }

    fn lacking(&self, values: &Values) -> Error {
        let lacks = self
            .names
            .iter()
            .find(|name| !values.contains_key(name.as_str()))
            .map_or("value", String::as_str);
        Error::invalid(format!("the note has no {}", lacks.replace('_', " "))).code("template-value").help(
            format!(
                "set it in the front matter, or write `{{% if {lacks} %}}…{{% endif %}}` in the template"
            ),
        )
    }
}

fn wrong(error: &minijinja::Error) -> Wrong {
    let said = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    Wrong {
        error: Error::invalid("the template is not understood").cause(said),
        line: error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1),
    }
}

fn unknown(name: &str) -> Error {
    let error = Error::invalid(format!("the template names `{name}`, which there is not"));
    let known: Vec<&str> = VARIABLES.iter().map(|(known, _)| *known).collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("there are: {}", known.join(", "))),
    }
}

/// The first line with a word in it.
fn line_of(source: &str, word: &str) -> u32 {
    let before = source.find(word).and_then(|at| source.get(..at)).unwrap_or_default();
    u32::try_from(before.matches('\n').count()).unwrap_or(0).saturating_add(1)
}

/// Text that Markdown shows as it is: every ASCII sign behind a backslash (CommonMark 2.4), on one
/// line.
fn escaped(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.is_alphanumeric() || c == ' ') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    Cow::Owned(out)
}
