//! Why a sign-in came to nothing, as the log knows it, and what little of it the person is told.

use kernel::{Fault, Refusal};
use outbound::Unreached;

/// Why someone was not let in.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A rule said no; its name is for the log.
    Refused(&'static str),
    /// The provider did not do its part: what it was asked for, and what came of it.
    Unavailable(&'static str, String),
    /// Our own fault.
    Broken(Refusal),
}

impl Failure {
    /// A request to a provider did not come back.
    pub(crate) fn unreached(asked: &'static str, unreached: Unreached) -> Self {
        match unreached {
            Unreached::NoClient(cause) => {
                Self::Broken(Refusal::broken("oidc.no_client", &std::io::Error::other(cause)))
            }
            other => Self::Unavailable(asked, format!("{other:?}")),
        }
    }

    /// What the person is told. Whoever is refused learns nothing of why.
    pub(crate) fn into_refusal(self) -> Refusal {
        match self {
            Self::Refused(_) => Refusal::new("oidc.sign_in_failed", Fault::Denied),
            Self::Unavailable(..) => Refusal::new("oidc.provider_unavailable", Fault::Refused),
            Self::Broken(refusal) => refusal,
        }
    }

    /// Writes it to the log: the provider and the rule, never anything of the person.
    pub(crate) fn log(&self, provider: &str) {
        match self {
            Self::Refused(rule) => tracing::info!(provider, rule, "a sign-in by an organisation was refused"),
            Self::Unavailable(asked, cause) => {
                tracing::warn!(provider, asked, cause, "a provider did not do its part");
            }
            Self::Broken(refusal) => {
                tracing::error!(
                    provider,
                    code = refusal.code,
                    context = refusal.context(),
                    "sign-in by an organisation"
                );
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Broken(refusal)
    }
}
