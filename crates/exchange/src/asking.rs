//! What a search asks, in the registry's own terms: each comparison narrows what is sought.

use dci::{Comparison, Operator, Pagination, SearchCriteria, Sort};
use jiff::civil::Date;
use kernel::{Money, PlaceCode};
use registry::{Order, PersonalField, Sex, Sought};

use crate::bounds::{MEMBERS_MAX, ago, bad, days, score, text, whole};
use crate::model::{Partner, Rejection};

/// The most records of a page.
const PAGE_MAX: u32 = 100;
/// A page has so many records where a search does not say.
const PAGE: u32 = 20;
/// So many records are passed over at most.
const OFFSET_MAX: i64 = 10_000;
/// The oldest age that is compared with.
const AGE_MAX: i64 = 150;
/// What is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity {
    Group,
    Member,
    Person,
}

impl Entity {
    /// By its word; the samples also say `Household` and `member`, and leave the word out where they get persons.
    pub(crate) fn of(word: Option<&str>) -> Option<Self> {
        let word = word.unwrap_or_default();
        let word = word.rsplit(':').next().unwrap_or_default().to_lowercase();
        match word.as_str() {
            "group" | "household" => Some(Self::Group),
            "member" => Some(Self::Member),
            "" | "person" | "srperson" => Some(Self::Person),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Group => "Group",
            Self::Member => "Member",
            Self::Person => "Person",
        }
    }
}

/// What a search comes to.
#[derive(Debug)]
pub(crate) enum Search {
    /// Those with a number.
    Number(PersonalField, String),
    /// The person or household of this id.
    Id(String),
    /// Those for whom everything holds.
    Sought(Box<Sought>),
}

/// The year that is measured, and its poverty line.
pub(crate) type Measured = Option<(i16, Money)>;

/// What is asked, within what the partner may see.
pub(crate) fn read(
    criteria: &SearchCriteria,
    partner: &Partner,
    entity: Entity,
    (measured, today): (Measured, Date),
) -> Result<(Search, Pagination), Rejection> {
    let comparisons = criteria
        .query
        .comparisons()
        .map_err(|fault| bad(fault.to_string()))?;
    let page = page(criteria.pagination.as_ref())?;
    let (order, descending) = order(criteria.sort.as_deref().unwrap_or_default())?;
    if let Some(search) = alone(&comparisons)? {
        return Ok((search, page));
    }
    let mut sought = Sought {
        place: partner.place,
        year: measured.map_or(0, |(year, _)| year),
        members: (0, MEMBERS_MAX),
        per_head_fen: None,
        sex: None,
        born: None,
        disabled: None,
        purpose: partner.purpose,
        order,
        descending,
        offset: i64::from(page.page_size) * i64::from(page.page_number.unwrap_or(1) - 1),
        limit: i64::from(page.page_size),
    };
    if sought.offset > OFFSET_MAX {
        let why = format!("no more than {OFFSET_MAX} records are passed over");
        return Err(Rejection::new("rjct.search.too_many_records_found", why));
    }
    for one in &comparisons {
        narrow(&mut sought, one, entity, (measured, today))?;
    }
    Ok((Search::Sought(Box::new(sought)), page))
}

/// The last part of a name, in small letters: `demographic_info.person.sex` is `sex`.
fn short(attribute: &str) -> String {
    attribute
        .rsplit(['.', ':'])
        .next()
        .unwrap_or_default()
        .to_lowercase()
}

/// A comparison that says by itself who is sought: it stands alone.
fn alone(comparisons: &[Comparison]) -> Result<Option<Search>, Rejection> {
    for one in comparisons {
        let name = short(&one.attribute);
        let search = match name.as_str() {
            "uin" | "nid" | "nationalid" => Search::Number(PersonalField::ResidentId, text(&one.value)?),
            "mobile" | "phone_number" => Search::Number(PersonalField::Phone, text(&one.value)?),
            "fpid" => Search::Id(text(&one.value)?),
            _ => continue,
        };
        if comparisons.len() > 1 || one.operator != Operator::Eq {
            return Err(bad(format!("{name} is compared alone, by eq")));
        }
        return Ok(Some(search));
    }
    Ok(None)
}

