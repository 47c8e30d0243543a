//! What a note says of itself, checked: the values that everything else reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    error::Place,
    note::{Audience, NoteDate},
};

/// The state that a post should have on a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Only its authors see it.
    Draft,
    /// Waiting for an editor.
    Pending,
    /// Only people who are logged in and may read private posts.
    Private,
    /// Everybody in the target's audience; with a date to come, from then on.
    #[default]
    Publish,
}

impl Status {
    /// The word of the front matter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Pending => "pending",
            Self::Private => "private",
            Self::Publish => "publish",
        }
    }
}

/// What a note says of itself, checked. Every value keeps the meaning of DESIGN's keys whatever
/// tool's words the note used (`draft: true` is [`Status::Draft`], `summary` is the excerpt).
#[derive(Debug, Clone, Default)]
pub struct FrontMatter {
    /// `id`: an identity that survives a move.
    pub id: Option<String>,
    /// `audience`: may only narrow.
    pub audience: Option<Audience>,
    /// `author`: a login at the site, or the name that a target's `authors` lists.
    pub author: Option<String>,
    /// `targets`: where it goes and what differs there.
    pub targets: Targets,
    /// Everything that a target may override.
    pub own: Overrides,
    /// Where each key stands, for messages. Keys as crosspost calls them.
    pub places: BTreeMap<&'static str, Place>,
    /// Where each target stands that the note has a table or a word of its own for.
    pub target_places: BTreeMap<String, Place>,
}

/// Where a note goes. A list (`targets: [blog]`) names all its targets; a table
/// (`targets: {medium: {title: …}, intranet: false}`) says what differs and leaves the rest alone.
#[derive(Debug, Clone, Default)]
pub enum Targets {
    /// The key is absent: everywhere.
    #[default]
    All,
    /// These and no others.
    Only(Vec<String>),
    /// Everywhere but where [`TargetChoice::Leave`] stands.
    Choices(BTreeMap<String, TargetChoice>),
}

/// What a note's table of targets says of one target.
#[derive(Debug, Clone)]
pub enum TargetChoice {
    /// `false`: not there.
    Leave,
    /// There (`true`, or a table), with these differences.
    Take(Box<Overrides>),
}

impl Targets {
    /// The names that the note mentions, for checking them against the configuration.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let (list, table) = match self {
            Self::All => (None, None),
            Self::Only(names) => (Some(names), None),
            Self::Choices(choices) => (None, Some(choices)),
        };
        list.into_iter()
            .flatten()
            .map(String::as_str)
            .chain(table.into_iter().flat_map(BTreeMap::keys).map(String::as_str))
    }

    fn choice(&self, target: &str) -> Option<&TargetChoice> {
        match self {
            Self::Choices(choices) => choices.get(target),
            _ => None,
        }
    }
}

/// The values that stand in the front matter and may stand again for one target.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `title`.
    pub title: Option<String>,
    /// `slug`.
    pub slug: Option<String>,
    /// `date`.
    pub date: Option<NoteDate>,
    /// `status`.
    pub status: Option<Status>,
    /// `tags`; `None` where the key is absent.
    pub tags: Option<Vec<String>>,
    /// `categories`.
    pub categories: Option<Vec<String>>,
    /// `taxonomies`: terms, by the taxonomy's name at the site.
    pub taxonomies: Option<BTreeMap<String, Vec<String>>>,
    /// `excerpt`.
    pub excerpt: Option<String>,
    /// `image`: the featured picture, a path beside the note or a URL.
    pub image: Option<String>,
    /// `image_alt`.
    pub image_alt: Option<String>,
    /// `canonical`: an absolute URL.
    pub canonical: Option<String>,
}

impl FrontMatter {
    /// The values that hold at a target: its overrides over the note's own.
    #[must_use]
    pub fn at(&self, target: &str) -> Overrides {
        let mut values = self.own.clone();
        if let Some(TargetChoice::Take(over)) = self.targets.choice(target) {
            values.overlay(over);
        }
        values
    }

    /// Whether an audience may have the note at all: an internal one is not for the public.
    #[must_use]
    pub fn is_for(&self, audience: Audience) -> bool {
        audience == Audience::Internal || self.audience != Some(Audience::Internal)
    }

    /// Whether the note goes to a target at all.
    #[must_use]
    pub fn goes_to(&self, target: &str) -> bool {
        match &self.targets {
            Targets::All => true,
            Targets::Only(names) => names.iter().any(|name| name == target),
            Targets::Choices(_) => !matches!(self.targets.choice(target), Some(TargetChoice::Leave)),
        }
    }
}

impl Overrides {
    fn overlay(&mut self, over: &Self) {
        fn set<T: Clone>(mine: &mut Option<T>, theirs: Option<&T>) {
            if let Some(value) = theirs {
                *mine = Some(value.clone());
            }
        }
        set(&mut self.title, over.title.as_ref());
        set(&mut self.slug, over.slug.as_ref());
        set(&mut self.date, over.date.as_ref());
        set(&mut self.status, over.status.as_ref());
        set(&mut self.tags, over.tags.as_ref());
        set(&mut self.categories, over.categories.as_ref());
        set(&mut self.taxonomies, over.taxonomies.as_ref());
        set(&mut self.excerpt, over.excerpt.as_ref());
        set(&mut self.image, over.image.as_ref());
        set(&mut self.image_alt, over.image_alt.as_ref());
        set(&mut self.canonical, over.canonical.as_ref());
    }
}
