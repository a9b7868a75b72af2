//! Figures over a handful of hand-made lines: rollups and lines agree, parts add up, traces end at the order file.

mod fixture;

use programme::FigureDef;
use proptest::prelude::*;

use super::*;
use fixture::{FIRST, SECOND, both, sale};

#[tokio::test]
async fn every_figure_counts_what_its_note_says() {
    let both = both(&[&FIRST, &SECOND], "2018H1").await;
    let expected = [
        (
            "sales.poverty_counties",
            10_050 - 50 + 10_000_000_001 + 10_000_000_000 - 8,
        ),
        ("sales.counties_over_100m", 2),
        ("channel.provinces", 2),
        ("channel.counties", 2),
        ("channel.poverty_counties", 1),
        ("channel.products", 2),
        ("channel.sales", 10_000 + 700 - 8),
        ("channel.poverty_sales", 10_000 - 8),
        ("sales.counties_selling", 2),
        ("sales.lines", 6),
        ("sales.cancelled", 58),
    ];
    let of_sales = both
        .programme
        .figures
        .iter()
        .filter(|figure| programme::journal::journal_table(&figure.view).is_none());
    assert_eq!(expected.len(), of_sales.count());
    for (id, value) in expected {
        assert_eq!(both.value(id).await, value, "{id}");
    }
}

#[tokio::test]
async fn exactly_one_hundred_million_yuan_is_not_over_it() {
    let at = [("platform", 201_806, 621_126, "A", "CNY", 10_000_000_000, false)];
    assert_eq!(
        both(&[&at], "2018H1")
            .await
            .value("sales.counties_over_100m")
            .await,
        0
    );
}

#[tokio::test]
async fn without_evidence_every_figure_is_zero() {
    let none = both(&[], "2018H1").await;
    for figure in &none.programme.figures {
        for engine in [&none.rollups, &none.lines] {
            assert_eq!(engine.value(figure).await.unwrap(), Some(0), "{}", figure.id);
        }
    }
    let empty = both(&[&[]], "2018H1").await;
    assert_eq!(empty.value("sales.lines").await, 0);
    assert_eq!(
        empty
            .rollups
            .trace(empty.figure("sales.lines"), None, 5)
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn a_period_counts_its_own_months_and_knows_the_one_before() {
    let both = both(&[&FIRST, &SECOND], "2018H1").await;
    let view = both
        .rollups
        .view(both.figure("sales.poverty_counties"))
        .await
        .unwrap();
    assert_eq!(
        view.previous,
        Some(PreviousValue {
            period: "2017H2".parse().unwrap(),
            value: 5_000
        })
    );
    assert_eq!((view.lines, view.period.to_string().as_str()), (5, "2018H1"));
    let channel = both.rollups.view(both.figure("channel.sales")).await.unwrap();
    assert_eq!(channel.previous, None);
    let june = both.rollups.in_period("2018-06".parse().unwrap()).await.unwrap();
    assert_eq!(june.value(both.figure("channel.sales")).await.unwrap(), Some(700));
    let day = both.rollups.in_period("2018-06-01".parse().unwrap()).await;
    assert_eq!(day.err().unwrap().code, "figures.period_too_short");
}

#[tokio::test]
async fn parts_add_up_are_named_and_carry_their_lines() {
    let both = both(&[&FIRST, &SECOND], "2018H1").await;
    let figure = both.figure("sales.poverty_counties");
    for by in figure.breakdowns.keys().copied() {
        let parts = both.rollups.breakdown(figure, by).await.unwrap();
        assert_eq!(
            Some(parts.iter().map(|part| part.value).sum()),
            both.rollups.value(figure).await.unwrap()
        );
        assert_eq!(parts.iter().map(|part| part.lines).sum::<i64>(), 5, "{by:?}");
    }
    let places = both.rollups.breakdown(figure, Dimension::Place).await.unwrap();
    assert_eq!(
        (
            places[0].key.as_str(),
            places[0].title.zh.as_str(),
            places[0].lines
        ),
        ("621126", "岷县", 3)
    );
    let months = both.rollups.breakdown(figure, Dimension::Month).await.unwrap();
    let titles: Vec<&str> = months.iter().map(|part| part.title.zh.as_str()).collect();
    assert_eq!(titles, ["2018年1月", "2018年2月", "2018年3月", "2018年6月"]);
    let channels = both.rollups.breakdown(figure, Dimension::Channel).await.unwrap();
    assert_eq!(channels[0].title.zh, "盒马鲜生");
    let refusal = both
        .rollups
        .breakdown(both.figure("sales.counties_over_100m"), Dimension::Month)
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "figures.no_breakdown");
}

#[tokio::test]
async fn a_trace_ends_at_the_lines_of_the_order_file() {
    let both = both(&[&FIRST, &SECOND], "2018H1").await;
    for engine in [&both.rollups, &both.lines] {
        let rows = engine
            .trace(
                both.figure("sales.poverty_counties"),
                Some("621126".parse().unwrap()),
                10,
            )
            .await
            .unwrap();
        let seen: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.file_name.as_str(),
                    row.lines,
                    row.value,
                    row.first_source_lines.as_slice(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("file 0.csv", 2, 10_000, &[2, 3][..]),
                ("file 1.csv", 1, 10_000_000_000, &[2][..])
            ]
        );
        let gansu = engine
            .trace(
                both.figure("sales.poverty_counties"),
                Some("620000".parse().unwrap()),
                10,
            )
            .await
            .unwrap();
        assert_eq!(gansu.iter().map(|row| row.value).sum::<i64>(), 20_000_010_001);
        let over = engine
            .trace(both.figure("sales.counties_over_100m"), None, 10)
            .await
            .unwrap();
        assert!(
            over.iter().all(|row| row.value == 1) && over.len() == 3,
            "{over:?}"
        );
        let provinces = engine
            .trace(both.figure("channel.provinces"), None, 1)
            .await
            .unwrap();
        assert_eq!(
            (provinces.len(), provinces[0].place.to_string().as_str()),
            (1, "621126")
        );
    }
}

