//! A small made-up report: what tests, previews and the other faces render when there is no evidence at hand.

use kernel::Text;

use crate::model::{
    Breakdown, BreakdownRow, Evidence, Figure, FigureEvidence, HalfYearReport, Milestone, ModelCounty,
    Previous, ProgrammeHead, Published, Relation, ReportPeriod, SCHEMA, Section, SegmentEvidence,
    SignatureInfo, TraceEvidence, ValueState,
};

/// Provinces of the sample: number, names, counties, value in fen.
const PROVINCES: [(u32, &str, &str, i64, i64); 9] = [
    (53, "云南省", "Yunnan", 73, 512_309_911_230),
    (62, "甘肃省", "Gansu", 58, 431_220_118_400),
    (52, "贵州省", "Guizhou", 50, 402_118_233_310),
    (61, "陕西省", "Shaanxi", 50, 333_418_009_050),
    (51, "四川省", "Sichuan", 36, 301_000_410_020),
    (41, "河南省", "Henan", 31, 251_119_800_130),
    (65, "新疆维吾尔自治区", "Xinjiang", 27, 198_330_447_100),
    (42, "湖北省", "Hubei", 25, 120_005_520_600),
    (13, "河北省", "Hebei", 45, 53_600_002_000),
];

/// A county: code, Chinese and English name, value in fen and lines.
type SampleCounty = (u32, &'static str, &'static str, Option<(i64, i64)>);

/// Counties of the sample: code, names, value in fen, lines (absent: hidden).
const COUNTIES: [SampleCounty; 8] = [
    (532_528, "元阳县", "Yuanyang", Some((211_870_120_010, 8_120))),
    (621_126, "岷县", "Minxian", Some((199_500_010_030, 7_410))),
    (653_130, "巴楚县", "Bachu", Some((141_000_900_800, 5_003))),
    (500_236, "奉节县", "Fengjie", Some((99_105_510_660, 3_911))),
    (522_634, "雷山县", "Leishan", Some((61_300_480_020, 2_230))),
    (
        530_925,
        "双江拉祜族佤族布朗族傣族自治县",
        "Shuangjiang Lahu, Va, Blang and Dai Autonomous County",
        Some((11_000_200, 41)),
    ),
    (540_127, "墨竹工卡县", "Maizhokunggar", None),
    (632_624, "达日县", "Darlag", None),
];

/// The view its first definition reads.
const VIEWS: &str = "CREATE VIEW poverty_sales AS
SELECT s.* FROM sales s JOIN poverty_counties c ON s.place_code = c.code WHERE s.currency = 'CNY';
";

/// The sample report; the same at every call.
#[must_use]
pub fn sample() -> HalfYearReport {
    HalfYearReport {
        schema: SCHEMA,
        programme: ProgrammeHead {
            id: "2018h1".into(),
            title: Text::new("互联网扶贫项目", "Internet against poverty"),
        },
        period: ReportPeriod {
            id: "2018H1".into(),
            title: Text::new("2018年上半年", "first half of 2018"),
            first_day: "2018-01-01".into(),
            last_day: "2018-06-30".into(),
            first_month: 201_801,
            last_month: 201_806,
        },
        made_at: "2026-11-23T02:00:00Z".into(),
        simulated: Some(Text::new(
            "模拟数据：订单明细由程序生成，用来演示报告如何核对，不是任何真实销售。",
            "Simulated data: the order lines were generated to show how a report is checked. They are no real sales.",
        )),
        min_lines: 5,
        sections: sections(),
        figures: vec![sales_figure(), counties_figure()],
        views_sql: VIEWS.into(),
        not_yet_defined: vec![published(
            "cover.households",
            "health",
            ("顶梁柱保险覆盖建档立卡贫困户", "registered households covered"),
            (Relation::Equal, "1178000", "households"),
            None,
        )],
        milestones: vec![Milestone {
            date: "2018-05-16".into(),
            pillar: "ecology".into(),
            place: "四川平武".into(),
            title: Text::new(
                "生态脱贫战略发布；首个试点县",
                "ecology strategy; first pilot county",
            ),
        }],
        model_counties: vec![ModelCounty {
            county: Text::new("元阳县", "Yuanyang"),
            province: Text::new("云南省", "Yunnan"),
            product: "红米".into(),
            product_en: "red rice".into(),
            note: "named in the report".into(),
        }],
        evidence: Evidence {
            tables: Vec::new(),
            rows: 98_412,
            chain_head: Some("c0ffee".repeat(10)),
            segments: vec![segment(1), segment(2)],
        },
        signature: SignatureInfo {
            algorithm: "Ed25519".into(),
            public_key: "ab".repeat(32),
        },
    }
}

