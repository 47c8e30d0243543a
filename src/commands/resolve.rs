//! `resolve`: a person says whether an uncertain publication happened.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{notes, output::Output, record::OneNote, shell::Shell};
use crate::{
    cli::{self, Global},
    error::{Error, Result},
    state::{Phase, Receipt, TargetRecord},
    targets::{RemoteId, Target},
};

/// `crosspost resolve`
pub async fn resolve(global: &Global, args: cli::Resolve, output: &Output) -> Result<u8> {
    let shell = Shell::open(global, Some(&args.path), output)?;
    let name = notes::select(&shell, std::slice::from_ref(&args.path))?.remove(0);
    let target = shell.targets(std::slice::from_ref(&args.target))?.remove(0);
    let note = OneNote::read(&shell, &name).await?;
    let recorded = note.at(&args.target);
    let Some(before) = recorded.as_ref().filter(|r| r.intent.is_some()) else {
        return Err(nothing_open(&name, &args.target, recorded.as_ref()));
    };
    let now = Timestamp::now();
    if before.intent.as_ref().is_some_and(|i| i.until > now && i.phase != Phase::Uncertain) {
        return Err(
            Error::decision("another run is publishing this note there right now").code(crate::plan::BUSY)
        );
    }
    let after = match &args.published {
        None => TargetRecord { intent: None, ..before.clone() },
        Some(url) => {
            let id = match &args.id {
                Some(id) => Some(RemoteId(id.clone())),
                None => id_at(&shell, &*target, url).await?,
            };
            published(before, url, id, now)?
        }
    };
    let after = (after.receipt.is_some() || !after.pictures.is_empty()).then_some(after);
    if !note.session.swap(&args.target, recorded.as_ref(), after).await? {
        return Err(Error::decision("the ledger changed meanwhile; nothing was written").help("try again"));
    }
    output.remark(&match &args.published {
        Some(url) => format!("`{}` has {name} at {url}", args.target),
        None if target.capabilities().by_hand => {
            format!("`{}` does not have {name}: the next publish hands it over again", args.target)
        }
        None => format!("`{}` does not have {name}: the next publish sends it", args.target),
    });
    Ok(0)
}

/// The id of the post at an address. Where posts are never changed, the address will do for one.
async fn id_at(shell: &Shell, target: &dyn Target, url: &str) -> Result<Option<RemoteId>> {
    if let Some(id) = target.post_id(url) {
        return Ok(Some(id));
    }
    if !target.capabilities().update {
        return Ok(None);
    }
    let located = shell.connect(target)?.locate(url).await?;
    located.map(Some).ok_or_else(|| {
        let name = &target.common().name;
        Error::invalid(format!("`{name}` cannot tell which post is at {url}"))
            .help("say its id there: `--id ID`; by it the post is changed when the note is")
    })
}

fn published(before: &TargetRecord, url: &str, id: Option<RemoteId>, now: Timestamp) -> Result<TargetRecord> {
    let parsed = url::Url::parse(url).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
    let Some(url) = parsed else {
        return Err(
            Error::invalid(format!("`{url}` is not the address of a post")).help("copy it from the browser")
        );
    };
    let digest = before.intent.as_ref().map(|i| i.digest);
    let digest = digest.ok_or_else(|| Error::invalid("there is nothing to resolve"))?;
    let receipt = Receipt {
        remote_id: id.unwrap_or_else(|| RemoteId(url.to_string())),
        url: Some(url.to_string()),
        permanent: true,
        digest,
        echo: BTreeMap::new(),
        at: now,
        first: now,
        unpublished: false,
        basis: None,
    };
    Ok(TargetRecord { intent: None, receipt: Some(receipt), ..before.clone() })
}

fn nothing_open(name: &str, target: &str, recorded: Option<&TargetRecord>) -> Error {
    let error = Error::invalid(format!("nothing is uncertain about {name} at `{target}`"));
    match recorded.and_then(|r| r.receipt.as_ref()) {
        Some(receipt) => error.detail("published", receipt.url.clone().unwrap_or_default()),
        None => error.help("it was never sent there: `crosspost publish` does that"),
    }
}
