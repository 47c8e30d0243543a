//! `preview --serve`: the page from this machine to its own browser, made anew when something
//! changes.

use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::{open, watch::Prints};
use crate::{
    cli::{self, Global},
    commands::{
        output::Output,
        progress::Bar,
        project::{self, Project},
        showing::Showing,
        sources,
    },
    error::{Error, Result},
    plan::decide::OnDrift,
    preview::{self, Page, Remark},
    publish,
    targets::Target,
};

/// How often it is looked whether anything changed.
const TICK: Duration = Duration::from_millis(400);
/// The port, unless it is taken or another is asked for.
const PORT: u16 = 4750;

/// What the server hands out.
#[derive(Default)]
struct Served {
    page: Bytes,
    /// Changes with the page.
    state: String,
}

/// Serves until it is interrupted.
pub async fn serve(global: &Global, args: &cli::Preview, output: &Output) -> Result<u8> {
    let (listener, address) = listen(args.port).await?;
    let served = Arc::new(Mutex::new(Served::default()));
    let (run, config) = (publish::run_id(), project::file(global));
    let mut made = make(global, args, output, &served, &format!("{run}-0")).await;
    let url = format!("http://{address}/");
    output.result(&format!("{url}\n"));
    output.remark("the preview follows your changes; Ctrl-C ends it");
    tokio::spawn(accept(listener, address, served.clone()));
    if !args.no_open {
        open::browser(&url, output);
    }
    let prints = |made: &Made| {
        let project = Project::open(global, args.paths.first().map(|p| &**p));
        Prints::take(&project, config.as_deref(), args, &made.pictures)
    };
    let mut known = prints(&made);
    for count in 1_u64.. {
        while prints(&made) == known {
            tokio::time::sleep(TICK).await;
        }
        made = make(global, args, output, &served, &format!("{run}-{count}")).await;
        known = prints(&made);
    }
    Ok(0)
}

/// What a page was made of besides the notes.
struct Made {
    pictures: Vec<String>,
}

/// Makes the page, or one that says why it cannot be made.
async fn make(
    global: &Global,
    args: &cli::Preview,
    output: &Output,
    served: &Mutex<Served>,
    state: &str,
) -> Made {
    let (mut page, pictures) = match build(global, args, output).await {
        Ok(built) => built,
        Err(error) => (broken(&error), Vec::new()),
    };
    page.live = Some(state.to_owned());
    // The templates are part of the program.
    let html = preview::page(&page).unwrap_or_else(|error| error.to_string());
    *served.lock().unwrap_or_else(PoisonError::into_inner) =
        Served { page: Bytes::from(html), state: state.to_owned() };
    Made { pictures }
}

async fn build(global: &Global, args: &cli::Preview, output: &Output) -> Result<(Page, Vec<String>)> {
    let shell = super::open(global, args, output)?;
    let connect = |target: &dyn Target| shell.connect(target);
    let bar = Bar::new(output);
    let mut run = shell.run(shell.targets(&args.target)?, OnDrift::Fail, &connect, &bar);
    let observed = super::look(&mut run, &shell, args).await?;
    let sources = sources::of_editor(run.root);
    let mut showing = Showing::new(&run, &observed, &sources);
    let page = showing.page().await;
    Ok((page, std::mem::take(&mut showing.files)))
}

/// A page for a configuration that cannot be read.
fn broken(error: &Error) -> Page {
    let help = error.hints().iter().map(|hint| format!("help: {hint}"));
    let details = error.details().iter().map(|(label, text)| format!("{label}: {text}"));
    let problem = Remark {
        place: error.place().map(ToString::to_string).unwrap_or_default(),
        href: None,
        message: error.message().to_owned(),
        details: details.chain(help).collect(),
        excerpt: None,
        code: error.name().unwrap_or_default().to_owned(),
    };
    Page { problems: vec![problem], ..Page::default() }
}

async fn listen(port: Option<u16>) -> Result<(TcpListener, SocketAddr)> {
    let at = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = match port {
        Some(port) => at(port).await.map_err(|e| {
            Error::failed(format!("port {port} cannot be used"))
                .cause(e)
                .help("leave out `--port`, and a free one is taken")
        }),
        None => match at(PORT).await {
            Ok(listener) => Ok(listener),
            Err(_) => at(0).await.map_err(|e| Error::failed("no port can be used").cause(e)),
        },
    }?;
    let address = listener.local_addr().map_err(|e| Error::failed("no port can be used").cause(e))?;
    Ok((listener, address))
}

async fn accept(listener: TcpListener, address: SocketAddr, served: Arc<Mutex<Served>>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files: some are closed soon.
            tokio::time::sleep(TICK).await;
            continue;
        };
        let served = served.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let answer = answer(&request, address, &served);
            async move { Ok::<_, Infallible>(answer) }
        });
        tokio::spawn(async move {
            // A browser that goes away is no trouble.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn answer(request: &Request<Incoming>, address: SocketAddr, served: &Mutex<Served>) -> Response<Full<Bytes>> {
    if !is_ours(request, address) {
        return text(StatusCode::FORBIDDEN, "this is for this machine's own browser".into());
    }
    if request.method() != Method::GET {
        return text(StatusCode::METHOD_NOT_ALLOWED, "GET alone".into());
    }
    let served = served.lock().unwrap_or_else(PoisonError::into_inner);
    match request.uri().path() {
        "/" => with_type("text/html; charset=utf-8", StatusCode::OK, served.page.clone()),
        "/state" => text(StatusCode::OK, Bytes::from(served.state.clone())),
        _ => text(StatusCode::NOT_FOUND, "nothing here".into()),
    }
}

/// Whether the address in the browser is this server's own: a name on the internet that is pointed at
/// this machine is not (DNS rebinding), and would let its site read the notes.
fn is_ours(request: &Request<Incoming>, address: SocketAddr) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| host == address.to_string() || host == format!("localhost:{}", address.port()))
}

fn text(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    with_type("text/plain; charset=utf-8", status, body)
}

fn with_type(kind: &'static str, status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}
