//! How a person comes to be written down a second time: what clerks, machines and moving house do to a record.

use linkage::han::{mistaken_for, traditional};

use super::Person;
use super::households::{Home, phone};
use super::names::{Names, pick};
use crate::random::Random;

/// The same person as somebody else wrote them down. Each slip comes by itself, with a share in thousand.
pub(super) fn written_again(
    person: &Person,
    county: (&str, &str),
    names: &Names,
    random: &mut Random,
) -> Person {
    let mut again = person.clone();
    match random.below(1000) {
        0..60 => change_one(&mut again.name, random, |character, random| {
            names.homophone(character, random)
        }),
        60..100 => change_one(&mut again.name, random, |character, random| {
            pick(&mistaken_for(character), random)
        }),
        100..150 => again.name = again.name.chars().map(|c| traditional(c).unwrap_or(c)).collect(),
        150..160 => again.name = turned(&again.name),
        160..165 => again
            .name
            .truncate(again.name.char_indices().last().map_or(0, |(at, _)| at.max(3))),
        _ => {}
    }
    match random.below(1000) {
        0..25 => slip(&mut again.born_on, 6, random),
        25..35 => again.born_on = day_and_month_swapped(&again.born_on),
        35..50 => again.born_on.clear(),
        _ => {}
    }
    match random.below(1000) {
        0..100 => again.id.clear(),
        100..140 => slip(&mut again.id, 6, random),
        140..160 => transpose(&mut again.id, random),
        _ => {}
    }
    match random.below(1000) {
        0..200 => again.phone = phone(random),
        200..250 => again.phone.clear(),
        250..270 => slip(&mut again.phone, 3, random),
        _ => {}
    }
    if random.below(1000) < 80 {
        again.home = Home::drawn(random);
        again.address = again.home.written(county.0);
    }
    let Home {
        town,
        village,
        group,
        house,
    } = again.home;
    match random.below(1000) {
        0..200 => again.address = again.home.written(county.1),
        200..280 => again.address = format!("{}{town}镇{village}村{group}社", county.1),
        280..320 => again.address = format!("{town}镇{village}村委会{group}组{house}号"),
        320..350 => again.address = format!("{}{town}乡{village}村", county.1),
        _ => {}
    }
    if random.below(1000) < 10 {
        again.woman = pick(&[None, again.woman.map(|woman| !woman)], random).flatten();
    }
    again
}

fn change_one(name: &mut String, random: &mut Random, with: impl Fn(char, &mut Random) -> Option<char>) {
    let mut characters: Vec<char> = name.chars().collect();
    let first = usize::try_from(random.below(characters.len() as u64)).unwrap_or(0);
    for place in (first..characters.len()).chain(0..first) {
        let Some(character) = characters.get_mut(place) else {
            continue;
        };
        if let Some(other) = with(*character, random) {
            *character = other;
            break;
        }
    }
    *name = characters.into_iter().collect();
}

/// Given name before surname.
fn turned(name: &str) -> String {
    let mut characters = name.chars();
    let surname = characters.next();
    characters.as_str().chars().chain(surname).collect()
}

fn day_and_month_swapped(day: &str) -> String {
    match (day.get(..4), day.get(4..6), day.get(6..)) {
        (Some(year), Some(month), Some(date)) if *date <= *"12" => format!("{year}{date}{month}"),
        _ => day.to_owned(),
    }
}

/// Another digit at a place from `first` on.
fn slip(digits: &mut String, first: usize, random: &mut Random) {
    let place = first + usize::try_from(random.below(digits.len().saturating_sub(first) as u64)).unwrap_or(0);
    let step = u8::try_from(random.between(1, 9)).unwrap_or(1);
    let other = |digit: u8| b'0' + (digit.wrapping_sub(b'0') % 10 + step) % 10;
    let bytes = digits
        .bytes()
        .enumerate()
        .map(|(at, digit)| if at == place { other(digit) } else { digit });
    *digits = bytes.map(char::from).collect();
}

fn transpose(digits: &mut String, random: &mut Random) {
    let mut bytes: Vec<u8> = digits.bytes().collect();
    let place = 6 + usize::try_from(random.below(11)).unwrap_or(0);
    if place + 1 < bytes.len() {
        bytes.swap(place, place + 1);
    }
    *digits = bytes.into_iter().map(char::from).collect();
}