fn published(
    id: &str,
    pillar: &str,
    titles: (&str, &str),
    line: (Relation, &str, &str),
    holds: Option<bool>,
) -> Published {
    Published {
        id: id.into(),
        pillar: pillar.into(),
        title: Text::new(titles.0, titles.1),
        relation: line.0,
        value: line.1.into(),
        unit: line.2.into(),
        from: Some("2018-01-01".into()),
        to: Some("2018-06-30".into()),
        page: Some(6),
        holds,
    }
}

fn sections() -> Vec<Section> {
    vec![
        Section {
            id: "commerce".into(),
            title: Text::new("电商脱贫", "Commerce"),
            figures: vec!["sales.poverty_counties".into(), "channel.counties".into()],
        },
        Section {
            id: "health".into(),
            title: Text::new("健康脱贫", "Health"),
            figures: vec![],
        },
    ]
}

fn sales_figure() -> Figure {
    let titles = (
        "国家级贫困县平台网络销售额",
        "Online sales of national-level poverty counties",
    );
    Figure {
        id: "sales.poverty_counties".into(),
        title: Text::new(titles.0, titles.1),
        note: Text::new("以收货县代码归属，扣除已取消的订单明细。", "By the code of the county of origin, cancelled lines taken off."),
        unit: "fen".into(),
        pillar: "commerce".into(),
        value: Some(2_603_122_451_840),
        state: ValueState::Known,
        published: Some(published("sales.poverty_counties", "commerce", titles, (Relation::MoreThan, "26000000000", "yuan"), Some(true))),
        previous: Some(Previous {
            period: "2017H2".into(),
            title: Text::new("2017年下半年", "second half of 2017"),
            value: 2_311_000_000_000,
            change: 292_122_451_840,
            change_permille: Some(126),
        }),
        breakdowns: vec![provinces(), counties(), months(), channels()],
        sql: "SELECT /*by*/ CAST(COALESCE(SUM(s.net_fen), 0) AS BIGINT) AS value\nFROM poverty_sales s /*group*/".into(),
        evidence: FigureEvidence {
            segments: 2,
            lines: Some(96_030),
            table: None,
            chain_head: Some("c0ffee".repeat(10)),
            trace: vec![TraceEvidence {
                place: "532528".into(),
                place_title: Text::new("元阳县", "Yuanyang"),
                segment_sha256: "5e".repeat(32),
                file_name: "兴农频道_2018上半年_01.csv".into(),
                file_sha256: "f1".repeat(32),
                lines: 4_100,
                value: 106_000_000_010,
                first_source_lines: vec![2, 17, 43],
            }],
        },
    }
}

