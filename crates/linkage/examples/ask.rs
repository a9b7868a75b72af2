//! How long one new record takes against a whole register: `ask PERSONS.csv [QUESTIONS]`.
//!
//! Makes an index of all records, asks for every 97th of them as if it were new, and prints the middle and the slowest hundredth
//! of the answers' times in microseconds, as one line of JSON. For the benchmark `cargo xtask bench linkage`.

#![expect(clippy::unwrap_used, reason = "a tool of the bench ends by panicking")]

use std::time::Instant;

use linkage::{Index, Loader, Plan, Settings};

fn main() {
    let mut words = std::env::args().skip(1);
    let path = words.next().unwrap();
    let questions: usize = words.next().map_or(10_000, |text| text.parse().unwrap());
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let plan = Plan::of(
        &Settings::for_heads(&heads).unwrap(),
        std::slice::from_ref(&heads),
    )
    .unwrap();
    let mut loader = Loader::new(&plan);
    let mut asked = Vec::new();
    for (number, row) in reader.records().enumerate() {
        let row = row.unwrap();
        loader.push(0, |place| &row[place]).unwrap();
        if number % 97 == 0 && asked.len() < questions {
            asked.push(row);
        }
    }
    let columns: Vec<(String, usize)> = plan
        .columns()
        .map(|(name, place)| (name.to_owned(), place))
        .collect();
    let index = Index::new(loader.finish().unwrap(), plan);
    let mut times = Vec::new();
    let mut found = 0;
    for row in &asked {
        let value = |field: &str| {
            columns
                .iter()
                .find(|(name, _)| name == field)
                .map_or("", |(_, place)| &row[*place])
        };
        let start = Instant::now();
        let answer = index.find(value, 0.5);
        times.push(start.elapsed().as_nanos());
        found += usize::from(!answer.is_empty());
    }
    times.sort_unstable();
    let at = |hundredth: usize| times[(times.len() - 1) * hundredth / 100] / 1000;
    let (records, count) = (index.table().len(), times.len());
    println!(
        "{{\"records\":{records},\"asked\":{count},\"found\":{found},\"p50_us\":{},\"p99_us\":{},\"max_us\":{}}}",
        at(50),
        at(99),
        at(100)
    );
}
