//! Tables of pairs and the level each has to get, in both directions.

use super::*;

fn assert_levels(kind: Kind, table: &[(&str, &str, &str)]) {
    for (left, right, level) in table {
        assert_eq!(
            kind.level_name([left, ""], [right, ""]),
            *level,
            "{left} | {right}"
        );
        assert_eq!(
            kind.level_name([right, ""], [left, ""]),
            *level,
            "{right} | {left}"
        );
    }
}

#[test]
fn chinese_names_are_alike_by_script_sound_shape_or_order() {
    assert_levels(
        Kind::ChineseName,
        &[
            ("陈丽华", "陈丽华", "equal"),
            ("陈丽华", "陳麗華", "other_script"),
            ("张伟", "章伟", "same_sound"),
            ("王建国", "王健国", "same_sound"),
            ("陳偉", "陈炜", "same_sound"),
            ("李秀英", "季秀英", "like_shape"),
            ("王未", "王末", "like_shape"),
            ("刘小明", "刘小朋", "like_shape"),
            ("杨己伟", "扬已玮", "like_shape"),
            ("王海龙", "海龙王", "reordered"),
            ("王海龙", "王龙海", "reordered"),
            ("王小红", "王小刚", "one_character"),
            ("欧阳修", "欧阳", "one_character"),
            ("王红", "王刚", "surname"),
            ("赵一曼", "王二小", "different"),
            ("", "王刚", "missing"),
        ],
    );
}

#[test]
fn days_differ_by_the_slip_that_was_made() {
    assert_levels(
        Kind::Date,
        &[
            ("19651204", "19651204", "equal"),
            ("19651204", "19650412", "day_month_swapped"),
            ("19651204", "19651205", "one_digit"),
            ("19651204", "19561204", "transposed"),
            ("19651204", "19781204", "same_day_other_year"),
            ("19651204", "19650131", "same_year"),
            ("19651204", "20010131", "different"),
            ("1965", "1966", "one_digit"),
            ("unknown", "19650131", "different"),
        ],
    );
}

#[test]
fn ids_are_held_against_their_check_digits() {
    let (id, twin) = ("62122319651204123", "62122319651204456");
    let (id, twin) = (checked_id(id).unwrap(), checked_id(twin).unwrap());
    let slip = id.replace("1965", "1966");
    let crossed = id.replace("1965", "1956");
    let other = checked_id("51010119900101001").unwrap();
    assert!(has_valid_check_digit(&id) && !has_valid_check_digit(&slip) && !has_valid_check_digit(&crossed));
    assert_levels(
        Kind::IdNumber,
        &[
            (&id, &id, "equal"),
            (&id, &slip, "one_step"),
            (&id, &crossed, "one_step"),
            (&id, &twin, "birth_both_valid"),
            (&id, &other, "different_both_valid"),
            (&slip, &other, "different_one_wrong"),
            (&id, "", "missing"),
        ],
    );
}

#[test]
fn the_check_digit_is_that_of_the_standard() {
    // The example that GB 11643 itself gives.
    assert_eq!(
        checked_id("11010519491231002").as_deref(),
        Some("11010519491231002X")
    );
    for bad in ["110105194912310021", "11010519491231002", "", "一一〇一〇五"] {
        assert!(!has_valid_check_digit(bad), "{bad}");
    }
}

#[test]
fn latin_names_may_have_changed_places() {
    let level = |left, right| Kind::LatinName.level_name(left, right);
    assert_eq!(level(["tiana", "luchetti"], ["luchetti", "tiana"]), "swapped");
    assert_eq!(level(["tiana", "luchetti"], ["luchetty", "tiana"]), "swapped");
    assert_eq!(level(["amber", "whillas"], ["amberr", "coulson"]), "one_step");
    assert_eq!(level(["flynn", "rokobaro"], ["thomas", "rokobaro"]), "different");
    assert_eq!(level(["", "rokobaro"], ["thomas", "rokobaro"]), "missing");
}

#[test]
fn words_numbers_and_telephones_differ_by_steps() {
    assert_levels(
        Kind::Text,
        &[
            ("killarney", "killanrey", "one_step"),
            ("tingalpa", "tings lpa", "two_steps"),
            ("templeton street", "templeton st", "close"),
            ("como", "ermington", "different"),
        ],
    );
    assert_levels(
        Kind::Number,
        &[
            ("2227", "2272", "one_step"),
            ("6", "7", "different"),
            ("1451137", "1451173", "one_step"),
            ("1451137", "1451", "different"),
        ],
    );
    assert_levels(
        Kind::Phone,
        &[
            ("13893912345", "13893912354", "one_step"),
            ("09394421234", "4421234", "same_end"),
            ("13893912345", "15109390001", "different"),
        ],
    );
    assert_levels(
        Kind::Exact,
        &[
            ("男", "女", "different"),
            ("男", "男", "equal"),
            ("男", "", "missing"),
        ],
    );
}

#[test]
fn addresses_share_words_in_any_order() {
    assert_levels(
        Kind::Address,
        &[
            (
                "甘肃省陇南市礼县城关镇石碑村3组12号",
                "礼县城关镇石碑村3组12号",
                "all_words",
            ),
            ("礼县城关镇石碑村3组12号", "礼县城关镇石碑村3组15号", "most_words"),
            ("礼縣城關鎮石碑村", "礼县城关镇石碑村", "all_words"),
            ("12 herschell circuit", "herschell circuit 12", "all_words"),
            ("礼县城关镇石碑村", "西和县汉源镇上庄村", "different"),
        ],
    );
}
