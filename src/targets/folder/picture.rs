//! Pictures in the folder: named by their content, so that each is there once and none ever
//! changes under a page.

use super::disk::Folder;
use crate::{
    error::Result,
    render::{Picture, RemotePicture},
    targets::Upload,
};

/// The pictures' folder in the folder.
pub const FOLDER: &str = "pictures";
/// How long the readable piece of a name may be, in bytes.
const NAME: usize = 80;

/// A picture that is there already. Its content is not compared: somebody may have made the file
/// smaller, and that is theirs to do.
#[must_use]
pub fn find(folder: &Folder, picture: &Picture) -> Option<RemotePicture> {
    let path = path(picture);
    folder.has(&path).then_some(RemotePicture { id: None, url: path })
}

/// Puts a picture into the folder, unless it is there.
///
/// # Errors
/// What cannot be written.
pub fn put(folder: &Folder, upload: &Upload) -> Result<RemotePicture> {
    let path = path(&upload.picture);
    if !folder.has(&path) {
        folder.lock()?.write(&path, &upload.bytes)?;
    }
    Ok(RemotePicture { id: None, url: path })
}

/// `pictures/DIGEST-name.png`: the address from every page.
fn path(picture: &Picture) -> String {
    let (stem, ending) = picture.file_name.rsplit_once('.').unwrap_or((&picture.file_name, ""));
    let (stem, ending) = (slug::slugify(stem), slug::slugify(ending));
    let stem = stem.get(..NAME).unwrap_or(&stem).trim_end_matches('-');
    let dash = if stem.is_empty() { "" } else { "-" };
    let dot = if ending.is_empty() { "" } else { "." };
    format!("{FOLDER}/{}{dash}{stem}{dot}{ending}", picture.digest.short())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Digest;

    fn path_of(file_name: &str) -> String {
        let picture = Picture {
            digest: Digest::of(b"x"),
            file_name: file_name.to_owned(),
            media_type: "image/png",
            width: 1,
            height: 1,
        };
        path(&picture).replace(&picture.digest.short(), "DIGEST")
    }

    #[test]
    fn a_picture_keeps_a_readable_name() {
        assert_eq!(path_of("Team photo (2).PNG"), "pictures/DIGEST-team-photo-2.png");
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        assert_eq!(path_of("../../x.png"), "pictures/DIGEST-x.png");
        assert_eq!(path_of("..\\..\\.."), "pictures/DIGEST");
        assert_eq!(path_of(&"ü".repeat(300)), format!("pictures/DIGEST-{}", "u".repeat(NAME)));
    }
}
