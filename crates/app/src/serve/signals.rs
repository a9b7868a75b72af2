//! What the system tells the service: to stop (SIGTERM, Ctrl-C), or to read its certificate again (SIGHUP).

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::tls::Tls;

/// The signals, watched from the start, so that none is lost between two looks.
pub struct Signals {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
    hangup: Option<Signal>,
}

impl Signals {
    /// Watches them. Where one cannot be watched, the process is ended by it as usual.
    pub fn watch() -> Self {
        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
            hangup: signal(SignalKind::hangup()).ok(),
        }
    }

    /// Ends when the service is told to stop; until then, SIGHUP has the certificate read again.
    pub async fn stop(&mut self, tls: Option<&Tls>) {
        loop {
            tokio::select! {
                () = next(&mut self.interrupt) => return,
                () = next(&mut self.terminate) => return,
                () = next(&mut self.hangup) => read_again(tls),
            }
        }
    }
}

async fn next(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

fn read_again(tls: Option<&Tls>) {
    match tls.map(Tls::reload) {
        None => {}
        Some(Ok(())) => tracing::info!("the certificate was read again"),
        Some(Err(refusal)) => {
            tracing::error!(
                code = refusal.code,
                at = refusal.at,
                "the certificate before stays"
            );
        }
    }
}
