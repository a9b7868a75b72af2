//! The tables the benchmarks print: plain Markdown, whole numbers, ratios with one decimal.

use super::Cost;

/// One contender's row.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) cost: Cost,
}

/// Prints CPU, rows per CPU second, peak memory and how many times the CPU of the first row each took.
pub(super) fn print(title: &str, rows_read: u64, rows: &[Row]) {
    println!("\n## {title}\n");
    println!(
        "| | CPU s | clock s | rows per CPU s | peak MB | CPU beside {} |",
        rows.first().map_or("", |row| &row.name)
    );
    println!("|---|---:|---:|---:|---:|---:|");
    let first = rows.first().map_or(1, |row| row.cost.cpu_us.max(1));
    for Row { name, cost } in rows {
        let per_second = rows_read.saturating_mul(1_000_000) / cost.cpu_us.max(1);
        println!(
            "| {name} | {} | {} | {} | {} | {} |",
            seconds(cost.cpu_us),
            seconds(cost.wall_us),
            grouped(per_second),
            grouped(cost.peak_mb),
            times(cost.cpu_us, first),
        );
    }
}

/// `12.3456`, cut off.
pub(super) fn seconds(us: u64) -> String {
    format!("{}.{:04}", us / 1_000_000, us % 1_000_000 / 100)
}

/// `2.5×`; one decimal, cut off.
pub(super) fn times(part: u64, whole: u64) -> String {
    let tenths = part.saturating_mul(10) / whole.max(1);
    format!("{}.{}×", grouped(tenths / 10), tenths % 10)
}

/// `1,234,567`
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_ratios_have_one_decimal() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(times(5, 2), "2.5×");
        assert_eq!(times(12_000, 1), "12,000.0×");
        assert_eq!(seconds(1_005_099), "1.0050");
    }
}
