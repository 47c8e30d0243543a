//! The decision: from what the ledger says, what the note would be there, and what the site showed,
//! to one action. Total and pure: every combination has an answer, and the same one every time.

use jiff::Timestamp;

use super::Action;
use crate::{
    error::Error,
    render::Digest,
    state::{Intent, Phase, Receipt, TargetRecord},
    targets::{Capabilities, Fetched, Finding, Found, Remote, RemoteId},
};

/// What to do about an edit that was made on the site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnDrift {
    /// Leave the post alone and say so.
    #[default]
    Fail,
    /// Send the note over it.
    Overwrite,
    /// Take what the site has as the new base: the post stays, and counts as published.
    Keep,
}

/// Everything known before the site is asked.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// What the target can do.
    pub capabilities: Capabilities,
    /// What the ledger says of the note there.
    pub record: Option<&'a TargetRecord>,
    /// Digest of what the note would be there now.
    pub digest: &'a Digest,
    /// The time.
    pub now: Timestamp,
    /// What to do about drift.
    pub on_drift: OnDrift,
    /// Whether a post on the site is the one that would be sent now, and nobody has edited it since
    /// it was, as far as can be told.
    pub is_current: &'a dyn Fn(&Remote) -> bool,
    /// Whether a post on the site, though of another version of the note, is certainly as crosspost
    /// sent it.
    pub is_untouched: &'a dyn Fn(&Remote) -> bool,
    /// Whether the absence of a record means that nothing was published: not so on a CI runner
    /// whose ledger did not survive the last run.
    pub trust_ledger: bool,
}

/// What must be asked before there is a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: this is it.
    Decided(Decision),
    /// Look for the post by its marker.
    Find,
    /// Look at the post with this id.
    Fetch(RemoteId),
}

/// What is to be done, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub action: Action,
    /// Why, in a few words.
    pub reason: Option<String>,
    /// For [`Action::Blocked`]: what a person has to decide, and how.
    pub error: Option<Error>,
    /// The outcome of an earlier create cannot be found out: a person has to look.
    pub uncertain: bool,
    /// For [`Action::Manual`]: a person brings the note there, and is given what that takes.
    pub by_hand: Option<ByHand>,
    /// The parts of the post that were edited on the site.
    pub drifted: Vec<String>,
}

/// A note that a person brings to a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByHand {
    /// A post that may be it: it was there when the note was looked for, but not with certainty ours.
    pub alike: Option<String>,
}

impl Decision {
    fn plain(action: Action) -> Self {
        Self { action, reason: None, error: None, uncertain: false, by_hand: None, drifted: Vec::new() }
    }

    fn because(action: Action, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::plain(action) }
    }

    fn blocked(reason: impl Into<String>, error: Error) -> Self {
        Self { error: Some(error), ..Self::because(Action::Blocked, reason) }
    }

    fn by_hand(reason: impl Into<String>, alike: Option<String>) -> Self {
        Self { by_hand: Some(ByHand { alike }), ..Self::because(Action::Manual, reason) }
    }

    fn uncertain(reason: impl Into<String>, error: Error) -> Self {
        Self { uncertain: true, ..Self::blocked(reason, error) }
    }
}

/// The first half: what can be told from the ledger alone. An unchanged note ends here, without a
/// request.
#[must_use]
pub fn look(known: &Known<'_>) -> Next {
    let Some(record) = known.record else { return look_for_new(known) };
    if let Some(intent) = &record.intent {
        if matches!(intent.phase, Phase::Uncertain | Phase::Handed) {
            return match known.capabilities.find {
                Finding::Never => Next::Decided(not_found(known, &Found::default())),
                _ => Next::Find,
            };
        }
        if intent.until > known.now && !known.capabilities.idempotent_create {
            return Next::Decided(Decision::blocked(
                "another run is at it",
                Error::decision("another run is publishing this note there, or has just died doing so")
                    .code(super::BUSY)
                    .help(format!(
                        "run again after {}: it looks before it posts",
                        intent.until.round(jiff::Unit::Second).unwrap_or(intent.until)
                    )),
            ));
        }
        return match &record.receipt {
            // A create beside a receipt is that of a post that was deleted: its successor has
            // another id, which only its marker tells.
            Some(receipt) if intent.phase != Phase::Create => Next::Fetch(receipt.remote_id.clone()),
            _ if known.capabilities.find == Finding::Never => Next::Decided(uncertain()),
            _ => Next::Find,
        };
    }
    match &record.receipt {
        Some(receipt) => look_at_published(known, receipt),
        None => look_for_new(known),
    }
}

