//! The whole way, and the service: `demo`, `serve`.

use clap::Args;

/// `fishpond demo`
#[derive(Debug, Args)]
#[command(after_help = "Example: fishpond demo --lines 200000")]
pub struct Demo {
    /// List the 37 published figures and hold each defined one against the evidence; exit 0 only if all hold
    #[arg(long)]
    pub check: bool,
    /// Order lines to simulate
    #[arg(long, default_value_t = 200_000)]
    pub lines: u64,
    /// Seed of the simulation
    #[arg(long, default_value_t = 2018)]
    pub seed: u64,
    /// Address to serve on
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: std::net::SocketAddr,
    /// Write the report and end, without serving it
    #[arg(long)]
    pub no_serve: bool,
}

/// `fishpond serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Address to serve on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: std::net::SocketAddr,
}
