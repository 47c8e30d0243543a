//! Where text goes: results to standard output, all else to standard error. A reader that has gone
//! away (`crosspost status | head`) is no error.

use std::io::{IsTerminal, Write};

use crate::{
    cli::{Color, Format, Global},
    error::Error,
    report::{self, Style, json},
};

/// The two streams and how text is made for them.
pub struct Output {
    /// The form of results.
    pub format: Format,
    /// How results look.
    pub style: Style,
    errors: Style,
    quiet: bool,
    /// Whether questions may be asked.
    pub interactive: bool,
}

impl Output {
    /// From the options of every command and the terminal.
    pub fn new(global: &Global) -> Self {
        let colored = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let unset = |name| std::env::var_os(name).is_none_or(|v| v.is_empty());
                terminal && unset("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
            }
        };
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let style = |color| Style { color, verbose: global.verbose };
        Self {
            format: global.format,
            style: style(colored(out)),
            errors: style(colored(err)),
            quiet: global.quiet,
            interactive: !global.no_input && std::io::stdin().is_terminal() && err,
        }
    }

    /// Whether a progress bar is welcome.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && self.format == Format::Human && std::io::stderr().is_terminal()
    }

    /// A result.
    #[allow(clippy::unused_self, reason = "what is written belongs to the output, as errors do")]
    pub fn result(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// A remark that is no result.
    pub fn remark(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// An error of a step or a note.
    pub fn error(&self, error: &Error) {
        let _ = writeln!(std::io::stderr().lock(), "{}", report::error(error, self.errors));
    }

    /// The error that ends the program.
    pub fn fatal(&self, command: &str, error: &Error) {
        if self.format == Format::Json {
            self.result(&json::error(command, std::slice::from_ref(error)));
        }
        self.error(error);
    }
}
