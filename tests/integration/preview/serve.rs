//! The page from its server.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use super::project;
use crate::harness::program::Project;

/// A server that ends with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(project: &Project) -> Self {
        let mut command = project.command(&["preview", "--serve", "--no-open", "--port", "0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        assert!(address.starts_with("127.0.0.1:"), "loopback alone: {line}");
        Self { child, address }
    }

    /// Status line, headers and body.
    fn ask(&self, method: &str, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
            .expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.ask("GET", path, &self.address)
    }

    /// Waits until the page holds some text.
    fn shows(&self, text: &str) -> String {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let page = self.get("/");
            if page.contains(text) {
                return page;
            }
            assert!(Instant::now() < until, "`{text}` never came:\n{page}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn state(server: &Server) -> String {
    server.get("/state").rsplit("\r\n\r\n").next().expect("a body").to_owned()
}

#[test]
fn the_server_follows_every_change_of_notes_pictures_and_configuration() {
    let project = project();
    let server = Server::start(&project);
    let page = server.shows("Mind the gap");
    let first = state(&server);
    assert!(page.contains(&format!("data-live=\"{first}\"")) && page.contains("connect-src 'self'"));

    project.write("notes/second.md", "---\ntitle: The second\n---\nIt says zqanother thing.\n");
    server.shows("zqanother");
    assert_ne!(state(&server), first, "open pages are told");

    project.write("notes/third.md", "---\ntitle: Zqthird\n---\nNew.\n");
    server.shows("Zqthird");

    let pictures = |page: &str| page.split("id=\"pictures\">").nth(1).map(str::len);
    let before = pictures(&server.get("/"));
    let other =
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/pictures/where-people-stop.png"));
    project.write("notes/week.png", other);
    let until = Instant::now() + Duration::from_secs(60);
    while pictures(&server.get("/")) == before {
        assert!(Instant::now() < until, "the picture is the old one");
        std::thread::sleep(Duration::from_millis(200));
    }

    project.write("crosspost.toml", "project = 3\n");
    let broken = server.shows("What is wrong");
    assert!(!broken.contains("<iframe "), "{broken}");
    project.write("crosspost.toml", super::CONFIG);
    server.shows("Zqthird");
}

#[test]
fn the_server_answers_this_machines_own_browser_alone() {
    let project = project();
    let server = Server::start(&project);
    let port = server.address.rsplit(':').next().expect("a port");
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    assert!(server.ask("GET", "/", &format!("localhost:{port}")).starts_with("HTTP/1.1 200"));
    for host in ["evil.example", &format!("evil.example:{port}"), "127.0.0.1", ""] {
        let answer = server.ask("GET", "/", host);
        assert!(answer.starts_with("HTTP/1.1 403") && !answer.contains("Mind the gap"), "{host}: {answer}");
    }
    assert!(server.ask("POST", "/", &server.address).starts_with("HTTP/1.1 405"));
    for path in ["/crosspost.toml", "/../crosspost.toml", "/notes/all.md", "//"] {
        assert!(server.get(path).starts_with("HTTP/1.1 404"), "{path}");
    }
    let page = server.get("/").to_lowercase();
    assert!(page.contains("x-content-type-options: nosniff") && page.contains("cache-control: no-store"));
    assert!(!page.contains("access-control-allow-origin"));
}
