//! `new`: begins a note from a template.

mod template;

use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use jiff::{Timestamp, ToSpan as _, civil::Date};

use super::{notes, output::Output, project::Project};
use crate::{
    cli::{self, Format, Global},
    config::Config,
    error::{Error, Place, Result, nearest},
    note::{Note, Source},
    report::json,
    state::git::repository,
};

use template::{Template, Words};

/// The note whose title is its week.
const WEEKNOTE: &str = "weeknote";
/// The templates that there are without any of one's own.
const BUILT_IN: [(&str, &str); 2] =
    [(WEEKNOTE, include_str!("new/weeknote.md")), ("post", include_str!("new/post.md"))];
/// Where templates of one's own are, from the configuration's folder.
const FOLDER: &str = "templates";

/// `crosspost new`
pub fn new(global: &Global, args: &cli::New, output: &Output) -> Result<u8> {
    let project = Project::open(global, None)?;
    let editor = if args.edit { Some(editor()?) } else { None };
    let (template, own) = find_template(&project, &args.name)?;
    let day = args.date.unwrap_or_else(|| Timestamp::now().to_zoned(project.config.timezone.clone()).date());
    let monday = monday(day)?;
    let names = template.names()?;
    let title = title(args, monday, names.iter().any(|name| name == "title"), output)?;
    let mut words = Words::from([("monday", monday.to_string())]);
    let day = if args.name == WEEKNOTE { monday } else { day };
    words.insert("date", day.to_string());
    words.extend(title.clone().map(|title| ("title", title)));
    let author = args.author.clone().or_else(|| project.config.author.clone());
    // git's name is a person's, and seldom a login at a site: only who asks for it gets it.
    let asks = own && names.iter().any(|name| name == "author");
    let author =
        author.or_else(|| repository::configured(&project.config.root, "user.name").filter(|_| asks));
    words.extend(author.map(|author| ("author", author)));
    let name = file_name(&args.name, title.as_deref(), day);
    let note = format!("{}{name}", folder(&project.config));
    let text = template.fill(&words)?;
    check(&project, &note, &text)?;
    let path = write(&project, &note, &text)?;
    tell(&project, &note, &path, output)?;
    editor.map_or(Ok(()), |editor| edit(&editor, &path))?;
    Ok(0)
}

/// The template of this name: one of one's own, or a built-in one. Tells which.
fn find_template(project: &Project, name: &str) -> Result<(Template, bool)> {
    let fine = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(fine) {
        return Err(Error::invalid(format!("`{name}` cannot be a template's name"))
            .help("a title comes second: `crosspost new post \"Title\"`"));
    }
    let config = &project.config;
    let configured = config.templates.iter().find(|(known, _)| known == name);
    let shown = configured.map_or_else(|| format!("{FOLDER}/{name}.md"), |(_, path)| path.clone());
    match fs::read_to_string(config.root.join(&shown)) {
        Ok(text) => return Ok((Template::new(&shown, &text)?, true)),
        Err(e) if e.kind() == ErrorKind::NotFound && configured.is_none() => {}
        Err(e) => {
            return Err(Error::invalid("the template cannot be read").at(Place::file(shown)).cause(e));
        }
    }
    match BUILT_IN.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => Ok((Template::new(name, text)?, false)),
        None => Err(no_template(project, name)),
    }
}

fn no_template(project: &Project, name: &str) -> Error {
    let own = fs::read_dir(project.config.root.join(FOLDER)).into_iter().flatten().filter_map(Result::ok);
    let own = own.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".md").map(str::to_owned));
    let mut known: Vec<String> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).chain(own).collect();
    known.extend(project.config.templates.iter().map(|(name, _)| name.clone()));
    let error = Error::invalid(format!("there is no template `{name}`"));
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error
            .help(format!("there are: {}", known.join(", ")))
            .help(format!("your own is a file `{FOLDER}/{name}.md`")),
    }
}

/// The Monday of a day's week.
fn monday(day: Date) -> Result<Date> {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(back.days()).map_err(|e| Error::invalid("there is no such week").cause(e))
}

/// The title, where there is one: of a weeknote its week, else what was given, else what a person
/// says, if the template wants one.
fn title(args: &cli::New, monday: Date, wanted: bool, output: &Output) -> Result<Option<String>> {
    let given = args.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    match given {
        Some(title) => Ok(Some(title.to_owned())),
        None if args.name == WEEKNOTE => Ok(Some(format!("Weeknote w/c {}", monday.strftime("%-d %B")))),
        None if !wanted => Ok(None),
        None if output.interactive => {
            let asked = dialoguer::Input::<String>::new().with_prompt("Title").interact_text();
            asked.map(Some).map_err(|e| Error::failed("the question could not be asked").cause(e))
        }
        None => Err(Error::invalid("the note has no title")
            .help(format!("write `crosspost new {} \"Title\"`", args.name))),
    }
}

