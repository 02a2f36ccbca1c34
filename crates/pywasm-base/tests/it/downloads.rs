//! Tests `add` from an address: what servers and broken connections can do.

use std::fs;

use pywasm_base::{AddOptions, Error, add};
use pywasm_digest::Digest;
use pywasm_host::Quiet;

use crate::fixture::{Member, Place, Record, brotli, tar};
use crate::server::{Server, cut_chunks, ok, redirect, status, with_length, without_length};

fn with(sha256: Digest) -> AddOptions {
    AddOptions {
        sha256: Some(sha256),
        ..AddOptions::default()
    }
}

/// A place, a server that answers with what `answer` makes of the archive, and what `add` says.
fn added(answer: fn(&[u8]) -> Vec<u8>) -> (Place, Result<String, Error>) {
    let place = Place::new();
    let (file, packed, _) = place.packed("a");
    let archive = fs::read(file).expect("read");
    let server = Server::start(move |_| answer(&archive));
    let result = add(
        &place.home,
        &server.url("/base.tar.br"),
        with(packed.sha256),
        &Quiet,
    );
    assert_eq!(server.requests(), 1, "one attempt, one request");
    (place, result.map(|installed| installed.base.id().to_owned()))
}

/// Nothing of a failed download stays, neither in the store nor beside it.
fn nothing_left(place: &Place) {
    assert_eq!(place.in_store(), [""; 0]);
    let downloads = fs::read_dir(place.home.downloads())
        .map(Iterator::count)
        .unwrap_or_default();
    assert_eq!(downloads, 0);
}

#[test]
fn a_good_download_is_installed() {
    let place = Place::new();
    let (file, packed, id) = place.packed("a");
    let archive = fs::read(file).expect("read");
    let size = archive.len() as u64;
    let server = Server::start(move |_| ok(&archive));
    let progress = Record::default();
    let installed = add(&place.home, &server.url("/x"), with(packed.sha256), &progress).expect("added");
    assert_eq!(installed.base.id(), id);
    assert!(!installed.was_there);
    assert_eq!(place.in_store(), [id]);
    assert_eq!(fs::read_dir(place.home.downloads()).expect("a folder").count(), 0);
    let steps = progress.steps.lock().expect("steps");
    assert_eq!(
        *steps,
        [
            format!("download {}", server.url("/x")),
            "unpack the base".into(),
            "verify the base's files".into()
        ]
    );
    assert_eq!(packed.bytes, size);
}

#[test]
fn a_download_without_a_length_is_checked_by_its_digest() {
    let (place, result) = added(without_length);
    assert_eq!(place.in_store(), [result.expect("added")]);
}

#[test]
fn a_cut_connection() {
    let (place, result) = added(|archive| with_length(&archive[..archive.len() / 2], archive.len()));
    let error = result.expect_err("cut").to_string();
    assert!(error.contains(": the connection was cut after "), "{error}");
    nothing_left(&place);

    let (place, result) = added(|archive| cut_chunks(&archive[..archive.len() / 2]));
    let error = result.expect_err("cut").to_string();
    assert!(error.contains(": the connection was cut after "), "{error}");
    nothing_left(&place);

    // Without a length a cut looks like an end, until the digest is compared.
    let (place, result) = added(|archive| without_length(&archive[..archive.len() / 2]));
    assert!(matches!(result, Err(Error::WrongHash { .. })));
    nothing_left(&place);
}

#[test]
fn a_wrong_hash() {
    let place = Place::new();
    let (file, packed, _) = place.packed("a");
    let archive = fs::read(file).expect("read");
    let server = Server::start(move |_| ok(&archive));
    let url = server.url("/base.tar.br");
    let error = add(&place.home, &url, with(Digest::compute(b"other")), &Quiet).expect_err("refused");
    let expected = format!(
        "`{url}` has the SHA-256 {}, but {} was expected",
        packed.sha256,
        Digest::compute(b"other")
    );
    assert_eq!(error.to_string(), expected);
    assert!(error.hint().is_some());
    nothing_left(&place);
}

#[test]
fn an_address_needs_a_hash() {
    let place = Place::new();
    let error = add(
        &place.home,
        "https://x.test/a.tar.br",
        AddOptions::default(),
        &Quiet,
    )
    .expect_err("refused");
    assert_eq!(
        error.to_string(),
        "the download https://x.test/a.tar.br needs a SHA-256 digest"
    );
    assert_eq!(error.hint().as_deref(), Some("pass the digest with --sha256"));
}

