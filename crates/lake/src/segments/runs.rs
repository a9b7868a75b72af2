//! Lines summed by run: those alike in place and month that follow one another, as sorted lines do.

use std::io::Error;

use arrow::buffer::BooleanBuffer;

use super::manifest::Totals;

/// The columns of lines that are summed.
pub struct Summed<'a> {
    /// Year × 100 + month.
    pub month: &'a [i32],
    /// County.
    pub place: &'a [i32],
    /// Number of the product in a list of `products`.
    pub product: &'a [u32],
    /// How long that list is.
    pub products: usize,
    /// Thousandths of the channel's unit.
    pub quantity_milli: &'a [i64],
    /// Hundredths of the currency, signed.
    pub amount_fen: &'a [i64],
    /// Whether the line takes an earlier one back.
    pub cancelled: &'a BooleanBuffer,
}

/// Where a run stands: what the caller tells lines apart by, place and month.
pub type RunKey<K> = (K, i32, i32);

impl Summed<'_> {
    /// Gives each run's sums by product to `each`. A run also ends where `kind` of the row changes.
    ///
    /// # Errors
    /// A total beyond what an i64 holds, a product that is not listed, and what `each` gave.
    pub fn by_run<K: Copy + PartialEq>(
        &self,
        kind: impl Fn(usize) -> K,
        mut each: impl FnMut(RunKey<K>, u32, Totals) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut run = Run {
            sums: vec![Totals::default(); self.products],
            touched: Vec::new(),
        };
        let mut at = None;
        let columns = self.place.iter().zip(self.month).zip(self.product);
        let columns = columns.zip(self.quantity_milli).zip(self.amount_fen);
        for (row, (((((&place, &month), &product), &quantity), &amount), cancelled)) in
            columns.zip(self.cancelled).enumerate()
        {
            let here = (kind(row), place, month);
            if let Some(before) = at.filter(|before| *before != here) {
                run.end(before, &mut each)?;
            }
            at = Some(here);
            run.add(product, quantity, amount, cancelled)?;
        }
        at.map_or(Ok(()), |last| run.end(last, &mut each))
    }
}

/// Sums by product in a plain list; only what the run touched is looked at again.
struct Run {
    sums: Vec<Totals>,
    touched: Vec<u32>,
}

impl Run {
    /// Adds a line, and looks once whether any sum went beyond what it holds.
    #[inline]
    fn add(
        &mut self,
        product: u32,
        quantity_milli: i64,
        amount_fen: i64,
        cancelled: bool,
    ) -> Result<(), Error> {
        let Some(sum) = self.sums.get_mut(product as usize) else {
            return Err(Error::other("a product that is not listed"));
        };
        if sum.rows == 0 {
            self.touched.push(product);
        }
        sum.rows += 1;
        sum.cancelled_lines += i64::from(cancelled);
        let beyond = [
            add_to(&mut sum.quantity_milli, quantity_milli),
            add_to(&mut sum.gross_fen, if cancelled { 0 } else { amount_fen }),
            add_to(&mut sum.net_fen, amount_fen),
        ];
        if beyond.contains(&true) {
            return Err(Error::other("a total is beyond what 64 bits hold"));
        }
        Ok(())
    }

    fn end<K: Copy>(
        &mut self,
        key: RunKey<K>,
        each: &mut impl FnMut(RunKey<K>, u32, Totals) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for product in self.touched.drain(..) {
            let sum = self.sums.get_mut(product as usize).map(std::mem::take);
            each(key, product, sum.unwrap_or_default())?;
        }
        Ok(())
    }
}

/// Adds a number to a sum; says whether the sum is beyond what it holds.
#[inline]
fn add_to(sum: &mut i64, number: i64) -> bool {
    let beyond;
    (*sum, beyond) = sum.overflowing_add(number);
    beyond
}
