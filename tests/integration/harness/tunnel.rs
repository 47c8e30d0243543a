//! The proxy through which organisations let their people out (HTTP's CONNECT): it tells what was
//! asked of it, and may ask for a password.

use std::{
    io,
    sync::{Arc, Mutex},
};

use base64::Engine;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A proxy on a port of its own; it ends when dropped.
pub struct Tunnel {
    /// `127.0.0.1:8080`.
    pub address: String,
    asked: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Tunnel {
    /// A proxy; with a `login` (`user:password`), one that lets nobody else through.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(login: Option<&str>) -> Self {
        let listener = super::wait(TcpListener::bind(("127.0.0.1", 0))).expect("a free port");
        let address = listener.local_addr().expect("a bound port").to_string();
        let asked = Arc::new(Mutex::default());
        let login = login.map(|login| base64::engine::general_purpose::STANDARD.encode(login));
        let server = super::runtime().spawn(serve(listener, login, asked.clone()));
        Self { address, asked, server }
    }

    /// The servers that it was asked to connect to, in order.
    ///
    /// # Panics
    /// Never: its log is held for a moment at a time.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("the log").clone()
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, login: Option<String>, asked: Arc<Mutex<Vec<String>>>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(connect(client, login.clone(), asked.clone()));
    }
}

async fn connect(
    mut client: TcpStream,
    login: Option<String>,
    asked: Arc<Mutex<Vec<String>>>,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let to = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    asked.lock().expect("the log").push(to.to_owned());
    let shown = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": Basic ")?;
        name.eq_ignore_ascii_case("proxy-authorization").then(|| value.to_owned())
    });
    if login.is_some() && shown != login {
        let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
        return client.write_all(answer).await;
    }
    let mut server = TcpStream::connect(to).await?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await.map(drop)
}
