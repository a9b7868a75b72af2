//! Secrets as a parameter: the random bytes of tokens, challenges and salts.
//!
//! Ids come from [`IdSource`](crate::IdSource) and may be guessed; what comes from here may not.

use std::sync::Mutex;

use crate::{Fault, Refusal};

/// Gives bytes that nobody can guess.
pub trait SecretSource: Send + Sync {
    /// Fills the bytes. Refuses with `kernel.no_randomness` when the machine has none to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Refusal>;
}

/// Bytes from the operating system; made only at the edge of the program.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemSecrets;

impl SecretSource for SystemSecrets {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Refusal> {
        getrandom::fill(bytes)
            .map_err(|error| Refusal::new("kernel.no_randomness", Fault::Broken).fact("cause", error))
    }
}

/// The same bytes in the same order for the same seed. For tests only: whoever knows the seed knows them all.
#[derive(Debug)]
pub struct SeededSecrets {
    state: Mutex<u64>,
}

impl SeededSecrets {
    /// A source that starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            state: Mutex::new(seed),
        }
    }
}

impl SecretSource for SeededSecrets {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Refusal> {
        let mut state = self
            .state
            .lock()
            .map_err(|error| Refusal::new("kernel.no_randomness", Fault::Broken).fact("cause", error))?;
        for chunk in bytes.chunks_mut(8) {
            *state = crate::random::mix(*state);
            for (byte, fresh) in chunk.iter_mut().zip(state.to_le_bytes()) {
                *byte = fresh;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(source: &dyn SecretSource) -> [u8; 20] {
        let mut bytes = [0; 20];
        source.fill(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn seeded_secrets_repeat_from_their_seed_and_never_within_it() {
        let (one, same) = (SeededSecrets::new(7), SeededSecrets::new(7));
        let first = taken(&one);
        assert_eq!(first, taken(&same));
        assert_ne!(first, taken(&one));
        assert_ne!(first, taken(&SeededSecrets::new(8)));
    }

    #[test]
    fn the_machine_gives_different_bytes_each_time() {
        assert_ne!(taken(&SystemSecrets), taken(&SystemSecrets));
    }
}
