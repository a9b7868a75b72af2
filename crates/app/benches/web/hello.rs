//! A server that does nothing but answer: what axum and this machine cost without us.

use anyhow::Result;
use axum::Router;
use axum::routing::get;

/// Serves until it is ended, with as many threads as `fishpond serve` has.
pub fn serve() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}/", listener.local_addr()?);
        let router = Router::new().route("/", get(|| async { "Hello, world!" }));
        loop {
            let (stream, _) = listener.accept().await?;
            // As our own service does; without it small answers wait for the reader's acknowledgement.
            stream.set_nodelay(true)?;
            let service = hyper_util::service::TowerToHyperService::new(router.clone());
            tokio::spawn(async move {
                let io = hyper_util::rt::TokioIo::new(stream);
                // A reader that goes away ends its connection and nothing else.
                drop(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(io, service)
                        .await,
                );
            });
        }
    })
}
