//! The clouds: what an address means, and where their credentials come from.

use std::sync::Arc;

use object_store::{
    ObjectStore, RetryConfig,
    aws::{AmazonS3Builder, S3ConditionalPut},
    azure::MicrosoftAzureBuilder,
    gcp::GoogleCloudStorageBuilder,
};
use url::Url;

use crate::error::{Error, Result};

/// Looks a variable of the environment up.
type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The bucket and the prefix in what follows `s3:`.
pub(super) fn split<'a>(scheme: &str, address: &'a str) -> Result<(&'a str, &'a str)> {
    let wrong = || {
        Error::invalid(format!("`{scheme}:{address}` names no bucket"))
            .help(format!("write `state = \"{scheme}://BUCKET/PREFIX\"`"))
    };
    let rest = address.strip_prefix("//").ok_or_else(wrong)?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() || bucket.contains(['@', ':', '?']) {
        return Err(
            wrong().help("credentials and endpoint stand in the environment, never in the configuration")
        );
    }
    Ok((bucket, prefix.trim_matches('/')))
}

/// The store that an address names.
///
/// # Errors
/// An unknown scheme; credentials that are missing or unusable.
pub(super) fn connect(scheme: &str, bucket: &str, env: Environment<'_>) -> Result<Arc<dyn ObjectStore>> {
    // Installing fails when another client of this process did it already; either will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    require(scheme, env)?;
    let built = match scheme {
        "gs" => {
            let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(bucket);
            builder.with_retry(retries()).build().map(|store| Arc::new(store) as Arc<dyn ObjectStore>)
        }
        "az" => {
            let builder = MicrosoftAzureBuilder::from_env().with_container_name(bucket);
            builder.with_retry(retries()).build().map(|store| Arc::new(store) as Arc<dyn ObjectStore>)
        }
        _ => s3(bucket, env).build().map(|store| Arc::new(store) as Arc<dyn ObjectStore>),
    };
    built.map_err(|e| {
        Error::invalid(format!("`{scheme}://{bucket}` cannot be used with what the environment says"))
            .cause(e)
    })
}

fn s3(bucket: &str, env: Environment<'_>) -> AmazonS3Builder {
    let endpoint =
        env("AWS_ENDPOINT_URL_S3").or_else(|| env("AWS_ENDPOINT_URL")).or_else(|| env("AWS_ENDPOINT"));
    let builder = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_conditional_put(S3ConditionalPut::ETagMatch)
        .with_retry(retries());
    if endpoint.is_some_and(|endpoint| is_loopback(&endpoint)) {
        return builder.with_allow_http(true);
    }
    builder
}

/// Plain HTTP needs no permission within one machine.
fn is_loopback(endpoint: &str) -> bool {
    match Url::parse(endpoint).ok().as_ref().and_then(Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A put may be sent again after any failure, since its condition only lets one of them in.
fn retries() -> RetryConfig {
    RetryConfig {
        max_retries: 4,
        retry_timeout: std::time::Duration::from_secs(30),
        ..RetryConfig::default()
    }
}

/// For each cloud the sets of variables of which one has to be there, each named by its variables.
const CREDENTIALS: [(&str, &[&[&str]]); 3] = [
    (
        "s3",
        &[
            &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
            &["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
            &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
            &["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
        ],
    ),
    (
        "gs",
        &[
            &["GOOGLE_APPLICATION_CREDENTIALS"],
            &["GOOGLE_SERVICE_ACCOUNT"],
            &["GOOGLE_SERVICE_ACCOUNT_PATH"],
            &["GOOGLE_SERVICE_ACCOUNT_KEY"],
        ],
    ),
    (
        "az",
        &[
            &["AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY"],
            &["AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_SAS_TOKEN"],
            &[
                "AZURE_STORAGE_ACCOUNT_NAME",
                "AZURE_STORAGE_CLIENT_ID",
                "AZURE_STORAGE_CLIENT_SECRET",
                "AZURE_STORAGE_TENANT_ID",
            ],
            &[
                "AZURE_STORAGE_ACCOUNT_NAME",
                "AZURE_FEDERATED_TOKEN_FILE",
                "AZURE_STORAGE_CLIENT_ID",
                "AZURE_STORAGE_TENANT_ID",
            ],
        ],
    ),
];

fn require(scheme: &str, env: Environment<'_>) -> Result<()> {
    let sets = CREDENTIALS.iter().find(|(name, _)| *name == scheme).map_or(&[][..], |(_, sets)| sets);
    if sets.iter().any(|set| set.iter().all(|name| env(name).is_some())) {
        return Ok(());
    }
    let ways: Vec<String> = sets.iter().map(|set| set.join(" and ")).collect();
    Err(Error::invalid(format!("no credentials for the ledger in `{scheme}:` are in the environment"))
        .code("missing-secret")
        .help(format!("set {}", ways.join("; or ")))
        .help("files and metadata services are not looked at: for a profile, `aws configure export-credentials --format env`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_bucket_and_a_prefix() {
        assert_eq!(split("s3", "//bucket/a/b/").unwrap(), ("bucket", "a/b"));
        assert_eq!(split("s3", "//bucket").unwrap(), ("bucket", ""));
        for address in ["bucket/a", "//", "///a", "//key:secret@bucket/a"] {
            assert!(split("s3", address).is_err(), "{address}");
        }
    }

    #[test]
    fn credentials_are_asked_for_by_name() {
        for scheme in ["s3", "gs", "az"] {
            let error = connect(scheme, "bucket", &|_| None).unwrap_err();
            assert_eq!(error.name(), Some("missing-secret"));
        }
        let half = |name: &str| (name == "AWS_ACCESS_KEY_ID").then(String::new);
        assert!(connect("s3", "bucket", &half).unwrap_err().to_string().contains("AWS_SECRET_ACCESS_KEY"));
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        assert!(is_loopback("http://127.0.0.1:9000") && is_loopback("http://[::1]:1"));
        assert!(is_loopback("http://localhost:9000"));
        assert!(!is_loopback("http://minio.example:9000") && !is_loopback("localhost"));
    }
}
