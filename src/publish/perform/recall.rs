//! What unchanged posts are made of, for the next run to recognise them by: missing in records of
//! earlier releases, and out of date after an update of this program or a change of the configuration
//! that made no difference.

use crate::{
    publish::{Observed, Run},
    state::{Change, Entry, Record, Versioned},
};

/// Writes it, in one batch. Should that fail, the next run has to render once more, and that is all:
/// nobody needs to hear of it.
pub(super) async fn recall(run: &Run<'_>, observed: &Observed<'_>) {
    let changes = (0..observed.notes.len()).filter_map(|note| change(run, observed, note));
    let changes: Vec<Change> = changes.collect();
    if !changes.is_empty() {
        let _ = run.ledger.commit(changes).await;
    }
}

fn change(run: &Run<'_>, observed: &Observed<'_>, note: usize) -> Option<Change> {
    let (prepared, session) = &observed.notes[note];
    let rendered = observed.of_note(note).into_iter().filter_map(|work| {
        let rendered = work.rendered.as_ref().filter(|rendered| rendered.waits_for.is_empty())?;
        Some((&work.target.common().name, rendered))
    });
    let stale: Vec<_> = rendered.collect();
    let Versioned { value: mut record, version } = session.state().filter(|_| !stale.is_empty())?;
    let mut is_changed = false;
    for (name, rendered) in stale {
        let receipt = record.targets.get_mut(name).and_then(|at| at.receipt.as_mut());
        let Some(receipt) = receipt.filter(|r| r.digest == rendered.digest) else { continue };
        if receipt.basis != rendered.basis {
            receipt.basis.clone_from(&rendered.basis);
            is_changed = true;
        }
    }
    let record = is_changed.then(|| Record {
        title: prepared.title(run).to_owned(),
        text: prepared.text,
        ..record
    })?;
    let key = crate::state::Key::Note(record.note.clone());
    Some(Change { key, expected: Some(version), entry: Some(Entry::Note(Box::new(record))) })
}
