//! What machine this is and what it lacks.
//!
//! On Debian 12 missing packages are installed. Elsewhere a person is told what to install; nothing
//! is changed on a system we have not tried.

use crate::command::{capture, run_quietly};
use crate::steps::Outcome;
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// The packages as data: name, group, reason.
const PACKAGES: &str = include_str!("../packages/debian-12.txt");

/// What a chore needs from the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Compilers and libraries.
    Build,
    /// A virtual desktop.
    Screen,
    /// Programs that judge results in tests.
    Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Package {
    name: String,
    group: Group,
    reason: String,
}

/// Makes sure that the packages of `groups` are there.
pub(crate) fn packages(groups: &[Group]) -> Result<Outcome> {
    let wanted: Vec<Package> = parse(PACKAGES)?
        .into_iter()
        .filter(|it| groups.contains(&it.group))
        .collect();
    match System::here() {
        System::Debian12 => install(&missing(&wanted)?),
        System::DebianLike(name) => {
            let missing = missing(&wanted)?;
            if missing.is_empty() {
                return Ok(Outcome::Fresh);
            }
            let names: Vec<_> = missing.iter().map(|it| it.name.as_str()).collect();
            bail!(
                "{name} is not Debian 12, so nothing was installed. These packages are missing:\n\n\
                 {}\nInstall them and run this again:\n\n  apt-get install {}\n",
                listing(&missing),
                names.join(" ")
            )
        }
        System::Other(name) => bail!(
            "{name} is not a Debian system. Install what corresponds to these Debian 12 packages, \
             then build with \"cargo build -p motcua-app\":\n\n{}",
            listing(&wanted)
        ),
        System::Windows => bail!(
            "on Windows, install by hand: the Visual Studio build tools with the C++ workload, \
             Node.js 20.19 or newer, Perl and the WebView2 runtime; then run \"npm ci\" and \
             \"npm run build\" in the folder ui, and \"cargo run -p motcua-app\". The chores with \
             simulated devices and the window tests need Debian 12."
        ),
        System::MacOs => bail!(
            "macOS is not supported: the counters run Windows and Linux. Use a Debian 12 machine."
        ),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum System {
    Debian12,
    DebianLike(String),
    Other(String),
    Windows,
    MacOs,
}

impl System {
    fn here() -> Self {
        match std::env::consts::OS {
            "windows" => Self::Windows,
            "macos" => Self::MacOs,
            "linux" => {
                Self::of_linux(&std::fs::read_to_string("/etc/os-release").unwrap_or_default())
            }
            other => Self::Other(other.to_owned()),
        }
    }

    fn of_linux(os_release: &str) -> Self {
        let value = |key: &str| {
            let line = os_release
                .lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let (id, version, like) = (value("ID"), value("VERSION_ID"), value("ID_LIKE"));
        let name = if id.is_empty() {
            "this Linux".to_owned()
        } else {
            format!("{id} {version}")
        };
        let is_debian_like = id == "debian" || like.split(' ').any(|it| it == "debian");
        match (id.as_str(), version.as_str()) {
            ("debian", "12") => Self::Debian12,
            _ if is_debian_like => Self::DebianLike(name),
            _ => Self::Other(name),
        }
    }
}

fn parse(text: &str) -> Result<Vec<Package>> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(parse_line).collect()
}

fn parse_line(line: &str) -> Result<Package> {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default().to_owned();
    let group = match words.next() {
        Some("build") => Group::Build,
        Some("screen") => Group::Screen,
        Some("test") => Group::Test,
        other => bail!("packages list: {name} has group {other:?}"),
    };
    let reason = words.collect::<Vec<_>>().join(" ");
    if reason.is_empty() {
        bail!("packages list: {name} has no reason");
    }
    Ok(Package {
        name,
        group,
        reason,
    })
}

/// The packages that are not installed, asked of the package database alone.
fn missing(wanted: &[Package]) -> Result<Vec<Package>> {
    let names = wanted.iter().map(|it| it.name.as_str());
    let output = Command::new("dpkg-query")
        .args([
            "--show",
            "--showformat",
            "${binary:Package} ${db:Status-Status}\n",
        ])
        .args(names)
        .stderr(Stdio::null())
        .output()
        .context("cannot start: dpkg-query")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(wanted
        .iter()
        .filter(|it| !is_installed(&said, &it.name))
        .cloned()
        .collect())
}

/// `said` has lines such as `libgtk-3-dev:amd64 installed`.
fn is_installed(said: &str, name: &str) -> bool {
    said.lines().any(|line| {
        let (package, status) = line.split_once(' ').unwrap_or_default();
        let package = package
            .split_once(':')
            .map_or(package, |(package, _)| package);
        package == name && status == "installed"
    })
}

fn install(missing: &[Package]) -> Result<Outcome> {
    if missing.is_empty() {
        return Ok(Outcome::Fresh);
    }
    print!("{}", listing(missing));
    run_quietly(apt_get()?.arg("update"))?;
    let names = missing.iter().map(|it| it.name.as_str());
    run_quietly(
        apt_get()?
            .args(["install", "--yes", "--no-install-recommends"])
            .args(names),
    )?;
    Ok(Outcome::Done)
}

/// `apt-get` as root, by `sudo` where we are not.
fn apt_get() -> Result<Command> {
    let user = capture(Command::new("id").arg("-u"))?;
    let mut command = if user.trim() == "0" {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.arg("-qq").env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

fn listing(packages: &[Package]) -> String {
    let mut lines = String::new();
    for Package { name, reason, .. } in packages {
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "  {name}: {reason}");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_well_formed_and_names_nothing_twice() {
        let packages = parse(PACKAGES).unwrap();
        for group in [Group::Build, Group::Screen, Group::Test] {
            assert!(packages.iter().any(|it| it.group == group), "{group:?}");
        }
        let mut names: Vec<_> = packages.iter().map(|it| &it.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), packages.len());
    }

    #[test]
    fn a_line_without_group_or_reason_is_refused() {
        for line in ["xvfb", "xvfb desk why", "xvfb screen"] {
            assert!(parse_line(line).is_err(), "{line}");
        }
    }

    #[test]
    fn systems_are_told_apart() {
        let of = System::of_linux;
        assert_eq!(of("ID=debian\nVERSION_ID=\"12\"\n"), System::Debian12);
        assert_eq!(
            of("ID=debian\nVERSION_ID=\"13\""),
            System::DebianLike("debian 13".to_owned())
        );
        let ubuntu = "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"";
        assert_eq!(of(ubuntu), System::DebianLike("ubuntu 24.04".to_owned()));
        assert_eq!(
            of("ID=fedora\nVERSION_ID=43"),
            System::Other("fedora 43".to_owned())
        );
        assert_eq!(of(""), System::Other("this Linux".to_owned()));
    }

    #[test]
    fn a_removed_package_is_not_installed_and_a_longer_name_is_another_one() {
        let said = "libgtk-3-dev:amd64 installed\nxvfb config-files\ntesseract-ocr-vie installed\n";
        assert!(is_installed(said, "libgtk-3-dev"));
        assert!(!is_installed(said, "xvfb"));
        assert!(!is_installed(said, "tesseract-ocr"));
    }
}