fn look_for_new(known: &Known<'_>) -> Next {
    match known.capabilities.find {
        Finding::Certain => Next::Find,
        _ if !known.trust_ledger => Next::Decided(Decision::blocked(
            "the ledger is not here",
            Error::decision(
                "this target cannot be asked what it has, and there is no ledger here that remembers",
            )
            .code("no-ledger")
            .help("on a CI runner keep the ledger in a git branch: `state = \"git:crosspost-ledger\"`")
            .help("or commit the ledger's folder with the notes"),
        )),
        Finding::Hints => Next::Find,
        Finding::Never => Next::Decided(not_found(known, &Found::default())),
    }
}

fn look_at_published(known: &Known<'_>, receipt: &Receipt) -> Next {
    if receipt.unpublished {
        let day = receipt.at.strftime("%Y-%m-%d");
        return Next::Decided(Decision::because(Action::Skipped, format!("taken down on {day}")));
    }
    if receipt.digest == *known.digest {
        return Next::Decided(Decision::plain(Action::Unchanged));
    }
    if !known.capabilities.update {
        return Next::Decided(Decision::because(Action::Manual, "changed since; edit it there"));
    }
    Next::Fetch(receipt.remote_id.clone())
}

/// The second half, after [`Next::Find`].
#[must_use]
pub fn after_find(known: &Known<'_>, found: &Found) -> Decision {
    match found.ours.as_slice() {
        [] => not_found(known, found),
        [one] => found_ours(known, one),
        several => several_ours(several),
    }
}

fn not_found(known: &Known<'_>, found: &Found) -> Decision {
    let intent = known.record.and_then(|r| r.intent.as_ref());
    let interrupted = intent.is_some();
    if let (Some(intent), true) = (intent.filter(|i| i.phase == Phase::Handed), known.capabilities.by_hand) {
        return handed_over(known, intent, found);
    }
    if let (Some(other), false) = (found.lookalikes.first(), interrupted) {
        return suspected_duplicate(known, other);
    }
    match (interrupted, known.capabilities.find) {
        (true, Finding::Hints | Finding::Never) => uncertain(),
        (true, Finding::Certain) => Decision::because(Action::Create, "an earlier run was interrupted"),
        (false, _) if known.capabilities.by_hand => Decision::by_hand("bring it there", None),
        (false, _) => Decision::plain(Action::Create),
    }
}

/// A person was given the note, and what came of it is not to be seen. They are not given it again
/// unless it has changed: they may have brought it there a moment ago.
fn handed_over(known: &Known<'_>, intent: &Intent, found: &Found) -> Decision {
    let day = intent.at.strftime("%Y-%m-%d");
    if let Some(url) = found.lookalikes.first().and_then(|other| other.url.clone()) {
        return Decision::by_hand("a post like it is there", Some(url));
    }
    if intent.digest == *known.digest {
        return Decision::by_hand(format!("waiting for you since {day}"), None);
    }
    Decision::by_hand(format!("waiting for you since {day}, and the note has changed"), None)
}

