//! The first look: what the ledger alone tells of a note at a target. An unchanged note ends here.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    error::Error,
    note::Status,
    parallel,
    plan::{
        Action,
        away::never_goes,
        decide::{self, Decision, Known, Next},
    },
    publish::{
        Prepared, Run,
        links::{self, KnownLinks, Unpublished},
        observed::{Observed, Work},
        prepare::{Rendered, Shown, View, marker},
        still::{Identified, Recorded, stands},
    },
    render::{Digest, PENDING_LINK},
    state::{Outline, Phase, Record, TargetRecord},
    targets::{Remote, RemoteId, Target},
};

/// What must be asked before there is a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    Nothing,
    Find,
    Fetch(RemoteId),
}

/// What the ledger alone tells of a note at a target, and what must be asked.
type Looked = Result<(Work, Ask), Vec<Error>>;

/// What the ledger alone tells of all notes: for each target, in the order of the notes. A note is
/// read once for all its targets; where there are many, it is forgotten then.
pub(super) fn looks(run: &Run<'_>, observed: &Observed<'_>) -> Vec<Vec<Looked>> {
    let sites = run.targets.iter().map(|target| observed.sites.for_rendering(&**target));
    let targets: Vec<_> = run.targets.iter().zip(sites).collect();
    let notes: Vec<usize> = (0..observed.notes.len()).collect();
    let forget = run.forgets(notes.len());
    let by_note = parallel::map_long(&notes, |index| {
        let prepared = &observed.notes[*index].0;
        let goes = |target: &dyn Target| prepared.note.meta.goes_to(&target.common().name);
        let look = |(target, site): &(&Arc<dyn Target>, BTreeMap<String, String>)| {
            goes(&***target).then(|| look(run, observed, target, site, *index))
        };
        let looked: Vec<Option<Looked>> = targets.iter().map(look).collect();
        if forget {
            prepared.forget(run);
        }
        looked
    });
    let mut by_target: Vec<Vec<Looked>> = targets.iter().map(|_| Vec::new()).collect();
    for looked in by_note {
        for (place, looked) in by_target.iter_mut().zip(looked) {
            place.extend(looked);
        }
    }
    by_target
}

/// Takes over what was seen of all notes at one target; returns what must be asked. The targets
/// before it are decided.
pub(super) fn take(run: &Run<'_>, observed: &mut Observed<'_>, looks: Vec<Looked>) -> Vec<(usize, Ask)> {
    let mut asking = Vec::new();
    for look in looks {
        match look {
            Ok((mut work, mut ask)) => {
                if let Some(reason) = must_wait(run, observed, &work) {
                    work.decision = skipped(reason);
                    ask = Ask::Nothing;
                }
                let index = observed.add(work);
                if ask != Ask::Nothing {
                    asking.push((index, ask));
                }
            }
            Err(errors) => add_errors(&mut observed.errors, errors),
        }
    }
    asking
}

/// Both audiences of a note report the same mistakes: each is told once.
fn add_errors(errors: &mut Vec<Error>, new: Vec<Error>) {
    for error in new {
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
}

fn look(
    run: &Run<'_>,
    observed: &Observed<'_>,
    target: &Arc<dyn Target>,
    site: &BTreeMap<String, String>,
    index: usize,
) -> Looked {
    let (prepared, session) = &observed.notes[index];
    let name = &target.common().name;
    let record = session.record();
    let recorded = record.as_ref().and_then(|r| r.targets.get(name)).cloned();
    let mut work = Work {
        note: index,
        target: target.clone(),
        marker: marker(run, &prepared.key, name, recorded.as_ref()),
        recorded,
        rendered: None,
        decision: skipped(""),
        remote: None,
        found_pictures: BTreeMap::new(),
        error: None,
    };
    if let Some(reason) = stays_away(prepared, &**target, run) {
        work.decision = skipped(reason);
        return Ok((work, Ask::Nothing));
    }
    if let Some(receipt) = as_recorded(run, observed, &work, record.as_ref(), site) {
        work.decision = Decision { action: Action::Unchanged, reason: None, ..skipped("") };
        let ask = if target.capabilities().local { Ask::Fetch(receipt) } else { Ask::Nothing };
        return Ok((work, ask));
    }
    let links = links::known(run, observed, &work, Unpublished::Awaited);
    let rendered = render(run, observed, &work, record.as_ref(), site, &links, None)?;
    let next = decide::look(&known(run, &work, &rendered.digest, &|_| false));
    work.rendered = Some(rendered);
    let ask = match next {
        Next::Decided(decision) => {
            let receipt = work.recorded.as_ref().and_then(|r| r.receipt.as_ref());
            let ask = match (decision.action, receipt) {
                (Action::Create, _) => Ask::Find,
                _ if decision.by_hand.is_some() => Ask::Find,
                (Action::Unchanged, Some(receipt)) if run.thorough || target.capabilities().local => {
                    Ask::Fetch(receipt.remote_id.clone())
                }
                _ => Ask::Nothing,
            };
            work.decision = decision;
            ask
        }
        Next::Find => Ask::Find,
        Next::Fetch(id) => Ask::Fetch(id),
    };
    Ok((work, ask))
}

/// The id of a note's post, if everything that its rendering is made of is as it was when the post
/// was sent: then it need not be rendered.
fn as_recorded(
    run: &Run<'_>,
    observed: &Observed<'_>,
    work: &Work,
    record: Option<&Record>,
    site: &BTreeMap<String, String>,
) -> Option<RemoteId> {
    let prepared = &observed.notes[work.note].0;
    let receipt = work.recorded.as_ref()?.receipt.as_ref()?;
    let record = Outline::from(record?);
    let recorded = Recorded::new(&record, &*work.target)?;
    let note = Identified {
        path: prepared.note.path(),
        is_own_key: prepared.is_own_key(),
        source: prepared.source(),
    };
    let seen = links::Seen { run, observed, unpublished: Unpublished::Awaited };
    let stands = !run.thorough
        && !run.renders_all
        && stands(run, &observed.fingerprints, &*work.target, &note, &recorded, site, &seen);
    stands.then(|| receipt.remote_id.clone())
}

pub(super) fn skipped(reason: impl Into<String>) -> Decision {
    Decision {
        action: Action::Skipped,
        reason: Some(reason.into()),
        error: None,
        uncertain: false,
        by_hand: None,
        drifted: Vec::new(),
    }
}

pub(super) fn known<'k>(
    run: &Run<'_>,
    work: &'k Work,
    digest: &'k Digest,
    is_current: &'k dyn Fn(&Remote) -> bool,
) -> Known<'k> {
    Known {
        is_current,
        is_untouched: &|_| false,
        capabilities: work.target.capabilities(),
        record: work.recorded.as_ref(),
        digest,
        now: run.now,
        on_drift: run.on_drift,
        trust_ledger: run.trust_ledger,
    }
}

