//! Periods of the calendar: years, half-years, quarters, months and days.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Fault, Lang, Refusal};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// January to December.
    Year,
    /// January to June, or July to December.
    HalfYear,
    /// Three months.
    Quarter,
    /// A calendar month.
    Month,
    /// One day.
    Day,
}

/// A period of the calendar, for example the first half of 2018 (`2018H1`). Both ends are in it.
///
/// Every period can be had from any day in it, so a value of this type is always whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    first: Date,
    kind: PeriodKind,
}

impl Period {
    /// The period of a kind that a day lies in.
    pub fn around(kind: PeriodKind, day: Date) -> Self {
        let months_in = |length: i8| (day.month() - 1) % length;
        let first = match kind {
            PeriodKind::Year => day.first_of_year(),
            PeriodKind::HalfYear => day.first_of_month().saturating_sub(months_in(6).months()),
            PeriodKind::Quarter => day.first_of_month().saturating_sub(months_in(3).months()),
            PeriodKind::Month => day.first_of_month(),
            PeriodKind::Day => day,
        };
        Self { first, kind }
    }

    /// How long it is.
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// The first day.
    pub fn first_day(self) -> Date {
        self.first
    }

    /// The last day, which still belongs to the period.
    pub fn last_day(self) -> Date {
        match self.kind {
            PeriodKind::Year => self.first.last_of_year(),
            PeriodKind::HalfYear => self.first.saturating_add(5.months()).last_of_month(),
            PeriodKind::Quarter => self.first.saturating_add(2.months()).last_of_month(),
            PeriodKind::Month => self.first.last_of_month(),
            PeriodKind::Day => self.first,
        }
    }

    /// The period of the same kind just before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::around(self.kind, self.first.saturating_sub(1.day()))
    }

    /// The period of the same kind just after.
    #[must_use]
    pub fn next(self) -> Self {
        Self::around(self.kind, self.last_day().saturating_add(1.day()))
    }

    /// The period of the same kind one year before: the usual comparison of a season.
    #[must_use]
    pub fn year_before(self) -> Self {
        Self::around(self.kind, self.first.saturating_sub(1.year()))
    }

    /// True when a day lies in the period.
    pub fn contains(self, day: Date) -> bool {
        self.first <= day && day <= self.last_day()
    }

    /// The months it touches, as (year, month), in order.
    pub fn months(self) -> Vec<(i16, i8)> {
        self.parts(PeriodKind::Month)
            .iter()
            .map(|month| (month.first.year(), month.first.month()))
            .collect()
    }

    /// The first and last month it touches, as numbers such as 201806, both included.
    pub fn month_numbers(self) -> (i32, i32) {
        let number = |day: Date| i32::from(day.year()) * 100 + i32::from(day.month());
        (number(self.first), number(self.last_day()))
    }

    /// The periods of another kind that touch it, in order; a longer kind gives the one it lies in.
    pub fn parts(self, kind: PeriodKind) -> Vec<Self> {
        let last = self.last_day();
        let mut parts = vec![Self::around(kind, self.first)];
        while let Some(part) = parts
            .last()
            .map(|part| part.next())
            .filter(|part| part.first <= last)
        {
            parts.push(part);
        }
        parts
    }

    /// Its name in words: `2018年上半年`, `First half of 2018`.
    pub fn title(self, lang: Lang) -> String {
        let (year, month, day) = (self.first.year(), self.first.month(), self.first.day());
        match (lang, self.kind) {
            (Lang::Zh, PeriodKind::Year) => format!("{year}年"),
            (Lang::Zh, PeriodKind::HalfYear) => {
                format!("{year}年{}半年", if month == 1 { "上" } else { "下" })
            }
            (Lang::Zh, PeriodKind::Quarter) => {
                format!("{year}年第{}季度", ["一", "二", "三", "四"][self.index()])
            }
            (Lang::Zh, PeriodKind::Month) => format!("{year}年{month}月"),
            (Lang::Zh, PeriodKind::Day) => format!("{year}年{month}月{day}日"),
            (Lang::En, PeriodKind::Year) => format!("{year}"),
            (Lang::En, PeriodKind::HalfYear) => {
                format!("{} half of {year}", ["First", "Second"][self.index()])
            }
            (Lang::En, PeriodKind::Quarter) => {
                format!(
                    "{} quarter of {year}",
                    ["First", "Second", "Third", "Fourth"][self.index()]
                )
            }
            (Lang::En, PeriodKind::Month) => format!("{} {year}", self.month_name()),
            (Lang::En, PeriodKind::Day) => format!("{day} {} {year}", self.month_name()),
        }
    }

    /// Which one of its year it is, from 0: always inside the year because the first day is.
    fn index(self) -> usize {
        let months = match self.kind {
            PeriodKind::Year => 12,
            PeriodKind::HalfYear => 6,
            PeriodKind::Quarter => 3,
            PeriodKind::Month | PeriodKind::Day => 1,
        };
        usize::try_from((self.first.month() - 1) / months).unwrap_or_default()
    }

    fn month_name(self) -> String {
        self.first.strftime("%B").to_string()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, number) = (self.first.year(), self.first.month(), self.index() + 1);
        f.pad(&match self.kind {
            PeriodKind::Year => format!("{year:04}"),
            PeriodKind::HalfYear => format!("{year:04}H{number}"),
            PeriodKind::Quarter => format!("{year:04}Q{number}"),
            PeriodKind::Month => format!("{year:04}-{month:02}"),
            PeriodKind::Day => format!("{year:04}-{month:02}-{:02}", self.first.day()),
        })
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Period {
    type Err = Refusal;

    /// Reads `2018`, `2018H1`, `2018Q2`, `2018-03` or `2018-03-05`; else `kernel.bad_period`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        read(text.trim()).ok_or_else(|| Refusal::new("kernel.bad_period", Fault::Refused).value(text))
    }
}

