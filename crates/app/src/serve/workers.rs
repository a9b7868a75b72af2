//! What works beside the pages: one task each, told to stop together, and waited for.

use kernel::Refusal;
use lake::uploads::{UploadLimits, Uploads};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::world::World;

/// The tasks.
pub struct Workers {
    tasks: JoinSet<()>,
}

impl Workers {
    /// Starts them; they end when `stop` says so, each after what it is at.
    ///
    /// # Errors
    /// What the lake gave.
    pub async fn start(world: &World, stop: &watch::Receiver<bool>) -> Result<Self, Refusal> {
        let mut tasks = JoinSet::new();
        let uploads = Uploads::open(world.lake.clone(), UploadLimits::default()).await?;
        let (programme, mut stop) = (world.programme.clone(), stop.clone());
        tasks.spawn(async move {
            let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
            uploads.run_import_jobs(&programme, stopped).await;
        });
        Ok(Self { tasks })
    }

    /// Waits for all of them.
    pub async fn ended(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}
