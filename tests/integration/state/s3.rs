//! A real S3 server (moto's) for tests, and a proxy in front of it that is faulty in one way.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use object_store::{
    ObjectStore,
    aws::{AmazonS3Builder, S3ConditionalPut},
};

const BUCKET: &str = "ledgers";

/// A prefix of its own on a server that concurrent tests share.
pub struct S3 {
    server: Arc<Moto>,
    /// Below which everything of one test lies.
    pub prefix: String,
}

impl S3 {
    /// Starts the server unless it runs.
    pub fn start() -> Self {
        static SERVER: Mutex<Weak<Moto>> = Mutex::new(Weak::new());
        static PREFIXES: AtomicUsize = AtomicUsize::new(0);
        let mut running = SERVER.lock().unwrap();
        let server = running.upgrade().unwrap_or_else(|| Arc::new(Moto::start()));
        *running = Arc::downgrade(&server);
        Self { server, prefix: format!("test/{}", PREFIXES.fetch_add(1, Ordering::Relaxed)) }
    }

    /// What the configuration would say.
    pub fn state(&self) -> String {
        format!("s3://{BUCKET}/{}", self.prefix)
    }

    /// What the environment would say.
    pub fn environment(&self) -> Vec<(String, String)> {
        let url = self.server.url();
        [
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "us-east-1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// The bucket, as a client sees it.
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        connect(&self.server.url(), BUCKET)
    }

    /// The bucket behind another endpoint.
    pub fn store_at(&self, url: &str) -> Arc<dyn ObjectStore> {
        connect(url, BUCKET)
    }

    /// Another bucket.
    pub fn store_in(&self, bucket: &str) -> Arc<dyn ObjectStore> {
        connect(&self.server.url(), bucket)
    }
}

fn connect(url: &str, bucket: &str) -> Arc<dyn ObjectStore> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = AmazonS3Builder::new()
        .with_endpoint(url)
        .with_allow_http(true)
        .with_bucket_name(bucket)
        .with_access_key_id("key")
        .with_secret_access_key("secret")
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    Arc::new(builder.build().unwrap())
}

/// The server's process; ended with the last test that uses it.
struct Moto {
    process: Child,
    port: u16,
}

impl Moto {
    fn start() -> Self {
        let mut process = Command::new(program())
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("moto_server is installed: pip install 'moto[server]'");
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "moto_server ended");
            if let Some((_, port)) = line.trim().rsplit_once("http://127.0.0.1:") {
                break port.parse().unwrap();
            }
        };
        // It logs every request, and would stop where nobody reads that.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let moto = Self { process, port };
        moto.make_bucket();
        moto
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn make_bucket(&self) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let request = format!(
            "PUT /{BUCKET} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The test command puts the server into its cache; otherwise it is looked for in `PATH`.
fn program() -> String {
    let cached = env::var("LAB_CACHE").map(|cache| format!("{cache}/moto/bin/moto_server"));
    cached.ok().filter(|path| Path::new(path).exists()).unwrap_or_else(|| "moto_server".to_owned())
}

/// What is wrong with a [`Proxy`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It drops the conditions of puts.
    IgnoresConditions,
    /// Each first answer to a put of a shard is lost after the server has done it.
    LosesAnswers,
}

/// A server in front of the server.
pub struct Proxy {
    port: u16,
    behind: Arc<Behind>,
}

struct Behind {
    url: String,
    fault: Fault,
    lost: AtomicUsize,
    client: reqwest::Client,
}

impl Proxy {
    /// Runs until the test's process ends.
    pub fn start(server: &S3, fault: Fault) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let client = reqwest::Client::builder().no_proxy().no_gzip().build().unwrap();
        let behind = Arc::new(Behind { url: server.server.url(), fault, lost: AtomicUsize::new(0), client });
        let app = Router::new().fallback(forward).with_state(Arc::clone(&behind));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, app).await.unwrap();
            });
        });
        Self { port, behind }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many answers were lost.
    pub fn lost(&self) -> usize {
        self.behind.lost.load(Ordering::Relaxed)
    }
}

async fn forward(
    State(behind): State<Arc<Behind>>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    if behind.fault == Fault::IgnoresConditions {
        headers.remove("if-match");
        headers.remove("if-none-match");
    }
    headers.remove("host");
    let shard = method == Method::PUT && uri.path().contains("/shards/");
    let request = behind.client.request(method, format!("{}{uri}", behind.url)).headers(headers).body(body);
    let answer = request.send().await.unwrap();
    if shard && behind.fault == Fault::LosesAnswers && behind.lost.fetch_add(1, Ordering::Relaxed) == 0 {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.bytes().await.unwrap()).into_response()
}
