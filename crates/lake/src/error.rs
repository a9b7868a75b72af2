//! How errors of the file system become refusals.

use std::error::Error;
use std::io::ErrorKind;
use std::path::Path;

use kernel::{Fault, Refusal};

/// A refusal for what the file system gave: a full disk is said as such, anything else is ours.
#[must_use]
pub fn io_refusal(error: &std::io::Error, at: &Path) -> Refusal {
    if is_disk_full(error) {
        return Refusal::new("lake.disk_full", Fault::Broken).at(at.display());
    }
    broken("lake.file_system", error).at(at.display())
}

/// A refusal for what should not happen.
#[must_use]
pub fn broken(code: &'static str, error: &(impl Error + ?Sized)) -> Refusal {
    Refusal::broken(code, error)
}

/// Parquet wraps the file system's error, so its text is looked at too.
fn is_disk_full(error: &std::io::Error) -> bool {
    let full = |kind| {
        matches!(
            kind,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
        )
    };
    if full(error.kind()) {
        return true;
    }
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner
            .downcast_ref::<std::io::Error>()
            .is_some_and(|inner| full(inner.kind()))
            || inner.to_string().contains("os error 28")
        {
            return true;
        }
        cause = inner.source();
    }
    false
}
