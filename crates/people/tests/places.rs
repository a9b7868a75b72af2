//! The book of places against what is known of its sources, and the ways to a place by code and name.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says where")]

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Lang, PlaceCode, PlaceLevel, Refusal};
use people::places::{Places, Resolution};
use proptest::prelude::*;

fn book() -> &'static Places {
    Places::national()
}

fn code(text: &str) -> PlaceCode {
    text.parse().unwrap()
}

fn found(text: &str) -> Vec<String> {
    book()
        .find(text)
        .iter()
        .map(|place| place.code.to_string())
        .collect()
}

fn named(text: &str) -> Result<String, Refusal> {
    book().by_full_name(text).map(|code| code.to_string())
}

#[test]
fn the_book_has_every_unit_of_2024() {
    let mut levels: BTreeMap<PlaceLevel, usize> = BTreeMap::new();
    for place in book().all() {
        *levels.entry(place.level).or_default() += 1;
    }
    assert_eq!(book().all().len(), 3_213);
    assert_eq!(levels.into_values().collect::<Vec<_>>(), [34, 333, 2_846]);
    assert!(book().all().is_sorted_by_key(|place| place.code));
    assert_eq!(
        book()
            .all()
            .iter()
            .filter(|place| place.lon_lat.is_none())
            .count(),
        14
    );
    for place in book().all() {
        assert_eq!(
            place.pinyin.split(' ').count(),
            place.name_zh.chars().count(),
            "{}",
            place.name_zh
        );
        assert!(
            !place.name_en().is_empty() && place.name_en().is_ascii(),
            "{}",
            place.name_zh
        );
        assert!(book().get(place.province).is_some());
        assert_eq!(book().resolve(place.code), Resolution::Current);
    }
}

#[test]
fn li_county_of_gansu_is_never_taken_for_another() {
    for text in [
        "礼县",
        "甘肃礼县",
        "甘肃省陇南市礼县",
        "陇南礼县",
        "甘肃省 陇南市 礼县",
        "甘肃/陇南/礼县",
        "Gansu Li Xian",
    ] {
        assert_eq!(named(text).unwrap(), "621226", "{text}");
        assert_eq!(found(text), ["621226"], "{text}");
    }
    for text in ["li xian", "lixian", "Li Xian", "LIXIAN"] {
        let found = found(text);
        assert!(found.contains(&"621226".to_owned()), "{text}: {found:?}");
        assert!(
            found.iter().all(|code| !code.starts_with("1307")),
            "{text} is not Chongli: {found:?}"
        );
        assert_eq!(named(text).unwrap_err().code, "places.ambiguous_name");
    }
    assert_eq!(book().get(code("621226")).unwrap().name_en(), "Li Xian");
    assert_eq!(named("崇礼县").unwrap(), "130709");
}

#[test]
fn names_are_taken_in_full_and_short_forms() {
    let cases = [
        ("甘肃省定西市岷县", "621126"),
        ("岷县", "621126"),
        ("定西岷县", "621126"),
        ("云南元阳", "532528"),
        ("云南省红河哈尼族彝族自治州元阳县", "532528"),
        ("红河州元阳县", "532528"),
        ("内蒙古赤峰敖汉旗", "150430"),
        ("新疆巴楚", "653130"),
        ("北京市北京市朝阳区", "110105"),
        ("北京市市辖区朝阳区", "110105"),
        ("重庆奉节", "500236"),
        ("河南省济源市", "419001"),
        ("河南省省直辖县级行政区划济源市", "419001"),
        ("甘肃", "620000"),
        ("定西市", "621100"),
        ("湖北恩施州巴东县", "422823"),
        ("陕西", "610000"),
    ];
    for (text, expected) in cases {
        assert_eq!(named(text).unwrap(), expected, "{text}");
    }
}

#[test]
fn an_ambiguous_name_is_refused_with_its_candidates() {
    let refusal = named("朝阳区").unwrap_err();
    assert_eq!(refusal.code, "places.ambiguous_name");
    let message = refusal.message(Lang::En);
    assert!(
        message.contains("北京市朝阳区 (110105)") && message.contains("吉林省长春市朝阳区 (220104)"),
        "{message}"
    );
    assert_eq!(named("吉林").unwrap_err().code, "places.ambiguous_name");
}

#[test]
fn a_name_that_is_no_place_is_refused() {
    for text in [
        "",
        " ",
        "福建礼县",
        "陇南市甘肃省礼县",
        "礼县礼县",
        "Atlantis",
        "🙂",
        "621226",
    ] {
        assert_eq!(named(text).unwrap_err().code, "places.unknown_name", "{text}");
    }
    assert!(named("敖汉族旗").unwrap_err().advice(Lang::Zh).is_some());
    assert!(named("元阳").is_ok());
    assert!(
        named("甘")
            .unwrap_err()
            .message(Lang::Zh)
            .contains("甘肃省 (620000)")
    );
}

#[test]
fn a_name_of_before_leads_to_the_place_of_today() {
    assert_eq!(named("湖北省襄樊市").unwrap(), "420600");
    assert_eq!(named("西藏自治区昌都地区江达县").unwrap(), "540321");
    let refusal = named("贵州省六盘水市水城县").unwrap_err();
    assert_eq!(refusal.code, "places.split_code");
    assert!(refusal.to_string().contains("水城区 (520204)"), "{refusal}");
    assert_eq!(found("水城县"), ["520201", "520204"]);
}

