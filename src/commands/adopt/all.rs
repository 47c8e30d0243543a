//! `adopt --all`: ties many notes at once, each to the one post with its slug or title. Which that
//! would be is shown first; what is not certain is left to a person.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    path::PathBuf,
};

use futures_util::{StreamExt, stream};

use super::{
    super::{notes, output::Output, progress::Bar, shell::Shell},
    Tie, confirmed,
};
use crate::{
    cli,
    error::{Error, Kind, Result},
    plan::decide::OnDrift,
    publish::{Observed, Work, difference, observe, still},
    state::Packed,
    targets::{Fetched, Finding, Found, Reader, Remote, RemoteId, Target},
};

/// What was found for the notes that the ledger knows no post of.
#[derive(Default)]
struct Matches<'o> {
    /// A note and its one post.
    certain: Vec<(&'o Work, Remote)>,
    /// A note and why it is left to a person.
    open: Vec<(&'o Work, String)>,
    /// Notes without a post there.
    none: usize,
}

pub(super) async fn adopt(shell: &Shell, args: &cli::Adopt, output: &Output) -> Result<u8> {
    let target = shell.targets(std::slice::from_ref(&args.target))?.remove(0);
    if target.capabilities().find == Finding::Never {
        return Err(Error::invalid(format!("`{}` cannot be asked what it has", args.target))
            .help("tie one note after the other: `crosspost adopt NOTE --target TARGET --url URL`"));
    }
    let paths: Vec<PathBuf> = args.path.iter().cloned().collect();
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(vec![target.clone()], OnDrift::Fail, &connect, &bar);
    run.renders_all = true;
    let names = notes::select(shell, &paths)?;
    let sorted = still::sort(&run, &names).await?;
    let (read, errors) = notes::read(shell, &sorted.rest);
    let observed = observe::glance(&run, sorted, read, errors).await?;
    let writer = shell.connect(&*target)?;
    let matches = look(shell, &observed, &*target, &*writer).await?;
    output.result(&told(&observed, &matches, &args.target, output.style.verbose));
    let question = format!("Tie {} to these posts?", count(matches.certain.len(), "note", "notes"));
    if matches.certain.is_empty() || (!args.yes && !confirmed(&question, output)?) {
        output.remark("nothing was changed");
    } else {
        let lost = write(&observed, &*target, &matches).await?;
        let then = if target.capabilities().update {
            ": the next publish brings the posts to the notes"
        } else {
            ""
        };
        output.remark(&format!("done{then}"));
        for note in &lost {
            output.error(&Error::decision("the ledger changed meanwhile").detail("note", note.clone()));
        }
        if !lost.is_empty() {
            return Ok(Kind::Decision.exit_code());
        }
    }
    for error in &observed.errors {
        output.error(error);
    }
    Ok(match (matches.open.is_empty(), observed.errors.first()) {
        (false, _) => Kind::Decision.exit_code(),
        (true, Some(error)) => error.kind().exit_code(),
        (true, None) => 0,
    })
}

async fn look<'o>(
    shell: &Shell,
    observed: &'o Observed<'_>,
    target: &dyn Target,
    reader: &dyn Reader,
) -> Result<Matches<'o>> {
    let name = &target.common().name;
    let is_new = |work: &&Work| {
        work.rendered.is_some()
            && work.recorded.as_ref().is_none_or(|r| r.intent.is_none() && r.receipt.is_none())
    };
    let works: Vec<&Work> = observed.work.iter().filter(is_new).collect();
    let wanted: Vec<_> = works.iter().map(|work| work.wanted()).collect();
    let found = if wanted.is_empty() { Vec::new() } else { reader.find(&wanted, true).await? };
    let records = shell.ledger.outlines().await?;
    let id = |record: &Packed| {
        Some(record.outline().targets.get(&**name)?.receipt.as_ref()?.remote_id.to_string())
    };
    let taken: HashSet<RemoteId> = records.iter().filter_map(id).map(RemoteId).collect();
    let found: Vec<Vec<Remote>> = found.into_iter().map(|found| candidates(found, &taken)).collect();
    let mut claims: HashMap<RemoteId, usize> = HashMap::new();
    for remote in found.iter().flatten() {
        *claims.entry(remote.id.clone()).or_default() += 1;
    }
    let mut matches = Matches::default();
    let mut single = Vec::new();
    for (work, found) in works.into_iter().zip(found) {
        match <[Remote; 1]>::try_from(found) {
            Ok([remote]) if claims[&remote.id] == 1 => single.push((work, remote)),
            Ok([remote]) => matches.open.push((work, format!("another note looks like {} too", at(&remote)))),
            Err(none) if none.is_empty() => matches.none += 1,
            Err(several) => {
                let all: Vec<String> = several.iter().map(at).collect();
                matches.open.push((work, format!("{} posts look like it: {}", all.len(), all.join(", "))));
            }
        }
    }
    let looks = single.into_iter().map(|(work, remote)| async move { (work, whole(reader, remote).await) });
    let looked: Vec<_> = stream::iter(looks).buffered(target.common().concurrency).collect().await;
    for (work, remote) in looked {
        match remote? {
            Some(remote) => matches.certain.push((work, remote)),
            None => matches.none += 1,
        }
    }
    Ok(matches)
}

