//! Passwords as argon2id hashes. A hash takes 19 MiB and some 20 ms, so it is made off the runtime's threads and
//! outside the writer, two at a time; the rest wait their turn.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Fault, Refusal, SecretSource};
use tokio::sync::Semaphore;

/// The least that OWASP's password storage cheat sheet asks of argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many hashes are made at a time.
const AT_A_TIME: usize = 2;

/// What a password is held against when there is none, so that an unknown login takes as long as a known one.
static NOBODYS: LazyLock<String> =
    LazyLock::new(|| hash_of("nobody signs in with this", &[0; 16]).unwrap_or_default());

/// Makes and checks hashes.
#[derive(Clone)]
pub(super) struct Hasher {
    turns: Arc<Semaphore>,
}

impl Hasher {
    pub(super) fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
        }
    }

    /// The hash to keep of a password.
    pub(super) async fn hash(&self, password: &str, secrets: &dyn SecretSource) -> Result<String, Refusal> {
        let mut salt = [0_u8; 16];
        secrets.fill(&mut salt)?;
        let password = password.to_owned();
        self.in_turn(move || hash_of(&password, &salt)).await?
    }

    /// Whether a password is the one that a hash was made of. Without a hash it is not, after the same time.
    pub(super) async fn is_right(&self, password: &str, hash: Option<String>) -> Result<bool, Refusal> {
        let password = password.to_owned();
        self.in_turn(move || {
            let kept = hash.as_deref().unwrap_or(&NOBODYS);
            let fits = argon2()?.verify_password(password.as_bytes(), kept).is_ok();
            Ok(fits && hash.is_some())
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let _turn = turn.map_err(|error| Refusal::broken("staff.hash_failed", &error))?;
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| Refusal::broken("staff.hash_failed", &error))
    }
}

fn argon2() -> Result<Argon2<'static>, Refusal> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None);
    let params = params.map_err(|_| Refusal::new("staff.hash_failed", Fault::Broken))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_of(password: &str, salt: &[u8]) -> Result<String, Refusal> {
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), salt);
    let hash = hash.map_err(|error| Refusal::broken("staff.hash_failed", &error))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use kernel::SeededSecrets;

    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_only_and_says_how_it_was_made() {
        let (hasher, secrets) = (Hasher::new(), SeededSecrets::new(1));
        let hash = hasher.hash("correct horse battery", &secrets).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(
            hash,
            hasher.hash("correct horse battery", &secrets).await.unwrap()
        );
        let is_right =
            async |said: &str, kept: Option<&String>| hasher.is_right(said, kept.cloned()).await.unwrap();
        assert!(is_right("correct horse battery", Some(&hash)).await);
        assert!(!is_right("Correct horse battery", Some(&hash)).await);
        assert!(!is_right("nobody signs in with this", None).await);
    }
}
