//! `bench`: every benchmark of the workspace by its name, built for release.
//!
//! A benchmark is a target of kind `bench` in any package; it appears here by existing.

use crate::cargo;
use crate::command::run;
use anyhow::{Context, Result, bail};
use serde_json::Value;

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
    let target = [
        "bench",
        "--package",
        &bench.package,
        "--bench",
        &bench.name,
        "--locked",
        "--quiet",
    ];
    run(cargo::cargo().args(target).arg("--").args(args))
}

fn benches(metadata: &Value) -> Result<Vec<Bench>> {
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().context("packages")? {
        for target in package["targets"].as_array().context("targets")? {
            if target["kind"][0] == "bench" {
                found.push(Bench {
                    package: text(&package["name"])?,
                    name: text(&target["name"])?,
                });
            }
        }
    }
    Ok(found)
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("a name")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn benchmarks_are_found_wherever_they_are() {
        let metadata = json!({"packages": [
            {"name": "motcua-papers", "targets": [
                {"name": "motcua_papers", "kind": ["lib"]},
                {"name": "papers", "kind": ["bench"]},
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
