//! Files that mean harm, are damaged, or do not follow the standard: refused by a code and a path, and never a panic.

use std::io::{BufReader, Read, repeat};

use finance::bank::{FILE_BYTES_MAX, read_message};
use proptest::prelude::*;

/// The code, the path and the value of the refusal of a file.
fn refused(file: impl AsRef<[u8]>) -> (&'static str, String, String) {
    let refusal = read_message(file.as_ref()).unwrap_err();
    (
        refusal.code,
        refusal.at.unwrap_or_default(),
        refusal.value.unwrap_or_default(),
    )
}

/// A statement with something instead of a part of it.
fn statement(old: &str, new: &str) -> String {
    let whole = include_str!("files/statement.xml");
    assert!(whole.contains(old), "{old}");
    whole.replacen(old, new, 1)
}

#[test]
fn the_statement_that_the_others_here_are_made_from_is_read() {
    assert!(read_message(statement("", "").as_bytes()).is_ok());
}

#[test]
fn a_file_that_defines_or_fetches_entities_is_refused_unread() {
    let namespace = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08";
    let external = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
         <Document xmlns=\"{namespace}\"><BkToCstmrStmt>&x;</BkToCstmrStmt></Document>"
    );
    let laughs = (1..30).map(|n| format!("<!ENTITY l{n} \"&l{0};&l{0};&l{0};\">", n - 1));
    let laughs = laughs.collect::<Vec<_>>().concat();
    let laughs =
        format!("<!DOCTYPE d [<!ENTITY l0 \"ha\">{laughs}]><Document xmlns=\"{namespace}\">&l29;</Document>");
    let remote = format!("<!DOCTYPE d SYSTEM \"http://192.0.2.1/d.dtd\"><Document xmlns=\"{namespace}\"/>");
    for file in [external, laughs, remote] {
        assert_eq!(refused(&file).0, "bank.document_type");
    }
    let undefined = statement("<NtryRef>N-1", "<NtryRef>&x;");
    let (code, at, value) = refused(undefined);
    assert_eq!(
        (code, at.as_str(), value.as_str()),
        (
            "bank.unknown_entity",
            "/Document/BkToCstmrStmt/Stmt/Ntry/NtryRef",
            "x"
        )
    );
}

#[test]
fn a_file_that_is_no_sound_xml_is_refused() {
    let zeros = vec![0_u8; 100];
    let utf16: Vec<u8> = "<Document/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gbk = b"<?xml version=\"1.0\" encoding=\"GBK\"?><Document xmlns=\"urn:x\"/>".to_vec();
    for (file, codes) in [
        (Vec::new(), &["bank.not_a_message"][..]),
        (zeros, &["bank.not_a_message", "bank.bad_xml"]),
        (
            b"\xff\xfe".iter().copied().chain(utf16).collect(),
            &["bank.not_utf8"],
        ),
        (gbk, &["bank.not_utf8"]),
        (
            b"<Document xmlns=\"urn:x\"><Nm>\xc0\xee</Nm></Document>".to_vec(),
            &["bank.unknown_message", "bank.not_utf8"],
        ),
        (
            b"PK\x03\x04".to_vec(),
            &["bank.not_a_message", "bank.not_utf8", "bank.bad_xml"],
        ),
        (b"{\"a\": 1}".to_vec(), &["bank.not_a_message"]),
        (b"<html><body/></html>".to_vec(), &["bank.not_a_message"]),
        (b"<Document/>".to_vec(), &["bank.not_a_message"]),
        (b"<Document xmlns=\"urn:x\"/>".to_vec(), &["bank.unknown_message"]),
        (statement("</BkToCstmrStmt>", "").into_bytes(), &["bank.bad_xml"]),
        (statement("</Document>", "").into_bytes(), &["bank.bad_xml"]),
        (
            statement("</Document>", "</Document><Document/>").into_bytes(),
            &["bank.bad_xml"],
        ),
    ] {
        let code = refused(&file).0;
        assert!(
            codes.contains(&code),
            "{code}: {}",
            String::from_utf8_lossy(&file)
        );
    }
}

#[test]
fn a_byte_order_mark_and_comments_do_no_harm() {
    let whole = include_str!("files/statement.xml");
    let marked = format!("\u{feff}{}", whole.replace("<Stmt>", "<!-- one & only --><Stmt>"));
    assert!(
        read_message(marked.as_bytes()).is_ok(),
        "{:?}",
        read_message(marked.as_bytes())
    );
}

