//! What the fund moved in others (撬动): the rules, without I/O.
//!
//! After the OECD's "Methodologies for measuring the amounts mobilised from the private sector by official development
//! finance interventions" (DAC), for simple co-financing:
//! - causality: money of others counts where a document shows that it came because of the mobilisers;
//! - pro rata: it is shared among all who moved it by what each put in, so that the shares of all add up to it and two
//!   who report the same project never count the same yuan twice;
//! - turnover (sales, loans in the ordinary course of business) is no mobilised money: it stands apart and is never added.
//!
//! Shares are cut to whole fen by largest remainder ([`Money::split`]); mobilisers stand by name, so equal remainders go to the
//! same one each time.

use kernel::{Money, Refusal};
use serde::Serialize;

use crate::model::MoneyClass;

/// The name of the fund among mobilisers.
pub const FUND: &str = "fund";

/// Money of others with those who moved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its key.
    pub key: String,
    /// The project it went into.
    pub project: String,
    /// Whose money it is, by key.
    pub contributor: String,
    /// What it is.
    pub class: MoneyClass,
    /// How much.
    pub amount: Money,
    /// Whether a document shows that the mobilisers caused it.
    pub causal: bool,
    /// Who moved it, by name, with what each put in.
    pub mobilisers: Vec<(String, Money)>,
}

/// A claim, shared out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shared {
    /// Its key.
    pub key: String,
    /// The project.
    pub project: String,
    /// Whose money it is, by key.
    pub contributor: String,
    /// What it is.
    pub class: MoneyClass,
    /// How much.
    pub amount_fen: Money,
    /// Whether it counts as caused.
    pub causal: bool,
    /// The share of each mobiliser; nothing where it does not count.
    pub shares: Vec<(String, Money)>,
    /// The share of the fund.
    pub attributed_fen: Money,
}

/// All claims together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leverage {
    /// What of others' money counts, whoever moved it.
    pub mobilised_fen: Money,
    /// The fund's share of that.
    pub attributed_fen: Money,
    /// Others' money that nothing shows to be caused; not counted.
    pub uncaused_fen: Money,
    /// Turnover; not counted, shown apart.
    pub turnover_fen: Money,
    /// What the fund spent, from the books.
    pub spent_fen: Money,
    /// The fund's share per yuan that it spent, in thousandths of a yuan, cut; none where nothing was spent.
    pub per_yuan_permille: Option<i64>,
    /// The working, claim by claim.
    pub claims: Vec<Shared>,
}

/// Shares a claim out.
///
/// # Errors
/// `kernel.no_weights`, `kernel.money_overflow`.
pub fn share(claim: &Claim) -> Result<Shared, Refusal> {
    let counts = claim.class == MoneyClass::Finance && claim.causal;
    let weights: Vec<u64> = claim
        .mobilisers
        .iter()
        .map(|(_, put_in)| u64::try_from(put_in.fen()).unwrap_or_default())
        .collect();
    let shares = if counts {
        claim.amount.split(&weights)?
    } else {
        Vec::new()
    };
    let shares: Vec<(String, Money)> = claim
        .mobilisers
        .iter()
        .map(|(name, _)| name.clone())
        .zip(shares)
        .collect();
    let own = shares.iter().find(|(name, _)| name == FUND);
    Ok(Shared {
        key: claim.key.clone(),
        project: claim.project.clone(),
        contributor: claim.contributor.clone(),
        class: claim.class,
        amount_fen: claim.amount,
        causal: claim.causal,
        attributed_fen: own.map_or(Money::ZERO, |(_, share)| *share),
        shares,
    })
}

/// Adds claims up, beside what the fund spent.
///
/// # Errors
/// As [`share`].
pub fn leverage(claims: &[Claim], spent: Money) -> Result<Leverage, Refusal> {
    let shared: Vec<Shared> = claims.iter().map(share).collect::<Result<_, _>>()?;
    let sum = |wanted: fn(&Shared) -> bool| {
        Money::try_sum(shared.iter().filter(|one| wanted(one)).map(|one| one.amount_fen))
    };
    let attributed = Money::try_sum(shared.iter().map(|one| one.attributed_fen))?;
    Ok(Leverage {
        mobilised_fen: sum(|one| one.class == MoneyClass::Finance && one.causal)?,
        attributed_fen: attributed,
        uncaused_fen: sum(|one| one.class == MoneyClass::Finance && !one.causal)?,
        turnover_fen: sum(|one| one.class == MoneyClass::Turnover)?,
        spent_fen: spent,
        per_yuan_permille: per_yuan(attributed, spent),
        claims: shared,
    })
}