fn found_ours(known: &Known<'_>, remote: &Remote) -> Decision {
    let lost = match known.record.and_then(|r| r.intent.as_ref()) {
        Some(intent) if intent.phase == Phase::Handed => "you brought it there",
        Some(_) => "an earlier run was interrupted",
        None => "not in the ledger",
    };
    if remote.trashed {
        return trashed(known, lost);
    }
    // A target without stamps (Medium) cannot be updated either: what is found there is adopted.
    if !known.capabilities.update || (known.is_current)(remote) {
        return Decision::because(Action::Adopt, lost);
    }
    if (known.is_untouched)(remote) {
        return Decision::because(Action::Update, format!("{lost}, and the note has changed"));
    }
    match known.on_drift {
        OnDrift::Overwrite => Decision::because(Action::Update, format!("{lost}; overwriting what is there")),
        OnDrift::Keep => Decision::because(Action::Adopt, format!("{lost}; keeping what is there")),
        OnDrift::Fail => Decision::blocked(
            "it differs from what is there",
            Error::decision("the note's post was found on the site, but the ledger does not know it, and it differs from the note")
                .code("drift")
                .help("look at the post: somebody may have edited it there")
                .help("send the note over it with `--on-drift overwrite`, or leave it as it is with `--on-drift keep`"),
        ),
    }
}

/// The second half, after [`Next::Fetch`].
#[must_use]
pub fn after_fetch(known: &Known<'_>, fetched: &Fetched) -> Decision {
    let remote = match fetched {
        Fetched::Present(remote) => remote,
        Fetched::Gone => return gone(known),
        Fetched::Unseen => return unseen(known),
    };
    if remote.trashed {
        return trashed(known, "the note has changed");
    }
    let Some(receipt) = known.record.and_then(|r| r.receipt.as_ref()) else {
        return found_ours(known, remote);
    };
    let drifted = drifted_parts(receipt, remote);
    if known.record.is_some_and(|r| r.intent.is_some()) {
        return after_interruption(known, receipt, remote, drifted);
    }
    if receipt.digest == *known.digest {
        // Nothing is to be sent, so nothing can be overwritten.
        let reason = (!drifted.is_empty()).then(|| format!("edited there: {}", drifted.join(", ")));
        return Decision { reason, drifted, ..Decision::plain(Action::Unchanged) };
    }
    if drifted.is_empty() {
        return Decision::because(Action::Update, "the note has changed");
    }
    drift(known, drifted)
}

/// An update or a removal was begun, and nobody knows whether it was done: the post is as before,
/// or as it was to be, or somebody has edited it since. Also where nothing is to be sent the ledger
/// must learn what is there, or the intent would stand for ever.
fn after_interruption(
    known: &Known<'_>,
    receipt: &Receipt,
    remote: &Remote,
    drifted: Vec<String>,
) -> Decision {
    let was = "an earlier run was interrupted";
    let as_before = drifted.is_empty();
    if (as_before && receipt.digest == *known.digest) || (known.is_current)(remote) {
        return Decision::because(Action::Adopt, was);
    }
    if as_before || (known.is_untouched)(remote) {
        return Decision::because(Action::Update, format!("{was}, and the post is not as the note is"));
    }
    drift(known, drifted)
}

/// A post that cannot be looked at has not drifted, as far as anybody can tell.
fn unseen(known: &Known<'_>) -> Decision {
    let receipt = known.record.and_then(|r| r.receipt.as_ref());
    match receipt {
        Some(receipt) if receipt.digest == *known.digest => Decision::plain(Action::Unchanged),
        _ => Decision::because(Action::Manual, "changed since; edit it there"),
    }
}

/// The names of the parts that are not as the last receipt says.
#[must_use]
pub fn drifted_parts(receipt: &Receipt, remote: &Remote) -> Vec<String> {
    let echo = remote.echo();
    receipt
        .echo
        .iter()
        .filter(|(name, digest)| echo.get(*name) != Some(*digest))
        .map(|(name, _)| name.clone())
        .collect()
}

