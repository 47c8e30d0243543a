//! The pictures of a note at one target: what each of them will be there.

use std::collections::HashMap;

use super::{Format, Limits, Order, Original, order};
use crate::{
    error::{Error, Place, Warning},
    render::{Digest, Picture, Rendering},
};

/// A local picture of a note.
#[derive(Debug, Clone)]
pub struct Found {
    /// The file.
    pub original: Original,
    /// Where the note first shows it.
    pub place: Place,
}

/// What a target will be sent for the pictures of a note.
#[derive(Debug, Clone)]
pub struct Orders {
    by_src: HashMap<String, Ordered>,
}

#[derive(Debug, Clone)]
struct Ordered {
    found: Found,
    order: Result<Order, Error>,
}

impl Orders {
    /// Decides for each picture.
    #[must_use]
    pub fn new(pictures: &HashMap<String, Found>, formats: &[Format], limits: Limits) -> Self {
        let ordered = pictures.iter().map(|(src, found)| {
            let order = order(src, &found.original, formats, limits);
            (src.clone(), Ordered { found: found.clone(), order })
        });
        Self { by_src: ordered.collect() }
    }

    /// The picture that a target will be sent for a `src`; for one that it does not take, the file
    /// as it is, so that a rendering can tell.
    #[must_use]
    pub fn picture(&self, src: &str) -> Option<Picture> {
        let Ordered { found: Found { original, .. }, order } = self.by_src.get(src)?;
        Some(match order {
            Ok(order) => order.picture.clone(),
            Err(_) => Picture {
                digest: original.digest,
                file_name: original.file_name.clone(),
                media_type: original.format.media_type(),
                width: original.width,
                height: original.height,
            },
        })
    }

    /// What is wrong with the pictures that a rendering shows.
    #[must_use]
    pub fn refused(&self, rendering: &Rendering) -> Vec<Error> {
        let shown = rendering.needs.iter().filter_map(|(src, _)| self.by_src.get(src));
        shown.filter_map(|one| Some(one.order.as_ref().err()?.clone().at(one.found.place.clone()))).collect()
    }

    /// What becomes otherwise of the pictures that a rendering shows.
    #[must_use]
    pub fn warnings(&self, rendering: &Rendering) -> Vec<Warning> {
        let shown = rendering.needs.iter().filter_map(|(src, _)| self.by_src.get(src));
        let orders = shown.filter_map(|one| Some((one.order.as_ref().ok()?, one.found.place.line)));
        orders.flat_map(|(order, line)| order.warnings(line)).collect()
    }

    /// The file and the order that a picture is made by, and its `src` in the note.
    #[must_use]
    pub fn source(&self, digest: &Digest) -> Option<(&str, &Original, &Order)> {
        self.by_src.iter().find_map(|(src, one)| {
            let order = one.order.as_ref().ok().filter(|order| order.picture.digest == *digest)?;
            Some((src.as_str(), &one.found.original, order))
        })
    }
}
