//! What becomes of a note's links at a target.
