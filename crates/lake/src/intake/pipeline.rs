//! One file on its way into the lake: read ahead on one thread, split and read into lines on this one, sorted and
//! written as segments on a third. What waits between them is bounded, so memory does not grow with the file. All of
//! it lands in a staging folder; nothing is visible until the import is published.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use delimited::{SplitError, Splitter};
use kernel::{Fault, Money, Refusal};
use people::places::Places;
use people::staff::PlaceFilter;
use programme::layout::{Grain, Layout};

use super::bind::Bound;
use super::rejects::{Reject, Rejects};
use super::rows::{Cells, NamedProduct, RowError, RowReader};
use super::sheet;
use super::source::{Container, OrderFile};
use crate::error::io_refusal;
use crate::keys::{KeySpill, Run, Sameness};
use crate::segments::{Chunk, SegmentFile};

use super::shelf::{Changed, Filled, Shelf, ShelfOf};

/// Bytes between two reports of progress.
const PROGRESS_BYTES: u64 = 4 << 20;

/// Called now and then with the bytes of the file read so far and in all.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// What a file is to become, and with what.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    /// The layout of the channel's files.
    pub layout: &'a Layout,
    /// The file.
    pub file: &'a OrderFile,
    /// Id of the import.
    pub import_id: &'a str,
    /// Where to write.
    pub staging: &'a Path,
    /// Places, to resolve counties.
    pub places: &'a Places,
    /// Places whose lines may come in; other lines are rejected.
    pub within: &'a PlaceFilter,
    /// Told how far it is.
    pub progress: Progress<'a>,
}

/// A file read and written out, but not yet visible.
#[derive(Debug)]
pub struct Staged {
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// Records of the file, heads and blank lines left out.
    pub lines: u64,
    /// Records that were not taken.
    pub rejected: u64,
    /// Lines that were here already.
    pub duplicates: u64,
    /// Distinct order numbers.
    pub orders: u64,
    /// The segments written, in order.
    pub segments: Vec<SegmentFile>,
    /// The keys of the new lines.
    pub key_run: PathBuf,
    /// Products named.
    pub products: Vec<NamedProduct>,
    /// The first rejects.
    pub first_rejects: Vec<Reject>,
    /// All rejects, where there is any.
    pub rejects_file: Option<PathBuf>,
}

/// The reading side of the pipeline.
struct Reading<'a> {
    intake: Intake<'a>,
    rows: Option<RowReader<'a>>,
    chunk: Chunk,
    /// None once everything was sent: the writer ends when nobody can send to it any more.
    sender: Option<SyncSender<Filled>>,
    /// Chunks that were written and may be filled again.
    written: Receiver<Chunk>,
    products_sent: usize,
    keys: KeySpill,
    rejects: Rejects,
    lines: u64,
}

/// Reads the whole file into staging.
///
/// # Errors
/// Everything a file can be refused for; `sales.no_line_accepted` where no row could be read.
pub fn stage(intake: Intake<'_>, known: &[Run]) -> Result<Staged, Refusal> {
    let (sender, receiver) = sync_channel::<Filled>(1);
    let (give_back, written) = channel();
    let shelf = intake.shelf();
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || write_segments(&receiver, &give_back, shelf));
        let read = read_file(intake, sender, written);
        let segments = writer
            .join()
            .map_err(|_| Refusal::new("lake.writer_stopped", Fault::Broken))?;
        // Where the writer stopped early (a full disk), the reader's own end says less than the writer's.
        let segments = segments.map_err(|error| io_refusal(&error, shelf.folder))?;
        let (reading, file_sha256) = read?;
        finish(reading, file_sha256, segments, known)
    })
}

fn write_segments(
    receiver: &Receiver<Filled>,
    give_back: &Sender<Chunk>,
    of: ShelfOf<'_>,
) -> std::io::Result<Vec<SegmentFile>> {
    let mut shelf = Shelf::new(of);
    for mut filled in receiver {
        shelf.put(&mut filled)?;
        filled.chunk.clear();
        // At the end of the file nobody takes it any more.
        drop(give_back.send(filled.chunk));
    }
    shelf.finish()
}

