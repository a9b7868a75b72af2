//! How often one address may try to sign in, before any password is looked at: thirty times a minute.
//!
//! The desk counts too, and locks; this keeps a flood from its queue. Counted in memory, forgotten at a restart.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many in one window.
const TRIES_MAX: u32 = 30;
/// How long a window is.
const WINDOW: Duration = Duration::from_mins(1);
/// More addresses than this are not remembered.
const ADDRESSES_MAX: usize = 10_000;

/// Tries by address.
#[derive(Debug, Default)]
pub(crate) struct Tries(Mutex<HashMap<String, (Instant, u32)>>);

impl Tries {
    /// Counts a try and says whether it may go on. Where no address is known nothing is counted.
    pub(crate) fn may(&self, address: Option<&str>) -> bool {
        let Some(address) = address else { return true };
        let (now, mut seen) = (
            Instant::now(),
            self.0.lock().unwrap_or_else(PoisonError::into_inner),
        );
        if seen.len() >= ADDRESSES_MAX {
            seen.retain(|_, (began, _)| now.duration_since(*began) < WINDOW);
            // All of them new: rather forget than grow.
            if seen.len() >= ADDRESSES_MAX {
                seen.clear();
            }
        }
        let (began, tries) = seen.entry(address.to_owned()).or_insert((now, 0));
        if now.duration_since(*began) >= WINDOW {
            (*began, *tries) = (now, 0);
        }
        *tries += 1;
        *tries <= TRIES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_tries_too_often_waits_and_others_do_not() {
        let tries = Tries::default();
        assert!((0..30).all(|_| tries.may(Some("203.0.113.9"))));
        assert!(!tries.may(Some("203.0.113.9")));
        assert!(tries.may(Some("203.0.113.10")) && tries.may(None));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let tries = Tries::default();
        for number in 0..=ADDRESSES_MAX {
            assert!(tries.may(Some(&number.to_string())));
        }
        assert!(tries.0.lock().unwrap().len() <= ADDRESSES_MAX);
    }
}
