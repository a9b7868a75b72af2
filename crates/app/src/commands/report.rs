//! `fishpond report build`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use ::report::{HalfYearReport, OutputFile, ReportKey, Sources, render_files, write_signed};
use kernel::{Clock, Lang, Period, Refusal, SystemClock};
use lake::figures::FigureTables;

use crate::cli::Report;
use crate::terminal::{either, say};
use crate::world::{self, World};

/// Runs it.
///
/// # Errors
/// An unknown period, a folder that is not empty, or what a query gave.
pub async fn run(world: &World, command: Report) -> Result<ExitCode, Refusal> {
    let Report::Build { period, out } = command;
    let files = write(world, world::period(&period)?, &out).await?;
    say(match world.lang {
        Lang::Zh => format!("半年报已写入 {}：{files} 个文件，已签名", out.display()),
        Lang::En => format!("the report is in {}: {files} files, signed", out.display()),
    });
    if !cfg!(feature = "pdf") {
        say(no_pdf(world.lang));
    }
    Ok(ExitCode::SUCCESS)
}

/// What to say where PDF is not built in.
#[must_use]
pub fn no_pdf(lang: Lang) -> &'static str {
    either(
        lang,
        "未生成 PDF：这个程序没有带上 pdf 功能（cargo build --features pdf）；网页本身可直接打印",
        "no PDF was made: this binary was built without the feature pdf (cargo build --features pdf); the page itself prints well",
    )
}

/// What reports of a data folder are made from, beside what the world holds.
pub struct Materials {
    programme_dir: PathBuf,
    tables: Arc<FigureTables>,
    /// The key that signs.
    pub key: ReportKey,
}

impl Materials {
    /// Those of the world's data folder; a key is made on first use.
    ///
    /// # Errors
    /// As [`ReportKey::open_or_make`] and [`World::figure_tables`].
    pub fn of(world: &World) -> Result<Self, Refusal> {
        Ok(Self {
            programme_dir: world::programme_folder(&world.data),
            tables: world.figure_tables()?,
            key: ReportKey::open_or_make(&world.data)?,
        })
    }

    /// Together with the world.
    #[must_use]
    pub fn sources<'a>(&'a self, world: &'a World) -> Sources<'a> {
        Sources {
            lake: &world.lake,
            programme: &world.programme,
            programme_dir: &self.programme_dir,
            places: world.places,
            tables: &self.tables,
            key: &self.key,
        }
    }
}

/// Builds the report of a period and writes it, signed, into a new folder; gives the number of files.
///
/// # Errors
/// As [`run`].
pub async fn write(world: &World, period: Period, out: &Path) -> Result<usize, Refusal> {
    let materials = Materials::of(world)?;
    let report = materials.sources(world).report(period, SystemClock.now()).await?;
    let mut files = render_files(&report)?;
    files.extend(pdfs(&report)?);
    write_signed(out, &report, &files, &materials.key)?;
    Ok(files.len())
}

/// The report as PDF, in both languages.
///
/// # Errors
/// What the typesetter gave.
#[cfg(feature = "pdf")]
pub fn pdfs(report: &HalfYearReport) -> Result<Vec<OutputFile>, Refusal> {
    let data: serde_json::Value = serde_json::from_slice(&::report::folder::json(report)?)
        .map_err(|error| Refusal::broken("app.json", &error))?;
    let fonts = press::Fonts::in_dir(&world::font_folder())?;
    let today = SystemClock.today();
    let today = (
        i32::from(today.year()),
        today.month().unsigned_abs(),
        today.day().unsigned_abs(),
    );
    let set = |lang: Lang| {
        let charts: Vec<press::ReportChart> = ::report::html::paper_charts(report, lang)
            .into_iter()
            .map(|chart| press::ReportChart {
                figure: chart.figure,
                dimension: chart.dimension,
                title: kernel::Text::new(chart.title.clone(), chart.title),
                svg: chart.svg,
            })
            .collect();
        press::typeset_report(&data, lang, &charts, &fonts, today).map(|bytes| OutputFile {
            path: format!("report.{}.pdf", lang.tag()),
            bytes,
        })
    };
    Lang::ALL.into_iter().map(set).collect()
}

/// No PDF: this binary was built without it.
///
/// # Errors
/// None.
#[cfg(not(feature = "pdf"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "with the feature it makes files, which may fail"
)]
pub fn pdfs(_report: &HalfYearReport) -> Result<Vec<OutputFile>, Refusal> {
    Ok(Vec::new())
}
