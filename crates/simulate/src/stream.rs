//! Cuts the cells of a channel into order lines, in the order of time, without holding more than the cells.
//!
//! A month is a row of hours. Every cell has its lines spread evenly over them, so a file reads as an export does: by time,
//! counties and products mixed. Each line takes between half and one and a half of what is due to it, and the last one takes
//! what is left, so the lines of a cell add up to it exactly at every size.

use std::collections::BTreeSet;

use crate::channels::{Channel, Column};
use crate::plan::ChannelPlan;
use crate::random::Random;

/// What is wrong with a line that has to be rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    UnknownCounty,
    NoSuchDay,
    AmountInWords,
    NoOrderNumber,
}

/// Days of the months of 2018, January first.
const DAYS: [u64; 6] = [31, 28, 31, 30, 31, 30];
/// Hours of a day in which sales are spread.
const HOURS: u64 = 24;
/// Order numbers of refunded sales, equal lines and broken lines begin here, far above those of the others.
const EXTRA_ORDERS: u64 = 900_000_000_000;

/// One line as it is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub order: u64,
    /// Place in its order, from 1.
    pub number: u64,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub county: usize,
    pub product: usize,
    /// Above zero, also on a refund.
    pub amount_fen: u64,
    /// Pieces, above zero, also on a refund.
    pub quantity: u64,
    pub refund: bool,
    pub flaw: Option<Flaw>,
}

/// What is left of a cell within its month.
#[derive(Debug)]
struct Rest {
    county: usize,
    product: usize,
    price_fen: u64,
    fen: u64,
    lines: u64,
    /// Lines of the whole month.
    pace: u64,
    /// Grows by `pace` an hour; each time it passes the number of hours, a line is due.
    due: u64,
}

impl Rest {
    /// Takes the amount of the next line; `draw` is 20 random bits.
    fn take(&mut self, draw: u64) -> u64 {
        let amount = if self.lines <= 1 {
            self.fen
        } else {
            let fair = self.fen / self.lines;
            let most = self.fen - (self.lines - 1);
            (fair / 2 + ((fair * draw) >> 20)).clamp(1, most)
        };
        self.fen -= amount;
        self.lines = self.lines.saturating_sub(1);
        amount
    }
}

/// Days of a month that a daily summary has a row for: one for a county, a product and a kind, sale or refund.
#[derive(Debug)]
struct SummaryDays(BTreeSet<(usize, usize, bool, u8)>);

impl SummaryDays {
    /// The days on which the lines of the cells fall.
    fn of(rests: &[Rest], hours: u64) -> Self {
        let mut days = BTreeSet::new();
        for rest in rests {
            let mut due = rest.due;
            for slot in 0..hours {
                due += rest.pace;
                if due >= hours {
                    due %= hours;
                    days.insert((rest.county, rest.product, false, clock(slot).0));
                }
            }
        }
        Self(days)
    }

    /// Takes a day that has no such row yet, the wished one if it is free: a sale moves to an earlier day, a refund to a
    /// later one.
    fn claim(&mut self, (county, product): (usize, usize), refund: bool, slot: u64, hours: u64) -> u64 {
        let step = if refund { HOURS } else { hours - HOURS };
        let mut wished = (0..hours / HOURS).map(|days| (slot + days * step) % hours);
        wished
            .find(|slot| self.0.insert((county, product, refund, clock(*slot).0)))
            .unwrap_or(slot)
    }
}

/// Gives the lines of a channel month by month.
#[derive(Debug)]
pub struct Stream<'a> {
    plan: &'a ChannelPlan,
    random: Random,
    orders: u64,
    last: Line,
    dirty: bool,
}

impl<'a> Stream<'a> {
    /// A stream over the plan; with `dirty`, lines that have to be rejected stand among the others.
    pub fn new(plan: &'a ChannelPlan, seed: u64, dirty: bool) -> Self {
        let random = Random::new(seed, &format!("{} lines", plan.channel.name));
        let last = Line {
            order: 0,
            number: 0,
            month: 0,
            day: 0,
            hour: 0,
            minute: 0,
            second: 0,
            county: 0,
            product: 0,
            amount_fen: 0,
            quantity: 0,
            refund: false,
            flaw: None,
        };
        Self {
            plan,
            random,
            orders: 0,
            last,
            dirty,
        }
    }

    /// Hands every line of a month on, by time; with `flaws`, and where the stream is dirty, also broken ones.
    pub fn month<E>(
        &mut self,
        month: u8,
        flaws: bool,
        mut emit: impl FnMut(&Line) -> Result<(), E>,
    ) -> Result<(), E> {
        let hours = DAYS
            .get(usize::from(month.saturating_sub(1)))
            .copied()
            .unwrap_or(30)
            * HOURS;
        let mut rests = self.rests(month, hours);
        let mut days = if self.plan.channel.has(Column::Order) {
            None
        } else {
            Some(SummaryDays::of(&rests, hours))
        };
        let mut extras = self
            .extras(month, hours, flaws && self.dirty, &mut days)
            .into_iter()
            .peekable();
        for slot in 0..hours {
            for rest in &mut rests {
                rest.due += rest.pace;
                if rest.due < hours {
                    continue;
                }
                let count = rest.due / hours;
                rest.due -= count * hours;
                for _ in 0..count {
                    let line = self.next_line(rest, month, slot);
                    emit(&line)?;
                }
            }
            while let Some((_, line)) = extras.next_if(|(at, _)| *at <= slot) {
                emit(&line)?;
            }
        }
        Ok(())
    }

