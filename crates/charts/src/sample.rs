//! One made-up chart of each kind, for the gallery and for the tests of whoever shows charts.

use super::{
    Bar, Caption, Cell, DotWords, Dots, FanPoint, FanState, FanWords, FlowLink, FlowNode, Point, Spread,
    Stack, StackPart, Table, Tile, TileState, Width,
};

/// One chart in both widths with its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its caption.
    pub caption: Caption,
    /// The wide drawing.
    pub wide: String,
    /// The narrow drawing.
    pub narrow: String,
    /// Its numbers.
    pub table: Table,
}

/// One of each kind.
#[must_use]
pub fn all() -> Vec<Sample> {
    vec![
        bars(),
        line(),
        fan(),
        weeks(),
        stacks(),
        treemap(),
        flow(),
        tiles(),
        dotted_tiles(),
    ]
}

fn sample(id: &str, title: &str, table: Table, draw: impl Fn(&Caption, Width) -> String) -> Sample {
    let caption = Caption {
        id: id.to_owned(),
        title: title.to_owned(),
        desc: format!("{title}：示例，数字是编造的。"),
    };
    Sample {
        wide: draw(&caption, Width::Wide),
        narrow: draw(&caption, Width::Narrow),
        table,
        caption,
    }
}

/// Tenths as a decimal.
fn tenths(value: i64) -> String {
    format!("{}.{}", value / 10, (value % 10).abs())
}

fn bars() -> Sample {
    let bars: Vec<Bar> = [
        ("岷县", 3_120),
        ("双江拉祜族佤族布朗族傣族自治县", 2_844),
        ("广河县", 911),
        ("Shangri-La", 6),
    ]
    .map(|(label, value)| Bar {
        label: label.to_owned(),
        value,
        said: tenths(value),
    })
    .into();
    let table = super::bars_table(&bars, ["县", "万元"]);
    sample("bars", "各县销售额（万元）", table, |caption, width| {
        super::bars(caption, &bars, width)
    })
}

fn line() -> Sample {
    let values = [Some(412), Some(380), None, Some(655), Some(701), Some(690)];
    let point = |(month, value): (i64, Option<i64>)| Point {
        label: format!("{month}月"),
        value,
        said: value.map_or_else(|| "<5".to_owned(), tenths),
    };
    let points: Vec<Point> = (1..).zip(values).map(point).collect();
    let table = super::line_table(&points, ["月", "万元"]);
    sample("line", "各月销售额（万元）", table, |caption, width| {
        super::line(caption, &points, tenths, width)
    })
}

fn expected(mean: i64, spread: i64) -> FanState {
    FanState::Expected(Spread {
        mean,
        inner: (mean - spread * 2 / 5, mean + spread / 2),
        outer: (mean - spread * 4 / 5, mean + spread),
    })
}

const FAN_WORDS: FanWords<'static> = FanWords {
    known: "已发生",
    mean: "预测均值",
    inner: "50% 区间",
    outer: "80% 区间",
};
const FAN_HEAD: [&str; 6] = ["时间", "数值", "50% 低", "50% 高", "80% 低", "80% 高"];

fn fan() -> Sample {
    let mut states: Vec<FanState> = [412, 380, 520, 655, 701, 690, 642, 720]
        .map(FanState::Known)
        .into();
    if let Some(hidden) = states.get_mut(2) {
        *hidden = FanState::Gap("<5".to_owned());
    }
    states
        .extend([(735, 60), (760, 110), (742, 160), (790, 230)].map(|(mean, spread)| expected(mean, spread)));
    let point = |(month, state): (i64, FanState)| FanPoint {
        label: format!("{month}月"),
        state,
    };
    let points: Vec<FanPoint> = (1..).zip(states).map(point).collect();
    let table = super::fan_table(&points, FAN_HEAD, tenths);
    sample(
        "fan",
        "销售额与预测（万元）",
        table,
        |caption, width| super::fan(caption, &points, FAN_WORDS, tenths, width),
    )
}

fn weeks() -> Sample {
    let known = (1..=40).map(|week: i64| FanState::Known(612 + (week * 37) % 23 + week / 2));
    let ahead = (1..=12).map(|week: i64| expected(640 + week, 6 + week * 3));
    let point = |(week, state): (i64, FanState)| FanPoint {
        label: format!("第{week}周"),
        state,
    };
    let points: Vec<FanPoint> = (1..).zip(known.chain(ahead)).map(point).collect();
    let table = super::fan_table(&points, FAN_HEAD, tenths);
    sample(
        "weeks",
        "每周收购价与预测（元/公斤）",
        table,
        |caption, width| super::fan(caption, &points, FAN_WORDS, tenths, width),
    )
}

fn stacks() -> Sample {
    let names = ["电商平台", "合作社直销", "定点采购", "展会", "社区团购", "其他"];
    let stack = |label: &str, values: [i64; 6]| Stack {
        label: label.to_owned(),
        parts: values
            .map(|value| StackPart {
                value,
                said: value.to_string(),
            })
            .into(),
        said: values.iter().sum::<i64>().to_string(),
    };
    let stacks = [
        stack("贵州", [520, 310, 220, 96, 120, 41]),
        stack("甘肃", [330, 280, 90, 60, 75, 12]),
        stack("云南", [410, 120, 260, 0, 33, 80]),
        stack("双江拉祜族佤族布朗族傣族自治县", [9, 3, 0, 1, 0, 2]),
    ];
    let table = super::stacks_table(&stacks, &names, "地区", "合计");
    sample(
        "stacks",
        "各渠道销售额（万元）",
        table,
        |caption, width| super::stacks(caption, &names, &stacks, width),
    )
}