#[tokio::test]
async fn the_lines_of_a_place_are_read_in_the_order_of_the_file_and_one_by_its_number() {
    let both = both(&[&FIRST, &SECOND], "2018H1").await;
    let (engine, place) = (&both.rollups, "621126".parse().unwrap());
    let segment = engine.files()[0].segment_sha256.clone();
    for figure in ["sales.poverty_counties", "sales.lines"] {
        let figure = both.figure(figure);
        let lines = engine
            .lines_of_place(figure, &segment, place, 0, 10)
            .await
            .unwrap();
        let numbers: Vec<i64> = lines.iter().map(|line| line.source_line).collect();
        assert_eq!(numbers, [2, 3], "{}", figure.id);
        let after = engine
            .lines_of_place(figure, &segment, place, 2, 10)
            .await
            .unwrap();
        assert_eq!(after, lines[1..], "{}", figure.id);
        let one = engine.line_at(figure, &segment, 3).await.unwrap();
        assert_eq!(one.as_ref(), lines.last(), "{}", figure.id);
        assert_eq!(engine.line_at(figure, &segment, 999).await.unwrap(), None);
    }
    let unknown = engine.line_at(both.figure("sales.lines"), "no segment", 2).await;
    assert_eq!(unknown.unwrap_err().code, "figures.no_such_segment");
}

