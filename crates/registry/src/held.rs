//! What is said of households and persons, held against the rules of its fields.

use jiff::civil::Date;
use kernel::{Refusal, ResidentId};

use crate::checks::refused;
use crate::desk::Desk;
use crate::model::{HouseholdFacts, PersonFacts, Personal, Sex};

/// The most land of a household, in thousandths of a mu.
const LAND_MAX: i64 = 100_000_000;

/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 50;

pub(crate) fn hold_household(desk: &Desk, facts: &HouseholdFacts, since: Date) -> Result<(), Refusal> {
    if let Some(land) = facts.land_milli_mu.map(kernel::Area::milli_mu)
        && !(0..=LAND_MAX).contains(&land)
    {
        return Err(refused("registry.bad_land", "facts.land_milli_mu").value(land));
    }
    for seen in facts.exclusions.iter().flatten() {
        if !desk
            .rules
            .exclusions
            .iter()
            .any(|exclusion| exclusion.id == *seen)
        {
            return Err(refused("registry.no_such_exclusion", "facts.exclusions").value(seen));
        }
    }
    let Some(income) = &facts.income else {
        return Ok(());
    };
    if income.year < 1990 || income.year > since.year() {
        return Err(refused("registry.bad_year", "facts.income.year").value(income.year));
    }
    let sources = [
        ("wages_fen", income.wages_fen),
        ("operating_fen", income.operating_fen),
        ("property_fen", income.property_fen),
        ("transfer_fen", income.transfer_fen),
        ("costs_fen", income.costs_fen),
    ];
    for (name, amount) in sources {
        if amount < kernel::Money::ZERO {
            return Err(refused("registry.below_zero", &format!("facts.income.{name}")).value(amount));
        }
    }
    income.net().map(drop)
}

pub(crate) fn hold_person(facts: &PersonFacts, since: Date) -> Result<(), Refusal> {
    if let Some(grade) = facts.disability
        && grade > 4
    {
        return Err(refused("registry.bad_grade", "facts.disability").value(grade));
    }
    if let Some(birth) = facts.birth_on
        && (birth > since || birth.year() < 1880)
    {
        return Err(refused("registry.bad_birth", "facts.birth_on").value(birth));
    }
    Ok(())
}

/// Holds what names a person against the rules; answers it as it is kept.
pub(crate) fn held(personal: &Personal, facts: &PersonFacts, today: Date) -> Result<Personal, Refusal> {
    let mut kept = Personal::default();
    if let Some(name) = &personal.name {
        let name = name.trim();
        let is_name =
            (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if !is_name {
            return Err(refused("registry.bad_name", "name").fact("max", NAME_CHARS_MAX));
        }
        kept.name = Some(name.to_owned());
    }
    if let Some(number) = &personal.resident_id {
        let number = ResidentId::parse(number, today).map_err(|refusal| refusal.at("resident_id"))?;
        agree(&number, facts)?;
        kept.resident_id = Some(number.reveal().to_owned());
    }
    if let Some(phone) = &personal.phone {
        let phone: String = phone
            .chars()
            .filter(|digit| !matches!(digit, ' ' | '-'))
            .collect();
        if phone.len() != 11 || !phone.starts_with('1') || !is_digits(&phone) {
            return Err(refused("registry.bad_phone", "phone"));
        }
        kept.phone = Some(phone);
    }
    if let Some(account) = &personal.bank_account {
        let account: String = account.chars().filter(|digit| *digit != ' ').collect();
        if !(8..=32).contains(&account.len()) || !is_digits(&account) {
            return Err(refused("registry.bad_account", "bank_account"));
        }
        kept.bank_account = Some(account);
    }
    Ok(kept)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|digit| digit.is_ascii_digit())
}

/// A number says the day of birth and the sex.
fn agree(number: &ResidentId, facts: &PersonFacts) -> Result<(), Refusal> {
    if facts.birth_on.is_some_and(|said| said != number.birth_on()) {
        return Err(refused("registry.birth_differs", "birth_on").fact("number", number));
    }
    if facts.sex.is_some_and(|said| said != Sex::of(number)) {
        return Err(refused("registry.sex_differs", "sex").fact("number", number));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_agrees_with_what_is_said_beside_it() {
        let today = jiff::civil::date(2018, 6, 30);
        let person = |number: &str| Personal {
            resident_id: Some(number.to_owned()),
            ..Personal::default()
        };
        let said = |birth: &str, sex| PersonFacts {
            birth_on: birth.parse().ok(),
            sex: Some(sex),
            ..PersonFacts::default()
        };
        let code = |facts| held(&person("11010519491231002x"), &facts, today).map_err(|refusal| refusal.code);
        let kept = code(said("1949-12-31", Sex::Female)).unwrap();
        assert_eq!(kept.resident_id.as_deref(), Some("11010519491231002X"));
        assert_eq!(
            code(said("1949-12-30", Sex::Female)),
            Err("registry.birth_differs")
        );
        assert_eq!(code(said("1949-12-31", Sex::Male)), Err("registry.sex_differs"));
    }
}
