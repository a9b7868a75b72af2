//! Writes the files of a simulation, one channel after the other, and counts what an import of them has to find.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;

use kernel::Refusal;

use crate::channels::{Channel, Column, Container};
use crate::plan::{ChannelPlan, MONTHS};
use crate::render::Renderer;
use crate::sink::{DailyWorkbook, Sink, unwritten};
use crate::source::Source;
use crate::stream::{Line, Stream};
use crate::{Simulated, SimulatedFile, Simulation};

/// Bytes of rows gathered before they go to the file.
const ROWS_BYTES: usize = 1 << 18;
/// Lines between two reports of progress.
const PROGRESS_LINES: u64 = 1 << 16;

/// Told how many lines are written, and of how many.
type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// Writes every file.
pub fn write_all(
    simulation: &Simulation,
    source: &Source,
    plans: &[ChannelPlan],
    out_dir: &Path,
    progress: Progress<'_>,
) -> Result<Simulated, Refusal> {
    fs::create_dir_all(out_dir).map_err(|error| unwritten(out_dir, error))?;
    let mut files = Vec::new();
    let mut before = 0;
    for plan in plans {
        let mut writer = ChannelWriter::new(plan, source, simulation.seed, !simulation.clean);
        for months in spans(&plan.channel) {
            let path = out_dir.join(file_name(&plan.channel, &months));
            let mut report = |lines: u64| progress(before + lines, simulation.lines);
            let file = writer.write(&path, &months, &mut report)?;
            before += file.lines_accepted;
            files.push(file);
        }
    }
    progress(before, simulation.lines);
    let simulated = Simulated {
        simulated: true,
        seed: simulation.seed,
        lines: before,
        gross_fen: files.iter().map(|file| file.gross_fen).sum(),
        net_fen: files.iter().map(|file| file.net_fen).sum(),
        files,
    };
    write_notes(&simulated, out_dir)?;
    Ok(simulated)
}

/// Writes the platform's half year into one file.
pub fn write_one(
    path: &Path,
    source: &Source,
    plans: &[ChannelPlan],
    seed: u64,
) -> Result<SimulatedFile, Refusal> {
    let mut file = SimulatedFile::default();
    for plan in plans {
        let months: Vec<u8> = (1..=MONTHS).collect();
        file = ChannelWriter::new(plan, source, seed, false).write(path, &months, &mut |_| {})?;
    }
    Ok(file)
}

/// The months of each file of a channel.
fn spans(channel: &Channel) -> Vec<Vec<u8>> {
    let months: Vec<u8> = (1..=MONTHS).collect();
    months
        .chunks(usize::from(channel.months_per_file.max(1)))
        .map(<[u8]>::to_vec)
        .collect()
}

/// Such as `xingnong-2018-01.SIMULATED.csv`, `rt-mart-2018Q1.SIMULATED.csv.zip`, `hema-2018H1.SIMULATED.xlsx`.
fn file_name(channel: &Channel, months: &[u8]) -> String {
    let first = months.first().copied().unwrap_or(1);
    let span = match channel.months_per_file {
        1 => format!("2018-{first:02}"),
        3 => format!("2018Q{}", first.div_ceil(3)),
        _ => "2018H1".to_owned(),
    };
    format!("{}-{span}.SIMULATED.{}", channel.name, channel.extension())
}

fn write_notes(simulated: &Simulated, out_dir: &Path) -> Result<(), Refusal> {
    let expected = out_dir.join("expected.json");
    let json = serde_json::to_string_pretty(simulated).map_err(|error| unwritten(&expected, error))?;
    fs::write(&expected, json + "\n").map_err(|error| unwritten(&expected, error))?;
    let readme = out_dir.join("README.txt");
    fs::write(&readme, README).map_err(|error| unwritten(&readme, error))
}

const README: &str = "\
模拟数据 SIMULATED

本文件夹中的订单全部由程序模拟生成，不是真实订单：县是真实的县，商品、数量、金额和订单号是虚构的。
各渠道的合计与 2018 年上半年报告公布的销售与渠道指标一致。所有订单号以 SIM 开头，所有文件名带有 SIMULATED。
expected.json 写明按其中的顺序导入各文件时应得到的行数、拒收行数、重复行数和金额（分）。

