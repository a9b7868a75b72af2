//! Tells stories to the fund: each line is what is done and by whom, and after `=` what is answered.
//!
//! ```text
//! NAME own PILLAR DAY                                  NAME pledge KEY SIGNED THROUGH TOTAL DUE:AMOUNT …
//! NAME call PLEDGE N DAY                               NAME receive KEY PLEDGE N DAY AMOUNT
//! NAME budget KEY YEAR PILLAR AMOUNT …                 NAME approve KEY        NAME decline KEY
//! NAME project KEY PILLAR FROM TO DUE:AMOUNT …         NAME commit|meet|release PROJECT N DAY    NAME free PROJECT N
//! NAME cofinance KEY PROJECT CLASS yes|no CONTRIBUTOR REFERENCE AMOUNT MOBILISER PUT-IN …      NAME withdraw KEY
//! NAME pay PROJECT DAY AMOUNT                          an entry of the books out of the project's purse
//! books CODE                                           = balance held
//! pillar PILLAR YEAR                                   = budget actual released held forecast
//! leverage                                             = mobilised attributed uncaused turnover per-yuan
//! ```
//! Amounts are yuan. What was done before answers `again`; a refusal answers its code and the value it names.

use books::{Leg, NewEntry};
use fund::{
    Act, AtMilestone, BudgetLine, Call, Cofinance, Freed, Fund, Met, Mobiliser, MoneyClass, NewBudget,
    NewMilestone, NewPledge, NewProject, NewTranche, PillarOwner, Reasoned, Receipt,
};
use jiff::civil::{Date, date};
use kernel::{Actor, Money, Refusal, Role, Text};
use testkit::TestStore;

pub const TODAY: Date = date(2018, 7, 2);

pub struct Teller<'a> {
    pub store: &'a TestStore,
    pub fund: Fund,
    pub document: String,
}

impl<'a> Teller<'a> {
    pub async fn new(store: &'a TestStore) -> Self {
        let document = store.documents().put(b"signed".to_vec()).await.unwrap();
        let fund = Fund::new(store.store());
        Self {
            store,
            fund,
            document,
        }
    }

    pub async fn tell(&self, name: &str, story: &str) {
        let mut told = 0;
        for (line, number) in story.lines().zip(1..) {
            let line = line.split('#').next().unwrap().trim();
            if line.is_empty() {
                continue;
            }
            let (said, wanted) = line.split_once(" = ").unwrap_or((line, "now"));
            let words: Vec<&str> = said.split_whitespace().collect();
            let answered = self.answer(&words).await.unwrap_or_else(|refusal| {
                format!("{} {}", refusal.code, refusal.value.unwrap_or_default())
                    .trim()
                    .to_owned()
            });
            assert_eq!(answered, wanted.trim(), "{name}:{number}: {line}");
            told += 1;
        }
        assert!(told > 5, "{name} tells nothing");
        assert_eq!(books::check(self.store).await.unwrap(), [], "{name}");
        assert_eq!(self.store.verify_facts().await.unwrap().findings, [], "{name}");
    }

    async fn answer(&self, words: &[&str]) -> Result<String, Refusal> {
        match words {
            ["books", code] => {
                let account = books::account(&mut self.store.read().await?, &code.parse()?).await?;
                Ok(format!("{} {}", account.balance, account.held))
            }
            ["pillar", pillar, year] => {
                let mut reader = self.store.read().await?;
                let all = fund::standing(&mut reader, year.parse()?, TODAY).await?;
                let one = all.into_iter().find(|one| one.pillar == *pillar).unwrap();
                let said = [
                    one.budget_fen,
                    one.actual_fen,
                    one.released_fen,
                    one.held_fen,
                    one.forecast_fen,
                ];
                Ok(said.map(|amount| amount.to_string()).join(" "))
            }
            ["leverage"] => {
                let all = fund::cofinance(&mut self.store.read().await?, TODAY).await?;
                let said = [
                    all.mobilised_fen,
                    all.attributed_fen,
                    all.uncaused_fen,
                    all.turnover_fen,
                ];
                let per_yuan = all
                    .per_yuan_permille
                    .map_or("-".to_owned(), |per| per.to_string());
                Ok(format!(
                    "{} {per_yuan}",
                    said.map(|amount| amount.to_string()).join(" ")
                ))
            }
            [name, "pay", project, on, amount] => self.pay(name, project, on, amount).await,
            [name, rest @ ..] => self.take(name, self.act(rest)).await,
            [] => unreachable!(),
        }
    }

    pub async fn take(&self, name: &str, act: Act) -> Result<String, Refusal> {
        let done = self.fund.take(Actor::new(name, Role::Fund), act).await?;
        Ok(if done.is_now() { "now" } else { "again" }.to_owned())
    }

