//! What a figure's files may say and what is refused.

use super::*;

const TOML: &str = r#"title = { zh = "销售额", en = "Sales" }
unit = "fen"
pillar = "commerce"
period = "half_year"
view = "poverty_sales"
note = { zh = "净额", en = "Net" }
[breakdowns]
place = "s.place_code"
month = "s.month"
"#;
const SQL: &str = "-- net; all channels\nSELECT /*by*/ CAST(SUM(s.net_fen) AS BIGINT) AS value FROM poverty_sales s /*group*/\n";

fn read(toml: &str, sql: &str) -> Result<FigureDef, Vec<&'static str>> {
    let toml = Source {
        file: "figures/sales.net.toml",
        text: toml,
    };
    let sql = Source {
        file: "figures/sales.net.sql",
        text: sql,
    };
    FigureDef::read(toml, sql).map_err(|findings| findings.iter().map(|finding| finding.code).collect())
}

#[test]
fn a_query_stands_as_it_is_and_with_a_breakdown() {
    let figure = read(TOML, SQL).unwrap();
    assert_eq!(figure.id, "sales.net");
    assert!(
        figure
            .query(None)
            .unwrap()
            .ends_with("SELECT  CAST(SUM(s.net_fen) AS BIGINT) AS value FROM poverty_sales s")
    );
    assert!(figure.query(Some(Dimension::Month)).unwrap().ends_with(
        "SELECT s.month AS key,  CAST(SUM(s.net_fen) AS BIGINT) AS value FROM poverty_sales s  GROUP BY s.month"
    ));
    assert_eq!(figure.query(Some(Dimension::Channel)), None);
}

#[test]
fn sales_are_not_broken_down_by_pillar_and_journal_tables_by_nothing_else() {
    let by_pillar = TOML.replace("month = \"s.month\"", "pillar = \"s.pillar\"");
    assert_eq!(read(&by_pillar, SQL).unwrap_err(), ["programme.bad_breakdown"]);
    let budget = |breakdown: &str| {
        let toml = TOML.replace("poverty_sales", "fund_budget");
        toml.replace("place = \"s.place_code\"\nmonth = \"s.month\"", breakdown)
    };
    let figure = read(&budget("pillar = \"s.pillar\""), SQL).unwrap();
    assert!(
        figure
            .query(Some(Dimension::Pillar))
            .unwrap()
            .ends_with("GROUP BY s.pillar")
    );
    assert_eq!(
        read(&budget("place = \"s.place_code\""), SQL).unwrap_err(),
        ["programme.bad_breakdown"]
    );
}

#[test]
fn each_fault_has_its_code() {
    let toml = [
        ("unit = \"fen\"", "unit = \"yuan\"", "programme.unknown_unit"),
        (
            "\"s.month\"",
            "\"s.month; DROP TABLE sales\"",
            "programme.bad_breakdown",
        ),
        ("en = \"Net\"", "en = \"\"", "programme.empty_text"),
        ("half_year", "fortnight", "programme.bad_value"),
        ("month =", "weekday =", "programme.bad_value"),
        ("view = \"poverty_sales\"\n", "", "programme.missing_key"),
    ];
    for (from, to, code) in toml {
        assert_eq!(
            read(&TOML.replace(from, to), SQL).unwrap_err(),
            [code],
            "{from} -> {to}"
        );
    }
    let sql = [
        ("SELECT", "DELETE", "programme.not_a_query"),
        (
            "poverty_sales s",
            "poverty_sales s; SELECT 1",
            "programme.not_a_query",
        ),
        ("AS value", "AS total", "programme.no_value_column"),
        ("/*by*/", "", "programme.group_without_by"),
    ];
    for (from, to, code) in sql {
        assert_eq!(
            read(TOML, &SQL.replace(from, to)).unwrap_err(),
            [code],
            "{from} -> {to}"
        );
    }
}

#[test]
fn views_are_read_as_statements_without_remarks() {
    let sql = "-- one; two\nCREATE VIEW a AS SELECT 1; -- end\ncreate view b as\nSELECT 2;\n";
    let statements = statements(sql);
    assert_eq!(
        statements,
        ["CREATE VIEW a AS SELECT 1", "create view b as\nSELECT 2"]
    );
    assert_eq!(view_names(&statements), ["a", "b"]);
}
