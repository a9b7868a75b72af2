//! `/imports`: the files whose lines are in the lake, the newest first.

use serde_json::json;

use super::call::{Call, Outcome, ok, to_json};
use super::paging::{Window, next_link};
use crate::desk::workshop;

pub(super) async fn index(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let imports = workshop(&call.site)?.lake.imports().await?;
    let (imports, next) = window.cut(imports, |import| import.id.clone())?;
    ok(json!({ "items": to_json(&imports)?, "next": next_link(&call, next.as_ref()) }))
}
