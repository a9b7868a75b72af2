//! The whole way, and the service: `demo`, `serve`, `config`, `doctor`.

use std::net::SocketAddr;
use std::path::PathBuf;

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
    #[arg(long = "listen", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub address: SocketAddr,
    /// Write the report and end, without serving it
    #[arg(long)]
    pub no_serve: bool,
}

/// What the service is told: `serve`, `config` and `doctor` take it. The values are read by name in `config`.
#[derive(Debug, Args)]
pub struct ServiceFlags {
    /// Address to serve on [default: 127.0.0.1:8080]
    #[arg(long, env = "FISHPOND_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Certificate chain for HTTPS, PEM; read again on SIGHUP
    #[arg(long, env = "FISHPOND_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, env = "FISHPOND_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Address under which readers reach the pages, e.g. https://fishpond.example.org
    #[arg(long, env = "FISHPOND_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Believe X-Forwarded-For and X-Forwarded-Proto; only behind a proxy that sets them
    #[arg(long, env = "FISHPOND_TRUST_PROXY", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub trust_proxy: Option<bool>,
    /// Address for /metrics alone; without it they are given on the pages' address to this machine only
    #[arg(long, env = "FISHPOND_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
    /// Connections open at once, at most [default: 4096, or what the limit on open files leaves]
    #[arg(long, env = "FISHPOND_CONNECTIONS_MAX", value_name = "NUMBER")]
    pub connections_max: Option<u32>,
    /// Let webhooks go to private addresses, and to this machine without https; only where whoever manages them may reach
    /// your network
    #[arg(long, env = "FISHPOND_WEBHOOKS_PRIVATE", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub webhooks_private: Option<bool>,
    /// Let the providers that organisations sign in by be at private addresses, and on this machine without https
    #[arg(long, env = "FISHPOND_OIDC_PRIVATE", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub oidc_private: Option<bool>,
}