/// What stands in the statement, what instead of it, and then the code, the path below the statement, the value.
const BROKEN: [(&str, &str, &str, &str, &str); 16] = [
    (
        "<MsgId>M-1</MsgId>",
        "",
        "bank.missing_element",
        "../GrpHdr/MsgId",
        "",
    ),
    (
        "<MsgId>M-1",
        "<MsgId> ",
        "bank.empty_element",
        "../GrpHdr/MsgId",
        "",
    ),
    (
        "<Id>S-1</Id>",
        "<Id>S-1</Id><Id>S-2</Id>",
        "bank.repeated_element",
        "/Id[2]",
        "",
    ),
    (
        "<Id>S-1</Id>",
        "<Id><Id>S</Id></Id>",
        "bank.unexpected_element",
        "/Id/Id",
        "",
    ),
    ("<Stmt>", "<Stmt>boo", "bank.unexpected_text", "", "boo"),
    (
        "<Amt Ccy=\"CNY\">80.00",
        "<Amt>80.00",
        "bank.missing_attribute",
        "/Ntry[2]/Amt",
        "",
    ),
    (
        "<Amt Ccy=\"CNY\">80.00",
        "<Amt Ccy=\"cny\">80.00",
        "bank.bad_value",
        "/Ntry[2]/Amt",
        "cny",
    ),
    (">80.00", ">8e1", "bank.bad_value", "/Ntry[2]/Amt", "8e1"),
    (">80.00", ">-80.00", "bank.bad_value", "/Ntry[2]/Amt", "-80.00"),
    (
        ">80.00",
        ">1000000000000000000",
        "bank.bad_value",
        "/Ntry[2]/Amt",
        "1000000000000000000",
    ),
    ("DBIT", "BOTH", "bank.bad_value", "/Ntry/CdtDbtInd", "BOTH"),
    ("<Cd>BOOK", "<Cd>GONE", "bank.bad_value", "/Ntry/Sts", "GONE"),
    (
        "2018-07-03T09",
        "2018-02-30T09",
        "bank.bad_value",
        "../GrpHdr/CreDtTm",
        "2018-02-30T09:00:00",
    ),
    (
        "<Sum>180.00",
        "<Sum>180.01",
        "bank.sum_differs",
        "/TxsSummry/TtlNtries/Sum",
        "180.01",
    ),
    (
        "<NbOfNtries>2",
        "<NbOfNtries>3",
        "bank.count_differs",
        "/TxsSummry/TtlNtries/NbOfNtries",
        "3",
    ),
    ("820.00", "820.01", "bank.balance_differs", "/Bal", "820.01"),
];

#[test]
fn what_does_not_follow_the_standard_is_refused_with_its_path() {
    let stmt = "/Document/BkToCstmrStmt/Stmt";
    for (old, new, code, at, value) in BROKEN {
        let at = at.strip_prefix("..").map_or_else(
            || format!("{stmt}{at}"),
            |beside| format!("/Document/BkToCstmrStmt{beside}"),
        );
        assert_eq!(
            refused(statement(old, new)),
            (code, at, value.to_owned()),
            "{new}"
        );
    }
    let long = "x".repeat(36);
    let (code, at, _) = refused(statement("<Id>S-1", &format!("<Id>{long}")));
    assert_eq!((code, at), ("bank.text_too_long", format!("{stmt}/Id")));
}

#[test]
fn elements_that_nest_without_end_are_refused() {
    for name in ["Stmt", "x:Stmt"] {
        let nested = format!("<{name} xmlns:x=\"urn:y\">").repeat(100_000);
        let code = refused(statement("<Stmt>", &nested)).0;
        assert!(["bank.too_deep", "bank.bad_xml"].contains(&code), "{code}");
    }
    assert_eq!(
        refused(statement("<Stmt>", &"<Xyz>".repeat(1_000))).0,
        "bank.too_deep"
    );
}

#[test]
fn a_text_without_end_and_a_file_without_end_are_refused_by_size() {
    let start = statement("", "");
    let (head, _) = start.split_once("N-1").unwrap();
    let text = read_message(BufReader::new(head.as_bytes().chain(repeat(b'x')))).unwrap_err();
    assert_eq!(text.code, "bank.piece_too_long");
    let tag = read_message(BufReader::new(
        head.as_bytes().chain(&b"<a b=\""[..]).chain(repeat(b'x')),
    ))
    .unwrap_err();
    assert_eq!(tag.code, "bank.piece_too_long");

    let (head, _) = start.split_once("<GrpHdr>").unwrap();
    let refusal = read_message(BufReader::new(head.as_bytes().chain(Comments::default()))).unwrap_err();
    assert_eq!(refusal.code, "bank.file_too_large");
    assert_eq!(refusal.facts, [("max", FILE_BYTES_MAX.to_string())]);
}

/// Long comments without end.
#[derive(Default)]
struct Comments {
    at: usize,
}

impl Read for Comments {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let comment = format!("<!--{}-->", "x".repeat(60_000)).into_bytes();
        let left = comment.get(self.at..).unwrap_or_default();
        let count = left.len().min(into.len());
        into[..count].copy_from_slice(&left[..count]);
        self.at = (self.at + count) % comment.len();
        Ok(count)
    }
}

#[test]
fn elements_of_other_namespaces_say_nothing() {
    let foreign = "<x:Ntry xmlns:x=\"urn:bank\"><x:Amt>1 &amp; <x:b/></x:Amt></x:Ntry><Stmt>";
    let with = read_message(statement("<Stmt>", foreign).as_bytes()).unwrap();
    assert_eq!(with, read_message(statement("", "").as_bytes()).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_statement_is_read_or_refused_and_never_a_panic(
        cut in 0_usize..4_000, byte: u8, at in 0_usize..4_000, insert in "[<>&;/\"= a-zA-Z0-9]{0,12}",
    ) {
        let mut file = statement("", "").into_bytes();
        let place = at % file.len();
        file[place] = byte;
        file.splice(place..place, insert.bytes());
        file.truncate(file.len().saturating_sub(cut % 50));
        if let Err(refusal) = read_message(&file[..]) {
            prop_assert!(refusal.code.starts_with("bank."), "{}", refusal.code);
        }
    }
}
