//! Sales intake: the order files of channels as they come, into segments of the lake.
//!
//! `source` opens a file and `decode` makes it UTF-8; `delimited::Splitter` or `sheet` cut it into records;
//! `bind` holds the layout against the heads; `rows`, `values` and `counties` read records into lines; `pipeline` runs all
//! of it, with `shelf` writing segments; `preview` does the first steps and writes nothing. Publishing what was staged is `crate::import`.

mod bind;
mod code_text;
mod codes;
mod counties;
mod decode;
mod pipeline;
mod preview;
mod records;
mod rejects;
mod rows;
mod sheet;
mod shelf;
mod source;
mod values;

pub use pipeline::{Intake, Progress, Staged, stage};
pub use preview::{Preview, PreviewLine, preview};
pub use records::{Record, TableForm, for_each_record};
pub use rejects::Reject;
pub use rows::NamedProduct;
pub use source::{Container, OrderFile};
