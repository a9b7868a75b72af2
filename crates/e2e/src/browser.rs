//! Chromium, spoken to through `chromedriver`.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::answer_of;
use crate::settings;

/// How often a driver is started before it is given up.
const DRIVER_TRIES: usize = 5;
/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What the reader's system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Width of the window in CSS pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Colours of the system.
    pub colours: Colours,
}

impl Look {
    /// A window on a desk, in light colours.
    pub const DESK: Self = Self {
        width: 1280,
        height: 800,
        colours: Colours::Light,
    };
}

/// A browser with one window and a new profile; it ends with this value.
pub struct Browser {
    driver: Child,
    address: SocketAddr,
    session: String,
    profile: TempDir,
}

/// Something on the page.
pub struct Element(String);

impl Browser {
    /// A browser; `script` says whether pages may run any.
    ///
    /// # Errors
    /// No driver or no browser.
    pub fn start(script: bool) -> Result<Self> {
        let mut browser = Self::with_driver()?;
        let asked = capabilities(browser.profile.path(), script);
        let made = browser.ask("POST", "/session", Some(&asked))?;
        browser.session = text_of(&made, "sessionId")?;
        browser.look(Look::DESK)?;
        Ok(browser)
    }

    /// A driver that listens. Asked for any port, it now and then finds its own choice taken (`bind() failed: Address already
    /// in use`) and ends: it is started again.
    fn with_driver() -> Result<Self> {
        let program = settings::find_program("chromedriver").context("chromedriver is not installed")?;
        for _ in 0..DRIVER_TRIES {
            let mut driver = Command::new(&program)
                .arg("--port=0")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .spawn()?;
            let printed = driver.stdout.take().context("no output")?;
            let mut browser = Self {
                driver,
                address: SocketAddr::from(([127, 0, 0, 1], 0)),
                session: String::new(),
                profile: TempDir::new()?,
            };
            if let Some(port) = port_in(printed)? {
                browser.address.set_port(port);
                return Ok(browser);
            }
        }
        bail!("chromedriver ended before it listened, {DRIVER_TRIES} times")
    }

