//! The lake's rows in the store.

use std::path::Path;

use kernel::Refusal;
use store::{Ctx, Reader, Row, args};

use crate::intake::NamedProduct;
use crate::lake::{Import, Segment};
use crate::segments::Manifest;

/// Every statement of the lake, so that a test can prepare each on both databases.
pub const STATEMENTS: [&str; 15] = [
    SEGMENTS,
    IMPORTS,
    PRODUCT_TITLES,
    IMPORT_OF_FILE,
    KEY_RUNS,
    CHAIN_HEAD,
    INSERT_IMPORT,
    INSERT_SEGMENT,
    INSERT_KEY_RUN,
    DELETE_KEY_RUN,
    INSERT_PRODUCT,
    SIZES,
    SEALED,
    LAST_SEAL,
    INSERT_SEALED,
];

const SEGMENTS: &str = "SELECT sha256, manifest, manifest_sha256 FROM sales_segments ORDER BY chain_no";
const IMPORTS: &str = "SELECT id, layout, channel, currency, simulated, file_name, file_sha256, file_bytes, lines, accepted, rejected, duplicates, \
     cancelled_lines, orders, gross_fen, net_fen, rejects_sha256, imported_at FROM sales_imports ORDER BY imported_at DESC, id DESC";
const PRODUCT_TITLES: &str = "SELECT channel, code, title FROM sales_products ORDER BY channel, code";
const IMPORT_OF_FILE: &str = "SELECT id, layout, channel, currency, simulated, file_name, file_sha256, file_bytes, lines, accepted, rejected, duplicates, \
     cancelled_lines, orders, gross_fen, net_fen, rejects_sha256, imported_at FROM sales_imports WHERE channel = $1 AND layout = $2 AND file_sha256 = $3 \
     AND (places = $4 OR places = '*') ORDER BY imported_at LIMIT 1";
const SIZES: &str =
    "SELECT COUNT(*) AS files FROM sales_imports WHERE channel = $1 AND layout = $2 AND file_bytes = $3";
pub const SEALED: &str = "SELECT t.period, t.name, t.sha256, t.rows FROM lake_sealed_tables t WHERE t.seal_no = (SELECT MAX(n.seal_no) \
     FROM lake_sealed_tables n WHERE n.period = t.period AND n.name = t.name) ORDER BY t.period, t.name";
pub const LAST_SEAL: &str = "SELECT seal_no, sha256 FROM lake_sealed_tables WHERE period = $1 AND name = $2 ORDER BY seal_no DESC LIMIT 1";
pub const INSERT_SEALED: &str = "INSERT INTO lake_sealed_tables (period, name, seal_no, sha256, rows, sealed_at, sealed_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const KEY_RUNS: &str = "SELECT file, keys FROM sales_key_runs ORDER BY keys, file";
const CHAIN_HEAD: &str =
    "SELECT chain_no, manifest_sha256 FROM sales_segments ORDER BY chain_no DESC LIMIT 1";
const INSERT_IMPORT: &str = "INSERT INTO sales_imports (id, layout, channel, currency, simulated, file_name, file_sha256, file_bytes, lines, accepted, \
     rejected, duplicates, cancelled_lines, orders, gross_fen, net_fen, rejects_sha256, imported_at, imported_by, places) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
const INSERT_SEGMENT: &str = "INSERT INTO sales_segments (chain_no, sha256, import_id, manifest, manifest_sha256) VALUES ($1, $2, $3, $4, $5)";
const INSERT_KEY_RUN: &str = "INSERT INTO sales_key_runs (file, keys) VALUES ($1, $2)";
const DELETE_KEY_RUN: &str = "DELETE FROM sales_key_runs WHERE file = $1";
const INSERT_PRODUCT: &str = "INSERT INTO sales_products (channel, code, title) VALUES ($1, $2, $3) ON CONFLICT (channel, code) DO NOTHING";

pub async fn segments(reader: &mut Reader, folder: &Path) -> Result<Vec<Segment>, Refusal> {
    let rows = reader.rows(SEGMENTS, args![]).await?;
    rows.iter().map(|row| segment(row, folder)).collect()
}

fn segment(row: &Row, folder: &Path) -> Result<Segment, Refusal> {
    let (sha256, manifest_json) = (row.text("sha256")?, row.text("manifest")?);
    let manifest: Manifest = serde_json::from_str(&manifest_json)
        .map_err(|error| Refusal::broken("lake.manifest_unreadable", &error).at(&sha256))?;
    let files = folder.join("segments");
    Ok(Segment {
        path: files.join(format!("{sha256}.parquet")),
        rollup_path: files.join(format!("{sha256}.rollup.parquet")),
        manifest,
        manifest_json,
        manifest_sha256: row.text("manifest_sha256")?,
    })
}

