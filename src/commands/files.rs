//! The project's files: notes and their pictures, nothing outside the project's folder.

use std::{
    collections::HashMap,
    fs::File,
    io::Read as _,
    path::{MAIN_SEPARATOR, Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
};

use bytes::Bytes;
use resvg::usvg::fontdb::Database;

use crate::{
    error::{Error, Place, Result, nearest},
    memory::{Kind, Memory, Stat},
    note::{Source, path::resolve_relative, read::MAX_BYTES},
    pictures::{Fonts, Original},
    publish::{Files, NoteFile},
    render::Digest,
};

/// Larger pictures are refused: no site takes them.
const MAX_PICTURE: u64 = 64 * 1024 * 1024;

/// Files below one folder.
pub struct ProjectFiles {
    root: PathBuf,
    /// Without symbolic links, for telling what lies outside.
    real_root: PathBuf,
    /// The pictures that were looked at, by name: what is known of them, never their bytes.
    seen: Mutex<HashMap<String, Original>>,
    /// What is known of files that have not changed since an earlier run.
    memory: OnceLock<Memory>,
    /// The digests of pictures that were asked for.
    digests: Mutex<HashMap<String, Option<Digest>>>,
    /// Where the folders really are.
    folders: RwLock<HashMap<String, PathBuf>>,
    fonts: OnceLock<Fonts>,
}

impl ProjectFiles {
    /// The files below `root`.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn new(root: &Path) -> Result<Self> {
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let real_root = root.canonicalize().map_err(|e| {
            Error::invalid("the project's folder cannot be read")
                .detail("folder", root.display().to_string())
                .cause(e)
        })?;
        Ok(Self {
            root: root.to_path_buf(),
            real_root,
            seen: Mutex::default(),
            memory: OnceLock::new(),
            digests: Mutex::default(),
            folders: RwLock::default(),
            fonts: OnceLock::new(),
        })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path as notes are called: relative to the folder, with `/`. `None` for what lies outside.
    pub fn name(&self, path: &Path) -> Option<String> {
        let inside = path.strip_prefix(&self.root).or_else(|_| path.strip_prefix(&self.real_root)).ok()?;
        let plain = |part: &str| !matches!(part, "" | ".");
        if MAIN_SEPARATOR == '/' && inside.to_str()?.split('/').all(plain) {
            return inside.to_str().map(str::to_owned);
        }
        let parts: Option<Vec<&str>> = inside.components().map(|c| c.as_os_str().to_str()).collect();
        parts.map(|parts| parts.join("/"))
    }

    /// Reads a file of the project.
    ///
    /// # Errors
    /// When it is missing, too large, or a link that leads out of the project.
    pub fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>> {
        let trouble = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::NotFound => Error::invalid("there is no such file").at(Place::file(name)),
            _ => Error::invalid("the file cannot be read").at(Place::file(name)).cause(e),
        };
        let real = self.real(name).map_err(trouble)?;
        if !real.starts_with(&self.real_root) {
            return Err(Error::invalid("the file lies outside the project's folder")
                .code("outside")
                .at(Place::file(name))
                .detail("folder", self.root.display().to_string())
                .help("copy it into the project: what is published must be in its repository"));
        }
        let file = File::open(&real).map_err(trouble)?;
        let about = file.metadata().map_err(trouble)?;
        if about.is_dir() {
            return Err(Error::invalid("this is a folder, not a file").at(Place::file(name)));
        }
        // With room for one byte more, the end is found without asking for more room.
        let size = usize::try_from(about.len().min(limit)).unwrap_or(0);
        let mut bytes = Vec::with_capacity(size + 1);
        file.take(limit + 1).read_to_end(&mut bytes).map_err(trouble)?;
        if bytes.len() as u64 > limit {
            return Err(
                Error::invalid(format!("the file is larger than {} MiB", limit >> 20)).at(Place::file(name))
            );
        }
        Ok(bytes)
    }

    /// Where a file really is. What is known of its folder is remembered: notes lie side by side.
    fn real(&self, name: &str) -> std::io::Result<PathBuf> {
        let path = self.root.join(name);
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        if std::fs::symlink_metadata(&path)?.is_symlink() || matches!(file, "" | "." | "..") {
            return path.canonicalize();
        }
        let known = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(folder).cloned();
        if let Some(real) = known {
            return Ok(real.join(file));
        }
        let real = self.root.join(folder).canonicalize()?;
        let mut folders = self.folders.write().unwrap_or_else(PoisonError::into_inner);
        folders.insert(folder.to_owned(), real.clone());
        Ok(real.join(file))
    }

    /// Has files that have not changed since an earlier run recognised by their size and times. Worth
    /// it for many.
    pub fn remember(&self) {
        self.memory.get_or_init(|| Memory::open(&self.real_root));
    }

    /// Keeps for the next run what this one learned of files.
    pub fn keep(&self) {
        if let Some(memory) = self.memory.get() {
            memory.keep();
        }
    }

    /// The digest of a file, with whatever else is remembered of it.
    fn remembered(&self, kind: Kind, name: &str, read: impl FnOnce() -> Option<Digest>) -> Option<Bytes> {
        let bytes = |digest: Digest| Bytes::copy_from_slice(digest.value());
        let Some(memory) = self.memory.get() else { return read().map(bytes) };
        // Before it is read: what is written meanwhile has other times.
        let Some(stat) = Stat::of(&self.root.join(name)) else { return read().map(bytes) };
        if let Some(value) = memory.recall(kind, name, &stat) {
            return Some(value);
        }
        let digest = read()?;
        memory.learn(kind, name, stat, digest.value());
        Some(bytes(digest))
    }

    /// A picture's path in the project, and its bytes.
    fn read_picture(&self, note: &str, src: &str) -> Result<(String, Vec<u8>)> {
        let wrong = |message: String| Error::invalid(message).code("picture").at(Place::file(note));
        let name = resolve_relative(note, src).map_err(|why| wrong(format!("the picture `{src}` {why}")))?;
        let bytes = self.read(&name, MAX_PICTURE).map_err(|e| {
            let error = wrong(format!("the picture `{src}` cannot be used")).detail("file", name.clone());
            let error = error.cause(e.message());
            let error = e.hints().iter().fold(error, |error, hint| error.help(hint.clone()));
            match self.near(&name) {
                Some(near) if !self.root.join(&name).exists() => {
                    error.help(format!("did you mean `{near}`?"))
                }
                _ => error,
            }
        })?;
        Ok((name, bytes))
    }

    /// What a path that is not there was meant to be: one whose names differ in upper and lower
    /// case only (which some systems do not tell apart), or its folder's file of the nearest name.
    fn near(&self, name: &str) -> Option<String> {
        let mut found: Vec<String> = Vec::new();
        for part in name.split('/') {
            let folder = self.root.join(found.join("/"));
            let entries = std::fs::read_dir(folder).ok()?.filter_map(std::result::Result::ok);
            let names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).collect();
            let same = |known: &&String| known.to_lowercase() == part.to_lowercase();
            let there = names.iter().find(|known| *known == part).or_else(|| names.iter().find(same));
            let near = || nearest(part, names.iter().map(String::as_str));
            found.push(there.map(String::as_str).or_else(near)?.to_owned());
        }
        Some(found.join("/"))
    }
}