fn treemap() -> Sample {
    let cells: Vec<Cell> = [
        ("苹果", 5_120),
        ("马铃薯", 3_310),
        ("中药材（当归、黄芪）", 2_870),
        ("木耳", 1_440),
        ("茶叶", 1_210),
        ("蜂蜜", 630),
        ("核桃", 580),
        ("小米", 340),
        ("羊肉", 290),
        ("花椒", 210),
        ("红枣", 90),
        ("藜麦", 40),
        ("枸杞", 35),
        ("百合", 12),
    ]
    .map(|(label, value)| Cell {
        label: label.to_owned(),
        value,
        said: tenths(value),
    })
    .into();
    let table = super::treemap_table(&cells, ["品类", "万元"]);
    sample(
        "treemap",
        "各品类销售额（万元）",
        table,
        |caption, width| {
            let other = |count, sum| (format!("其他 {count} 种"), tenths(sum));
            super::treemap(caption, &cells, other, width)
        },
    )
}

fn flow() -> Sample {
    let node = |(label, said, column): (&str, i64, u16)| FlowNode {
        label: label.to_owned(),
        said: tenths(said),
        column,
    };
    let nodes: Vec<FlowNode> = [
        ("扶贫基金", 5_000, 0),
        ("企业捐赠", 1_800, 0),
        ("公众捐款", 400, 0),
        ("产业扶持", 3_900, 1),
        ("技能培训", 1_500, 1),
        ("大病救助", 1_300, 1),
        ("合作社设备", 2_400, 2),
        ("冷链仓储", 1_500, 2),
        ("讲师与教材", 1_500, 2),
        ("农户", 1_800, 2),
    ]
    .map(node)
    .into();
    let link = |(from, to, value): (usize, usize, i64)| FlowLink {
        from,
        to,
        value,
        said: tenths(value),
    };
    let links: Vec<FlowLink> = [
        (0, 3, 3_000),
        (0, 4, 1_100),
        (0, 5, 900),
        (1, 3, 900),
        (1, 4, 400),
        (1, 9, 500),
        (2, 5, 400),
        (3, 6, 2_400),
        (3, 7, 1_500),
        (4, 8, 1_500),
        (5, 9, 1_300),
    ]
    .map(link)
    .into();
    let table = super::flow_table(&nodes, &links, ["来源", "去向", "万元"]);
    sample("flow", "资金流向（万元）", table, |caption, width| {
        super::flow(caption, &nodes, &links, width).unwrap_or_default()
    })
}

/// Province, name, value, counties of both kinds.
const PROVINCES: [(u32, &str, i64, u32, u32); 34] = [
    (11, "北京", 0, 0, 16),
    (12, "天津", 0, 0, 16),
    (13, "河北", 812, 45, 122),
    (14, "山西", 640, 36, 81),
    (15, "内蒙古", 733, 31, 72),
    (21, "辽宁", 0, 0, 100),
    (22, "吉林", 210, 8, 52),
    (23, "黑龙江", 333, 20, 101),
    (31, "上海", 0, 0, 16),
    (32, "江苏", 0, 0, 95),
    (33, "浙江", 0, 0, 90),
    (34, "安徽", 388, 20, 84),
    (35, "福建", 0, 0, 84),
    (36, "江西", 410, 24, 76),
    (37, "山东", 0, 0, 136),
    (41, "河南", 705, 38, 120),
    (42, "湖北", 590, 28, 75),
    (43, "湖南", 666, 40, 82),
    (44, "广东", 0, 0, 122),
    (45, "广西", 520, 33, 78),
    (46, "海南", 98, 5, 22),
    (50, "重庆", 300, 14, 24),
    (51, "四川", 1_204, 66, 117),
    (52, "贵州", 1_388, 66, 22),
    (53, "云南", 1_520, 88, 41),
    (54, "西藏", 77, 74, 0),
    (61, "陕西", 930, 56, 51),
    (62, "甘肃", 1_111, 58, 28),
    (63, "青海", 160, 42, 2),
    (64, "宁夏", 180, 8, 14),
    (65, "新疆", 1, 35, 72),
    (71, "台湾", 0, 0, 0),
    (81, "香港", 0, 0, 0),
    (82, "澳门", 0, 0, 0),
];

fn grid() -> Vec<Tile> {
    let tile = |(province, label, value, filled, open): (u32, &str, i64, u32, u32)| Tile {
        province,
        label: label.to_owned(),
        state: match value {
            0 => TileState::Empty,
            1 => TileState::Hidden("<5".to_owned()),
            _ => TileState::Value(value, tenths(value)),
        },
        counties: if filled > 0 {
            format!("{filled}县")
        } else {
            String::new()
        },
        dots: Dots { filled, open },
    };
    PROVINCES.map(tile).into()
}

fn tiles() -> Sample {
    let tiles = grid();
    let table = super::tiles_table(&tiles, ["省份", "万元", "贫困县"]);
    sample("tiles", "各省销售额（万元）", table, |caption, width| {
        super::tiles(caption, &tiles, width)
    })
}

fn dotted_tiles() -> Sample {
    let tiles = grid();
    let table = super::dotted_tiles_table(&tiles, ["省份", "万元", "贫困县", "其他县"]);
    let words = |each| DotWords {
        filled: "贫困县".to_owned(),
        open: "其他县".to_owned(),
        each: format!("一点约为{each}个县"),
    };
    sample(
        "dots",
        "各省销售额（万元）与县",
        table,
        |caption, width| super::dotted_tiles(caption, &tiles, words, width),
    )
}