    pub async fn pay(&self, name: &str, project: &str, on: &str, amount: &str) -> Result<String, Refusal> {
        let amount: Money = amount.parse()?;
        let entry = NewEntry {
            key: format!("pay:{project}:{on}:{amount}"),
            effective_on: on.parse().unwrap(),
            memo: String::new(),
            evidence: Vec::new(),
            legs: vec![
                Leg::debit(format!("expenses:project:{project}").parse()?, amount),
                Leg::credit(format!("assets:project:{project}").parse()?, amount)?,
            ],
        };
        let posted = self.store.write(Actor::new(name, Role::Finance), move |ctx| {
            Box::pin(async move { books::post(ctx, entry).await })
        });
        Ok(if posted.await?.is_now() { "now" } else { "again" }.to_owned())
    }

    /// The act that words say.
    #[expect(clippy::too_many_lines, reason = "one arm a word of the stories")]
    pub fn act(&self, words: &[&str]) -> Act {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let yuan = |text: &str| -> Money { text.parse().unwrap() };
        let text = |words: &str| Text::new(format!("“{words}”"), words);
        let reasoned = |key: &str| Reasoned {
            key: key.to_owned(),
            on: TODAY,
            reason: "asked for".to_owned(),
        };
        let document = || self.document.clone();
        match words {
            ["own", pillar, since] => Act::Own(PillarOwner {
                pillar: (*pillar).to_owned(),
                since: day(since),
                unit: text("unit"),
            }),
            ["pledge", key, signed, through, total, tranches @ ..] => Act::Pledge(NewPledge {
                key: (*key).to_owned(),
                donor: text("donor"),
                signed_on: day(signed),
                through_on: day(through),
                total_fen: yuan(total),
                leverage_low_fen: yuan(total).checked_mul(10).unwrap(),
                leverage_high_fen: yuan(total).checked_mul(100).unwrap(),
                document: document(),
                tranches: tranches
                    .iter()
                    .map(|one| {
                        let (due, amount) = one.split_once(':').unwrap();
                        NewTranche {
                            due_on: day(due),
                            amount_fen: yuan(amount),
                        }
                    })
                    .collect(),
            }),
            ["call", pledge, tranche, on] => Act::Call(Call {
                pledge: (*pledge).to_owned(),
                tranche: tranche.parse().unwrap(),
                on: day(on),
            }),
            ["receive", key, pledge, tranche, on, amount] => Act::Receive(Receipt {
                key: (*key).to_owned(),
                pledge: (*pledge).to_owned(),
                tranche: tranche.parse().unwrap(),
                on: day(on),
                amount_fen: yuan(amount),
                document: document(),
            }),
            ["budget", key, year, lines @ ..] => Act::ProposeBudget(NewBudget {
                key: (*key).to_owned(),
                period: year.parse().unwrap(),
                reason: "plans changed".to_owned(),
                lines: lines
                    .chunks(2)
                    .map(|pair| BudgetLine {
                        pillar: pair[0].to_owned(),
                        amount_fen: yuan(pair[1]),
                    })
                    .collect(),
            }),
            ["approve", key] => Act::ApproveBudget(reasoned(key)),
            ["decline", key] => Act::DeclineBudget(reasoned(key)),
            ["withdraw", key] => Act::WithdrawCofinance(reasoned(key)),
            ["project", key, pillar, from, to, milestones @ ..] => Act::Project(NewProject {
                key: (*key).to_owned(),
                pillar: (*pillar).to_owned(),
                place: None,
                title: text("project"),
                starts_on: day(from),
                ends_on: day(to),
                milestones: milestones
                    .iter()
                    .map(|one| {
                        let (due, amount) = one.split_once(':').unwrap();
                        NewMilestone {
                            title: text("milestone"),
                            due_on: day(due),
                            amount_fen: yuan(amount),
                        }
                    })
                    .collect(),
            }),
            [what @ ("commit" | "release"), project, milestone, on] => {
                let at = AtMilestone {
                    project: (*project).to_owned(),
                    milestone: milestone.parse().unwrap(),
                    on: day(on),
                };
                if *what == "commit" {
                    Act::Commit(at)
                } else {
                    Act::Release(at)
                }
            }
            ["meet", project, milestone, on] => Act::Meet(Met {
                project: (*project).to_owned(),
                milestone: milestone.parse().unwrap(),
                on: day(on),
                document: document(),
            }),
            ["free", project, milestone] => Act::Free(Freed {
                project: (*project).to_owned(),
                milestone: milestone.parse().unwrap(),
                reason: "not needed".to_owned(),
            }),
            [
                "cofinance",
                key,
                project,
                class,
                causal,
                contributor,
                reference,
                amount,
                movers @ ..,
            ] => Act::Cofinance(Cofinance {
                key: (*key).to_owned(),
                project: (*project).to_owned(),
                class: if *class == "turnover" {
                    MoneyClass::Turnover
                } else {
                    MoneyClass::Finance
                },
                contributor: (*contributor).to_owned(),
                reference: (*reference).to_owned(),
                agreed_on: TODAY,
                amount_fen: yuan(amount),
                causal: *causal != "no",
                document: (*causal != "unproven").then(document),
                mobilisers: movers
                    .chunks(2)
                    .map(|pair| Mobiliser {
                        name: pair[0].to_owned(),
                        contribution_fen: yuan(pair[1]),
                    })
                    .collect(),
            }),
            other => panic!("no such words: {other:?}"),
        }
    }
}
