//! The project's files: notes and their pictures, nothing outside the project's folder.

use std::path::{Path, PathBuf};

use crate::{
    error::{Error, Place, Result},
    note::path::resolve_relative,
    publish::Files,
    render::{Digest, Picture},
};

/// Larger pictures are refused: no site takes them.
const MAX_PICTURE: u64 = 64 * 1024 * 1024;

/// Files below one folder.
pub struct ProjectFiles {
    root: PathBuf,
    /// Without symbolic links, for telling what lies outside.
    real_root: PathBuf,
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
        Ok(Self { root: root.to_path_buf(), real_root })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path as notes are called: relative to the folder, with `/`. `None` for what lies outside.
    pub fn name(&self, path: &Path) -> Option<String> {
        let inside = path.strip_prefix(&self.root).or_else(|_| path.strip_prefix(&self.real_root)).ok()?;
        let parts: Option<Vec<&str>> = inside.components().map(|c| c.as_os_str().to_str()).collect();
        parts.map(|parts| parts.join("/"))
    }

    /// Reads a file of the project.
    ///
    /// # Errors
    /// When it is missing, too large, or a link that leads out of the project.
    pub fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>> {
        let path = self.root.join(name);
        let trouble = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::NotFound => Error::invalid("there is no such file").at(Place::file(name)),
            _ => Error::invalid("the file cannot be read").at(Place::file(name)).cause(e),
        };
        let real = path.canonicalize().map_err(trouble)?;
        if !real.starts_with(&self.real_root) {
            return Err(Error::invalid("the file lies outside the project's folder")
                .code("outside")
                .at(Place::file(name))
                .detail("folder", self.root.display().to_string())
                .help("copy it into the project: what is published must be in its repository"));
        }
        let size = std::fs::metadata(&real).map_err(trouble)?;
        if size.is_dir() {
            return Err(Error::invalid("this is a folder, not a file").at(Place::file(name)));
        }
        if size.len() > limit {
            return Err(
                Error::invalid(format!("the file is larger than {} MiB", limit >> 20)).at(Place::file(name))
            );
        }
        std::fs::read(&real).map_err(trouble)
    }

    fn picture_name(note: &str, src: &str) -> Result<String> {
        resolve_relative(note, src).map_err(|why| {
            Error::invalid(format!("the picture `{src}` {why}")).code("picture").at(Place::file(note))
        })
    }
}

impl Files for ProjectFiles {
    fn picture(&self, note: &str, src: &str) -> Result<Picture> {
        let name = Self::picture_name(note, src)?;
        let bytes = self.read(&name, MAX_PICTURE).map_err(|e| {
            Error::invalid(format!("the picture `{src}` cannot be used"))
                .code("picture")
                .at(Place::file(note))
                .detail("file", name.clone())
                .cause(e.message())
        })?;
        let media_type = media_type(&bytes).ok_or_else(|| {
            Error::invalid(format!("`{src}` is no picture that sites take"))
                .code("picture")
                .at(Place::file(note))
                .help("use PNG, JPEG, GIF, WebP, AVIF or SVG")
        })?;
        let (width, height) = imagesize::blob_size(&bytes)
            .map(|size| (u32::try_from(size.width).unwrap_or(0), u32::try_from(size.height).unwrap_or(0)))
            .unwrap_or_default();
        let file_name = name.rsplit('/').next().unwrap_or(&name).to_owned();
        Ok(Picture { digest: Digest::of(&bytes), file_name, media_type, width, height })
    }

    fn bytes(&self, note: &str, src: &str, picture: &Picture) -> Result<Vec<u8>> {
        let bytes = self.read(&Self::picture_name(note, src)?, MAX_PICTURE)?;
        if Digest::of(&bytes) != picture.digest {
            return Err(Error::failed(format!("the picture `{src}` changed while it was being published"))
                .at(Place::file(note))
                .help("run crosspost again"));
        }
        Ok(bytes)
    }

    fn exists(&self, note: &str) -> bool {
        self.root.join(note).is_file()
    }
}

/// The type of a picture from its first bytes; SVG from its first element.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if let Some(kind) = infer::get(bytes) {
        return kind.mime_type().starts_with("image/").then_some(kind.mime_type());
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    head.contains("<svg").then_some("image/svg+xml")
}
