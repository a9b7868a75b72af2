//! Jobs in the order in which a reader wants them, a page at a time.
//!
//! A page begins after the last row of the one before, by the column that is sorted by and then by id, so that rows that
//! come or go meanwhile neither repeat nor hide another. Ids of jobs rise with the time at which they were first asked for.

use kernel::Refusal;

use crate::args;
use crate::jobs::{Job, JobId, Jobs};
use crate::sql;

/// Which way an order goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// The smallest, earliest, first of the alphabet first.
    Rising,
    /// The largest, latest, last first.
    #[default]
    Falling,
}

/// What jobs can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JobColumn {
    /// When they were first asked for.
    #[default]
    AskedAt,
    /// What they do.
    Kind,
    /// Where they stand.
    State,
}

/// An order of jobs; the newest first unless asked otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobOrder {
    /// By what.
    pub column: JobColumn,
    /// Which way.
    pub direction: Direction,
}

impl Jobs {
    /// Jobs in an order, at most `limit`: the first page, or those after the last one of the page before. Nothing comes
    /// after a job that is gone, but by the time of asking.
    ///
    /// # Errors
    /// What the database gave.
    pub async fn page(&self, order: JobOrder, after: Option<JobId>, limit: i64) -> Result<Vec<Job>, Refusal> {
        use Direction::{Falling, Rising};
        // Beside the statement, what stands before the first page.
        let (statement, first) = match (order.column, order.direction) {
            (JobColumn::AskedAt, Falling) => (sql::JOBS_FROM_NEWEST, uuid::Uuid::max().to_string()),
            (JobColumn::AskedAt, Rising) => (sql::JOBS_FROM_OLDEST, String::new()),
            (JobColumn::Kind, Rising) => (sql::JOBS_BY_KIND, String::new()),
            (JobColumn::Kind, Falling) => (sql::JOBS_BY_KIND_FALLING, String::new()),
            (JobColumn::State, Rising) => (sql::JOBS_BY_STATE_NAME, String::new()),
            (JobColumn::State, Falling) => (sql::JOBS_BY_STATE_NAME_FALLING, String::new()),
        };
        let after = after.map_or(first, |id| id.to_string());
        let mut reader = self.store.read().await?;
        let rows = reader.rows(statement, args![after, limit]).await?;
        rows.iter().map(Job::from_row).collect()
    }
}
