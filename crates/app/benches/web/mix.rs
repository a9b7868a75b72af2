//! What readers ask for: kinds of public pages, each with its share, found by following the site's own links.

use std::net::SocketAddr;

use anyhow::{Result, ensure};

use crate::reader::{Answer, Reader};

/// Addresses of one kind at most.
const OF_A_KIND_MAX: usize = 40;
/// Of three requests for an address that was read before, one is from a reader who has it and asks whether it changed.
const RETURNING: u64 = 3;

/// Addresses with their shares.
pub struct Mix {
    kinds: Vec<(u64, Vec<String>)>,
    parts: u64,
    random: u64,
}

/// The next request.
pub struct Wish {
    pub path: String,
    /// Whether the reader has been here before.
    pub returns: bool,
}

impl Mix {
    /// One address.
    pub fn of_one(path: &str) -> Self {
        Self::new(vec![(1, vec![path.to_owned()])])
    }

    /// The public pages, in shares of a hundred.
    pub async fn of_site(address: SocketAddr) -> Result<Self> {
        let mut reader = Reader::connect(address).await?;
        let home = reader.page("/").await?;
        let mut figures: Vec<String> = Vec::new();
        for list in ["/figures", "/en/figures"] {
            let listed = reader.page(list).await?;
            figures.extend(with(&listed, |link| link.contains("/figures/sales.")));
        }
        let parted = figures
            .iter()
            .map(|figure| format!("{figure}?by=place"))
            .collect();
        let (traces, segments, lines) = drill_down(&mut reader, &figures).await?;
        let listed = reader.page("/places").await?;
        let mut places = with(&listed, |link| link.starts_with("/places/"));
        places.extend(["/places", "/en/places"].map(str::to_owned));
        let api = api(&figures);
        let assets = with(&home, |link| link.starts_with("/assets/"));
        let named = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
        let kinds = vec![
            (14, named(&["/", "/", "/en"])),
            (10, named(&["/figures", "/en/figures"])),
            (14, parted),
            (8, traces),
            (6, segments),
            (6, lines),
            (12, named(&["/reports/2018H1", "/en/reports/2018H1", "/reports"])),
            (4, named(&["/reports/2018H1/check"])),
            (6, places),
            (10, api),
            (10, assets),
        ];
        for (share, paths) in &kinds {
            ensure!(
                !paths.is_empty(),
                "a kind of pages with a share of {share} is not there"
            );
            for path in paths {
                reader.page(path).await?;
            }
        }
        Ok(Self::new(kinds))
    }

    fn new(kinds: Vec<(u64, Vec<String>)>) -> Self {
        let parts = kinds.iter().map(|(share, _)| share).sum();
        Self {
            kinds,
            parts,
            random: 2018,
        }
    }

    /// The next request; the same ones in the same order in every run.
    pub fn next(&mut self) -> Wish {
        let mut left = self.draw(self.parts);
        let (which, returns) = (self.draw(1 << 20), self.draw(RETURNING) == 0);
        for (share, paths) in &self.kinds {
            if left < *share {
                let at = usize::try_from(which).unwrap_or_default() % paths.len().max(1);
                let path = paths.get(at).cloned().unwrap_or_default();
                return Wish { path, returns };
            }
            left -= share;
        }
        Wish {
            path: "/".to_owned(),
            returns,
        }
    }

    /// A number below `end` (Marsaglia's xorshift).
    fn draw(&mut self, end: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % end.max(1)
    }
}

/// The links of a page that are wanted, each once.
fn with(page: &Answer, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut links = page.links();
    links.retain(|link| wanted(link));
    links.sort();
    links.dedup();
    links.truncate(OF_A_KIND_MAX);
    links
}

/// From figures to places, to segments, to lines.
async fn drill_down(
    reader: &mut Reader,
    figures: &[String],
) -> Result<(Vec<String>, Vec<String>, Vec<String>)> {
    let (mut traces, mut segments, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for figure in figures {
        let page = reader.page(&format!("{figure}?by=place")).await?;
        traces.extend(with(&page, |link| link.contains("/trace?place=")));
    }
    thinned(&mut traces);
    for trace in &traces {
        let page = reader.page(trace).await?;
        segments.extend(with(&page, |link| link.contains("/trace/")));
    }
    thinned(&mut segments);
    for segment in &segments {
        let page = reader.page(segment).await?;
        lines.extend(with(&page, |link| link.contains("/lines/")));
    }
    thinned(&mut lines);
    Ok((traces, segments, lines))
}

/// As many as are wanted, from all over the list.
fn thinned(paths: &mut Vec<String>) {
    let step = paths.len().div_ceil(OF_A_KIND_MAX).max(1);
    let mut at = 0;
    paths.retain(|_| {
        at += 1;
        at % step == 0
    });
}

fn api(figures: &[String]) -> Vec<String> {
    let own = figures.iter().filter(|figure| figure.starts_with("/figures/"));
    let mut paths: Vec<String> = own.map(|figure| format!("/api/v1{figure}")).collect();
    paths.extend(
        [
            "/api/v1",
            "/api/v1/figures",
            "/api/v1/reports",
            "/api/v1/reports/2018H1",
            "/api/v1/places/621226",
        ]
        .map(str::to_owned),
    );
    paths
}
