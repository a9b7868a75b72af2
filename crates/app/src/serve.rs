//! Serves the pages on this machine: the last report that was written, and the evidence behind it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Fault, Lang, Period, Refusal, SystemIds};
use lake::figures::FigureEngine;
use web::{Evidence, Published, Site};

use crate::commands::{pack, report};
use crate::terminal::{either, say};
use crate::world::World;

/// Serves until it is interrupted. A data folder without a report gets one first.
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
    let router = web::router(site(world).await?);
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
    if reports_in(&world.data).is_empty() {
        let period = world.programme.head.period;
        report::write(&world, period, &free_folder(&world.data, period)).await?;
    }
    let mut published = Vec::new();
    for (version, folder) in reports_in(&world.data).into_values() {
        let pack = pack::of_report(&world, &folder).await?;
        published.push(Published::from_folder(&folder, version, pack.as_deref())?);
    }
    published.sort_by(|a, b| b.report.period.first_day.cmp(&a.report.period.first_day));
    let period = match published.first() {
        Some(latest) => latest.report.period.id.parse()?,
        None => world.programme.head.period,
    };
    let engine = FigureEngine::over_rollups(&world.lake, &world.programme, world.places, period).await?;
    Ok(Site {
        programme: world.programme,
        places: world.places,
        published,
        evidence: Some(Evidence::new(engine)),
        ids: Arc::new(SystemIds),
    })
}

/// The latest report of each period in a data folder: its version and folder.
fn reports_in(data: &Path) -> BTreeMap<String, (u32, PathBuf)> {
    let mut found: BTreeMap<String, (u32, PathBuf)> = BTreeMap::new();
    for entry in std::fs::read_dir(data.join("reports"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((period, number)) = name.rsplit_once('-') else {
            continue;
        };
        let Ok(number) = number.parse::<u32>() else {
            continue;
        };
        let is_later = found.get(period).is_none_or(|(before, _)| *before < number);
        if is_later && entry.path().join("report.json").exists() {
            found.insert(period.to_owned(), (number, entry.path()));
        }
    }
    found
}

/// A folder of its own for each report, so that an earlier one is never written over.
pub fn free_folder(data: &Path, period: Period) -> PathBuf {
    let reports = data.join("reports");
    let free = |number: &u32| !reports.join(format!("{period}-{number}")).exists();
    let number = (1..u32::MAX).find(free).unwrap_or(u32::MAX);
    reports.join(format!("{period}-{number}"))
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
