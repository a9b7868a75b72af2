//! The project's own tools: `cargo xtask COMMAND`.
//!
//! - `tidy`: the house rules that no other tool checks;
//! - `test [--strict]`: every test this machine can run, and a list of what it could not;
//! - `screens`: pictures of every public page, into `target/screens`, and small ones into `docs/screens`;
//! - `bench intake|report|web|books|linkage`: rows per CPU second beside DuckDB and Polars, pages under load beside hello world, posts
//!   beside PostgreSQL;
//! - `errors`: writes `docs/errors.md` from the catalogue of messages.

mod bench;
mod errors;
mod postgres;
mod python;
mod screens;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND
  tidy                      check the house rules
  test [--strict]           run all tests; --strict fails when something could not be run
  screens                   pictures of every public page, into target/screens and docs/screens
  bench intake [--lines N]  order lines from CSV to Parquet beside DuckDB and Polars (default 10 m lines)
  bench report [--lines N]  a half-year report beside DuckDB's scan of the lines (default 50 m lines)
  bench web [--lines N]     the pages under load beside a server that says hello (default: a demo of 200,000 lines)
  bench books               single posts and batches beside PostgreSQL doing the same, both with full durability
  bench linkage [--lines N] duplicates in a simulated register beside Splink on DuckDB (default 1.2 m records)
  errors [--check]          write docs/errors.md, or check that it is current";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["tidy"] => tidy::run(),
        ["test"] => test::run(false),
        ["test", "--strict"] => test::run(true),
        ["screens"] => screens::run(),
        ["bench", name] => bench::run(name, None),
        ["bench", name, "--lines", lines] => bench::run(name, Some(lines)),
        ["errors"] => errors::write(),
        ["errors", "--check"] => errors::check(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
