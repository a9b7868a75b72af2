//! The totals a simulation keeps to: `simulation.toml` of the programme that is built in.

use std::collections::BTreeMap;

use kernel::{Fault, Money, Refusal};
use serde::Deserialize;

/// `simulation.toml` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    simulated: bool,
    poverty_counties_net_yuan: String,
    counties_over_100m: usize,
    counties_over_100m_net_yuan: String,
    counties_over_100m_floor_yuan: String,
    counties_over_100m_first: Vec<String>,
    withdrawn_codes: BTreeMap<String, String>,
}

/// The totals, read.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Net sales of all poverty counties over the half year.
    pub net: Money,
    /// How many counties are over 100 m yuan.
    pub large_counties: usize,
    /// What those have together.
    pub large_net: Money,
    /// What each of those has at least.
    pub large_floor: Money,
    /// Counties (GB/T 2260) that are among those in any case.
    pub large_first: Vec<String>,
    /// Codes a channel still writes: code in force, withdrawn code.
    pub withdrawn: BTreeMap<String, String>,
}

/// The refusal of a programme folder that does not give what a simulation needs.
pub fn incomplete(what: impl std::fmt::Display) -> Refusal {
    Refusal::new("simulate.programme_incomplete", Fault::Refused).value(what)
}

impl Terms {
    /// The totals of the built-in programme.
    pub fn built_in() -> Result<Self, Refusal> {
        let files = programme::embedded::files();
        let text = files
            .get("simulation.toml")
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        Self::parse(text.ok_or_else(|| incomplete("simulation.toml"))?)
    }

    fn parse(text: &str) -> Result<Self, Refusal> {
        let written: Written =
            toml::from_str(text).map_err(|error| incomplete(error.message()).at("simulation.toml"))?;
        if !written.simulated {
            return Err(incomplete("simulated = false").at("simulation.toml"));
        }
        Ok(Self {
            net: written.poverty_counties_net_yuan.parse()?,
            large_counties: written.counties_over_100m,
            large_net: written.counties_over_100m_net_yuan.parse()?,
            large_floor: written.counties_over_100m_floor_yuan.parse()?,
            large_first: written.counties_over_100m_first,
            withdrawn: written
                .withdrawn_codes
                .into_iter()
                .map(|(old, new)| (new, old))
                .collect(),
        })
    }
}
