//! Real Chromium in front of the real program: what the journeys in `tests/` and the `screens` command stand on.
//!
//! `fishpond` is started as a process over a folder of its own, empty or with a small demo, and `chromedriver` is spoken to in the WebDriver protocol, which
//! is JSON over HTTP. Nothing of the product's own crates is used. A call waits for the browser; a journey takes seconds.
//! Deliberately absent: other browsers, retries that would hide a fault.

mod browser;
mod http;
mod link;
mod money;
pub mod orders;
mod people;
mod program;
mod settings;
mod steps;
mod tour;
mod tour_of_money;

pub use browser::{Browser, Colours, Element, Look};
pub use http::answer_of;
pub use link::Link;
pub use program::{ORGANISATION, Program, Stock};
pub use settings::{axe, can_move_the_clock, can_run};
pub use steps::{PASSWORD, downloaded};
pub use tour::{Journey, Stop, Tour, journeys};

/// Keys of the keyboard as WebDriver writes them.
pub mod keys {
    /// The tabulator.
    pub const TAB: &str = "\u{e004}";
    /// The enter key.
    pub const ENTER: &str = "\u{e007}";
}
