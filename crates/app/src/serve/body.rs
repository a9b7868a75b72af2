//! Bodies on their way: what is sent to us has to keep coming, what we send is counted.

use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::limits::{BODY_BYTES_MIN, BODY_WAIT};
use super::log::Answered;
use super::metrics::{Cut, Metrics};

/// A body that is refused when fewer than [`BODY_BYTES_MIN`] come while it is waited for [`BODY_WAIT`]. Only the time
/// counts in which the service waited: a slow disk of ours is not held against the sender.
pub struct Paced {
    inner: Incoming,
    metrics: Arc<Metrics>,
    /// Waited so far, and bytes that came, since the pace was last enough.
    waited: Duration,
    came: u64,
    wait: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    /// Watches a body.
    pub fn new(inner: Incoming, metrics: Arc<Metrics>) -> Self {
        Self {
            inner,
            metrics,
            waited: Duration::ZERO,
            came: 0,
            wait: None,
        }
    }

    fn came(&mut self, bytes: usize) {
        if let Some((since, _)) = self.wait.take() {
            self.waited += since.elapsed();
        }
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.metrics.received(bytes);
        self.came = self.came.saturating_add(bytes);
        if self.came >= BODY_BYTES_MIN {
            (self.came, self.waited) = (0, Duration::ZERO);
        }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(cx) {
            if let Some(Ok(frame)) = &frame {
                self.came(frame.data_ref().map_or(0, Bytes::len));
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let left = BODY_WAIT.saturating_sub(self.waited);
        let (_, wait) = self
            .wait
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
        ready!(wait.as_mut().poll(cx));
        self.metrics.cut(Cut::SlowBody);
        Poll::Ready(Some(Err(Error::from(ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// An answer's body; when it is done or given up, the request goes to log and metrics.
pub struct Counted {
    inner: axum::body::Body,
    answered: Answered,
}

impl Counted {
    /// Counts a body for a request.
    pub fn new(inner: axum::body::Body, answered: Answered) -> Self {
        Self { inner, answered }
    }
}

impl Body for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            self.answered.bytes += u64::try_from(bytes).unwrap_or_default();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