    fn rests(&mut self, month: u8, hours: u64) -> Vec<Rest> {
        let random = &mut self.random;
        let cells = self.plan.cells.iter().filter(|cell| cell.month == month);
        cells
            .map(|cell| Rest {
                county: cell.county,
                product: cell.product,
                price_fen: cell.price_fen,
                fen: cell.net_fen,
                lines: cell.lines,
                pace: cell.lines,
                due: random.below(hours),
            })
            .collect()
    }

    /// The next line of a cell: one in four stands in the same order as the line before it.
    fn next_line(&mut self, rest: &mut Rest, month: u8, slot: u64) -> Line {
        let bits = self.random.next();
        let amount_fen = rest.take(bits & 0xf_ffff);
        let (day, hour) = clock(slot);
        let same =
            bits >> 62 == 0 && self.last.month == month && (self.last.day, self.last.hour) == (day, hour);
        if same {
            self.last.number += 1;
        } else {
            self.orders += 1;
            self.last.order = self.orders;
            self.last.number = 1;
            (self.last.month, self.last.day, self.last.hour) = (month, day, hour);
            (self.last.minute, self.last.second) = (sixtieth(bits >> 20), sixtieth(bits >> 36));
        }
        self.last.county = rest.county;
        self.last.product = rest.product;
        self.last.amount_fen = amount_fen;
        self.last.quantity = quantity(&self.plan.channel, amount_fen, rest.price_fen);
        self.last
    }

    /// The refunded sales, equal lines and broken lines of a month, with the hour each stands in.
    fn extras(
        &mut self,
        month: u8,
        hours: u64,
        flaws: bool,
        days: &mut Option<SummaryDays>,
    ) -> Vec<(u64, Line)> {
        let mut lines = Vec::new();
        for (number, extra) in (1..).zip(&self.plan.extras) {
            let Some(cell) = self.plan.cells.get(extra.cell).filter(|cell| cell.month == month) else {
                continue;
            };
            let quantity = quantity(&self.plan.channel, extra.amount_fen, cell.price_fen);
            for (part, moment) in (0..).zip(extra.moments) {
                let second = part == 1;
                let (slot, refund) = ((moment * hours) >> 16, extra.refunded && second);
                let slot = days.as_mut().map_or(slot, |days| {
                    days.claim((cell.county, cell.product), refund, slot, hours)
                });
                let line = beside(month, slot, EXTRA_ORDERS + number, (cell.county, cell.product));
                let line = Line {
                    amount_fen: extra.amount_fen,
                    quantity,
                    refund,
                    ..line
                };
                lines.push((
                    slot,
                    Line {
                        number: if second { 2 } else { 1 },
                        ..line
                    },
                ));
            }
        }
        let known = self
            .plan
            .cells
            .iter()
            .find(|cell| cell.month == month)
            .map(|cell| (cell.county, cell.product));
        if let Some(goods) = known.filter(|_| flaws) {
            for (number, flaw) in (1..).zip(flaws_of(&self.plan.channel)) {
                let slot = hours * number / 6;
                let order = EXTRA_ORDERS * 2 / 3 + u64::from(month) * 100 + number;
                let line = beside(month, slot, order, goods);
                lines.push((
                    slot,
                    Line {
                        flaw: Some(flaw),
                        ..line
                    },
                ));
            }
        }
        lines.sort_by_key(|(slot, _)| *slot);
        lines
    }
}

/// The flaws that can be written in a channel's columns.
pub fn flaws_of(channel: &Channel) -> Vec<Flaw> {
    let place = [Column::CountyCode, Column::OldCountyCode, Column::FullCountyName]
        .iter()
        .any(|c| channel.has(*c));
    let mut flaws = vec![Flaw::NoSuchDay, Flaw::AmountInWords];
    if place {
        flaws.push(Flaw::UnknownCounty);
    }
    if channel.has(Column::Order) {
        flaws.push(Flaw::NoOrderNumber);
    }
    flaws
}

/// A line that stands beside those of the cells.
fn beside(month: u8, slot: u64, order: u64, (county, product): (usize, usize)) -> Line {
    let (day, hour) = clock(slot);
    Line {
        order,
        number: 1,
        month,
        day,
        hour,
        minute: 30,
        second: 0,
        county,
        product,
        amount_fen: 9_900,
        quantity: 1,
        refund: false,
        flaw: None,
    }
}

fn clock(slot: u64) -> (u8, u8) {
    (
        u8::try_from(slot / HOURS + 1).unwrap_or(1),
        u8::try_from(slot % HOURS).unwrap_or(0),
    )
}

fn sixtieth(bits: u64) -> u8 {
    u8::try_from(((bits & 0xffff) * 60) >> 16).unwrap_or(0)
}

/// About how many pieces an amount buys; on a channel priced by the unit, a number that divides the amount.
fn quantity(channel: &Channel, amount_fen: u64, price_fen: u64) -> u64 {
    if channel.is_priced_by_unit() {
        return [12, 10, 6, 5, 4, 3, 2]
            .into_iter()
            .find(|pieces| amount_fen.is_multiple_of(*pieces))
            .unwrap_or(1);
    }
    ((amount_fen + price_fen / 2) / price_fen.max(1)).max(1)
}