#[test]
fn an_old_code_leads_to_what_became_of_it() {
    assert_eq!(
        book().resolve(code("542122")),
        Resolution::Successor(code("540321"))
    );
    assert_eq!(
        book().resolve(code("130124")),
        Resolution::Successor(code("130111")),
        "a part given away earlier"
    );
    assert_eq!(
        book().resolve(code("130721")),
        Resolution::Split(vec![code("130702"), code("130703"), code("130705")])
    );
    assert_eq!(
        book().resolve(code("132100")),
        Resolution::Split(Vec::new()),
        "a dissolved prefecture"
    );
    assert_eq!(book().resolve(code("999999")), Resolution::Unknown);
    assert_eq!(book().resolve(code("621226104203")), Resolution::Current);
    assert_eq!(book().current_code(code("542122")).unwrap(), code("540321"));
    assert_eq!(
        book().current_code(code("130721")).unwrap_err().code,
        "places.split_code"
    );
    assert_eq!(
        book().current_code(code("999999")).unwrap_err().code,
        "places.unknown_code"
    );
}

#[test]
fn search_takes_digits_pinyin_and_parts_of_names() {
    assert_eq!(found("621226"), ["621226"]);
    assert_eq!(found("542122"), ["540321"]);
    assert_eq!(
        found("6211"),
        [
            "621100", "621102", "621121", "621122", "621123", "621124", "621125", "621126"
        ]
    );
    assert_eq!(found("dingxi"), ["621100"]);
    assert_eq!(found("ding xi shi"), ["621100"]);
    assert_eq!(found("yuan yang xian"), ["410725", "532528"]);
    assert!(found("yuanya").contains(&"532528".to_owned()));
    assert!(found("兴安").len() > 1);
    assert_eq!(found(""), Vec::<String>::new());
    assert_eq!(found("12345678901234567890"), Vec::<String>::new());
}

#[test]
fn a_unit_directly_under_its_province_has_no_prefecture() {
    let jiyuan = book().get(code("419001")).unwrap();
    assert_eq!((jiyuan.prefecture, jiyuan.province), (None, code("410000")));
    assert_eq!(book().full_name(jiyuan), "河南省济源市");
    assert_eq!(
        book().full_name(book().get(code("110101")).unwrap()),
        "北京市东城区"
    );
}

#[test]
fn a_card_tells_all_that_is_known() {
    let card = book().look_up("礼县").unwrap();
    assert_eq!(card.full_name_zh, "甘肃省陇南市礼县");
    assert_eq!(card.prefecture.as_ref().unwrap().name_en, "Longnan Shi");
    assert_eq!(card.poverty.as_ref().unwrap().delisted_year, 2020);
    let before = card.former.first().unwrap();
    assert_eq!(
        (before.code, before.name_zh, before.until_year),
        (code("622628"), "礼县", 2004)
    );
    let json = serde_json::to_value(&card).unwrap();
    assert_eq!(json["code"], "621226");
    assert_eq!(json["level"], "county");
    assert!(json["longitude"].as_f64().is_some());

    let old = book().look_up("520221").unwrap();
    assert!(!old.in_force);
    assert_eq!(old.full_name_zh, "贵州省六盘水市水城县");
    assert_eq!(old.successors.len(), 2);
    assert_eq!(old.poverty.unwrap().code_2013, Some(code("520221")));
    assert_eq!(book().look_up("999999").unwrap_err().code, "places.unknown_code");
}

#[test]
fn every_full_name_leads_back_to_its_place() {
    let mut shared = BTreeSet::new();
    for place in book().all() {
        let full_name = book().full_name(place);
        match book().by_full_name(&full_name) {
            Ok(code) => assert_eq!(code, place.code, "{full_name}"),
            Err(refusal) => {
                shared.insert(format!("{full_name} {}", refusal.code));
            }
        }
    }
    assert_eq!(shared, BTreeSet::new());
}

#[test]
fn every_code_since_1981_ends_in_places_of_today() {
    let mut ended = 0;
    for number in 110_000_u64..=829_999 {
        let old = PlaceCode::try_from(number).unwrap();
        match book().resolve(old) {
            Resolution::Current | Resolution::Unknown => {}
            Resolution::Successor(code) => {
                ended += 1;
                assert!(book().get(code).is_some());
            }
            Resolution::Split(codes) => {
                ended += 1;
                assert!(codes.is_sorted() && codes.len() != 1, "{old}");
                assert!(codes.iter().all(|code| book().get(*code).is_some()));
                assert!(
                    !codes.is_empty() || old.level() == PlaceLevel::Prefecture,
                    "{old}"
                );
            }
        }
    }
    assert_eq!(ended, 6_450 - 3_213);
}

proptest! {
    #[test]
    fn no_text_stops_the_search(text in "\\PC{0,40}") {
        let found = book().find(&text);
        prop_assert!(found.iter().all(|place| book().get(place.code).is_some()));
        if let Ok(code) = book().by_full_name(&text) {
            prop_assert!(book().get(code).is_some());
        }
    }
}
