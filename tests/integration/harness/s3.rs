//! An S3 server (moto's) for tests, and a proxy in front of it that is faulty in one way.

use std::{
    io::{BufRead, BufReader},
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

use super::{http, lab_file, lab_script, start};

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
        let url = &self.server.url;
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
        connect(&self.server.url, BUCKET)
    }

    /// Another bucket.
    pub fn store_in(&self, bucket: &str) -> Arc<dyn ObjectStore> {
        connect(&self.server.url, bucket)
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
    url: String,
}

impl Moto {
    fn start() -> Self {
        let mut install = lab_script("python-packages.sh");
        install.arg("s3");
        let packages = start::output(install, Path::new("the lab's cache"));
        let mut process = Command::new(Path::new(packages.trim()).join("bin/python"))
            .arg(lab_file("s3-server.py"))
            // It ends with its input, also where this process has no time to end it.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the environment has a Python");
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let moto = Self { process, url: url.trim().to_owned() };
        moto.make_bucket();
        moto
    }

    fn make_bucket(&self) {
        let answer = http::send(Method::PUT, &format!("{}/{BUCKET}", self.url), None, None);
        assert_eq!(answer.expect("the S3 server answers").status, 200);
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
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
        let behind =
            Arc::new(Behind { url: server.server.url.clone(), fault, lost: AtomicUsize::new(0), client });
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

    /// The bucket behind it.
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        connect(&format!("http://127.0.0.1:{}", self.port), BUCKET)
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
