//! What `doctor` says of a wiki: which one it is, who we are there, and what that account may do.

use serde_json::Value;

use super::{connection::Connection, errors::one_line, survey::check_namespace};
use crate::{error::Result, targets::diagnosis::Diagnosis};

/// The oldest release that crosspost is tried against.
const OLDEST: (u32, u32) = (1, 39);

/// Rights that notes need, what lacks without them, and the grant of a bot password that holds them
/// (MediaWiki's manual, `$wgGrantPermissions`).
const RIGHTS: &[(&[&str], &str, &str, &str)] = &[
    (&["upload"], "upload: notes with pictures of their own will fail", "cannot-upload", "Upload new files"),
    (
        &["move"],
        "move pages: a note whose title changes keeps its page's old title",
        "cannot-move",
        "Create, edit, and move pages",
    ),
    (
        &["delete"],
        "delete pages: `crosspost unpublish` will fail",
        "cannot-delete",
        "Delete pages, revisions, and log entries",
    ),
];

/// Looks at everything that a publish depends on; ends where the rest would be meaningless.
pub(super) async fn diagnose(connection: &Connection) -> Vec<Diagnosis> {
    let mut findings = Vec::new();
    if let Err(error) = look(connection, &mut findings).await {
        findings.push(Diagnosis::from(&error));
    }
    findings
}

async fn look(connection: &Connection, findings: &mut Vec<Diagnosis>) -> Result<()> {
    let query = [
        ("action", "query"),
        ("meta", "siteinfo|userinfo"),
        ("siprop", "general|namespaces"),
        ("uiprop", "rights|groups|blockinfo"),
    ];
    let body = connection.query("describe itself", &query).await?;
    let body = body.get("query").cloned().unwrap_or_default();
    findings.push(version(&body));
    findings.extend(read_only(&body));
    findings.push(who(connection, &body));
    findings.extend(blocked(&body));
    findings.extend(rights(connection, &body));
    check_namespace(connection, &body)?;
    if let Some(namespace) = &connection.config().namespace {
        findings.push(Diagnosis::good(format!("the wiki has the namespace `{namespace}`")));
    }
    Ok(())
}

fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn version(body: &Value) -> Diagnosis {
    let generator = one_line(text(body, "/general/generator"));
    let mut numbers =
        generator.trim_start_matches("MediaWiki ").split(['.', '-']).map_while(|n| n.parse().ok());
    let release: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if release < OLDEST {
        return Diagnosis::doubtful(format!("{generator} answers, which is old"))
            .code("old-mediawiki")
            .help("bring it to 1.39 or later: crosspost is not tried against older ones");
    }
    Diagnosis::good(format!("{generator} answers"))
}

fn read_only(body: &Value) -> Option<Diagnosis> {
    let is_read_only = body.pointer("/general/readonly").is_some_and(|value| value != &Value::Bool(false));
    is_read_only.then(|| {
        Diagnosis::bad(format!(
            "the wiki takes no edits for now: {}",
            one_line(text(body, "/general/readonlyreason"))
        ))
        .code("read-only")
        .help("try again later")
    })
}

fn who(connection: &Connection, body: &Value) -> Diagnosis {
    let groups = body.pointer("/userinfo/groups").and_then(Value::as_array);
    let groups: Vec<&str> =
        groups.into_iter().flatten().filter_map(Value::as_str).filter(|group| *group != "*").collect();
    let name = connection
        .credentials()
        .account()
        .map_or_else(|| one_line(text(body, "/userinfo/name")), str::to_owned);
    Diagnosis::good(format!("logged in as {name}, in the groups: {}", one_line(&groups.join(", "))))
}

fn blocked(body: &Value) -> Option<Diagnosis> {
    body.pointer("/userinfo/blockid")?;
    Some(
        Diagnosis::bad(format!("the account is blocked: {}", one_line(text(body, "/userinfo/blockreason"))))
            .code("blocked")
            .help("ask one of the wiki's administrators to lift the block"),
    )
}

fn rights(connection: &Connection, body: &Value) -> Vec<Diagnosis> {
    let rights = body.pointer("/userinfo/rights").and_then(Value::as_array);
    let rights: Vec<&str> = rights.into_iter().flatten().filter_map(Value::as_str).collect();
    let may = |right: &str| rights.contains(&right);
    let account = connection.account();
    if !may("edit") || !may("createpage") {
        return vec![
            Diagnosis::bad(format!("{account} may not create and edit pages"))
                .code("cannot-write")
                .help("give the bot password the grants “Edit existing pages” and “Create, edit, and move pages”, at Special:BotPasswords"),
        ];
    }
    let lacks = |(needed, what, code, grant): &(&[&str], &str, &'static str, &str)| {
        let lacks = !needed.iter().all(|right| may(right));
        lacks.then(|| {
            Diagnosis::doubtful(format!("{account} may not {what}")).code(code).help(format!(
                "if that is wanted: the account needs the right, and its bot password the grant “{grant}”"
            ))
        })
    };
    let missing: Vec<Diagnosis> = RIGHTS.iter().filter_map(lacks).collect();
    if missing.is_empty() {
        return vec![Diagnosis::good("may create, edit, move and delete pages, and upload")];
    }
    missing
}
