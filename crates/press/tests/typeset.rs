//! The press as its callers use it. These tests need the fonts of Debian's `fonts-noto-cjk`, or a folder of fonts named
//! by `FISHPOND_FONT_DIR`. On a machine with neither they pass over themselves, and `cargo xtask test` says so.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use kernel::{Lang, Text};
use press::{DEBIAN_FONT_DIR, Fonts, ReportChart, typeset, typeset_report};
use serde_json::{Value, json};

const DAY: (i32, u8, u8) = (2018, 7, 10);

#[expect(
    clippy::disallowed_methods,
    reason = "the tests are configured by their environment"
)]
static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
    let named = std::env::var_os("FISHPOND_FONT_DIR").map(PathBuf::from);
    let dir = named.unwrap_or_else(|| PathBuf::from(DEBIAN_FONT_DIR));
    dir.exists()
        .then(|| Fonts::in_dir(&dir).unwrap_or_else(|refusal| panic!("{refusal:?}")))
});

/// The fonts, or the end of the test.
macro_rules! fonts {
    () => {
        match &*FONTS {
            Some(fonts) => fonts,
            None => return eprintln!("not run: no fonts on this machine"),
        }
    };
}

fn small(body: &str) -> String {
    format!("#set document(title: \"试\")\n#set text(font: \"Noto Serif CJK SC\", lang: \"zh\")\n{body}\n")
}

fn sample() -> Value {
    serde_json::from_str(include_str!("report-sample.json")).unwrap()
}

fn chart() -> ReportChart {
    let svg = r#"<svg viewBox="0 0 360 60"><rect class="b" width="240" height="20" y="20"/><text class="l" x="4" y="14">贵州 Guizhou</text></svg>"#;
    ReportChart {
        figure: "sales.poverty_counties".to_owned(),
        dimension: "province".to_owned(),
        title: Text {
            zh: "分省销售额".to_owned(),
            en: "Sales by province".to_owned(),
        },
        svg: svg.to_owned(),
    }
}

#[test]
fn a_small_document_becomes_a_pdf() {
    let fonts = fonts!();
    let template = small("= 标题\n#json(\"data.json\").name：123");
    let pdf = typeset(&template, &json!({ "name": "岷县" }), &[], fonts, DAY).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let fonts = fonts!();
    let set = || typeset_report(&sample(), Lang::Zh, &[chart()], fonts, DAY).unwrap();
    assert_eq!(set(), set());
}

#[test]
fn the_report_is_set_in_both_languages_as_tagged_pdf() {
    let fonts = fonts!();
    for (lang, code) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let pdf = typeset_report(&sample(), lang, &[chart()], fonts, DAY).unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.contains("/MarkInfo"), "{code}: not tagged");
        assert!(text.contains(&format!("/Lang({code}")), "{code}: no language");
    }
}

#[test]
fn rare_characters_of_names_are_printed() {
    let fonts = fonts!();
    let data = json!({ "names": ["㮾", "𨭆", "䶮"] });
    typeset(
        &small("#json(\"data.json\").names.join()"),
        &data,
        &[],
        fonts,
        DAY,
    )
    .unwrap();
}

#[test]
fn a_character_no_font_draws_is_refused_by_name_and_place() {
    let fonts = fonts!();
    let data = json!({ "places": [{ "name": "岷县" }, { "name": "礼\u{10FFFD}县" }] });
    let refusal = typeset(&small("无"), &data, &[], fonts, DAY).unwrap_err();
    assert_eq!(refusal.code, "press.missing_glyph");
    assert_eq!(refusal.at.as_deref(), Some("data.places[1].name"));
    assert_eq!(refusal.facts, [("character", "U+10FFFD".to_owned())]);
}

#[test]
fn a_character_only_a_chart_uses_is_checked_too() {
    let fonts = fonts!();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>\u{10FFFD}</text></svg>";
    let files = [("chart.svg".to_owned(), svg.as_bytes().to_vec())];
    let refusal = typeset(&small("无"), &json!({}), &files, fonts, DAY).unwrap_err();
    assert_eq!(
        (refusal.code, refusal.at.as_deref()),
        ("press.missing_glyph", Some("chart.svg"))
    );
}

#[test]
fn a_mistake_in_the_template_is_named_with_its_line() {
    let fonts = fonts!();
    let refusal = typeset(
        &small("好\n#json(\"data.json\").absent"),
        &json!({}),
        &[],
        fonts,
        DAY,
    )
    .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.at.as_deref()),
        ("press.template", Some("template.typ:4"))
    );
}

#[test]
fn a_file_that_was_not_handed_over_cannot_be_read() {
    let fonts = fonts!();
    let refusal = typeset(&small("#read(\"../Cargo.toml\")"), &json!({}), &[], fonts, DAY).unwrap_err();
    assert_eq!(refusal.code, "press.template");
}

#[test]
fn a_day_outside_the_calendar_is_refused() {
    let fonts = fonts!();
    let refusal = typeset(&small("无"), &json!({}), &[], fonts, (2018, 2, 30)).unwrap_err();
    assert_eq!(refusal.code, "press.bad_date");
}

#[test]
fn every_kind_of_chart_can_be_set() {
    let fonts = fonts!();
    let samples = charts::sample::all();
    let files: Vec<(String, Vec<u8>)> = samples
        .iter()
        .map(|sample| {
            (
                format!("{}.svg", sample.caption.id),
                press::chart_file(&sample.wide),
            )
        })
        .collect();
    let mut body = String::new();
    for sample in &samples {
        writeln!(
            body,
            "#image(\"{}.svg\", width: 100%, alt: \"x\")",
            sample.caption.id
        )
        .unwrap();
    }
    let pdf = typeset(&small(&body), &json!({}), &files, fonts, DAY).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
}