/// A weeknote is called by its day, so that a folder of them is in order; another note by its title.
fn file_name(template: &str, title: Option<&str>, day: Date) -> String {
    let slug = title.filter(|_| template != WEEKNOTE).map(slug::slugify).filter(|slug| !slug.is_empty());
    slug.map_or_else(|| format!("{day}-{template}.md"), |slug| format!("{}.md", shortened(&slug)))
}

/// A name that file systems take, cut between two words.
fn shortened(slug: &str) -> &str {
    const MOST: usize = 80;
    let Some(start) = slug.get(..MOST).filter(|_| slug.len() > MOST) else { return slug };
    start.rsplit_once('-').map_or(start, |(words, _)| words)
}

/// Where notes are: the folder that the first of the configuration's globs begins with.
fn folder(config: &Config) -> String {
    let first = config.notes.first().map_or("", String::as_str);
    match notes::fixed_part(first) {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}

/// What a template makes must be a note.
fn check(project: &Project, note: &str, text: &str) -> Result<()> {
    let source = Source::decode(note, text.as_bytes())?;
    match Note::parse(source, &project.config.ignored_keys) {
        Ok(_) => Ok(()),
        Err(errors) => {
            let first =
                errors.into_iter().next().unwrap_or_else(|| Error::invalid("the template makes no note"));
            Err(first.help("nothing was written: the place is one in the note that the template would make"))
        }
    }
}

/// Writes the note, never over another.
fn write(project: &Project, note: &str, text: &str) -> Result<PathBuf> {
    let path = project.config.root.join(note);
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::File::create_new(&path)?.write_all(text.as_bytes())
    };
    write().map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => {
            Error::invalid("there is such a note already, and it was left alone").at(Place::file(note))
        }
        _ => Error::failed("the note cannot be written").at(Place::file(note)).cause(e),
    })?;
    Ok(path)
}

fn tell(project: &Project, note: &str, path: &Path, output: &Output) -> Result<()> {
    if output.format == Format::Json {
        output.result(&json::to_text(
            &serde_json::json!({ "schema": json::SCHEMA, "command": "new", "note": note }),
        ));
    } else {
        let here = std::env::current_dir().unwrap_or_default();
        let shown = path.strip_prefix(&here).unwrap_or(path);
        output.result(&format!("{}\n", shown.display()));
    }
    if !notes::configured(project)?.iter().any(|known| known == note) {
        output.remark(&format!(
            "`notes = {:?}` does not match it: `crosspost publish {note}` has to name it",
            project.config.notes
        ));
    }
    Ok(())
}

/// The editor's command, which may carry options: `code --wait`.
fn editor() -> Result<Vec<String>> {
    let set = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    let words = set.map(|value| value.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    words.into_iter().find(|words| !words.is_empty()).ok_or_else(|| {
        Error::invalid("`--edit` does not know your editor")
            .help("set the environment variable `EDITOR` to its command, as `nano` or `code --wait`")
    })
}

fn edit(editor: &[String], path: &Path) -> Result<()> {
    let Some((program, options)) = editor.split_first() else { return Ok(()) };
    let trouble = || Error::failed(format!("the editor `{program}` did not end well; the note is there"));
    let status = Command::new(program).args(options).arg(path).status().map_err(|e| trouble().cause(e))?;
    if status.success() { Ok(()) } else { Err(trouble().cause(status)) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_week_of_a_day_begins_on_its_monday() {
        for day in [date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 29)] {
            assert_eq!(monday(day).unwrap(), date(2026, 11, 23));
        }
        assert_eq!(monday(date(2027, 1, 1)).unwrap(), date(2026, 12, 28));
    }

    #[test]
    fn a_file_is_called_by_its_day_or_by_its_title() {
        let day = date(2026, 11, 23);
        assert_eq!(file_name(WEEKNOTE, Some("Weeknote w/c 23 November"), day), "2026-11-23-weeknote.md");
        assert_eq!(file_name("post", Some("Été à Hackney: 100 %!"), day), "ete-a-hackney-100.md");
        assert_eq!(file_name("post", Some("???"), day), "2026-11-23-post.md");
        assert_eq!(file_name("retro", None, day), "2026-11-23-retro.md");
        let long = file_name("post", Some(&"word ".repeat(60)), day);
        assert!(long.len() < 90 && long.ends_with("word.md"), "{long}");
    }

    #[test]
    fn the_built_in_templates_are_understood() {
        for (name, text) in BUILT_IN {
            Template::new(name, text).unwrap();
        }
    }
}
