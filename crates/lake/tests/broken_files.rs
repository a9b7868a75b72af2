//! Forty broken files: each gets an error with its code and leaves the lake as it was.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::Write;
use std::path::PathBuf;

use common::{HEADS, PLAIN, file, import, open, plain, row};
use programme::layout::Layout;
use testkit::TestStore;

/// A broken file: what it is called, its bytes, and the code it is refused with.
type Case = (&'static str, Vec<u8>, &'static str);

/// One row whose cells are given.
fn cells(cells: [&str; 8]) -> Vec<u8> {
    format!("{HEADS}{}\n", cells.join(",")).into_bytes()
}

/// A good row with one cell changed.
fn with(column: usize, value: &str) -> Vec<u8> {
    let mut row = ["A", "1", "2018-03-05", "621226", "P1", "苹果", "1", "5.00"];
    row[column] = value;
    cells(row)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn book(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in HEADS.trim_end().split(',').enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), head).unwrap();
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn formula_book() -> Vec<u8> {
    book(|sheet| {
        for (column, value) in ["A", "1", "2018-03-05", "621226", "P1", "苹果", "1"]
            .iter()
            .enumerate()
        {
            sheet.write(1, u16::try_from(column).unwrap(), *value).unwrap();
        }
        sheet.write_formula(1, 7, "=1+1").unwrap();
    })
}

/// Files whose text as a whole is wrong.
#[expect(clippy::too_many_lines, reason = "a table")]
fn files() -> Vec<Case> {
    let good = format!("{HEADS}{}{}", row("A", 1, "1"), row("A", 2, "2"));
    let long_field = format!("{HEADS}A,1,2018-03-05,621226,P1,{},1,5\n", "x".repeat(10 << 20));
    let many_fields = format!("{HEADS}{}\n", ",".repeat(5_000));
    vec![
        (
            "wrong encoding",
            [HEADS.as_bytes(), b"A,1,2018-03-05,621226,P1,\xff\xff,1,5\n"].concat(),
            "sales.bad_encoding",
        ),
        (
            "utf-16",
            [
                &[0xff, 0xfe][..],
                &good
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<u8>>(),
            ]
            .concat(),
            "sales.unsupported_encoding",
        ),
        (
            "cut off mid-row",
            good.as_bytes()[..good.len() - 12].to_vec(),
            "sales.cut_off",
        ),
        (
            "cut off inside a character",
            good.as_bytes()[..=good.find('果').unwrap()].to_vec(),
            "sales.bad_encoding",
        ),
        (
            "unclosed quote",
            format!("{HEADS}A,1,2018-03-05,621226,P1,\"苹果,1,5\n").into_bytes(),
            "delimited.unclosed_quote",
        ),
        (
            "10 MB field",
            long_field.clone().into_bytes(),
            "delimited.record_too_long",
        ),
        (
            "10 MB quoted field",
            long_field.replace("xxxx", "\"xxx").into_bytes(),
            "delimited.record_too_long",
        ),
        (
            "field of 100 KB",
            format!("{HEADS}A,1,2018-03-05,621226,P1,{},1,5\n", "x".repeat(100_000)).into_bytes(),
            "delimited.field_too_long",
        ),
        (
            "five thousand fields",
            many_fields.into_bytes(),
            "delimited.too_many_fields",
        ),
        ("empty", Vec::new(), "sales.empty_file"),
        ("blank lines only", b"\n\n\r\n".to_vec(), "sales.no_head"),
        ("heads only", HEADS.as_bytes().to_vec(), "sales.no_line_accepted"),
        (
            "a missing column",
            b"order,line,day,county,product,title,quantity\nA,1,2018-03-05,621226,P1,x,1\n".to_vec(),
            "sales.missing_column",
        ),
        (
            "a head twice",
            format!("amount,{HEADS}1,{}", row("A", 1, "1")).into_bytes(),
            "sales.repeated_head",
        ),
        (
            "fewer fields",
            format!("{HEADS}A,1,2018-03-05\n").into_bytes(),
            "sales.no_line_accepted",
        ),
        (
            "more fields",
            format!("{HEADS}A,1,2018-03-05,621226,P1,苹果,1,5,6,7\n").into_bytes(),
            "sales.no_line_accepted",
        ),
        (
            "binary",
            (0_u8..=255).cycle().take(4_096).collect(),
            "sales.bad_encoding",
        ),
        ("a PDF", b"%PDF-1.7\n1 0 obj\n".to_vec(), "sales.missing_column"),
        (
            "an old spreadsheet",
            [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 512]].concat(),
            "sales.old_spreadsheet",
        ),
    ]
}

/// Archives that are wrong.
fn archives() -> Vec<Case> {
    let good = format!("{HEADS}{}", row("A", 1, "1"));
    let bomb = format!("{HEADS}{}", row("A", 1, "1").repeat(3_000_000));
    let gzipped = gzip(good.repeat(500).as_bytes());
    let zipped = zip_of(&[("a.csv", good.as_bytes())]);
    vec![
        (
            "gzip cut off",
            gzipped[..gzipped.len() / 2].to_vec(),
            "sales.archive_cut_off",
        ),
        (
            "gzip with a changed byte",
            changed(&gzip(good.as_bytes()), 30),
            "sales.bad_archive",
        ),
        ("gzip bomb", gzip(bomb.as_bytes()), "sales.archive_bomb"),
        (
            "zip bomb",
            zip_of(&[("a.csv", bomb.as_bytes())]),
            "sales.archive_bomb",
        ),
        (
            "zip cut off",
            zipped[..zipped.len() - 30].to_vec(),
            "sales.bad_archive",
        ),
        (
            "zip with two files",
            zip_of(&[("a.csv", good.as_bytes()), ("b.csv", good.as_bytes())]),
            "sales.archive_members",
        ),
        ("zip with nothing", zip_of(&[]), "sales.archive_members"),
        ("workbook without rows", book(|_| {}), "sales.no_line_accepted"),
        (
            "workbook with a formula",
            formula_book(),
            "sales.no_line_accepted",
        ),
        (
            "workbook that is no XML",
            zip_of(&[("xl/workbook.xml", b"<broken"), ("[Content_Types].xml", b"")]),
            "sales.bad_archive",
        ),
    ]
}

