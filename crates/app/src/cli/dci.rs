//! The exchange with other systems: `dci`.

use clap::{Args, Subcommand};

/// `fishpond dci`
#[derive(Debug, Subcommand)]
pub enum Dci {
    /// Who may ask the registry by messages, and is told what happens
    #[command(subcommand)]
    Partner(DciPartner),
    /// Our public key, which partners check our messages with
    #[command(after_help = "Example: fishpond dci key")]
    Key,
}

/// `fishpond dci partner`
#[derive(Debug, Subcommand)]
pub enum DciPartner {
    /// Add a partner, or change the one of this name
    #[command(
        after_help = "Example: fishpond dci partner add spmis.example.org --receiver-id social.example.org --public-key BASE64 --place 653130 --purpose cover --callback https://spmis.example.org/dci"
    )]
    Add(DciPartnerAdd),
    /// All partners
    #[command(after_help = "Example: fishpond dci partner list --json")]
    List,
    /// Remove a partner: it is heard and told no more
    #[command(after_help = "Example: fishpond dci partner remove spmis.example.org")]
    Remove {
        /// By what it names itself
        sender_id: String,
    },
}

/// `fishpond dci partner add`
#[derive(Debug, Args)]
pub struct DciPartnerAdd {
    /// By what it names itself in messages
    pub sender_id: String,
    /// By what it names this installation
    #[arg(long, default_value = "fishpond", value_name = "ID")]
    pub receiver_id: String,
    /// Its Ed25519 public key, 32 bytes in base64 or hexadecimal
    #[arg(long, value_name = "KEY")]
    pub public_key: String,
    /// Code of the place whose persons it may see; --country for all
    #[arg(
        long,
        value_name = "CODE",
        required_unless_present = "country",
        conflicts_with = "country"
    )]
    pub place: Option<String>,
    /// Let it see persons of the whole country
    #[arg(long)]
    pub country: bool,
    /// What it serves: it sees those only who agreed to that; --by-law where no agreement is asked
    #[arg(
        long,
        value_name = "PURPOSE",
        required_unless_present = "by_law",
        conflicts_with = "by_law"
    )]
    pub purpose: Option<String>,
    /// It asks by law, so nobody has to agree
    #[arg(long)]
    pub by_law: bool,
    /// Let it see who a person is, in full; each read is written into the audit log
    #[arg(long)]
    pub reveal: bool,
    /// Below which address it is answered later and told what happens
    #[arg(long, value_name = "URL")]
    pub callback: Option<String>,
    /// Let the callback be at a private address, and on this machine without https
    #[arg(long, env = "FISHPOND_WEBHOOKS_PRIVATE", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub webhooks_private: Option<bool>,
}