fn per_yuan(attributed: Money, spent: Money) -> Option<i64> {
    let whole = i128::from(attributed.fen()) * 1_000;
    let per = whole.checked_div(i128::from(spent.fen()))?;
    (spent > Money::ZERO).then(|| i64::try_from(per).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `class causal amount | mobiliser contribution …  = share of the fund`, in yuan.
    const TABLE: &str = "
        finance  yes 100.00 | fund 50                      = 100.00
        finance  yes 100.00 | fund 50 gates 50             = 50.00
        finance  yes 100.00 | fund 1 gates 2               = 33.33
        finance  yes 100.00 | fund 2 gates 1               = 66.67
        finance  yes 0.01   | a 1 fund 1                   = 0.00
        finance  yes 100.00 | gates 50                     = 0.00
        finance  no  100.00 | fund 50                      = 0.00
        turnover no  100.00 |                              = 0.00
    ";

    #[test]
    fn the_fund_gets_its_part_of_what_is_caused_and_nothing_of_turnover() {
        for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (said, wanted) = line.split_once('=').unwrap();
            let (head, moved) = said.split_once('|').unwrap();
            let head: Vec<&str> = head.split_whitespace().collect();
            let moved: Vec<&str> = moved.split_whitespace().collect();
            let claim = Claim {
                key: "k".to_owned(),
                project: "p".to_owned(),
                contributor: "c".to_owned(),
                class: if head[0] == "finance" {
                    MoneyClass::Finance
                } else {
                    MoneyClass::Turnover
                },
                causal: head[1] == "yes",
                amount: head[2].parse().unwrap(),
                mobilisers: moved
                    .chunks(2)
                    .map(|pair| (pair[0].to_owned(), pair[1].parse().unwrap()))
                    .collect(),
            };
            assert_eq!(
                share(&claim).unwrap().attributed_fen.to_string(),
                wanted.trim(),
                "{line}"
            );
        }
    }

    fn claims() -> impl Strategy<Value = Vec<Claim>> {
        let mobiliser = 1..1_000_000_000_000_i64;
        let one = (
            any::<bool>(),
            any::<bool>(),
            1..1_000_000_000_000_i64,
            prop::collection::vec(mobiliser, 1..6),
        );
        let claim = one.prop_map(|(finance, causal, amount, put_in)| Claim {
            key: String::new(),
            project: String::new(),
            contributor: String::new(),
            class: if finance {
                MoneyClass::Finance
            } else {
                MoneyClass::Turnover
            },
            amount: Money::from_fen(amount),
            causal: causal && finance,
            mobilisers: (0..)
                .zip(put_in)
                .map(|(at, fen): (u32, i64)| {
                    let name = if at == 0 {
                        FUND.to_owned()
                    } else {
                        format!("m{at}")
                    };
                    (name, Money::from_fen(fen))
                })
                .collect(),
        });
        prop::collection::vec(claim, 0..12)
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_fen_and_nothing_is_counted_twice(claims in claims(), spent in 0..1_000_000_000_000_i64) {
            let all = leverage(&claims, Money::from_fen(spent)).unwrap();
            for one in &all.claims {
                let sum = Money::try_sum(one.shares.iter().map(|(_, share)| *share)).unwrap();
                let counts = one.causal && one.class == MoneyClass::Finance;
                prop_assert_eq!(sum, if counts { one.amount_fen } else { Money::ZERO });
            }
            // Each yuan stands in exactly one of the three, and the mobilisers' reports together never exceed the first.
            let whole: i64 = claims.iter().map(|claim| claim.amount.fen()).sum();
            prop_assert_eq!(all.mobilised_fen.fen() + all.uncaused_fen.fen() + all.turnover_fen.fen(), whole);
            let reported: i64 = all.claims.iter().flat_map(|one| &one.shares).map(|(_, share)| share.fen()).sum();
            prop_assert_eq!(reported, all.mobilised_fen.fen());
            prop_assert!(all.attributed_fen <= all.mobilised_fen);
            prop_assert_eq!(all.per_yuan_permille.is_some(), spent > 0);
        }

        #[test]
        fn turnover_of_any_size_changes_no_leverage(claims in claims(), turnover in 1..1_000_000_000_000_000_i64) {
            let before = leverage(&claims, Money::from_fen(100)).unwrap();
            let mut more = claims;
            more.push(Claim {
                key: "sales".to_owned(),
                project: "p".to_owned(),
                contributor: "c".to_owned(),
                class: MoneyClass::Turnover,
                amount: Money::from_fen(turnover),
                causal: false,
                mobilisers: Vec::new(),
            });
            let after = leverage(&more, Money::from_fen(100)).unwrap();
            prop_assert_eq!(
                (before.mobilised_fen, before.attributed_fen, before.per_yuan_permille),
                (after.mobilised_fen, after.attributed_fen, after.per_yuan_permille)
            );
        }
    }
}
