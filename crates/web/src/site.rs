//! What everything is made from: the store, the programme, the places, and what is shown of them.

use std::path::PathBuf;
use std::sync::Arc;

use books::Books;
use exchange::Exchange;
use finance::payments::Payments;
use fund::Fund;
use kernel::{Clock, IdSource, Lang};
use lake::figures::FigureTables;
use oidc::Oidc;
use people::places::Places;
use people::staff::Staff;
use programme::Programme;
use registry::Registry;
use store::{Keyring, Store};
use webhooks::Webhooks;

use crate::front::Front;
use crate::shelf::Shelf;
use crate::workshop::Workshop;

/// Everything the pages are made from.
pub struct Site {
    /// Journal, jobs, documents.
    pub store: Store,
    /// The key beside the database: what is kept on a reader's own device is sealed by what follows from it.
    pub keyring: Keyring,
    /// Where people show who they are.
    pub staff: Staff,
    /// How the site is reached.
    pub front: Front,
    /// A folder for copies of documents that lie in a bucket.
    pub cache: PathBuf,
    /// The programme.
    pub programme: Programme,
    /// The country.
    pub places: &'static Places,
    /// What the programme's figures may name, and their queries as planned so far.
    pub tables: Arc<FigureTables>,
    /// What is shown now; [`Site::reload`] reads it anew.
    pub shown: Shelf,
    /// Where order files are taken in and reports are made; none where only what is published is shown.
    pub workshop: Option<Workshop>,
    /// Who is told what happens.
    pub webhooks: Webhooks,
    /// By which organisations people sign in.
    pub oidc: Oidc,
    /// Where single acts on the books are gathered.
    pub books: Books,
    /// Where the fund is kept.
    pub fund: Fund,
    /// The registry of households; none where the programme keeps none.
    pub registry: Option<Registry>,
    /// Who asks the registry by messages; none where the programme keeps none.
    pub exchange: Option<Exchange>,
    /// Where payments are made.
    pub payments: Payments,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where reference numbers come from.
    pub ids: Arc<dyn IdSource>,
}

impl Site {
    /// The notice of simulated evidence, where it is.
    #[must_use]
    pub fn simulated(&self, lang: Lang) -> Option<String> {
        let head = &self.programme.head;
        let latest = self.latest();
        let of_report = latest
            .as_ref()
            .and_then(|latest| latest.report.simulated.as_ref());
        of_report
            .or_else(|| head.simulated.then_some(&head.note))
            .map(|note| note.get(lang).to_owned())
    }
}
