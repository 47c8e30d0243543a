//! `check`: all problems of notes at once. Reads the notes and what they name; asks the sites only
//! with `--remote`, and loads no secret without it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    path::Path,
    sync::Arc,
};

use super::{files::ProjectFiles, notes, output::Output, project::Project, since::Changes};
use crate::{
    check::{self, Edit, Facts, Known, Problem, Severity, Subject},
    cli::{self, Format, Global},
    error::{Error, Kind, Result},
    note::{self, Note, Source},
    publish::Files as _,
    report::{
        check::{Checked, human, json},
        github, markdown,
    },
    secrets::Secrets,
    targets::Target,
};

/// `crosspost check`
pub async fn check(global: &Global, args: &cli::Check, output: &Output) -> Result<u8> {
    let project = Project::open(global, args.paths.first().map(|p| &**p))?;
    let mut names = notes::select(&project, &args.paths)?;
    if let Some(revision) = &args.since {
        names = Changes::since(&project, revision)?.of(&project, names);
    }
    let targets = project.targets(&args.target)?;
    let mut checked = look(&project, &names, &targets, args.remote).await?;
    if args.fix {
        let fixed = fix(&project.files, &checked.problems)?;
        if fixed > 0 {
            checked = Checked { fixed, ..look(&project, &names, &targets, args.remote).await? };
        }
    }
    match output.format {
        Format::Human => output.result(&human(&checked, output.style)),
        Format::Json => output.result(&json(&checked)),
        Format::Github => {
            output.summary(&markdown::check(&checked, &output.sources));
            output.result(&github::check(&checked, &output.folder));
        }
        Format::Markdown => output.result(&markdown::check(&checked, &output.sources)),
    }
    if output.format != Format::Github {
        checked.errors.iter().for_each(|error| output.error(error));
    }
    Ok(exit_code(&checked, args.strict))
}

fn exit_code(checked: &Checked, strict: bool) -> u8 {
    let wrong = checked.count(Severity::Error) + if strict { checked.count(Severity::Warning) } else { 0 };
    if !checked.errors.is_empty() {
        Kind::Failed.exit_code()
    } else if wrong > 0 {
        Kind::Invalid.exit_code()
    } else {
        0
    }
}

/// A note's file.
struct Sheet {
    path: String,
    /// What could be read of it.
    text: Option<Source>,
    /// The note, or as much of it as there is.
    note: Option<Note>,
    /// Whether the front matter could be read.
    complete: bool,
    errors: Vec<Error>,
}

impl Sheet {
    fn read(project: &Project, path: &str) -> Self {
        let mut sheet =
            Self { path: path.to_owned(), text: None, note: None, complete: false, errors: Vec::new() };
        let bytes = project.files.read(path, note::read::MAX_BYTES as u64);
        let source = match bytes.and_then(|bytes| Source::decode(path, &bytes)) {
            Ok(source) => source,
            Err(error) => return Self { errors: vec![error], ..sheet },
        };
        sheet.text = Some(source.clone());
        match Note::parse(source.clone(), &project.config.ignored_keys) {
            Ok(note) => {
                sheet.errors = notes::unknown_targets(project, &note);
                sheet.complete = true;
                sheet.note = Some(note);
            }
            Err(errors) => {
                sheet.errors = errors;
                sheet.note = Note::body_only(source);
            }
        }
        sheet
    }

    fn problems(&self) -> Vec<Problem> {
        check::unreadable(&self.path, self.text.as_ref().map(|source| &*source.text), &self.errors)
    }
}

