//! `registry link` as a user meets it: pairs with their weights, and files that are refused with nothing written.

use crate::desk::{Desk, names};

const GOOD: &str = "编号,姓名,出生日期,身份证号,电话,住址\n\
    1, 陈丽华,1965-12-04,110101196512041228,13893912345,礼县城关镇石碑村3组12号\n\
    2,陳麗華,1965-12-04,110101196512041228,13893912345,礼县城关镇石碑村3组12号\n\
    3,王建国,1971-03-15,,15109390001,西和县汉源镇上庄村\n";

#[test]
fn persons_who_are_written_down_twice_are_paired_with_the_weight_of_each_field() {
    let desk = Desk::new();
    std::fs::write(desk.path("a.csv"), GOOD).unwrap();
    std::fs::write(desk.path("truth.csv"), "id_left,id_right\n2,1\n").unwrap();
    let answer = desk.json(
        "data",
        &[
            "registry",
            "link",
            "a.csv",
            "--out",
            "pairs.csv",
            "--truth",
            "truth.csv",
        ],
    );
    assert_eq!(
        (&answer["pairs"], &answer["f1"], &answer["records"]),
        (&1.into(), &1.0.into(), &3.into())
    );
    let pairs = std::fs::read_to_string(desk.path("pairs.csv")).unwrap();
    let lines: Vec<&str> = pairs.lines().collect();
    assert!(
        lines[0].starts_with("id_left,id_right,probability,weight,weight_name,"),
        "{pairs}"
    );
    assert!(lines.len() == 2 && lines[1].starts_with("1,2,"), "{pairs}");
    assert!(!desk.path("data").exists());
}

#[test]
fn links_between_two_files_keep_the_order_of_the_files() {
    let desk = Desk::new();
    std::fs::write(
        desk.path("a.csv"),
        GOOD.replace("\n1,", "\nz1,")
            .replace("\n2,", "\nz2,")
            .replace("\n3,", "\nz3,"),
    )
    .unwrap();
    std::fs::write(desk.path("b.csv"), GOOD.replace("\n2,陳麗華", "\n2,赵一曼")).unwrap();
    let answer = desk.json(
        "data",
        &["registry", "link", "a.csv", "b.csv", "--out", "pairs.csv"],
    );
    assert!(answer["pairs"].as_u64().unwrap() >= 1);
    let pairs = std::fs::read_to_string(desk.path("pairs.csv")).unwrap();
    assert!(pairs.lines().skip(1).all(|line| line.starts_with('z')), "{pairs}");
}

#[test]
fn bad_files_are_refused_by_row_and_nothing_is_written() {
    let desk = Desk::new();
    let good_settings = "id = [\"编号\"]\n[[fields]]\nname = \"姓名\"\nform = \"name\"\n\
                         [[comparisons]]\nfields = [\"姓名\"]\nkind = \"chinese_name\"\n[[passes]]\non = [\"姓名\"]\n";
    for (file, settings, code, place) in [
        ("", None, "delimited.empty", "a.csv"),
        ("编号,姓名,电话\n", None, "linkage.empty_file", "a.csv"),
        ("姓名,电话\n陈丽华,1\n", None, "linkage.no_id_column", "a.csv"),
        ("编号,颜色\n1,红\n", None, "linkage.nothing_to_compare", "a.csv"),
        ("编号,性别\n1,男\n", None, "linkage.nothing_to_block_on", "a.csv"),
        (
            "编号,姓名,电话\n1,陈,1\n1,王,2\n",
            None,
            "linkage.duplicate_id",
            "a.csv:3",
        ),
        (
            "编号,姓名,电话\n1,陈,1\n ,王,2\n",
            None,
            "linkage.empty_id",
            "a.csv:3",
        ),
        (
            "编号,姓名,电话\n1,陈,1\n2,王",
            None,
            "delimited.row_cut_off",
            "a.csv:3",
        ),
        (GOOD, Some("id = ["), "linkage.bad_settings", "s.toml:1"),
        (
            GOOD,
            Some(&*good_settings.replace("chinese_name", "fish")),
            "linkage.unknown_kind",
            "s.toml:comparisons",
        ),
        (
            GOOD,
            Some(&*good_settings.replace("on = [\"姓名\"]", "on = [\"名\"]")),
            "linkage.unknown_field",
            "passes",
        ),
    ] {
        std::fs::write(desk.path("a.csv"), file).unwrap();
        let mut args = vec!["registry", "link", "a.csv", "--out", "pairs.csv"];
        if let Some(settings) = settings {
            std::fs::write(desk.path("s.toml"), settings).unwrap();
            args.extend(["--settings", "s.toml"]);
        }
        let ran = desk.run("data", &args);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{code}: {ran:?}");
        assert!(
            ran.err.contains(&format!("[{code}]")) && ran.err.contains(place),
            "{code}: {ran:?}"
        );
        assert!(
            names(&desk.path(".")).iter().all(|name| !name.contains("pairs")),
            "{code}"
        );
    }
}

#[test]
fn a_result_never_replaces_a_file_that_is_read_and_a_value_has_a_bound() {
    let desk = Desk::new();
    std::fs::write(desk.path("a.csv"), GOOD).unwrap();
    let ran = desk.run("data", &["registry", "link", "a.csv", "--out", "a.csv"]);
    assert!(
        ran.code == 1 && ran.err.contains("[linkage.out_is_input]"),
        "{ran:?}"
    );
    let long = format!("编号,姓名,电话\n1,{},1\n", "字".repeat(5000));
    std::fs::write(desk.path("a.csv"), long).unwrap();
    let ran = desk.run("data", &["registry", "link", "a.csv", "--out", "pairs.csv"]);
    assert!(
        ran.code == 1 && ran.err.contains("[linkage.value_too_long]") && ran.err.contains("a.csv:2:name"),
        "{ran:?}"
    );
}
