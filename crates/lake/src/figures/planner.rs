//! Queries over rollups, planned once a period: to plan a query costs ten times what adding up a rollup does, and does not
//! depend on the rollup.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionContext;
use kernel::{Period, Refusal};

use super::journal::{NamedTable, journal_tables};
use super::session::{self, Over};
use super::tables::FigureTables;
use crate::sealed::SealedTable;
use crate::segments::rollup_schema;

/// The rows a query is answered from.
#[derive(Debug)]
pub(super) struct Rows(Vec<RecordBatch>);

impl Rows {
    /// Rows of [`rollup_schema`].
    pub fn new(batches: Vec<RecordBatch>) -> Arc<Self> {
        Arc::new(Self(batches))
    }
}

/// The table `rollups`. It holds nothing: each run of a query brings its rows.
#[derive(Debug)]
struct BroughtAlong(SchemaRef);

impl PartitionStream for BroughtAlong {
    fn schema(&self) -> &SchemaRef {
        &self.0
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let rows = context.session_config().get_extension::<Rows>();
        let batches = rows.map(|rows| rows.0.clone()).unwrap_or_default();
        let stream = futures::stream::iter(batches.into_iter().map(Ok));
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.0), stream))
    }
}

/// A session over whatever rollup a query is asked with, and the plans made so far. Queries are those of the programme, so
/// plans are as many as its figures and their breakdowns.
pub(super) struct Planner {
    session: SessionContext,
    journal: Vec<NamedTable>,
    plans: Mutex<HashMap<String, Arc<dyn ExecutionPlan>>>,
}

impl Planner {
    /// A planner of a period with its sealed tables.
    pub async fn open(
        tables: &FigureTables,
        period: Period,
        sealed: &[SealedTable],
    ) -> Result<Self, Refusal> {
        let journal = journal_tables(sealed)?;
        // A rollup is small: spreading it over threads costs more than it saves.
        let session = session::empty(1)?;
        let schema = rollup_schema();
        let stream: Arc<dyn PartitionStream> = Arc::new(BroughtAlong(Arc::clone(&schema)));
        let rollups = StreamingTable::try_new(schema, vec![stream]);
        let rollups = rollups.map_err(|error| Refusal::broken("figures.query_failed", &error))?;
        session::register(&session, "rollups", Arc::new(rollups))?;
        session::create_view(&session, &session::sales_view_sql(Over::Rollup, period)).await?;
        session::prepare(&session, tables, &journal).await?;
        Ok(Self {
            session,
            journal,
            plans: Mutex::default(),
        })
    }

    /// The journal tables of the period.
    pub fn journal(&self) -> &[NamedTable] {
        &self.journal
    }

    /// Runs a query over rows.
    pub async fn run(&self, figure: &str, sql: &str, rows: &Arc<Rows>) -> Result<Vec<RecordBatch>, Refusal> {
        let failed = |error: DataFusionError| session::query_failed(&error, figure);
        // A join keeps what it has built: each run begins with a plan that has built nothing.
        let plan = reset_plan_states(self.plan(figure, sql).await?).map_err(failed)?;
        let config = self.session.copied_config().with_extension(Arc::clone(rows));
        let context = TaskContext::new(
            None,
            self.session.session_id(),
            config,
            // The plan holds the functions it calls.
            HashMap::new(),
            HashMap::new(),
            HashMap::new(),
            HashMap::new(),
            self.session.runtime_env(),
        );
        collect(plan, Arc::new(context)).await.map_err(failed)
    }

    /// The plan of a query, made without holding the others up: two who ask first both make it, and one is kept.
    async fn plan(&self, figure: &str, sql: &str) -> Result<Arc<dyn ExecutionPlan>, Refusal> {
        let kept = self
            .plans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(sql)
            .cloned();
        if let Some(plan) = kept {
            return Ok(plan);
        }
        let frame = session::read_only(&self.session, figure, sql).await?;
        let plan = frame.create_physical_plan().await;
        let plan = plan.map_err(|error| session::query_failed(&error, figure))?;
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(plans.entry(sql.to_owned()).or_insert(plan)))
    }
}
