//! Microsoft Entra, which gives out tokens for a secret or an assertion; and GitHub Actions, which
//! tells a job who it is.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    answers::Reply,
    state::{Received, State},
};

/// The organisation.
pub const TENANT: &str = "contoso.onmicrosoft.com";
/// The application.
pub const CLIENT: &str = "11111111-2222-3333-4444-555555555555";
/// Its secret.
pub const SECRET: &str = "sesame~open~0123456789";
/// A secret that counted once.
pub const EXPIRED: &str = "sesame~last~year~012345";
/// The token of a job for Entra.
pub const ID_TOKEN: &str = "aaaaaaaa.job-for-entra.bbbbbbbb";
/// What a job asks GitHub with.
pub const JOB_TOKEN: &str = "job-asks-with-this-token";

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// `POST /TENANT/oauth2/v2.0/token`.
pub fn token(state: &mut State, request: &Received, tenant: &str) -> Reply {
    let fields: BTreeMap<String, String> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    let get = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if tenant != TENANT {
        return refused("invalid_request", 90002, "Tenant not found.");
    }
    if get("grant_type") != "client_credentials" || get("scope") != format!("{}/.default", state.address) {
        return refused("invalid_scope", 70011, "The scope is not valid.");
    }
    if get("client_id") != CLIENT {
        return refused("unauthorized_client", 700_016, "The application was not found in the directory.");
    }
    match (get("client_secret"), get("client_assertion")) {
        (SECRET, "") => {}
        (EXPIRED, "") => return refused("invalid_client", 7_000_222, "The client secret keys are expired."),
        ("", ID_TOKEN) if get("client_assertion_type") == ASSERTION => {}
        ("", _) => return refused("invalid_client", 700_213, "No matching federated identity record found."),
        _ => return refused("invalid_client", 7_000_215, "Invalid client secret provided."),
    }
    state.tokens += 1;
    let claims = URL_SAFE_NO_PAD.encode(json!({ "roles": ["Sites.Selected"] }).to_string());
    let token = format!("e30.{claims}.{}", state.tokens);
    Reply::json(200, json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": token }))
}

/// Entra's errors: a number, a sentence, and ids on lines of their own.
fn refused(error: &str, number: u32, words: &str) -> Reply {
    let description = format!("AADSTS{number}: {words}\r\nTrace ID: 1\r\nTimestamp: 2026-11-26");
    let status = if error == "invalid_client" { 401 } else { 400 };
    Reply::json(status, json!({ "error": error, "error_description": description, "error_codes": [number] }))
}

/// `GET /github?audience=…`.
pub fn job(request: &Received) -> Reply {
    let is_asked = request.path.contains("audience=api%3A%2F%2FAzureADTokenExchange");
    if request.headers.get("authorization").map(String::as_str) != Some(&format!("Bearer {JOB_TOKEN}")) {
        return Reply::json(401, json!({ "message": "no" }));
    }
    Reply::json(200, json!({ "value": if is_asked { ID_TOKEN } else { "for.somebody.else" } }))
}