/// The posts that may be a note's: of nobody else's that is known. Our own are not among them, since a
/// publish finds them by itself.
fn candidates(found: Found, taken: &HashSet<RemoteId>) -> Vec<Remote> {
    if !found.ours.is_empty() {
        return Vec::new();
    }
    let is_free = |r: &Remote| !r.trashed && r.markers.is_empty() && !taken.contains(&r.id);
    found.lookalikes.into_iter().filter(is_free).collect()
}

/// The post with all its parts, which a list of many does not have.
async fn whole(reader: &dyn Reader, remote: Remote) -> Result<Option<Remote>> {
    Ok(match reader.fetch(&remote.id).await? {
        Fetched::Present(whole) => (!whole.trashed && whole.markers.is_empty()).then_some(*whole),
        Fetched::Unseen => Some(remote),
        Fetched::Gone => None,
    })
}

async fn write(observed: &Observed<'_>, target: &dyn Target, matches: &Matches<'_>) -> Result<Vec<String>> {
    let mut lost = Vec::new();
    for (work, remote) in &matches.certain {
        let (prepared, session) = &observed.notes[work.note];
        let tie = Tie { session, target, marker: work.marker, recorded: work.recorded.as_ref() };
        if !tie.write(remote, work.rendered.as_ref().map(|r| &r.rendering)).await? {
            lost.push(prepared.note.path().to_owned());
        }
    }
    Ok(lost)
}

fn told(observed: &Observed<'_>, matches: &Matches<'_>, target: &str, verbose: bool) -> String {
    let path = |work: &Work| observed.notes[work.note].0.note.path();
    let mut out = String::new();
    for (work, remote) in &matches.certain {
        let title = remote.parts.get("title").map(String::as_str).unwrap_or_default();
        let differs = work.rendered.as_ref().map(|r| difference::of(&remote.parts, &r.rendering));
        let differs = differs.unwrap_or_default();
        let same = if differs.is_empty() { "  the same text" } else { "" };
        let _ = writeln!(out, "{}  is post {} \"{title}\"  {}{same}", path(work), remote.id.0, at(remote));
        if verbose {
            for line in differs.lines() {
                let _ = writeln!(out, "    {line}");
            }
        }
    }
    for (work, why) in &matches.open {
        let note = path(work);
        let _ = writeln!(out, "{note}  {why}\n    `crosspost adopt {note} --target {target} --url URL`");
    }
    let _ = writeln!(
        out,
        "{} found, {} left to you, {} without a post at `{target}`.",
        matches.certain.len(),
        matches.open.len(),
        matches.none
    );
    out
}

fn at(remote: &Remote) -> String {
    remote.url.clone().unwrap_or_else(|| format!("id {}", remote.id.0))
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
