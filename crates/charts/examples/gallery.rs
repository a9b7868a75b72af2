//! Every kind of chart in both widths on one page, to look at:
//! `cargo run -p charts --example gallery -- OUT.html [light|dark]`. Without a theme the page follows the system.

use std::process::ExitCode;

use charts::sample::{self, Sample};

/// What a page around the charts would bring.
const PAGE_CSS: &str = "\
:root{--sans:'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif}
body{margin:0 auto;padding:1rem;max-width:62rem;background:var(--bg);color:var(--ink);font:16px/1.6 var(--sans)}
h2{margin:2.5rem 0 .75rem;font-size:1.125rem}
th,td{padding:.2rem .6rem}th{font-weight:400;text-align:left}.r{text-align:right}
.wrap{overflow-x:auto}.both .chart{display:block;margin-bottom:1.5rem}";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (out, theme) = match words.as_slice() {
        [out] => (out, ""),
        [out, theme] => (out, theme.as_str()),
        _ => {
            eprintln!("usage: gallery OUT.html [light|dark]");
            return ExitCode::from(2);
        }
    };
    match std::fs::write(out, page(theme)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{out}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn page(theme: &str) -> String {
    let theme = match theme {
        "light" => " data-theme=\"light\"",
        "dark" => " data-theme=\"dark\"",
        _ => "",
    };
    let charts: String = sample::all().iter().map(section).collect();
    format!(
        "<!doctype html><html lang=\"zh-CN\"{theme}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>charts</title>\
         <style>{}{PAGE_CSS}</style></head><body>{charts}</body></html>",
        charts::CSS
    )
}

fn section(sample: &Sample) -> String {
    format!(
        "<section><h2>{}</h2><div class=\"both\">{}{}</div>{}</section>",
        sample.caption.title,
        sample.wide,
        sample.narrow,
        sample.table.details("数据")
    )
}