    /// One command; what it gives.
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let (_, bytes) = answer_of(self.address, method, path, body)?;
        let answer: Value = serde_json::from_slice(&bytes)?;
        let value = answer.get("value").cloned().unwrap_or_default();
        if let Some(error) = value.get("error") {
            bail!(
                "{path}: {error}: {}",
                value.get("message").unwrap_or(&Value::Null)
            );
        }
        Ok(value)
    }

    fn get(&self, what: &str) -> Result<Value> {
        self.ask("GET", &format!("/session/{}/{what}", self.session), None)
    }

    /// A command of this session, for what has no method here: the virtual authenticator, for example.
    ///
    /// # Errors
    /// The browser refused.
    pub fn post(&self, what: &str, body: &Value) -> Result<Value> {
        self.ask("POST", &format!("/session/{}/{what}", self.session), Some(body))
    }

    /// A command of the browser's own protocol.
    ///
    /// # Errors
    /// The browser refused.
    pub fn chromium(&self, command: &str, params: &Value) -> Result<Value> {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    /// Opens a page and waits until it is there.
    ///
    /// # Errors
    /// The browser refused.
    pub fn open(&self, url: &str) -> Result<()> {
        self.post("url", &json!({ "url": url })).map(drop)
    }

    /// Sets width, height and colours.
    ///
    /// # Errors
    /// The browser refused.
    pub fn look(&self, look: Look) -> Result<()> {
        let size =
            json!({ "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false });
        self.chromium("Emulation.setDeviceMetricsOverride", &size)?;
        let scheme = match look.colours {
            Colours::Light => "light",
            Colours::Dark => "dark",
        };
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.chromium("Emulation.setEmulatedMedia", &media).map(drop)
    }

    /// The address shown.
    ///
    /// # Errors
    /// The browser refused.
    pub fn url(&self) -> Result<String> {
        Ok(self.get("url")?.as_str().unwrap_or_default().to_owned())
    }

    /// The one element a CSS selector names.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, css: &str) -> Result<Element> {
        self.find_by("css selector", css)
    }

    /// The link with this text.
    ///
    /// # Errors
    /// There is none.
    pub fn link(&self, text: &str) -> Result<Element> {
        self.find_by("link text", text)
    }

    fn find_by(&self, using: &str, value: &str) -> Result<Element> {
        let found = self.post("element", &json!({ "using": using, "value": value }))?;
        text_of(&found, ELEMENT).map(Element)
    }

    /// How many elements a CSS selector names.
    ///
    /// # Errors
    /// The selector is none.
    pub fn count(&self, css: &str) -> Result<usize> {
        let found = self.post("elements", &json!({ "using": "css selector", "value": css }))?;
        Ok(found.as_array().map_or(0, Vec::len))
    }

    /// The text an element shows.
    ///
    /// # Errors
    /// It is gone.
    pub fn text(&self, element: &Element) -> Result<String> {
        let text = self.get(&format!("element/{}/text", element.0))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Clicks with the mouse.
    ///
    /// # Errors
    /// It is gone or covered.
    pub fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("element/{}/click", element.0), &json!({}))
            .map(drop)
    }

    /// Types into a field.
    ///
    /// # Errors
    /// It takes no text.
    pub fn write(&self, element: &Element, text: &str) -> Result<()> {
        self.post(&format!("element/{}/value", element.0), &json!({ "text": text }))
            .map(drop)
    }

    /// Presses a key, wherever the focus is.
    ///
    /// # Errors
    /// The browser refused.
    pub fn press(&self, key: &str) -> Result<()> {
        let keys = json!({ "actions": [{ "type": "key", "id": "keys", "actions": [
            { "type": "keyDown", "value": key }, { "type": "keyUp", "value": key },
        ] }] });
        self.post("actions", &keys).map(drop)
    }

    /// What a script gives that runs as a function's body.
    ///
    /// # Errors
    /// It threw.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a script gives to its last argument, a function.
    ///
    /// # Errors
    /// It threw, or gave nothing in time.
    pub fn run_until_done(&self, script: &str) -> Result<Value> {
        self.post("execute/async", &json!({ "script": script, "args": [] }))
    }

    /// A picture of the whole page, PNG; or of its first `height_max` pixels.
    ///
    /// # Errors
    /// The browser refused.
    pub fn picture(&self, height_max: Option<u32>) -> Result<Vec<u8>> {
        let size = self.run(
            "var e = document.documentElement; return [e.clientWidth, Math.max(e.scrollHeight, innerHeight)]",
        )?;
        let pixels = |index: usize| size.get(index).and_then(Value::as_u64).unwrap_or(0);
        let height = height_max.map_or(pixels(1), |most| pixels(1).min(u64::from(most)));
        let clip = json!({ "x": 0, "y": 0, "width": pixels(0), "height": height, "scale": 1 });
        let shot = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let taken = self.chromium("Page.captureScreenshot", &shot)?;
        Ok(BASE64.decode(text_of(&taken, "data")?)?)
    }

    /// The page as it is printed, PDF.
    ///
    /// # Errors
    /// The browser refused.
    pub fn print(&self) -> Result<Vec<u8>> {
        let page = json!({ "background": true, "page": { "width": 21.0, "height": 29.7 } });
        let printed = self.post("print", &page)?;
        Ok(BASE64.decode(printed.as_str().unwrap_or_default())?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It is over either way.
        drop(self.ask("DELETE", &format!("/session/{}", self.session), None));
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}

fn capabilities(profile: &std::path::Path, script: bool) -> Value {
    let flags = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
    ];
    let mut args: Vec<String> = flags.map(str::to_owned).into();
    args.push(format!("--user-data-dir={}", profile.display()));
    let allowed = if script { 1 } else { 2 };
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "timeouts": { "script": 120_000, "pageLoad": 120_000, "implicit": 3_000 },
        "goog:chromeOptions": {
            "args": args,
            "prefs": { "profile.managed_default_content_settings.javascript": allowed },
        },
    } } })
}

fn text_of(value: &Value, name: &str) -> Result<String> {
    let text = value.get(name).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {name} in {value}"))?.to_owned())
}

/// The port the driver says it took, if it lived to take one; the rest is read away so that it never waits.
fn port_in(printed: impl std::io::Read + Send + 'static) -> Result<Option<u16>> {
    let mut lines = BufReader::new(printed).lines();
    for line in lines.by_ref() {
        let line = line?;
        if let Some((_, port)) = line.split_once("successfully on port ") {
            let port = port.trim_end_matches('.').parse()?;
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(Some(port));
        }
    }
    Ok(None)
}
