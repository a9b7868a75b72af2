//! Builds what the pages show and work with from an open data folder.

use std::sync::Arc;

use books::Books;
use exchange::Exchange;
use fund::Fund;
use kernel::{Refusal, SystemClock, SystemIds, SystemSecrets};
use lake::uploads::{UploadLimits, Uploads};
use oidc::Oidc;
use outbound::Reach;
use people::staff::Staff;
use report::ReportKey;
use store::Keyring;
use tokio::sync::Notify;
use web::{Front, Shelf, Site, Workshop};
use webhooks::Webhooks;

use crate::commands::report::pdfs;
use crate::commands::{payments, registry};
use crate::config::Service;
use crate::world::{self, World};

/// An order file that is sent may have so many bytes.
const UPLOAD_BYTES_MAX: u64 = 5 << 30;

/// The published reports, the evidence behind the latest, and the workshop of staff.
///
/// # Errors
/// What the reports, the key or the lake gave.
pub async fn site(world: &World, front: Front, service: &Service) -> Result<Arc<Site>, Refusal> {
    let limits = UploadLimits {
        file_bytes_max: UPLOAD_BYTES_MAX,
        ..UploadLimits::default()
    };
    let workshop = Workshop {
        uploads: Uploads::open(world.lake.clone(), limits).await?,
        programme_dir: world::programme_folder(&world.data),
        key: ReportKey::open_or_make(&world.data)?,
        more_files: Box::new(pdfs),
        scratch: world.data.clone(),
        clock: Arc::new(SystemClock),
        wake: Notify::new(),
        lake: world.lake.clone(),
    };
    let staff = staff(world);
    let site = Arc::new(Site {
        webhooks: webhooks(world, service.webhooks_private)?,
        oidc: oidc(world, &staff, service.oidc_private)?,
        books: Books::new(world.store.clone()),
        fund: Fund::new(world.store.clone()),
        registry: match world.programme.recognition {
            Some(_) => Some(registry::desk(world)?),
            None => None,
        },
        exchange: match world.programme.recognition {
            Some(_) => Some(exchange(world)?),
            None => None,
        },
        payments: payments::desk(world)?,
        keyring: Keyring::open_or_make(&world.data, &SystemSecrets)?,
        clock: Arc::new(SystemClock),
        staff,
        front,
        store: world.store.clone(),
        cache: world.data.join("cache"),
        programme: world.programme.clone(),
        places: world.places,
        tables: world.figure_tables()?,
        shown: Shelf::default(),
        workshop: Some(workshop),
        ids: Arc::new(SystemIds),
    });
    site.reload().await?;
    Ok(site)
}

/// Where people show who they are.
#[must_use]
pub fn staff(world: &World) -> Staff {
    Staff::new(
        world.store.clone(),
        Arc::new(SystemClock),
        Arc::new(SystemSecrets),
    )
}

/// Who asks the registry by messages.
///
/// # Errors
/// `programme.no_recognition`; what the key of secrets gave.
pub fn exchange(world: &World) -> Result<Exchange, Refusal> {
    let parts = (world.store.clone(), registry::desk(world)?, staff(world));
    let keyring = Keyring::open_or_make(&world.data, &SystemSecrets)?;
    let secrets = Arc::new(SystemSecrets);
    Exchange::new(
        parts,
        Arc::new(SystemClock),
        Arc::new(SystemIds),
        keyring,
        secrets,
    )
}

/// By which organisations people sign in; only providers at public addresses, unless the configuration says otherwise.
///
/// # Errors
/// What the key of secrets gave.
pub fn oidc(world: &World, staff: &Staff, private: bool) -> Result<Oidc, Refusal> {
    Ok(Oidc::new(
        staff.clone(),
        world.store.clone(),
        Arc::new(SystemClock),
        Arc::new(SystemSecrets),
        Keyring::open_or_make(&world.data, &SystemSecrets)?,
        reach(private),
    ))
}

/// Who is told what happens; only public addresses, unless the configuration says otherwise.
///
/// # Errors
/// What the key of secrets gave.
pub fn webhooks(world: &World, private: bool) -> Result<Webhooks, Refusal> {
    Ok(Webhooks::new(
        world.store.clone(),
        Arc::new(SystemClock),
        Arc::new(SystemSecrets),
        Keyring::open_or_make(&world.data, &SystemSecrets)?,
        reach(private),
    ))
}

fn reach(private: bool) -> Reach {
    if private { Reach::Anywhere } else { Reach::Public }
}
