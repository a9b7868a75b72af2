//! What the registry gives figures to count: where households stood on the last day of a period, without anything that leads
//! to one of them.

use kernel::{Period, Refusal};
use programme::journal::{JournalRows, JournalValue, journal_table};
use store::{Reader, args};

use crate::model::Status;
use crate::repo as sql;

/// The rows of the registry's journal table in a period: one for each household that was recognised by its last day.
///
/// # Errors
/// What the store gives.
pub async fn journal_rows(reader: &mut Reader, period: Period) -> Result<Vec<JournalRows>, Refusal> {
    let Some(table) = journal_table("registry_households") else {
        return Ok(Vec::new());
    };
    let statuses = reader.rows(sql::STATUSES, args![period.last_day()]).await?;
    let mut last_of: Vec<(String, Vec<JournalValue>)> = Vec::new();
    for row in &statuses {
        let household = row.text("household")?;
        let county = sql::place(row)?.first_six();
        let values = vec![
            JournalValue::Int(i64::try_from(county).unwrap_or_default()),
            JournalValue::Text(row.text("status")?),
            JournalValue::Text(row.text("since_on")?),
        ];
        // They come by household and then by day, so the last one stands.
        match last_of.last_mut() {
            Some((of, last)) if *of == household => *last = values,
            _ => last_of.push((household, values)),
        }
    }
    let registered = JournalValue::Text(Status::Registered.as_str().to_owned());
    let mut rows: Vec<Vec<JournalValue>> = last_of.into_iter().map(|(_, values)| values).collect();
    rows.retain(|values| values.get(1) != Some(&registered));
    rows.sort_unstable();
    Ok(vec![JournalRows { table, rows }])
}
