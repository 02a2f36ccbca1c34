//! Writes a module to a file while it is pulled, counts its bytes, and takes no more than the
//! manifest declares.

use std::{
    fs::File,
    io::{self, Write},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::AsyncWrite;

use pywasm_host::Progress;

pub(crate) struct Sink<'a> {
    file: &'a mut File,
    size: u64,
    progress: &'a dyn Progress,
    /// Bytes received.
    pub(crate) received: u64,
    /// Whether more was sent than declared.
    pub(crate) too_much: bool,
    /// Why the file could not be written.
    pub(crate) write_error: Option<io::Error>,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(file: &'a mut File, size: u64, progress: &'a dyn Progress) -> Self {
        Self {
            file,
            size,
            progress,
            received: 0,
            too_much: false,
            write_error: None,
        }
    }
}

impl AsyncWrite for Sink<'_> {
    // A local file takes its bytes at once, so this blocks instead of waiting.
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if bytes.len() as u64 > self.size - self.received {
            self.too_much = true;
            return Poll::Ready(Err(io::Error::other("more than was announced")));
        }
        if let Err(error) = self.file.write_all(bytes) {
            self.write_error = Some(error);
            return Poll::Ready(Err(io::Error::other("the file cannot be written")));
        }
        self.received += bytes.len() as u64;
        self.progress.bytes(self.received, Some(self.size));
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