/// Narrows what is sought by one comparison.
fn narrow(
    sought: &mut Sought,
    one: &Comparison,
    entity: Entity,
    (measured, today): (Measured, Date),
) -> Result<(), Rejection> {
    let name = short(&one.attribute);
    match name.as_str() {
        "household_size" | "group_size" => {
            let (from, to) = whole(one, MEMBERS_MAX)?;
            sought.members = (sought.members.0.max(from), sought.members.1.min(to));
        }
        "poverty_score" => {
            let (_, line) = measured.ok_or_else(|| bad("no poverty line is known"))?;
            let (from, below) = score(one, line)?;
            let any = (i64::MIN / MEMBERS_MAX, i64::MAX / MEMBERS_MAX);
            let (first, last) = sought.per_head_fen.unwrap_or(any);
            sought.per_head_fen = Some((first.max(from), last.min(below)));
        }
        "place" | "place_code" | "location" => {
            require_eq(one)?;
            let within = place(&text(&one.value)?, sought.place);
            let why = "a place is a code of a division at which the partner may ask";
            sought.place = Some(within.ok_or_else(|| bad(why))?);
        }
        "sex" | "gender" | "age" | "birth_date" | "is_disabled" if entity == Entity::Group => {
            return Err(bad(format!("{name} is of a person, and groups are asked for")));
        }
        _ => narrow_persons(sought, one, &name, today)?,
    }
    Ok(())
}

fn narrow_persons(sought: &mut Sought, one: &Comparison, name: &str, today: Date) -> Result<(), Rejection> {
    match name {
        "sex" | "gender" => {
            require_eq(one)?;
            let sex = match text(&one.value)?.to_lowercase().as_str() {
                "m" | "male" | "1" => Sex::Male,
                "f" | "female" | "2" => Sex::Female,
                _ => return Err(bad("sex is male or female")),
            };
            if sought.sex.replace(sex).is_some_and(|before| before != sex) {
                // Nobody is both.
                sought.members = (1, 0);
            }
        }
        "age" => {
            let (youngest, oldest) = whole(one, AGE_MAX)?;
            // Whoever is at most so old was born after the day on which one a year older was.
            let from = ago(today, oldest.saturating_add(1))
                .tomorrow()
                .unwrap_or(Date::MAX);
            born(sought, from, ago(today, youngest));
        }
        "birth_date" => {
            let said = text(&one.value)?;
            let day: Result<Date, _> = said.get(..10).unwrap_or(&said).parse();
            let (from, to) = days(
                one.operator,
                day.map_err(|_| bad("birth_date is a day, as 1985-05-20"))?,
            )?;
            born(sought, from, to);
        }
        "is_disabled" => {
            require_eq(one)?;
            sought.disabled = Some(match text(&one.value)?.to_lowercase().as_str() {
                "1" | "true" => true,
                "0" | "false" => false,
                _ => return Err(bad("is_disabled is true or false")),
            });
        }
        _ => return Err(bad(format!("{name} is not kept here, or nothing is found by it"))),
    }
    Ok(())
}

/// A place inside of another.
pub(crate) fn place(code: &str, within: Option<PlaceCode>) -> Option<PlaceCode> {
    let place: PlaceCode = code.parse().ok()?;
    within.is_none_or(|outer| place.is_within(outer)).then_some(place)
}

fn born(sought: &mut Sought, from: Date, to: Date) {
    let (first, last) = sought.born.unwrap_or((Date::MIN, Date::MAX));
    sought.born = Some((first.max(from), last.min(to)));
}

fn require_eq(one: &Comparison) -> Result<(), Rejection> {
    if one.operator == Operator::Eq {
        return Ok(());
    }
    Err(bad(format!("{} is compared by eq only", short(&one.attribute))))
}

fn page(asked: Option<&Pagination>) -> Result<Pagination, Rejection> {
    let page = Pagination {
        page_size: asked.map_or(PAGE, |page| page.page_size),
        page_number: Some(asked.and_then(|page| page.page_number).unwrap_or(1)),
        total_count: None,
    };
    if (1..=PAGE_MAX).contains(&page.page_size) && page.page_number >= Some(1) {
        return Ok(page);
    }
    let why = format!("a page has 1 to {PAGE_MAX} records and is counted from 1");
    Err(Rejection::new("rjct.pagination.invalid", why))
}

