//! The way between a browser and the program, which can be cut: everything that goes over it ends, and nothing new begins.
//!
//! A browser's own switch for being offline reaches its pages, not their workers; a cut way reaches both.

use std::io::copy;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::spawn;

use anyhow::Result;
use serde_json::json;

use crate::Browser;

/// A way to a program. Its threads end with the tests.
pub struct Link {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_cut: bool,
    open: Vec<TcpStream>,
}

impl Link {
    /// A way to where a program listens.
    ///
    /// # Errors
    /// No port is free.
    pub fn to(program: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let (address, state) = (listener.local_addr()?, Arc::<Mutex<State>>::default());
        let shared = Arc::clone(&state);
        spawn(move || {
            for browser in listener.incoming().map_while(Result::ok) {
                // What cannot be joined is closed, as a bad network does.
                drop(join(&browser, program, &shared));
            }
        });
        Ok(Self { address, state })
    }

    /// The address of a page, over this way.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// Cuts it, and lets a browser know as a phone does.
    ///
    /// # Errors
    /// The browser refused.
    pub fn cut(&self, browser: &Browser) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_cut = true;
        for stream in state.open.drain(..) {
            // It may have ended by itself.
            drop(stream.shutdown(Shutdown::Both));
        }
        drop(state);
        tell(browser, true)
    }

    /// Mends it, and lets a browser know.
    ///
    /// # Errors
    /// The browser refused.
    pub fn mend(&self, browser: &Browser) -> Result<()> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_cut = false;
        tell(browser, false)
    }
}

fn tell(browser: &Browser, offline: bool) -> Result<()> {
    browser.chromium("Network.enable", &json!({}))?;
    let network =
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser
        .chromium("Network.emulateNetworkConditions", &network)
        .map(drop)
}

/// Carries what both sides say, until one has said all.
fn join(browser: &TcpStream, program: SocketAddr, state: &Mutex<State>) -> std::io::Result<()> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if state.is_cut {
        return browser.shutdown(Shutdown::Both);
    }
    let program = TcpStream::connect(program)?;
    state.open.extend([browser.try_clone()?, program.try_clone()?]);
    for (from, to) in [(browser, &program), (&program, browser)] {
        let (mut from, mut to) = (from.try_clone()?, to.try_clone()?);
        spawn(move || {
            // Either side may be gone; then there is nothing more to carry.
            drop(copy(&mut from, &mut to));
            drop(to.shutdown(Shutdown::Write));
        });
    }
    Ok(())
}
