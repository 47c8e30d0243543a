//! All integration tests, in one binary: real servers, stateful fakes, the real program.

mod folder;
