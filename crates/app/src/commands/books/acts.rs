//! One act from the command line: an entry, a hold, a reversal.

use books::{Act, Leg, Made, NewEntry, NewHold, PostHold, Reversal};
use kernel::{Done, Refusal};

use super::{day, instant, keeper, reading, tell};
use crate::cli::books::{About, Hold, Keeper, Legs, Post};
use crate::world::World;

pub(super) async fn post(world: &World, wanted: Post) -> Result<(), Refusal> {
    let act = Act::Post(NewEntry {
        key: wanted.key,
        effective_on: day(&wanted.about.on)?,
        memo: wanted.about.memo,
        evidence: Vec::new(),
        legs: legs(&wanted.legs)?,
    });
    take(world, act, &wanted.about.keeper).await
}

pub(super) async fn hold(world: &World, command: Hold) -> Result<(), Refusal> {
    match command {
        Hold::Make {
            key,
            memo,
            legs: wanted,
            until,
            keeper,
        } => {
            let act = Act::Hold(NewHold {
                key,
                memo,
                evidence: Vec::new(),
                legs: legs(&wanted)?,
                expires_at: until.as_deref().map(instant).transpose()?,
            });
            take(world, act, &keeper).await
        }
        Hold::Post {
            hold,
            key,
            about,
            legs: part,
        } => {
            let part = legs(&part)?;
            let act = Act::PostHold(PostHold {
                hold,
                key,
                effective_on: day(&about.on)?,
                memo: about.memo,
                legs: (!part.is_empty()).then_some(part),
            });
            take(world, act, &about.keeper).await
        }
        Hold::Void { hold, keeper } => take(world, Act::VoidHold(hold), &keeper).await,
        Hold::Show { hold } => reading::hold(world, &hold).await,
    }
}

pub(super) async fn reverse(world: &World, entry: &str, key: String, about: About) -> Result<(), Refusal> {
    let act = Act::Reverse(Reversal {
        entry: entry.parse()?,
        key,
        effective_on: day(&about.on)?,
        memo: about.memo,
    });
    take(world, act, &about.keeper).await
}

async fn take(world: &World, act: Act, by: &Keeper) -> Result<(), Refusal> {
    let actor = keeper(world, by).await?;
    let taken = world.store.write(actor, move |ctx| {
        Box::pin(async move { books::take(ctx, act).await })
    });
    let done: Done<Made> = taken.await?;
    let made = *done.value();
    let (name, words) = match made {
        Made::Entry(no) => ("made", (format!("第 {no} 号凭证"), format!("entry {no}"))),
        Made::Hold(no) => ("made", (format!("第 {no} 号预留"), format!("hold {no}"))),
    };
    tell(world, name, &made, done.map(|_| ()), (&words.0, &words.1))
}

/// Debits first, then credits, each in the order in which they were typed.
fn legs(wanted: &Legs) -> Result<Vec<Leg>, Refusal> {
    let pairs = |words: &[String]| -> Result<Vec<(books::AccountCode, kernel::Money)>, Refusal> {
        let pair = |pair: &[String]| match pair {
            [code, yuan] => Ok((code.parse()?, yuan.parse()?)),
            _ => Err(Refusal::new("books.too_few_legs", kernel::Fault::Refused)),
        };
        words.chunks(2).map(pair).collect()
    };
    let debits = pairs(&wanted.debit)?
        .into_iter()
        .map(|(code, amount)| Ok(Leg::debit(code, amount)));
    let credits = pairs(&wanted.credit)?
        .into_iter()
        .map(|(code, amount)| Leg::credit(code, amount));
    debits.chain(credits).collect()
}
