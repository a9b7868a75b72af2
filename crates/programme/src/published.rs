//! Published figures: what the programme said in public, against which its figures are held.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use kernel::{Fault, Refusal, Text};

use crate::Finding;
use crate::lists;
use crate::source::Source;

const COLUMNS: [&str; 11] = [
    "id",
    "pillar",
    "name_zh",
    "name_en",
    "relation",
    "value",
    "unit",
    "scope",
    "from",
    "to",
    "report_page",
];

/// One published figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFigure {
    /// Its id, for example `sales.poverty_counties`.
    pub id: String,
    /// The pillar it belongs to.
    pub pillar: String,
    /// Its name for readers.
    pub name: Text,
    /// How the true value stands to the published one.
    pub relation: Relation,
    /// The published value.
    pub value: PublishedValue,
    /// Its unit as published, for example `yuan`, `counties`, `yuan/kg`.
    pub unit: String,
    /// What it covers.
    pub scope: String,
    /// First day it covers, where it says one.
    pub from: Option<Date>,
    /// Last day it covers, where it says one.
    pub to: Option<Date>,
    /// Page of the report it stands on.
    pub report_page: Option<u32>,
}

impl PublishedFigure {
    /// Whether a computed value agrees: money in fen, anything else in whole units.
    pub fn holds(&self, value: i64) -> bool {
        let thousandths = if self.is_money() { 10 } else { 1_000 };
        self.relation.holds(
            i128::from(value) * thousandths,
            i128::from(self.value.thousandths),
        )
    }

    /// Whether the figure is an amount of money; its computed value is then in fen.
    pub fn is_money(&self) -> bool {
        self.unit == "yuan" || self.unit.starts_with("yuan/")
    }
}

/// How the true value stands to the published one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `=`: exactly.
    Equals,
    /// `>`: "over".
    MoreThan,
    /// `>=`: "at least".
    AtLeast,
    /// `~`: "about", read as within a tenth of the published value.
    About,
}

impl Relation {
    /// The sign used in the list.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equals => "=",
            Self::MoreThan => ">",
            Self::AtLeast => ">=",
            Self::About => "~",
        }
    }

    /// Whether `value` stands so to `published`, both in the same unit.
    pub fn holds(self, value: i128, published: i128) -> bool {
        match self {
            Self::Equals => value == published,
            Self::MoreThan => value > published,
            Self::AtLeast => value >= published,
            Self::About => value.abs_diff(published).saturating_mul(10) <= published.unsigned_abs(),
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sign())
    }
}

impl FromStr for Relation {
    type Err = Refusal;

    /// Reads a sign; anything else is `programme.unknown_relation`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text {
            "=" => Ok(Self::Equals),
            ">" => Ok(Self::MoreThan),
            ">=" => Ok(Self::AtLeast),
            "~" => Ok(Self::About),
            _ => Err(Refusal::new("programme.unknown_relation", Fault::Refused).value(text)),
        }
    }
}

/// A published value: up to three decimals, kept as whole thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublishedValue {
    thousandths: i64,
}

impl PublishedValue {
    /// The value in whole thousandths of its unit.
    pub fn thousandths(self) -> i64 {
        self.thousandths
    }
}

impl FromStr for PublishedValue {
    type Err = Refusal;

    /// Reads digits with at most three decimals; anything else is `programme.bad_decimal`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        read_decimal(text)
            .map(|thousandths| Self { thousandths })
            .ok_or_else(|| Refusal::new("programme.bad_decimal", Fault::Refused).value(text))
    }
}

fn read_decimal(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    whole.checked_mul(1_000)?.checked_add(part)
}

impl fmt::Display for PublishedValue {
    /// As it was published: `3.6`, `701`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.thousandths / 1_000, self.thousandths % 1_000);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let text = format!("{whole}.{part:03}");
        f.write_str(text.trim_end_matches('0'))
    }
}

