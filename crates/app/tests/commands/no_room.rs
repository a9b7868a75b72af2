//! No room on the disk, or no permission: the command says so, and the lake is as it was.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, Ran, names};
use serde_json::{Value, json};
use testkit::Disk;

const LINES: &str = "100000";
/// User and group that own nothing.
const NOBODY: u32 = 65_534;

/// A desk with a file of orders.
fn desk_with_orders() -> Desk {
    let desk = Desk::new();
    let made = desk.run(
        "unused",
        &["simulate", "--clean", "--lines", LINES, "--out", "orders"],
    );
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    desk
}

/// What a refused command said on standard error with `--json`; a line of the log may follow.
fn refusal(ran: &Ran) -> Value {
    serde_json::from_str(ran.err.lines().next().unwrap()).unwrap()
}

fn import() -> [&'static str; 6] {
    [
        "sales",
        "import",
        "--layout",
        "platform",
        "orders/platform.SIMULATED.csv",
        "--json",
    ]
}

fn assert_refused_for_room(ran: &Ran) {
    assert_eq!(ran.code, 3, "{ran:?}");
    let refusal = refusal(ran);
    let code = refusal["code"].as_str().unwrap();
    assert!(["lake.disk_full", "store.disk_full"].contains(&code), "{refusal}");
    assert_eq!(ran.out, "");
}

fn assert_nothing_imported(desk: &Desk, data: &str) {
    assert_eq!(desk.json(data, &["sales", "imports"]), json!([]));
    assert_eq!(desk.json(data, &["check"]), json!({ "facts": 0, "findings": [] }));
    assert_eq!(names(&desk.path(data).join("lake/staging")), Vec::<String>::new());
}

/// What a folder takes of a disk that gives room by pages of 4 KiB.
fn kibibytes(folder: &Path) -> u32 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let of = |entry: std::fs::DirEntry| {
        let about = entry.metadata().unwrap();
        if about.is_dir() {
            kibibytes(&entry.path())
        } else {
            u32::try_from(about.len().div_ceil(4_096) * 4).unwrap()
        }
    };
    entries.map(of).sum()
}

#[test]
fn a_full_disk_refuses_an_import_and_keeps_the_lake_as_it_was() {
    let desk = desk_with_orders();
    assert_eq!(desk.json("empty", &["sales", "imports"]), json!([]));
    let empty = kibibytes(&desk.path("empty"));
    // From a disk that holds little more than an empty lake to one that lacks the last bytes.
    for more in [100, 400, 900, 1_400, 1_900, 2_200] {
        let Some(mounted) = Disk::mount(&desk.path("disk"), empty + more) else {
            println!("no small disk can be mounted here; files are limited instead");
            return a_limit_on_files_does_the_same(&desk);
        };
        assert_refused_for_room(&desk.run("disk/data", &import()));
        assert_nothing_imported(&desk, "disk/data");
        drop(mounted);
    }
}

/// The shell's limit counts blocks of 1,024 bytes; without the signal, a longer write fails.
fn a_limit_on_files_does_the_same(desk: &Desk) {
    assert_eq!(desk.json("data", &["sales", "imports"]), json!([]));
    let limited = Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$@\"", "limited"])
        .arg(env!("CARGO_BIN_EXE_fishpond"))
        .args(import())
        .env("FISHPOND_DATA", desk.path("data"))
        .current_dir(desk.path(""))
        .output()
        .unwrap();
    assert_refused_for_room(&Ran::of(&limited));
    assert_nothing_imported(desk, "data");
}

#[test]
fn an_import_that_had_no_room_is_whole_once_there_is_room() {
    let desk = desk_with_orders();
    let Some(small) = Disk::mount(&desk.path("disk"), 2_000) else {
        println!("no small disk can be mounted here");
        return;
    };
    assert_refused_for_room(&desk.run("disk/data", &import()));
    small.grow(64 << 10);
    let again = desk.run("disk/data", &import());
    assert_eq!((again.code, again.err.as_str()), (0, ""));
    let imported: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(
        (&imported["accepted"], &imported["duplicates"]),
        (&json!(100_000), &json!(0))
    );
    assert_eq!(desk.json("disk/data", &["check"])["findings"], json!([]));
}

#[test]
fn a_file_that_may_not_be_read_is_refused_by_name() {
    let desk = Desk::new();
    let orders = desk.path("secret.csv");
    std::fs::write(&orders, "order_no,line_no\nSIM1,1\n").unwrap();
    let data = desk.path("data");
    std::fs::create_dir(&data).unwrap();
    let root = std::fs::metadata(&orders).unwrap().uid() == 0;
    let mut command = if root {
        chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
        std::fs::set_permissions(desk.path(""), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(env!("CARGO_BIN_EXE_fishpond"));
        command
    } else {
        Command::new(env!("CARGO_BIN_EXE_fishpond"))
    };
    std::fs::set_permissions(&orders, std::fs::Permissions::from_mode(0o000)).unwrap();
    let refused = command
        .args(["sales", "import", "--layout", "platform", "--json"])
        .arg(&orders)
        .env("FISHPOND_DATA", &data)
        .current_dir(&data)
        .output()
        .unwrap();
    let refused = Ran::of(&refused);
    assert_eq!(refused.code, 1, "{refused:?}");
    let refusal = refusal(&refused);
    assert_eq!(refusal["code"], "sales.file_unreadable");
    assert_eq!(refusal["at"], orders.display().to_string());
    assert_eq!(desk.json("data", &["sales", "imports"]), json!([]));
}
