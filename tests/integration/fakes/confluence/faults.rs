//! What goes wrong, and with which request.

use super::state::Received;

/// Kinds of request that can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page is made.
    Create,
    /// A page is changed.
    Update,
    /// A property is written.
    Property,
    /// Labels are added.
    Labels,
}

/// What goes wrong with the next request of a kind.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// The connection is cut before a byte of the answer.
    Drop { done: bool },
    /// An error of the server's.
    Status { status: u16, done: bool },
    /// It is done, and the answer is a page with a good status.
    Page,
}

impl Fault {
    /// Whether the work is done all the same.
    pub fn is_done(self) -> bool {
        match self {
            Self::Drop { done } | Self::Status { done, .. } => done,
            Self::Page => true,
        }
    }
}

impl Kind {
    /// The kind of a request.
    pub fn of(request: &Received) -> Option<Self> {
        let path = request.path.as_str();
        match request.method.as_str() {
            "POST" | "PUT" if path.contains("/propert") => Some(Self::Property),
            "POST" if path.ends_with("/label") => Some(Self::Labels),
            "POST" if path.ends_with("/pages") || path.ends_with("/content") => Some(Self::Create),
            "PUT" => Some(Self::Update),
            _ => None,
        }
    }
}
