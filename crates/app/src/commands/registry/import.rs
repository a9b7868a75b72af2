//! `fishpond registry import`: a register of households, row by row.
//!
//! The rows of one household stand together; a household is taken whole or not at all. What is wrong is kept by row, field and
//! rule, without what stood there where it names a person. Ids are made from the file's own numbers under the key of the
//! data folder, so the same file again changes nothing.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use ::people::staff::Viewer;
use ::registry::{Act, HouseholdId, Member, PersonId, Register, Registry};
use jiff::civil::Date;
use kernel::{Clock as _, Done, Fault, Lang, Refusal, SystemClock, day_in_china};
use lake::intake::{OrderFile, Record, TableForm, for_each_record};
use programme::{RegisterField as Field, RegisterLayout};
use serde::Serialize;

use super::desk;
use super::person_row::{Household, Row};
use crate::cli::fund::By;
use crate::commands::user;
use crate::terminal::{say, say_json};
use crate::world::World;

/// Households of one transaction.
const BATCH: usize = 200;
/// Faults that are said on the terminal; machines get all that are kept.
const SAID: usize = 20;
/// Faults that are kept.
const KEPT: usize = 10_000;

/// A row that cannot be taken.
#[derive(Clone, Debug, Serialize)]
struct RowFault {
    line: u64,
    field: String,
    code: &'static str,
    message: String,
}

/// What came of a file.
#[derive(Debug, Default, Serialize)]
struct Imported {
    /// Households that are new.
    households: u64,
    /// Households that were taken before.
    already: u64,
    /// Persons of the new ones.
    persons: u64,
    /// Households that were not taken.
    rejected: u64,
    /// Why.
    faults: Vec<RowFault>,
}

/// The household that is being read.
struct Open {
    number: String,
    line: u64,
    household: Option<Household>,
    members: Vec<Member>,
    is_faulty: bool,
}

pub(super) async fn run(world: &World, path: &Path, layout: &str, by: &By) -> Result<(), Refusal> {
    let viewer = user::viewer(world, &by.actor).await?;
    let layout = world.programme.register(layout)?;
    let file = OrderFile::open(path)?;
    let desk = desk(world)?;
    let document = world.store.documents().put_file(path).await?;
    let today = day_in_china(SystemClock.now());
    let (acts, mut imported) = read(world.lang, &file, layout, &desk, (today, &document))?;
    for batch in acts.chunks(BATCH) {
        take(world, &desk, &viewer, batch, &mut imported).await?;
    }
    if world.json {
        return say_json(&imported);
    }
    tell(world.lang, &file.name(), &imported);
    Ok(())
}

/// A household with the line it began on.
struct Line {
    number: u64,
    act: Act,
    persons: u64,
}

/// Reads the whole file into households; what is wrong with rows stands in the answer.
fn read(
    lang: Lang,
    file: &OrderFile,
    layout: &RegisterLayout,
    desk: &Registry,
    (today, document): (Date, &str),
) -> Result<(Vec<Line>, Imported), Refusal> {
    let form = TableForm {
        encoding: layout.encoding,
        delimiter: b',',
        sheet: layout.sheet.as_deref(),
        skip_rows: layout.skip_rows,
    };
    let mut reading = Reading {
        lang,
        layout,
        desk,
        today,
        document,
        columns: None,
        open: None,
        seen: HashSet::new(),
        lines: Vec::new(),
        imported: Imported::default(),
    };
    for_each_record(file, form, |record| {
        reading.row(record).map_err(|refusal| {
            let at = refusal.at.clone().unwrap_or_else(|| file.name());
            refusal.at(at)
        })
    })?;
    reading.close();
    if reading.columns.is_none() {
        return Err(Refusal::new("registry.no_rows", Fault::Refused).at(file.name()));
    }
    Ok((reading.lines, reading.imported))
}

struct Reading<'a> {
    lang: Lang,
    layout: &'a RegisterLayout,
    desk: &'a Registry,
    today: Date,
    document: &'a str,
    columns: Option<BTreeMap<Field, usize>>,
    open: Option<Open>,
    seen: HashSet<String>,
    lines: Vec<Line>,
    imported: Imported,
}

