//! Which notes a target never gets, from what the note says of itself.

use crate::{
    note::{Audience, FrontMatter, Status},
    targets::{Capabilities, Common},
};

/// Why a note never goes to a target; `None` where it does, now or later.
#[must_use]
pub fn never_goes(meta: &FrontMatter, common: &Common, capabilities: Capabilities) -> Option<String> {
    if meta.audience == Some(Audience::Internal) && common.audience == Audience::Public {
        return Some("the note is internal".to_owned());
    }
    let ours = |author: &String| common.authors.iter().any(|a| a.eq_ignore_ascii_case(author));
    if !common.authors.is_empty() && !meta.author.as_ref().is_some_and(ours) {
        return Some(match &meta.author {
            Some(author) => format!("not an account of {author}'s"),
            None => "the note names no author".to_owned(),
        });
    }
    match meta.at(&common.name).status {
        Some(Status::Private) if !capabilities.private => {
            Some("private, which this target cannot keep".to_owned())
        }
        Some(status @ (Status::Draft | Status::Pending)) if !capabilities.drafts => {
            Some(format!("{}, which this target cannot keep unseen", status.as_str()))
        }
        _ => None,
    }
}
