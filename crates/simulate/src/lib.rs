//! Simulated order files of the programme's channels, from which its published sales figures come out again.
//!
//! The half-year report publishes what was sold, not the orders. So that the whole way from order files to report can be
//! walked and tested, this crate makes order files: real counties, made-up products and amounts, each channel with its
//! own layout and dirt, and totals that agree with the report to the fen. Everything it writes says that it is simulated:
//! the file names, a README beside them, and every order number (they begin with `SIM`).
//!
//! How: `source` takes counties and products from the programme, `plan` shares the totals out and counts the lines,
//! `stream` cuts them into lines by time, `render` and `sink` write them. The same seed and number of lines give the
//! same bytes; another number of lines gives the same totals of every county, product, channel and month. Memory does
//! not grow with the number of lines.

mod channels;
mod files;
mod fund;
mod plan;
mod random;
mod register;
mod render;
mod sink;
mod source;
mod stream;
mod terms;

use std::path::Path;

use kernel::Refusal;
use people::places::Places;
use programme::Programme;
use serde::Serialize;

pub use crate::fund::{FundStory, Hand, NOTE, Spending, fund_story};
pub use crate::register::{Register, SimulatedRegister, registry_story, simulate_register};
use crate::source::Source;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// Another seed gives other orders and other shares of counties and products, within the same published totals.
    pub seed: u64,
    /// Order lines that an import accepts, cancelled ones included; rows made to be rejected and rows written a second
    /// time in another file come on top. From 10,000 to 500,000,000.
    pub lines: u64,
    /// Without rows to be rejected and without repeated rows.
    pub clean: bool,
}

/// What was made: what an import of the files, in this order, has to find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Simulated {
    /// Always true, so that whoever reads it knows.
    pub simulated: bool,
    /// Seed of the simulation.
    pub seed: u64,
    /// Accepted lines of all files.
    pub lines: u64,
    /// Gross sales of all files, in fen.
    pub gross_fen: i64,
    /// Net sales of all files, in fen.
    pub net_fen: i64,
    /// The files, in the order in which they were written.
    pub files: Vec<SimulatedFile>,
}

/// What an import of one file has to find.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SimulatedFile {
    /// File name.
    pub file: String,
    /// Layout to read it with.
    pub layout: String,
    /// New lines, cancelled ones included.
    pub lines_accepted: u64,
    /// Rows to be rejected.
    pub rejected: u64,
    /// Rows that an earlier file, or this one, has already.
    pub duplicates: u64,
    /// Accepted lines that take an earlier one back.
    pub cancelled_lines: u64,
    /// Sales without the cancelled lines, in fen.
    pub gross_fen: i64,
    /// Sales with them, in fen.
    pub net_fen: i64,
}

/// Writes the order files of all channels, `expected.json` and `README.txt` into `out_dir`, which is made where it is
/// missing. `progress` is told how many lines are written, and of how many.
///
/// Refused with `simulate.too_few_lines`, `simulate.too_many_lines`, `simulate.programme_incomplete`; broken with
/// `simulate.not_written`.
pub fn simulate(
    simulation: &Simulation,
    programme: &Programme,
    places: &Places,
    out_dir: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Simulated, Refusal> {
    let source = Source::gather(programme, places)?;
    let plans = plan::all_channels(&source, simulation.seed, simulation.lines)?;
    files::write_all(simulation, &source, &plans, out_dir, progress)
}

/// Writes one clean file of `lines` order lines in the layout of the platform: UTF-8, commas, ISO days, decimal points,
/// about 100 bytes a line. For measuring intake against programs that know no layouts.
///
/// Refused and broken as [`simulate`].
pub fn bench_file(
    path: &Path,
    lines: u64,
    seed: u64,
    programme: &Programme,
    places: &Places,
) -> Result<SimulatedFile, Refusal> {
    let source = Source::gather(programme, places)?;
    let plans = plan::platform_alone(&source, seed, lines)?;
    files::write_one(path, &source, &plans, seed)
}