fn read_file(
    intake: Intake<'_>,
    sender: SyncSender<Filled>,
    written: Receiver<Chunk>,
) -> Result<(Reading<'_>, String), Refusal> {
    let keys = KeySpill::create(&intake.staging.join("keys.spill"))
        .map_err(|error| io_refusal(&error, intake.staging))?;
    let rejects = Rejects::new(&intake.staging.join("rejects.csv"));
    let mut reading = Reading {
        intake,
        rows: None,
        chunk: Chunk::default(),
        sender: Some(sender),
        written,
        products_sent: 0,
        keys,
        rejects,
        lines: 0,
    };
    let on_the_way = if intake.file.container == Container::Xlsx {
        reading.read_sheet()?
    } else {
        reading.read_text()?
    };
    if reading.rows.is_none() {
        return Err(Refusal::new("sales.no_head", Fault::Refused).at(intake.file.name()));
    }
    reading.send_chunk()?;
    reading.sender = None;
    let file_sha256 = on_the_way.map_or_else(|| intake.file.sha256(), Ok)?;
    Ok((reading, file_sha256))
}

fn finish(
    reading: Reading<'_>,
    file_sha256: String,
    segments: Vec<SegmentFile>,
    known: &[Run],
) -> Result<Staged, Refusal> {
    let Reading {
        intake,
        rows,
        keys,
        mut rejects,
        lines,
        ..
    } = reading;
    let sameness = match (intake.layout.grain, &intake.layout.line) {
        (Grain::OrderLine, None) => Sameness::Counted,
        _ => Sameness::Named,
    };
    let in_staging = |error: std::io::Error| io_refusal(&error, intake.staging);
    let key_run = intake.staging.join("new.keys");
    let settled = keys.settle(known, sameness, &key_run).map_err(in_staging)?;
    let segments = if settled.is_all_new() {
        segments
    } else {
        let amount = rows
            .as_ref()
            .map(|rows| rows.bound().amount_head())
            .unwrap_or_default();
        let mut reject = |changed: Changed| {
            let value = Money::from_fen(changed.amount_fen).to_string();
            rejects.push(changed.source_line, amount, RowError::changed(value))
        };
        Shelf::with_new_lines_only(intake.shelf(), segments, &settled, &mut reject).map_err(in_staging)?
    };
    let rejected = rejects.count();
    let (first_rejects, rejects_file) = rejects.finish().map_err(in_staging)?;
    if rejected == lines {
        return Err(nothing_accepted(&intake.file.name(), lines, &first_rejects));
    }
    Ok(Staged {
        file_sha256,
        lines,
        rejected,
        duplicates: settled.repeats.count(),
        orders: if intake.layout.grain == Grain::OrderLine {
            settled.orders
        } else {
            0
        },
        segments,
        key_run,
        products: rows.map(|rows| rows.products().to_vec()).unwrap_or_default(),
        first_rejects,
        rejects_file,
    })
}

fn nothing_accepted(file: &str, lines: u64, first: &[Reject]) -> Refusal {
    let refusal = Refusal::new("sales.no_line_accepted", Fault::Refused).fact("lines", lines.to_string());
    let Some(reject) = first.first() else {
        return refusal.at(file).fact("first", "-");
    };
    refusal
        .at(format!("{file}:{}:{}", reject.line, reject.field))
        .value(reject.value.clone())
        .fact("first", reject.code)
        .fact(
            "reason",
            format!(
                "{} / {}",
                reject.reason(kernel::Lang::Zh),
                reject.reason(kernel::Lang::En)
            ),
        )
}

impl<'a> Intake<'a> {
    fn shelf(&self) -> ShelfOf<'a> {
        ShelfOf {
            folder: self.staging,
            import_id: self.import_id,
            channel: &self.layout.channel,
            currency: &self.layout.currency,
        }
    }
}

