//! Writes the sample report to a folder, to look at the pages: `cargo run -p report --example preview -- DIR`.

use std::path::Path;

use kernel::{Fault, Refusal};
use report::{ReportKey, render_files, sample::sample, write_signed};

fn main() -> Result<(), Refusal> {
    let dir = std::env::args()
        .nth(1)
        .ok_or_else(|| Refusal::new("report.out_not_empty", Fault::Refused))?;
    let report = sample();
    write_signed(
        Path::new(&dir),
        &report,
        &render_files(&report)?,
        &ReportKey::from_seed([1; 32]),
    )?;
    Ok(())
}
