//! The folder as [`Reader`] and [`Writer`]. Everything here is over in milliseconds, so it is done
//! where it is called: nothing waits, and no lock is held across an `await`.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{
    card::{Card, marker_of},
    diagnose,
    disk::Locked,
    picture,
    render::file_name,
    seal,
    site::{KEPT_HELP, Known, Site, kept_words},
};
use crate::{
    error::{Error, Result, Warning},
    note::Marker,
    render::{Picture, RemotePicture, Rendering, stamp::Stamp},
    targets::{
        Fetched, Found, Reader, Remote, RemoteId, Sending, Upload, Wanted, WriteError, Writer, Written,
        diagnosis::Diagnosis,
    },
};

/// The name of the one part that a page has: all of it.
const PART: &str = "page";

#[async_trait]
impl Reader for Site {
    async fn find(&self, wanted: &[Wanted], lookalikes: bool) -> Result<Vec<Found>> {
        let known = self.known_afresh()?;
        wanted.iter().map(|wanted| self.look_for(&known, wanted, lookalikes)).collect()
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        let page = self.page(id)?;
        Ok(page.map_or(Fetched::Gone, |(file, text)| Fetched::Present(Box::new(self.remote(&file, text)))))
    }

    async fn find_pictures(&self, pictures: &[Picture]) -> Result<Vec<Option<RemotePicture>>> {
        Ok(pictures.iter().map(|picture| picture::find(&self.folder, picture)).collect())
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        diagnose::diagnose(self)
    }
}

#[async_trait]
impl Writer for Site {
    async fn upload(&self, upload: Upload) -> Result<RemotePicture> {
        picture::put(&self.folder, &upload)
    }

    async fn create(&self, rendering: &Rendering, sending: Sending<'_>) -> Result<Written, WriteError> {
        // A page comes into its place whole or not at all, as the last thing that can fail.
        self.put(None, rendering, sending).map_err(WriteError::NotDone)
    }

    async fn update(
        &self,
        id: &RemoteId,
        rendering: &Rendering,
        sending: Sending<'_>,
    ) -> Result<Written, WriteError> {
        self.put(Some(id), rendering, sending).map_err(WriteError::NotDone)
    }

    async fn unpublish(&self, id: &RemoteId) -> Result<(), WriteError> {
        self.take_down(id).map_err(WriteError::NotDone)
    }

    async fn finish(&self) -> Result<()> {
        Site::finish(self)
    }
}

impl Site {
    fn look_for(&self, known: &Known, wanted: &Wanted, lookalikes: bool) -> Result<Found> {
        let mut found = Found::default();
        for file in known.files_of(wanted.marker) {
            found.ours.extend(self.folder.read(&file)?.map(|text| self.remote(&file, text)));
        }
        if let Some(slug) = wanted.slug.as_deref().filter(|_| lookalikes) {
            let file = file_name(slug);
            let other = self.folder.read(&file)?.filter(|text| marker_of(text) != Some(wanted.marker));
            found.lookalikes.extend(other.map(|text| self.remote(&file, text)));
        }
        Ok(found)
    }

    /// A page and its file. An id is a marker, which a page keeps when its name changes, or, for a
    /// page that crosspost did not write, the file's name.
    fn page(&self, id: &RemoteId) -> Result<Option<(String, String)>> {
        let Some(marker) = Marker::parse(&id.0) else { return self.file_page(&id.0) };
        if let Some(page) = self.known_page(marker)? {
            return Ok(Some(page));
        }
        // Somebody may have given the file another name since it was seen.
        drop(self.known_afresh()?);
        self.known_page(marker)
    }

    /// A page of the marker, without a look at all files if there is none: for a create, which
    /// comes after a [`Reader::find`].
    fn known_page(&self, marker: Marker) -> Result<Option<(String, String)>> {
        let files = self.known()?.files_of(marker);
        for file in files {
            if let Some(text) = self.folder.read(&file)?
                && marker_of(&text) == Some(marker)
            {
                return Ok(Some((file, text)));
            }
        }
        Ok(None)
    }

    fn file_page(&self, name: &str) -> Result<Option<(String, String)>> {
        let text = if is_plain_name(name) { self.folder.read(name)? } else { None };
        Ok(text.map(|text| (name.to_owned(), text)))
    }

    fn remote(&self, file: &str, text: String) -> Remote {
        let marker = marker_of(&text);
        Remote {
            id: RemoteId(marker.map_or_else(|| file.to_owned(), |marker| marker.to_string())),
            url: Some(self.settings.address(file)),
            permanent: Card::read(&text).is_some_and(|card| card.is_listed()),
            trashed: false,
            markers: marker.into_iter().collect(),
            stamp: Some(Stamp { rendering: String::new(), pristine: seal::is_intact(&text) }),
            parts: BTreeMap::from([(PART.to_owned(), text)]),
        }
    }

