//! A connection whose reader has to keep taking: a write that nothing moves for a while ends it.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::limits::TAKE_WAIT;
use super::metrics::{Cut, Metrics};

/// The stream and the clock of a write that waits.
pub struct Taken<S> {
    inner: S,
    waiting: Option<Pin<Box<Sleep>>>,
    metrics: Arc<Metrics>,
}

impl<S> Taken<S> {
    /// Watches a stream.
    pub fn new(inner: S, metrics: Arc<Metrics>) -> Self {
        Self {
            inner,
            waiting: None,
            metrics,
        }
    }

    fn watched<T>(&mut self, moved: Poll<Result<T>>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        if moved.is_ready() {
            self.waiting = None;
            return moved;
        }
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(TAKE_WAIT)));
        if waiting.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        self.metrics.cut(Cut::SlowReader);
        Poll::Ready(Err(Error::from(ErrorKind::TimedOut)))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Taken<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Taken<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let moved = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.watched(moved, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let moved = Pin::new(&mut self.inner).poll_write_vectored(cx, parts);
        self.watched(moved, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let moved = Pin::new(&mut self.inner).poll_flush(cx);
        self.watched(moved, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let moved = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.watched(moved, cx)
    }
}