/// By what is sorted. What is sealed cannot be: where the samples sort by `UIN`, the order is that of our ids.
fn order(sort: &[Sort]) -> Result<(Order, bool), Rejection> {
    let bad = |why: &str| Rejection::new("rjct.sort.invalid", why);
    let first = match sort {
        [] => return Ok((Order::Id, false)),
        [one] => one,
        _ => return Err(bad("one attribute is sorted by")),
    };
    let descending = match first.sort_order.as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(bad("sort_order is asc or desc")),
    };
    match short(first.attribute_name.as_deref().unwrap_or_default()).as_str() {
        "poverty_score" => Ok((Order::PerHead, descending)),
        "household_size" | "group_size" => Ok((Order::Members, descending)),
        "birth_date" => Ok((Order::Birth, descending)),
        "age" => Ok((Order::Birth, !descending)),
        "uin" | "fpid" => Ok((Order::Id, descending)),
        _ => Err(bad("it is not sorted by this attribute")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::{Value, json};

    use super::*;

    fn asked(attribute: &str, operator: Operator, value: Value, entity: Entity) -> Result<String, Rejection> {
        let mut sought = Sought {
            place: None,
            year: 2017,
            members: (0, MEMBERS_MAX),
            per_head_fen: None,
            sex: None,
            born: None,
            disabled: None,
            purpose: None,
            order: Order::Id,
            descending: false,
            offset: 0,
            limit: 10,
        };
        let one = Comparison {
            attribute: attribute.to_owned(),
            operator,
            value,
        };
        let measured = Some((2017, Money::from_fen(295_200)));
        narrow(&mut sought, &one, entity, (measured, date(2018, 7, 2)))?;
        Ok(match attribute {
            "poverty_score" => {
                let (from, below) = sought.per_head_fen.unwrap();
                format!(
                    "{} {}",
                    if from < -1_000_000 { 0 } else { from },
                    if below > i64::from(u32::MAX) { 0 } else { below }
                )
            }
            "age" | "birth_date" => sought.born.map(|(from, to)| format!("{from} {to}")).unwrap(),
            "household_size" => format!("{:?}", sought.members),
            _ => format!("{:?}", sought.sex),
        })
    }

    #[test]
    fn each_comparison_comes_to_bounds_of_the_registry() {
        use Operator::{Eq, Ge, Gt, Le, Lt};
        for (attribute, operator, value, comes_to) in [
            ("household_size", Lt, json!(5), "(0, 4)"),
            ("household_size", Gt, json!("5"), "(6, 1000)"),
            ("poverty_score", Lt, json!(5), "0 1476000"),
            ("poverty_score", Lt, json!("2.5"), "0 738000"),
            ("poverty_score", Le, json!("0.001"), "0 296"),
            ("poverty_score", Ge, json!("0.001"), "296 0"),
            ("poverty_score", Eq, json!("1"), "295200 298152"),
            ("age", Lt, json!("25"), "1993-07-03 2018-07-02"),
            ("age", Ge, json!(60), "1867-07-03 1958-07-02"),
            ("age", Eq, json!(3), "2014-07-03 2015-07-02"),
            (
                "birth_date",
                Eq,
                json!("1985-05-20T00:00:00Z"),
                "1985-05-20 1985-05-20",
            ),
            ("demographic_info.person.sex", Eq, json!("female"), "Some(Female)"),
        ] {
            assert_eq!(
                asked(attribute, operator, value, Entity::Person).unwrap(),
                comes_to,
                "{attribute}"
            );
        }
    }

    #[test]
    fn what_is_not_kept_or_has_no_meaning_is_said_so() {
        for (attribute, operator, value, entity, said) in [
            (
                "marital_status",
                Operator::Eq,
                json!("W"),
                Entity::Member,
                "not kept",
            ),
            ("gender", Operator::Lt, json!("m"), Entity::Person, "by eq only"),
            ("sex", Operator::Eq, json!("m"), Entity::Group, "of a person"),
            (
                "age",
                Operator::Lt,
                json!("young"),
                Entity::Person,
                "whole number",
            ),
            (
                "poverty_score",
                Operator::Lt,
                json!("-1"),
                Entity::Group,
                "three decimals",
            ),
            (
                "poverty_score",
                Operator::Lt,
                json!("99999999999999999999"),
                Entity::Group,
                "three decimals",
            ),
            (
                "household_size",
                Operator::In,
                json!(3),
                Entity::Group,
                "in is not",
            ),
        ] {
            let rejection = asked(attribute, operator, value, entity).unwrap_err();
            assert!(rejection.why.contains(said), "{attribute}: {}", rejection.why);
        }
    }
}
