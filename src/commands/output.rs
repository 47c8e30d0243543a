//! Where text goes: results to standard output, all else to standard error. A reader that has gone
//! away (`crosspost status | head`) is no error.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
};

use crate::{
    cli::{Color, Format, Global},
    error::Error,
    report::{self, Style, github, json, markdown, source::Sources},
    targets::client,
};

use super::{project, sources};

/// The two streams and how text is made for them.
pub struct Output {
    /// The form of results.
    pub format: Format,
    /// How results look.
    pub style: Style,
    errors: Style,
    quiet: bool,
    /// The project's folder within the repository that a CI runner has checked out: annotations are
    /// about files of the repository.
    pub folder: String,
    /// Where the lines of notes can be opened, for comments.
    pub sources: Sources,
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
            folder: if global.format == Format::Github { folder(global) } else { String::new() },
            sources: match global.format {
                Format::Github | Format::Markdown => sources::of_forge(&project_folder(global)),
                Format::Human | Format::Json => Sources::default(),
            },
            interactive: !global.no_input && std::io::stdin().is_terminal() && err,
        }
    }

    /// Whether a progress bar is welcome.
    pub fn shows_progress(&self) -> bool {
        // Lines about requests and a bar would write over each other.
        !self.quiet && !self.errors.verbose && self.format == Format::Human && std::io::stderr().is_terminal()
    }

    /// Shows each request from here on, where that was asked for.
    pub fn watch_requests(&self) {
        let style = self.errors;
        if style.verbose {
            client::watch(move |exchange| {
                let _ = writeln!(std::io::stderr().lock(), "{}", report::request::line(exchange, style));
            });
        }
    }

    /// A result.
    #[allow(clippy::unused_self, reason = "what is written belongs to the output, as errors do")]
    pub fn result(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// Adds Markdown to the summary of the GitHub job that this is, if it is one.
    pub fn summary(&self, markdown: &str) {
        let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) else {
            return;
        };
        let written = std::fs::OpenOptions::new().create(true).append(true).open(file);
        let written = written.and_then(|mut file| file.write_all(format!("{markdown}\n").as_bytes()));
        if let Err(error) = written {
            self.remark(&format!("the job's summary cannot be written: {error}"));
        }
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
        match self.format {
            Format::Json => self.result(&json::error(command, std::slice::from_ref(error))),
            Format::Github => {
                self.summary(&markdown::error(error, &self.sources));
                return self.result(&github::error(error, &self.folder));
            }
            Format::Markdown => self.result(&markdown::error(error, &self.sources)),
            Format::Human => {}
        }
        self.error(error);
    }
}

/// The configuration's folder from the repository's, or from the working folder where no runner says
/// what it has checked out.
fn folder(global: &Global) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let project = project_folder(global);
    let repository = std::env::var_os("GITHUB_WORKSPACE").map_or_else(|| here.clone(), PathBuf::from);
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let inside = real(&project).strip_prefix(real(&repository)).map(Path::to_path_buf);
    inside.map(|folder| folder.to_string_lossy().replace('\\', "/")).unwrap_or_default()
}

fn project_folder(global: &Global) -> PathBuf {
    let file = project::file(global);
    let folder = file.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    folder.unwrap_or_else(|| std::env::current_dir().unwrap_or_default())
}
