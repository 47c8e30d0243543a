//! HTML templates, and the one way in which values come into them: escaped, unless the template
//! itself says `safe`.

use minijinja::{Environment, escape_formatter, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

use crate::error::{Error, Result};

/// Templates by name.
pub type Templates = Result<Environment<'static>, minijinja::Error>;

/// Makes templates of these names and texts.
///
/// # Errors
/// A text that is no template.
pub fn templates(all: &[(&'static str, &'static str)]) -> Templates {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The default escapes `/` too, which makes every address unreadable and nothing safer.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => out.write_str(&escaped(text)).map_err(Into::into),
        _ => escape_formatter(out, state, value),
    });
    for (name, text) in all {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

/// Fills a template in.
///
/// # Errors
/// None in practice: the templates are part of the program, and its tests fill them in.
pub fn fill(templates: &Templates, name: &str, values: &impl Serialize) -> Result<String> {
    let broken = |e: &minijinja::Error| Error::failed("a page could not be put together").cause(e);
    let environment = templates.as_ref().map_err(broken)?;
    environment.get_template(name).and_then(|t| t.render(Serde(values))).map_err(|e| broken(&e))
}

/// Text for HTML and its quoted attributes. Characters that no HTML document may hold are left out.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let special =
        |c: char| matches!(c, '&' | '<' | '>' | '"') || (c.is_control() && !c.is_ascii_whitespace());
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        let (before, from) = rest.split_at(at);
        let c = from.chars().next().unwrap_or_default();
        let instead = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            _ => "",
        };
        out.extend([before, instead]);
        rest = &from[c.len_utf8()..];
    }
    out + rest
}
