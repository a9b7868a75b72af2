//! pyxform itself on the same files: those of the shared data, and those of `tests/forms`, which go through what XLSForm
//! can say. `cargo xtask test` prepares a Python with pyxform; without one these tests pass over themselves, and that
//! command says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::canonical::{Order, difference};

/// Compiles each file it is given, and prints an object of name to XForm, or to null for one that it refuses.
const SCRIPT: &str = "
import json, sys
from pyxform.xls2xform import convert
made = {}
for path in sys.argv[1:]:
    try:
        made[path] = convert(path).xform
    except Exception as error:
        print(path, error, file=sys.stderr)
        made[path] = None
json.dump(made, sys.stdout)
";

/// What pyxform makes of files; none where there is no pyxform.
#[expect(
    clippy::disallowed_methods,
    reason = "a test has no settings but its environment"
)]
fn made_by_pyxform(files: &[PathBuf]) -> Option<BTreeMap<String, Option<String>>> {
    let python = std::env::var_os("FISHPOND_TEST_PYXFORM")?;
    let output = Command::new(python)
        .args(["-c", SCRIPT])
        .args(files)
        .output()
        .expect("python runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).expect("an object of forms"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|ending| ending != "xml"))
        .collect();
    files.sort();
    files
}

/// Forms of the shared data that pyxform refuses: four include a form beside them, one has no label.
fn name_is_refused(name: &str) -> bool {
    name.starts_with("include.") || name == "gps.csv"
}

fn assert_as_pyxform(folder: &Path, at_least: usize) {
    let files = files(folder);
    assert!(
        files.len() >= at_least,
        "{} has {} forms",
        folder.display(),
        files.len()
    );
    let Some(made) = made_by_pyxform(&files) else {
        return;
    };
    let mut different = Vec::new();
    for (path, theirs) in made {
        let name = path.rsplit('/').next().unwrap();
        let ours = forms::compile(name, &std::fs::read(&path).unwrap());
        match (ours, theirs) {
            (Ok(ours), Some(theirs)) => {
                different.extend(
                    difference(&ours.xml, &theirs, Order::Kept).map(|found| format!("{name}: {found}")),
                );
            }
            (Err(_), None) if name_is_refused(name) => {}
            (Err(faults), None) => different.push(format!("{name}: refused by both: {faults:?}")),
            (Ok(_), None) => different.push(format!("{name}: pyxform refuses it")),
            (Err(faults), Some(_)) => different.push(format!("{name}: {faults:?}")),
        }
    }
    assert!(
        different.is_empty(),
        "{} differ\n{}",
        different.len(),
        different.join("\n\n")
    );
}

#[test]
fn the_shared_forms_become_what_pyxform_makes_of_them() {
    assert_as_pyxform(&testkit::shared_data("xlsform").join("forms"), 21);
}

#[test]
fn forms_that_go_through_what_xlsform_can_say_become_what_pyxform_makes_of_them() {
    assert_as_pyxform(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms"), 10);
}
