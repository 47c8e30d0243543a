//! Whole notes, from Markdown to the site.
