//! Who may do what: `user`.

use clap::{Args, Subcommand};

/// `fishpond user`
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a user; the same login twice is one user
    #[command(
        after_help = "Example: fishpond user add lan@example.org --name 李兰 --role county --place 621226"
    )]
    Add(UserAdd),
    /// Give a role, or take it back
    #[command(after_help = "Example: fishpond user role lan@example.org county --place 621227")]
    Role(UserRole),
    /// Shut a user out
    #[command(after_help = "Example: fishpond user disable lan@example.org")]
    Disable {
        /// The login
        login: String,
    },
    /// Let a user in again
    #[command(after_help = "Example: fishpond user enable lan@example.org")]
    Enable {
        /// The login
        login: String,
    },
    /// All users with their roles
    #[command(after_help = "Example: fishpond user list --json")]
    List,
    /// Print a new one-time link, with which a user sets a password or a passkey
    #[command(after_help = "Example: fishpond user link lan@example.org")]
    Link {
        /// The login
        login: String,
    },
}

/// `fishpond user add`
#[derive(Debug, Args)]
pub struct UserAdd {
    /// What is typed to sign in: letters, digits and . _ - + @
    pub login: String,
    /// What pages call the user
    #[arg(long)]
    pub name: String,
    /// A role to give at once: admin, fund, county, observer …
    #[arg(long)]
    pub role: Option<String>,
    /// The place of the role, with everything below it
    #[arg(long, value_name = "CODE", requires = "role")]
    pub place: Option<String>,
}

/// `fishpond user role`
#[derive(Debug, Args)]
pub struct UserRole {
    /// The login
    pub login: String,
    /// The role: admin, fund, county, observer …
    pub role: String,
    /// The place of the role, with everything below it; the whole country where it is not given
    #[arg(long, value_name = "CODE")]
    pub place: Option<String>,
    /// Take the role back
    #[arg(long)]
    pub revoke: bool,
}
