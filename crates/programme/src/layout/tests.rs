//! What a layout may say and what is refused, by code and line.

use super::*;

const FULL: &str = r#"name = "shop"
channel = "shop"
grain = "order_line"
title = { zh = "店", en = "Shop" }
encoding = "gb18030"
delimiter = "\t"
skip_rows = 2
[order]
column = ["订单编号", "order_no"]
[day]
column = ["付款时间"]
forms = ["ymd", "excel"]
[place]
column = ["产地县代码"]
[product]
column = ["商品编码"]
[quantity]
column = ["数量"]
[amount]
column = ["实付金额"]
[cancelled]
column = ["状态"]
values = ["已退款"]
sign = "reversed"
"#;

fn codes(text: &str) -> Vec<(&'static str, usize)> {
    match Layout::read("channels/shop.toml", text) {
        Ok(_) => Vec::new(),
        Err(findings) => findings
            .iter()
            .map(|finding| (finding.code, finding.line))
            .collect(),
    }
}

#[test]
fn a_full_layout_reads_with_its_defaults() {
    let layout = Layout::read("channels/shop.toml", FULL).unwrap();
    assert_eq!(
        (layout.delimiter, layout.encoding, layout.skip_rows),
        (b'\t', FileEncoding::Gb18030, 2)
    );
    assert_eq!(layout.day.forms, [DayForm::Ymd, DayForm::Excel]);
    assert_eq!(
        (layout.currency.as_str(), layout.place.form, layout.simulated),
        ("CNY", PlaceForm::Code, false)
    );
    assert_eq!(layout.cancelled.unwrap().sign, Sign::Reversed);
    assert_eq!((layout.line, layout.sheet), (None, None));
}

/// What is replaced by what, and the codes and lines this gives.
type Case = (&'static str, &'static str, &'static [(&'static str, usize)]);

const CASES: [Case; 17] = [
    ("skip_rows = 2", "skip_row = 2", &[("programme.unknown_key", 7)]),
    ("skip_rows = 2", "skip_rows = -2", &[("programme.bad_value", 7)]),
    ("skip_rows = 2", "skip_rows = ", &[("programme.bad_toml", 7)]),
    (
        "delimiter = \"\\t\"",
        "delimiter = \"ab\"",
        &[("programme.bad_value", 6)],
    ),
    (
        "name = \"shop\"",
        "name = \"stall\"",
        &[("programme.wrong_name", 1)],
    ),
    (
        "channel = \"shop\"",
        "channel = \"../x\"",
        &[("programme.bad_id", 2)],
    ),
    ("zh = \"店\"", "zh = \" \"", &[("programme.empty_text", 4)]),
    (
        "encoding = \"gb18030\"",
        "currency = \"rmb\"",
        &[("kernel.bad_currency", 5)],
    ),
    (
        "\"订单编号\", \"order_no\"",
        "",
        &[("programme.missing_column", 9)],
    ),
    (
        "order_line",
        "daily_summary",
        &[("programme.summary_with_orders", 9)],
    ),
    (
        "[order]\ncolumn = [\"订单编号\", \"order_no\"]\n",
        "",
        &[("programme.missing_column", 3)],
    ),
    ("column = [\"产地县代码\"]", "", &[("programme.one_of_two", 13)]),
    (
        "column = [\"产地县代码\"]",
        "code = \"620000\"",
        &[("programme.not_a_county", 14)],
    ),
    ("column = [\"实付金额\"]", "", &[("programme.one_of_two", 19)]),
    ("values = [\"已退款\"]", "", &[("programme.missing_key", 21)]),
    (
        "column = [\"状态\"]\nvalues = [\"已退款\"]\n",
        "",
        &[("programme.no_rule", 22)],
    ),
    (
        "sign = \"reversed\"",
        "order_prefix = \"\"",
        &[("programme.bad_value", 24)],
    ),
];

#[test]
fn each_fault_is_named_by_code_and_line() {
    for (from, to, expected) in CASES {
        assert!(FULL.contains(from), "{from}");
        assert_eq!(codes(&FULL.replace(from, to)), expected, "{from} -> {to}");
    }
}

#[test]
fn a_finding_says_file_and_line_in_both_languages() {
    let findings = Layout::read("channels/shop.toml", &FULL.replace("skip_rows", "skip_row")).unwrap_err();
    let text = &findings[0].text;
    for said in [&text.zh, &text.en] {
        assert!(
            said.contains("channels/shop.toml:7") && said.contains("skip_row"),
            "{said}"
        );
    }
}
