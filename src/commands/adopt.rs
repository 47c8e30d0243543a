//! `adopt`: ties a note to a post that exists already, after showing how they differ.

mod all;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::Timestamp;

use super::{notes, output::Output, progress::Bar, record::OneNote, shell::Shell};
use crate::{
    cli::{self, Global},
    error::{Error, Result},
    note::Marker,
    plan::decide::OnDrift,
    publish::{difference, observe, session::Session, still},
    render::{Digest, Rendering},
    state::{Receipt, TargetRecord},
    targets::{Fetched, Finding, Remote, RemoteId, Target, Writer},
};

/// `crosspost adopt`
pub async fn adopt(global: &Global, args: cli::Adopt, output: &Output) -> Result<u8> {
    let shell = Shell::open(global, args.path.as_deref(), output)?;
    match &args.path {
        Some(path) if !args.all => adopt_one(&shell, path, &args, output).await,
        _ => all::adopt(&shell, &args, output).await,
    }
}

async fn adopt_one(shell: &Shell, path: &Path, args: &cli::Adopt, output: &Output) -> Result<u8> {
    let name = notes::select(shell, &[path.to_owned()])?.remove(0);
    let target = shell.targets(std::slice::from_ref(&args.target))?.remove(0);
    let one = OneNote::read(shell, &name).await?;
    let recorded = one.at(&args.target);
    if let Some(receipt) = recorded.as_ref().and_then(|r| r.receipt.as_ref()).filter(|r| !r.unpublished) {
        return Err(Error::invalid(format!("`{}` has a post of this note already", args.target))
            .detail("post", receipt.url.clone().unwrap_or_else(|| receipt.remote_id.0.clone()))
            .help("take that one down first: `crosspost unpublish`"));
    }
    let remote = if target.capabilities().find == Finding::Certain {
        let writer = shell.connect(&*target)?;
        find(&*writer, args).await?
    } else {
        unasked(&*target, args)?
    };
    refuse_anothers(&remote, shell, &one, &args.target)?;
    let rendering = rendering(shell, &target, &name, output).await?;
    let differs = rendering.as_ref().map(|r| difference::of(&remote.parts, r)).unwrap_or_default();
    show(&remote, &differs, output);
    if !args.yes && !confirmed("Tie the note to this post?", output)? {
        output.remark("nothing was changed");
        return Ok(0);
    }
    let marker = match &recorded {
        Some(record) => record.marker,
        None => Marker::derive(&shell.config.project, &one.key, &args.target),
    };
    let tie = Tie { session: &one.session, target: &*target, marker, recorded: recorded.as_ref() };
    if !tie.write(&remote, rendering.as_ref()).await? {
        return Err(Error::decision("the ledger changed meanwhile; nothing was written").help("try again"));
    }
    let then = if target.capabilities().update { ": the next publish updates it" } else { "" };
    output.remark(&format!("{name} is now that post{then}"));
    Ok(0)
}

async fn find(writer: &dyn Writer, args: &cli::Adopt) -> Result<Remote> {
    let id = match (&args.id, &args.url) {
        (Some(id), _) => RemoteId(id.clone()),
        (None, Some(url)) => writer.locate(url).await?.ok_or_else(|| {
            Error::invalid("the target has no post at this address")
                .detail("url", url.clone())
                .help("give the post's id instead: `--id`")
        })?,
        (None, None) => return Err(Error::invalid("neither `--id` nor `--url` is given")),
    };
    match writer.fetch(&id).await? {
        Fetched::Present(remote) if !remote.trashed => Ok(*remote),
        Fetched::Present(_) => {
            Err(Error::invalid(format!("the post {} is in the trash", id.0)).help("restore it first"))
        }
        Fetched::Unseen => unasked_fetch(&id),
        Fetched::Gone => Err(Error::invalid(format!("there is no post {}", id.0))),
    }
}

fn unasked_fetch(id: &RemoteId) -> Result<Remote> {
    Err(Error::invalid(format!("the target cannot be asked for {}", id.0)).help("give the address: `--url`"))
}

