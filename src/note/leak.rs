//! The last look at a payload before it is sent.