fn drift(known: &Known<'_>, drifted: Vec<String>) -> Decision {
    let parts = drifted.join(", ");
    let decision = match known.on_drift {
        OnDrift::Overwrite => {
            Decision::because(Action::Update, format!("overwriting what was edited there ({parts})"))
        }
        OnDrift::Keep => Decision::because(Action::Adopt, format!("keeping what was edited there ({parts})")),
        OnDrift::Fail => Decision::blocked(
            format!("edited on the site: {parts}"),
            Error::decision(format!("the post was edited on the site since it was last published ({parts})"))
                .code("drift")
                .help("bring the edit into the note, then send the note over it: `--on-drift overwrite`")
                .help("or leave the post as it is and count it as published: `--on-drift keep`"),
        ),
    };
    Decision { drifted, ..decision }
}

fn trashed(known: &Known<'_>, why: &str) -> Decision {
    match known.on_drift {
        OnDrift::Overwrite => Decision::because(Action::Update, format!("{why}; taking it out of the trash")),
        OnDrift::Keep | OnDrift::Fail => Decision::blocked(
            "it is in the trash there",
            Error::decision("the post is in the site's trash")
                .code("trashed")
                .help("restore it on the site, or restore and update it with `--on-drift overwrite`")
                .help("or take the target out of the note's `targets`"),
        ),
    }
}

fn gone(known: &Known<'_>) -> Decision {
    if known.capabilities.local {
        return Decision::because(Action::Create, "it was gone");
    }
    match known.on_drift {
        OnDrift::Overwrite => Decision::because(Action::Create, "it was deleted there; creating it again"),
        OnDrift::Keep | OnDrift::Fail => Decision::blocked(
            "it was deleted there",
            Error::decision("the post was deleted on the site")
                .code("deleted")
                .help("create it again with `--on-drift overwrite`")
                .help("or take the target out of the note's `targets`"),
        ),
    }
}

fn suspected_duplicate(known: &Known<'_>, other: &Remote) -> Decision {
    let at = other.url.clone().unwrap_or_else(|| format!("id {}", other.id.0));
    // A target that cannot be asked cannot be asked for an id either.
    let which = match &other.url {
        Some(url) if known.capabilities.find != Finding::Certain => format!("--url {url}"),
        _ => format!("--id {}", other.id.0),
    };
    Decision::blocked(
        "a post like it is there already",
        Error::decision("the site already has a post with this title or slug that crosspost did not make")
            .code("suspected-duplicate")
            .detail("post", at)
            .help(format!("if it is this note: `crosspost adopt NOTE --target TARGET {which}`"))
            .help("if it is another: give the note another title or `slug`"),
    )
}

fn several_ours(several: &[Remote]) -> Decision {
    let ids: Vec<&str> = several.iter().map(|r| r.id.0.as_str()).collect();
    Decision::blocked(
        "several posts carry its marker",
        Error::decision(format!("{} posts on the site carry this note's marker", several.len()))
            .code("several-posts")
            .detail("posts", ids.join(", "))
            .help("somebody copied the post there: delete the copies, or take the comment `crosspost:…` out of them"),
    )
}

fn uncertain() -> Decision {
    Decision::uncertain(
        "it may have been published",
        Error::decision("an earlier run sent this note there and never heard the answer")
            .code("uncertain")
            .help("look whether it is there, then say so:")
            .help("`crosspost resolve NOTE --target TARGET --published URL` or `… --not-published`"),
    )
}

/// A note that another target has and the ledger does not know: it was lost, so a target that
/// cannot be asked may have the note too.
#[must_use]
pub fn forgotten() -> Decision {
    Decision::uncertain(
        "it may have been published before the ledger was lost",
        Error::decision("the note is published elsewhere, but the ledger does not know it, and this target cannot be asked")
            .code("ledger-lost")
            .help("look whether it is there, then say so:")
            .help("`crosspost resolve NOTE --target TARGET --published URL` or `… --not-published`"),
    )
}
