//! The legs of an entry as they are typed: a row each, an account and an amount on one of two sides. Rows that are left
//! empty do not count; what is wrong stands at its row.

use books::Leg;
use kernel::{Fault, Lang, Money, Refusal};

use crate::form::Fields;

/// Rows of a new form.
const ROWS: usize = 4;
/// Rows that are added when more are asked for.
const MORE: usize = 4;
/// The most rows of a form; a longer entry is one for the command line.
const ROWS_MAX: usize = 60;

/// A row of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LegRow {
    /// From 1.
    pub number: usize,
    pub account: String,
    pub debit: String,
    pub credit: String,
    pub error: Option<String>,
}

impl LegRow {
    fn is_empty(&self) -> bool {
        self.account.is_empty() && self.debit.is_empty() && self.credit.is_empty()
    }

    fn leg(&self) -> Result<Leg, Refusal> {
        let account = self.account.parse()?;
        let one_side = || Refusal::new("web.bad_leg", Fault::Refused);
        let (typed, is_debit) = match (self.debit.as_str(), self.credit.as_str()) {
            (debit, "") => (debit, true),
            ("", credit) => (credit, false),
            _ => return Err(one_side()),
        };
        if typed.is_empty() {
            return Err(one_side());
        }
        let amount: Money = typed.parse()?;
        if amount <= Money::ZERO {
            return Err(one_side());
        }
        if is_debit {
            Ok(Leg::debit(account, amount))
        } else {
            Leg::credit(account, amount)
        }
    }
}

/// The rows that were typed, and empty ones up to a form's length.
pub(super) fn rows(typed: &Fields, more: bool) -> Vec<LegRow> {
    let (debits, credits): (Vec<&str>, Vec<&str>) =
        (typed.all("debit").collect(), typed.all("credit").collect());
    let at = |side: &[&str], place: usize| side.get(place).map_or("", |text| text.trim()).to_owned();
    let typed = typed.all("account").take(ROWS_MAX).enumerate();
    let mut rows: Vec<LegRow> = typed
        .map(|(place, account)| LegRow {
            number: place + 1,
            account: account.trim().to_owned(),
            debit: at(&debits, place),
            credit: at(&credits, place),
            error: None,
        })
        .collect();
    let wanted = rows.len() + if more { MORE } else { 0 };
    for number in rows.len() + 1..=wanted.clamp(ROWS, ROWS_MAX) {
        rows.push(LegRow {
            number,
            ..LegRow::default()
        });
    }
    rows
}

/// The legs of the rows; none where a row is wrong, which says so from then on.
pub(super) fn legs(rows: &mut [LegRow], lang: Lang) -> Option<Vec<Leg>> {
    let mut legs = Vec::new();
    let mut is_good = true;
    for row in rows.iter_mut().filter(|row| !row.is_empty()) {
        match row.leg() {
            Ok(leg) => legs.push(leg),
            Err(refusal) => {
                row.error = Some(refusal.message(lang));
                is_good = false;
            }
        }
    }
    is_good.then_some(legs)
}

/// Puts a refusal at the row of the leg, or of the account, that it names; `false` where it names none.
pub(super) fn refuse(rows: &mut [LegRow], refusal: &Refusal, lang: Lang) -> bool {
    let at = refusal.at.as_deref().and_then(|at| at.strip_prefix("legs."));
    let number = at.and_then(|number| number.parse::<usize>().ok());
    let leg = number.and_then(|number| number.checked_sub(1));
    let account = refusal.value.as_deref().unwrap_or_default();
    let mut filled = rows.iter_mut().filter(|row| !row.is_empty());
    let row = match leg {
        Some(leg) => filled.nth(leg),
        None => filled.find(|row| row.account == account),
    };
    let Some(row) = row else { return false };
    let mut unnamed = refusal.clone();
    unnamed.at = None;
    row.error = Some(unnamed.message(lang));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<LegRow> {
        rows(&Fields::parse(text.as_bytes()), false)
    }

    #[test]
    fn rows_that_are_left_empty_do_not_count_and_the_others_keep_their_places() {
        let mut rows = typed(
            "account=&debit=&credit=&account=assets%3Aa&debit=1.50&credit=&account=equity%3Ab&debit=&credit=1.50",
        );
        assert_eq!(rows.len(), ROWS);
        let legs = legs(&mut rows, Lang::En).unwrap();
        let fen: Vec<i64> = legs.iter().map(|leg| leg.amount.fen()).collect();
        assert_eq!(fen, [150, -150]);
        let refusal = Refusal::new("books.no_such_account", Fault::Refused).at("legs.2");
        assert!(refuse(&mut rows, &refusal, Lang::En));
        assert!(rows[2].error.is_some() && rows[1].error.is_none());
        let short = Refusal::new("books.below_zero", Fault::Refused).value("assets:a");
        assert!(refuse(&mut rows, &short, Lang::En) && rows[1].error.is_some());
        let whole = Refusal::new("books.unbalanced", Fault::Refused).at("legs");
        assert!(!refuse(&mut rows, &whole, Lang::En));
    }

    #[test]
    fn a_row_has_an_account_and_an_amount_above_nothing_on_one_side() {
        for (text, is_good) in [
            ("account=assets%3Aa&debit=1&credit=", true),
            ("account=assets%3Aa&debit=1&credit=1", false),
            ("account=assets%3Aa&debit=&credit=", false),
            ("account=assets%3Aa&debit=0&credit=", false),
            ("account=assets%3Aa&debit=&credit=-1", false),
            ("account=&debit=1&credit=", false),
            ("account=cash&debit=1&credit=", false),
            ("account=assets%3Aa&debit=1.234&credit=", false),
        ] {
            let mut rows = typed(text);
            assert_eq!(legs(&mut rows, Lang::En).is_some(), is_good, "{text}");
            assert_eq!(rows[0].error.is_none(), is_good, "{text}");
        }
    }

    #[test]
    fn more_rows_are_added_up_to_the_most_there_may_be() {
        let many = "account=assets%3Aa&".repeat(ROWS_MAX + 5);
        assert_eq!(rows(&Fields::parse(many.as_bytes()), true).len(), ROWS_MAX);
        assert_eq!(rows(&Fields::parse(b"account=&account="), true).len(), 6);
    }
}
