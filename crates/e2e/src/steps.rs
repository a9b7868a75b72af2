//! What people do in front of a page, one word each: follow, choose, fill, go on by keyboard, sign in.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::{Browser, Program, keys};

/// What everyone of the staff signs in with.
pub const PASSWORD: &str = "a pond of many fish";
/// No page has so many stops of the tabulator.
const STOPS_MAX: usize = 300;
/// Work of the program ends within so many looks, a second apart.
const LOOKS_MAX: usize = 600;

impl Browser {
    /// The text of the one heading.
    ///
    /// # Errors
    /// There is none.
    pub fn title(&self) -> Result<String> {
        self.text_of("h1")
    }

    /// The text of what a CSS selector names.
    ///
    /// # Errors
    /// There is none.
    pub fn text_of(&self, css: &str) -> Result<String> {
        self.text(&self.find(css)?)
    }

    /// Clicks what a CSS selector names and stays on the page: an entry of a list, a part of the page.
    ///
    /// # Errors
    /// There is none.
    pub fn choose(&self, css: &str) -> Result<()> {
        self.click(&self.find(css)?).with_context(|| css.to_owned())
    }

    /// Clicks what a CSS selector names, a link or a button, and waits for the page it leads to.
    ///
    /// # Errors
    /// There is none, or it leads nowhere.
    pub fn follow(&self, css: &str) -> Result<()> {
        self.onward(|| self.choose(css)).with_context(|| css.to_owned())
    }

