//! The lints, one file each. The list of them is [`LINTS`](super::LINTS).

pub mod alt;
pub mod anchors;
pub mod bullets;
pub mod dangling;
pub mod duplicates;
pub mod headings;
pub mod internal_links;
pub mod link_text;
pub mod links;
pub mod passages;
pub mod pictures;

#[cfg(test)]
mod tests;