#[test]
fn redirects_are_followed_and_counted() {
    let place = Place::new();
    let (file, packed, id) = place.packed("a");
    let archive = fs::read(file).expect("read");
    let server = Server::start(move |path| match path {
        "/first" => redirect("/second"),
        "/second" => redirect("/third"),
        "/third" => ok(&archive),
        _ => redirect(path),
    });
    let installed = add(&place.home, &server.url("/first"), with(packed.sha256), &Quiet).expect("added");
    assert_eq!(installed.base.id(), id);
    assert_eq!(server.requests(), 3);

    let error = add(&place.home, &server.url("/loop"), with(packed.sha256), &Quiet).expect_err("a loop");
    let expected = format!(
        "cannot download {}: the server redirects too often or to a forbidden address (more than 5 redirects)",
        server.url("/loop")
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(server.requests(), 3 + 6);
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let place = Place::new();
    let digest = with(Digest::compute(b""));
    let error = add(&place.home, "http://x.test/a.tar.br", digest, &Quiet).expect_err("refused");
    let expected = "cannot download http://x.test/a.tar.br: pywasm downloads only over https (or over http from this machine)";
    assert_eq!(error.to_string(), expected);

    let server = Server::start(|_| redirect("http://x.test/a.tar.br"));
    let error = add(&place.home, &server.url("/"), digest, &Quiet)
        .expect_err("refused")
        .to_string();
    assert!(
        error.contains("the redirect to http://x.test/a.tar.br is not allowed"),
        "{error}"
    );
    nothing_left(&place);
}

#[test]
fn what_a_server_may_answer() {
    for (answer, expected) in [
        (status("404 Not Found"), "the server answered 404 Not Found"),
        (
            status("500 Internal Server Error"),
            "the server answered 500 Internal Server Error",
        ),
        (status("304 Not Modified"), "the server answered 304 Not Modified"),
        (
            with_length(b"", 1 << 40),
            "the file has more than 1073741824 bytes",
        ),
    ] {
        let place = Place::new();
        let server = Server::start(move |_| answer.clone());
        let error =
            add(&place.home, &server.url("/a"), with(Digest::compute(b"")), &Quiet).expect_err("refused");
        assert_eq!(
            error.to_string(),
            format!("cannot download {}: {expected}", server.url("/a"))
        );
        nothing_left(&place);
    }
    for answer in [Vec::new(), b"nonsense\r\n\r\n".to_vec()] {
        let place = Place::new();
        let server = Server::start(move |_| answer.clone());
        let error =
            add(&place.home, &server.url("/a"), with(Digest::compute(b"")), &Quiet).expect_err("refused");
        assert!(error.to_string().contains(": the request failed ("), "{error}");
    }
}

#[test]
fn nobody_listens() {
    let place = Place::new();
    let url = "http://127.0.0.1:1/a.tar.br";
    let error = add(&place.home, url, with(Digest::compute(b"")), &Quiet)
        .expect_err("refused")
        .to_string();
    assert!(
        error.starts_with("cannot download http://127.0.0.1:1/a.tar.br: no connection ("),
        "{error}"
    );
}

#[test]
fn offline_reaches_out_to_nobody() {
    let place = Place::new();
    let server = Server::start(|_| ok(b""));
    let options = AddOptions {
        offline: true,
        ..with(Digest::compute(b""))
    };
    let error = add(&place.home, &server.url("/a"), options, &Quiet).expect_err("refused");
    assert_eq!(
        error.to_string(),
        format!("these files are not available offline:\n  {}", server.url("/a"))
    );
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_hostile_archive_with_the_right_hash() {
    let place = Place::new();
    let archive = brotli(&tar(&[Member::file("../outside", b"x")]));
    let digest = Digest::compute(&archive);
    let server = Server::start(move |_| ok(&archive));
    let url = server.url("/a");
    let error = add(&place.home, &url, with(digest), &Quiet).expect_err("refused");
    let expected =
        format!("`{url}` cannot be unpacked: member `../outside` leaves its folder or contains a `.` part");
    assert_eq!(error.to_string(), expected);
    nothing_left(&place);
}

#[test]
fn stopped_in_the_middle() {
    let place = Place::new();
    let (file, packed, _) = place.packed("a");
    let archive = fs::read(file).expect("read");
    let server = Server::start(move |_| ok(&archive));
    let result = add(
        &place.home,
        &server.url("/a"),
        with(packed.sha256),
        &Record::stopping_at(1),
    );
    assert!(matches!(result, Err(Error::Cancelled)));
    nothing_left(&place);
}
