//! Parties (往来单位): organisations that money comes from or stands with, such as banks, which books and claims know by a
//! key only. No persons: who someone is stands sealed in the registry and in payments.

use kernel::Text;

use crate::source::{Source, is_id};
use crate::{Finding, lists};

/// One organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The key it is known by, for example `icbc`.
    pub id: String,
    /// Its name for readers.
    pub name: Text,
}

/// Reads `parties.csv`.
pub(crate) fn read(source: Source<'_>) -> (Vec<Party>, Vec<Finding>) {
    lists::read(source, &["id", "name_zh", "name_en"], |row| {
        let id = row.text("id");
        if !is_id(id) {
            return Err(row.finding("programme.bad_id", id));
        }
        Ok(Party {
            id: id.to_owned(),
            name: Text::new(row.text("name_zh"), row.text("name_en")),
        })
    })
}
