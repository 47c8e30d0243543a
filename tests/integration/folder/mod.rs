//! The folder target on a real disk.

mod bench;
mod example;
mod lists;
mod pages;
mod safety;
