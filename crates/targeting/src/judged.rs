//! How right a cut-off is: inclusion and exclusion error, AUC, with intervals from a bootstrap of clusters, and the same by
//! group. Who is judged here was never in the fit of the score that judges.
//!
//! - exclusion error (undercoverage): the share of the poor who are not selected;
//! - inclusion error (leakage): the share of the selected who are not poor;
//! - AUC: the chance that a poor person has more points than one who is not; equal points count one half;
//! - equal-opportunity gap: the greatest less the least share of the poor who are selected, among groups (Hardt, Price,
//!   Srebro 2016);
//! - impact ratio: a group's share of selected over the greatest such share; adverse below four fifths (US EEOC 1979).

use kernel::SplitMix64;
use serde::{Deserialize, Serialize};

/// Draws of a bootstrap.
const DRAWS: usize = 500;
/// Below this ratio an impact is adverse.
const FOUR_FIFTHS: f64 = 0.8;

/// A person with points, and what is true of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Points: more is poorer.
    pub points: i64,
    /// Whether the survey says poor.
    pub poor: bool,
    /// For how many they stand.
    pub weight: f64,
    /// The cluster they are in (household or village), from 0.
    pub cluster: usize,
    /// The group they are in, from 0.
    pub group: usize,
}

/// What comes of a cut-off; none where there is nobody to divide by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    /// Share of all who are selected.
    pub selected: Option<f64>,
    /// Share of the selected who are not poor.
    pub inclusion_error: Option<f64>,
    /// Share of the poor who are not selected.
    pub exclusion_error: Option<f64>,
    /// Area under the curve.
    pub auc: Option<f64>,
}

/// A figure with the interval in which 95 % of the draws of a bootstrap lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The figure.
    pub value: Option<f64>,
    /// 2.5 % of the draws are below.
    pub low: Option<f64>,
    /// 2.5 % of the draws are above.
    pub high: Option<f64>,
}

/// Errors with intervals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Rows.
    pub persons: u64,
    /// For how many they stand.
    pub weight: f64,
    /// Share of the poor.
    pub poor: Option<f64>,
    /// Share of the selected.
    pub selected: Interval,
    /// Share of the selected who are not poor.
    pub inclusion_error: Interval,
    /// Share of the poor who are not selected.
    pub exclusion_error: Interval,
    /// Area under the curve.
    pub auc: Interval,
}

/// The errors of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFound {
    /// Its name.
    pub group: String,
    /// Its errors.
    #[serde(flatten)]
    pub found: Found,
    /// Its share of selected over the greatest.
    pub impact_ratio: Option<f64>,
    /// Whether that is below four fifths.
    pub adverse: bool,
}

/// What is selected from a cut-off on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CutOff {
    /// The share of all that was aimed at.
    pub aimed: f64,
    /// Who has so many points or more is selected.
    pub cut_off: i64,
    /// Rows selected.
    pub persons: u64,
    /// For how many they stand.
    pub weight: f64,
    /// What comes of it.
    #[serde(flatten)]
    pub errors: Errors,
}

/// Persons in the order of their points, the least first.
pub fn in_order(mut judged: Vec<Judged>) -> Vec<Judged> {
    judged.sort_by(|one, other| {
        one.points
            .cmp(&other.points)
            .then(one.weight.total_cmp(&other.weight))
    });
    judged
}

/// The errors of a cut-off. `judged` is in the order of points.
pub fn errors(judged: &[Judged], cut_off: i64) -> Errors {
    errors_of(judged, cut_off, |_| 1.0)
}

fn errors_of(judged: &[Judged], cut_off: i64, times: impl Fn(usize) -> f64) -> Errors {
    let (mut poor, mut others, mut right, mut wrong) = (0.0, 0.0, 0.0, 0.0);
    let mut above = 0.0;
    for equal in judged.chunk_by(|one, other| one.points == other.points) {
        let (mut poor_here, mut others_here) = (0.0, 0.0);
        for person in equal {
            let weight = person.weight * times(person.cluster);
            *(if person.poor {
                &mut poor_here
            } else {
                &mut others_here
            }) += weight;
        }
        above += poor_here * (others + others_here / 2.0);
        poor += poor_here;
        others += others_here;
        if equal.first().is_some_and(|person| person.points >= cut_off) {
            right += poor_here;
            wrong += others_here;
        }
    }
    let share = |part: f64, of: f64| (of > 0.0).then(|| part / of);
    Errors {
        selected: share(right + wrong, poor + others),
        inclusion_error: share(wrong, right + wrong),
        exclusion_error: share(poor - right, poor).map(|share| share.max(0.0)),
        auc: share(above, poor * others),
    }
}

