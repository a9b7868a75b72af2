//! Households and persons sought by what is said of them, a page at a time, for another system.
//!
//! A search without a number walks the households of the place. What is sealed cannot be compared: a number is found by its
//! mark, and nothing is sorted by it.

use jiff::civil::Date;
use kernel::{Money, PlaceCode, Refusal};
use people::staff::PlaceFilter;
use store::{Arg, args};

use super::{span, spans};
use crate::desk::Registry;
use crate::model::{HouseholdId, PersonId, PersonalField, Purpose, Sex};
use crate::repo as sql;

/// Of persons with one mark so many are opened at most.
const OPENED_MAX: i64 = 20;

/// What is sought.
#[derive(Clone, Debug)]
pub struct Sought {
    /// At a place and everything below it; in the whole country where there is none.
    pub place: Option<PlaceCode>,
    /// The year whose income counts.
    pub year: i16,
    /// From how many members to how many.
    pub members: (i64, i64),
    /// From how much income a head to below how much, in fen; any, or none known, where there are no bounds.
    pub per_head_fen: Option<(i64, i64)>,
    /// Persons of this sex.
    pub sex: Option<Sex>,
    /// Persons born from a day to a day.
    pub born: Option<(Date, Date)>,
    /// Persons with a disability, or without.
    pub disabled: Option<bool>,
    /// Those only whose last word on this purpose is yes.
    pub purpose: Option<Purpose>,
    /// By what they are sorted.
    pub order: Order,
    /// The last first.
    pub descending: bool,
    /// So many are passed over.
    pub offset: i64,
    /// So many are answered.
    pub limit: i64,
}

/// By what is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By id.
    Id = 0,
    /// By the number of members.
    Members = 1,
    /// By income a head.
    PerHead = 2,
    /// By day of birth; households by id.
    Birth = 3,
}

/// A page of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoughtPage<T> {
    /// Which.
    pub ids: Vec<T>,
    /// How many there are on all pages.
    pub found: i64,
}

impl Sought {
    fn common(&self) -> Vec<Arg> {
        let (first, last) = self.place.map_or((0, i64::MAX), span);
        let (from, below) = self.per_head_fen.unwrap_or_default();
        args![
            first,
            last,
            self.year,
            self.members.0,
            self.members.1,
            self.per_head_fen.is_some(),
            from,
            below,
            self.purpose.map_or("", Purpose::as_str)
        ]
    }

    fn order(&self) -> Vec<Arg> {
        let direction: i64 = if self.descending { -1 } else { 1 };
        args![self.order as i64, direction]
    }

    fn of_persons(&self) -> Vec<Arg> {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let disabled: i64 = self.disabled.map_or(-1, i64::from);
        args![
            self.sex.map_or("", Sex::as_str),
            day(self.born.map(|born| born.0)),
            day(self.born.map(|born| born.1)),
            disabled
        ]
    }

    fn page(&self) -> Vec<Arg> {
        args![self.limit, self.offset]
    }
}

impl Registry {
    /// The last year before this one whose poverty line is known, and the line.
    pub fn measured_year(&self, today: Date) -> Option<(i16, Money)> {
        let lines = self.desk.rules.lines.iter();
        let past = lines.filter(|line| line.year < today.year());
        past.max_by_key(|line| line.year)
            .map(|line| (line.year, line.per_head))
    }

    /// Households that are sought; of those who have to agree, one member is enough.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn households_sought(&self, sought: &Sought) -> Result<SoughtPage<HouseholdId>, Refusal> {
        let mut reader = self.store.read().await?;
        let counted = reader.row(sql::HOUSEHOLDS_COUNTED, sought.common()).await?;
        let asked = [sought.common(), sought.order(), sought.page()].concat();
        let rows = reader.rows(sql::HOUSEHOLDS_SOUGHT, asked).await?;
        Ok(SoughtPage {
            ids: rows
                .iter()
                .map(|row| sql::parsed(&row.text("id")?, "id"))
                .collect::<Result<_, _>>()?,
            found: counted.map_or(Ok(0), |row| row.int("found"))?,
        })
    }

    /// Persons who are sought.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn persons_sought(&self, sought: &Sought) -> Result<SoughtPage<PersonId>, Refusal> {
        let mut reader = self.store.read().await?;
        let asked = [sought.common(), sought.of_persons()].concat();
        let counted = reader.row(sql::PERSONS_COUNTED, asked.clone()).await?;
        let asked = [asked, sought.order(), sought.page()].concat();
        let rows = reader.rows(sql::PERSONS_SOUGHT, asked).await?;
        Ok(SoughtPage {
            ids: rows
                .iter()
                .map(|row| sql::parsed(&row.text("id")?, "id"))
                .collect::<Result<_, _>>()?,
            found: counted.map_or(Ok(0), |row| row.int("found"))?,
        })
    }

    /// Persons with a number, among those of the places that may be seen.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn persons_of_number(
        &self,
        seen: &PlaceFilter,
        field: PersonalField,
        number: &str,
    ) -> Result<Vec<PersonId>, Refusal> {
        let number = number.trim().to_uppercase();
        let mark = self.desk.number_mark(field, &number);
        let (mut reader, mut found) = (self.store.read().await?, Vec::new());
        for (first, last) in spans(seen) {
            for row in reader
                .rows(sql::MARKED, args![mark, first, last, OPENED_MAX])
                .await?
            {
                let person: PersonId = sql::parsed(&row.text("id")?, "id")?;
                let theirs = self.desk.personal_of(person, &row)?;
                if theirs
                    .said()
                    .any(|(kind, value)| kind == field && value == number)
                {
                    found.push(person);
                }
            }
        }
        Ok(found)
    }
}