fn read(text: &str) -> Option<Period> {
    let (year, rest) = text.split_at_checked(4)?;
    let year = number(year, 4)?;
    let (kind, month, day) = match (rest.chars().next(), rest.get(1..)) {
        (None, _) => (PeriodKind::Year, 1, 1),
        (Some('H'), Some(half)) => (
            PeriodKind::HalfYear,
            number(half, 1).filter(|n| (1..=2).contains(n))? * 6 - 5,
            1,
        ),
        (Some('Q'), Some(quarter)) => (
            PeriodKind::Quarter,
            number(quarter, 1).filter(|n| (1..=4).contains(n))? * 3 - 2,
            1,
        ),
        (Some('-'), Some(rest)) => match rest.split_once('-') {
            None => (PeriodKind::Month, number(rest, 2)?, 1),
            Some((month, day)) => (PeriodKind::Day, number(month, 2)?, number(day, 2)?),
        },
        _ => return None,
    };
    let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Period::around(kind, day))
}

/// Exactly so many digits as a number.
fn number(text: &str, digits: usize) -> Option<i16> {
    let right = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    right.then(|| text.parse().ok()).flatten()
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    const KINDS: [PeriodKind; 5] = [
        PeriodKind::Year,
        PeriodKind::HalfYear,
        PeriodKind::Quarter,
        PeriodKind::Month,
        PeriodKind::Day,
    ];

    #[test]
    fn each_form_names_its_first_and_last_day() {
        let cases = [
            ("2018", date(2018, 1, 1), date(2018, 12, 31), "2018年", "2018"),
            (
                "2018H1",
                date(2018, 1, 1),
                date(2018, 6, 30),
                "2018年上半年",
                "First half of 2018",
            ),
            (
                "2018H2",
                date(2018, 7, 1),
                date(2018, 12, 31),
                "2018年下半年",
                "Second half of 2018",
            ),
            (
                "2018Q2",
                date(2018, 4, 1),
                date(2018, 6, 30),
                "2018年第二季度",
                "Second quarter of 2018",
            ),
            (
                "2016-02",
                date(2016, 2, 1),
                date(2016, 2, 29),
                "2016年2月",
                "February 2016",
            ),
            (
                "2018-03-05",
                date(2018, 3, 5),
                date(2018, 3, 5),
                "2018年3月5日",
                "5 March 2018",
            ),
        ];
        for (text, first, last, zh, en) in cases {
            let period = period(text);
            assert_eq!((period.first_day(), period.last_day()), (first, last), "{text}");
            assert_eq!(period.title(Lang::Zh), zh);
            assert_eq!(period.title(Lang::En), en);
            assert_eq!(period.to_string(), text);
        }
    }

    #[test]
    fn a_half_year_has_six_months_and_two_quarters() {
        let half = period("2018H1");
        assert_eq!(
            half.months(),
            [(2018, 1), (2018, 2), (2018, 3), (2018, 4), (2018, 5), (2018, 6)]
        );
        assert_eq!(half.month_numbers(), (201_801, 201_806));
        assert_eq!(
            half.parts(PeriodKind::Quarter),
            [period("2018Q1"), period("2018Q2")]
        );
        assert_eq!(half.parts(PeriodKind::Year), [period("2018")]);
        assert_eq!(half.previous(), period("2017H2"));
        assert_eq!(half.year_before(), period("2017H1"));
        assert_eq!(period("2016-02-29").year_before(), period("2015-02-28"));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        let wrong = [
            "",
            "18",
            "2018H3",
            "2018H0",
            "2018Q5",
            "2018H",
            "2018h1",
            "2018-13",
            "2018-3",
            "2018-02-30",
            "2018-02-",
            "20180305",
            "2018H1x",
            "上半年",
            "2018年",
        ];
        for text in wrong {
            assert_eq!(
                text.parse::<Period>().unwrap_err().code,
                "kernel.bad_period",
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_period_reads_back_from_its_print_and_from_json(
            year in 1900_i16..2200, month in 1_i8..=12, day in 1_i8..=28, kind in prop::sample::select(&KINDS[..]),
        ) {
            let period = Period::around(kind, date(year, month, day));
            prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
            let json = serde_json::to_string(&period).unwrap();
            prop_assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), period);
            prop_assert!(period.contains(date(year, month, day)));
        }

        #[test]
        fn the_parts_of_a_year_tile_it_without_gap_or_overlap(year in 1900_i16..2200, kind in prop::sample::select(&KINDS[..])) {
            let whole = Period::around(PeriodKind::Year, date(year, 5, 5));
            let parts = whole.parts(kind);
            prop_assert_eq!(parts.first().unwrap().first_day(), whole.first_day());
            prop_assert_eq!(parts.last().unwrap().last_day(), whole.last_day());
            for pair in parts.windows(2) {
                prop_assert_eq!(pair[0].last_day().tomorrow().unwrap(), pair[1].first_day());
                prop_assert_eq!(pair[0].next(), pair[1]);
                prop_assert_eq!(pair[1].previous(), pair[0]);
            }
        }
    }
}