    /// Does what leads to another page, and waits until that page is there: the driver does not always.
    ///
    /// # Errors
    /// What is done fails, or leads nowhere.
    pub fn onward(&self, act: impl FnOnce() -> Result<()>) -> Result<()> {
        self.run("window.isLeft = true")?;
        act()?;
        for _ in 0..LOOKS_MAX * 20 {
            let arrived = "return !window.isLeft && document.readyState === 'complete'";
            // While one page goes and the next comes, there may be none to ask.
            if self.run(arrived).is_ok_and(|arrived| arrived == true) {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        bail!("{} leads nowhere", self.url()?);
    }

    /// Types into a field, or names a file in one that takes files.
    ///
    /// # Errors
    /// There is none.
    pub fn fill(&self, css: &str, text: &str) -> Result<()> {
        self.write(&self.find(css)?, text).with_context(|| css.to_owned())
    }

    /// What is opened from now on comes from the site and from no worker's store.
    ///
    /// # Errors
    /// The browser refused.
    pub fn past_workers(&self) -> Result<()> {
        self.chromium("Network.enable", &json!({}))?;
        self.chromium("Network.setBypassServiceWorker", &json!({ "bypass": true }))
            .map(drop)
    }

    /// Looks until something is there, which the program's work brings.
    ///
    /// # Errors
    /// It never comes.
    pub fn wait_for(&self, css: &str) -> Result<()> {
        for _ in 0..LOOKS_MAX {
            if self.count_now(css)? > 0 {
                return Ok(());
            }
            sleep(Duration::from_secs(1));
        }
        let (url, seen) = (self.url()?, self.text_of("main")?);
        bail!("{url} never showed {css}: {seen}");
    }

    /// Loads the page again and again until something is on it.
    ///
    /// # Errors
    /// It never comes.
    pub fn reload_until(&self, css: &str) -> Result<()> {
        for _ in 0..LOOKS_MAX {
            self.open(&self.url()?)?;
            if self.count_now(css)? > 0 {
                return Ok(());
            }
            sleep(Duration::from_secs(1));
        }
        bail!("{} never showed {css}", self.url()?);
    }

    /// How many there are this moment; a page that is being left has none.
    fn count_now(&self, css: &str) -> Result<u64> {
        let script = format!("return document.querySelectorAll({}).length", json!(css));
        Ok(self.run(&script)?.as_u64().unwrap_or_default())
    }

    /// What the watched work said of itself while it went on.
    ///
    /// # Errors
    /// The page is gone.
    pub fn watch(&self, done: &str) -> Result<Vec<String>> {
        let mut said: Vec<String> = Vec::new();
        let script = "var p = document.querySelector('[data-poll] [role=status]'); return p && p.textContent";
        for _ in 0..LOOKS_MAX * 10 {
            if let Value::String(text) = self.run(script)?
                && said.last() != Some(&text)
            {
                said.push(text);
            }
            if self.count_now(done)? > 0 {
                return Ok(said);
            }
            sleep(Duration::from_millis(100));
        }
        bail!("{} never showed {done}, and said {said:?}", self.url()?);
    }

    /// Goes on by the tabulator until the focus is on what `css` names, and sees that each stop can be seen.
    ///
    /// # Errors
    /// It is not reached, or a stop on the way has no outline.
    pub fn tab_to(&self, css: &str) -> Result<()> {
        let look = format!(
            "var e = document.activeElement, s = getComputedStyle(e); \
             return [s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, e.matches({})]",
            json!(css)
        );
        for _ in 0..STOPS_MAX {
            self.press(keys::TAB)?;
            let seen = self.run(&look)?;
            ensure!(
                seen.get(0) == Some(&json!(true)),
                "a stop on the way to {css} cannot be seen"
            );
            if seen.get(1) == Some(&json!(true)) {
                return Ok(());
            }
        }
        bail!("the keyboard does not reach {css} on {}", self.url()?);
    }

    /// Presses one key after another, wherever the focus is.
    ///
    /// # Errors
    /// The browser refused.
    pub fn type_in(&self, text: &str) -> Result<()> {
        text.chars()
            .try_for_each(|letter| self.press(&letter.to_string()))
    }

    /// Signs in by the one-time link of one of the staff, setting the password.
    ///
    /// # Errors
    /// The link does not work.
    pub fn come_in(&self, program: &Program, path: &str) -> Result<()> {
        self.open(&program.url(path))?;
        self.fill("#new_password", PASSWORD)?;
        self.follow("main form.stack .button")?;
        self.find("a[href$='/account'][aria-current]").map(drop)
    }

    /// Signs in again by the password set in [`Browser::come_in`].
    ///
    /// # Errors
    /// It is not taken.
    pub fn sign_in(&self, program: &Program, login: &str) -> Result<()> {
        self.open(&program.url("/signin"))?;
        self.fill("#login", login)?;
        self.fill("#password", PASSWORD)?;
        self.follow("main form.stack .button")
    }

    /// Sends an order file in and gives the path of its page.
    ///
    /// # Errors
    /// It is not taken.
    pub fn send_file(&self, program: &Program, layout: &str, file: &Path) -> Result<String> {
        self.open(&program.url("/staff/intake"))?;
        self.choose(&format!("#layout option[value='{layout}']"))?;
        self.fill("#file", &file.display().to_string())?;
        self.follow("form[enctype] .button")?;
        let url = self.url()?;
        let path = url.strip_prefix(&program.url("")).context("led away")?;
        ensure!(
            path.starts_with("/staff/intake/"),
            "not taken: {}",
            self.text_of("main")?
        );
        Ok(path.to_owned())
    }

    /// Lets files that a page gives away be kept in a folder.
    ///
    /// # Errors
    /// The browser refused.
    pub fn keep_downloads(&self, folder: &Path) -> Result<()> {
        let kept = json!({ "behavior": "allow", "downloadPath": folder });
        self.chromium("Browser.setDownloadBehavior", &kept).map(drop)
    }
}

/// Waits for the one file that a browser keeps in a folder.
///
/// # Errors
/// It never comes.
pub fn downloaded(folder: &Path) -> Result<(String, Vec<u8>)> {
    for _ in 0..LOOKS_MAX {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            // What is still coming has a name of the browser's own.
            if !name.ends_with(".crdownload") && !name.starts_with('.') {
                return Ok((name, fs::read(path)?));
            }
        }
        sleep(Duration::from_secs(1));
    }
    bail!("nothing came into {}", folder.display());
}
