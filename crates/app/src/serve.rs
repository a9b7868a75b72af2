//! Serves the pages on this machine: the published reports, and the evidence behind them.

use std::net::SocketAddr;
use std::sync::Arc;

use kernel::{Fault, Lang, Refusal, SystemClock, SystemIds, SystemSecrets};
use lake::uploads::{UploadLimits, Uploads};
use people::staff::Staff;
use report::ReportKey;
use tokio::sync::Notify;
use web::{Front, Shelf, Site, Workshop};

use crate::commands::report::pdfs;
use crate::first_start;
use crate::terminal::{either, say};
use crate::world::{self, World};

/// An order file that is sent may have so many bytes.
const UPLOAD_BYTES_MAX: u64 = 5 << 30;

/// Serves until it is interrupted.
///
/// # Errors
/// `app.not_listening` where the address cannot be had; what the report or the lake gave.
pub async fn serve(address: SocketAddr, world: World) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| {
        Refusal::new("app.not_listening", Fault::Refused)
            .at(address)
            .fact("cause", error)
    };
    let listener = tokio::net::TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let lang = world.lang;
    let site = Arc::new(site(world, Front::local(address.port())).await?);
    site.reload().await?;
    first_start::invite(&site.staff, &format!("http://{address}"), lang).await?;
    let router = web::router(Arc::clone(&site));
    let workers = tokio::spawn(web::work(site, interrupted()));
    say(format!(
        "{} http://{address}{}  {}",
        either(lang, "请在浏览器打开", "open in a browser:"),
        match lang {
            Lang::Zh => "/",
            Lang::En => "/en",
        },
        either(lang, "（Ctrl-C 结束）", "(Ctrl-C ends it)")
    ));
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router)
        .with_graceful_shutdown(interrupted())
        .await
        .map_err(failed)?;
    workers
        .await
        .map_err(|error| Refusal::broken("app.worker_stopped", &error))
}

async fn site(world: World, front: Front) -> Result<Site, Refusal> {
    let cache = world.data.join("cache");
    let limits = UploadLimits {
        file_bytes_max: UPLOAD_BYTES_MAX,
        ..UploadLimits::default()
    };
    let workshop = Workshop {
        uploads: Uploads::open(world.lake.clone(), limits).await?,
        programme_dir: world::programme_folder(&world.data),
        key: ReportKey::open_or_make(&world.data)?,
        more_files: Box::new(pdfs),
        scratch: world.data,
        clock: Arc::new(SystemClock),
        wake: Notify::new(),
        lake: world.lake,
    };
    Ok(Site {
        staff: Staff::new(
            world.store.clone(),
            Arc::new(SystemClock),
            Arc::new(SystemSecrets),
        ),
        front,
        store: world.store,
        cache,
        programme: world.programme,
        places: world.places,
        shown: Shelf::default(),
        workshop: Some(workshop),
        ids: Arc::new(SystemIds),
    })
}

/// Ends at Ctrl-C or when the service is told to stop; open answers are finished.
async fn interrupted() {
    // Where a signal cannot be watched, the process is ended by it as usual.
    let asked = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => drop(pressed),
        () = asked => {}
    }
}
