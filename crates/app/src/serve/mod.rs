//! Serves the pages: the published reports, and the evidence behind them.
//!
//! ```text
//! Door        accepts, up to so many connections          connection, limits, tls, stream
//!   House     one request: probes, pages, time, log       house, probes, metrics, log, body
//!     Router  the pages themselves                        crate `web`, from site
//! Workers     imports, drafts, checks                     crate `web`
//! ```
//! HTTP/1.1 only: the pages are few and small, and a proxy may speak more to readers. Told to stop (SIGTERM, Ctrl-C), the
//! service accepts nothing more, finishes the answers that are open (20 seconds at most), ends the workers after what
//! they are at, and closes the store.

mod body;
mod connection;
mod house;
pub mod limits;
mod log;
mod metrics;
pub mod probes;
mod signals;
pub(crate) mod site;
mod stream;
pub mod tls;

use std::net::SocketAddr;
use std::sync::Arc;

use kernel::{Fault, Lang, Refusal};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use web::Front;

use crate::config::Service;
use crate::first_start;
use crate::terminal::{either, say};
use crate::world::World;
use connection::Door;
use house::{House, MetricsFor};
use limits::STOP_WAIT;
use metrics::Metrics;
use probes::Probes;
use signals::Signals;
use tls::Tls;

/// Connections to the listener of the metrics.
const METRICS_CONNECTIONS_MAX: usize = 16;

/// Serves until it is told to stop.
///
/// # Errors
/// `app.not_listening` where the address cannot be had; `app.tls_unusable`; what the report or the lake gave.
pub async fn serve(service: &Service, world: World) -> Result<(), Refusal> {
    let tls = service.tls.as_ref().map(|(cert, key)| Tls::open(cert, key));
    let tls = tls.transpose()?.map(Arc::new);
    let listener = listen(service.listen).await?;
    let mut signals = Signals::watch();
    let (stopping, stop) = watch::channel(false);
    let metrics = Arc::new(Metrics::default());
    let probes = Probes::new(world.store.clone(), world.data.clone(), Arc::clone(&metrics));
    let probes = Arc::new(probes);
    let aside = match service.metrics_listen {
        Some(address) => Some(metrics_door(address, &probes, &metrics).await?),
        None => None,
    };
    let address = listener.local_addr().unwrap_or(service.listen);
    let site = site::site(&world, front(service, address, tls.is_some()), service).await?;
    let house = House {
        pages: Some(web::router(Arc::clone(&site))),
        probes: Arc::clone(&probes),
        metrics,
        metrics_for: if aside.is_some() {
            MetricsFor::Nobody
        } else {
            MetricsFor::ThisMachine
        },
        trust_proxy: service.trust_proxy,
        hsts: tls.is_some() || is_https(service),
    };
    let mut told = stop.clone();
    let told = async move { drop(told.wait_for(|stop| *stop).await) };
    let workers = tokio::spawn(web::work(Arc::clone(&site), told));
    let base = base(service, address, tls.is_some());
    greet(&base, world.lang);
    first_start::invite(&site.staff, &base, world.lang).await?;
    tracing::info!(%address, secure = tls.is_some(), version = env!("CARGO_PKG_VERSION"), "serving");
    let door = Door {
        listener,
        tls: tls.clone(),
        house: Arc::new(house),
        room: Arc::new(Semaphore::new(limits::connections(
            service.connections_max,
            limits::open_files(),
        ))),
    };
    tokio::spawn(door.open(stop.clone()));
    if let Some(aside) = aside {
        tokio::spawn(aside.open(stop.clone()));
    }
    drop(stop);
    signals.stop(tls.as_deref()).await;
    probes.stop();
    stop_all(&stopping, workers, &mut signals).await;
    world.store.close().await;
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Refusal> {
    TcpListener::bind(address).await.map_err(|error| {
        Refusal::new("app.not_listening", Fault::Refused)
            .at(address)
            .fact("cause", error)
    })
}

async fn metrics_door(
    address: SocketAddr,
    probes: &Arc<Probes>,
    metrics: &Arc<Metrics>,
) -> Result<Door, Refusal> {
    let house = House {
        pages: None,
        probes: Arc::clone(probes),
        metrics: Arc::clone(metrics),
        metrics_for: MetricsFor::Everyone,
        trust_proxy: false,
        hsts: false,
    };
    Ok(Door {
        listener: listen(address).await?,
        tls: None,
        house: Arc::new(house),
        room: Arc::new(Semaphore::new(METRICS_CONNECTIONS_MAX)),
    })
}

fn is_https(service: &Service) -> bool {
    let public = service.public_url.as_deref();
    public.is_some_and(|url| url.starts_with("https://"))
}

/// How readers reach the site: under its public address, else under the one it listens on.
fn front(service: &Service, address: SocketAddr, secure: bool) -> Front {
    let public = service.public_url.as_deref();
    match public.and_then(|url| url.strip_prefix("https://")) {
        Some(domain) => Front::https(domain.trim_end_matches('/')),
        None if secure => Front::https(&address.to_string()),
        None => Front::local(address.port()),
    }
}

fn base(service: &Service, address: SocketAddr, secure: bool) -> String {
    let scheme = if secure { "https" } else { "http" };
    let public = service.public_url.clone();
    public.unwrap_or_else(|| format!("{scheme}://{address}"))
}

/// Says where the pages are.
fn greet(base: &str, lang: Lang) {
    say(format!(
        "{} {base}{}  {}",
        either(lang, "请在浏览器打开", "open in a browser:"),
        match lang {
            Lang::Zh => "/",
            Lang::En => "/en",
        },
        either(lang, "（Ctrl-C 结束）", "(Ctrl-C ends it)")
    ));
}

/// Lets open answers end and workers finish what they are at. A second signal ends the process at once.
async fn stop_all(stopping: &watch::Sender<bool>, workers: JoinHandle<()>, signals: &mut Signals) {
    tracing::info!("stopping");
    stopping.send_replace(true);
    let quietly = async {
        // A worker that panicked has said so itself.
        let _ = tokio::join!(stopping.closed(), workers);
    };
    tokio::select! {
        () = quietly => {}
        () = tokio::time::sleep(STOP_WAIT) => tracing::warn!("stopped with answers or jobs open"),
        () = signals.stop(None) => tracing::warn!("stopped at once"),
    }
}
