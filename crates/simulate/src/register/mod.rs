//! A simulated county register of persons, some of whom are written down more than once, and who they are.
//!
//! Surnames are as common as they are in the country; everything else is made up: given names, villages, telephone
//! numbers, and resident IDs, which have valid check digits and codes of real counties. People of a household share an
//! address, mostly a telephone, and a surname. A person who is repeated is written with the slips of `slips`. Rows stand
//! in a drawn order, so that neither place nor number tells. The same seed gives the same bytes. In memory: all rows.

mod households;
mod names;
mod poor;
mod slips;

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use kernel::Refusal;
use people::places::Places;
use serde::Serialize;

pub use self::poor::registry_story;

use self::households::{Home, Village};
use self::names::Names;
use crate::random::Random;
use crate::sink::unwritten;

/// The county, Li Xian of Longnan, and how many of its neighbours' codes IDs may have.
const COUNTY: &str = "621226";
const NEIGHBOURS: usize = 8;
const PERSONS: &str = "persons.SIMULATED.csv";
const TRUTH: &str = "truth.SIMULATED.csv";
const README: &str = "\
模拟数据 SIMULATED

本文件夹中的人全部由程序虚构：姓名、出生日期、身份证号、电话、住址都不属于任何真实的人；只有县名和行政区划代码是真实的。
truth.SIMULATED.csv 写明哪些编号是同一个人。

Every person in this folder was made up by a program: names, birth dates, resident IDs, telephone numbers and addresses are
nobody's. Only the county and the codes of divisions are real. truth.SIMULATED.csv says which numbers are one person.
";

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register {
    /// Another seed gives other people.
    pub seed: u64,
    /// People; each stands in the register once.
    pub persons: u64,
    /// Rows on top in which someone is written down again.
    pub repeats: u64,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimulatedRegister {
    /// Always true, so that whoever reads it knows.
    pub simulated: bool,
    /// Seed of the simulation.
    pub seed: u64,
    /// Rows of the register.
    pub records: u64,
    /// Pairs of rows that are one person.
    pub pairs: u64,
}

#[derive(Debug, Clone)]
struct Person {
    name: String,
    /// Unknown where it was left out.
    woman: Option<bool>,
    born_on: String,
    id: String,
    phone: String,
    home: Home,
    address: String,
}

/// Writes the register, who is who, and `README.txt` into a folder that exists.
///
/// Broken with `simulate.not_written`.
pub fn simulate_register(
    register: &Register,
    places: &Places,
    out_dir: &Path,
) -> Result<SimulatedRegister, Refusal> {
    let (people, who) = rows(register, places);
    let mut order: Vec<usize> = (0..people.len()).collect();
    Random::new(register.seed, "order of rows").shuffle(&mut order);
    let broken = |error: io::Error| unwritten(out_dir, error);
    write_persons(&out_dir.join(PERSONS), &people, &order).map_err(broken)?;
    let pairs = write_truth(&out_dir.join(TRUTH), &who, &order).map_err(broken)?;
    std::fs::write(out_dir.join("README.txt"), README).map_err(broken)?;
    Ok(SimulatedRegister {
        simulated: true,
        seed: register.seed,
        records: people.len() as u64,
        pairs,
    })
}

/// All rows, and of each the number of its person.
fn rows(register: &Register, places: &Places) -> (Vec<Person>, Vec<usize>) {
    let prefecture = COUNTY.get(..4).unwrap_or_default();
    let codes = places.all().iter().map(|place| place.code.to_string());
    let neighbours =
        codes.filter(|code| code.starts_with(prefecture) && !code.ends_with("00") && code != COUNTY);
    let codes: Vec<String> = std::iter::once(COUNTY.to_owned())
        .chain(neighbours.take(NEIGHBOURS))
        .collect();
    let county = ("甘肃省陇南市礼县", "礼县");
    let mut village = Village {
        names: Names::new(),
        codes: &codes,
        county,
        used_ids: HashSet::new(),
    };
    let mut random = Random::new(register.seed, "register of persons");
    let mut people: Vec<Person> = Vec::new();
    while (people.len() as u64) < register.persons {
        let left = register.persons - people.len() as u64;
        people.extend(village.household(left, &mut random));
    }
    let mut who: Vec<usize> = (0..people.len()).collect();
    for _ in 0..register.repeats {
        let person = usize::try_from(random.below(register.persons)).unwrap_or(0);
        let again = people
            .get(person)
            .map(|one| slips::written_again(one, county, &village.names, &mut random));
        people.extend(again);
        who.push(person);
    }
    for person in &mut people {
        match random.below(1000) {
            0..10 => person.id.clear(),
            10..80 => person.phone.clear(),
            _ => {}
        }
    }
    who.truncate(people.len());
    (people, who)
}

fn write_persons(path: &Path, people: &[Person], order: &[usize]) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "编号,姓名,性别,出生日期,身份证号,电话,住址")?;
    for (number, place) in order.iter().enumerate() {
        let Some(person) = people.get(*place) else {
            continue;
        };
        let Person {
            name,
            woman,
            born_on,
            id,
            phone,
            address,
            ..
        } = person;
        let sex = woman.map_or("", |woman| if woman { "女" } else { "男" });
        let day = match (born_on.get(..4), born_on.get(4..6), born_on.get(6..)) {
            (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
            _ => String::new(),
        };
        writeln!(
            out,
            "{},{name},{sex},{day},{id},{phone},{address}",
            row_id(number)
        )?;
    }
    out.into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()
}

fn write_truth(path: &Path, who: &[usize], order: &[usize]) -> io::Result<u64> {
    let mut of_person: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, place) in order.iter().enumerate() {
        of_person
            .entry(who.get(*place).copied().unwrap_or(usize::MAX))
            .or_default()
            .push(number);
    }
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "id_left,id_right")?;
    let mut pairs = 0;
    for rows in of_person.values() {
        for (place, left) in rows.iter().enumerate() {
            for right in rows.iter().skip(place + 1) {
                writeln!(out, "{},{}", row_id(*left), row_id(*right))?;
                pairs += 1;
            }
        }
    }
    out.into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    Ok(pairs)
}

fn row_id(number: usize) -> String {
    format!("SIM{:08}", number + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_people_with_valid_ids_and_another_gives_others() {
        let made = |seed| {
            let dir = tempfile::tempdir().unwrap();
            let register = Register {
                seed,
                persons: 2000,
                repeats: 400,
            };
            let made = simulate_register(&register, Places::national(), dir.path()).unwrap();
            assert!(made.records == 2400 && made.pairs >= 400, "{made:?}");
            std::fs::read_to_string(dir.path().join(PERSONS)).unwrap()
        };
        let first = made(1);
        assert_eq!(first, made(1));
        assert_ne!(first, made(2));
        let ids = first.lines().skip(1).filter_map(|line| line.split(',').nth(4));
        let valid = ids
            .filter(|id| linkage::compare::has_valid_check_digit(id))
            .count();
        assert!(valid > 2200, "{valid}");
    }
}
