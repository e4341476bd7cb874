//! Stamps: what a step was last done for, so that a second run can skip it.
//!
//! A stamp is a file with a hash of all that the step reads. It is written only after the step
//! succeeded. A wrong guess costs one repetition, never a wrong result: the hash covers contents,
//! not times.

use crate::tree;
use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The hash of everything a step depends on.
#[derive(Debug, Default)]
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    /// Adds a word, such as a version.
    pub(crate) fn word(mut self, word: &str) -> Self {
        word.hash(&mut self.0);
        self
    }

    /// Adds a file of the work tree by path and contents; a missing file counts as such.
    pub(crate) fn file(mut self, path: &Path) -> Result<Self> {
        path.hash(&mut self.0);
        match std::fs::read(tree::root().join(path)) {
            Ok(bytes) => bytes.hash(&mut self.0),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0_u8.hash(&mut self.0),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        }
        Ok(self)
    }

    /// Adds every file of a folder that git knows or would add.
    pub(crate) fn folder(mut self, folder: &str) -> Result<Self> {
        for path in tree::files(folder)? {
            self = self.file(&path)?;
        }
        Ok(self)
    }

    /// The stamp of step `name` over these inputs.
    pub(crate) fn stamp(&self, name: &str) -> Stamp {
        let path = tree::notes().join(format!("{name}.stamp"));
        Stamp {
            path,
            hash: format!("{:016x}\n", self.0.finish()),
        }
    }
}

/// A stamp, in force or not.
#[derive(Debug)]
pub(crate) struct Stamp {
    path: PathBuf,
    hash: String,
}

impl Stamp {
    /// Whether the step was last done for the same inputs.
    pub(crate) fn is_current(&self) -> bool {
        std::fs::read_to_string(&self.path).is_ok_and(|written| written == self.hash)
    }

    /// Notes that the step is done for these inputs.
    pub(crate) fn write(&self) -> Result<()> {
        std::fs::create_dir_all(tree::notes()).context("making target/xtask")?;
        std::fs::write(&self.path, &self.hash)
            .with_context(|| format!("writing {}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_for_its_inputs_only() {
        let name = format!("test-{}", std::process::id());
        let inputs = |version| {
            Inputs::default()
                .word(version)
                .file(Path::new("xtask/Cargo.toml"))
        };
        let stamp = inputs("2.1.0").unwrap().stamp(&name);
        assert!(!stamp.is_current());
        stamp.write().unwrap();
        assert!(inputs("2.1.0").unwrap().stamp(&name).is_current());
        assert!(!inputs("2.1.1").unwrap().stamp(&name).is_current());
        std::fs::remove_file(stamp.path).unwrap();
    }

    #[test]
    fn a_folder_counts_with_every_file() {
        let hash = |inputs: Inputs| inputs.stamp("x").hash;
        let folder = hash(Inputs::default().folder("xtask/src").unwrap());
        assert_eq!(folder, hash(Inputs::default().folder("xtask/src").unwrap()));
        assert_ne!(
            folder,
            hash(Inputs::default().folder("xtask/packages").unwrap())
        );
    }
}
