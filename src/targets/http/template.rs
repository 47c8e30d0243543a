//! The texts of a description: templates whose names are all known beforehand, and whose values are
//! never glued into JSON or into a path as they are.
//!
//! A text that is one expression and nothing else (`{{ tags }}`) may yield a list, a number, a truth
//! value or nothing; any other yields text. In a path every value is percent-encoded.

use std::{collections::BTreeSet, sync::LazyLock};

use minijinja::{
    Environment, ErrorKind, UndefinedBehavior, Value,
    value::{Serde, ValueKind},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;

use super::names::Values;
use crate::error::{Error, Result, nearest};

/// What RFC 3986, 2.3, leaves as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

static TEXT: LazyLock<Environment<'static>> = LazyLock::new(|| environment(|text| Ok(text.to_owned())));
static PATH: LazyLock<Environment<'static>> = LazyLock::new(|| {
    environment(|text| match text {
        // `/posts/{{ id }}` would mean all posts.
        "" => Err(no_text("it is empty, which would make it another path")),
        _ => Ok(utf8_percent_encode(text, ENCODED).to_string()),
    })
});

/// How a value is written into a text.
type Write = fn(&str) -> Result<String, minijinja::Error>;

/// An environment that writes values into text in one way.
fn environment(write: Write) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("slug", |text: &str| slug::slugify(text));
    environment.set_formatter(move |out, _, value| {
        let text = match value.kind() {
            ValueKind::String | ValueKind::Number | ValueKind::Bool => value.to_string(),
            ValueKind::None | ValueKind::Undefined => return Err(no_text("it has no value")),
            _ => return Err(no_text("a list or a table cannot stand within a text: use `| join(', ')`")),
        };
        out.write_str(&write(&text)?).map_err(Into::into)
    });
    environment
}

fn no_text(why: &'static str) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, why)
}

/// A text of the configuration that was looked over: it can be read, and names nothing unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    source: String,
    names: BTreeSet<String>,
}

/// What is wrong with a text, and on which of its lines, from 1.
#[derive(Debug)]
pub struct Wrong {
    /// The error, without a place.
    pub error: Error,
    /// The line within the text.
    pub line: u32,
}

impl Text {
    /// Looks a text over. `known` are the names that it may use, and `sample` such values: what is no
    /// filter shows when it is tried.
    ///
    /// # Errors
    /// What is not understood in it; a name that there is not.
    pub fn new(source: &str, known: &[&str], sample: &Values) -> Result<Self, Wrong> {
        let compiled = TEXT.template_from_str(source).map_err(|e| wrong(&e))?;
        let names: BTreeSet<String> = compiled.undeclared_variables(false).into_iter().collect();
        if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(Wrong { error: unknown(name, known), line: line_of(source, name) });
        }
        let text = Self { source: source.to_owned(), names };
        match text.evaluate(sample) {
            Err(e) if is_a_slip(&e) => Err(wrong(&e)),
            _ => Ok(text),
        }
    }

    /// The text as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it names a value.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The value.
    ///
    /// # Errors
    /// What a value does not have, or cannot do.
    pub fn value(&self, values: &Values) -> Result<Json> {
        let value = self.evaluate(values).map_err(|e| self.failed(&e))?;
        serde_json::to_value(&value).map_err(|e| self.failed(&no_text("it is no JSON").with_source(e)))
    }

    /// The text; `None` where its one expression has no value.
    ///
    /// # Errors
    /// As for [`Text::value`]; a list or a table.
    pub fn text(&self, values: &Values) -> Result<Option<String>> {
        let value = self.evaluate(values).map_err(|e| self.failed(&e))?;
        match value.kind() {
            ValueKind::None => Ok(None),
            ValueKind::String | ValueKind::Number | ValueKind::Bool => Ok(Some(value.to_string())),
            _ => Err(self.failed(&no_text("it is no text, number or truth value"))),
        }
    }

    /// The text with every value in it percent-encoded.
    ///
    /// # Errors
    /// As for [`Text::value`].
    pub fn path(&self, values: &Values) -> Result<String> {
        PATH.render_str(&self.source, values.all()).map_err(|e| self.failed(&e))
    }

    fn evaluate(&self, values: &Values) -> Result<Value, minijinja::Error> {
        let value = match expression(&self.source) {
            Some(expression) => TEXT.compile_expression(expression)?.eval(values.all())?,
            None => Value::from(TEXT.render_str(&self.source, values.all())?),
        };
        match value.kind() {
            ValueKind::Undefined => Err(minijinja::Error::from(ErrorKind::UndefinedError)),
            _ => Ok(value),
        }
    }

    fn failed(&self, error: &minijinja::Error) -> Error {
        Error::invalid(format!("`{}` cannot be filled in", self.source.trim()))
            .code("template-value")
            .cause(said(error))
    }
}

/// A value of JSON for templates.
#[must_use]
pub fn value(json: &Json) -> Value {
    Value::from(Serde(json))
}

/// The expression that a text consists of.
fn expression(source: &str) -> Option<&str> {
    let inner = source.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let inner = inner.strip_suffix('-').unwrap_or(inner);
    (!inner.contains("}}") && !inner.contains("{{")).then_some(inner)
}

/// Whether it fails whatever the values are.
fn is_a_slip(error: &minijinja::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::SyntaxError
            | ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::TemplateNotFound
            | ErrorKind::BadInclude
            | ErrorKind::TooManyArguments
            | ErrorKind::MissingArgument
    )
}

fn said(error: &minijinja::Error) -> String {
    match (error.detail(), error.kind()) {
        (Some(detail), _) => detail.to_owned(),
        (None, ErrorKind::UndefinedError) => "there is no such value".to_owned(),
        (None, kind) => kind.to_string(),
    }
}

fn wrong(error: &minijinja::Error) -> Wrong {
    Wrong {
        error: Error::invalid("the template is not understood").cause(said(error)),
        line: error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1),
    }
}

fn unknown(name: &str, known: &[&str]) -> Error {
    let error = Error::invalid(format!("the template names `{name}`, which there is not here"));
    match nearest(name, known.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => error.help("no value is known here"),
        None => error.help(format!("there are: {}", known.join(", "))),
    }
}

/// The first line with a word in it.
fn line_of(source: &str, word: &str) -> u32 {
    let before = source.find(word).and_then(|at| source.get(..at)).unwrap_or_default();
    u32::try_from(before.matches('\n').count()).unwrap_or(0).saturating_add(1)
}