/// Renders a note for a target with what is known by now. `earlier` is what was rendered with what was
/// known before: where nothing of that has changed since, it is that.
///
/// # Errors
/// What is wrong with the note, or does not suit the target.
pub fn render(
    run: &Run<'_>,
    observed: &Observed<'_>,
    work: &Work,
    record: Option<&Record>,
    site: &BTreeMap<String, String>,
    links: &KnownLinks,
    earlier: Option<&Rendered>,
) -> Result<Rendered, Vec<Error>> {
    let view = View {
        fingerprints: &observed.fingerprints,
        links,
        marker: work.marker,
        record,
        site,
        found_pictures: &work.found_pictures,
        elsewhere: &|digest| observed.elsewhere(&work.target.common().name, digest),
    };
    let prepared = &observed.notes[work.note].0;
    match earlier.filter(|earlier| prepared.is_rendered(&*work.target, &view, earlier)) {
        Some(earlier) => Ok(earlier.clone()),
        None => prepared.render(run, &*work.target, &view),
    }
}

/// How a note will look at a target with what is known by now; also where it goes there only later.
/// `None` where it never does.
///
/// # Errors
/// What is wrong with the note, or does not suit the target.
pub async fn preview(
    run: &Run<'_>,
    observed: &Observed<'_>,
    work: &Work,
) -> Result<Option<Shown>, Vec<Error>> {
    let (prepared, session) = &observed.notes[work.note];
    let target = &*work.target;
    if never_goes(&prepared.note.meta, target.common(), target.capabilities()).is_some() {
        return Ok(None);
    }
    let (record, site) = (session.record(), observed.sites.for_rendering(target));
    let links = links::known(run, observed, work, Unpublished::Awaited);
    let view = View {
        fingerprints: &observed.fingerprints,
        links: &links,
        marker: work.marker,
        record: record.as_ref(),
        site: &site,
        found_pictures: &work.found_pictures,
        elsewhere: &|digest| observed.elsewhere(&target.common().name, digest),
    };
    prepared.preview(run, target, &view).map(Some)
}

/// Why a note never goes to a target, from what it says of itself.
pub fn stays_away(prepared: &Prepared, target: &dyn Target, run: &Run<'_>) -> Option<String> {
    let meta = &prepared.note.meta;
    if let Some(reason) = never_goes(meta, target.common(), target.capabilities()) {
        return Some(reason);
    }
    let own = meta.at(&target.common().name);
    let date = own.date.and_then(|d| d.instant(run.zone).ok());
    match date {
        Some(date) if date > run.now && !target.capabilities().schedules => {
            let local = date.to_zoned(run.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
            Some(format!("waits until {local}"))
        }
        _ => None,
    }
}

/// Why a note cannot go to a target in this run though it will: its canonical URL is not there yet
/// and will not be. What was published there, or may have been, waits for nothing.
fn must_wait(run: &Run<'_>, observed: &Observed<'_>, work: &Work) -> Option<String> {
    let is_begun = |r: &TargetRecord| r.intent.as_ref().is_some_and(|i| i.phase != Phase::Handed);
    if work.recorded.as_ref().is_some_and(|r| r.receipt.is_some() || is_begun(r)) {
        return None;
    }
    let canonical = work.rendered.as_ref()?.rendering.canonical.as_deref()?;
    let name = canonical.strip_prefix(PENDING_LINK)?;
    let Some(first) = observed.at(work.note, name) else {
        let why = if run.targets.iter().any(|t| t.common().name == name) {
            "is wrong"
        } else {
            "is not in this run"
        };
        return Some(format!("waits for `{name}`, which {why}"));
    };
    if first.error.is_some() || !first.decision.action.changes() {
        return Some(format!("waits for `{name}`"));
    }
    let public = first.rendered.as_ref().is_some_and(|r| r.rendering.status == Status::Publish);
    (!public).then(|| format!("waits until `{name}` has published it"))
}
