//! Files of persons and what comes along with them: known pairs, settings.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use delimited::Rows;
use kernel::{Fault, Refusal};
use linkage::Known;

use super::super::lines::unreadable;

/// Bytes of a file of settings.
const SETTINGS_MAX: u64 = 1 << 20;

/// A small file as text.
pub(super) fn text_of(path: &Path) -> Result<String, Refusal> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    let mut text = String::new();
    file.take(SETTINGS_MAX)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&name, &error))?;
    Ok(text)
}

/// The rows of a CSV file.
pub(super) fn rows(path: &Path) -> Result<Rows<File>, Refusal> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    Rows::open(file, &name)
}

/// The known pairs of a file.
pub(super) fn known_pairs(path: &Path, between: bool) -> Result<Known, Refusal> {
    let mut rows = rows(path)?;
    let place = |wanted: &str| rows.head().iter().position(|head| head == wanted);
    let (Some(left), Some(right)) = (place("id_left"), place("id_right")) else {
        return Err(Refusal::new("linkage.bad_truth", Fault::Refused).at(rows.name()));
    };
    let mut known = Known::new(between);
    while let Some(row) = rows.next_row()? {
        known.add(row.text(left).trim(), row.text(right).trim());
    }
    Ok(known)
}
