//! Asks a site what the decisions need to know: for all notes at once, in few requests.

use futures_util::{StreamExt, stream};

use super::look::{Ask, known, render};
use crate::{
    error::Result,
    plan::decide::{self, Decision, Known},
    publish::{
        Run, difference,
        links::{self, Unpublished},
        observed::{Observed, Work},
        perform::SINCE,
    },
    targets::{Fetched, Finding, Found, Reader, Remote, RemoteId, Target, Wanted},
};

/// Asks a target's site all that its undecided notes need.
pub(super) async fn ask(
    run: &Run<'_>,
    observed: &mut Observed<'_>,
    target: &std::sync::Arc<dyn Target>,
    asking: &[(usize, Ask)],
) -> Result<()> {
    let name = target.common().name.clone();
    let writer = (run.connect)(&**target)?;
    let outcome = ask_site(run, observed, &*writer, asking).await;
    observed.writers.insert(name, writer);
    outcome
}

async fn ask_site(
    run: &Run<'_>,
    observed: &mut Observed<'_>,
    reader: &dyn Reader,
    asking: &[(usize, Ask)],
) -> Result<()> {
    survey(run, observed, reader, asking).await;
    let finds: Vec<usize> = indexes(observed, asking, |ask| *ask == Ask::Find);
    if !finds.is_empty() && reader_can_find(observed, &finds) {
        find(run, observed, reader, &finds).await?;
    }
    let fetches: Vec<(usize, &RemoteId)> = asking
        .iter()
        .filter(|(index, _)| observed.work[*index].error.is_none())
        .filter_map(|(index, ask)| if let Ask::Fetch(id) = ask { Some((*index, id)) } else { None })
        .collect();
    let width = observed.work[asking[0].0].target.common().concurrency;
    let fetched: Vec<(usize, Result<Fetched>)> = stream::iter(fetches)
        .map(|(index, id)| async move { (index, reader.fetch(id).await) })
        .buffer_unordered(width)
        .collect()
        .await;
    for (index, answer) in fetched {
        if answer.is_ok() && observed.work[index].was_interrupted() {
            // What was sent may have had pictures that the ledger never learned of.
            look_for_pictures(observed, reader, index).await?;
            render_again(run, observed, index);
        }
        let is_told =
            observed.work[index].rendered.is_some() || is_as_recorded(&observed.work[index], &answer);
        if !is_told {
            render_again(run, observed, index);
        }
        match answer {
            Ok(fetched) => after_fetch(run, observed, index, fetched),
            Err(error) => observed.work[index].error = Some(error),
        }
    }
    Ok(())
}

/// Whether a post that was looked at is just what its receipt says.
fn is_as_recorded(work: &Work, answer: &Result<Fetched>) -> bool {
    let receipt = work.recorded.as_ref().and_then(|recorded| recorded.receipt.as_ref());
    match (answer, receipt) {
        (Ok(Fetched::Present(remote)), Some(receipt)) => {
            !remote.trashed && decide::drifted_parts(receipt, remote).is_empty()
        }
        (answer, _) => answer.is_err(),
    }
}

fn indexes(observed: &Observed<'_>, asking: &[(usize, Ask)], which: impl Fn(&Ask) -> bool) -> Vec<usize> {
    let open = asking.iter().filter(|(index, ask)| observed.work[*index].error.is_none() && which(ask));
    open.map(|(index, _)| *index).collect()
}

fn reader_can_find(observed: &Observed<'_>, finds: &[usize]) -> bool {
    observed.work[finds[0]].target.capabilities().find != Finding::Never
}

/// Learns what renderings depend on and the ledger does not know, and renders again where something
/// new was learned.
async fn survey(run: &Run<'_>, observed: &mut Observed<'_>, reader: &dyn Reader, asking: &[(usize, Ask)]) {
    for (index, _) in asking {
        let work = &observed.work[*index];
        let name = work.target.common().name.clone();
        let Some(rendered) = &work.rendered else { continue };
        let known = observed.sites.known(&name);
        match reader.survey(&rendered.rendering, &known).await {
            Err(error) => observed.work[*index].error = Some(error),
            Ok(learned) => {
                if observed.sites.learn(&name, learned) {
                    render_again(run, observed, *index);
                }
            }
        }
    }
}

