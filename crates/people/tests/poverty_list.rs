//! The list of 832 national-level poverty counties against its published counts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]

use std::collections::BTreeMap;

use kernel::{Lang, PlaceCode};
use people::places::{Places, Resolution};

fn book() -> &'static Places {
    Places::national()
}

fn code(text: &str) -> PlaceCode {
    text.parse().unwrap()
}

#[test]
fn the_list_has_832_counties_in_22_provinces() {
    let published = [
        ("云南省", 88),
        ("西藏自治区", 74),
        ("四川省", 66),
        ("贵州省", 66),
        ("甘肃省", 58),
        ("陕西省", 56),
        ("河北省", 45),
        ("青海省", 42),
        ("湖南省", 40),
        ("河南省", 38),
        ("山西省", 36),
        ("广西壮族自治区", 33),
        ("新疆维吾尔自治区", 32),
        ("内蒙古自治区", 31),
        ("湖北省", 28),
        ("江西省", 24),
        ("安徽省", 20),
        ("黑龙江省", 20),
        ("重庆市", 14),
        ("吉林省", 8),
        ("宁夏回族自治区", 8),
        ("海南省", 5),
    ];
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for county in book().poverty_counties() {
        *counts
            .entry(book().get(county.province).unwrap().name_zh)
            .or_default() += 1;
    }
    assert_eq!(book().poverty_counties().len(), 832);
    assert_eq!(counts, published.into_iter().collect());
}

#[test]
fn the_years_of_leaving_the_list_add_up() {
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    for county in book().poverty_counties() {
        *years.entry(county.delisted_year).or_default() += 1;
    }
    // The published totals say 283 in 2018 and 344 in 2019; the source of the list has one county a year later.
    let expected = [(2016, 28), (2017, 125), (2018, 282), (2019, 345), (2020, 52)];
    assert_eq!(years, expected.into_iter().collect());
    assert_eq!(book().delisted_year(code("621226")), Some(2020));
    assert_eq!(book().delisted_year(code("350821")), None);
}

#[test]
fn the_list_leads_to_830_codes_of_today() {
    let codes = book().poverty_codes();
    assert_eq!(codes.len(), 830);
    assert!(codes.is_sorted());
    for (code, year) in &codes {
        assert_eq!(book().resolve(*code), Resolution::Current, "{code}");
        assert_eq!(book().delisted_year(*code), Some(*year));
        assert!(book().is_poverty_county(*code));
    }
    let without: Vec<&str> = book()
        .poverty_counties()
        .iter()
        .filter(|c| c.code_2024.is_none())
        .map(|c| c.name)
        .collect();
    assert_eq!(without, ["大柴旦行委"]);
}

#[test]
fn every_code_of_2013_leads_to_the_code_the_list_gives() {
    let mut split = Vec::new();
    for county in book().poverty_counties() {
        let (Some(before), Some(today)) = (county.code_2013, county.code_2024) else {
            continue;
        };
        match book().resolve(before) {
            Resolution::Current => assert_eq!(before, today, "{}", county.name),
            Resolution::Successor(successor) => assert_eq!(successor, today, "{}", county.name),
            Resolution::Split(codes) => {
                // The land went to several districts; the list keeps the one that carries the name.
                assert!(codes.contains(&today), "{}", county.name);
                assert!(county.note.starts_with("split or merged"), "{}", county.name);
                split.push(county.name);
            }
            Resolution::Unknown => panic!("{}: {before} never stood", county.name),
        }
        assert!(book().is_poverty_county(before), "{}", county.name);
    }
    assert_eq!(split, ["宣化县", "南康市", "水城县"]);
}

#[test]
fn the_counties_of_the_programme_report_are_on_the_list_and_changting_is_not() {
    let listed = [
        "621226", "532528", "653130", "654326", "150430", "341524", "522634", "500236", "222406", "610923",
        "510727", "130824", "422823", "621102", "621121", "621122", "621123", "621124", "621125", "621126",
    ];
    for text in listed {
        assert!(book().require_poverty_county(code(text)).is_ok(), "{text}");
    }
    assert!(
        book().is_poverty_county(code("621226104203")),
        "a village counts for its county"
    );
    let refusal = book().require_poverty_county(code("350821")).unwrap_err();
    assert_eq!(refusal.code, "places.not_a_national_poverty_county");
    assert!(
        refusal.message(Lang::Zh).contains("福建省龙岩市长汀县 350821"),
        "{refusal}"
    );
}