fn changed(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 0xff;
    bytes
}

/// Rows that are wrong: column, value, the code of the reject.
const ROWS: [(usize, &str, &str); 20] = [
    (0, "", "sales.missing_order_number"),
    (0, "=HYPERLINK(1)", "sales.formula_in_cell"),
    (0, "a\u{7}b", "sales.bad_order_number"),
    (1, "x", "sales.bad_whole_number"),
    (2, "2018-02-30", "sales.bad_day"),
    (2, "2018-13-01", "sales.bad_day"),
    (2, "", "sales.bad_day"),
    (2, "0018-03-05", "sales.bad_day"),
    (3, "999999", "sales.unknown_place"),
    (3, "62122", "sales.bad_place_code"),
    (3, "620000", "sales.place_not_county"),
    (4, "", "sales.missing_product"),
    (6, "many", "sales.bad_quantity"),
    (6, "0.00001", "sales.quantity_too_fine"),
    (7, "1e309", "sales.bad_amount"),
    (7, "=SUM(A1:A9)", "sales.formula_in_cell"),
    (7, "12.345", "sales.amount_too_fine"),
    (7, "99999999999999999999", "sales.bad_amount"),
    (7, "9999999999.00", "sales.amount_too_large"),
    (7, "NaN", "sales.bad_amount"),
];

async fn refuse(store: &TestStore, name: &str, path: PathBuf, layout: &Layout, code: &str) {
    let lake = open(store);
    let refusal = import(&lake, layout, &path)
        .await
        .map(|imported| imported.import)
        .unwrap_err();
    assert_eq!(refusal.code, code, "{name}: {:?}", refusal.context());
    assert!(refusal.at.is_some(), "{name} does not say where");
    for lang in [kernel::Lang::Zh, kernel::Lang::En] {
        let message = refusal.message(lang);
        assert!(
            message != code && !message.contains("{at}") && !message.contains("{value}"),
            "{name} has no sentence: {message}"
        );
    }
    assert!(lake.imports().await.unwrap().is_empty(), "{name} left an import");
    assert!(lake.segments().await.unwrap().is_empty(), "{name} left a segment");
    assert!(store.facts_head().await.unwrap().is_none(), "{name} left a fact");
    for folder in ["segments", "keys", "staging"] {
        let left = std::fs::read_dir(store.folder().join("lake").join(folder))
            .unwrap()
            .count();
        assert_eq!(left, 0, "{name} left a file in {folder}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_is_refused_and_changes_nothing() {
    let store = TestStore::sqlite().await;
    for (name, bytes, code) in files().into_iter().chain(archives()) {
        refuse(&store, name, file(&store, "broken.csv", bytes), &plain(), code).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_row_is_named_by_line_field_and_value() {
    let store = TestStore::sqlite().await;
    for (column, value, code) in ROWS {
        let path = file(&store, "broken.csv", with(column, value));
        let lake = open(&store);
        let refusal = import(&lake, &plain(), &path)
            .await
            .map(|imported| imported.import)
            .unwrap_err();
        let head = HEADS.trim_end().split(',').nth(column).unwrap();
        assert_eq!(
            refusal.at.as_deref(),
            Some(format!("broken.csv:2:{head}").as_str()),
            "{value}"
        );
        let first = refusal
            .facts
            .iter()
            .find(|(name, _)| *name == "first")
            .map(|(_, code)| code.as_str());
        assert_eq!(
            (refusal.code, first),
            ("sales.no_line_accepted", Some(code)),
            "{value}"
        );
        refuse(&store, value, path, &plain(), "sales.no_line_accepted").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_readable_file_is_refused() {
    let store = TestStore::sqlite().await;
    refuse(
        &store,
        "directory",
        store.folder().to_path_buf(),
        &plain(),
        "sales.not_a_file",
    )
    .await;
    refuse(
        &store,
        "missing",
        store.folder().join("nowhere.csv"),
        &plain(),
        "sales.file_missing",
    )
    .await;
    let layout = Layout::read("channels/plain.toml", &PLAIN.replace("\"amount\"", "\"paid\"")).unwrap();
    let good = file(&store, "good.csv", format!("{HEADS}{}", row("A", 1, "1")));
    refuse(
        &store,
        "layout naming a missing column",
        good,
        &layout,
        "sales.missing_column",
    )
    .await;
    let sheet = Layout::read(
        "channels/plain.toml",
        &PLAIN.replacen("grain", "sheet = \"订单\"\ngrain", 1),
    )
    .unwrap();
    refuse(
        &store,
        "layout naming a missing sheet",
        file(&store, "b.xlsx", book(|_| {})),
        &sheet,
        "sales.missing_sheet",
    )
    .await;
}
