//! The command line: clap's types and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::plan::decide::OnDrift;

/// One Markdown note, published to WordPress, Medium and the intranet, once.
#[derive(Debug, Parser)]
#[command(
    name = "crosspost",
    version,
    about,
    propagate_version = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, or nothing to do · 1 something failed · 2 usage, configuration or note is wrong · 3 a person must decide · 4 changes are pending (plan --exit-code)"
)]
pub struct Cli {
    /// What stands on every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The configuration [default: crosspost.toml, looked for from the working folder upwards]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How results are written
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Only results and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Also what is unchanged or skipped, and why; each request to a site, with its time
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Never ask anything
    #[arg(long, global = true)]
    pub no_input: bool,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// Annotations for GitHub Actions, and the job's summary (check, plan, publish)
    Github,
    /// A comment for a pull request (check, plan, publish, status)
    Markdown,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring notes to their targets: create what is new, update what changed, leave the rest alone
    Publish(Publish),
    /// Show what publish would do, and change nothing
    Plan(Plan),
    /// Show how notes will look at every target, before anything is sent
    Preview(Preview),
    /// Find everything that is wrong with notes, without sending anything
    Check(Check),
    /// Show what is published where
    Status(Status),
    /// Tie a note to a post that exists already, or all notes to the posts that are theirs
    Adopt(Adopt),
    /// Say whether an uncertain publication happened
    Resolve(Resolve),
    /// Take a note's post down (into the trash, where there is one)
    Unpublish(Unpublish),
    /// Copy or check the ledger: the memory of what was published
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Write a configuration: asks on a terminal, takes flags elsewhere
    Init(Init),
    /// Begin a note: `new weeknote`, `new post "Title"`, or from a template of your own
    New(New),
    /// Open a note's post in the browser
    Open(Open),
    /// Keep a target's password or token in this machine's keyring, after trying it
    Login(Login),
    /// Take a target's password or token out of this machine's keyring
    Logout(Logout),
    /// Find out why publishing does not work: configuration, ledger, targets, clock
    Doctor(Doctor),
    /// Print the completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for each command
    Man(Man),
}

/// `new`
#[derive(Debug, Args)]
pub struct New {
    /// `weeknote`, `post`, or the name of a template: `retro` for templates/retro.md
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The title [default: of a weeknote, its week]
    #[arg(value_name = "TITLE")]
    pub title: Option<String>,
    /// The day that the note is of, as 2026-11-23; a weeknote takes the Monday of its week
    #[arg(long, value_name = "DAY")]
    pub date: Option<jiff::civil::Date>,
    /// Who writes [default: the configuration's `author`]
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// Open it in $VISUAL or $EDITOR
    #[arg(long, short)]
    pub edit: bool,
}

/// `open`
#[derive(Debug, Args)]
pub struct Open {
    /// The note
    #[arg(value_name = "NOTE")]
    pub note: PathBuf,
    /// Its post at this target [default: the first that has one]
    #[arg(long, short, value_name = "NAME")]
    pub target: Option<String>,
    /// Print the address, and open nothing
    #[arg(long, short)]
    pub print: bool,
}

/// `login`
#[derive(Debug, Args)]
pub struct Login {
    /// The target
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Read the password or token from standard input, a line for each (as where that is no terminal)
    #[arg(long)]
    pub with_token: bool,
    /// Keep it without trying it: while the site is down, say
    #[arg(long)]
    pub no_check: bool,
}

/// `logout`
#[derive(Debug, Args)]
pub struct Logout {
    /// The target
    #[arg(value_name = "TARGET")]
    pub target: String,
}

/// `doctor`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 all is good, or doubtful at worst · 1 something is bad · 2 the configuration is wrong"
)]
pub struct Doctor {
    /// Only these targets [default: all]
    #[arg(value_name = "TARGET")]
    pub targets: Vec<String>,
}

/// `man`
#[derive(Debug, Args)]
pub struct Man {
    /// Write crosspost.1, crosspost-publish.1 and so on to this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Which notes and targets.
#[derive(Debug, Clone, Args)]
pub struct Selection {
    /// Notes or folders of notes [default: the configuration's `notes`]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only this target (may be repeated)
    #[arg(long, short, value_name = "NAME")]
    pub target: Vec<String>,
    /// Only notes that changed since this git revision branched off, and notes that name a file that did
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// What to do about edits made on the site since the last publication
    #[arg(long, value_enum, default_value_t = Drift::Fail, value_name = "WHAT")]
    pub on_drift: Drift,
    /// Where the preview can be read: a link in `--format markdown`
    #[arg(long, value_name = "URL")]
    pub preview_url: Option<String>,
}

/// What to do about drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Drift {
    /// Leave the post alone, report it, exit with 3
    Fail,
    /// Send the note over it
    Overwrite,
    /// Leave the post as it is, and count it as published
    Keep,
}

impl From<Drift> for OnDrift {
    fn from(drift: Drift) -> Self {
        match drift {
            Drift::Fail => Self::Fail,
            Drift::Overwrite => Self::Overwrite,
            Drift::Keep => Self::Keep,
        }
    }
}

/// `publish`
#[derive(Debug, Args)]
pub struct Publish {
    /// Which.
    #[command(flatten)]
    pub selection: Selection,
    /// Show the plan and change nothing, anywhere
    #[arg(long, short = 'n')]
    pub dry_run: bool,
    /// Also write the page of `crosspost preview` to DIR/index.html, and the exact bodies that would be
    /// sent to DIR/payload/TARGET/NOTE.html
    #[arg(long, value_name = "DIR", requires = "dry_run")]
    pub preview: Option<PathBuf>,
    /// Take down the posts of notes that are gone from the repository
    #[arg(long, conflicts_with_all = ["paths", "since"])]
    pub prune: bool,
}

