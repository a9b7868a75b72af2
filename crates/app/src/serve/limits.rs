//! What one reader may ask of the service, in time, bytes and connections. They are stated in docs/operations.md.

use std::time::Duration;

/// From the first wait for a request to the end of its headers. A connection kept open without a request ends by it too.
pub const HEADER_WAIT: Duration = Duration::from_secs(15);
/// The headers of a request fit into this. It is looked at between two reads, so somewhat more may pass.
pub const HEAD_BYTES_MAX: usize = 64 << 10;
/// Headers of a request.
pub const HEADERS_MAX: usize = 100;
/// While we wait for a body, so many bytes have to come ...
pub const BODY_BYTES_MIN: u64 = 1 << 10;
/// ... in so long.
pub const BODY_WAIT: Duration = Duration::from_secs(10);
/// An answer that reads has to begin within this.
pub const ANSWER_WAIT: Duration = Duration::from_secs(30);
/// A reader has to take something of its answer within this.
pub const TAKE_WAIT: Duration = Duration::from_secs(30);
/// A TLS handshake has to end within this.
pub const HANDSHAKE_WAIT: Duration = Duration::from_secs(10);
/// Open answers get so long when the service is told to stop.
pub const STOP_WAIT: Duration = Duration::from_secs(20);
/// Connections open at once, where nothing else is said and the machine allows it.
pub const CONNECTIONS_MAX: usize = 4096;
/// Files the service itself keeps open: database, evidence, listeners, log.
pub const OWN_FILES: usize = 256;
/// Free space under which the service says it is not ready.
pub const ROOM_BYTES_MIN: u64 = 256 << 20;

/// Connections for a limit on open files, of which some stay for the service itself.
#[must_use]
pub fn connections(wanted: Option<usize>, open_files: Option<usize>) -> usize {
    let fit = open_files.map_or(CONNECTIONS_MAX, |files| files.saturating_sub(OWN_FILES).max(64));
    wanted.unwrap_or(CONNECTIONS_MAX.min(fit))
}

/// This process's limit on open files, where the system tells it.
#[must_use]
pub fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_service() {
        assert_eq!(connections(None, Some(1024)), 768);
        assert_eq!(connections(None, Some(1_000_000)), CONNECTIONS_MAX);
        assert_eq!(connections(None, Some(100)), 64);
        assert_eq!(connections(Some(9), Some(1024)), 9);
    }
}
