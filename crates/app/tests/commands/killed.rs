//! An import that is killed at any moment leaves nothing or everything, and ends as if nothing had happened.

use std::time::{Duration, Instant};

use crate::desk::{Desk, Ran, names};
use serde_json::{Value, json};

const LINES: &str = "1000000";
/// Kills that have to hit a running import.
const KILLS: u64 = 50;
/// Kills of a program that makes its data folder.
const FIRST_KILLS: u64 = 25;
/// What an import says that has to be the same however often it was killed.
const TOTALS: [&str; 7] = [
    "lines",
    "accepted",
    "rejected",
    "duplicates",
    "cancelled_lines",
    "orders",
    "file_sha256",
];

/// SplitMix64: where in its slice of the run each kill falls.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A moment in one of equal slices of a duration.
    fn moment_in(&mut self, slice: u64, slices: u64, whole: Duration) -> Duration {
        let micros = u64::try_from(whole.as_micros()).unwrap() / slices;
        Duration::from_micros(slice * micros + self.next() % micros.max(1))
    }
}

/// What `sales import` and `sales imports` both say, named alike.
fn totals(import: &Value) -> Value {
    let mut totals: serde_json::Map<String, Value> = TOTALS
        .iter()
        .map(|name| ((*name).to_owned(), import[name].clone()))
        .collect();
    assert!(totals.values().all(|value| !value.is_null()), "{import}");
    for (yuan, fen) in [("gross", "gross_fen"), ("net", "net_fen")] {
        let spoken = import[yuan].as_str();
        let value = spoken.map_or(import[fen].clone(), |yuan| {
            json!(yuan.replace('.', "").parse::<i64>().unwrap())
        });
        totals.insert(fen.to_owned(), value);
    }
    Value::Object(totals)
}

/// Starts the command and kills it after a while; `false` where it had ended before.
fn kill_after(desk: &Desk, data: &str, args: &[&str], wait: Duration) -> bool {
    let mut child = desk
        .command(data, args)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(wait);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

fn assert_sound(desk: &Desk, data: &str) {
    assert_eq!(desk.json(data, &["check"])["findings"], json!([]), "{data}");
}

#[test]
fn an_import_killed_fifty_times_has_the_totals_of_an_undisturbed_one() {
    let desk = Desk::new();
    let made = desk.run(
        "unused",
        &["simulate", "--clean", "--lines", LINES, "--out", "orders"],
    );
    assert_eq!(made.code, 0, "{made:?}");
    let import = [
        "sales",
        "import",
        "--layout",
        "platform",
        "orders/platform.SIMULATED.csv",
        "--json",
    ];
    let start = Instant::now();
    let undisturbed = Ran::of(&desk.command("undisturbed", &import).output().unwrap());
    let duration = start.elapsed();
    assert_eq!(undisturbed.code, 0, "{undisturbed:?}");
    let expected = totals(&serde_json::from_str(&undisturbed.out).unwrap());
    assert_eq!(expected["accepted"], json!(1_000_000));

    let (mut random, mut hits, mut published, mut folder) = (Random(2018), 0, 0, 0);
    for attempt in 0.. {
        assert!(
            attempt < 4 * KILLS,
            "most imports end before they are killed: {hits} hits"
        );
        let data = format!("killed-{folder}");
        // 37 has no divisor in common with 50: every slice of the run gets its kill, early and late ones mixed.
        let wait = random.moment_in(attempt * 37 % KILLS, KILLS, duration);
        hits += u64::from(kill_after(&desk, &data, &import, wait));
        let listed = desk.json(&data, &["sales", "imports"]);
        let listed = listed.as_array().unwrap();
        if let [whole] = &listed[..] {
            assert_eq!(totals(whole), expected, "killed after {wait:?}");
            assert_sound(&desk, &data);
            std::fs::remove_dir_all(desk.path(&data)).unwrap();
            (published, folder) = (published + 1, folder + 1);
        } else {
            assert_eq!(listed, &Vec::<Value>::new(), "killed after {wait:?}");
        }
        if hits == KILLS {
            break;
        }
    }
    println!("{KILLS} kills within {duration:?} hit a running import; {published} runs had published before");

    let data = format!("killed-{folder}");
    let last = Ran::of(&desk.command(&data, &import).output().unwrap());
    assert_eq!((last.code, last.err.as_str()), (0, ""));
    assert_eq!(totals(&serde_json::from_str(&last.out).unwrap()), expected);
    let listed = desk.json(&data, &["sales", "imports"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(totals(&listed[0]), expected);
    assert_sound(&desk, &data);
    assert_eq!(
        names(&desk.path(&data).join("lake/staging")),
        Vec::<String>::new()
    );
    assert_eq!(names(&desk.path(&data).join("lake/segments")).len(), 2);
}

#[test]
fn a_data_folder_whose_making_was_killed_is_made_ready_by_the_next_command() {
    let desk = Desk::new();
    let start = Instant::now();
    assert_eq!(desk.json("undisturbed", &["sales", "imports"]), json!([]));
    let duration = start.elapsed();
    let mut random = Random(1981);
    for kill in 0..FIRST_KILLS {
        let data = format!("killed-{kill}");
        let wait = random.moment_in(kill, FIRST_KILLS, duration);
        kill_after(&desk, &data, &["sales", "imports"], wait);
        assert_eq!(
            desk.json(&data, &["sales", "imports"]),
            json!([]),
            "killed after {wait:?}"
        );
        assert_sound(&desk, &data);
    }
}
