//! Opens the store at an address, with short timeouts. Describes its failures without quoting
//! requests or answers, since these can contain credentials.

use std::{env, error::Error as _, io, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, Error, HeaderMap, HeaderValue, ObjectStore, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    client::{HttpError, HttpErrorKind},
    http::HttpBuilder,
    local::LocalFileSystem,
    path::Path,
};

use crate::address::{Address, StoreKind, is_plain};

/// How long connecting may take.
const CONNECT_TIMEOUT: &str = "2 seconds";

/// Why a store cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the folder does not exist")]
    NoFolder,
    #[error("the bucket or folder does not exist")]
    NoBucket,
    #[error("the store cannot be reached{0}")]
    Unreachable(String),
    #[error("the store does not answer within {} s", .0.as_secs())]
    Silent(Duration),
    #[error("a transfer takes longer than {} s", .0.as_secs())]
    Slow(Duration),
    #[error("the store refuses access")]
    Refused,
    #[error("the store answers with an error{0}")]
    Answer(String),
    #[error("AWS_ENDPOINT_URL is plain http, which is allowed only for localhost")]
    PlainEndpoint,
    #[error("PYWASM_CACHE_TOKEN is not a valid token")]
    Token,
    #[error("the AWS_ environment variables contradict each other")]
    Settings,
    #[error("{0}")]
    System(String),
}

/// Opens the store at an address, and returns it with the path of its root. `token` is for a web
/// server.
pub(crate) fn open(address: &Address, token: Option<&str>) -> Result<(Arc<dyn ObjectStore>, Path), Failure> {
    match &address.kind {
        StoreKind::Folder(folder) => {
            if !folder.is_dir() {
                return Err(Failure::NoFolder);
            }
            let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| classify(&error))?;
            Ok((Arc::new(store), Path::default()))
        }
        StoreKind::Bucket { bucket, prefix } => Ok((Arc::new(open_bucket(bucket)?), prefix.clone())),
        StoreKind::Web { url, plain } => {
            let mut options = ClientOptions::new()
                .with_allow_http(*plain)
                .with_config(ClientConfigKey::ConnectTimeout, CONNECT_TIMEOUT);
            if let Some(token) = token {
                let mut header =
                    HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| Failure::Token)?;
                header.set_sensitive(true);
                let mut headers = HeaderMap::new();
                headers.insert("authorization", header);
                options = options.with_default_headers(headers);
            }
            let store = HttpBuilder::new()
                .with_url(url)
                .with_client_options(options)
                .with_retry(retry())
                .build()
                .map_err(|error| classify(&error))?;
            Ok((Arc::new(store), Path::default()))
        }
    }
}

/// Opens a bucket with the endpoint, region and credentials of the environment.
fn open_bucket(bucket: &str) -> Result<impl ObjectStore, Failure> {
    // Like `AmazonS3Builder::from_env`, but ignores empty variables: CI systems set secrets that a
    // fork must not see to empty values.
    let variables = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, value)| name.starts_with("AWS_") && !value.is_empty());
    let mut builder = AmazonS3Builder::new();
    for (name, value) in variables {
        if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    let endpoint = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint]
        .iter()
        .find_map(|key| builder.get_config_value(key));
    let plain = endpoint.map_or(Ok(false), |url| is_plain(&url));
    builder
        .with_bucket_name(bucket)
        .with_allow_http(plain.map_err(|_| Failure::PlainEndpoint)?)
        .with_config(
            AmazonS3ConfigKey::Client(ClientConfigKey::ConnectTimeout),
            CONNECT_TIMEOUT,
        )
        .with_retry(retry())
        .build()
        .map_err(|_| Failure::Settings)
}

/// Retries once, soon.
fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_millis(500),
            base: 2.0,
        },
        max_retries: 1,
        retry_timeout: Duration::from_secs(2),
    }
}

/// Classifies an error of the store. Its own text is not shown, since it quotes the request and the
/// server's answer.
pub(crate) fn classify(error: &Error) -> Failure {
    match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => return Failure::Refused,
        Error::NotFound { .. } => return Failure::NoBucket,
        _ => {}
    }
    let mut system = None;
    let mut kind = None;
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<HttpError>() {
            kind = kind.or(Some(error.kind()));
        }
        if let Some(error) = error.downcast_ref::<io::Error>()
            && error.kind() != io::ErrorKind::Other
        {
            system = Some(error.kind().to_string());
        }
        cause = error.source();
    }
    match (kind, system) {
        (Some(HttpErrorKind::Timeout), _) => Failure::Unreachable(": timed out".to_owned()),
        (Some(_), system) => {
            Failure::Unreachable(system.map_or_else(String::new, |system| format!(": {system}")))
        }
        (None, Some(system)) => Failure::System(system),
        (None, None) => Failure::Answer(status(&error.to_string())),
    }
}

/// Classifies an error of a folder.
pub(crate) fn classify_io(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Failure::Refused,
        kind => Failure::System(kind.to_string()),
    }
}

/// Extracts the status code from the text of an error.
fn status(text: &str) -> String {
    let rest = text.split_once("status code: ").map_or("", |(_, rest)| rest);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).take(3).collect();
    if digits.is_empty() {
        digits
    } else {
        format!(" {digits}")
    }
}
