//! A lake in a temporary folder, layouts and files for the intake tests.

use std::io::Write;
use std::path::{Path, PathBuf};

use kernel::{Actor, Refusal};
use lake::{Imported, Lake};
use programme::layout::Layout;
use testkit::TestStore;

/// The layout most tests use: plain English heads, line numbers, place by code.
pub const PLAIN: &str = r#"
name = "plain"
channel = "plain"
grain = "order_line"
title = { zh = "测试", en = "Test" }
[order]
column = ["order"]
[line]
column = ["line"]
[day]
column = ["day"]
[place]
column = ["county"]
[product]
column = ["product"]
title = ["title"]
[quantity]
column = ["quantity"]
[amount]
column = ["amount"]
[cancelled]
negative_quantity = true
"#;

/// The heads of the plain layout.
pub const HEADS: &str = "order,line,day,county,product,title,quantity,amount\n";

/// The plain layout.
pub fn plain() -> Layout {
    Layout::read("channels/plain.toml", PLAIN).unwrap()
}

/// One row of the plain layout.
pub fn row(order: &str, line: u32, amount: &str) -> String {
    format!("{order},{line},2018-03-05,621226,P1,苹果,1,{amount}\n")
}

/// Opens a lake beside the store.
pub fn open(store: &TestStore) -> Lake {
    Lake::open(store.store(), &store.folder().join("lake")).unwrap()
}

/// Writes a file into the store's folder.
pub fn file(store: &TestStore, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = store.folder().join(name);
    std::fs::File::create(&path)
        .unwrap()
        .write_all(bytes.as_ref())
        .unwrap();
    path
}

/// Imports a file.
pub async fn import(lake: &Lake, layout: &Layout, path: &Path) -> Result<Imported, Refusal> {
    lake.import(Actor::system(), layout, path, &|_, _| {}).await
}