/// A target that cannot be asked is told.
fn unasked(target: &dyn Target, args: &cli::Adopt) -> Result<Remote> {
    let Some(url) = &args.url else {
        return Err(Error::invalid(format!("`{}` cannot be asked for an id", args.target))
            .help("give the address: `--url`"));
    };
    let id = target.post_id(url).ok_or_else(|| {
        Error::invalid("this is not the address of a post there").detail("url", url.clone())
    })?;
    Ok(Remote {
        id,
        url: Some(url.clone()),
        permanent: true,
        trashed: false,
        markers: Vec::new(),
        stamp: None,
        parts: BTreeMap::new(),
    })
}

fn refuse_anothers(remote: &Remote, shell: &Shell, one: &OneNote<'_>, target: &str) -> Result<()> {
    let ours = Marker::derive(&shell.config.project, &one.key, target);
    match remote.markers.iter().find(|marker| **marker != ours) {
        None => Ok(()),
        Some(_) => Err(Error::decision("the post belongs to another note: it carries that note's marker")
            .detail("post", remote.id.0.clone())
            .help("if that note is gone, take the comment `crosspost:…` out of the post first")),
    }
}

/// What the note would be there.
async fn rendering(
    shell: &Shell,
    target: &Arc<dyn Target>,
    name: &str,
    output: &Output,
) -> Result<Option<Rendering>> {
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(vec![target.clone()], OnDrift::Fail, &connect, &bar);
    run.renders_all = true;
    let sorted = still::sort(&run, &[name.to_owned()]).await?;
    let note = notes::read_one(shell, name)
        .map_err(|e| e.into_iter().next().unwrap_or_else(|| Error::invalid("the note is wrong")))?;
    let mut observed = observe::glance(&run, sorted, vec![note], Vec::new()).await?;
    if let Some(error) = observed.errors.first() {
        return Err(error.clone());
    }
    let work = (!observed.work.is_empty()).then(|| observed.work.remove(0));
    Ok(work.and_then(|work| work.rendered).map(|rendered| rendered.rendering))
}

fn show(remote: &Remote, differs: &str, output: &Output) {
    let title = remote.parts.get("title").map(String::as_str).unwrap_or_default();
    let at = remote.url.as_deref().unwrap_or(&remote.id.0);
    output.result(&format!("post {}: \"{title}\"  {at}\n", remote.id.0));
    if differs.is_empty() {
        output.result("the same text as the note\n");
    } else {
        output.result(&format!("what the next publish would change (- there, + in the note):\n{differs}"));
    }
}

fn confirmed(question: &str, output: &Output) -> Result<bool> {
    if !output.interactive {
        return Err(Error::decision("this needs a yes, and nobody can be asked here").help("add `--yes`"));
    }
    dialoguer::Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact()
        .map_err(|e| Error::failed("the question could not be asked").cause(e))
}

/// A note that is to be tied to a post.
struct Tie<'t> {
    session: &'t Session<'t>,
    target: &'t dyn Target,
    marker: Marker,
    recorded: Option<&'t TargetRecord>,
}

impl Tie<'_> {
    /// Writes it down. `false` when the ledger says something else by now.
    async fn write(&self, remote: &Remote, rendering: Option<&Rendering>) -> Result<bool> {
        let now = Timestamp::now();
        // A post that cannot be updated counts as the note it is tied to. Any other has a digest that
        // no rendering has, so that the next publish brings it to the note.
        let as_it_is = rendering.filter(|_| !self.target.capabilities().update);
        let receipt = Receipt {
            remote_id: remote.id.clone(),
            url: remote.url.clone(),
            permanent: remote.permanent,
            digest: as_it_is.map_or_else(|| Digest::of(b"adopted"), Rendering::digest),
            echo: remote.echo(),
            at: now,
            first: now,
            unpublished: false,
            basis: None,
        };
        let before = self.recorded.cloned().unwrap_or_else(|| TargetRecord::new(self.marker));
        let after = TargetRecord { intent: None, receipt: Some(receipt), ..before };
        self.session.swap(&self.target.common().name, self.recorded, Some(after)).await
    }
}
