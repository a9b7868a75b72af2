//! `fishpond serve` as a reader's browser meets it: from the report down to one line of an order file.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::desk::Desk;

/// A running server; ended when it is dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn on(desk: &Desk) -> Self {
        let mut child = desk
            .command("data", &["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap();
        Self {
            address: address.to_owned(),
            child,
        }
    }

    /// Status and body of a page.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The first address on a page that holds `part`.
fn link<'a>(page: &'a str, part: &str) -> Option<&'a str> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|link| link.contains(part))
}

#[test]
fn a_figure_is_followed_from_its_page_to_a_line_of_a_file_and_hidden_places_are_not() {
    let desk = Desk::new();
    assert_eq!(
        desk.run("data", &["demo", "--no-serve", "--lines", "60000"]).code,
        0
    );
    let served = Served::on(&desk);
    let figure = "/figures/sales.poverty_counties?by=place";
    let (status, page) = served.get(figure);
    assert_eq!(status, 200);
    let place = link(&page, "/trace?place=").unwrap();
    let (status, page) = served.get(place);
    assert_eq!(status, 200, "{place}");
    let segment = link(&page, "/trace/").unwrap();
    let (status, page) = served.get(segment);
    assert_eq!(status, 200, "{segment}");
    let line = link(&page, "/lines/").unwrap();
    let (status, page) = served.get(line);
    assert_eq!(status, 200, "{line}");
    assert!(page.contains("订单号") && page.contains("模拟数据"));
    // A place that the report keeps back is refused; one it does not know is not there.
    let report = desk.path("data/reports/2018H1-1/report.json");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    let rows = report["figures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|figure| figure["id"] == "sales.poverty_counties")
        .and_then(|figure| {
            figure["breakdowns"]
                .as_array()?
                .iter()
                .find(|by| by["dimension"] == "place")
        })
        .unwrap()["rows"]
        .as_array()
        .unwrap()
        .clone();
    if let Some(hidden) = rows.iter().find(|row| row["value"].is_null()) {
        let code = hidden["key"].as_str().unwrap();
        let path = format!("/figures/sales.poverty_counties/trace?place={code}");
        assert_eq!(served.get(&path).0, 403, "{path}");
    }
    assert_eq!(
        served.get("/figures/sales.poverty_counties/trace?place=999999").0,
        404
    );
    let (status, rows) = served.get("/figures/staff.counties_visited/rows?after=100");
    assert_eq!(status, 200);
    assert!(rows.contains("2018-0") && rows.contains("visited_on"), "{rows}");
    let (status, rows) = served.get("/api/v1/figures/fund.budget/rows?limit=2");
    let rows: serde_json::Value = serde_json::from_str(&rows).unwrap();
    assert_eq!((status, rows["items"].as_array().unwrap().len()), (200, 2));
    assert_eq!(served.get("/figures/sales.poverty_counties/rows").0, 404);
    assert_eq!(served.get("/reports/2018H1/files/evidence.tar").0, 200);
}
