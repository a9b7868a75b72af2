//! Accepts connections and serves each in a task of its own, over HTTP/1.1: with limits on time, size and number, and
//! told to end when the service stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::house::House;
use super::limits::{HANDSHAKE_WAIT, HEAD_BYTES_MAX, HEADER_WAIT, HEADERS_MAX};
use super::metrics::{Cut, Metrics};
use super::stream::Taken;
use super::tls::Tls;

/// After an error of the listener (too many open files, for one) it rests.
const REST: Duration = Duration::from_millis(100);
/// What a connection without room is told, in so far as it can be told.
const NO_ROOM: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// A listener and what stands behind it.
pub struct Door {
    /// Where connections come in.
    pub listener: TcpListener,
    /// The certificate, for HTTPS.
    pub tls: Option<Arc<Tls>>,
    /// Who answers.
    pub house: Arc<House>,
    /// Room for so many connections.
    pub room: Arc<Semaphore>,
}

/// A connection that is counted as open, and the room it takes, until it is dropped.
struct Place {
    metrics: Arc<Metrics>,
    _room: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.metrics.closed();
    }
}

impl Door {
    /// Lets connections in until `stop` says so. Each holds a copy of `stop`: when all are gone, all were answered.
    pub async fn open(self, mut stop: watch::Receiver<bool>) {
        loop {
            let accepted = tokio::select! {
                biased;
                () = told(&mut stop) => return,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.let_in(stream, peer, stop.clone()),
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    fn let_in(&self, stream: TcpStream, peer: SocketAddr, stop: watch::Receiver<bool>) {
        let metrics = Arc::clone(&self.house.metrics);
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            metrics.cut(Cut::NoRoom);
            if self.tls.is_none() {
                // Whether it hears this is its own affair.
                drop(stream.try_write(NO_ROOM));
            }
            return;
        };
        metrics.opened();
        let place = Place { metrics, _room: room };
        // Small answers are not held back; where it cannot be set they come a little later.
        drop(stream.set_nodelay(true));
        let (house, tls) = (Arc::clone(&self.house), self.tls.clone());
        tokio::spawn(async move {
            let stream = Taken::new(stream, Arc::clone(&house.metrics));
            match tls {
                None => attend(stream, house, peer, false, stop).await,
                Some(tls) => {
                    let greeting = tls.acceptor().accept(stream);
                    match tokio::time::timeout(HANDSHAKE_WAIT, greeting).await {
                        Ok(Ok(stream)) => attend(stream, house, peer, true, stop).await,
                        _ => house.metrics.cut(Cut::Handshake),
                    }
                }
            }
            drop(place);
        });
    }
}

/// Ends when the service stops.
async fn told(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

/// Answers the requests of one connection until it ends, or the service stops and the open answer is out.
async fn attend<S>(
    stream: S,
    house: Arc<House>,
    peer: SocketAddr,
    secure: bool,
    mut stop: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let metrics = Arc::clone(&house.metrics);
    let service = service_fn(move |request| {
        let house = Arc::clone(&house);
        async move { house.answer(request, peer, secure).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_WAIT)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    match ended {
        Err(error) if error.is_timeout() => metrics.cut(Cut::SlowHeader),
        // The reader went away, or spoke no HTTP: nothing to do, and nothing to say.
        _ => {}
    }
}
