//! The folder as a site: which pages of crosspost's are in it, and its list, feed and style sheet,
//! which are made from them. The pages themselves are the only record: there is no list of them
//! that could be lost or disagree.

use std::{
    collections::BTreeMap,
    io::Read,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    card::{Card, marker_of},
    config::Settings,
    disk::{Folder, Locked, Seen},
    feed,
    index::{self, Listed},
    picture,
    seal::{self, Comment},
};
use crate::{
    error::{Error, Result},
    note::Marker,
};

/// The style sheet's file.
const STYLE_FILE: &str = "style.css";
/// The style sheet.
pub const STYLE: &str = include_str!("style.css");
/// How much of a page is read for its head.
const HEAD: u64 = 64 * 1024;
/// The list may be behind by one page in so many.
const BEHIND: usize = 100;

/// The folder and what is known of it.
pub struct Site {
    /// The configuration.
    pub settings: Settings,
    /// The folder.
    pub folder: Folder,
    target: String,
    known: Mutex<Known>,
}

/// The pages of the folder as this process last saw them.
#[derive(Default)]
pub struct Known {
    seen: Option<Seen>,
    pages: BTreeMap<String, Owned>,
    /// Pages written since the list was; `None` before it was written at all.
    behind: Option<usize>,
    /// A person has been told that a list of theirs is left alone.
    told: bool,
}

/// A page of crosspost's.
struct Owned {
    marker: Marker,
    /// `None` where its head was edited beyond reading.
    card: Option<Card>,
}

impl Owned {
    fn of(page: &str) -> Option<Self> {
        Some(Self { marker: marker_of(page)?, card: Card::read(page) })
    }
}

impl Site {
    /// The site of a target.
    #[must_use]
    pub fn new(settings: Settings, target: &str) -> Self {
        let folder = Folder { path: settings.folder.clone(), shown: settings.shown.clone() };
        Self { settings, folder, target: target.to_owned(), known: Mutex::default() }
    }