/// Renders one note again, since something that it depends on has become known.
fn render_again(run: &Run<'_>, observed: &mut Observed<'_>, index: usize) {
    let work = &observed.work[index];
    let record = observed.notes[work.note].1.record();
    let site = observed.sites.for_rendering(&*work.target);
    let links = links::known(run, observed, work, Unpublished::Awaited);
    match render(run, observed, work, record.as_ref(), &site, &links, work.rendered.as_ref()) {
        Ok(rendered) => observed.work[index].rendered = Some(rendered),
        Err(errors) => observed.work[index].error = errors.into_iter().next(),
    }
}

async fn find(
    run: &Run<'_>,
    observed: &mut Observed<'_>,
    reader: &dyn Reader,
    finds: &[usize],
) -> Result<()> {
    let wanted: Vec<Wanted> = finds.iter().map(|index| observed.work[*index].wanted()).collect();
    let found = reader.find(&wanted, looks_for_others(run, observed, finds)).await?;
    // First all that was found, since notes link to one another: then what each would be now.
    for (index, found) in finds.iter().zip(&found) {
        observed.work[*index].remote = found.ours.first().cloned();
    }
    for (index, found) in finds.iter().zip(found) {
        if found.ours.len() == 1 {
            look_for_pictures(observed, reader, *index).await?;
            render_again(run, observed, *index);
        }
        after_find(run, observed, *index, &found);
    }
    Ok(())
}

/// Whether posts of others are looked for as well: on a site that crosspost has not published to
/// yet, or for a note from before it did. Later notes cannot have been pasted by hand before, but for
/// those that a person was given for just that.
fn looks_for_others(run: &Run<'_>, observed: &Observed<'_>, finds: &[usize]) -> bool {
    let name = &observed.work[finds[0]].target.common().name;
    let site = observed.sites.known(name);
    let Some(since) = site.get(SINCE).and_then(|s| s.parse::<jiff::Timestamp>().ok()) else {
        return true;
    };
    finds.iter().any(|index| {
        let work = &observed.work[*index];
        if work.is_handed_over() {
            return true;
        }
        let date = work.rendered.as_ref().and_then(|r| r.rendering.date);
        // Dates of notes are often days: a note of the first day counts as later.
        let day = since.to_zoned(run.zone.clone()).start_of_day().map(|z| z.timestamp());
        date.is_none_or(|date| day.is_ok_and(|day| date < day))
    })
}

/// A post that the ledger does not know can be there with its pictures: they are looked for, so that
/// the rendering can be compared with what it was sent with, and none is uploaded twice.
async fn look_for_pictures(observed: &mut Observed<'_>, reader: &dyn Reader, index: usize) -> Result<()> {
    let missing = observed.work[index].missing_pictures();
    if missing.is_empty() {
        return Ok(());
    }
    let found = reader.find_pictures(&missing).await?;
    for (picture, remote) in missing.into_iter().zip(found) {
        if let Some(remote) = remote {
            observed.work[index].found_pictures.insert(picture.digest, remote);
        }
    }
    Ok(())
}

fn after_find(run: &Run<'_>, observed: &mut Observed<'_>, index: usize, found: &Found) {
    let decision = decided(run, &observed.work[index], |known| decide::after_find(known, found));
    if let Some(decision) = decision {
        observed.work[index].decision = decision;
    }
}

fn after_fetch(run: &Run<'_>, observed: &mut Observed<'_>, index: usize, fetched: Fetched) {
    let decide = |known: &Known<'_>| decide::after_fetch(known, &fetched);
    let Some(decision) = decided(run, &observed.work[index], decide) else { return };
    let work = &mut observed.work[index];
    work.decision = decision;
    work.remote = match fetched {
        Fetched::Present(remote) => Some(*remote),
        Fetched::Gone | Fetched::Unseen => None,
    };
}

fn decided(run: &Run<'_>, work: &Work, decide: impl Fn(&Known<'_>) -> Decision) -> Option<Decision> {
    let rendered = work.rendered.as_ref()?;
    let rendering = &rendered.rendering;
    let is_current = |remote: &Remote| {
        work.target.is_current(rendering, remote) && difference::is_as_sent(remote, rendering)
    };
    let is_untouched = |remote: &Remote| difference::is_untouched(remote, rendering);
    let known = Known { is_untouched: &is_untouched, ..known(run, work, &rendered.digest, &is_current) };
    Some(decide(&known))
}
