//! Names of places, channels, products and months for readers.

use std::collections::HashMap;

use kernel::{Lang, Period, Text};
use people::places::Places;
use programme::{Dimension, Programme};

/// Names by dimension and key: those of the programme and the country, and products as channels named them.
pub(super) struct Titles<'a> {
    pub known: &'a HashMap<(Dimension, String), Text>,
    pub imported: &'a HashMap<String, Text>,
}

impl Titles<'_> {
    /// The name of a key for readers; the key itself where nothing names it.
    pub fn title(&self, by: Dimension, key: &str) -> Text {
        if by == Dimension::Month {
            return month_title(key);
        }
        let known = self.known.get(&(by, key.to_owned()));
        let imported = || self.imported.get(key).filter(|_| by == Dimension::Product);
        known
            .or_else(imported)
            .cloned()
            .unwrap_or_else(|| Text::new(key, key))
    }
}

/// `201806` as `2018年6月` and `June 2018`.
fn month_title(key: &str) -> Text {
    let month = key
        .split_at_checked(4)
        .and_then(|(year, month)| format!("{year}-{month}").parse::<Period>().ok());
    month.map_or_else(
        || Text::new(key, key),
        |month| Text::new(month.title(Lang::Zh), month.title(Lang::En)),
    )
}

/// The names a programme and the country give.
pub(super) fn of(programme: &Programme, places: &Places) -> HashMap<(Dimension, String), Text> {
    let products = programme
        .products
        .iter()
        .map(|product| ((Dimension::Product, product.code.clone()), product.title.clone()));
    let channels = programme
        .channels()
        .into_iter()
        .map(|(name, title)| ((Dimension::Channel, name.to_owned()), title.clone()));
    let pillars = programme
        .head
        .pillars
        .iter()
        .map(|pillar| ((Dimension::Pillar, pillar.id.clone()), pillar.title.clone()));
    let places = places
        .all()
        .iter()
        .map(|place| ((Dimension::Place, place.code.to_string()), place.title()));
    products.chain(channels).chain(pillars).chain(places).collect()
}

/// Products as channels named them (channel, code, title), the first name of each.
pub(super) fn imported(named: Vec<(String, String, String)>) -> HashMap<String, Text> {
    let mut titles = HashMap::new();
    for (_, code, title) in named.into_iter().filter(|(_, _, title)| !title.is_empty()) {
        titles
            .entry(code)
            .or_insert_with(|| Text::new(title.as_str(), title.as_str()));
    }
    titles
}
