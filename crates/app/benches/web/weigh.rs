//! What pages weigh as a browser gets them: alone, and with everything they draw on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

use anyhow::Result;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::reader::Reader;

/// Pages of one kind: there are thousands of places and lines, and they are alike.
const OF_A_KIND_MAX: usize = 12;

/// Follows every link from the two home pages.
pub async fn run(address: SocketAddr) -> Result<Value> {
    let mut reader = Reader::connect(address).await?;
    let mut open: VecDeque<String> = ["/", "/en"].map(str::to_owned).into();
    let (mut seen, mut kinds) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    let (mut assets, mut pages) = (BTreeMap::new(), Vec::new());
    while let Some(path) = open.pop_front() {
        let many = kinds.entry(kind_of(&path)).or_default();
        if *many >= OF_A_KIND_MAX || path.contains("/files/") || !seen.insert(path.clone()) {
            continue;
        }
        *many += 1;
        let page = reader.get(&path, "identity", None).await?;
        if page.status != StatusCode::OK || !page.is_page() {
            continue;
        }
        let (mut gzip, mut brotli) = (0, 0);
        for asset in page
            .links()
            .into_iter()
            .filter(|link| is_asset(link))
            .collect::<BTreeSet<_>>()
        {
            if !assets.contains_key(&asset) {
                assets.insert(asset.clone(), weights(&mut reader, &asset).await?);
            }
            let (more_gzip, more_brotli) = assets.get(&asset).copied().unwrap_or_default();
            (gzip, brotli) = (gzip + more_gzip, brotli + more_brotli);
        }
        let (own_gzip, own_brotli) = weights(&mut reader, &path).await?;
        pages.push(json!({
            "path": path,
            "first": { "gzip": own_gzip + gzip, "brotli": own_brotli + brotli },
            "after": { "gzip": own_gzip, "brotli": own_brotli },
        }));
        open.extend(page.links());
    }
    Ok(Value::Array(pages))
}

/// Bytes of the body by gzip and by brotli.
async fn weights(reader: &mut Reader, path: &str) -> Result<(usize, usize)> {
    let gzip = reader.get(path, "gzip", None).await?.body.len();
    let brotli = reader.get(path, "br", None).await?.body.len();
    Ok((gzip, brotli))
}

fn is_asset(link: &str) -> bool {
    link.starts_with("/assets/") || link == "/favicon.svg"
}

/// The address with everything that has a number in it left out.
fn kind_of(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let numberless = |part: &&str| !part.bytes().any(|byte| byte.is_ascii_digit());
    let keys = query.split('&').filter_map(|pair| pair.split('=').next());
    let parts: Vec<&str> = path.split('/').filter(numberless).chain(keys).collect();
    parts.join("/")
}
