//! A village to test with: its registry, its people, and short words for what is done.

use std::sync::Arc;

use jiff::civil::{Date, date};
use kernel::{Actor, Done, Money, PlaceCode, Refusal, Role, SeededSecrets};
use programme::Programme;
use registry::{
    Act, Announce, Answer, Apply, Appraise, CaseId, CaseKind, Decide, Guarantee, HouseholdFacts, HouseholdId,
    Labour, Member, Notice, Object, PersonFacts, PersonId, Personal, Register, Registry, Relation, Review,
    SayHousehold, Sex, YearIncome,
};
use store::{Keyring, Store};

/// The day on which every test is run.
pub const TODAY: Date = date(2018, 7, 2);
/// A village of Bachu.
pub const VILLAGE: &str = "653130101201";

/// The registry of a village, and a document that proves anything.
pub struct Village {
    pub registry: Registry,
    pub document: String,
}

impl Village {
    pub async fn new(store: &Store) -> Self {
        let rules = Programme::built_in().unwrap().recognition.unwrap();
        let keyring = Keyring::from_seed(&[7; 32]).unwrap();
        let secrets = Arc::new(SeededSecrets::new(3));
        let document = store.documents().put(b"a scan".to_vec()).await.unwrap();
        Self {
            registry: Registry::new(store.clone(), keyring, secrets, Arc::new(rules)),
            document,
        }
    }

    /// Takes an act by someone; `now` or `again`.
    pub async fn take(&self, who: &str, act: Act) -> Result<&'static str, Refusal> {
        let role = if who == "village" {
            Role::VillageWorker
        } else {
            Role::County
        };
        Ok(match self.registry.take(Actor::new(who, role), act).await? {
            Done::Now(()) => "now",
            Done::Already(()) => "again",
        })
    }

    /// Takes acts that are right.
    pub async fn take_all(&self, acts: impl IntoIterator<Item = (&'static str, Act)>) {
        for (who, act) in acts {
            let name = act.name();
            let taken = self.take(who, act).await;
            taken.unwrap_or_else(|refusal| panic!("{name} by {who}: {refusal} {refusal:?}"));
        }
    }

    /// A case of a household, from its application to the end of its second notice, in March and April.
    pub fn to_second_notice(
        &self,
        household: HouseholdId,
        id: CaseId,
        kind: CaseKind,
    ) -> Vec<(&'static str, Act)> {
        vec![
            ("village", self.apply(household, id, kind)),
            ("village", self.appraise(id, (100, 80, 70, 5))),
            ("village", self.notice(id, 1, date(2018, 3, 5))),
            ("town", review(id, date(2018, 3, 13))),
            ("town-clerk", self.notice(id, 2, date(2018, 3, 14))),
        ]
    }

    pub fn apply(&self, household: HouseholdId, case: CaseId, kind: CaseKind) -> Act {
        Act::Apply(Apply {
            case,
            household,
            kind,
            on: date(2018, 3, 1),
            document: self.document.clone(),
            run: None,
        })
    }

    /// Of so many so many came, and so many said yes and no.
    pub fn appraise(
        &self,
        case: CaseId,
        (eligible, attended, in_favour, against): (u32, u32, u32, u32),
    ) -> Act {
        Act::Appraise(Appraise {
            case,
            on: date(2018, 3, 3),
            eligible,
            attended,
            in_favour,
            against,
            document: self.document.clone(),
        })
    }

    pub fn notice(&self, case: CaseId, number: u8, on: Date) -> Act {
        Act::Notice(Notice {
            case,
            number,
            on,
            document: self.document.clone(),
        })
    }
}

pub fn review(case: CaseId, on: Date) -> Act {
    Act::Review(Review {
        case,
        on,
        agreed: true,
        reason: "入户核实".to_owned(),
    })
}

pub fn decide(case: CaseId, on: Date, granted: bool) -> Act {
    Act::Decide(Decide {
        case,
        on,
        granted,
        reason: "审定".to_owned(),
    })
}

