//! Money of others, and what was sold beside it.

use ::fund::{Act, Cofinance, Mobiliser, MoneyClass};
use jiff::civil::date;
use kernel::{Money, Refusal};

use super::yuan;

/// A contribution: its key, project and contributor, yuan, whether a document shows that it was caused, and who put in
/// how many yuan to move it.
type Contribution = (
    &'static str,
    &'static str,
    &'static str,
    i64,
    bool,
    &'static [(&'static str, i64)],
);

/// The report says that users of the platforms gave over 68 m of over 75 m yuan; that the fund moved them is made up, and so
/// are the others.
const CONTRIBUTIONS: [Contribution; 3] = [
    (
        "gifts-2018h1",
        "health-cover",
        "platform-users",
        68_200_000,
        true,
        &[("fund", 25_000_000), ("foundation", 6_800_000)],
    ),
    (
        "loan-bachu",
        "melons-bachu",
        "county-bank",
        90_000_000,
        true,
        &[("fund", 100_000_000), ("county", 20_000_000)],
    ),
    (
        "mill-yuanyang",
        "red-rice-yuanyang",
        "rice-mill",
        15_000_000,
        false,
        &[("fund", 30_000_000)],
    ),
];

/// The contributions, and what was sold as turnover.
pub(super) fn cofinance(document: &str, turnover: Money) -> Result<Vec<Act>, Refusal> {
    let contributed = |(key, project, contributor, amount, causal, movers): &Contribution| {
        let mover = |(name, put_in): &(&str, i64)| {
            Ok(Mobiliser {
                name: (*name).to_owned(),
                contribution_fen: yuan(*put_in)?,
            })
        };
        Ok(Act::Cofinance(Cofinance {
            mobilisers: movers.iter().map(mover).collect::<Result<_, Refusal>>()?,
            causal: *causal,
            document: causal.then(|| document.to_owned()),
            ..plain(key, project, contributor, yuan(*amount)?)
        }))
    };
    let mut acts: Vec<Act> = CONTRIBUTIONS
        .iter()
        .map(contributed)
        .collect::<Result<_, Refusal>>()?;
    if turnover > Money::ZERO {
        acts.push(Act::Cofinance(Cofinance {
            class: MoneyClass::Turnover,
            ..plain("sales-2018h1", "melons-bachu", "channels", turnover)
        }));
    }
    Ok(acts)
}

fn plain(key: &str, project: &str, contributor: &str, amount_fen: Money) -> Cofinance {
    Cofinance {
        key: key.to_owned(),
        project: project.to_owned(),
        class: MoneyClass::Finance,
        contributor: contributor.to_owned(),
        reference: format!("simulated-{key}"),
        agreed_on: date(2018, 6, 30),
        amount_fen,
        causal: false,
        document: None,
        mobilisers: Vec::new(),
    }
}
