use std::{
    path::PathBuf,
    sync::{Mutex, atomic::AtomicUsize, atomic::Ordering},
};

use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::note::Audience;

/// What the server does with one request.
enum Reply {
    /// Sends this text.
    Says(String),
    /// Closes the connection without a word.
    HangsUp,
    /// Sends nothing, and keeps the connection.
    Waits,
}

/// A server that answers as its script says and counts requests.
struct Server {
    url: Url,
    requests: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/a?secret=1", listener.local_addr().unwrap())).unwrap();
        let server = Self { url, requests: Arc::default(), seen: Arc::default() };
        let (requests, seen) = (server.requests.clone(), server.seen.clone());
        tokio::spawn(async move {
            for reply in script {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read_request(&mut stream).await;
                seen.lock().unwrap().push(request);
                requests.fetch_add(1, Ordering::SeqCst);
                match reply {
                    Reply::Says(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                    Reply::HangsUp => {}
                    Reply::Waits => {
                        tokio::spawn(async move {
                            tokio::time::sleep(Duration::from_secs(5)).await;
                            drop(stream);
                        });
                    }
                }
            }
        });
        server
    }

    fn count(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    async fn send(&self, method: Method) -> Result<Answer, NoAnswer> {
        client().send(&Request::new(method, self.url.clone()).json(json!({ "a": 1 }))).await
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut buffer = [0; 1024];
    while !String::from_utf8_lossy(&text).ends_with('}') {
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => text.extend_from_slice(&buffer[..read]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn common() -> Common {
    Common {
        name: "blog".to_owned(),
        audience: Audience::Public,
        canonical: None,
        authors: Vec::new(),
        timeout: Duration::from_millis(400),
        concurrency: 2,
        insecure_http: false,
        ca_file: None,
        client_certificate: None,
        proxy: None,
        frame: crate::render::frame::Frame::default(),
        root: PathBuf::new(),
        timezone: jiff::tz::TimeZone::UTC,
    }
}

fn client() -> Client {
    Client { first_wait: Duration::from_millis(1), ..Client::new(&common()).unwrap() }
}

fn says(status: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Says(format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    ))
}

fn fine() -> Reply {
    says("200 OK", "", "{}")
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_for_a_write_too() {
    let server = Server::start(vec![
        says("429 Too Many Requests", "Retry-After: 0\r\n", ""),
        says("503 Service Unavailable", "Retry-After: 0\r\n", ""),
        fine(),
    ])
    .await;
    let answer = server.send(Method::POST).await.unwrap();
    assert_eq!((answer.status.as_u16(), server.count()), (200, 3));
    assert!(server.seen.lock().unwrap().iter().all(|request| request.ends_with("{\"a\":1}")));
}

#[tokio::test]
async fn a_write_that_failed_on_the_server_is_sent_once() {
    for status in
        ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"]
    {
        let server = Server::start(vec![says(status, "", ""), fine()]).await;
        let answer = server.send(Method::POST).await.unwrap();
        assert_eq!((answer.status.to_string(), server.count()), (status.to_owned(), 1));
    }
}

#[tokio::test]
async fn a_read_that_failed_on_the_server_is_sent_again() {
    let server = Server::start(vec![says("502 Bad Gateway", "", ""), Reply::HangsUp, fine()]).await;
    assert_eq!(server.send(Method::GET).await.unwrap().status, 200);
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_write_whose_answer_was_cut_off_is_lost_and_sent_once() {
    let cut = Reply::Says("HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n{\"id\":".to_owned());
    for reply in [Reply::HangsUp, cut] {
        let server = Server::start(vec![reply, fine()]).await;
        assert!(matches!(server.send(Method::POST).await, Err(NoAnswer::Lost(_))));
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_write_that_timed_out_is_lost_and_says_how_long_it_waited() {
    let server = Server::start(vec![Reply::Waits, fine()]).await;
    let Err(NoAnswer::Lost(error)) = server.send(Method::POST).await else { panic!("it was answered") };
    assert_eq!(server.count(), 1);
    let (_, cause) = &error.details()[0];
    assert!(cause.ends_with("/a: no answer within 0.4 s"), "{cause}");
}

#[tokio::test]
async fn a_read_that_timed_out_is_sent_once_more_and_not_for_ever() {
    let server = Server::start(vec![Reply::Waits, Reply::Waits, Reply::Waits, fine()]).await;
    assert!(matches!(server.send(Method::GET).await, Err(NoAnswer::Lost(_))));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_write_to_nobody_was_not_received_and_shows_no_query() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://me:pw@{}/a?secret=1", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let Err(NoAnswer::NotReceived(error)) = client().send(&Request::new(Method::POST, url)).await else {
        panic!("somebody answered")
    };
    let text = error.to_string();
    assert!(!text.contains("secret") && !text.contains("pw"), "{text}");
}

#[tokio::test]
async fn a_redirect_is_handed_back_and_not_followed() {
    for method in [Method::GET, Method::POST] {
        let server = Server::start(vec![says("301 Moved Permanently", "Location: /b\r\n", ""), fine()]).await;
        let answer = server.send(method).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("location")), (301, Some("/b")));
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_not_waited() {
    let server =
        Server::start(vec![says("503 Service Unavailable", "Retry-After: 600\r\n", ""), fine()]).await;
    assert_eq!(server.send(Method::GET).await.unwrap().status, 503);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn no_more_requests_run_at_once_than_are_allowed() {
    let server = Server::start(vec![Reply::Waits, Reply::Waits, fine()]).await;
    let client = client();
    let request = Request::new(Method::POST, server.url.clone()).json(json!({}));
    let send = || async { client.send(&request).await.is_ok() };
    let early = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        server.count()
    };
    let (.., third, early) = tokio::join!(send(), send(), send(), early);
    assert_eq!((early, third), (2, true));
}

#[test]
fn an_address_is_shown_without_what_may_be_secret() {
    let show = |text: &str| shown(&Url::parse(text).unwrap());
    assert_eq!(show("https://me:pw@a.example/b?key=1#c"), "https://a.example/b");
    assert_eq!(show("me:pw@a.example"), "me:…");
}

#[test]
fn only_this_machine_is_spoken_to_without_encryption() {
    let allowed = |url: &str| require_https(&Url::parse(url).unwrap(), &common()).is_ok();
    for url in [
        "https://a.example",
        "http://localhost:80",
        "http://127.9.9.9",
        "http://[::1]/",
        "http://x.localhost",
    ] {
        assert!(allowed(url), "{url}");
    }
    for url in ["http://a.example", "http://127.0.0.1.a.example", "http://10.0.0.1", "ftp://a.example"] {
        assert!(!allowed(url), "{url}");
    }
}

#[test]
fn a_certificate_file_without_a_certificate_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let common = Common { ca_file: Some(file.path().to_owned()), ..common() };
    let Err(error) = Client::new(&common) else { panic!("it was taken") };
    assert_eq!(error.message(), "the `ca_file` of the target `blog` cannot be used");
}

#[tokio::test]
async fn a_site_that_is_asked_too_much_is_left_alone_by_all_requests() {
    let server =
        Server::start(vec![says("429 Too Many Requests", "Retry-After: 1\r\n", ""), fine(), fine()]).await;
    let client = client();
    let request = Request::new(Method::POST, server.url.clone()).json(json!({ "a": 1 }));
    let began = Instant::now();
    let busy = client.send(&request);
    let later = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        client.send(&request).await
    };
    let (busy, later) = tokio::join!(busy, later);
    assert_eq!(
        (busy.unwrap().status.as_u16(), later.unwrap().status.as_u16(), server.count()),
        (200, 200, 3)
    );
    assert!(began.elapsed() >= Duration::from_secs(1), "the second waited with the first");
}