impl Reading<'_> {
    fn row(&mut self, record: Record<'_>) -> Result<bool, Refusal> {
        let Some(columns) = self.columns.take() else {
            let heads: Vec<String> = (0..record.width).map(|column| record.text(column)).collect();
            self.columns = Some(self.layout.bind(&heads)?);
            return Ok(true);
        };
        let row = Row {
            layout: self.layout,
            columns: &columns,
            record,
            today: self.today,
        };
        let number = row.text(Field::Household);
        if self.open.as_ref().is_none_or(|open| open.number != number) {
            self.close();
            self.begin(number, &row);
        }
        if let Err(refusal) = self.member(&row) {
            self.fault(record.line, &refusal);
        }
        self.columns = Some(columns);
        Ok(true)
    }

    fn begin(&mut self, number: String, row: &Row<'_>) {
        let line = row.record.line;
        let is_new = self.seen.insert(number.clone());
        let empty = number.is_empty();
        self.open = Some(Open {
            number: number.clone(),
            line,
            household: None,
            members: Vec::new(),
            is_faulty: false,
        });
        if empty {
            self.fault(
                line,
                &Refusal::new("registry.field_empty", Fault::Refused).at("household"),
            );
        } else if !is_new {
            let refusal = Refusal::new("registry.household_apart", Fault::Refused);
            self.fault(line, &refusal.at("household").value(number));
        }
        match row.household() {
            Ok(household) => {
                if let Some(open) = &mut self.open {
                    open.household = Some(household);
                }
            }
            Err(refusal) => self.fault(line, &refusal),
        }
    }

    fn member(&mut self, row: &Row<'_>) -> Result<(), Refusal> {
        let Some(open) = &mut self.open else { return Ok(()) };
        // The place in the household tells two of one name apart; a number is the same person in any household.
        let number = row.text(Field::ResidentId).to_uppercase();
        let what = if number.is_empty() {
            format!("person:{}:{}", open.number, open.members.len())
        } else {
            format!("number:{number}")
        };
        let person = PersonId::from_uuid(self.desk.derived_id(&what));
        open.members.push(row.member(person)?);
        Ok(())
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let household = open.household.filter(|_| !open.is_faulty);
        let Some(household) = household else {
            self.imported.rejected += 1;
            return;
        };
        let what = format!("household:{}:{}", self.layout.name, open.number);
        self.lines.push(Line {
            number: open.line,
            persons: open.members.len() as u64,
            act: Act::Register(Register {
                household: HouseholdId::from_uuid(self.desk.derived_id(&what)),
                place: household.place,
                since: household.since,
                facts: household.facts,
                members: open.members,
                recognised_elsewhere: self.layout.recognised,
                document: Some(self.document.to_owned()),
            }),
        });
    }

    fn fault(&mut self, line: u64, refusal: &Refusal) {
        if let Some(open) = &mut self.open {
            open.is_faulty = true;
        }
        keep(&mut self.imported, self.lang, line, refusal);
    }
}

fn keep(imported: &mut Imported, lang: Lang, line: u64, refusal: &Refusal) {
    if imported.faults.len() < KEPT {
        imported.faults.push(RowFault {
            line,
            field: refusal.at.clone().unwrap_or_default(),
            code: refusal.code,
            message: refusal.message(lang),
        });
    }
}

/// Takes households, and where one is refused the others without it.
async fn take(
    world: &World,
    desk: &Registry,
    viewer: &Viewer,
    batch: &[Line],
    imported: &mut Imported,
) -> Result<(), Refusal> {
    let mut left: Vec<&Line> = batch.iter().collect();
    while !left.is_empty() {
        let acts: Vec<Act> = left.iter().map(|line| line.act.clone()).collect();
        let actor = ::registry::require_all(&mut world.store.read().await?, viewer, &acts).await;
        let taken = match actor {
            Ok(actor) => desk.take_all(actor, acts).await,
            Err(refusal) => Err(refusal),
        };
        match taken {
            Ok(answers) => {
                for (line, answer) in left.iter().zip(answers) {
                    match answer {
                        Done::Now(()) => {
                            imported.households += 1;
                            imported.persons += line.persons;
                        }
                        Done::Already(()) => imported.already += 1,
                    }
                }
                return Ok(());
            }
            Err(refusal) => {
                let at = refusal.at.clone().unwrap_or_default();
                let (number, field) = at.split_once('.').unwrap_or((&at, ""));
                let place = number
                    .parse::<usize>()
                    .ok()
                    .and_then(|number| number.checked_sub(1));
                let Some(place) = place.filter(|place| *place < left.len()) else {
                    return Err(refusal);
                };
                let line = left.remove(place);
                imported.rejected += 1;
                keep(imported, world.lang, line.number, &refusal.at(field.to_owned()));
            }
        }
    }
    Ok(())
}

fn tell(lang: Lang, file: &str, imported: &Imported) {
    let Imported {
        households,
        already,
        persons,
        rejected,
        faults,
    } = imported;
    say(match lang {
        Lang::Zh => {
            format!("{file}：新登记 {households} 户 {persons} 人，此前已有 {already} 户，未收 {rejected} 户")
        }
        Lang::En => format!(
            "{file}: {households} households of {persons} persons are new, {already} were here, {rejected} not taken"
        ),
    });
    for fault in faults.iter().take(SAID) {
        say(format!("  {}: {} [{}]", fault.line, fault.message, fault.code));
    }
    if faults.len() > SAID {
        let more = faults.len() - SAID;
        say(match lang {
            Lang::Zh => format!("  还有 {more} 处，用 --json 看全部"),
            Lang::En => format!("  and {more} more; --json shows all of them"),
        });
    }
}