pub async fn imports(reader: &mut Reader) -> Result<Vec<Import>, Refusal> {
    reader.rows(IMPORTS, args![]).await?.iter().map(import).collect()
}

pub fn import(row: &Row) -> Result<Import, Refusal> {
    Ok(Import {
        id: row.text("id")?,
        layout: row.text("layout")?,
        channel: row.text("channel")?,
        currency: row.text("currency")?,
        simulated: row.int("simulated")? == 1,
        file_name: row.text("file_name")?,
        file_sha256: row.text("file_sha256")?,
        file_bytes: row.int("file_bytes")?,
        lines: row.int("lines")?,
        accepted: row.int("accepted")?,
        rejected: row.int("rejected")?,
        duplicates: row.int("duplicates")?,
        cancelled_lines: row.int("cancelled_lines")?,
        orders: row.int("orders")?,
        gross_fen: row.int("gross_fen")?,
        net_fen: row.int("net_fen")?,
        rejects_sha256: row.opt_text("rejects_sha256")?,
        imported_at: row.int("imported_at")?,
    })
}

pub async fn product_titles(reader: &mut Reader) -> Result<Vec<(String, String, String)>, Refusal> {
    let rows = reader.rows(PRODUCT_TITLES, args![]).await?;
    rows.iter()
        .map(|row| Ok((row.text("channel")?, row.text("code")?, row.text("title")?)))
        .collect()
}

/// The import of a file with these bytes for these places or for the whole country, if there was one.
pub async fn import_of_file(
    reader: &mut Reader,
    channel: &str,
    layout: &str,
    sha256: &str,
    places: &str,
) -> Result<Option<Import>, Refusal> {
    reader
        .row(IMPORT_OF_FILE, args![channel, layout, sha256, places])
        .await?
        .as_ref()
        .map(import)
        .transpose()
}

/// Whether a file of this size was imported, so that it is worth hashing the new one before reading it.
pub async fn has_file_of_size(
    reader: &mut Reader,
    channel: &str,
    layout: &str,
    bytes: i64,
) -> Result<bool, Refusal> {
    let row = reader.row(SIZES, args![channel, layout, bytes]).await?;
    row.map_or(Ok(false), |row| Ok(row.int("files")? > 0))
}

/// File names of the key runs, smallest first, with the number of their keys.
pub async fn key_runs(reader: &mut Reader) -> Result<Vec<(String, i64)>, Refusal> {
    let rows = reader.rows(KEY_RUNS, args![]).await?;
    rows.iter()
        .map(|row| Ok((row.text("file")?, row.int("keys")?)))
        .collect()
}

/// Number and manifest hash of the last segment.
pub async fn chain_head(ctx: &mut Ctx) -> Result<(i64, String), Refusal> {
    match ctx.row(CHAIN_HEAD, args![]).await? {
        Some(row) => Ok((row.int("chain_no")?, row.text("manifest_sha256")?)),
        None => Ok((0, String::new())),
    }
}

pub async fn insert_import(ctx: &mut Ctx, import: &Import, places: &str) -> Result<(), Refusal> {
    let actor = ctx.actor().id.clone();
    ctx.execute_one(
        INSERT_IMPORT,
        args![
            &import.id,
            &import.layout,
            &import.channel,
            &import.currency,
            import.simulated,
            &import.file_name,
            &import.file_sha256,
            import.file_bytes,
            import.lines,
            import.accepted,
            import.rejected,
            import.duplicates,
            import.cancelled_lines,
            import.orders,
            import.gross_fen,
            import.net_fen,
            import.rejects_sha256.clone(),
            import.imported_at,
            actor,
            places,
        ],
    )
    .await
}

pub async fn insert_segment(ctx: &mut Ctx, manifest: &Manifest) -> Result<(), Refusal> {
    let (json, hash) = (manifest.to_json(), manifest.sha256_of());
    ctx.execute_one(
        INSERT_SEGMENT,
        args![
            manifest.chain_no,
            &manifest.sha256,
            &manifest.import_id,
            json,
            hash
        ],
    )
    .await
}

pub async fn insert_key_run(ctx: &mut Ctx, file: &str, keys: i64) -> Result<(), Refusal> {
    ctx.execute_one(INSERT_KEY_RUN, args![file, keys]).await
}

pub async fn delete_key_run(ctx: &mut Ctx, file: &str) -> Result<(), Refusal> {
    ctx.execute_one(DELETE_KEY_RUN, args![file]).await
}

pub async fn insert_products(ctx: &mut Ctx, channel: &str, products: &[NamedProduct]) -> Result<(), Refusal> {
    for product in products.iter().filter(|product| !product.title.is_empty()) {
        ctx.execute(INSERT_PRODUCT, args![channel, &product.code, &product.title])
            .await?;
    }
    Ok(())
}
