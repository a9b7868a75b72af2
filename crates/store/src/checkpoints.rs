//! The log of the embedded database, copied back into its file by a thread beside the writer.
//!
//! SQLite lets the commit that fills the log copy it: tens of milliseconds for which thirty callers wait. Here another
//! connection copies what the log held when it was asked, while the writer goes on; the writer then copies the little
//! that came meanwhile, and its next commit begins the log anew. Whoever copies, a page is in the file and flushed before
//! its place in the log is used again.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use kernel::Refusal;
use rusqlite::Connection;

use crate::error::from_sqlite;

/// The thread that copies, and what it and the writer tell each other.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    /// Copying begins when so many pages of the log are not in the file yet.
    pages: i64,
    ask: Option<SyncSender<()>>,
    copied: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Opens a connection of its own to the file.
    pub(crate) fn start(file: &Path, pages: i64) -> Result<Self, Refusal> {
        let connection = Connection::open(file).map_err(from_sqlite)?;
        let copied = Arc::new(AtomicBool::new(false));
        // No room in it: asking fails while the thread is at work.
        let (ask, asked) = sync_channel(0);
        let tell = Arc::clone(&copied);
        let thread = std::thread::Builder::new().name("store-checkpoints".to_owned());
        let thread = thread
            .spawn(move || copy_when_asked(&connection, &asked, &tell))
            .map_err(|error| Refusal::broken("store.database_failed", &error))?;
        Ok(Self {
            pages,
            ask: Some(ask),
            copied,
            thread: Some(thread),
        })
    }

    /// Called by the writer between two transactions.
    pub(crate) fn after_commit(&self, writer: &Connection) -> rusqlite::Result<()> {
        if self.copied.swap(false, Ordering::AcqRel) {
            return copy(writer);
        }
        if let Some(ask) = &self.ask
            && waiting(writer)? >= self.pages
        {
            // Full while the thread is at work; it is asked again after the next commit.
            ask.try_send(()).unwrap_or_default();
        }
        Ok(())
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.ask = None;
        if let Some(thread) = self.thread.take() {
            // It holds no lock of ours; one that panicked has nothing left to end.
            thread.join().unwrap_or_default();
        }
    }
}

fn copy_when_asked(connection: &Connection, asked: &Receiver<()>, copied: &AtomicBool) {
    while asked.recv().is_ok() {
        match copy(connection) {
            Ok(()) => copied.store(true, Ordering::Release),
            Err(error) => tracing::warn!(%error, "the log of the database was not copied back"),
        }
    }
}

/// As far as no reader needs the old pages; waits for nobody.
fn copy(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

/// Pages of the log that are not in the file yet; copies nothing.
fn waiting(connection: &Connection) -> rusqlite::Result<i64> {
    let mut asked = connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?;
    asked.query_row([], |row| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: i64 = 64;

    fn open(folder: &tempfile::TempDir) -> Connection {
        let connection = Connection::open(folder.path().join("a.db")).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        connection
            .execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, page BLOB)")
            .unwrap();
        connection
    }

    /// Commits of about two pages each, without a pause.
    fn write(connection: &Connection, checkpoints: Option<&Checkpoints>) -> u64 {
        for _ in 0..1_000 {
            connection
                .execute("INSERT INTO t (page) VALUES (zeroblob(4000))", [])
                .unwrap();
            if let Some(checkpoints) = checkpoints {
                checkpoints.after_commit(connection).unwrap();
            }
        }
        let file = connection.path().unwrap();
        std::fs::metadata(format!("{file}-wal")).unwrap().len()
    }

    #[test]
    fn the_log_stays_short_while_the_writer_never_pauses() {
        let folder = tempfile::TempDir::new().unwrap();
        let connection = open(&folder);
        let checkpoints = Checkpoints::start(&folder.path().join("a.db"), PAGES).unwrap();
        let short = write(&connection, Some(&checkpoints));
        drop(checkpoints);
        let long = write(&connection, None);
        assert!(short * 4 < long, "{short} bytes beside {long}");
        let count: i64 = connection
            .query_row("SELECT COUNT(*) FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, 2_000);
    }

    #[test]
    fn a_reader_of_old_pages_holds_nobody_up() {
        let folder = tempfile::TempDir::new().unwrap();
        let connection = open(&folder);
        let reader = Connection::open(folder.path().join("a.db")).unwrap();
        reader.execute_batch("BEGIN").unwrap();
        let count = || reader.query_row("SELECT COUNT(*) FROM t", [], |row| row.get::<_, i64>(0));
        assert_eq!(count(), Ok(0));
        let checkpoints = Checkpoints::start(&folder.path().join("a.db"), PAGES).unwrap();
        write(&connection, Some(&checkpoints));
        assert_eq!(count(), Ok(0), "what it saw when it began");
        reader.execute_batch("COMMIT").unwrap();
        assert_eq!(count(), Ok(1_000));
    }
}