#[tokio::test]
async fn a_wrong_query_is_refused_and_none_can_write() {
    let both = both(&[&FIRST], "2018H1").await;
    let with = |sql: &str| FigureDef {
        sql: sql.to_owned(),
        ..both.figure("channel.sales").clone()
    };
    let cases = [
        ("SELECT nothing AS value FROM sales s", "figures.bad_sql"),
        ("SELECT 1 AS total", "figures.not_one_value"),
        (
            "SELECT CAST(1 AS BIGINT) AS value FROM sales s",
            "figures.not_one_value",
        ),
        ("SELECT 'x' AS value", "figures.not_one_value"),
        ("DROP VIEW sales", "figures.bad_sql"),
        ("COPY (SELECT 1 AS value) TO '/tmp/x.parquet'", "figures.bad_sql"),
    ];
    for (sql, code) in cases {
        let refusal = both.rollups.value(&with(sql)).await.unwrap_err();
        assert_eq!(refusal.code, code, "{sql}");
    }
    assert_eq!(
        both.rollups
            .value(&with("SELECT CAST(NULL AS BIGINT) AS value"))
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn a_query_that_counts_rows_of_evidence_instead_of_lines_does_not_pass_its_audit() {
    let line = ("platform", 201_806, 621_126, "A", "CNY", 300, false);
    let both = both(&[&[line, line]], "2018H1").await;
    let with = |sql: &str| FigureDef {
        sql: sql.to_owned(),
        ..both.figure("sales.lines").clone()
    };
    for (sql, holds) in [
        (
            "SELECT CAST(SUM(s.lines) AS BIGINT) AS value FROM yuan_sales s",
            true,
        ),
        (
            "SELECT CAST(COUNT(*) AS BIGINT) AS value FROM yuan_sales s",
            false,
        ),
        (
            "SELECT CAST(MAX(s.net_fen) AS BIGINT) AS value FROM yuan_sales s",
            false,
        ),
    ] {
        let figure = FigureDef {
            breakdowns: std::collections::BTreeMap::default(),
            ..with(sql)
        };
        let outcome = audit(&figure, &both.rollups, &both.lines).await.unwrap();
        assert_eq!(outcome.equal, holds, "{sql}: {outcome:?}");
    }
}

/// Every sum there is, and two figures that don't add up.
const PROBES: [&str; 3] = [
    "SELECT CONCAT(s.channel, '/', s.month, '/', s.place_code, '/', s.product_code, '/', s.currency, '/', SUM(s.cancelled_lines), \
     '/', SUM(s.lines), '/', SUM(s.quantity_milli), '/', SUM(s.gross_fen)) AS key, CAST(SUM(s.net_fen) AS BIGINT) AS value \
     FROM sales s GROUP BY s.channel, s.month, s.place_code, s.product_code, s.currency",
    "SELECT CAST(COUNT(DISTINCT s.product_code) AS BIGINT) AS value FROM channel_sales s WHERE s.lines > s.cancelled_lines",
    "SELECT s.place_code AS key, CAST(COUNT(*) AS BIGINT) AS value FROM poverty_sales s GROUP BY s.place_code HAVING SUM(s.net_fen) > 0",
];

async fn probe(engine: &FigureEngine, figure: &FigureDef) -> Vec<Vec<(Option<String>, Option<i64>)>> {
    let mut found = Vec::new();
    for (number, sql) in PROBES.iter().enumerate() {
        let rows = engine.answers(figure, sql, &engine.rows).await.unwrap();
        // A count of lines over lines is one a row, over rollups one a cell: only which places stand is compared.
        let mut rows: Vec<_> = rows
            .into_iter()
            .map(|row| (row.key, row.value.filter(|_| number < 2)))
            .collect();
        rows.sort();
        found.push(rows);
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn rollups_and_lines_always_agree(sales in prop::collection::vec(sale(), 0..60), cut in 0_usize..60) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (first, second) = sales.split_at(cut.min(sales.len()));
        let (rollups, lines) = runtime.block_on(async {
            let both = both(&[first, second], "2018H1").await;
            let figure = both.figure("sales.lines");
            (probe(&both.rollups, figure).await, probe(&both.lines, figure).await)
        });
        prop_assert_eq!(rollups, lines);
    }
}
