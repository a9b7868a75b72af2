//! Simulated households of the two counties that the report tells of, so many as it publishes: 500 in Bachu, 100 in Yuanyang.
//! The report names none of them; their people, incomes and causes are made up.

use std::collections::{BTreeSet, HashSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use kernel::{Area, Money, Refusal, SeededIds};
use registry::{
    Act, Cause, Guarantee, Health, HouseholdFacts, HouseholdId, Labour, Member, PersonFacts, PersonId,
    Personal, Register, Relation, SayHousehold, Schooling, Sex, YearIncome,
};

use super::Person;
use super::households::Village;
use super::names::{Names, pick};
use crate::random::Random;

/// A county with its households: how many, since when they are on the register, and the year whose income that was.
struct County {
    code: &'static str,
    names: (&'static str, &'static str),
    households: u64,
    since: Date,
}

const COUNTIES: [County; 2] = [
    County {
        code: "653130",
        names: ("新疆维吾尔自治区喀什地区巴楚县", "巴楚县"),
        households: 500,
        since: date(2016, 7, 1),
    },
    County {
        code: "532528",
        names: ("云南省红河哈尼族彝族自治州元阳县", "元阳县"),
        households: 100,
        since: date(2017, 1, 10),
    },
];

/// When the income of 2017 was written down.
const COUNTED_ON: Date = date(2018, 1, 15);
/// Villages of a county, ten a township.
const VILLAGES: u64 = 20;

/// What is done to the registry: each household is written down, as the national register has it, and then its income of 2017.
/// `document` is the hash of [`crate::NOTE`] in the store.
///
/// # Errors
/// A code that is no place, which those here are.
pub fn registry_story(seed: u64, document: &str) -> Result<Vec<Act>, Refusal> {
    let (mut acts, ids) = (Vec::new(), SeededIds::new(seed));
    for county in &COUNTIES {
        let codes = [county.code.to_owned()];
        let mut village = Village {
            names: Names::new(),
            codes: &codes,
            county: county.names,
            used_ids: HashSet::new(),
        };
        let mut random = Random::new(seed, county.code);
        for _ in 0..county.households {
            let people = village.household(6, &mut random);
            let household = HouseholdId::next(&ids);
            let since = county
                .since
                .saturating_add(i64::try_from(random.below(170)).unwrap_or(0).days());
            let place = random.below(VILLAGES);
            let code = format!("{}{}{}", county.code, 101 + place / 10, 201 + place % 10);
            let heads = people.len() as u64;
            let earned = heads * random.between(700, 2_700);
            acts.push(Act::Register(Register {
                household,
                place: code.parse()?,
                since,
                facts: facts((since.year() - 1, earned), &mut random),
                members: members(&people, since, &ids, &mut random),
                recognised_elsewhere: true,
                document: Some(document.to_owned()),
            }));
            acts.push(Act::Household(SayHousehold {
                key: format!("simulated-income-2017-{household}"),
                household,
                since: COUNTED_ON,
                facts: HouseholdFacts {
                    income: Some(income(2017, heads * random.between(2_000, 6_500))),
                    ..HouseholdFacts::default()
                },
                document: Some(document.to_owned()),
            }));
        }
    }
    Ok(acts)
}

fn members(people: &[Person], since: Date, ids: &SeededIds, random: &mut Random) -> Vec<Member> {
    let mut members = Vec::with_capacity(people.len());
    for (person, place) in people.iter().zip(0..) {
        let birth_on = day(&person.born_on).filter(|birth| *birth < since);
        let age = birth_on.map_or(0, |birth| since.year() - birth.year());
        let relation = match place {
            0 => Relation::Head,
            1 => Relation::Spouse,
            _ => Relation::Child,
        };
        members.push(Member {
            person: PersonId::next(ids),
            personal: Personal {
                name: Some(person.name.clone()),
                // A child that is not born yet by the day is written down without a number.
                resident_id: birth_on.map(|_| person.id.clone()),
                phone: (place == 0).then(|| person.phone.clone()),
                bank_account: None,
            },
            facts: PersonFacts {
                relation: Some(relation),
                sex: person
                    .woman
                    .map(|woman| if woman { Sex::Female } else { Sex::Male }),
                birth_on,
                schooling: Some(schooling(age, random)),
                health: Some(health(random)),
                disability: Some(if random.below(25) == 0 { 3 } else { 0 }),
                labour: Some(labour(age)),
                work: None,
            },
        });
    }
    members
}

fn day(digits: &str) -> Option<Date> {
    Date::strptime("%Y%m%d", digits).ok()
}

fn schooling(age: i16, random: &mut Random) -> Schooling {
    match age {
        ..4 => Schooling::None,
        4..7 => Schooling::AtKindergarten,
        7..16 => Schooling::AtSchool,
        16..19 => Schooling::AtHighSchool,
        _ => pick(
            &[
                Schooling::None,
                Schooling::Primary,
                Schooling::Primary,
                Schooling::Middle,
            ],
            random,
        )
        .unwrap_or(Schooling::Primary),
    }
}

fn health(random: &mut Random) -> Health {
    match random.below(20) {
        0 => Health::Serious,
        1 | 2 => Health::Chronic,
        _ => Health::Well,
    }
}

fn labour(age: i16) -> Labour {
    match age {
        16..60 => Labour::Able,
        60..70 => Labour::Weak,
        _ => Labour::None,
    }
}

fn facts((year, yuan): (i16, u64), random: &mut Random) -> HouseholdFacts {
    let causes = [
        Cause::Illness,
        Cause::NoCapital,
        Cause::NoSkills,
        Cause::NoLabour,
        Cause::Schooling,
        Cause::Disability,
        Cause::NoWater,
    ];
    let main = pick(&causes, random).unwrap_or(Cause::Other);
    let unmet = pick(
        &[Guarantee::Housing, Guarantee::Water, Guarantee::Medical],
        random,
    );
    let met = |guarantee: Guarantee| Some(guarantee) != unmet;
    HouseholdFacts {
        place: None,
        causes: Some(vec![main]),
        land_milli_mu: Some(Area::from_milli_mu(
            i64::try_from(random.between(500, 12_000)).unwrap_or(0),
        )),
        guarantees: Guarantee::ALL
            .iter()
            .map(|guarantee| (*guarantee, met(*guarantee)))
            .collect(),
        exclusions: Some(BTreeSet::new()),
        income: Some(income(year, yuan)),
    }
}

/// A net income of so many yuan: a third wages, the rest from the fields, whose costs are a quarter.
fn income(year: i16, yuan: u64) -> YearIncome {
    let net = i64::try_from(yuan).unwrap_or(0) * 100;
    let (wages, transfer) = (net / 3, net / 10);
    let fields = net - wages - transfer;
    let costs = fields / 3;
    YearIncome {
        year,
        wages_fen: Money::from_fen(wages),
        operating_fen: Money::from_fen(fields + costs),
        property_fen: Money::ZERO,
        transfer_fen: Money::from_fen(transfer),
        costs_fen: Money::from_fen(costs),
    }
}
