//! The client of `cargo xtask bench web`, and the server it holds ours against.
//!
//! ```text
//! hello                        answers every request with one line, by axum, until it is ended; prints where it listens
//! load pond|hello ADDRESS PID  warms up, then 500 requests a second, then as many as are answered; prints JSON
//! weigh ADDRESS                what every kind of public page weighs as it is sent; prints JSON
//! ```
//! It stands here and not in `xtask`, which is built before every check, because it needs axum and hyper.

mod hello;
mod load;
mod measured;
mod mix;
mod reader;
mod weigh;

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // One thread: the machine's cores are for the servers.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match words.as_slice() {
        ["hello"] => hello::serve(),
        ["load", what, address, process] => {
            let (address, process) = (parsed(address)?, process.parse()?);
            let said = runtime.block_on(async {
                let mix = match *what {
                    "hello" => mix::Mix::of_one("/"),
                    _ => mix::Mix::of_site(address).await?,
                };
                load::run(address, process, mix).await
            })?;
            println!("{said}");
            Ok(())
        }
        ["weigh", address] => {
            println!("{}", runtime.block_on(weigh::run(parsed(address)?))?);
            Ok(())
        }
        // `cargo test` and `cargo bench` run benches without words, to see that they start.
        [] | ["--bench"] => Ok(()),
        _ => bail!("hello | load pond|hello ADDRESS PID | weigh ADDRESS"),
    }
}

fn parsed(address: &str) -> Result<SocketAddr> {
    address
        .parse()
        .with_context(|| format!("{address} is no address"))
}
