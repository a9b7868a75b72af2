//! Order files as a channel sends them, made up here: the department stores' layout, in GB 18030.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use encoding_rs::GB18030;

/// The layout they are in.
pub const LAYOUT: &str = "intime";
/// What is wrong in a file with mistakes: a day, a county and an amount.
pub const MISTAKES: [&str; 3] = ["20180230", "甘肃省某某县", "面议"];
const HEAD: &str = "小票号,销售日,款号,品名,产地,数量,金额";

/// Writes a file of orders from two counties, with or without the three mistakes in its first rows. Files of the same
/// numbers hold the same orders.
///
/// # Errors
/// The folder cannot be written.
pub fn write(
    folder: &Path,
    name: &str,
    numbers: std::ops::Range<usize>,
    with_mistakes: bool,
) -> Result<PathBuf> {
    let first = numbers.start;
    let mut rows = vec![HEAD.to_owned()];
    for number in numbers {
        let (mut day, mut place, mut amount) = match number % 2 {
            0 => ("20180305", "甘肃省陇南市礼县", "12.50"),
            _ => ("20180611", "云南省红河哈尼族彝族自治州元阳县", "30.00"),
        };
        if with_mistakes {
            let [no_day, no_place, no_amount] = MISTAKES;
            match number - first {
                0 => day = no_day,
                1 => place = no_place,
                2 => amount = no_amount,
                _ => {}
            }
        }
        rows.push(format!(
            "SIMYT{number:012},{day},XN62122601,礼县苹果 5斤,{place},1,{amount}"
        ));
    }
    let path = folder.join(name);
    fs::write(&path, GB18030.encode(&(rows.join("\n") + "\n")).0)?;
    Ok(path)
}
