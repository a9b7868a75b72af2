//! Real Chromium in front of the real program: what the journeys in `tests/` and the `screens` command stand on.
//!
//! `fishpond` is started as a process with a small demo, and `chromedriver` is spoken to in the WebDriver protocol, which
//! is JSON over HTTP. Nothing of the product's own crates is used. A call waits for the browser; a journey takes seconds.
//! Deliberately absent: other browsers, retries that would hide a fault.

mod browser;
mod http;
mod program;
mod settings;

pub use browser::{Browser, Colours, Element, Look};
pub use http::answer_of;
pub use program::Program;
pub use settings::{axe, can_run};

/// Keys of the keyboard as WebDriver writes them.
pub mod keys {
    /// The tabulator.
    pub const TAB: &str = "\u{e004}";
    /// The enter key.
    pub const ENTER: &str = "\u{e007}";
}
