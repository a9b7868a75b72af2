//! By which organisations people sign in: `oidc`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `fishpond oidc`
#[derive(Debug, Subcommand)]
pub enum Oidc {
    /// Add a provider, or change the one of the same name and issuer; it is asked for its metadata and keys first
    #[command(
        after_help = "Example: fishpond oidc add longnan-civil --title 陇南市民政局 --issuer https://sso.example.org --client-id fishpond --secret-file secret.txt"
    )]
    Add(OidcAdd),
    /// All providers, with how many people come in by each
    #[command(after_help = "Example: fishpond oidc list --json")]
    List,
    /// Remove a provider: nobody comes in by it any more
    #[command(after_help = "Example: fishpond oidc remove longnan-civil")]
    Remove {
        /// Its name
        name: String,
    },
    /// Let a user come in by a provider, which knows them by this value
    #[command(after_help = "Example: fishpond oidc invite lan longnan-civil lan@example.org")]
    Invite {
        /// The login of the user
        login: String,
        /// The name of the provider
        name: String,
        /// The value of the provider's claim, such as an e-mail address
        value: String,
    },
    /// Let a user come in by their organisation only, or by password and passkey again
    #[command(after_help = "Example: fishpond oidc only lan\n         fishpond oidc only lan --lift")]
    Only {
        /// The login of the user
        login: String,
        /// Let them come in by password and passkey again
        #[arg(long)]
        lift: bool,
    },
}

/// `fishpond oidc add`
#[derive(Debug, Args)]
pub struct OidcAdd {
    /// What it is called in addresses: small letters, digits and -
    pub name: String,
    /// What people read on the sign-in page
    #[arg(long)]
    pub title: String,
    /// Its issuer, as the provider gives it
    #[arg(long, value_name = "URL")]
    pub issuer: String,
    /// What it knows this installation by
    #[arg(long, value_name = "ID")]
    pub client_id: String,
    /// File with the client secret; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub secret_file: PathBuf,
    /// The claim that people are invited by
    #[arg(long, default_value = "email", value_name = "NAME")]
    pub claim: String,
    /// What is asked for, where the claim needs something else
    #[arg(long, value_name = "SCOPE")]
    pub scope: Option<String>,
    /// Let providers be at private addresses, and on this machine without https
    #[arg(long, env = "FISHPOND_OIDC_PRIVATE", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub oidc_private: Option<bool>,
}