/// Errors with intervals: clusters are drawn again with their rows, by seed. The score is taken as it is, so what a
/// new survey would change in the score is not in the interval.
pub fn with_intervals(judged: &[Judged], cut_off: i64, seed: u64) -> Found {
    let mut clusters: Vec<usize> = judged.iter().map(|person| person.cluster).collect();
    clusters.sort_unstable();
    clusters.dedup();
    let place = |cluster: usize| clusters.binary_search(&cluster).unwrap_or_default();
    let placed: Vec<Judged> = judged
        .iter()
        .map(|person| Judged {
            cluster: place(person.cluster),
            ..*person
        })
        .collect();
    let mut dice = SplitMix64::new(seed);
    let many = u64::try_from(clusters.len()).unwrap_or_default();
    let mut draws = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let mut times = vec![0.0; clusters.len()];
        for _ in 0..clusters.len() {
            let taken = usize::try_from(dice.below(many)).unwrap_or_default();
            if let Some(times) = times.get_mut(taken) {
                *times += 1.0;
            }
        }
        draws.push(errors_of(&placed, cut_off, |cluster| {
            times.get(cluster).copied().unwrap_or_default()
        }));
    }
    let all = errors(judged, cut_off);
    let interval = |of: fn(&Errors) -> Option<f64>| interval(of(&all), draws.iter().filter_map(of).collect());
    let weight: f64 = judged.iter().map(|person| person.weight).sum();
    let poor: f64 = judged
        .iter()
        .filter(|person| person.poor)
        .map(|person| person.weight)
        .sum();
    Found {
        persons: u64::try_from(judged.len()).unwrap_or(u64::MAX),
        weight,
        poor: (weight > 0.0).then(|| poor / weight),
        selected: interval(|errors| errors.selected),
        inclusion_error: interval(|errors| errors.inclusion_error),
        exclusion_error: interval(|errors| errors.exclusion_error),
        auc: interval(|errors| errors.auc),
    }
}

fn interval(value: Option<f64>, mut draws: Vec<f64>) -> Interval {
    draws.sort_by(f64::total_cmp);
    let last = draws.len().saturating_sub(1);
    Interval {
        value,
        low: draws.get(last / 40).copied(),
        high: draws.get(last - last / 40).copied(),
    }
}

/// The errors of each group by the same cut-off, with the gap of opportunity between them.
pub fn by_group(
    judged: &[Judged],
    names: &[String],
    cut_off: i64,
    seed: u64,
) -> (Vec<GroupFound>, Option<f64>) {
    let found: Vec<Found> = (0..names.len())
        .map(|group| {
            let members: Vec<Judged> = judged
                .iter()
                .copied()
                .filter(|person| person.group == group)
                .collect();
            with_intervals(&members, cut_off, seed)
        })
        .collect();
    let selected: Vec<Option<f64>> = found.iter().map(|found| found.selected.value).collect();
    let missed = || found.iter().filter_map(|found| found.exclusion_error.value);
    let gap = missed()
        .reduce(f64::max)
        .zip(missed().reduce(f64::min))
        .map(|(most, least)| most - least);
    let groups = names.iter().zip(found).zip(impact_ratios(&selected));
    let groups = groups.map(|((group, found), (impact_ratio, adverse))| GroupFound {
        group: group.clone(),
        found,
        impact_ratio,
        adverse,
    });
    (groups.collect(), gap)
}

/// Each rate over the greatest, and whether that is below four fifths.
pub fn impact_ratios(rates: &[Option<f64>]) -> Vec<(Option<f64>, bool)> {
    let greatest = rates
        .iter()
        .flatten()
        .copied()
        .reduce(f64::max)
        .filter(|rate| *rate > 0.0);
    let ratio = |rate: &Option<f64>| {
        let ratio = rate.zip(greatest).map(|(rate, greatest)| rate / greatest);
        // Four fifths itself is not below them, rounding aside.
        (ratio, ratio.is_some_and(|ratio| ratio < FOUR_FIFTHS - 1e-12))
    };
    rates.iter().map(ratio).collect()
}

/// The cut-off that selects the share that is aimed at, or the least more that equal points allow.
pub fn cut_off_for(judged: &[Judged], aimed: f64) -> CutOff {
    let whole: f64 = judged.iter().map(|person| person.weight).sum();
    let mut reached = 0.0;
    let mut cut_off = judged.last().map_or(0, |person| person.points);
    for person in judged.iter().rev() {
        if reached >= aimed * whole * (1.0 - 1e-12) {
            break;
        }
        cut_off = person.points;
        reached += person.weight;
    }
    let selected = || judged.iter().filter(|person| person.points >= cut_off);
    CutOff {
        aimed,
        cut_off,
        persons: u64::try_from(selected().count()).unwrap_or(u64::MAX),
        weight: selected().map(|person| person.weight).sum(),
        errors: errors(judged, cut_off),
    }
}
