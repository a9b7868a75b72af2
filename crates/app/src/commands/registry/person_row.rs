//! One row of a register: a person, and what the first row of a household says of it.

use std::collections::BTreeMap;
use std::str::FromStr;

use ::registry::{Cause, HouseholdFacts, Member, PersonFacts, PersonId, Personal, Relation, Sex, YearIncome};
use jiff::civil::Date;
use kernel::{Area, Fault, Money, PlaceCode, Refusal, ResidentId};
use lake::intake::Record;
use programme::{RegisterField as Field, RegisterLayout};

/// A row with the columns it is read by.
pub(super) struct Row<'a> {
    pub layout: &'a RegisterLayout,
    pub columns: &'a BTreeMap<Field, usize>,
    pub record: Record<'a>,
    pub today: Date,
}

/// What the first row of a household says of it.
#[derive(Clone)]
pub(super) struct Household {
    pub place: PlaceCode,
    pub since: Date,
    pub facts: HouseholdFacts,
}

impl Row<'_> {
    /// The text of a field; empty where the file has no such column.
    pub(super) fn text(&self, field: Field) -> String {
        let column = self.columns.get(&field);
        column.map_or_else(String::new, |column| self.record.text(*column))
    }

    /// A field that may be empty, refused by its head.
    fn read<T>(&self, field: Field, read: impl Fn(&str) -> Result<T, Refusal>) -> Result<Option<T>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let read = read(self.layout.word(field, &text));
        read.map(Some).map_err(|refusal| refusal.at(self.head(field)))
    }

    fn word<T: FromStr<Err = Refusal>>(&self, field: Field) -> Result<Option<T>, Refusal> {
        self.read(field, str::parse)
    }

    fn needed<T>(&self, field: Field, read: impl Fn(&str) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let missing = || Refusal::new("registry.field_empty", Fault::Refused).at(self.head(field));
        self.read(field, read)?.ok_or_else(missing)
    }

    /// What the layout calls a field.
    fn head(&self, field: Field) -> String {
        let names = self.layout.columns.get(&field);
        names.and_then(|names| names.first()).cloned().unwrap_or_default()
    }

    pub(super) fn household(&self) -> Result<Household, Refusal> {
        let causes = |text: &str| -> Result<Vec<Cause>, Refusal> {
            let words = text.split(self.layout.list_separator.as_str());
            let word = |word: &str| self.layout.word(Field::Causes, word.trim()).parse();
            words.map(word).collect()
        };
        Ok(Household {
            place: self.needed(Field::Village, str::parse)?,
            since: self.needed(Field::Since, day)?,
            facts: HouseholdFacts {
                causes: self.read(Field::Causes, causes)?,
                land_milli_mu: self.read(Field::LandMu, str::parse::<Area>)?,
                income: self.income()?,
                ..HouseholdFacts::default()
            },
        })
    }

    /// The income of a year, where the row names the year; a source that is empty is nothing.
    fn income(&self) -> Result<Option<YearIncome>, Refusal> {
        let Some(year) = self.read(Field::IncomeYear, number)? else {
            return Ok(None);
        };
        let yuan = |field| Ok(self.read(field, str::parse::<Money>)?.unwrap_or(Money::ZERO));
        Ok(Some(YearIncome {
            year,
            wages_fen: yuan(Field::Wages)?,
            operating_fen: yuan(Field::Operating)?,
            property_fen: yuan(Field::Property)?,
            transfer_fen: yuan(Field::Transfer)?,
            costs_fen: yuan(Field::Costs)?,
        }))
    }

    /// The person; birth and sex stand in the resident ID where the row does not say them.
    pub(super) fn member(&self, person: PersonId) -> Result<Member, Refusal> {
        let given = |field| Some(self.text(field)).filter(|text| !text.is_empty());
        let resident_id = given(Field::ResidentId);
        let number = self.read(Field::ResidentId, |text| ResidentId::parse(text, self.today))?;
        let birth_on = self.read(Field::BirthOn, day)?;
        Ok(Member {
            person,
            personal: Personal {
                name: given(Field::Name),
                resident_id,
                phone: given(Field::Phone),
                bank_account: given(Field::BankAccount),
            },
            facts: PersonFacts {
                relation: Some(self.needed(Field::Relation, str::parse::<Relation>)?),
                sex: self.word(Field::Sex)?.or_else(|| number.as_ref().map(Sex::of)),
                birth_on: birth_on.or_else(|| number.as_ref().map(ResidentId::birth_on)),
                schooling: self.word(Field::Schooling)?,
                health: self.word(Field::Health)?,
                disability: self.read(Field::Disability, number_of_grade)?,
                labour: self.word(Field::Labour)?,
                work: self.word(Field::Work)?,
            },
        })
    }
}

fn number(text: &str) -> Result<i16, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new("registry.bad_year", Fault::Refused).value(text))
}

fn number_of_grade(text: &str) -> Result<u8, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new("registry.bad_grade", Fault::Refused).value(text))
}

/// `2018-03-05`, `2018/3/5`, `2018.3.5`, `2018年3月5日`, `20180305`.
fn day(text: &str) -> Result<Date, Refusal> {
    let bad = || Refusal::new("registry.bad_day", Fault::Refused).value(text);
    if text.len() == 8 && text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Date::strptime("%Y%m%d", text).map_err(|_| bad());
    }
    let parts: Vec<&str> = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let [year, month, of_month] = parts.as_slice() else {
        return Err(bad());
    };
    let read = (year.parse(), month.parse(), of_month.parse());
    let (Ok(year), Ok(month), Ok(of_month)) = read else {
        return Err(bad());
    };
    Date::new(year, month, of_month).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_registers_write_it() {
        let wanted = Ok(jiff::civil::date(2018, 3, 5));
        for text in ["2018-03-05", "2018/3/5", "2018.3.5", "2018年3月5日", "20180305"] {
            assert_eq!(day(text), wanted, "{text}");
        }
        for text in ["", "2018-02-30", "5 March", "2018-3", "18", "99999-1-1"] {
            assert_eq!(day(text).unwrap_err().code, "registry.bad_day", "{text}");
        }
    }
}
