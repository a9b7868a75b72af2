//! Builds what the pages show from an open data folder.

use std::sync::Arc;

use kernel::{Refusal, SystemIds};
use lake::figures::FigureEngine;
use report::periods;
use web::{Evidence, Published, Site};

use crate::world::World;

/// The published reports, and the evidence behind the latest.
///
/// # Errors
/// What the report or the lake gave.
pub async fn site(world: &World) -> Result<Site, Refusal> {
    let cache = world.data.join("cache");
    let mut published = Vec::new();
    for version in periods::published_versions(&world.store).await? {
        published.push(Published::of_version(&cache, &world.store, &version).await?);
    }
    let period = match published.first() {
        Some(latest) => latest.report.period.id.parse()?,
        None => world.programme.head.period,
    };
    let engine = FigureEngine::over_rollups(&world.lake, &world.programme, world.places, period).await?;
    Ok(Site {
        store: world.store.clone(),
        cache,
        programme: world.programme.clone(),
        places: world.places,
        published,
        evidence: Some(Evidence::new(engine)),
        ids: Arc::new(SystemIds),
    })
}
