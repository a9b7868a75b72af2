//! Imports as a user sees them: real files, every container and encoding, the same lines twice, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::Write;

use std::path::Path;

use common::{HEADS, PLAIN, file, import, open, plain, row};
use lake::Imported;
use programme::layout::Layout;
use testkit::on_both;

/// A layout of the programme folder, or one given as text.
fn layout(name: &str) -> Layout {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../programmes/2018h1/channels/{name}.toml"));
    Layout::read(
        &format!("channels/{name}.toml"),
        &std::fs::read_to_string(path).unwrap(),
    )
    .unwrap()
}

/// The plain layout without line numbers.
fn unnumbered() -> Layout {
    Layout::read(
        "channels/plain.toml",
        &PLAIN.replace("[line]\ncolumn = [\"line\"]\n", ""),
    )
    .unwrap()
}

/// The plain layout as daily sums.
fn daily() -> Layout {
    let text = PLAIN
        .replace("order_line", "daily_summary")
        .replace("[order]\ncolumn = [\"order\"]\n[line]\ncolumn = [\"line\"]\n", "");
    Layout::read("channels/plain.toml", &text).unwrap()
}

/// Lines, accepted, rejected, duplicates.
fn counts(imported: &Imported) -> [i64; 4] {
    let import = &imported.import;
    [import.lines, import.accepted, import.rejected, import.duplicates]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_shop_is_taken_with_its_published_totals_and_adds_nothing_twice() {
    let path = testkit::shared_data("online-retail").join("orders-2010-12.csv");
    on_both(async |store| {
        let lake = open(store);
        let first = import(&lake, &layout("online-retail"), &path).await.unwrap();
        assert_eq!(counts(&first), [42_481, 42_481, 0, 0]);
        assert_eq!((first.import.orders, first.import.cancelled_lines), (2_025, 728));
        assert_eq!(
            (first.import.gross_fen, first.import.net_fen),
            (82_374_614, 74_895_702)
        );
        let second = import(&lake, &layout("online-retail"), &path).await.unwrap();
        assert!(second.already);
        assert_eq!(counts(&second), [42_481, 0, 0, 42_481]);
        let mut gzipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzipped.write_all(&std::fs::read(&path).unwrap()).unwrap();
        let gzipped = file(store, "again.csv.gz", gzipped.finish().unwrap());
        let third = import(&lake, &layout("online-retail"), &gzipped).await.unwrap();
        assert_eq!(
            (counts(&third), third.import.orders),
            ([42_481, 0, 0, 42_481], 2_025)
        );
        assert_eq!(lake.segments().await.unwrap().len(), 1);
        assert_eq!(lake.check().await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grocers_order_lines_add_up_to_what_another_reader_finds() {
    let path = testkit::shared_data("grocery-produce").join("order-lines-w37-40.csv");
    let (mut lines, mut fen, mut baskets) = (0, 0, std::collections::BTreeSet::new());
    for record in csv::Reader::from_path(&path).unwrap().records() {
        let record = record.unwrap();
        let (whole, cents) = record[10].split_once('.').unwrap();
        lines += 1;
        fen += whole.parse::<i64>().unwrap() * 100 + format!("{cents:0<2}").parse::<i64>().unwrap();
        baskets.insert(record[0].to_owned());
    }
    on_both(async |store| {
        let lake = open(store);
        let first = import(&lake, &layout("grocery-produce"), &path).await.unwrap();
        assert_eq!(counts(&first), [lines, lines, 0, 0]);
        assert_eq!(
            (first.import.net_fen, first.import.orders),
            (fen, i64::try_from(baskets.len()).unwrap())
        );
        assert_eq!(
            import(&lake, &layout("grocery-produce"), &path)
                .await
                .unwrap()
                .import
                .accepted,
            0
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_container_and_encoding_carries_the_same_lines() {
    on_both(async |store| {
        let text = format!("{HEADS}{}{}", row("A", 1, "\"¥1,234.50\""), row("A", 2, "2元"));
        let (gb, _, _) = encoding_rs::GB18030.encode(&text);
        let mut zipped = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zipped
            .start_file("orders.csv", zip::write::SimpleFileOptions::default())
            .unwrap();
        zipped.write_all(&gb).unwrap();
        let mut gzipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzipped.write_all(text.as_bytes()).unwrap();
        let lake = open(store);
        let files = [
            ("plain.csv", text.clone().into_bytes()),
            ("marked.csv", format!("\u{feff}{text}").into_bytes()),
            ("gb.csv", gb.to_vec()),
            ("crlf.csv", text.replace('\n', "\r\n").into_bytes()),
            ("zipped.zip", zipped.finish().unwrap().into_inner()),
            ("zipped.gz", gzipped.finish().unwrap()),
            ("book.xlsx", book()),
        ];
        for (number, (name, bytes)) in files.into_iter().enumerate() {
            let imported = import(&lake, &plain(), &file(store, name, bytes)).await.unwrap();
            let expected = if number == 0 { [2, 2, 0, 0] } else { [2, 0, 0, 2] };
            assert_eq!(
                counts(&imported),
                expected,
                "{name}: {:?}",
                imported.first_rejects
            );
        }
        assert_eq!(lake.segments().await.unwrap()[0].manifest.totals.net_fen, 123_650);
    })
    .await;
}

/// The same two lines as a workbook, with a real date and numbers.
fn book() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (column, head) in HEADS.trim_end().split(',').enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), head).unwrap();
    }
    for (number, amount) in [(1_u32, 1_234.5), (2, 2.0)] {
        sheet.write(number, 0, "A").unwrap();
        sheet.write(number, 1, number).unwrap();
        sheet
            .write_with_format(
                number,
                2,
                rust_xlsxwriter::ExcelDateTime::from_ymd(2018, 3, 5).unwrap(),
                &date,
            )
            .unwrap();
        sheet.write(number, 3, 621_226).unwrap();
        sheet.write(number, 4, "P1").unwrap();
        sheet.write(number, 6, 1).unwrap();
        sheet.write(number, 7, amount).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn overlapping_exports_count_each_line_once() {
    on_both(async |store| {
        let lake = open(store);
        let first = file(
            store,
            "1.csv",
            format!(
                "{HEADS}{}{}{}",
                row("A", 1, "1"),
                row("A", 2, "2"),
                row("A", 1, "1")
            ),
        );
        assert_eq!(
            counts(&import(&lake, &plain(), &first).await.unwrap()),
            [3, 2, 0, 1]
        );
        let second = file(
            store,
            "2.csv",
            format!(
                "{HEADS}{}{}{}",
                row("A", 2, "2"),
                row("B", 1, "4"),
                row("A", 3, "8")
            ),
        );
        let second = import(&lake, &plain(), &second).await.unwrap();
        assert_eq!(
            (counts(&second), second.import.net_fen, second.import.orders),
            ([3, 2, 0, 1], 1_200, 2)
        );
        assert_eq!(lake.check().await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_lines_without_numbers_are_told_apart_by_their_count() {
    on_both(async |store| {
        let lake = open(store);
        let rows = |times: usize| format!("{HEADS}{}", row("A", 1, "1").repeat(times));
        let steps = [
            ("two.csv", 2, [2, 2, 0, 0]),
            ("three.csv", 3, [3, 1, 0, 2]),
            ("one.csv", 1, [1, 0, 0, 1]),
            ("five.csv", 5, [5, 2, 0, 3]),
        ];
        for (name, times, expected) in steps {
            let imported = import(&lake, &unnumbered(), &file(store, name, rows(times)))
                .await
                .unwrap();
            assert_eq!(counts(&imported), expected, "{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_is_kept_with_line_field_value_and_reason() {
    on_both(async |store| {
        let lake = open(store);
        let text = format!(
            "{HEADS}{}A,2,2018-02-30,621226,P1,,1,3\n{}",
            row("A", 1, "1"),
            row("A", 3, "2")
        );
        let imported = import(&lake, &plain(), &file(store, "a.csv", text))
            .await
            .unwrap();
        assert_eq!(counts(&imported), [3, 2, 1, 0]);
        let reject = &imported.first_rejects[0];
        assert_eq!(
            (
                reject.line,
                reject.field.as_str(),
                reject.value.as_str(),
                reject.code
            ),
            (3, "day", "2018-02-30", "sales.bad_day")
        );
        let sha256 = imported.import.rejects_sha256.unwrap();
        let kept = String::from_utf8(store.documents().get(&sha256).await.unwrap()).unwrap();
        assert!(kept.contains("3,day,2018-02-30,sales.bad_day"), "{kept}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_a_fact_with_its_file_and_segments_as_evidence() {
    on_both(async |store| {
        let lake = open(store);
        let imported = import(
            &lake,
            &plain(),
            &file(store, "a.csv", format!("{HEADS}{}", row("A", 1, "1"))),
        )
        .await
        .unwrap();
        let facts = store.facts_page(0, 10).await.unwrap();
        assert_eq!(facts.len(), 1);
        assert_eq!(facts[0].kind, "sales.imported");
        assert!(facts[0].evidence.contains(&imported.import.file_sha256));
        assert!(facts[0].evidence.contains(&imported.segments[0]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_comes_again_and_says_something_else_is_rejected_by_name_and_what_was_counted_stays() {
    on_both(async |store| {
        let lake = open(store);
        let first = format!(
            "{HEADS}{}{}",
            row("A", 1, "10"),
            row("B", 1, "20").replace("P1", "P2")
        );
        let first = file(store, "first.csv", first);
        // The first line repeats one of the lake, the second changes one of the lake, the fourth one of this file.
        let second = [
            row("A", 1, "10"),
            row("B", 1, "21").replace("P1", "P2"),
            row("C", 1, "30").replace("P1", "P3"),
            row("C", 1, "31").replace("P1", "P3"),
        ];
        let second = file(store, "second.csv", format!("{HEADS}{}", second.concat()));
        for layout in [plain(), daily()] {
            let layout = Layout {
                channel: format!("{:?}", layout.grain),
                ..layout
            };
            import(&lake, &layout, &first).await.unwrap();
            let again = import(&lake, &layout, &second).await.unwrap();
            assert_eq!((counts(&again), again.import.net_fen), ([4, 1, 2, 1], 3_000));
            let mut rejects: Vec<_> = again
                .first_rejects
                .iter()
                .map(|reject| {
                    (
                        reject.line,
                        reject.field.as_str(),
                        reject.value.as_str(),
                        reject.code,
                    )
                })
                .collect();
            rejects.sort_unstable();
            let code = "sales.line_changed";
            assert_eq!(
                rejects,
                [(3, "amount", "21.00", code), (5, "amount", "31.00", code)]
            );
            assert!(again.import.rejects_sha256.is_some());
        }
        assert_eq!(lake.check().await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_small_imports_keep_few_key_runs_and_forget_no_line() {
    on_both(async |store| {
        let lake = open(store);
        for number in 0..24 {
            let text = format!(
                "{HEADS}{}{}",
                row(&format!("N{number}"), 1, "1"),
                row("SHARED", 1, "5")
            );
            let imported = import(&lake, &plain(), &file(store, &format!("{number}.csv"), text))
                .await
                .unwrap();
            assert_eq!(imported.import.duplicates, i64::from(number > 0));
        }
        let runs = std::fs::read_dir(store.folder().join("lake/keys"))
            .unwrap()
            .count();
        assert!(runs <= 8, "{runs} key runs");
        assert_eq!(lake.check().await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_understood_by_both_databases() {
    on_both(async |store| {
        for statement in lake::STATEMENTS {
            store.prepare(statement).await.unwrap();
        }
    })
    .await;
}
