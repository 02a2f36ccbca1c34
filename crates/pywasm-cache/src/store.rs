//! An address in, an open store with little patience out; and what goes wrong with one, in words
//! that hold nothing of a request or an answer, since these can hold credentials.

use std::{env, error::Error as _, io, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, Error, HeaderMap, HeaderValue, ObjectStore, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    client::{HttpError, HttpErrorKind},
    http::HttpBuilder,
    local::LocalFileSystem,
    path::Path,
};

use crate::address::{Address, Place, is_plain};

/// How long a connection may take to come about.
const CONNECT: &str = "2 seconds";

/// Why a store is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("there is no such folder")]
    NoFolder,
    #[error("there is no such bucket or folder")]
    NoBucket,
    #[error("it cannot be reached{0}")]
    Unreachable(String),
    #[error("it does not answer within {} s", .0.as_secs())]
    Silent(Duration),
    #[error("its answers take longer than {} s", .0.as_secs())]
    Slow(Duration),
    #[error("it refuses access")]
    Refused,
    #[error("it answers with an error{0}")]
    Answer(String),
    #[error("AWS_ENDPOINT_URL is plain http, which is only for this machine")]
    PlainEndpoint,
    #[error("PYWASM_CACHE_TOKEN is no token")]
    Token,
    #[error("the AWS_ variables of the environment do not fit together")]
    Settings,
    #[error("{0}")]
    System(String),
}

/// The store at an address, and the path that everything in it stands below. `token` is for a web
/// server.
pub(crate) fn open(address: &Address, token: Option<&str>) -> Result<(Arc<dyn ObjectStore>, Path), Failure> {
    match &address.place {
        Place::Folder(folder) => {
            if !folder.is_dir() {
                return Err(Failure::NoFolder);
            }
            let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| failure(&error))?;
            Ok((Arc::new(store), Path::default()))
        }
        Place::Bucket { bucket, prefix } => Ok((Arc::new(s3(bucket)?), prefix.clone())),
        Place::Web { url, plain } => {
            let mut options = ClientOptions::new()
                .with_allow_http(*plain)
                .with_config(ClientConfigKey::ConnectTimeout, CONNECT);
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
                .map_err(|error| failure(&error))?;
            Ok((Arc::new(store), Path::default()))
        }
    }
}

/// The bucket, with what the environment says of endpoint, region and credentials.
fn s3(bucket: &str) -> Result<impl ObjectStore, Failure> {
    // As `AmazonS3Builder::from_env`, but that an empty variable is none: a CI gives secrets that a
    // fork must not see as empty ones.
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
            CONNECT,
        )
        .with_retry(retry())
        .build()
        .map_err(|_| Failure::Settings)
}

/// Once more, and soon.
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

/// What an error of the store means. Its own text is not told: it has the request, and what the
/// server answered.
pub(crate) fn failure(error: &Error) -> Failure {
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

/// The status code in the text of an error.
fn status(text: &str) -> String {
    let behind = text.split_once("status code: ").map_or("", |(_, behind)| behind);
    let digits: String = behind.chars().take_while(char::is_ascii_digit).take(3).collect();
    if digits.is_empty() {
        digits
    } else {
        format!(" {digits}")
    }
}
