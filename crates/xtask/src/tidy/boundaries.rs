//! Rules about what may stand where: which crate may use which, where SQL may be written, and that both databases
//! get the same migrations. The tables here are the picture of ARCHITECTURE.md in a form that can fail.

use std::collections::BTreeSet;

use super::{Finding, Text, has_extension, numbered};

/// Each crate and the crates of ours it may depend on. All arrows point down, in reading order.
const ALLOWED: &[(&str, &[&str])] = &[
    ("unify", &[]),
    ("kernel", &[]),
    ("delimited", &["kernel"]),
    ("linkage", &["kernel"]),
    ("store", &["kernel"]),
    ("books", &["kernel", "store"]),
    ("outbound", &[]),
    ("dci", &[]),
    ("forms", &["kernel"]),
    ("programme", &["kernel", "forms"]),
    ("people", &["kernel", "store", "programme"]),
    ("registry", &["kernel", "linkage", "store", "programme", "people"]),
    (
        "lake",
        &["unify", "kernel", "delimited", "store", "programme", "people"],
    ),
    ("charts", &["kernel"]),
    (
        "report",
        &[
            "kernel",
            "store",
            "books",
            "programme",
            "people",
            "lake",
            "charts",
        ],
    ),
    ("webhooks", &["kernel", "store", "outbound"]),
    (
        "exchange",
        &[
            "kernel",
            "store",
            "dci",
            "outbound",
            "programme",
            "people",
            "registry",
            "webhooks",
        ],
    ),
    ("oidc", &["kernel", "store", "outbound", "people"]),
    (
        "finance",
        &["kernel", "store", "books", "programme", "people", "registry"],
    ),
    ("fund", &["kernel", "store", "books", "programme", "people"]),
    ("targeting", &["kernel", "delimited"]),
    ("press", &["kernel", "charts"]),
    (
        "simulate",
        &["kernel", "linkage", "programme", "people", "registry", "fund"],
    ),
    (
        "web",
        &[
            "kernel",
            "store",
            "programme",
            "people",
            "registry",
            "lake",
            "charts",
            "report",
            "outbound",
            "books",
            "finance",
            "fund",
            "dci",
            "webhooks",
            "exchange",
            "oidc",
            "forms",
        ],
    ),
    (
        "app",
        &[
            "kernel",
            "delimited",
            "store",
            "books",
            "programme",
            "people",
            "registry",
            "lake",
            "charts",
            "report",
            "press",
            "simulate",
            "finance",
            "outbound",
            "fund",
            "targeting",
            "forms",
            "webhooks",
            "exchange",
            "oidc",
            "web",
            "linkage",
        ],
    ),
    ("testkit", &["kernel", "store", "programme", "people"]),
    ("issuer", &[]),
    ("e2e", &["issuer"]),
    ("xtask", &[]),
];

/// Large or far-reaching dependencies that stay behind one crate each.
const FENCED: &[(&str, &[&str])] = &[
    ("datafusion", &["lake"]),
    ("typst", &["press"]),
    ("typst-pdf", &["press"]),
    ("axum", &["web", "app", "issuer"]),
    ("hyper", &["unify", "web", "app"]),
    ("quick-xml", &["finance"]),
    ("reqwest", &["outbound"]),
    ("tokio-rustls", &["app"]),
    ("rusqlite", &["store"]),
    ("sqlx", &["store", "testkit"]),
];

pub(crate) fn crates_depend_downwards(texts: &[Text]) -> Vec<Finding> {
    manifests(texts)
        .flat_map(|(name, file)| check_manifest(name, file))
        .collect()
}

fn check_manifest(name: &str, file: &Text) -> Vec<Finding> {
    let Ok(manifest) = file.text.parse::<toml::Table>() else {
        return vec![Finding::in_file(&file.path, "is no TOML")];
    };
    let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
        return vec![Finding::in_file(
            &file.path,
            format!("`{name}` has no row in tidy's table of crates"),
        )];
    };
    let mut findings = Vec::new();
    for (section, is_test) in [
        ("dependencies", false),
        ("build-dependencies", false),
        ("dev-dependencies", true),
    ] {
        for dependency in manifest
            .get(section)
            .and_then(toml::Value::as_table)
            .into_iter()
            .flat_map(|table| table.keys())
        {
            let dependency = dependency.as_str();
            let is_ours = ALLOWED.iter().any(|(known, _)| *known == dependency);
            let is_test_help = is_test && ["testkit", "issuer"].contains(&dependency);
            if is_ours && !allowed.contains(&dependency) && !is_test_help {
                findings.push(Finding::in_file(
                    &file.path,
                    format!("`{name}` may not depend on `{dependency}`"),
                ));
            }
            let fence = FENCED.iter().find(|(fenced, _)| *fenced == dependency);
            if fence.is_some_and(|(_, users)| !users.contains(&name)) {
                findings.push(Finding::in_file(
                    &file.path,
                    format!("`{dependency}` does not belong in `{name}`"),
                ));
            }
        }
    }
    findings
}

pub(crate) fn crates_take_the_workspace_lints(texts: &[Text]) -> Vec<Finding> {
    let takes = |file: &Text| {
        let manifest: toml::Table = file.text.parse().unwrap_or_default();
        manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"))
            .and_then(toml::Value::as_bool)
            == Some(true)
    };
    manifests(texts)
        .filter(|(_, file)| !takes(file))
        .map(|(_, file)| Finding::in_file(&file.path, "no `[lints] workspace = true`"))
        .collect()
}

