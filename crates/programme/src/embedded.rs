//! The programme of 2018H1 as it is built into the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};
use kernel::Refusal;

static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../programmes/2018h1");

/// The built-in folder: each file's path inside it, with `/`, and its bytes.
pub fn files() -> BTreeMap<String, &'static [u8]> {
    let mut files = BTreeMap::new();
    let mut folders = vec![&FOLDER];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            files.insert(path, file.contents());
        }
    }
    files
}

/// Writes the built-in folder to `folder`, and answers which files were new. A file that is there and the same is
/// passed over; one that was changed is never overwritten and stays as it is.
pub fn write_to(folder: &Path) -> Result<Vec<String>, Refusal> {
    let mut written = Vec::new();
    for (name, bytes) in files() {
        let path = folder.join(&name);
        if path.exists() {
            continue;
        }
        if let Some(above) = path.parent() {
            fs::create_dir_all(above).map_err(|error| unwritable(&error, &path))?;
        }
        // Under another name first: a process killed here leaves no half of a file behind.
        let unfinished = path.with_extension(format!("{}.new", std::process::id()));
        fs::write(&unfinished, bytes)
            .and_then(|()| fs::rename(&unfinished, &path))
            .map_err(|error| unwritable(&error, &path))?;
        written.push(name);
    }
    Ok(written)
}

/// The built-in files that differ in `folder`, or are not there: what its owner changed.
pub fn changed_in(folder: &Path) -> Vec<String> {
    let same = |name: &String, bytes: &[u8]| fs::read(folder.join(name)).is_ok_and(|found| found == bytes);
    files()
        .into_iter()
        .filter(|(name, bytes)| !same(name, bytes))
        .map(|(name, _)| name)
        .collect()
}

fn unwritable(error: &std::io::Error, path: &Path) -> Refusal {
    Refusal::broken("programme.file_unwritable", error).at(path.display())
}