async fn look(
    project: &Project,
    names: &[String],
    targets: &[Arc<dyn Target>],
    remote: bool,
) -> Result<Checked> {
    let all: BTreeSet<String> = notes::configured(project)?.into_iter().chain(names.to_vec()).collect();
    let sheets: BTreeMap<String, Sheet> =
        all.into_iter().map(|path| (path.clone(), Sheet::read(project, &path))).collect();
    let known = known(&sheets, targets);
    let facts = Facts {
        project: &project.config.project,
        zone: &project.config.timezone,
        policy: &project.config.internal,
        targets,
        notes: &known,
        exists: &|path| project.files.root().join(path).exists(),
        picture: &|note, src| project.files.picture(note, src),
        limits: project.config.pictures,
    };
    let chosen: Vec<&Sheet> = names.iter().filter_map(|name| sheets.get(name)).collect();
    let subjects: Vec<Subject<'_>> = chosen
        .iter()
        .filter_map(|sheet| Some(Subject::new(sheet.note.as_ref()?, sheet.complete, &facts)))
        .collect();
    let mut problems: Vec<Problem> = chosen.iter().flat_map(|sheet| sheet.problems()).collect();
    problems.extend(check::check(&subjects, &facts));
    let mut errors = Vec::new();
    if remote {
        let (asked, failed) = ask(project, &subjects, targets).await;
        problems.extend(asked);
        errors = failed;
    }
    Ok(Checked { notes: names.len(), problems: check::tidy(problems, &subjects, &facts), fixed: 0, errors })
}

fn known(sheets: &BTreeMap<String, Sheet>, targets: &[Arc<dyn Target>]) -> BTreeMap<String, Known> {
    let of = |sheet: &Sheet| {
        let note = sheet.note.as_ref().filter(|_| sheet.complete);
        Known::of(&sheet.path, note, targets)
    };
    sheets.iter().map(|(path, sheet)| (path.clone(), of(sheet))).collect()
}

/// Asks each target's site what it has to say to the renderings. What is wrong with a note is a
/// problem of it; a site that cannot be asked is an error, told once.
async fn ask(
    project: &Project,
    subjects: &[Subject<'_>],
    targets: &[Arc<dyn Target>],
) -> (Vec<Problem>, Vec<Error>) {
    let secrets = Secrets::new(&project.config.project);
    let (mut problems, mut errors) = (Vec::new(), Vec::new());
    for target in targets {
        match ask_one(target, subjects, &secrets).await {
            Ok(found) => problems.extend(found),
            Err(error) => errors.push(error.detail("target", target.common().name.clone())),
        }
    }
    (problems, errors)
}

async fn ask_one(
    target: &Arc<dyn Target>,
    subjects: &[Subject<'_>],
    secrets: &Secrets,
) -> Result<Vec<Problem>> {
    let name = &target.common().name;
    let renderings = subjects.iter().flat_map(|subject| {
        let here = subject.trials.iter().filter(|trial| trial.target.common().name == *name);
        here.filter_map(move |trial| Some((subject, trial.result.as_ref().ok()?)))
    });
    let mut renderings = renderings.peekable();
    if renderings.peek().is_none() {
        return Ok(Vec::new());
    }
    let writer = target.connect(secrets)?;
    let mut site = BTreeMap::new();
    let mut problems = Vec::new();
    for (subject, rendering) in renderings {
        match writer.survey(rendering, &site).await {
            Ok(learned) => site.extend(learned),
            Err(error) if matches!(error.name(), Some("no-category" | "no-term")) => {
                let key = if error.name() == Some("no-term") { "taxonomies" } else { "categories" };
                let spot = subject.key(key);
                problems.push(Problem::of_error(&error, subject.note.path(), spot).only_at(name));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(problems)
}

/// Mends the files of these problems, as far as they can be mended. Returns how many problems are
/// gone.
fn fix(files: &ProjectFiles, problems: &[Problem]) -> Result<usize> {
    let mut edits: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for problem in problems {
        if let Some(edit) = &problem.fix {
            edits.entry(&problem.path).or_default().push(edit);
        }
    }
    let mut fixed = 0;
    for (path, edits) in edits {
        let bytes = files.read(path, note::read::MAX_BYTES as u64)?;
        let Some(mended) = check::fix::mend(&bytes, &edits) else { continue };
        replace(&files.root().join(path), &mended)
            .map_err(|e| Error::failed("the note cannot be written").detail("note", path).cause(e))?;
        fixed += edits.len();
    }
    Ok(fixed)
}

/// Puts another file in a file's place, whole or not at all, with the same permissions.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(&path))?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.persist(&path)?;
    Ok(())
}
