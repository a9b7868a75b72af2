//! What each county sells of which goods on which channel in which month: fixed by the programme's totals and the seed,
//! and the same however many order lines it is then cut into.
//!
//! A county's total is shared among its channels, a channel's share among products and months (one *cell* each), always by
//! largest remainder, so that the parts add up to the fen. Only then are the lines counted out: a fixed number of
//! refunded sales and equal lines, and all others to the cells by their amounts, at least one to each.

use kernel::{Fault, Money, Refusal};

use crate::channels::{self, Channel};
use crate::random::Random;
use crate::source::Source;

/// The months of the half year.
pub const MONTHS: u8 = 6;

/// The most lines a simulation has: half a year's orders of a channel as large as the report's.
const LINES_MAX: u64 = 500_000_000;

/// What one county sells of one product on one channel in one month.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Place in `Source::counties`.
    pub county: usize,
    /// Place in `Source::goods`.
    pub product: usize,
    /// 1 to 6.
    pub month: u8,
    /// About what one piece costs.
    pub price_fen: u64,
    /// What its lines add up to, above zero; refunded sales and twins stand beside it.
    pub net_fen: u64,
    /// Into how many lines that is cut.
    pub lines: u64,
}

/// Two lines beside those of a cell.
#[derive(Debug, Clone)]
pub struct Extra {
    /// Place in `ChannelPlan::cells`.
    pub cell: usize,
    /// Amount of each of the two lines.
    pub amount_fen: u64,
    /// Whether the second line takes the first one back; otherwise it is equal to it.
    pub refunded: bool,
    /// When the two stand, as 65536ths of the month.
    pub moments: [u64; 2],
}

/// All sales of one channel.
#[derive(Debug, Clone)]
pub struct ChannelPlan {
    pub channel: Channel,
    pub cells: Vec<Cell>,
    pub extras: Vec<Extra>,
}

/// Makes the plan of every channel, the platform first.
pub fn all_channels(source: &Source, seed: u64, lines: u64) -> Result<Vec<ChannelPlan>, Refusal> {
    let totals = county_totals(source, seed)?;
    let mut left = totals.clone();
    let mut plans = Vec::new();
    for channel in channels::OTHERS {
        let mut random = Random::new(seed, channel.name);
        let mut cells = Vec::new();
        for county in counties_of(&channel, source, &mut random) {
            let total = totals.get(county).copied().unwrap_or_default();
            let share = total / 1_000 * channel.share_permille;
            if let Some(rest) = left.get_mut(county) {
                *rest -= share;
            }
            cells.extend(county_cells(&channel, source, county, share, &mut random)?);
        }
        plans.push(ChannelPlan {
            channel,
            cells,
            extras: Vec::new(),
        });
    }
    let cells = platform_cells(source, &left, seed)?;
    plans.insert(
        0,
        ChannelPlan {
            channel: channels::PLATFORM,
            cells,
            extras: Vec::new(),
        },
    );
    finish(plans, seed, lines)
}

/// Makes the plan of a platform that sells everything of the poverty counties by itself.
pub fn platform_alone(source: &Source, seed: u64, lines: u64) -> Result<Vec<ChannelPlan>, Refusal> {
    let cells = platform_cells(source, &county_totals(source, seed)?, seed)?;
    finish(
        vec![ChannelPlan {
            channel: channels::PLATFORM,
            cells,
            extras: Vec::new(),
        }],
        seed,
        lines,
    )
}

/// Net sales of every county of the source, in fen. Those of the poverty counties add up to the programme's total, and as
/// many of them as the programme says are over 100 m yuan.
fn county_totals(source: &Source, seed: u64) -> Result<Vec<u64>, Refusal> {
    let mut random = Random::new(seed, "counties");
    let terms = &source.terms;
    let mut order: Vec<usize> = (0..source.poverty_counties).collect();
    random.shuffle(&mut order);
    order.sort_by_key(|&county| !source.is_large_first(county));
    let (large, small) = order
        .split_at_checked(terms.large_counties)
        .unwrap_or((&order, &[]));
    let floors = terms
        .large_floor
        .checked_mul(i64::try_from(large.len()).unwrap_or(i64::MAX))?;
    let weights: Vec<u64> = large.iter().map(|_| random.between(5, 60)).collect();
    let above = terms.large_net.checked_sub(floors)?.split(&weights)?;
    let weights: Vec<u64> = small.iter().map(|_| random.between(3, 20).pow(2)).collect();
    let below = terms.net.checked_sub(terms.large_net)?.split(&weights)?;
    let mut totals = vec![0; source.counties.len()];
    for (&county, amount) in large.iter().zip(above) {
        set(&mut totals, county, amount.checked_add(terms.large_floor)?);
    }
    for (&county, &amount) in small.iter().zip(&below) {
        set(&mut totals, county, amount);
    }
    // Other counties of the channels: their sales stand in no published figure.
    for total in totals.iter_mut().skip(source.poverty_counties) {
        *total = random.between(900_000_000, 6_000_000_000);
    }
    Ok(totals)
}

fn set(totals: &mut [u64], at: usize, amount: Money) {
    if let Some(total) = totals.get_mut(at) {
        *total = u64::try_from(amount.fen()).unwrap_or_default();
    }
}

/// The counties that sell on a channel.
fn counties_of(channel: &Channel, source: &Source, random: &mut Random) -> Vec<usize> {
    let mut counties = source.channel_counties.clone();
    if channel.counties == 1 {
        counties.retain(|&county| {
            source
                .counties
                .get(county)
                .is_some_and(|c| c.code == channels::FLAGSHIP_COUNTY)
        });
    } else if channel.counties < counties.len() {
        random.shuffle(&mut counties);
        counties.truncate(channel.counties);
        counties.sort_unstable();
    }
    counties
}