fn counties_figure() -> Figure {
    let titles = ("兴农扶贫频道覆盖县", "Counties on the channel");
    let mut figure = sales_figure();
    figure.id = "channel.counties".into();
    figure.title = Text::new(titles.0, titles.1);
    figure.unit = "counties".into();
    figure.value = Some(141);
    figure.published = Some(published(
        "channel.counties",
        "commerce",
        titles,
        (Relation::Equal, "140", "counties"),
        Some(false),
    ));
    figure.previous = None;
    figure.breakdowns = vec![Breakdown {
        dimension: "channel".into(),
        by: Some("s.channel".into()),
        adds_up: false,
        hidden: 0,
        withheld: false,
        rows: vec![
            row(
                "xingnong",
                ("兴农扶贫频道", "Xingnong channel"),
                Some((141, 9_000)),
            ),
            row("fresh", ("生鲜店", "Fresh store"), Some((77, 800))),
        ],
    }];
    figure
}

fn row(key: &str, titles: (&str, &str), value: Option<(i64, i64)>) -> BreakdownRow {
    BreakdownRow {
        key: key.into(),
        title: Text::new(titles.0, titles.1),
        province: None,
        value: value.map(|(value, _)| value),
        lines: value.map(|(_, lines)| lines),
        counties: None,
    }
}

fn breakdown(dimension: &str, rows: Vec<BreakdownRow>) -> Breakdown {
    let hidden = rows.iter().filter(|row| row.value.is_none()).count();
    let by = match dimension {
        "place" => Some("s.place_code"),
        "month" => Some("s.month"),
        "channel" => Some("s.channel"),
        _ => None,
    };
    Breakdown {
        dimension: dimension.into(),
        by: by.map(str::to_owned),
        adds_up: true,
        hidden: i64::try_from(hidden).unwrap_or(0),
        withheld: false,
        rows,
    }
}

fn provinces() -> Breakdown {
    let mut rows: Vec<BreakdownRow> = PROVINCES
        .into_iter()
        .map(|(code, zh, en, counties, value)| {
            let mut row = row(
                &format!("{code}0000"),
                (zh, en),
                Some((value, value / 27_000_000)),
            );
            row.counties = Some(counties);
            row
        })
        .collect();
    rows.push(row("540000", ("西藏自治区", "Tibet"), None));
    rows.push(row("630000", ("青海省", "Qinghai"), None));
    breakdown("province", rows)
}

fn counties() -> Breakdown {
    let rows = COUNTIES.into_iter().map(|(code, zh, en, value)| {
        let mut row = row(&code.to_string(), (zh, en), value);
        row.province = Some(format!("{}0000", code / 10_000));
        row
    });
    breakdown("place", rows.collect())
}

fn months() -> Breakdown {
    let values = [
        401_330_118_400,
        288_004_910_020,
        430_118_233_310,
        441_009_050_000,
        492_220_118_410,
        550_440_021_700,
    ];
    let rows = values
        .into_iter()
        .zip(201_801..)
        .map(|(value, month): (i64, i64)| {
            row(&month.to_string(), ("", ""), Some((value, value / 27_000_000)))
        });
    breakdown("month", rows.collect())
}

fn channels() -> Breakdown {
    let rows = [
        row(
            "supermarket",
            ("超市", "Supermarket"),
            Some((1_301_561_225_920, 48_000)),
        ),
        row(
            "xingnong",
            ("兴农扶贫频道", "Xingnong channel"),
            Some((901_561_225_920, 40_030)),
        ),
        row(
            "flagship",
            ("旗舰店", "Flagship store"),
            Some((400_000_000_000, 8_000)),
        ),
    ];
    breakdown("channel", rows.into())
}

fn segment(no: i64) -> SegmentEvidence {
    SegmentEvidence {
        chain_no: no,
        sha256: format!("{no}e").repeat(32),
        file_name: format!("兴农频道_2018上半年_{no:02}.csv"),
        file_sha256: "f1".repeat(32),
        channel: "xingnong".into(),
        rows: 49_206,
        gross_fen: 1_311_561_225_920,
        net_fen: 1_301_561_225_920,
        day_first: "2018-01-01".into(),
        day_last: "2018-06-30".into(),
        merkle_root: "3a".repeat(32),
        manifest_sha256: "c0ffee".repeat(10),
        previous_sha256: "00".repeat(32),
    }
}
