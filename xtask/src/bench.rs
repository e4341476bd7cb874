//! `bench`: every measurement of the workspace by its name, built for release.
//!
//! A measurement is an example called `bench_<name>` in any package; it appears here by existing.
//! Examples see the development dependencies of their package and are checked with everything
//! else, but are not part of any program.

use crate::cargo;
use crate::command::run;
use anyhow::{Context, Result, bail};
use serde_json::Value;

const PREFIX: &str = "bench_";

#[derive(Debug, PartialEq, Eq)]
struct Bench {
    package: String,
    name: String,
}

/// `cargo xtask bench [NAME] [ARGS…]`.
pub(crate) fn bench(name: Option<&str>, args: &[String]) -> Result<()> {
    let benches = benches(&cargo::metadata()?)?;
    let known = benches
        .iter()
        .map(|it| it.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let Some(name) = name else {
        println!(
            "can be measured: {}",
            if known.is_empty() {
                "nothing yet"
            } else {
                &known
            }
        );
        return Ok(());
    };
    let Some(bench) = benches.iter().find(|it| it.name == name) else {
        bail!("nothing called {name:?} can be measured; known: {known}");
    };
    println!(
        "── bench {name}: build {} for release, then measure",
        bench.package
    );
    let example = format!("{PREFIX}{name}");
    let target = [
        "run",
        "--release",
        "--package",
        &bench.package,
        "--example",
        &example,
    ];
    run(cargo::cargo()
        .args(target)
        .args(["--locked", "--quiet", "--"])
        .args(args))
}

fn benches(metadata: &Value) -> Result<Vec<Bench>> {
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().context("packages")? {
        for target in package["targets"].as_array().context("targets")? {
            let target_name = target["name"].as_str().context("a target without a name")?;
            let is_example = target["kind"][0] == "example";
            if let Some(name) = target_name.strip_prefix(PREFIX).filter(|_| is_example) {
                let package = package["name"]
                    .as_str()
                    .context("a package without a name")?;
                found.push(Bench {
                    package: package.to_owned(),
                    name: name.to_owned(),
                });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn measurements_are_found_wherever_they_are() {
        let metadata = json!({"packages": [
            {"name": "motcua-papers", "targets": [
                {"name": "motcua_papers", "kind": ["lib"]},
                {"name": "bench_papers", "kind": ["example"]},
                {"name": "show", "kind": ["example"]},
            ]},
            {"name": "xtask", "targets": [{"name": "xtask", "kind": ["bin"]}]},
        ]});
        let papers = Bench {
            package: "motcua-papers".to_owned(),
            name: "papers".to_owned(),
        };
        assert_eq!(benches(&metadata).unwrap(), [papers]);
    }
}
