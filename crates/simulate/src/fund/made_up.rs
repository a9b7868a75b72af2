//! What the simulated fund is made of: units and budgets, projects with their steps, aims of model counties.

use jiff::civil::{Date, date};

/// A milestone: due, its yuan, and whether it was met and released.
pub(super) type Step = (Date, i64, bool);
/// A project: key, pillar, place, Chinese and English name, milestones.
pub(super) type Plan = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static str,
    &'static [Step],
);

pub(super) const PILLARS: [(&str, &str, &str, i64); 5] = [
    ("commerce", "电商脱贫组", "Commerce unit", 600_000_000),
    ("education", "教育脱贫组", "Education unit", 450_000_000),
    ("health", "健康脱贫组", "Health unit", 300_000_000),
    ("women", "女性脱贫组", "Women's unit", 200_000_000),
    ("ecology", "生态脱贫组", "Ecology unit", 150_000_000),
];

pub(super) const PLANS: [Plan; 10] = [
    (
        "melons-bachu",
        "commerce",
        Some("653130"),
        "巴楚甜瓜供应链（模拟）",
        "Melon supply chain in Bachu (simulated)",
        &[
            (date(2018, 3, 31), 40_000_000, true),
            (date(2018, 6, 15), 60_000_000, true),
            (date(2018, 10, 31), 50_000_000, false),
        ],
    ),
    (
        "red-rice-yuanyang",
        "commerce",
        Some("532528"),
        "元阳红米标准化基地（模拟）",
        "Standard base for red rice in Yuanyang (simulated)",
        &[
            (date(2018, 5, 31), 30_000_000, true),
            (date(2018, 9, 30), 45_000_000, false),
        ],
    ),
    boarding(
        "boarding-guizhou",
        "520000",
        "贵州寄宿制学校试点（模拟）",
        "Boarding school pilot in Guizhou (simulated)",
    ),
    boarding(
        "boarding-jiangxi",
        "360000",
        "江西寄宿制学校试点（模拟）",
        "Boarding school pilot in Jiangxi (simulated)",
    ),
    boarding(
        "boarding-zhejiang",
        "330000",
        "浙江寄宿制学校试点（模拟）",
        "Boarding school pilot in Zhejiang (simulated)",
    ),
    boarding(
        "boarding-hebei",
        "130000",
        "河北寄宿制学校试点（模拟）",
        "Boarding school pilot in Hebei (simulated)",
    ),
    (
        "cloud-guizhou",
        "education",
        Some("520000"),
        "云计算培训认证（模拟）",
        "Cloud training and certificates (simulated)",
        &[
            (date(2018, 6, 20), 12_000_000, true),
            (date(2018, 12, 20), 18_000_000, false),
        ],
    ),
    (
        "health-cover",
        "health",
        None,
        "健康保险项目配套（模拟）",
        "Support of the health cover (simulated)",
        &[
            (date(2018, 4, 30), 25_000_000, true),
            (date(2018, 11, 30), 25_000_000, false),
        ],
    ),
    (
        "childhood-ningshan",
        "women",
        Some("610923"),
        "养育未来宁陕试点（模拟）",
        "Early childhood pilot in Ningshan (simulated)",
        &[
            (date(2018, 4, 1), 8_000_000, true),
            (date(2018, 12, 1), 12_000_000, false),
        ],
    ),
    (
        "forest-pingwu",
        "ecology",
        Some("510727"),
        "平武保护地（模拟）",
        "Protected land in Pingwu (simulated)",
        &[
            (date(2018, 5, 16), 6_000_000, true),
            (date(2018, 12, 15), 9_000_000, false),
        ],
    ),
];

/// The four pilot schools of the report have the same plan.
const BOARDING: [Step; 2] = [
    (date(2018, 6, 1), 5_000_000, true),
    (date(2018, 10, 15), 20_000_000, false),
];

const fn boarding(key: &'static str, place: &'static str, zh: &'static str, en: &'static str) -> Plan {
    (key, "education", Some(place), zh, en, &BOARDING)
}

/// A target of a model county: place, indicator, names, unit, target, due, and what was reached by the end of the half-year.
type Aim = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    Date,
    i64,
);

pub(super) const AIMS: [Aim; 4] = [
    (
        "653130",
        "greenhouse-mu",
        "沙漠蜜洲农场",
        "Greenhouse farm",
        "mu",
        10_000,
        date(2021, 6, 30),
        100,
    ),
    (
        "653130",
        "technicians",
        "青年技术服务队",
        "Young technicians",
        "people",
        30,
        date(2018, 6, 30),
        30,
    ),
    (
        "532528",
        "standard-base-mu",
        "标准化示范基地",
        "Standard base",
        "mu",
        2_000,
        date(2018, 9, 30),
        1_200,
    ),
    (
        "532528",
        "joint-base-mu",
        "共建基地",
        "Joint base",
        "mu",
        50_000,
        date(2018, 12, 31),
        18_000,
    ),
];