/// Shares a county's sales on a channel among its products and their months.
fn county_cells(
    channel: &Channel,
    source: &Source,
    county: usize,
    total: u64,
    random: &mut Random,
) -> Result<Vec<Cell>, Refusal> {
    let mut cells = Vec::new();
    let mut weights = Vec::new();
    for product in source.products_of(county).take(channel.products_per_county) {
        let season = random.between(0, u64::from(MONTHS) - 1);
        let price_fen = random.between(12, 98) * 100 - 10;
        for step in 0..u64::from(channel.months_per_product) {
            let month = u8::try_from((season + step) % u64::from(MONTHS) + 1).unwrap_or(1);
            cells.push(Cell {
                county,
                product,
                month,
                price_fen,
                net_fen: 0,
                lines: 0,
            });
            weights.push(random.between(40, 160));
        }
    }
    fill(cells, total, &weights)
}

/// The platform's cells: two categories of goods in the large counties, one in the others, in each month.
fn platform_cells(source: &Source, totals: &[u64], seed: u64) -> Result<Vec<Cell>, Refusal> {
    let mut random = Random::new(seed, channels::PLATFORM.name);
    let mut all = Vec::new();
    for (county, &total) in totals.iter().enumerate().take(source.poverty_counties) {
        let kinds = if total > 9_000_000_000 { 2 } else { 1 };
        let first = random.below(source.categories as u64);
        let mut cells = Vec::new();
        let mut weights = Vec::new();
        for kind in 0..kinds {
            let category = (first + kind * 3) % source.categories as u64;
            let price_fen = random.between(12, 98) * 100 - 10;
            for month in 1..=MONTHS {
                let product = usize::try_from(category).unwrap_or_default();
                cells.push(Cell {
                    county,
                    product,
                    month,
                    price_fen,
                    net_fen: 0,
                    lines: 0,
                });
                weights.push(random.between(80, 120));
            }
        }
        all.extend(fill(cells, total, &weights)?);
    }
    Ok(all)
}

fn fill(mut cells: Vec<Cell>, total: u64, weights: &[u64]) -> Result<Vec<Cell>, Refusal> {
    for (cell, share) in cells.iter_mut().zip(split(total, weights)?) {
        cell.net_fen = share;
    }
    Ok(cells)
}

/// Shares a count in proportion to weights by the same rule as money: largest remainder.
fn split(total: u64, weights: &[u64]) -> Result<Vec<u64>, Refusal> {
    let total = Money::from_fen(i64::try_from(total).unwrap_or(i64::MAX));
    let shares = total.split(weights)?;
    Ok(shares
        .into_iter()
        .map(|share| share.fen().unsigned_abs())
        .collect())
}

/// Adds the refunded sales and twins, then counts out the lines.
fn finish(mut plans: Vec<ChannelPlan>, seed: u64, lines: u64) -> Result<Vec<ChannelPlan>, Refusal> {
    for plan in &mut plans {
        add_extras(plan, seed);
    }
    let fixed: u64 = plans.iter().map(fixed_lines).sum();
    let open = |plan: &ChannelPlan| plan.channel.lines_fixed.is_none();
    let weights: Vec<u64> = plans
        .iter()
        .filter(|p| open(p))
        .flat_map(|p| &p.cells)
        .map(|c| c.net_fen)
        .collect();
    let fewest = fixed + weights.len() as u64;
    let spare = lines.checked_sub(fewest).ok_or_else(|| {
        Refusal::new("simulate.too_few_lines", Fault::Refused)
            .value(lines)
            .fact("fewest", fewest)
    })?;
    let mut shares = split(spare, &weights)?.into_iter();
    for plan in &mut plans {
        let fixed = plan.channel.lines_fixed;
        for cell in &mut plan.cells {
            cell.lines = fixed.unwrap_or_else(|| 1 + shares.next().unwrap_or_default());
        }
    }
    let crowded = plans
        .iter()
        .flat_map(|plan| &plan.cells)
        .any(|cell| cell.lines > cell.net_fen);
    if crowded || lines > LINES_MAX {
        return Err(Refusal::new("simulate.too_many_lines", Fault::Refused)
            .value(lines)
            .fact("most", LINES_MAX));
    }
    Ok(plans)
}

/// Lines that a channel has at any size.
fn fixed_lines(plan: &ChannelPlan) -> u64 {
    plan.extras.len() as u64 * 2 + plan.channel.lines_fixed.unwrap_or_default() * plan.cells.len() as u64
}

fn add_extras(plan: &mut ChannelPlan, seed: u64) {
    let mut random = Random::new(seed, plan.channel.mark);
    for number in 0..plan.channel.refunds + plan.channel.twins {
        let refunded = number < plan.channel.refunds;
        let cell = usize::try_from(random.below(plan.cells.len() as u64)).unwrap_or_default();
        let amount_fen = random.between(800, 30_000);
        let sold = random.below(32_768);
        let moments = [
            sold,
            if refunded {
                sold + random.between(1_000, 32_000)
            } else {
                sold
            },
        ];
        if let Some(chosen) = plan.cells.get_mut(cell).filter(|_| !refunded) {
            // Equal lines are sales like any other: they come out of the cell's own total.
            chosen.net_fen = chosen.net_fen.saturating_sub(2 * amount_fen);
        }
        plan.extras.push(Extra {
            cell,
            amount_fen,
            refunded,
            moments,
        });
    }
}
