//! The templates, and the one way in which values come into them: escaped, unless the template
//! itself says `safe`.

use std::sync::LazyLock;

use jiff::{Timestamp, tz::TimeZone};
use minijinja::{Environment, escape_formatter, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

use crate::error::{Error, Result};

static ENVIRONMENT: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The default escapes `/` too, which makes every address unreadable and nothing safer.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => out.write_str(&escaped(text)).map_err(Into::into),
        _ => escape_formatter(out, state, value),
    });
    environment.add_template("page.html", include_str!("page.html"))?;
    environment.add_template("index.html", include_str!("index.html"))?;
    Ok(environment)
});

/// Fills a template in.
///
/// # Errors
/// None in practice: the templates are part of the program, and its tests fill them in.
pub fn fill(template: &str, values: &impl Serialize) -> Result<String> {
    let broken = |e: &minijinja::Error| Error::failed("a page could not be put together").cause(e);
    let environment = ENVIRONMENT.as_ref().map_err(broken)?;
    environment.get_template(template).and_then(|t| t.render(Serde(values))).map_err(|e| broken(&e))
}

/// Text for HTML and its quoted attributes. Characters that no HTML document may hold are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && !c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// A date for machines and for people.
#[derive(Debug, Serialize)]
pub struct Day {
    machine: String,
    words: String,
}

impl Day {
    /// A date on a calendar, in words of the language where it is English, and else in figures that
    /// every language can read (ISO 8601).
    #[must_use]
    pub fn new(at: Timestamp, timezone: &TimeZone, language: &str) -> Self {
        let here = at.to_zoned(timezone.clone());
        let english = language.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case("en"));
        let words = if english { "%-d %B %Y" } else { "%Y-%m-%d" };
        Self {
            machine: here.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            words: here.strftime(words).to_string(),
        }
    }
}
