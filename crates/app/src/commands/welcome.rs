//! `fishpond` alone: what it is, and what to try first.

use std::process::ExitCode;

use crate::cli::Settings;
use crate::terminal::say;
use crate::world;

/// Says it.
pub fn run(settings: &Settings) -> ExitCode {
    say(match world::lang(settings) {
        kernel::Lang::Zh => ZH,
        kernel::Lang::En => EN,
    });
    ExitCode::SUCCESS
}

const ZH: &str = "鱼塘 Fishpond：把“互联网＋脱贫”项目从头管到尾的开放系统。
销售证据变成每个数都能查到底、外人能重算的半年报。

先试三个命令：
  fishpond demo                        模拟数据走完全程，并在 http://127.0.0.1:8080 看半年报
  fishpond figures show sales.poverty_counties --by place --trace
                                       一个数，从全国查到县、文件、行
  fishpond sales preview --layout xingnong 订单.csv
                                       导入前先看一眼自己的订单文件

全部命令：fishpond --help    English: fishpond --lang en";

const EN: &str = "Fishpond 鱼塘: an open system that runs an \"Internet + poverty alleviation\" programme end to end.
Sales evidence becomes a half-year report in which every figure opens down to its rows and a stranger can recompute it.

Try these first:
  fishpond demo                        the whole way with simulated data; the report is then at http://127.0.0.1:8080
  fishpond figures show sales.poverty_counties --by place --trace
                                       one figure, followed from the country to a county, a file and a line
  fishpond sales preview --layout xingnong ORDERS.csv
                                       look at an order file of your own before importing it

All commands: fishpond --help";
