//! Forms for phones: an XLSForm (XLS, XLSX, CSV, Markdown) becomes an XForm, and what devices send is held against it.

mod answers;
mod expression;
mod fault;
mod headers;
mod limits;
mod markup;
mod model;
mod names;
mod read;
mod references;
mod skeleton;
mod submission;
mod text;
mod types;
mod values;
mod workbook;
mod write;

pub use fault::{Fault, Place};
pub use limits::FORM_BYTES_MAX;
pub use skeleton::{Kind, Node, Shape, Skeleton, read_xform};
pub use submission::{Identity, Submission, read_identity, read_submission};
pub use values::{Value, Values};

/// The name of the root of the primary instance, where nothing else names it.
const ROOT: &str = "data";

/// A compiled form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XForm {
    /// The id of the form.
    pub id: String,
    /// Its version; empty where it has none.
    pub version: String,
    /// Its title.
    pub title: String,
    /// The XForm as XML.
    pub xml: String,
    /// The file `itemsets.csv` that goes with it, where it has choices of the sheet `external_choices`.
    pub itemsets: Option<String>,
}

/// Compiles an XLSForm; the ending of the name says which kind of file it is.
///
/// # Errors
/// Everything that is wrong, each by sheet, row and column.
pub fn compile(name: &str, bytes: &[u8]) -> Result<XForm, Vec<Fault>> {
    compile_under(name, bytes, ROOT)
}

/// The same, with a name for the root of the primary instance of a form whose settings give it none. Older compilers
/// took that of the file; submissions are kept under it.
///
/// # Errors
/// As [`compile`].
pub fn compile_under(name: &str, bytes: &[u8], root: &str) -> Result<XForm, Vec<Fault>> {
    let form = read::form(workbook::Workbook::read(name, bytes)?, root)?;
    let xml = write::xform(&form).map_err(|fault| vec![fault])?;
    let settings = form.settings;
    Ok(XForm {
        id: settings.id,
        version: settings.version.unwrap_or_default(),
        title: settings.title,
        xml,
        itemsets: form.itemsets,
    })
}
