//! The page that shows every target side by side: from values to one HTML document that loads
//! nothing. What a note says is not trusted in it: each target's look stands in a frame of its own
//! in which no script runs and from which nothing is fetched, whatever the note holds.

pub mod frame;
mod page;
pub mod view;

pub use page::page;
pub use view::{Fact, NoteView, Page, Remark, TargetView};
