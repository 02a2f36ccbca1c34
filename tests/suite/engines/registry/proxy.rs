//! What stands between, or in the place of, a registry: a proxy that cuts the connection, a server
//! that gives tokens, and one that only listens.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::mpsc,
    thread,
};

use super::server;

fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("0.0.0.0", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

/// Passes bytes between a client and the registry, and closes both once so many went one way.
pub(super) struct Proxy {
    port: u16,
}

impl Proxy {
    /// Cuts what comes from the registry.
    pub(super) fn start(registry: u16, limit: usize) -> Self {
        Self::between(registry, limit, usize::MAX)
    }

    /// Cuts what goes to the registry.
    pub(super) fn start_up(registry: u16, limit: usize) -> Self {
        Self::between(registry, usize::MAX, limit)
    }

    fn between(registry: u16, down: usize, up: usize) -> Self {
        let (listener, port) = listen();
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.expect("a connection");
                let server = TcpStream::connect(("127.0.0.1", registry)).expect("the registry");
                let twin = |stream: &TcpStream| stream.try_clone().expect("a second handle");
                let (from, to) = (twin(&client), twin(&server));
                thread::spawn(move || pass(from, to, up));
                thread::spawn(move || pass(server, client, down));
            }
        });
        Self { port }
    }

    pub(super) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(super) fn reference(&self, name: &str) -> String {
        format!("oci://{}/{name}", self.host())
    }
}

/// Passes `limit` bytes at most, then closes both ends.
fn pass(mut from: TcpStream, mut to: TcpStream, limit: usize) {
    let mut buffer = [0; 1 << 14];
    let mut passed = 0;
    while passed < limit {
        let Ok(count @ 1..) = from.read(&mut buffer) else {
            break;
        };
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
        passed += count;
    }
    from.shutdown(Shutdown::Both).ok();
    to.shutdown(Shutdown::Both).ok();
}

/// Gives a token to the one who may log in.
pub(super) struct Tokens {
    port: u16,
}

impl Tokens {
    /// `token` as it stands in JSON.
    pub(super) fn start(token: &str) -> Self {
        let (listener, port) = listen();
        let body = format!("{{\"token\": \"{token}\"}}");
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let asked = request(&mut stream);
                let known = asked.contains(&format!("Basic {}", server::BASE64));
                let (status, body) = if known {
                    ("200 OK", body.as_str())
                } else {
                    ("401 Unauthorized", "no")
                };
                let length = body.len();
                write!(
                    stream,
                    "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                )
                .ok();
            }
        });
        Self { port }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// A request's lines, up to the empty one.
fn request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Answers the first words of whoever comes in plain HTTP, and remembers them.
pub(super) struct Refusing {
    port: u16,
    heard: mpsc::Receiver<Vec<u8>>,
}

impl Refusing {
    pub(super) fn start() -> Self {
        let (listener, port) = listen();
        let (tell, heard) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut buffer = [0; 1 << 10];
                let count = stream.read(&mut buffer).unwrap_or(0);
                tell.send(buffer[..count].to_vec()).ok();
                write!(stream, "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").ok();
            }
        });
        Self { port, heard }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn first_bytes(&self) -> Vec<u8> {
        self.heard.try_recv().unwrap_or_default()
    }
}
