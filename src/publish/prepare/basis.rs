//! What a rendering is made of, as the ledger keeps it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Part, Prepared, Rendered, View, permalink};
use crate::{
    note::{self, Audience, path::resolve_relative},
    publish::{
        Run,
        fingerprint::Inputs,
        links::{Address, Link},
    },
    render::{Digest, RemotePicture, Rendering},
    state::Basis,
    targets::Target,
};

impl Prepared {
    /// What a rendering is made of.
    pub(super) fn basis(
        &self,
        target: &dyn Target,
        view: &View<'_>,
        (part, rendering, shown): (&Part, &Rendering, &BTreeMap<Digest, RemotePicture>),
    ) -> Basis {
        let from = self.note.path();
        let needed = rendering.needs.iter().filter_map(|(src, _)| Some((src, part.pictures.get(src)?)));
        let pictures: BTreeMap<String, Digest> = needed
            .filter_map(|(src, found)| Some((resolve_relative(from, src).ok()?, found.original.digest)))
            .collect();
        let pictures: Vec<(String, Digest)> = pictures.into_iter().collect();
        Basis {
            digest: self.made_of(target, view, &pictures, shown),
            links: view.links.links.iter().map(Link::text).collect(),
            pictures: pictures.into_iter().map(|(path, _)| path).collect(),
        }
    }

    fn made_of(
        &self,
        target: &dyn Target,
        view: &View<'_>,
        pictures: &[(String, Digest)],
        shown: &BTreeMap<Digest, RemotePicture>,
    ) -> Digest {
        let inputs = Inputs {
            path: self.note.path(),
            is_own_key: self.is_own_key(),
            source: self.source(),
            marker: view.marker,
            permalink: view.record.and_then(|record| permalink(record, target)),
            site: view.site,
            links: &view.links.links,
            pictures,
            shown,
        };
        view.fingerprints.of(target, &inputs)
    }

    /// Whether rendering the note now would give the same again, as far as can be told without doing
    /// it. That of a note with pictures is not told: where they are is found out while it is sent.
    #[must_use]
    pub fn is_rendered(&self, target: &dyn Target, view: &View<'_>, rendered: &Rendered) -> bool {
        rendered.rendering.needs.is_empty()
            && self.made_of(target, view, &[], &BTreeMap::new()) == rendered.made_of
    }

    /// What a rendering is made of, for the ledger. `None` where the ledger, which may be public, would
    /// tell of what only colleagues read.
    pub(super) fn told(&self, run: &Run<'_>, target: &dyn Target, basis: Basis) -> Option<Basis> {
        self.may_be_told(run, target.common().audience, &basis).then_some(basis)
    }

    /// Whether everybody may know the paths that a rendering is made of: they stand in the public
    /// text too, or the note is internal as a whole, as its title and path in the ledger are.
    fn may_be_told(&self, run: &Run<'_>, audience: Audience, basis: &Basis) -> bool {
        if basis.links.iter().chain(&basis.pictures).any(|path| run.internal.hosts.mentions(path).is_some()) {
            return false;
        }
        let is_cut = || match note::audience::clear(&self.note, Audience::Public) {
            Ok(cleared) => !cleared.removed.is_empty(),
            Err(_) => true,
        };
        if audience == Audience::Public || !self.note.meta.is_for(Audience::Public) || !is_cut() {
            return true;
        }
        let Ok(public) = self.part(run, Audience::Public) else { return false };
        let from = self.note.path();
        let links: BTreeSet<String> = public.links.iter().map(Address::text).collect();
        let images = public.document.images().into_iter().map(|shown| shown.src);
        let images = images.chain(self.note.meta.own.image.clone());
        let pictures: BTreeSet<String> = images.filter_map(|src| resolve_relative(from, &src).ok()).collect();
        basis.links.iter().all(|link| links.contains(link))
            && basis.pictures.iter().all(|picture| pictures.contains(picture))
    }
}