/// `plan`
#[derive(Debug, Args)]
pub struct Plan {
    /// Which.
    #[command(flatten)]
    pub selection: Selection,
    /// Exit with 4 where something would change
    #[arg(long)]
    pub exit_code: bool,
    /// Also write the page of `crosspost preview` to DIR/index.html, and the exact bodies that would be
    /// sent to DIR/payload/TARGET/NOTE.html
    #[arg(long, value_name = "DIR")]
    pub preview: Option<PathBuf>,
}

/// `preview`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the page was made · 1 a site could not be asked (--remote) · 2 a note or the configuration is wrong"
)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Preview {
    /// Notes or folders of notes [default: the configuration's `notes`]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only this target (may be repeated)
    #[arg(long, short, value_name = "NAME")]
    pub target: Vec<String>,
    /// Write the page to DIR/index.html, and the exact bodies to DIR/payload/TARGET/NOTE.html
    #[arg(long, short, value_name = "DIR", conflicts_with_all = ["serve", "port", "open", "no_open"])]
    pub out: Option<PathBuf>,
    /// Show the page in the browser and follow every change [this is what happens without --out]
    #[arg(long)]
    pub serve: bool,
    /// The port of 127.0.0.1 to serve from [default: 4750, or a free one]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Open the browser [this is what happens with --serve]
    #[arg(long, overrides_with = "no_open")]
    pub open: bool,
    /// Open no browser
    #[arg(long, overrides_with = "open")]
    pub no_open: bool,
    /// Also ask the sites, and show how each post as it is now differs
    #[arg(long)]
    pub remote: bool,
}

/// `check`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing, or warnings only · 1 a site could not be asked (--remote) · 2 errors (--strict: warnings too)"
)]
pub struct Check {
    /// Notes or folders of notes [default: the configuration's `notes`]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What only this target would lose or refuse (may be repeated) [default: all targets]
    #[arg(long, short, value_name = "NAME")]
    pub target: Vec<String>,
    /// Only notes that changed since this git revision branched off, and notes that name a file that did
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Also ask the sites whether they have the categories and authors
    #[arg(long)]
    pub remote: bool,
    /// Mend what can be mended safely: bullets that were pasted as characters
    #[arg(long)]
    pub fix: bool,
    /// Exit with 2 for warnings too
    #[arg(long)]
    pub strict: bool,
}

/// `status`
#[derive(Debug, Args)]
pub struct Status {
    /// Notes or folders of notes [default: everything in the ledger and the configuration's `notes`]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only this target (may be repeated)
    #[arg(long, short, value_name = "NAME")]
    pub target: Vec<String>,
    /// Ask the sites: what was edited, trashed or deleted there, and what the ledger does not know
    #[arg(long)]
    pub remote: bool,
}

/// `adopt`
#[derive(Debug, Args)]
pub struct Adopt {
    /// The note; with `--all` also a folder of notes, or nothing for all of them
    #[arg(value_name = "PATH", required_unless_present = "all")]
    pub path: Option<PathBuf>,
    /// The target
    #[arg(long, short, value_name = "NAME")]
    pub target: String,
    /// Look for posts with a note's slug or title, and tie each note to its one such post
    #[arg(long, conflicts_with_all = ["url", "id"])]
    pub all: bool,
    /// The post's address
    #[arg(long, value_name = "URL", conflicts_with = "id", required_unless_present_any = ["id", "all"])]
    pub url: Option<String>,
    /// The post's id
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Do not ask before writing the ledger
    #[arg(long, short)]
    pub yes: bool,
}

/// `resolve`
#[derive(Debug, Args)]
pub struct Resolve {
    /// The note
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The target
    #[arg(long, short, value_name = "NAME")]
    pub target: String,
    /// It was published, here
    #[arg(
        long,
        value_name = "URL",
        conflicts_with = "not_published",
        required_unless_present = "not_published"
    )]
    pub published: Option<String>,
    /// The post's id there, where the target cannot tell it by the address
    #[arg(long, value_name = "ID", requires = "published")]
    pub id: Option<String>,
    /// It was not published: the next publish sends it
    #[arg(long)]
    pub not_published: bool,
}

/// `unpublish`
#[derive(Debug, Args)]
pub struct Unpublish {
    /// The note; its file may be gone
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Only this target (may be repeated)
    #[arg(long, short, value_name = "NAME")]
    pub target: Vec<String>,
    /// Show what would be taken down, and change nothing
    #[arg(long, short = 'n')]
    pub dry_run: bool,
}

/// `ledger …`
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Copy all records from one ledger to another
    Copy {
        /// As `state` in the configuration: `file:FOLDER`, `git:BRANCH`, `s3://BUCKET/PREFIX`
        from: String,
        /// As `from`
        to: String,
    },
    /// Read every record and report what is wrong
    Check {
        /// As `state` in the configuration [default: the configured one]
        ledger: Option<String>,
    },
}

/// `init`
#[derive(Debug, Args)]
pub struct Init {
    /// The project's name: part of every post's marker, never change it later [default: the folder's
    /// name and four digits]
    #[arg(long, value_name = "NAME")]
    pub project: Option<String>,
    /// The WordPress site, as `https://blogs.example.gov.uk/hackit`
    #[arg(long, value_name = "URL")]
    pub wordpress: Option<String>,
    /// The WordPress user
    #[arg(long, value_name = "LOGIN", requires = "wordpress")]
    pub user: Option<String>,
    /// Also a Medium target whose canonical URL is the WordPress permalink
    #[arg(long)]
    pub medium: bool,
    /// The time zone of dates without one, as Europe/London
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// Overwrite a configuration that is there
    #[arg(long)]
    pub force: bool,
}
