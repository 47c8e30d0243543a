//! What the ledger remembers of the targets' sites: read once, added to during the run, written
//! back at its end. Nothing in it could not be asked again, so a lost write costs requests only.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use super::perform::SINCE;
use crate::{
    error::Result,
    state::{Change, Entry, Key, Ledger, SiteRecord, Swap, Versioned, record::FORMAT},
    targets::Target,
};

/// The sites of a run's targets.
#[derive(Default)]
pub struct Sites {
    sites: HashMap<String, RwLock<Site>>,
}

#[derive(Default, Clone)]
struct Site {
    location: String,
    known: BTreeMap<String, String>,
    learned: bool,
}

impl Sites {
    /// Reads what is known of the targets.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn read(ledger: &dyn Ledger, targets: &[std::sync::Arc<dyn Target>]) -> Result<Self> {
        let mut sites = HashMap::new();
        for target in targets {
            let location = target.location();
            let known = read_site(ledger, &target.common().name)
                .await?
                .map(|v| v.value)
                .filter(|site| site.location == location)
                .map(|site| site.known)
                .unwrap_or_default();
            let site = Site { location, known, learned: false };
            sites.insert(target.common().name.clone(), RwLock::new(site));
        }
        Ok(Self { sites })
    }

    /// What is known of a target's site.
    #[must_use]
    pub fn known(&self, target: &str) -> BTreeMap<String, String> {
        self.sites.get(target).map(|site| read(site).known.clone()).unwrap_or_default()
    }

    /// What is known of a target's site and is for rendering.
    #[must_use]
    pub fn for_rendering(&self, target: &dyn Target) -> BTreeMap<String, String> {
        let Some(site) = self.sites.get(&target.common().name) else { return BTreeMap::new() };
        let site = read(site);
        let known = site.known.iter().filter(|(name, _)| *name != SINCE && target.renders_by(name));
        known.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Adds what was learned; says whether any of it was new.
    pub fn learn(&self, target: &str, learned: BTreeMap<String, String>) -> bool {
        let Some(site) = self.sites.get(target) else { return false };
        let mut site = site.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = |(name, value): (&String, &String)| site.known.get(name) != Some(value);
        let new = learned.iter().any(is_new);
        site.known.extend(learned);
        site.learned |= new;
        new
    }

    /// Writes what this run learned.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn write(&self, ledger: &dyn Ledger) -> Result<()> {
        for (target, site) in &self.sites {
            let learned = read(site).learned.then(|| read(site).clone());
            if let Some(site) = learned {
                write_site(ledger, target, &site).await?;
            }
        }
        Ok(())
    }
}

fn read(site: &RwLock<Site>) -> RwLockReadGuard<'_, Site> {
    site.read().unwrap_or_else(PoisonError::into_inner)
}

async fn write_site(ledger: &dyn Ledger, target: &str, site: &Site) -> Result<()> {
    loop {
        let before = read_site(ledger, target).await?;
        let mut known = match &before {
            Some(v) if v.value.location == site.location => v.value.known.clone(),
            _ => BTreeMap::new(),
        };
        known.extend(site.known.clone());
        let record = SiteRecord {
            format: FORMAT,
            target: target.to_owned(),
            location: site.location.clone(),
            serial: before.as_ref().map_or(0, |v| v.value.serial) + 1,
            known,
        };
        let change = Change {
            key: Key::Site(target.to_owned()),
            expected: before.map(|v| v.version),
            entry: Some(Entry::Site(Box::new(record))),
        };
        if let Some(Swap::Done(_)) = ledger.commit(vec![change]).await?.into_iter().next() {
            return Ok(());
        }
    }
}

async fn read_site(ledger: &dyn Ledger, target: &str) -> Result<Option<Versioned<SiteRecord>>> {
    Ok(match ledger.read(&Key::Site(target.to_owned())).await? {
        Some(Versioned { value: Entry::Site(site), version }) => Some(Versioned { value: *site, version }),
        _ => None,
    })
}
