//! Standard input and output, each with a thread of its own.
//!
//! A read or write that blocks must not keep the process from ending on a signal, as one of Tokio's threads would:
//! the runtime waits for those.

use std::{
    io::{self, Read as _, Write as _},
    pin::Pin,
    sync::mpsc as threads,
    task::{Context, Poll, ready},
    thread,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::{mpsc, oneshot},
};

use crate::failure::Failure;

/// Bytes per read.
const CHUNK: usize = 16 * 1024;

/// Standard input.
pub(super) struct Stdin {
    chunks: mpsc::Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    start: usize,
}

impl Stdin {
    pub(super) fn open() -> Result<Self, Failure> {
        let (sender, chunks) = mpsc::channel(1);
        spawn("stdin", move || {
            let mut stdin = io::stdin().lock();
            let mut buffer = vec![0; CHUNK];
            loop {
                let chunk = match stdin.read(&mut buffer) {
                    Ok(0) => return,
                    Ok(count) => Ok(buffer[..count].to_vec()),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => Err(error),
                };
                let is_last = chunk.is_err();
                if sender.blocking_send(chunk).is_err() || is_last {
                    return;
                }
            }
        })?;
        Ok(Self {
            chunks,
            chunk: Vec::new(),
            start: 0,
        })
    }
}

impl AsyncRead for Stdin {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.start == self.chunk.len() {
            match ready!(self.chunks.poll_recv(context)) {
                None => return Poll::Ready(Ok(())),
                Some(chunk) => (self.chunk, self.start) = (chunk?, 0),
            }
        }
        let rest = &self.chunk[self.start..];
        let count = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..count]);
        self.start += count;
        Poll::Ready(Ok(()))
    }
}

type Done = oneshot::Sender<io::Result<()>>;

/// Standard output: one write at a time.
pub(super) struct Stdout {
    chunks: threads::Sender<(Vec<u8>, Done)>,
    writing: Option<oneshot::Receiver<io::Result<()>>>,
}

impl Stdout {
    pub(super) fn open() -> Result<Self, Failure> {
        let (chunks, receiver) = threads::channel::<(Vec<u8>, Done)>();
        spawn("stdout", move || {
            let mut stdout = io::stdout().lock();
            for (chunk, done) in receiver {
                let written = stdout.write_all(&chunk).and_then(|()| stdout.flush());
                // Whoever waited for it may be gone.
                let _ = done.send(written);
            }
        })?;
        Ok(Self {
            chunks,
            writing: None,
        })
    }

    fn poll_done(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(writing) = &mut self.writing else {
            return Poll::Ready(Ok(()));
        };
        let written = ready!(Pin::new(writing).poll(context));
        self.writing = None;
        Poll::Ready(written.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into())))
    }
}

impl AsyncWrite for Stdout {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_done(context))?;
        let (done, writing) = oneshot::channel();
        if self.chunks.send((bytes.to_vec(), done)).is_err() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        self.writing = Some(writing);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_done(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let thread = thread::Builder::new().name(name.to_owned());
    match thread.spawn(work) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::io(format!("cannot use {name}"), error)),
    }
}
