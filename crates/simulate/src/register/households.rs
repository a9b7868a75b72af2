//! Households that do not exist, in villages with made-up names of counties that do.

use std::collections::HashSet;

use linkage::compare::checked_id;

use super::Person;
use super::names::{Names, pick};
use crate::random::Random;

const TOWNS: &str = "城关 白河 盐官 石桥 永兴 龙林 中坝 桥头 雷坝 红河 草坪 沙金 王坝 罗坝 江口 滩坪 洮坪 上坪 湫山 固城 宽川 祁山 肖良 三峪";
const VILLAGES: &str = "石碑 上庄 下庄 新田 老沟 杨家 李家 张家 大坪 小湾 桃林 柳树 马营 赵坝 青石 白杨 何家 油坊 窑上 东坡 西沟 南山 北川 双泉";

/// Where people live and who they are, as far as they share it.
pub(super) struct Village<'a> {
    pub(super) names: Names,
    /// Codes of the county and its neighbours.
    pub(super) codes: &'a [String],
    /// The county with what is above it, and alone.
    pub(super) county: (&'a str, &'a str),
    pub(super) used_ids: HashSet<u64>,
}

/// A place to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Home {
    pub(super) town: &'static str,
    pub(super) village: &'static str,
    pub(super) group: u64,
    pub(super) house: u64,
}

impl Home {
    pub(super) fn drawn(random: &mut Random) -> Self {
        let towns: Vec<&'static str> = TOWNS.split_whitespace().collect();
        let villages: Vec<&'static str> = VILLAGES.split_whitespace().collect();
        Self {
            town: pick(&towns, random).unwrap_or("城关"),
            village: pick(&villages, random).unwrap_or("石碑"),
            group: random.between(1, 12),
            house: random.between(1, 240),
        }
    }

    /// As it is usually written.
    pub(super) fn written(&self, county: &str) -> String {
        let Self {
            town,
            village,
            group,
            house,
        } = self;
        format!("{county}{town}镇{village}村{group}组{house}号")
    }
}

pub(super) fn phone(random: &mut Random) -> String {
    let head = pick(
        &[
            "138", "139", "150", "151", "152", "158", "159", "182", "187", "189",
        ],
        random,
    )
    .unwrap_or("138");
    format!("{head}{:08}", random.below(100_000_000))
}

impl Village<'_> {
    /// The people of one household, at most `most`.
    pub(super) fn household(&mut self, most: u64, random: &mut Random) -> Vec<Person> {
        let (home, phone) = (Home::drawn(random), phone(random));
        let surname = self.names.surname(random);
        let head_year = random.between(1930, 1992);
        let count = random.between(1, 6).min(most);
        let mut people = Vec::new();
        for place in 0..count {
            let woman = if place < 2 {
                place == 1
            } else {
                random.below(2) == 0
            };
            let year = match place {
                0 => head_year,
                1 => head_year + random.below(7),
                _ => (head_year + random.between(20, 38)).min(2018),
            };
            let own = if place == 1 {
                self.names.surname(random)
            } else {
                surname
            };
            let given = self.names.given(woman, random);
            let born_on = format!("{year}{:02}{:02}", random.between(1, 12), random.between(1, 28));
            let id = self.id(&born_on, woman, random);
            let has_own_phone = random.below(5) < 2;
            people.push(Person {
                name: format!("{own}{given}"),
                woman: Some(woman),
                born_on,
                id,
                phone: if has_own_phone {
                    self::phone(random)
                } else {
                    phone.clone()
                },
                home,
                address: home.written(self.county.0),
            });
        }
        people
    }

    fn id(&mut self, born_on: &str, woman: bool, random: &mut Random) -> String {
        loop {
            let own = random.below(10) > 0;
            let code = if own {
                self.codes.first().map_or("621226", String::as_str)
            } else {
                pick_str(self.codes, random)
            };
            let number = random.below(499) * 2 + if woman { 2 } else { 1 };
            let body = format!("{code}{born_on}{number:03}");
            let is_new = body.parse().is_ok_and(|number| self.used_ids.insert(number));
            if let (true, Some(id)) = (is_new, checked_id(&body)) {
                return id;
            }
        }
    }
}

fn pick_str<'a>(list: &'a [String], random: &mut Random) -> &'a str {
    usize::try_from(random.below(list.len() as u64))
        .ok()
        .and_then(|place| list.get(place))
        .map_or("621226", String::as_str)
}
