//! Stories of the books as text tables that an accountant can read: what is done, and after `=` what the books answer.
//!
//! ```text
//! today DAY
//! account CODE OWNER [floor]              = opened
//! close-account CODE                      = closed
//! post KEY DAY CODE AMOUNT CODE AMOUNT …  = entry 1
//! hold KEY [until DAY] CODE AMOUNT …      = hold 1
//! post-hold HOLD KEY DAY [CODE AMOUNT …]  = entry 2
//! void HOLD                               = hold 1
//! reverse ENTRY KEY DAY                   = entry 3
//! close PERIOD                            = 3 entries
//! balance CODE                            = 100.00 held 0.00
//! ```
//! A debit is positive, a credit negative, in yuan. What was done before answers `again`; a refusal answers its code, the
//! value it names and, in brackets, the numbers that decided.

use books::{Act, Leg, Made, NewAccount, NewEntry, NewHold, PostHold, Reversal};
use jiff::civil::Date;
use kernel::{Actor, Clock as _, Done, Refusal, Role};
use testkit::TestStore;

/// Runs a command as the finance desk.
macro_rules! write {
    ($store:expr, |$ctx:ident| $body:expr) => {
        $store
            .write(Actor::new("lan", Role::Finance), move |$ctx| {
                Box::pin(async move { $body.await })
            })
            .await
    };
}
const STORIES: [(&str, &str); 6] = [
    ("ladder", include_str!("ladder.txt")),
    ("entries", include_str!("entries.txt")),
    ("floors", include_str!("floors.txt")),
    ("holds", include_str!("holds.txt")),
    ("reversals", include_str!("reversals.txt")),
    ("periods", include_str!("periods.txt")),
];

#[tokio::test]
async fn every_story_goes_as_it_is_told() {
    for (name, story) in STORIES {
        testkit::on_both(async |store| tell(name, story, store).await).await;
    }
}

async fn tell(name: &str, text: &str, store: &TestStore) {
    let mut told = 0;
    for (line, number) in text.lines().zip(1..) {
        let line = line.split('#').next().unwrap().trim();
        if line.is_empty() {
            continue;
        }
        let (said, wanted) = line.split_once(" = ").unwrap_or((line, ""));
        let words: Vec<&str> = said.split_whitespace().collect();
        let answered = carry_out(store, &words)
            .await
            .unwrap_or_else(|refusal| said_no(&refusal));
        assert_eq!(answered, wanted.trim(), "{name}.txt:{number}: {line}");
        told += 1;
    }
    assert!(told > 5, "{name}.txt tells nothing");
    assert_eq!(books::check(store).await.unwrap(), [], "{name}.txt");
    assert_eq!(store.verify_facts().await.unwrap().findings, [], "{name}.txt");
}

fn said_no(refusal: &Refusal) -> String {
    let facts: Vec<String> = refusal
        .facts
        .iter()
        .filter(|(name, _)| *name != "most")
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let value = refusal.value.as_deref().unwrap_or_default();
    let said = format!("{} {value}", refusal.code);
    if facts.is_empty() {
        said
    } else {
        format!("{said} ({})", facts.join(", "))
    }
}

async fn carry_out(store: &TestStore, words: &[&str]) -> Result<String, Refusal> {
    match words {
        ["today", day] => {
            let days = day.parse::<Date>().unwrap() - store.clock().today();
            store
                .clock()
                .advance(jiff::SignedDuration::from_hours(24 * i64::from(days.get_days())));
            Ok(String::new())
        }
        ["account", code, owner, rest @ ..] => {
            let new = NewAccount {
                code: code.parse()?,
                owner: owner.parse()?,
                name_zh: "科目".to_owned(),
                name_en: (*code).to_owned(),
                floor: rest == ["floor"],
            };
            let done = write!(store, |ctx| books::open_account(ctx, new))?;
            Ok(again("opened", &done))
        }
        ["close-account", code] => {
            let code = code.parse()?;
            let done = write!(store, |ctx| books::close_account(ctx, &code))?;
            Ok(again("closed", &done))
        }
        ["close", period] => {
            let period = period.parse()?;
            let done = write!(store, |ctx| books::close_period(ctx, period))?;
            Ok(again(&format!("{} entries", done.value().entries), &done))
        }
        ["balance", code] => {
            let mut reader = store.read().await?;
            let account = books::account(&mut reader, &code.parse()?).await?;
            Ok(format!("{} held {}", account.balance, account.held))
        }
        words => {
            let acts = vec![act(words)?];
            let done = write!(store, |ctx| books::take_each(ctx, acts))?.remove(0)?;
            let what = match done.value() {
                Made::Entry(no) => format!("entry {no}"),
                Made::Hold(no) => format!("hold {no}"),
            };
            Ok(again(&what, &done))
        }
    }
}

fn again<T>(what: &str, done: &Done<T>) -> String {
    if done.is_now() {
        what.to_owned()
    } else {
        format!("{what} again")
    }
}

fn act(words: &[&str]) -> Result<Act, Refusal> {
    let day = |text: &str| text.parse::<Date>().unwrap();
    let memo = String::new();
    Ok(match words {
        ["post", key, on, rest @ ..] => Act::Post(NewEntry {
            key: (*key).to_owned(),
            effective_on: day(on),
            memo,
            evidence: vec![],
            legs: legs(rest)?,
        }),
        ["hold", key, "until", until, rest @ ..] => Act::Hold(NewHold {
            key: (*key).to_owned(),
            memo,
            evidence: vec![],
            legs: legs(rest)?,
            expires_at: Some(format!("{until}T00:00:00Z").parse().unwrap()),
        }),
        ["hold", key, rest @ ..] => Act::Hold(NewHold {
            key: (*key).to_owned(),
            memo,
            evidence: vec![],
            legs: legs(rest)?,
            expires_at: None,
        }),
        ["post-hold", hold, key, on, rest @ ..] => Act::PostHold(PostHold {
            hold: (*hold).to_owned(),
            key: (*key).to_owned(),
            effective_on: day(on),
            memo,
            legs: if rest.is_empty() { None } else { Some(legs(rest)?) },
        }),
        ["void", hold] => Act::VoidHold((*hold).to_owned()),
        ["reverse", entry, key, on] => Act::Reverse(Reversal {
            entry: entry.parse()?,
            key: (*key).to_owned(),
            effective_on: day(on),
            memo,
        }),
        other => panic!("no such line in a story: {other:?}"),
    })
}

fn legs(words: &[&str]) -> Result<Vec<Leg>, Refusal> {
    let leg = |pair: &[&str]| {
        Ok(Leg {
            account: pair[0].parse()?,
            amount: pair[1].parse()?,
        })
    };
    words.chunks(2).map(leg).collect()
}
