//! Where the documentation tells more of an error or a finding, by its code.

/// The page on which each of [`FINDINGS`] has a heading of its own.
const DOCTOR: &str = "docs/doctor.md";

/// What `docs/doctor.md` explains, under headings that are these codes.
pub const FINDINGS: &[&str] = &[
    "blocked",
    "cannot-delete",
    "cannot-move",
    "cannot-publish",
    "cannot-upload",
    "cannot-write",
    "classic-editor",
    "clock",
    "feed-of-another",
    "feed-unreadable",
    "folder-closed",
    "missing-secret",
    "moved",
    "no-api",
    "no-application-passwords",
    "no-feed",
    "no-keyring",
    "no-namespace",
    "no-new-categories",
    "no-notes",
    "no-post-type",
    "no-rest-api",
    "not-allowed",
    "not-in-publication",
    "old-mediawiki",
    "old-wordpress",
    "open-writes",
    "other-site",
    "own-posts-only",
    "plain-permalinks",
    "publication-role",
    "publication-writer",
    "read-only",
    "rest-closed",
    "runner-ledger",
    "server-password",
    "shallow-clone",
    "wrong-credentials",
];

/// Errors that another page explains.
const ELSEWHERE: &[(&str, &str)] = &[
    ("drift", "docs/guarantees.md"),
    ("internal-leak", "docs/audience.md"),
    ("ledger-lost", "docs/ledger.md"),
    ("no-ledger", "docs/ledger.md"),
    ("secret-in-config", "docs/targets.md"),
    ("unconditional-store", "docs/ledger.md"),
];

/// The page that tells more, from the repository's folder.
#[must_use]
pub fn page(code: &str) -> Option<String> {
    if FINDINGS.contains(&code) {
        return Some(format!("{DOCTOR}#{code}"));
    }
    ELSEWHERE.iter().find(|(known, _)| *known == code).map(|(_, page)| (*page).to_owned())
}

/// Every page that is named to somebody.
pub fn all() -> impl Iterator<Item = String> {
    FINDINGS.iter().copied().chain(ELSEWHERE.iter().map(|(code, _)| *code)).filter_map(page)
}
