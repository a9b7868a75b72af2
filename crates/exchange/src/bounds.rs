//! The value of a comparison as bounds of what it is compared with.

use dci::{Comparison, Operator};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::Money;
use serde_json::Value;

use crate::model::Rejection;

/// The most members that are compared with.
pub(crate) const MEMBERS_MAX: i64 = 1_000;
/// The greatest score that is compared with, in thousandths.
const SCORE_MAX: i64 = 1_000_000_000;

/// What is asked has no meaning here.
pub(crate) fn bad(why: impl Into<String>) -> Rejection {
    Rejection::new("rjct.search_criteria.invalid", why)
}

/// From which day to which, the ends included.
pub(crate) fn days(operator: Operator, day: Date) -> Result<(Date, Date), Rejection> {
    let (first, last) = (Date::MIN, Date::MAX);
    Ok(match operator {
        Operator::Eq => (day, day),
        Operator::Ge => (day, last),
        Operator::Gt => (day.tomorrow().unwrap_or(last), last),
        Operator::Le => (first, day),
        Operator::Lt => (first, day.yesterday().unwrap_or(first)),
        Operator::In => return Err(bad("in is not taken here")),
    })
}

/// The day so many years before.
pub(crate) fn ago(today: Date, years: i64) -> Date {
    today.checked_sub(years.years()).unwrap_or(Date::MIN)
}

/// A value as text.
pub(crate) fn text(value: &Value) -> Result<String, Rejection> {
    match value {
        Value::String(text) => Ok(text.trim().to_owned()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(is) => Ok(is.to_string()),
        _ => Err(bad("a value is a text or a number")),
    }
}

/// From which whole number to which, the ends included.
pub(crate) fn whole(one: &Comparison, most: i64) -> Result<(i64, i64), Rejection> {
    let number: i64 = text(&one.value)?
        .parse()
        .map_err(|_| bad("a whole number is compared here"))?;
    if !(0..=most).contains(&number) {
        return Err(bad(format!("a number from 0 to {most} is compared here")));
    }
    Ok(match one.operator {
        Operator::Eq => (number, number),
        Operator::Ge => (number, most),
        Operator::Gt => (number + 1, most),
        Operator::Le => (0, number),
        Operator::Lt => (0, number - 1),
        Operator::In => return Err(bad("in is not taken here")),
    })
}

/// From which income a head to below which a score lies: income divided by the poverty line, with two decimals.
pub(crate) fn score(one: &Comparison, line: Money) -> Result<(i64, i64), Rejection> {
    let permille = permille(&text(&one.value)?)?;
    let fen = |permille: i64| i128::from(permille) * i128::from(line.fen());
    // Up to the next fen.
    let up = |product: i128| i64::try_from((product + 999).div_euclid(1_000)).unwrap_or(i64::MAX);
    let over = |product: i128| up(product + 1);
    let (least, most) = (i64::MIN / MEMBERS_MAX, i64::MAX / MEMBERS_MAX);
    Ok(match one.operator {
        Operator::Lt => (least, up(fen(permille))),
        Operator::Le => (least, over(fen(permille))),
        Operator::Ge => (up(fen(permille)), most),
        Operator::Gt => (over(fen(permille)), most),
        // What is shown has two decimals.
        Operator::Eq => (up(fen(permille)), up(fen(permille + 10))),
        Operator::In => return Err(bad("in is not taken here")),
    })
}

/// A number with up to three decimals, in thousandths.
fn permille(text: &str) -> Result<i64, Rejection> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if part.len() <= 3 && !whole.is_empty() && is_digits(whole) && is_digits(part) {
        let number = format!("{whole}{part:0<3}").parse().unwrap_or(i64::MAX);
        if number <= SCORE_MAX {
            return Ok(number);
        }
    }
    Err(bad("a score is a number with up to three decimals"))
}
