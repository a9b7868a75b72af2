//! Serves the pages on this machine: the published reports, and the evidence behind them.

use std::net::SocketAddr;
use std::sync::Arc;

use kernel::{Fault, Lang, Refusal, SystemClock, SystemIds, SystemSecrets};
use lake::figures::FigureEngine;
use lake::uploads::{UploadLimits, Uploads};
use people::staff::Staff;
use report::periods;
use web::{Evidence, Office, Published, Site};

use crate::terminal::{either, say};
use crate::world::World;

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
    let site = site(world).await?;
    let (uploads, programme) = (site.office.uploads.clone(), site.programme.clone());
    tokio::spawn(async move { uploads.run_import_jobs(&programme, std::future::pending()).await });
    let router = web::router(site);
    say(format!(
        "{} http://{address}{}  {}",
        either(lang, "请在浏览器打开", "open in a browser:"),
        match lang {
            Lang::Zh => "/",
            Lang::En => "/en",
        },
        either(lang, "（Ctrl-C 结束）", "(Ctrl-C ends it)")
    ));
    axum::serve(listener, router)
        .with_graceful_shutdown(interrupted())
        .await
        .map_err(failed)
}

async fn site(world: World) -> Result<Site, Refusal> {
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
    let office = Office {
        staff: Staff::new(
            world.store.clone(),
            Arc::new(SystemClock),
            Arc::new(SystemSecrets),
        ),
        uploads: Uploads::open(world.lake.clone(), UploadLimits::default()).await?,
        lake: world.lake,
    };
    Ok(Site {
        store: world.store,
        cache,
        programme: world.programme,
        places: world.places,
        published,
        evidence: Some(Evidence::new(engine)),
        office,
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
