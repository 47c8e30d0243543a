//! What integration tests stand on: real servers, a proxy that can fail, the real program.
//!
//! - [`wordpress`]: real WordPress sites, shared by all tests
//! - [`mediawiki`]: a real wiki, likewise
//! - [`contract`]: requests held to a vendor's contract, where no real server can be had
//! - [`kinto`]: a real Kinto, likewise
//! - [`s3`]: an S3 server, and a proxy in front of it that is faulty in one way
//! - [`recipe`]: a ready configuration of `examples/intranets`
//! - [`proxy`]: a recording proxy in front of any server, which makes chosen requests fail
//! - [`tls`]: certificate authorities and servers that have their certificates
//! - [`tunnel`]: the proxy that an organisation lets its people out through
//! - [`everywhere`]: a project that publishes to WordPress, Medium and a folder
//! - [`program`]: the `crosspost` binary in a folder of its own
//! - [`browser`]: a real Chromium that looks at a preview
//! - [`validator`]: whether block markup is what a release's own editor would write
//! - [`photo`]: pictures that no other test has
//! - [`http`]: the client that tests look behind the program with
//!
//! Nothing here is async on the outside, so it serves plain and `#[tokio::test]` functions alike.

pub mod browser;
pub mod contract;
pub mod everywhere;
pub mod http;
pub mod kinto;
pub mod mediawiki;
pub mod photo;
pub mod program;
pub mod proxy;
pub mod recipe;
pub mod s3;
mod start;
pub mod tls;
pub mod tunnel;
pub mod validator;
pub mod wordpress;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// A script of `tests/lab`, ready for arguments.
pub fn lab_script(name: &str) -> Command {
    Command::new(lab_file(name))
}

/// A file of `tests/lab`.
pub fn lab_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab").join(name)
}

/// A file or folder of `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A word that no other test uses: for titles, slugs and project names on a shared site.
pub fn unique(prefix: &str) -> String {
    let id = uuid::Uuid::new_v4().simple().to_string();
    format!("{prefix}-{}", &id[..12])
}

/// A port of 127.0.0.1 that refuses connections: nothing listens there.
pub fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("a bound port").port()
}

/// The runtime of proxies and of the test's own requests. It has threads of its own, so waiting for
/// it blocks neither side, whatever runtime the test itself runs on.
pub fn runtime() -> &'static tokio::runtime::Handle {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME
        .get_or_init(|| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime")
        })
        .handle()
}

/// Runs a future to its end on [`runtime`], from any thread.
pub fn wait<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    runtime().spawn(async move { sender.send(future.await) });
    receiver.recv().expect("the task came to its end")
}