Every order in this folder was made by a program. The counties are real; products, quantities, amounts and order
numbers are made up. The totals agree with the sales and channel figures that were published for the first half of 2018.
Order numbers begin with SIM, and file names hold the word SIMULATED. expected.json says what an import of the files, in
the order it names them, has to find: lines, rejected rows, repeated rows, and amounts in fen.
";

/// Writes the files of one channel.
struct ChannelWriter<'a> {
    channel: Channel,
    source: &'a Source,
    renderer: Renderer,
    stream: Stream<'a>,
    dirty: bool,
    /// The last rows of the file before, which stand at the head of the next one too.
    carried: VecDeque<Vec<u8>>,
}

impl<'a> ChannelWriter<'a> {
    fn new(plan: &'a ChannelPlan, source: &'a Source, seed: u64, dirty: bool) -> Self {
        Self {
            channel: plan.channel,
            source,
            renderer: Renderer::new(plan.channel, source),
            stream: Stream::new(plan, seed, dirty),
            dirty,
            carried: VecDeque::new(),
        }
    }

    fn write(
        &mut self,
        path: &Path,
        months: &[u8],
        report: &mut dyn FnMut(u64),
    ) -> Result<SimulatedFile, Refusal> {
        let mut file = SimulatedFile {
            file: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            layout: self.channel.name.to_owned(),
            ..SimulatedFile::default()
        };
        if self.channel.container == Container::Workbook {
            self.write_workbook(path, months, &mut file)?;
        } else {
            self.write_text(path, months, &mut file, report)?;
        }
        Ok(file)
    }

    fn write_text(
        &mut self,
        path: &Path,
        months: &[u8],
        file: &mut SimulatedFile,
        report: &mut dyn FnMut(u64),
    ) -> Result<(), Refusal> {
        let broken = |error| unwritten(path, error);
        let mut sink = Sink::create(path, self.channel.container)?;
        let mut rows = Vec::with_capacity(2 * ROWS_BYTES);
        self.renderer.head(&mut rows);
        for row in self.carried.drain(..) {
            rows.extend_from_slice(&row);
            file.duplicates += 1;
        }
        let keep = if self.dirty { self.channel.overlap_rows } else { 0 };
        let (renderer, carried) = (&self.renderer, &mut self.carried);
        for (index, month) in months.iter().enumerate() {
            self.stream
                .month(*month, index == 0, |line| {
                    let start = rows.len();
                    renderer.row(&mut rows, line);
                    file.count(line);
                    if keep > 0 && line.flaw.is_none() {
                        let spent = if carried.len() == keep {
                            carried.pop_front()
                        } else {
                            None
                        };
                        let mut row = spent.unwrap_or_default();
                        row.clear();
                        row.extend_from_slice(rows.get(start..).unwrap_or_default());
                        carried.push_back(row);
                    }
                    if rows.len() >= ROWS_BYTES {
                        sink.write(&rows)?;
                        rows.clear();
                    }
                    if file.lines_accepted.is_multiple_of(PROGRESS_LINES) {
                        report(file.lines_accepted);
                    }
                    Ok(())
                })
                .map_err(broken)?;
        }
        if let Some(row) = self.carried.back().filter(|_| self.channel.has(Column::Line)) {
            rows.extend_from_slice(row);
            file.duplicates += 1;
        }
        sink.write(&rows).map_err(broken)?;
        sink.finish().map_err(broken)
    }

    fn write_workbook(
        &mut self,
        path: &Path,
        months: &[u8],
        file: &mut SimulatedFile,
    ) -> Result<(), Refusal> {
        let broken = |error| unwritten(path, error);
        let mut workbook = DailyWorkbook::new(self.channel).map_err(broken)?;
        for (index, month) in months.iter().enumerate() {
            self.stream
                .month(*month, index == 0, |line| {
                    file.count(line);
                    workbook.row(self.source, line)
                })
                .map_err(broken)?;
        }
        workbook.save(path).map_err(broken)
    }
}

impl SimulatedFile {
    /// Counts a row.
    fn count(&mut self, line: &Line) {
        if line.flaw.is_some() {
            self.rejected += 1;
            return;
        }
        let amount_fen = i64::try_from(line.amount_fen).unwrap_or_default();
        self.lines_accepted += 1;
        if line.refund {
            self.cancelled_lines += 1;
            self.net_fen -= amount_fen;
        } else {
            self.gross_fen += amount_fen;
            self.net_fen += amount_fen;
        }
    }
}