impl Reading<'_> {
    /// Reads CSV; gives the hash where it was taken on the way.
    fn read_text(&mut self) -> Result<Option<String>, Refusal> {
        let intake = self.intake;
        let mut blocks = intake.file.blocks(intake.layout.encoding);
        let mut splitter = Splitter::new(intake.layout.delimiter);
        let mut reported = 0;
        let mut skip = intake.layout.skip_rows;
        while let Some(block) = blocks.next()? {
            blocks.give_back(splitter.feed(block));
            self.read_records(&mut splitter, &mut skip)?;
            let read = blocks.bytes_read();
            if read >= reported + PROGRESS_BYTES {
                reported = read;
                (intake.progress)(read, intake.file.bytes);
            }
        }
        splitter.end();
        self.read_records(&mut splitter, &mut skip)?;
        (intake.progress)(intake.file.bytes, intake.file.bytes);
        Ok(blocks.into_sha256())
    }

    fn read_records(&mut self, splitter: &mut Splitter, skip: &mut u32) -> Result<(), Refusal> {
        loop {
            if !splitter.advance().map_err(|error| self.split_refusal(error))? {
                return Ok(());
            }
            if *skip > 0 {
                *skip -= 1;
                continue;
            }
            let fields = splitter.fields();
            let (line, closed) = splitter.place();
            let Some(rows) = &self.rows else {
                let heads = (0..fields.count())
                    .map(|column| String::from_utf8_lossy(fields.get(column).trim_ascii()).into_owned())
                    .collect();
                self.bind(heads)?;
                continue;
            };
            let width = rows.bound().heads.len();
            if fields.count() < width && !closed {
                return Err(Refusal::new("sales.cut_off", Fault::Refused)
                    .at(format!("{}:{line}", self.intake.file.name())));
            }
            if fields.count() == width {
                self.take(&fields, line)?;
            } else {
                self.reject(
                    line,
                    RowError {
                        code: "sales.wrong_field_count",
                        column: None,
                        value: format!("{} ≠ {width}", fields.count()),
                    },
                )?;
            }
        }
    }

    fn read_sheet(&mut self) -> Result<Option<String>, Refusal> {
        let (file, mut skip) = (self.intake.file, self.intake.layout.skip_rows);
        sheet::for_each_row(file, self.intake.layout.sheet.as_deref(), |row, mut cells| {
            if skip > 0 {
                skip -= 1;
            } else if self.rows.is_none() {
                for cell in &mut cells {
                    *cell = cell.trim().to_owned();
                }
                self.bind(cells)?;
            } else {
                self.take(&cells, row)?;
            }
            Ok(true)
        })?;
        (self.intake.progress)(file.bytes, file.bytes);
        Ok(None)
    }

    fn bind(&mut self, heads: Vec<String>) -> Result<(), Refusal> {
        let intake = self.intake;
        let bound = Bound::new(intake.layout, heads, &intake.file.name(), intake.places)?;
        let rows = RowReader::new(bound, &intake.layout.channel, intake.places, intake.within);
        self.rows = Some(rows);
        Ok(())
    }

    fn take(&mut self, cells: &impl Cells, source_line: u64) -> Result<(), Refusal> {
        let Some(rows) = &mut self.rows else { return Ok(()) };
        match rows.read(cells, source_line) {
            Ok((line, key)) => {
                self.lines += 1;
                self.chunk.push(&line);
                self.keys
                    .push(key, source_line)
                    .map_err(|error| io_refusal(&error, self.intake.staging))?;
                if self.chunk.is_full() {
                    self.send_chunk()
                } else {
                    Ok(())
                }
            }
            Err(error) => self.reject(source_line, error),
        }
    }

    fn reject(&mut self, line: u64, error: RowError) -> Result<(), Refusal> {
        self.lines += 1;
        let head = match (&self.rows, error.column) {
            (Some(rows), Some(column)) => rows.bound().head(column),
            _ => "",
        };
        self.rejects
            .push(line, head, error)
            .map_err(|error| io_refusal(&error, self.intake.staging))
    }

    fn send_chunk(&mut self) -> Result<(), Refusal> {
        let products = self.rows.as_ref().map(RowReader::products).unwrap_or_default();
        let named = products
            .get(self.products_sent..)
            .unwrap_or_default()
            .iter()
            .map(|product| product.code.clone())
            .collect();
        self.products_sent = products.len();
        let filled = Filled {
            chunk: std::mem::replace(&mut self.chunk, self.written.try_recv().unwrap_or_default()),
            products: named,
        };
        let sent = self
            .sender
            .as_ref()
            .is_some_and(|sender| sender.send(filled).is_ok());
        if sent {
            Ok(())
        } else {
            Err(Refusal::new("lake.writer_stopped", Fault::Broken))
        }
    }

    fn split_refusal(&self, error: SplitError) -> Refusal {
        Refusal::new(error.code, Fault::Refused).at(format!("{}:{}", self.intake.file.name(), error.line))
    }
}
