//! The ways in which posting a story was seen to fail.

use axum::{body::Body, http::Response};

use super::reply::Reply;

/// What goes wrong with the next story that is posted.
#[derive(Debug, Clone)]
pub enum Fault {
    /// No answer ever comes.
    Hang { created: bool },
    /// The connection is cut before a byte of the answer.
    Drop { created: bool },
    /// An error of the server's, or of a gate in front of it.
    Status { status: u16, created: bool, retry_after: bool },
    /// The gate keeps the caller out, with a page.
    Forbidden,
    /// The story is made, and the answer is a page with a good status.
    Page,
    /// The story is made, and the answer is empty.
    Empty,
    /// The story is made, and the answer is JSON without an id.
    NoId,
    /// The story is made, and the answer breaks off.
    Half,
    /// A refusal in Medium's envelope.
    Refuse { status: u16, code: i64, message: &'static str },
}

impl Fault {
    /// Whether the story is made all the same.
    pub fn creates(&self) -> bool {
        match self {
            Self::Hang { created } | Self::Drop { created } | Self::Status { created, .. } => *created,
            Self::Forbidden | Self::Refuse { .. } => false,
            Self::Page | Self::Empty | Self::NoId | Self::Half => true,
        }
    }

    /// What the caller gets in place of `good`.
    pub async fn answer(self, good: Reply) -> Response<Body> {
        let reply = match self {
            Self::Hang { .. } => return std::future::pending().await,
            // An unwinding connection task closes its socket; this way says nothing about it.
            Self::Drop { .. } => std::panic::resume_unwind(Box::new("cut")),
            Self::Status { status, retry_after, .. } => {
                let mut response = Reply::page(status, "the server is not well").into_response();
                if retry_after {
                    response.headers_mut().insert("retry-after", "0".parse().expect("a digit"));
                }
                return response;
            }
            Self::Forbidden => Reply::page(403, "Attention Required! | Cloudflare"),
            Self::Page => Reply::page(201, "Medium"),
            Self::Empty => Reply { body: String::new(), ..good },
            Self::NoId => Reply { body: r#"{"data":{}}"#.to_owned(), ..good },
            Self::Half => Reply { body: good.body.chars().take(40).collect(), ..good },
            Self::Refuse { status, code, message } => Reply::error(status, code, message),
        };
        reply.into_response()
    }
}
