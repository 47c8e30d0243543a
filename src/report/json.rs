//! Plans and outcomes as one JSON document, `"schema": 1`. Fields are added, never changed.

use serde::Serialize;

use crate::{
    error::{Error, Warning},
    plan::{Action, Outcome, Plan, Step, Summary},
};

/// The version of the documents.
pub const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    command: &'a str,
    dry_run: bool,
    summary: Summary,
    steps: Vec<JsonStep<'a>>,
    errors: Vec<JsonError<'a>>,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    note: &'a str,
    target: &'a str,
    action: Action,
    outcome: Outcome,
    reason: Option<&'a str>,
    remote_id: Option<&'a str>,
    url: Option<&'a str>,
    warnings: &'a [Warning],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    by_hand: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<JsonError<'a>>,
}

/// An error as JSON has it.
#[derive(Serialize)]
pub struct JsonError<'a> {
    code: Option<&'a str>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    details: serde_json::Map<String, serde_json::Value>,
    help: &'a [String],
}

impl<'a> From<&'a Error> for JsonError<'a> {
    fn from(error: &'a Error) -> Self {
        let place = error.place();
        let details = error.details().iter().map(|(label, text)| ((*label).to_owned(), text.clone().into()));
        Self {
            code: error.name(),
            message: error.message(),
            path: place.map(|p| p.path.as_str()),
            line: place.map(|p| p.line).filter(|n| *n > 0),
            column: place.map(|p| p.column).filter(|n| *n > 0),
            details: details.collect(),
            help: error.hints(),
        }
    }
}

/// A plan, or what became of it.
#[must_use]
pub fn plan(command: &str, dry_run: bool, plan: &Plan) -> String {
    to_text(&Document {
        schema: SCHEMA,
        command,
        dry_run,
        summary: plan.summary(),
        steps: plan.steps.iter().map(step).collect(),
        errors: plan.errors.iter().map(JsonError::from).collect(),
    })
}

fn step(step: &Step) -> JsonStep<'_> {
    JsonStep {
        note: &step.note,
        target: &step.target,
        action: step.action,
        outcome: step.outcome,
        reason: step.reason.as_deref(),
        remote_id: step.remote_id.as_deref(),
        url: step.url.as_deref(),
        warnings: &step.warnings,
        by_hand: &step.by_hand,
        difference: step.difference.as_deref(),
        error: step.error.as_ref().map(JsonError::from),
    }
}

/// Errors as JSON has them.
#[must_use]
pub fn errors(errors: &[Error]) -> serde_json::Value {
    let errors: Vec<JsonError<'_>> = errors.iter().map(JsonError::from).collect();
    serde_json::to_value(errors).unwrap_or_default()
}

/// An error that ended the command before there was a plan.
#[must_use]
pub fn error(command: &str, errors: &[Error]) -> String {
    let errors: Vec<JsonError<'_>> = errors.iter().map(JsonError::from).collect();
    to_text(&serde_json::json!({ "schema": SCHEMA, "command": command, "errors": errors }))
}

/// Any value as pretty JSON with a final newline.
#[must_use]
pub fn to_text(value: &impl Serialize) -> String {
    // Only crosspost's own types come here; their JSON cannot fail.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
