//! The journal tables that figures of a period see: as they were sealed, and empty where they were not.

use std::sync::Arc;

use datafusion::datasource::MemTable;
use kernel::Refusal;
use programme::journal::{JOURNAL_TABLES, JournalTable};

use super::session::in_memory;
use crate::sealed::{SealedTable, read_sealed, schema_of};

/// A table that SQL may name.
pub(super) type NamedTable = (&'static str, Arc<MemTable>);

/// Every journal table, with the rows of its seal where it has one.
///
/// # Errors
/// `lake.sealed_damaged`; what the file system gave.
pub(super) fn journal_tables(sealed: &[SealedTable]) -> Result<Vec<NamedTable>, Refusal> {
    let named = |table: &JournalTable| {
        let seal = sealed.iter().find(|one| one.table.name == table.name);
        let rows = seal.map_or_else(
            || Ok(Vec::new()),
            |seal| read_sealed(&seal.path, &seal.sha256, table),
        );
        Ok((table.name, Arc::new(in_memory(schema_of(table), rows?)?)))
    };
    JOURNAL_TABLES.iter().map(named).collect()
}
