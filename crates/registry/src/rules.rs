//! The rules held against what is counted of a household.

use kernel::{Fault, Money, Refusal};
use programme::recognition::{Condition, Limit, Measure, RuleSet};
use serde::{Deserialize, Serialize};

use crate::model::CaseKind;
use crate::state::Measures;

/// What the rules say of a household, with everything they said it from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Recognition or exit.
    pub kind: CaseKind,
    /// The version of the rules.
    pub rules: String,
    /// The year whose income was measured.
    pub year: i16,
    /// The poverty line of that year, a head.
    pub line_fen: Money,
    /// What was counted; what nobody said is not among it.
    pub measures: Measures,
    /// Whether it is to be granted; none where too little is known.
    pub holds: Option<bool>,
    /// Why: each condition with what it came to.
    pub reasons: Vec<Reason>,
}

/// One condition and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The condition.
    pub condition: String,
    /// What was measured.
    pub measure: Measure,
    /// How much; none where it is not known.
    pub measured: Option<i64>,
    /// What it was held against.
    pub limit: i64,
    /// Whether it holds; none where the measure is not known.
    pub holds: Option<bool>,
}

/// Holds a household against the rules.
///
/// - Recognition: at least one condition of `poor_if` holds and none of `never_if`.
/// - Exit: all conditions of `leaves_if` hold.
///
/// What is not known decides nothing where the answer depends on it (Kleene's three values).
///
/// # Errors
/// `programme.not_one_limit` for a condition without a limit, which a programme that was read does not have.
pub fn judge(
    kind: CaseKind,
    rules: &RuleSet,
    (year, line): (i16, Money),
    measures: Measures,
) -> Result<Verdict, Refusal> {
    let reasons_of = |conditions: &[Condition]| -> Result<Vec<Reason>, Refusal> {
        let reason = |condition| reason(condition, line, &measures);
        conditions.iter().map(reason).collect()
    };
    let (holds, reasons) = match kind {
        CaseKind::Recognition => {
            let (poor, never) = (reasons_of(&rules.poor_if)?, reasons_of(&rules.never_if)?);
            let out = not(any(&never));
            (all([any(&poor), out]), [poor, never].concat())
        }
        CaseKind::Exit => {
            let leaves = reasons_of(&rules.leaves_if)?;
            (all(leaves.iter().map(|reason| reason.holds)), leaves)
        }
    };
    Ok(Verdict {
        kind,
        rules: rules.version.clone(),
        year,
        line_fen: line,
        measures,
        holds,
        reasons,
    })
}

fn reason(condition: &Condition, line: Money, measures: &Measures) -> Result<Reason, Refusal> {
    let found = measures.get(&condition.measure).copied();
    let number = |limit: Limit| match limit {
        Limit::Number(number) => number,
        Limit::Line(_) => line.fen(),
    };
    let (limit, holds): (i64, fn(i64, i64) -> bool) =
        match (condition.below, condition.at_least, condition.at_most) {
            (Some(limit), None, None) => (number(limit), |found, limit| found < limit),
            (None, Some(limit), None) => (number(limit), |found, limit| found >= limit),
            (None, None, Some(limit)) => (number(limit), |found, limit| found <= limit),
            _ => {
                let refusal = Refusal::new("programme.not_one_limit", Fault::Broken);
                return Err(refusal.value(&condition.id));
            }
        };
    Ok(Reason {
        condition: condition.id.clone(),
        measure: condition.measure,
        measured: found,
        limit,
        holds: found.map(|found| holds(found, limit)),
    })
}

fn any(reasons: &[Reason]) -> Option<bool> {
    not(all(reasons.iter().map(|reason| not(reason.holds))))
}

fn not(value: Option<bool>) -> Option<bool> {
    value.map(|value| !value)
}

/// One that does not hold decides; else one that is not known leaves it open.
fn all(values: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for value in values {
        match value {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = None,
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use programme::Programme;

    use super::*;

    fn verdict(kind: CaseKind, measures: &[(Measure, i64)]) -> Option<bool> {
        let book = Programme::built_in().unwrap().recognition.unwrap();
        let line = book.line(2017).unwrap();
        let measures = measures.iter().copied().collect();
        let judged = judge(kind, &book.rules[0], (2017, line), measures).unwrap();
        judged.holds
    }

    #[test]
    fn a_household_is_poor_by_income_or_by_what_is_not_met_and_never_with_an_exclusion() {
        use Measure::{Exclusions, GuaranteesUnmet, IncomePerHead};
        let recognised = |measures: &[_]| verdict(CaseKind::Recognition, measures);
        for (income, unmet, excluded, wanted) in [
            (295_199, 0, 0, Some(true)),
            (295_200, 0, 0, Some(false)),
            (900_000, 1, 0, Some(true)),
            (100_000, 3, 1, Some(false)),
        ] {
            let measures = [
                (IncomePerHead, income),
                (GuaranteesUnmet, unmet),
                (Exclusions, excluded),
            ];
            assert_eq!(recognised(&measures), wanted, "{measures:?}");
        }
        // What is not known leaves it open only where it would decide.
        assert_eq!(recognised(&[(IncomePerHead, 1), (GuaranteesUnmet, 0)]), None);
        assert_eq!(recognised(&[(GuaranteesUnmet, 1), (Exclusions, 0)]), Some(true));
        assert_eq!(recognised(&[(Exclusions, 1)]), Some(false));
        assert_eq!(recognised(&[(GuaranteesUnmet, 0), (Exclusions, 0)]), None);
    }

    #[test]
    fn a_household_leaves_at_the_line_with_everything_looked_at_and_met() {
        use Measure::{GuaranteesUnmet, GuaranteesUnseen, IncomePerHead};
        let leaves = |income, unmet, unseen| {
            let measures = [
                (IncomePerHead, income),
                (GuaranteesUnmet, unmet),
                (GuaranteesUnseen, unseen),
            ];
            verdict(CaseKind::Exit, &measures)
        };
        assert_eq!(leaves(295_200, 0, 0), Some(true));
        assert_eq!(leaves(295_199, 0, 0), Some(false));
        assert_eq!(leaves(900_000, 1, 0), Some(false));
        assert_eq!(leaves(900_000, 0, 1), Some(false));
        assert_eq!(
            verdict(CaseKind::Exit, &[(GuaranteesUnmet, 0), (GuaranteesUnseen, 0)]),
            None
        );
    }
}
