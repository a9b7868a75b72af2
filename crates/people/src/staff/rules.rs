//! The rules of signing in, as values and sentences: passwords, tries, locks, lifetimes.

use jiff::{SignedDuration, Timestamp};
use kernel::{Fault, PlaceCode, Refusal, Role};

use super::rights::{PlaceRule, place_rule};
use crate::places::Places;

/// The fewest letters of a password.
pub(super) const PASSWORD_LETTERS_MIN: usize = 10;
/// The most bytes of one: more would only be work for the hash.
pub(super) const PASSWORD_BYTES_MAX: usize = 512;
/// Failed tries are counted for this long.
pub(super) const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// This many on one login lock it.
pub(super) const LOGIN_FAILURES_MAX: i64 = 10;
/// This many from one address lock it; more, because an office has one address.
pub(super) const ADDRESS_FAILURES_MAX: i64 = 50;
/// A lock lasts this long.
pub(super) const LOCK: SignedDuration = SignedDuration::from_mins(15);
/// A session that nobody used for this long has ended.
pub(super) const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(12);
/// A session ends after this long in any case.
pub(super) const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A session's last use is written down no more often than this.
pub(super) const SESSION_NOTED_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// A passkey's challenge waits this long for its answer.
pub(super) const CHALLENGE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// A one-time link may be used for this long.
pub(super) const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// An API key lives at most this many days.
pub(super) const API_KEY_DAYS_MAX: i64 = 366;

/// Passwords that everyone tries first, of those long enough to be let through otherwise; one a line, small letters.
const COMMONEST: &str = include_str!("commonest_passwords.txt");

/// An instant later by a while.
pub(super) fn after(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// An instant earlier by a while.
pub(super) fn before(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

/// A password is long enough, not too long to hash, not the login, and not one that everyone tries first.
pub(super) fn require_password(password: &str, login: &str) -> Result<(), Refusal> {
    if password.chars().count() < PASSWORD_LETTERS_MIN {
        return Err(Refusal::new("staff.password_short", Fault::Refused).fact("min", PASSWORD_LETTERS_MIN));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(Refusal::new("staff.password_long", Fault::Refused).fact("max", PASSWORD_BYTES_MAX));
    }
    let small = password.to_lowercase();
    let login = login.to_lowercase();
    let mut letters = small.chars();
    let first = letters.next();
    let is_one_letter = letters.all(|letter| Some(letter) == first);
    if is_one_letter || small == login || COMMONEST.lines().any(|common| common == small) {
        return Err(Refusal::new("staff.password_common", Fault::Refused));
    }
    Ok(())
}

/// How long to wait after the last of so many failures: nothing for the first four, then 1, 2, 4, 8 … seconds.
pub(super) fn wait_after(failures: i64) -> SignedDuration {
    let doublings = u32::try_from(failures.saturating_sub(5).min(6));
    let seconds = doublings.map_or(0, |doublings| 1_i64 << doublings);
    SignedDuration::from_secs(if failures < 5 { 0 } else { seconds })
}

/// A name that pages can show.
pub(super) fn require_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let letters = name.chars().count();
    if letters == 0 || letters > 80 || name.chars().any(char::is_control) {
        return Err(Refusal::new("staff.bad_name", Fault::Refused).value(name));
    }
    Ok(name.to_owned())
}

/// The place a role is given at: one that exists, where the role needs or takes one. A withdrawn code down to the
/// county is replaced by the one that took its place; of a village only the county is looked up.
pub(super) fn require_place(role: Role, place: Option<PlaceCode>) -> Result<Option<PlaceCode>, Refusal> {
    let no = |code| Err(Refusal::new(code, Fault::Refused).value(role));
    match (place_rule(role), place) {
        (None, _) => no("staff.role_not_granted"),
        (Some(PlaceRule::Needed), None) => no("staff.place_needed"),
        (Some(PlaceRule::None), Some(_)) => no("staff.place_not_taken"),
        (Some(_), None) => Ok(None),
        (Some(_), Some(place)) => {
            let today = Places::national().current_code(place)?;
            Ok(Some(if place.as_u32().is_some() { today } else { place }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_what_everyone_tries() {
        for (password, code) in [
            ("short", "staff.password_short"),
            ("九个字的口令不够长", "staff.password_short"),
            ("1234567890", "staff.password_common"),
            ("Password123", "staff.password_common"),
            ("woaini1314", "staff.password_common"),
            ("aaaaaaaaaaaaaa", "staff.password_common"),
            ("Lan.Li@Example.org", "staff.password_common"),
        ] {
            let refusal = require_password(password, "lan.li@example.org").unwrap_err();
            assert_eq!(refusal.code, code, "{password}");
            assert!(refusal.value.is_none(), "a password is never repeated");
        }
        let long = "x y".repeat(200);
        assert_eq!(
            require_password(&long, "lan").unwrap_err().code,
            "staff.password_long"
        );
        for good in ["correct horse battery", "礼县的苹果今年格外甜"] {
            assert!(require_password(good, "lan").is_ok(), "{good}");
        }
    }

    #[test]
    fn the_list_holds_only_what_the_length_lets_through() {
        for common in COMMONEST.lines() {
            assert!(common.chars().count() >= PASSWORD_LETTERS_MIN, "{common}");
            assert_eq!(common, common.to_lowercase());
        }
    }

    #[test]
    fn the_wait_grows_and_stays_within_a_lock() {
        let seconds: Vec<i64> = (0..12).map(|failures| wait_after(failures).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64]);
        assert_eq!(wait_after(i64::MAX).as_secs(), 64);
    }

    #[test]
    fn a_role_is_given_at_a_place_that_exists_where_it_needs_one() {
        let place = |code: &str| Some(code.parse().unwrap());
        for (role, at, code) in [
            (Role::System, None, "staff.role_not_granted"),
            (Role::County, None, "staff.place_needed"),
            (Role::Admin, place("621226"), "staff.place_not_taken"),
            (Role::County, place("999999"), "places.unknown_code"),
        ] {
            assert_eq!(require_place(role, at).unwrap_err().code, code, "{role}");
        }
        for (role, at) in [
            (Role::Fund, None),
            (Role::Fund, place("620000")),
            (Role::County, place("621226")),
            (Role::VillageWorker, place("621226100201")),
        ] {
            assert_eq!(require_place(role, at).unwrap(), at);
        }
    }
}
