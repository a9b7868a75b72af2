//! A stranger checks a pack with Python and DuckDB alone, and gets every figure to the fen.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::evidence::evidence;

/// A Python that has DuckDB: the one `cargo xtask test` names, the one of the machine, or one in the test's target folder
/// filled by pip, by one test at a time.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests have no settings but their environment"
)]
fn python_with_duckdb() -> PathBuf {
    let has_duckdb = |python: &Path| {
        Command::new(python)
            .args(["-c", "import duckdb"])
            .output()
            .is_ok_and(|output| output.status.success())
    };
    let named = std::env::var_os("FISHPOND_TEST_PYTHON").map(PathBuf::from);
    let mut known = named.into_iter().chain([PathBuf::from("python3")]);
    if let Some(python) = known.find(|python| has_duckdb(python)) {
        return python;
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(target).unwrap();
    let lock = std::fs::File::create(target.join("stranger.lock")).unwrap();
    lock.lock().unwrap();
    let home = target.join("stranger");
    let python = home.join("bin/python");
    if !has_duckdb(&python) {
        run(
            Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home),
            "python3 with venv is needed for this test",
        );
        run(
            Command::new(&python).args(["-m", "pip", "install", "--quiet", "duckdb"]),
            "pip could not install duckdb",
        );
    }
    python
}

fn run(command: &mut Command, otherwise: &str) -> Output {
    match command.output() {
        Ok(output) if output.status.success() => output,
        Ok(output) => panic!(
            "{otherwise}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => panic!("{otherwise}: {error}"),
    }
}

fn unpacked(pack: &Path, name: &str) -> PathBuf {
    let dir = pack.with_file_name(name);
    std::fs::create_dir(&dir).unwrap();
    tar::Archive::new(std::fs::File::open(pack).unwrap())
        .unpack(&dir)
        .unwrap();
    dir.join("fishpond-2018H1")
}

#[tokio::test(flavor = "multi_thread")]
async fn duckdb_recomputes_every_figure_to_the_fen() {
    let evidence = evidence().await;
    let python = python_with_duckdb();
    let dir = unpacked(&evidence.pack, "stranger");
    let output = run(
        Command::new(&python).arg(dir.join("recompute.py")),
        "recompute.py does not agree",
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "id,value,published,equal");
    assert_eq!(lines.len(), evidence.report.figures.len() + 1);
    for figure in &evidence.report.figures {
        let value = figure.value.unwrap();
        assert!(
            lines.contains(&format!("{},{value},{value},true", figure.id).as_str()),
            "{}: {text}",
            figure.id
        );
    }
    let sql = "import duckdb,sys; db=duckdb.connect(); rows=db.execute(open('recompute.sql',encoding='utf-8').read()).fetchall(); \
               print(len(rows)); sys.exit(0 if rows and all(row[3] for row in rows) else 1)";
    let output = run(
        Command::new(&python).args(["-c", sql]).current_dir(&dir),
        "recompute.sql does not agree",
    );
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().trim(),
        evidence.report.figures.len().to_string()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn duckdb_sees_a_figure_that_was_changed() {
    let evidence = evidence().await;
    let dir = unpacked(&evidence.pack, "changed");
    let file = dir.join("figures.json");
    let value = evidence
        .report
        .figure("sales.poverty_counties")
        .unwrap()
        .value
        .unwrap();
    let changed = std::fs::read_to_string(&file)
        .unwrap()
        .replace(&value.to_string(), &(value + 1).to_string());
    std::fs::write(&file, changed).unwrap();
    let output = Command::new(python_with_duckdb())
        .arg(dir.join("recompute.py"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains(&format!("sales.poverty_counties,{value},{},false", value + 1))
    );
}