impl Files for ProjectFiles {
    fn picture(&self, note: &str, src: &str) -> Result<Original> {
        let (name, bytes) = self.read_picture(note, src)?;
        let digest = Digest::of(&bytes);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = seen.get(&name).filter(|known| known.digest == digest) {
            return Ok(known.clone());
        }
        let file_name = name.rsplit('/').next().unwrap_or(&name);
        let original =
            Original::read(file_name, &bytes).map_err(|unfit| unfit.error(src).at(Place::file(note)))?;
        seen.insert(name, original.clone());
        Ok(original)
    }

    fn bytes(&self, note: &str, src: &str, original: &Original) -> Result<Vec<u8>> {
        let (_, bytes) = self.read_picture(note, src)?;
        if Digest::of(&bytes) != original.digest {
            return Err(Error::failed(format!("the picture `{src}` changed while it was being published"))
                .at(Place::file(note))
                .help("run crosspost again"));
        }
        Ok(bytes)
    }

    fn fonts(&self) -> Fonts {
        let load = || {
            let mut fonts = Database::new();
            fonts.load_system_fonts();
            Arc::new(fonts)
        };
        self.fonts.get_or_init(load).clone()
    }

    fn exists(&self, note: &str) -> bool {
        self.root.join(note).is_file()
    }

    fn note(&self, path: &str) -> Option<NoteFile> {
        let mut known = self.remembered(Kind::Note, path, || {
            let bytes = self.read(path, MAX_BYTES as u64).ok()?;
            if bytes.contains(&b'\r') || bytes.starts_with(b"\xef\xbb\xbf") {
                let source = Source::decode(path, &bytes).ok()?;
                return Some(Digest::of(source.text.as_bytes()));
            }
            Some(Digest::of(&bytes))
        })?;
        let digest = *known.first_chunk()?;
        Some(NoteFile { digest: Digest::of_value(digest), verdict: known.split_off(digest.len()) })
    }

    fn conclude(&self, path: &str, digest: &Digest, verdict: &[u8]) {
        if let Some(memory) = self.memory.get() {
            memory.add(Kind::Note, path, digest.value(), verdict);
        }
    }

    fn digest(&self, path: &str) -> Option<Digest> {
        let mut digests = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = digests.get(path) {
            return *known;
        }
        let read = || self.read(path, MAX_PICTURE).ok().map(|bytes| Digest::of(&bytes));
        let value = self.remembered(Kind::Picture, path, read);
        let digest = value.and_then(|value| Some(Digest::of_value(value[..].try_into().ok()?)));
        digests.insert(path.to_owned(), digest);
        digest
    }
}
