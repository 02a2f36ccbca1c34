//! Checks where a registry sends clients for a token, before a login goes there. Only addresses with
//! TLS or on this machine are allowed.

use std::net::IpAddr;

use reqwest::{Client, Url, header::WWW_AUTHENTICATE};

use crate::Reference;

/// The address without TLS that the registry sends clients to for a token, if any.
pub(crate) async fn find_plain_realm(
    client: Client,
    reference: &Reference,
) -> reqwest::Result<Option<String>> {
    let scheme = if reference.is_loopback() { "http" } else { "https" };
    let response = client
        .get(format!("{scheme}://{}/v2/", reference.host()))
        .send()
        .await?;
    let mut challenges = response.headers().get_all(WWW_AUTHENTICATE).iter();
    Ok(challenges.find_map(|challenge| find_plain_address(challenge.to_str().ok()?)))
}

/// The first `http://` address in a challenge that is not on this machine.
pub(crate) fn find_plain_address(challenge: &str) -> Option<String> {
    challenge
        .split(['"', ' ', ',', '='])
        .filter_map(|part| Url::parse(part).ok())
        .find(|url| url.scheme() == "http" && !is_here(url))
        .map(|url| url.origin().ascii_serialization())
}

fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_in_the_clear() {
        for (challenge, expected) in [
            ("Basic realm=\"a registry\"", None),
            ("Bearer realm=\"https://auth.example/token\",service=\"r\"", None),
            ("Bearer realm=\"http://127.0.0.1:80/token\"", None),
            (
                "Bearer service=\"r\", realm=\"HTTP://auth.example/token?a=b\"",
                Some("http://auth.example"),
            ),
            ("bearer realm=http://auth.example", Some("http://auth.example")),
        ] {
            assert_eq!(find_plain_address(challenge).as_deref(), expected, "{challenge}");
        }
    }
}
