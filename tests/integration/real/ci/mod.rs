//! Continuous integration: the action's own scripts, on a simulated runner with a clone of its own for
//! each job, before a stand-in for GitHub's API.

mod action;
mod merges;
mod runner;
