//! Forms for phones: `forms`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `fishpond forms`
#[derive(Debug, Subcommand)]
pub enum Forms {
    /// Compile an XLSForm to the XForm that ODK Collect and its kin read
    #[command(
        after_help = "Example: fishpond forms compile household.xlsx --out household.xml\nA form is .xlsx, .xls, .csv or .md. Without --out the XForm is printed. Choices of the sheet external_choices are written to itemsets.csv beside --out."
    )]
    Compile(FormsCompile),
    /// Say everything that is wrong with an XLSForm, by sheet, row and column
    #[command(after_help = "Example: fishpond forms check household.xlsx")]
    Check(FormsCheck),
}

/// `fishpond forms compile`
#[derive(Debug, Args)]
pub struct FormsCompile {
    /// The form
    pub form: PathBuf,
    /// Write the XForm to this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The root of the data of a form whose settings name none
    #[arg(long, value_name = "NAME", default_value = "data")]
    pub root: String,
}

/// `fishpond forms check`
#[derive(Debug, Args)]
pub struct FormsCheck {
    /// The form
    pub form: PathBuf,
}