    /// What is known of the pages, brought up to date unless nobody wrote since.
    ///
    /// # Errors
    /// A folder or a page that cannot be read.
    pub fn known(&self) -> Result<MutexGuard<'_, Known>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = self.folder.seen();
        if known.seen.as_ref() != Some(&seen) {
            self.scan(&mut known)?;
            known.seen = Some(seen);
        }
        Ok(known)
    }

    /// What is known of the pages, read again from all of them: people change files too.
    ///
    /// # Errors
    /// As for [`Site::known`].
    pub fn known_afresh(&self) -> Result<MutexGuard<'_, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).seen = None;
        self.known()
    }

    fn scan(&self, known: &mut Known) -> Result<()> {
        known.pages.clear();
        for name in self.folder.names("")? {
            if is_page(&name)
                && self.folder.has(&name)
                && let Some(page) = Owned::of(&self.head(&name)?)
            {
                known.pages.insert(name, page);
            }
        }
        Ok(())
    }

    fn head(&self, name: &str) -> Result<String> {
        let read = || {
            let mut bytes = Vec::new();
            std::fs::File::open(self.folder.path.join(name))?.take(HEAD).read_to_end(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        read().map_err(|e| self.folder.error("cannot read", name, &e))
    }

    /// Refuses a folder that somebody else's site is in.
    ///
    /// # Errors
    /// When there is no page of crosspost's, but a list, a feed or a style sheet that it did not
    /// write.
    pub fn refuse_other_site(&self, known: &Known) -> Result<()> {
        if !known.pages.is_empty() {
            return Ok(());
        }
        for name in [index::FILE, feed::FILE, STYLE_FILE] {
            if self.folder.read(name)?.is_some_and(|text| !seal::is_intact(&text)) {
                return Err(Error::decision(format!(
                    "`{}` holds a site that crosspost did not make: there is a `{name}`",
                    self.folder.shown
                ))
                .help("set `path` to a folder of its own, or move that site away"));
            }
        }
        Ok(())
    }

    /// Brings the list, the feed and the style sheet level with the pages, if it is time to.
    /// Returns the files that were left alone, since somebody changed them, and that nobody was
    /// told of yet.
    ///
    /// After each of many pages that would be quadratic, so in a big folder they may be behind by a
    /// hundredth until [`Site::finish`].
    ///
    /// # Errors
    /// What cannot be written.
    pub fn level(&self, locked: &mut Locked<'_>, known: &mut Known) -> Result<Vec<&'static str>> {
        let behind = known.behind.unwrap_or(known.pages.len()) + 1;
        known.behind = Some(behind);
        if behind * BEHIND < known.pages.len() {
            return Ok(Vec::new());
        }
        self.write_lists(locked, known)
    }

    /// Brings everything level, whatever happened before.
    ///
    /// # Errors
    /// What cannot be written; a list that somebody changed and that therefore may still show what
    /// was taken down, unless a warning told of it already.
    pub fn finish(&self) -> Result<()> {
        if !self.folder.path.is_dir() {
            return Ok(());
        }
        let mut locked = self.folder.lock()?;
        locked.sweep("")?;
        locked.sweep(picture::FOLDER)?;
        let mut known = self.known_afresh()?;
        let listed = self.folder.read(index::FILE)?.is_some_and(|text| seal::is_intact(&text));
        if known.pages.is_empty() && !listed {
            return Ok(());
        }
        let kept = self.write_lists(&mut locked, &mut known)?;
        match kept.first() {
            None => Ok(()),
            Some(name) => Err(Error::decision(kept_words(&self.folder.shown, name)).help(KEPT_HELP)),
        }
    }

    fn write_lists(&self, locked: &mut Locked<'_>, known: &mut Known) -> Result<Vec<&'static str>> {
        let mut pages = known.listed();
        index::in_order(&mut pages);
        let style = seal::sealed(STYLE.to_owned(), Comment::Css);
        // Somebody's own style sheet is welcome, and nothing is missing for it.
        self.replace(locked, STYLE_FILE, &style)?;
        let list = index::index(&self.settings, &pages)?;
        let feed = feed::feed(&self.settings, &self.target, &pages)?;
        let mut kept = Vec::new();
        for (name, text) in [(index::FILE, list), (feed::FILE, feed)] {
            if !self.replace(locked, name, &text)? && !known.told {
                kept.push(name);
            }
        }
        known.told |= !kept.is_empty();
        known.behind = Some(0);
        known.seen = Some(self.folder.seen());
        Ok(kept)
    }

    /// Writes a file that crosspost wrote before, or that is not there. Returns whether it is as
    /// it should be now.
    fn replace(&self, locked: &mut Locked<'_>, name: &str, text: &str) -> Result<bool> {
        let ours = self.folder.read(name)?.is_none_or(|old| seal::is_intact(&old));
        if ours {
            locked.write(name, text.as_bytes())?;
        }
        Ok(ours)
    }
}

impl Known {
    /// How many pages there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.pages.len()
    }

    /// The files of the pages with this marker, in order.
    #[must_use]
    pub fn files_of(&self, marker: Marker) -> Vec<String> {
        self.pages.iter().filter(|(_, page)| page.marker == marker).map(|(name, _)| name.clone()).collect()
    }

    /// A page was written.
    pub fn written(&mut self, site: &Site, name: &str, page: &str) {
        if let Some(owned) = Owned::of(page) {
            self.pages.insert(name.to_owned(), owned);
        }
        self.seen = Some(site.folder.seen());
    }

    /// A page is no longer there.
    pub fn removed(&mut self, site: &Site, name: &str) {
        self.pages.remove(name);
        self.seen = Some(site.folder.seen());
    }

    fn listed(&self) -> Vec<Listed> {
        let listed = |(file, page): (&String, &Owned)| {
            let card = page.card.clone().filter(Card::is_listed)?;
            Some(Listed { file: file.clone(), marker: page.marker, card })
        };
        self.pages.iter().filter_map(listed).collect()
    }
}

/// What to do about a file that is left alone.
pub const KEPT_HELP: &str = "delete it, and the next publication writes it again";

/// Says that a file is left alone.
#[must_use]
pub fn kept_words(shown: &str, name: &str) -> String {
    format!("`{shown}/{name}` was changed by hand and is left alone")
}

fn is_page(name: &str) -> bool {
    name != index::FILE && name.strip_suffix(".html").is_some_and(|stem| !stem.is_empty())
}