/// Reads `published.csv`.
pub(crate) fn read(source: Source<'_>) -> (Vec<PublishedFigure>, Vec<Finding>) {
    let (figures, mut findings) = lists::read(source, &COLUMNS, |row| {
        Ok(PublishedFigure {
            id: row.text("id").to_owned(),
            pillar: row.text("pillar").to_owned(),
            name: Text::new(row.text("name_zh"), row.text("name_en")),
            relation: row
                .text("relation")
                .parse()
                .map_err(|refusal| row.refused(refusal))?,
            value: row
                .text("value")
                .parse()
                .map_err(|refusal| row.refused(refusal))?,
            unit: row.text("unit").to_owned(),
            scope: row.text("scope").to_owned(),
            from: row.day("from")?,
            to: row.day("to")?,
            report_page: row.text("report_page").parse().ok(),
        })
    });
    let mut seen = std::collections::HashSet::new();
    for figure in &figures {
        if !seen.insert(figure.id.as_str()) {
            findings.push(source.finding(0, "programme.repeated_id", &figure.id));
        }
    }
    (figures, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: &str) -> (Vec<PublishedFigure>, Vec<Finding>) {
        let text = format!("{}\n{rows}", COLUMNS.join(","));
        read(Source {
            file: "published.csv",
            text: &text,
        })
    }

    #[test]
    fn a_value_over_26_billion_yuan_is_compared_in_fen() {
        let (figures, findings) =
            list("s,commerce,额,sales,>,26000000000,yuan,all,2018-01-01,2018-06-30,6\n");
        assert_eq!(findings, []);
        assert!(!figures[0].holds(2_600_000_000_000));
        assert!(figures[0].holds(2_600_000_000_001));
        assert_eq!(figures[0].report_page, Some(6));
    }

    #[test]
    fn decimals_stay_whole_thousandths_and_print_as_published() {
        let (figures, _) = list("p,commerce,价,price,=,3.6,yuan/kg,x,,,9\n");
        assert_eq!(
            (figures[0].value.thousandths(), figures[0].value.to_string()),
            (3_600, "3.6".into())
        );
        assert!(figures[0].holds(360) && !figures[0].holds(361));
        for wrong in [
            "",
            "3.",
            ".5",
            "1,000",
            "-1",
            "1e309",
            "3.1415",
            "99999999999999999999",
        ] {
            assert_eq!(
                wrong.parse::<PublishedValue>().unwrap_err().code,
                "programme.bad_decimal",
                "{wrong}"
            );
        }
    }

    #[test]
    fn relations_hold_at_their_edges_and_not_beyond() {
        let cases = [
            ("=", 5, 5, true),
            ("=", 6, 5, false),
            (">", 5, 5, false),
            (">=", 5, 5, true),
            (">=", 4, 5, false),
            ("~", 90, 100, true),
            ("~", 89, 100, false),
            ("~", 111, 100, false),
        ];
        for (sign, value, published, expected) in cases {
            let relation: Relation = sign.parse().unwrap();
            assert_eq!(
                relation.holds(value, published),
                expected,
                "{value} {sign} {published}"
            );
            assert_eq!(relation.to_string(), sign);
        }
        assert_eq!(
            "<".parse::<Relation>().unwrap_err().code,
            "programme.unknown_relation"
        );
    }

    #[test]
    fn faults_are_named_by_line_and_good_rows_kept() {
        let (figures, findings) = list(
            "a,p,一,one,=,1,x,x,,,1\nb,p,二,two,<,1,x,x,,,1\na,p,一,one,=,1,x,x,2018-02-30,,1\nc,p\na,p,三,x,=,1,x,x,,,1\n",
        );
        assert_eq!(figures.len(), 2);
        let found: Vec<_> = findings
            .iter()
            .map(|finding| (finding.code, finding.line))
            .collect();
        assert_eq!(
            found,
            [
                ("programme.unknown_relation", 3),
                ("programme.bad_date", 4),
                ("programme.bad_row", 5),
                ("programme.repeated_id", 0)
            ]
        );
    }
}
