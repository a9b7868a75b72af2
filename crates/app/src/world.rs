//! Everything a command works with: the data folder made ready, the store, the lake, the programme and the places.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Fault, Lang, Period, Refusal, SystemClock, SystemIds};
use lake::Lake;
use lake::figures::FigureTables;
use people::places::Places;
use programme::Programme;
use store::{Store, StoreConfig};

use crate::cli::{Language, Settings};

/// The programme that a new data folder gets.
const PROGRAMME: &str = "2018h1";

/// An open data folder.
pub struct World {
    /// Where it is.
    pub data: PathBuf,
    /// Journal, jobs, documents.
    pub store: Store,
    /// Sales evidence.
    pub lake: Lake,
    /// The programme in use.
    pub programme: Programme,
    /// The country.
    pub places: &'static Places,
    /// Language of what is printed.
    pub lang: Lang,
    /// Whether machines read along.
    pub json: bool,
}

impl World {
    /// Opens the data folder of the settings, making it ready on first use.
    ///
    /// # Errors
    /// What the folder, the database or the programme folder is refused for.
    pub async fn open(settings: &Settings) -> Result<Self, Refusal> {
        let data = settings.data.clone();
        let folder = programme_folder(&data);
        make_folder(&data)?;
        programme::embedded::write_to(&folder)?;
        let programme = Programme::open(&folder).map_err(|findings| programme::as_refusal(&findings))?;
        let store = Store::open(store_config(settings), Arc::new(SystemClock), Arc::new(SystemIds)).await?;
        let lake = Lake::open(store.clone(), &data.join("lake"))?;
        Ok(Self {
            data,
            store,
            lake,
            programme,
            places: Places::national(),
            lang: lang(settings),
            json: settings.json,
        })
    }

    /// What the programme's figures may name: made once by a command and kept for all its figures.
    ///
    /// # Errors
    /// As [`FigureTables::of`].
    pub fn figure_tables(&self) -> Result<Arc<FigureTables>, Refusal> {
        Ok(Arc::new(FigureTables::of(&self.programme, self.places)?))
    }

    /// A layout of the programme by name.
    ///
    /// # Errors
    /// `programme.no_such_layout`, naming those there are.
    pub fn layout(&self, name: &str) -> Result<&programme::Layout, Refusal> {
        self.programme.layout(name)
    }
}

/// Where the store of the settings keeps things: in the data folder, unless said otherwise.
#[must_use]
pub fn store_config(settings: &Settings) -> StoreConfig {
    let data = &settings.data;
    let database = || format!("sqlite://{}", data.join("fishpond.db").display());
    let documents = || data.join("documents").display().to_string();
    StoreConfig {
        database: settings.database.clone().unwrap_or_else(database),
        documents: settings.documents.clone().unwrap_or_else(documents),
    }
}

/// The programme folder inside a data folder.
#[must_use]
pub fn programme_folder(data: &Path) -> PathBuf {
    data.join("programmes").join(PROGRAMME)
}

/// The language of the settings.
#[must_use]
pub fn lang(settings: &Settings) -> Lang {
    match settings.lang {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    }
}

/// A period as it was typed.
///
/// # Errors
/// What the kernel refuses it for.
pub fn period(text: &str) -> Result<Period, Refusal> {
    text.parse()
}

/// Makes a folder.
///
/// # Errors
/// `app.folder_unusable`, naming it.
pub fn make_folder(path: &Path) -> Result<(), Refusal> {
    std::fs::create_dir_all(path).map_err(|error| {
        Refusal::new("app.folder_unusable", Fault::Refused)
            .at(path.display())
            .fact("cause", error)
    })
}

/// Where the fonts for PDF are: `FISHPOND_FONT_DIR`, else where Debian's fonts-noto-cjk puts them.
#[cfg(feature = "pdf")]
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "settings are read at the edge, which is here"
)]
pub fn font_folder() -> PathBuf {
    std::env::var_os("FISHPOND_FONT_DIR")
        .map_or_else(|| PathBuf::from("/usr/share/fonts/opentype/noto"), PathBuf::from)
}