pub fn announce(case: CaseId, on: Date) -> Act {
    Act::Announce(Announce { case, on })
}

pub fn object(case: CaseId, key: &str, on: Date) -> Act {
    Act::Object(Object {
        key: key.to_owned(),
        case,
        on,
        text: "家中有车".to_owned(),
        document: None,
    })
}

pub fn answer(objection: &str, on: Date, upheld: bool) -> Act {
    Act::Answer(Answer {
        objection: objection.to_owned(),
        on,
        upheld,
        text: "已入户核查".to_owned(),
        document: None,
    })
}

/// Ids by numbers, so that a test can name them.
pub fn household(number: u8) -> HouseholdId {
    format!("01890a5d-ac96-774b-bcce-b302099a80{number:02}")
        .parse()
        .unwrap()
}

pub fn person(number: u8) -> PersonId {
    format!("01890a5d-ac96-774b-aaaa-b302099a80{number:02}")
        .parse()
        .unwrap()
}

pub fn case(number: u8) -> CaseId {
    format!("01890a5d-ac96-774b-cccc-b302099a80{number:02}")
        .parse()
        .unwrap()
}

/// A number with its check character (GB 11643).
pub fn resident_id(first: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first
        .chars()
        .zip(weights)
        .map(|(digit, weight)| digit.to_digit(10).unwrap() * weight)
        .sum();
    let check = (12 - sum % 11) % 11;
    format!(
        "{first}{}",
        if check == 10 {
            "X".to_owned()
        } else {
            check.to_string()
        }
    )
}

pub fn member(number: u8, name: &str, relation: Relation) -> Member {
    Member {
        person: person(number),
        personal: Personal {
            name: Some(name.to_owned()),
            resident_id: Some(resident_id(&format!("65313019800101{number:02}1"))),
            phone: Some(format!("138000000{number:02}")),
            bank_account: Some(format!("62284800000000{number:02}")),
        },
        facts: PersonFacts {
            relation: Some(relation),
            sex: Some(Sex::Male),
            birth_on: Some(date(1980, 1, 1)),
            labour: Some(Labour::Able),
            ..PersonFacts::default()
        },
    }
}

/// A household of two, written down in January.
pub fn register(number: u8) -> Act {
    Act::Register(Register {
        household: household(number),
        place: village(),
        since: date(2018, 1, 10),
        facts: HouseholdFacts::default(),
        members: vec![
            member(number * 10 + 1, "张伟", Relation::Head),
            member(number * 10 + 2, "李娜", Relation::Sibling),
        ],
        recognised_elsewhere: false,
        document: None,
    })
}

pub fn village() -> PlaceCode {
    VILLAGE.parse().unwrap()
}

pub fn say(number: u8, key: &str, since: Date, facts: HouseholdFacts) -> Act {
    Act::Household(SayHousehold {
        key: key.to_owned(),
        household: household(number),
        since,
        facts,
        document: None,
    })
}

/// Net income of a year, in yuan, all of it wages.
pub fn earned(year: i16, yuan: i64) -> HouseholdFacts {
    HouseholdFacts {
        income: Some(YearIncome {
            year,
            wages_fen: Money::from_fen(yuan * 100),
            operating_fen: Money::ZERO,
            property_fen: Money::ZERO,
            transfer_fen: Money::ZERO,
            costs_fen: Money::ZERO,
        }),
        ..HouseholdFacts::default()
    }
}

/// Everything was looked at: all guarantees met but these, and nothing of the exclusion list seen.
pub fn looked_at(unmet: &[Guarantee]) -> HouseholdFacts {
    HouseholdFacts {
        guarantees: Guarantee::ALL
            .iter()
            .map(|guarantee| (*guarantee, !unmet.contains(guarantee)))
            .collect(),
        exclusions: Some(std::collections::BTreeSet::new()),
        ..HouseholdFacts::default()
    }
}
