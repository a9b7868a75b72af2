//! Weighted quantiles, by the convention of the R package laeken (Eurostat's figures are made with it).

use crate::measures::Person;

/// How near to a step of the cumulated weight counts as on it, as a share of the whole weight: sums of weights are
/// not exact.
const ON_THE_STEP: f64 = 1e-12;

/// Puts persons in the order of income, equal incomes in the order of weight; who weighs nothing is left out.
pub(crate) fn sorted(persons: &[Person]) -> Vec<Person> {
    let mut sorted: Vec<Person> = persons
        .iter()
        .copied()
        .filter(|person| person.weight > 0.0)
        .collect();
    sorted.sort_unstable_by(|one, other| {
        let by_income = one.income.total_cmp(&other.income);
        by_income.then(one.weight.total_cmp(&other.weight))
    });
    sorted
}

/// The income below which `share` of the weight lies: the first whose cumulated weight reaches the share, and where it
/// reaches it exactly, the middle of that one and the next. `sorted` is in the order of [`sorted`]; none when it is
/// empty.
pub(crate) fn quantile(sorted: &[Person], share: f64) -> Option<f64> {
    let whole: f64 = sorted.iter().map(|person| person.weight).sum();
    let wanted = share * whole;
    let near = ON_THE_STEP * whole;
    let mut reached = 0.0;
    let mut rest = sorted.iter();
    while let Some(person) = rest.next() {
        reached += person.weight;
        if (reached - wanted).abs() <= near {
            let next = rest.next().unwrap_or(person);
            return Some(f64::midpoint(person.income, next.income));
        }
        if reached > wanted {
            return Some(person.income);
        }
    }
    sorted.last().map(|person| person.income)
}
