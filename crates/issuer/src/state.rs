//! What the provider knows, and what it does wrong.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::codes::Code;
use crate::sign::Algorithm;

/// Ways to do it wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// The ID token brings another nonce.
    WrongNonce,
    /// The ID token is for another client.
    WrongAudience,
    /// The ID token is for us and another client.
    SecondAudience,
    /// The ID token was issued to another client.
    WrongParty,
    /// The ID token says that another provider made it.
    WrongIssuer,
    /// The ID token expired two minutes ago.
    Expired,
    /// The ID token was made in two minutes' time.
    FromTheFuture,
    /// The ID token is an hour old, and good for another.
    Old,
    /// The ID token has `alg: none` and no signature.
    Unsigned,
    /// The ID token is signed with HS256 and the bytes of the public key.
    SharedSecret,
    /// The ID token names a key that is not in the set.
    UnknownKey,
    /// The ID token is signed with a key that is not the one it names.
    OtherKey,
    /// The ID token is cut short.
    Cut,
    /// The answer of the token endpoint is no JSON.
    NoTokens,
    /// The token endpoint answers 500.
    TokenDown,
    /// The token endpoint answers after ten seconds.
    TokenSlow,
    /// The answer of the token endpoint goes on for 64 MiB.
    TokenHuge,
    /// Everything answers 500.
    Down,
    /// Discovery answers after ten seconds.
    Slow,
    /// The discovery document goes on for 64 MiB.
    HugeMetadata,
    /// The discovery document is another provider's.
    OthersMetadata,
    /// Discovery sends us elsewhere.
    Redirect,
    /// What it sends back says that another provider did.
    AnswerOfAnother,
    /// What it sends back does not say who did, though discovery promised it.
    AnswerOfNobody,
    /// Userinfo speaks of somebody else.
    OtherAtUserinfo,
    /// The person says no.
    Cancelled,
}

/// How often it was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// For its metadata.
    pub metadata: u32,
    /// For its keys.
    pub keys: u32,
    /// For tokens.
    pub tokens: u32,
    /// For more of a person.
    pub userinfo: u32,
}

/// What the provider knows.
pub(crate) struct State {
    pub url: String,
    pub subject: String,
    pub claims: Map<String, Value>,
    pub at_userinfo_only: bool,
    pub algorithm: Algorithm,
    pub secrets_in_forms: bool,
    pub twist: Option<Twist>,
    pub now: Option<i64>,
    /// How often the keys were changed.
    pub keys: u32,
    pub asks_first: bool,
    pub asked: Asked,
    pub codes: HashMap<String, Code>,
    pub access_tokens: HashMap<String, String>,
    /// How many codes and tokens were made.
    pub made: u64,
}

impl State {
    pub(crate) fn new(url: String) -> Self {
        Self {
            url,
            subject: String::new(),
            claims: Map::new(),
            at_userinfo_only: false,
            algorithm: Algorithm::Rs256,
            secrets_in_forms: false,
            twist: None,
            now: None,
            keys: 1,
            asks_first: false,
            asked: Asked::default(),
            codes: HashMap::new(),
            access_tokens: HashMap::new(),
            made: 0,
        }
    }

    pub(crate) fn does(&self, twist: Twist) -> bool {
        self.twist == Some(twist)
    }

    /// The name of the key that signs now.
    pub(crate) fn kid(&self) -> String {
        format!("{:?}-{}", self.algorithm, self.keys)
    }

    /// The time, in seconds since 1970.
    #[expect(
        clippy::disallowed_methods,
        reason = "a provider has a clock of its own, which a test may set"
    )]
    pub(crate) fn second(&self) -> i64 {
        self.now.unwrap_or_else(|| {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
        })
    }

    /// A text that was not given before.
    pub(crate) fn fresh(&mut self, what: &str) -> String {
        self.made += 1;
        format!("{what}-{}", self.made)
    }
}