/// The crates' own Cargo.toml files with the crate's folder name.
fn manifests(texts: &[Text]) -> impl Iterator<Item = (&str, &Text)> {
    texts.iter().filter_map(|file| {
        let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        (!name.contains('/')).then_some((name, file))
    })
}

/// Path parts that may hold SQL beside the `store` and `testkit` crates: queries have a name, so they can be found.
const SQL_PARTS: [&str; 5] = ["repo", "queries", "figures", "migrations", "tests"];

/// Files and folders beside these that hold SQL, each with its reason.
const SQL_EXCEPTIONS: [(&str, &str); 2] = [
    (
        "crates/report/src/pack/",
        "a pack carries the SQL with which a stranger recomputes it",
    ),
    (
        "crates/report/src/sample.rs",
        "a made-up report shows a figure's definition",
    ),
];

pub(crate) fn sql_stands_in_its_place(texts: &[Text]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in texts
        .iter()
        .filter(|file| has_extension(&file.path, &["rs"]) && !may_hold_sql(&file.path))
    {
        let own_code = numbered(&file.text).take_while(|(_, line)| line.trim() != "#[cfg(test)]");
        for (line, text) in own_code.filter(|(_, line)| !line.trim_start().starts_with("//")) {
            if is_sql(text) {
                findings.push(Finding::at(
                    &file.path,
                    line,
                    "SQL outside repo, queries and figures",
                ));
            }
        }
    }
    findings
}

fn may_hold_sql(path: &str) -> bool {
    ["crates/store/", "crates/testkit/", "crates/xtask/"]
        .iter()
        .any(|crate_| path.starts_with(crate_))
        || SQL_EXCEPTIONS
            .iter()
            .any(|(excepted, _)| path.starts_with(excepted))
        || path.split(['/', '.', '_']).any(|part| SQL_PARTS.contains(&part))
}

fn is_sql(line: &str) -> bool {
    let starts = [
        "SELECT ",
        "INSERT INTO ",
        "DELETE FROM ",
        "CREATE TABLE ",
        "CREATE VIEW ",
        "CREATE INDEX ",
    ];
    starts.iter().any(|start| line.contains(start)) || (line.contains("UPDATE ") && line.contains(" SET "))
}

pub(crate) fn migrations_exist_for_both_databases(texts: &[Text]) -> Vec<Finding> {
    let names = |folder: &str| -> BTreeSet<String> {
        texts
            .iter()
            .filter_map(|file| file.path.strip_prefix(folder))
            .map(str::to_owned)
            .collect()
    };
    let (sqlite, postgres) = (names("migrations/sqlite/"), names("migrations/postgres/"));
    sqlite
        .symmetric_difference(&postgres)
        .map(|name| {
            Finding::in_file(
                &format!("migrations/*/{name}"),
                "exists for only one of the two databases",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use super::*;

    fn manifest(name: &str, body: &str) -> Text {
        text(&format!("crates/{name}/Cargo.toml"), body)
    }

    #[test]
    fn an_upward_dependency_is_found_and_a_downward_one_is_not() {
        let up = manifest("kernel", "[dependencies]\nstore.workspace = true\n");
        let down = manifest("store", "[dependencies]\nkernel.workspace = true\n");
        let findings = crates_depend_downwards(&[up, down]);
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0]
                .to_string()
                .contains("`kernel` may not depend on `store`")
        );
    }

    #[test]
    fn testkit_helps_tests_only() {
        let in_tests = manifest("kernel", "[dev-dependencies]\ntestkit.workspace = true\n");
        let in_code = manifest("store", "[dependencies]\ntestkit.workspace = true\n");
        assert_eq!(crates_depend_downwards(&[in_tests]).len(), 0);
        assert_eq!(crates_depend_downwards(&[in_code]).len(), 1);
    }

    #[test]
    fn a_fenced_dependency_is_found_in_the_wrong_crate() {
        let body = "[dependencies]\ndatafusion.workspace = true\n";
        assert_eq!(crates_depend_downwards(&[manifest("report", body)]).len(), 1);
        assert_eq!(crates_depend_downwards(&[manifest("lake", body)]).len(), 0);
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        assert_eq!(crates_depend_downwards(&[manifest("stranger", "")]).len(), 1);
    }

    #[test]
    fn no_row_of_the_table_points_up() {
        for (place, (name, allowed)) in ALLOWED.iter().enumerate() {
            for dependency in *allowed {
                let below = ALLOWED.iter().position(|(known, _)| known == dependency);
                assert!(below.is_some_and(|below| below < place), "{name} -> {dependency}");
            }
        }
    }

    #[test]
    fn sql_is_found_outside_its_places_but_not_in_comments_or_tests() {
        let line = "let sql = \"SELECT 1\";\n";
        let found = |path: &str, body: &str| sql_stands_in_its_place(&[text(path, body)]).len();
        assert_eq!(found("crates/app/src/main.rs", line), 1);
        assert_eq!(found("crates/lake/src/intake/repo.rs", line), 0);
        assert_eq!(found("crates/lake/src/import_queries.rs", line), 0);
        assert_eq!(found("crates/app/src/main.rs", "// SELECT it yourself\n"), 0);
        assert_eq!(
            found(
                "crates/app/src/main.rs",
                &format!("#[cfg(test)]\nmod tests {{ {line} }}")
            ),
            0
        );
    }

    #[test]
    fn a_migration_for_one_database_only_is_found() {
        let files = [
            text("migrations/sqlite/0001_a.sql", ""),
            text("migrations/postgres/0002_b.sql", ""),
        ];
        assert_eq!(migrations_exist_for_both_databases(&files).len(), 2);
    }
}