    fn put(&self, id: Option<&RemoteId>, rendering: &Rendering, sending: Sending<'_>) -> Result<Written> {
        let mut locked = self.folder.lock()?;
        self.refuse_other_site(&*self.known()?)?;
        let file = file_name(rendering.slug.as_deref().unwrap_or_default());
        let old = match id {
            Some(id) => Some(self.page(id)?.ok_or_else(|| self.gone())?),
            None => self.known_page(sending.marker)?,
        };
        if id.is_none()
            && let Some((name, text)) = &old
        {
            self.refuse_edited(name, text, rendering)?;
        }
        let old = old.map(|(name, _)| name);
        self.write_page(&mut locked, old.as_deref(), &file, rendering, sending.marker)?;
        let mut warnings = self.missing_pictures(rendering, sending);
        // What is wrong with the list is no reason to say that the page is not there; `finish`
        // tries again and reports it.
        let kept = self.known().and_then(|mut known| self.level(&mut locked, &mut known)).unwrap_or_default();
        warnings.extend(kept.into_iter().map(|name| {
            let words = kept_words(&self.settings.shown, name);
            Warning::new("list-kept", 0, format!("{words}: {KEPT_HELP}"))
        }));
        let remote = self.remote(&file, rendering.body.clone());
        Ok(Written { remote, learned: BTreeMap::new(), warnings })
    }

    /// Brings a page into its place. Under a new name the file is moved first and written then: at
    /// no time are there two pages of one note, and a crash in between leaves the old page, whole.
    fn write_page(
        &self,
        locked: &mut Locked<'_>,
        old: Option<&str>,
        file: &str,
        rendering: &Rendering,
        marker: Marker,
    ) -> Result<()> {
        if old != Some(file) {
            self.refuse_taken(file, marker)?;
        }
        let mut known = self.known()?;
        if let Some(old) = old.filter(|old| *old != file) {
            locked.rename(old, file)?;
            known.removed(self, old);
        }
        locked.write(file, rendering.body.as_bytes())?;
        known.written(self, file, &rendering.body);
        Ok(())
    }

    fn gone(&self) -> Error {
        Error::failed(format!("the page is no longer in `{}`", self.settings.shown))
            .help("run the same command again: it looks first, and then writes the page anew")
    }

    /// A page that is there although the ledger knows of none (it was lost, or the run died) is
    /// only replaced if nobody changed it since crosspost wrote it.
    fn refuse_edited(&self, name: &str, text: &str, rendering: &Rendering) -> Result<()> {
        if *text == rendering.body || seal::is_intact(text) {
            return Ok(());
        }
        Err(Error::decision(format!("`{}/{name}` was changed by hand", self.settings.shown))
            .help("put the change into the note, then delete the file and publish again"))
    }

    fn refuse_taken(&self, file: &str, marker: Marker) -> Result<()> {
        let Some(text) = self.folder.read(file)? else { return Ok(()) };
        let path = format!("{}/{file}", self.settings.shown);
        Err(match marker_of(&text) {
            Some(other) if other != marker => Error::invalid(format!("`{path}` is the page of another note"))
                .code("slug-taken")
                .help("give one of the two notes another `slug`"),
            _ => Error::decision(format!("`{path}` is there already, and crosspost did not write it"))
                .code("file-taken")
                .help("move it away, or give the note another `slug`"),
        })
    }

    /// Pictures that the ledger believes to be here and that somebody removed.
    fn missing_pictures(&self, rendering: &Rendering, sending: Sending<'_>) -> Vec<Warning> {
        let remote = |src: &String| sending.pictures.get(src).and_then(|(_, remote)| remote);
        let lost =
            rendering.needs.iter().filter_map(|(src, _)| remote(src)).filter(|p| !self.folder.has(&p.url));
        lost.map(|picture| {
            let path = self.settings.address(&picture.url);
            Warning::new("picture-missing", 0, format!("the picture `{path}` is no longer there"))
        })
        .collect()
    }

    fn take_down(&self, id: &RemoteId) -> Result<()> {
        let Some((file, _)) = self.page(id)? else { return Ok(()) };
        let mut locked = self.folder.lock()?;
        locked.remove(&file)?;
        let mut known = self.known()?;
        known.removed(self, &file);
        // `finish` tries again and reports what is wrong.
        let _ = self.level(&mut locked, &mut known);
        Ok(())
    }
}

/// A file of the folder itself, not a path out of it.
fn is_plain_name(name: &str) -> bool {
    name.strip_suffix(".html").is_some_and(|stem| !stem.is_empty()) && !name.contains(['/', '\\', ':', '\0'])
}
