//! What a simulation takes from the programme folder and the register of places: the poverty counties, the counties and
//! products of the channel, the platform's categories, and the totals.

use std::collections::BTreeSet;

use kernel::{PlaceCode, Refusal};
use people::places::{Places, Resolution};
use programme::{Product, Programme};

use crate::terms::{Terms, incomplete};

/// A county that sells.
#[derive(Debug, Clone)]
pub struct County {
    /// GB/T 2260, in force.
    pub code: u64,
    pub name: String,
    /// Province, prefecture where there is one, county.
    pub full_name: String,
    /// The code a channel still writes.
    pub written_code: String,
}

/// A product, or on the platform a category of products.
#[derive(Debug, Clone)]
pub struct Goods {
    pub code: String,
    pub title_zh: String,
    pub title_en: String,
}

impl Goods {
    fn of(product: &Product) -> Self {
        let title = &product.title;
        Self {
            code: product.code.clone(),
            title_zh: title.zh.clone(),
            title_en: title.en.clone(),
        }
    }
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The poverty counties by code, then the channel's other counties.
    pub counties: Vec<County>,
    /// How many of them are poverty counties.
    pub poverty_counties: usize,
    /// The channel's counties, as places in `counties`.
    pub channel_counties: Vec<usize>,
    /// The categories, then the channel's products.
    pub goods: Vec<Goods>,
    /// How many of them are categories.
    pub categories: usize,
    /// By county: its products on the channel, as places in `goods`.
    products: Vec<Vec<usize>>,
    pub terms: Terms,
}

impl Source {
    /// Gathers it.
    pub fn gather(programme: &Programme, places: &Places) -> Result<Self, Refusal> {
        let terms = Terms::built_in()?;
        let (categories, listed): (Vec<&Product>, Vec<&Product>) = programme
            .products
            .iter()
            .partition(|product| product.place.is_none());
        let goods = categories
            .iter()
            .chain(&listed)
            .map(|product| Goods::of(product))
            .collect();
        let poverty: BTreeSet<PlaceCode> = places.poverty_codes().into_iter().map(|(code, _)| code).collect();
        let channel: BTreeSet<PlaceCode> = programme.counties.iter().map(|county| county.code).collect();
        let codes: Vec<PlaceCode> = poverty
            .iter()
            .chain(channel.difference(&poverty))
            .copied()
            .collect();
        let counties: Vec<County> = codes
            .iter()
            .map(|code| county(*code, &terms, places))
            .collect::<Result<_, _>>()?;
        let mut products = vec![Vec::new(); counties.len()];
        for (at, product) in (categories.len()..).zip(&listed) {
            let of_county = codes
                .iter()
                .position(|code| Some(*code) == product.place)
                .and_then(|county| products.get_mut(county))
                .ok_or_else(|| incomplete(&product.code).at("products.csv"))?;
            of_county.push(at);
        }
        let channel_counties = (0..counties.len())
            .filter(|at| codes.get(*at).is_some_and(|code| channel.contains(code)))
            .collect();
        let source = Self {
            counties,
            poverty_counties: poverty.len(),
            channel_counties,
            goods,
            categories: categories.len(),
            products,
            terms,
        };
        source.check()
    }

    fn check(self) -> Result<Self, Refusal> {
        if self.categories == 0 {
            return Err(incomplete("categories.csv"));
        }
        if self.poverty_counties <= self.terms.large_counties {
            return Err(incomplete("counties_over_100m").at("simulation.toml"));
        }
        match self
            .channel_counties
            .iter()
            .find(|county| self.products_of(**county).next().is_none())
        {
            Some(bare) => {
                let code = self
                    .counties
                    .get(*bare)
                    .map(|county| county.code)
                    .unwrap_or_default();
                Err(incomplete(code).at("products.csv"))
            }
            None if self.channel_counties.is_empty() => Err(incomplete("counties.csv")),
            None => Ok(self),
        }
    }

    /// The products a county has on the channel, as places in `goods`.
    pub fn products_of(&self, county: usize) -> impl Iterator<Item = usize> + '_ {
        self.products.get(county).into_iter().flatten().copied()
    }

    /// Whether the programme names the county among those over 100 m yuan.
    pub fn is_large_first(&self, county: usize) -> bool {
        self.counties.get(county).is_some_and(|county| {
            self.terms
                .large_first
                .iter()
                .any(|code| *code == county.code.to_string())
        })
    }
}

fn county(code: PlaceCode, terms: &Terms, places: &Places) -> Result<County, Refusal> {
    let unknown = || incomplete(code).at("counties.csv");
    let name = places.get(code).ok_or_else(unknown)?.name_zh.to_string();
    let province = &places.get(code.province()).ok_or_else(unknown)?.name_zh;
    let prefecture = code
        .prefecture()
        .and_then(|code| places.get(code))
        .map(|place| place.name_zh.to_string())
        .unwrap_or_default();
    let written = terms.withdrawn.get(&code.to_string());
    if let Some(old) = written {
        let became = places.resolve(old.parse()?);
        if !matches!(became, Resolution::Successor(new) if new == code) {
            return Err(incomplete(old).at("simulation.toml"));
        }
    }
    Ok(County {
        code: code.as_u64(),
        full_name: format!("{province}{prefecture}{name}"),
        written_code: written.cloned().unwrap_or_else(|| code.to_string()),
        name,
    })
}
