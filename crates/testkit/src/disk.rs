//! A disk that is soon full.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk in memory; unmounted when it is dropped.
pub struct Disk(PathBuf);

impl Disk {
    /// Mounts it at a folder that is made for it; none where this process may not mount.
    #[must_use]
    pub fn mount(at: &Path, kibibytes: u32) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder can be made");
        let size = format!("size={kibibytes}k");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "fishpond-test"])
            .arg(at)
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then(|| Self(at.to_path_buf()))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Gives it another size.
    pub fn grow(&self, kibibytes: u32) {
        let size = format!("remount,size={kibibytes}k");
        let grown = Command::new("mount").args(["-o", &size]).arg(&self.0).status();
        assert!(grown.expect("mount runs").success(), "the disk grows");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.0).status();
        assert!(
            unmounted.is_ok_and(|status| status.success()) || std::thread::panicking(),
            "{} stays mounted",
            self.0.display()
        );
    }
}
